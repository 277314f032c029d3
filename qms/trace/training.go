package trace

import (
	"time"

	"maillon/qms"
)

// Training is an authorisation of a person to operate a piece of equipment, given by a trainer on a
// day. It holds for Months, or up to the day Through included, or for ever when neither is stated.
type Training struct {
	qms.Row
	Person           qms.ID
	Equipment        qms.ID
	Trainer          qms.ID
	Date             qms.Date
	Months           qms.Months
	Through          qms.Date // last day of validity
	Kind             TrainingKind
	Procedure        string // code of what was taught, with its version
	ProcedureVersion string
	Session          qms.ID // the GroupSession it was given in; none when it was given alone
	Void             string
}

// TrainingKind tells a first training from the renewal of one.
type TrainingKind string

// The kinds of training; registers that do not tell keep it empty.
const (
	InitialTraining TrainingKind = "initial"
	RenewedTraining TrainingKind = "renewal"
)

// Validity is the days on which the training holds; the day of the training is the first.
func (t Training) Validity() qms.Period { return validity(t.Date, t.Months, t.Through) }

// validity is the period of something stated for months, through a day, or for ever.
func validity(from qms.Date, months qms.Months, through qms.Date) qms.Period {
	switch {
	case months > 0:
		return qms.PeriodOf(from, months)
	case through != 0:
		return qms.Period{From: from, Until: through.AddDays(1)}
	}
	return qms.Period{From: from}
}

// Use is one use of a piece of equipment by a person.
type Use struct {
	qms.Row
	Number    string
	Person    qms.ID
	Equipment qms.ID
	Date      qms.Date // the day on which it began
	Began     string   // at what hour, "22:30"; empty when it is not stated
	Minutes   int64    // how long; 0 when it is not stated
	Project   string
	Void      string
}

const minutesPerDay = 24 * 60

// Last is the last day of the use: that on which it began, or a later one when it lasts beyond
// midnight. A use whose hour is not stated is taken to begin with its day, so that it is never said
// to last longer than is certain.
func (u Use) Last() qms.Date {
	if end := clockMinutes(u.Began) + u.Minutes; end > minutesPerDay {
		return u.Date.AddDays(int((end - 1) / minutesPerDay))
	}
	return u.Date
}

// clockMinutes is how many minutes of the day have gone at an hour as Use keeps it.
func clockMinutes(began string) int64 {
	at, err := time.Parse("15:04", began)
	if err != nil {
		return 0
	}
	return int64(at.Hour()*60 + at.Minute())
}
