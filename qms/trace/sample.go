package trace

import "maillon/qms"

// Sample is material that a client handed over for a request, with where it is and what became of it
// (ISO 9001, 8.5.3: the property of customers is identified, protected and accounted for).
type Sample struct {
	qms.Row
	Number      string // unique on the platform, upper case: ECH-2026-0001
	Request     string // number of the request that it came for
	Description string
	Quantity    string // as stated: "12 tubes", "3 g"
	ReceivedOn  qms.Date
	ReceivedBy  qms.ID // a person; may be empty
	Condition   string // in which it came
	Place       string // where it is kept
	Fate        Fate
	FateOn      qms.Date // the day of its fate; none while it is kept
	FateBy      qms.ID   // who saw to it
	FateNote    string
	Void        string
}

// Fate is what became of a sample.
type Fate string

// The fates. fate.FATE names each in qms/locale.
const (
	Kept      Fate = "kept"
	Returned  Fate = "returned"
	Destroyed Fate = "destroyed"
	Consumed  Fate = "consumed"
)

// Fates lists what may become of a sample, kept first.
func Fates() []Fate { return []Fate{Kept, Returned, Destroyed, Consumed} }

// Gone reports whether the platform no longer has it as of the day.
func (s Sample) Gone(day qms.Date) bool { return s.Fate != Kept && s.FateOn != 0 && s.FateOn <= day }

func (s *Sample) numbered() (string, *string, qms.Date) { return "ECH", &s.Number, s.ReceivedOn }
func (s *Sample) void() string                          { return s.Void }
func (s *Sample) setVoid(reason string)                 { s.Void = reason }
