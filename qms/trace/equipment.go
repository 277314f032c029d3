package trace

import (
	"strings"

	"maillon/qms"
)

// Equipment is a piece of equipment of a platform.
type Equipment struct {
	qms.Row
	Code         string // unique on the platform, upper case
	Name         string
	Category     string
	Make         string
	Model        string
	Serial       string
	Place        string
	Commissioned qms.Date // first day of service; none when it is not stated
	Retired      qms.Date // first day out of service; none while it serves
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
	Certificate string
	Void        string
}

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
