package trace

import "maillon/qms"

// CheckSettings is how one platform sets its checks. A platform without a row has the defaults.
type CheckSettings struct {
	qms.Row
	InvoiceDays  int64  // S03 fires when the latest report is more than so many days old
	ExpiringDays int64  // a validity is shown as expiring when it ends within so many days
	Evidence     bool   // S11: each stage has a file
	Trainers     bool   // U04: the trainer was one for that equipment
	Uncovered    string // what becomes of a use that no training covers: Warn or Refuse
}

// What becomes of a use recorded by hand or by a booking system that no training covers.
const (
	Warn   = "warn"   // it is recorded, and says so
	Refuse = "refuse" // it is refused
)

// DefaultSettings are the settings of DESIGN, section 4.2.
func DefaultSettings() CheckSettings {
	return CheckSettings{InvoiceDays: 90, ExpiringDays: 90, Uncovered: Warn}
}
