package documents

import (
	"cmp"
	"slices"

	"maillon/qms"
)

// ProcessType is the band of the process map that a process stands in (ISO 9001, clause 4.4).
type ProcessType string

// The types. A process that a code named first has none until somebody places it.
const (
	Management ProcessType = "management"
	Core       ProcessType = "core" // réalisation
	Support    ProcessType = "support"
	Unplaced   ProcessType = ""
)

// ProcessTypes lists the bands of the map from top to bottom.
func ProcessTypes() []ProcessType { return []ProcessType{Management, Core, Support} }

// Process is a process of the platform's process map.
type Process struct {
	qms.Row
	Code      string // letters and digits, as in codes: "ACH"
	Name      string
	Type      ProcessType
	Owner     qms.ID   // the person who steers it (pilote), may be none
	Purpose   string   // in a sentence
	Place     int64    // its order within its band; equal ones go by code
	RetiredOn qms.Date // from this day on no new documents; zero while in use
}

// RetiredBy reports whether the process is retired on the day.
func (p Process) RetiredBy(day qms.Date) bool { return p.RetiredOn != 0 && p.RetiredOn <= day }

// rank is the band of a type, from top to bottom.
func (t ProcessType) rank() int {
	if i := slices.Index(ProcessTypes(), t); i >= 0 {
		return i
	}
	return len(ProcessTypes())
}

// inOrder compares processes as the map shows them.
func inOrder(a, b Process) int {
	return cmp.Or(cmp.Compare(a.Type.rank(), b.Type.rank()), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Code, b.Code))
}

// check collects what is wrong with what a person said about the process.
func (p *Process) check() (wrong []qms.Field) {
	p.Code, p.Name, p.Purpose = tidyWord(p.Code), oneLine(p.Name), oneLine(p.Purpose)
	if !word.MatchString(p.Code) {
		wrong = append(wrong, qms.Wrong("code", "code.part_malformed", p.Code))
	}
	switch n := len([]rune(p.Name)); {
	case n == 0:
		wrong = append(wrong, qms.Wrong("name", "process.name_missing"))
	case n > maxTitle:
		wrong = append(wrong, qms.Wrong("name", "document.title_long", maxTitle))
	}
	if len([]rune(p.Purpose)) > maxReason {
		wrong = append(wrong, qms.Wrong("purpose", "act.reason_long", maxReason))
	}
	if p.Type != Unplaced && !slices.Contains(ProcessTypes(), p.Type) {
		wrong = append(wrong, qms.Wrong("type", "process.type", string(p.Type)))
	}
	if p.Place < 0 || p.Place > maxPlace {
		wrong = append(wrong, qms.Wrong("place", "process.place", maxPlace))
	}
	return wrong
}

const maxPlace = 9999
