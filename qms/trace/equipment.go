package trace

import (
	"strings"

	"maillon/qms"
)

// Equipment is a piece of equipment of a platform. Registers name what follows Place as: supplier,
// acquired, cost, inventory, funding, responsible (the code of a person), life_years, renewal_year,
// renewal_cost, notes.
type Equipment struct {
	qms.Row
	Code         string // unique on the platform, upper case
	Name         string
	Category     string
	Make         string
	Model        string
	Serial       string
	Place        string
	Supplier     string
	Acquired     qms.Date  // day of purchase or delivery
	Cost         qms.Money // of the purchase; zero when it is not stated
	Inventory    string    // number in the inventory of the institution
	Funding      string
	Responsible  qms.ID // a person
	LifeYears    int64  // how long it is expected to serve, counted from Acquired, else from Commissioned
	RenewalYear  int64  // the year in which its renewal is planned; it goes before LifeYears
	RenewalCost  qms.Money
	Notes        string
	Waiting      bool     // received, and not put into service yet
	Commissioned qms.Date // first day of service; none when it is not stated
	Retired      qms.Date // first day out of service; none while it serves
	RetiredWhy   string
	Void         string
}

// Calibration is a calibration or verification of a piece of equipment. A conforming one holds for
// Months from its date; without Months it holds until a nonconforming one.
type Calibration struct {
	qms.Row
	Equipment   qms.ID
	Date        qms.Date
	Months      qms.Months
	Outcome     Outcome
	Certificate string // its number
	Kind        CalibrationKind
	Provider    string // who did it
	Measure
	Explanation string // why the outcome is another than the numbers say
	Void        string
}

// CalibrationKind tells a calibration from a verification; registers do not state it.
type CalibrationKind string

// The kinds of calibration (ISO/IEC Guide 99, 2.39 and 2.44).
const (
	Calibrated CalibrationKind = "calibration"
	Verified   CalibrationKind = "verification"
)

// Outcome is what a calibration found.
type Outcome string

// The outcomes.
const (
	Conforming    Outcome = "conforming"
	Nonconforming Outcome = "nonconforming"
)

// ParseOutcome reads an outcome as registers state it, in French or English. An empty one is
// conforming: a register without the column lists what was passed.
func ParseOutcome(s string) (Outcome, error) {
	switch strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(s, "-", " ")), " ")) {
	case "", "conforme", "conforming", "conform", "ok", "valide", "valid", "accepté", "passed", "pass":
		return Conforming, nil
	case "non conforme", "nonconforming", "non conforming", "nonconform", "ko", "refusé", "failed", "fail", "hors tolérance", "out of tolerance":
		return Nonconforming, nil
	}
	return "", qms.Invalid("calibration.outcome_unknown", s)
}
