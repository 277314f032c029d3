package documents

import (
	"regexp"
	"strings"

	"maillon/qms"
)

// Level is where documents of a kind stand between a process and its records: what the process map,
// the page of a process and the graph order documents by.
type Level string

// The levels, and NoLevel for what stands beside them: lists, documents of external origin.
const (
	LevelManual      Level = "manual"
	LevelProcess     Level = "process"
	LevelProcedure   Level = "procedure"
	LevelInstruction Level = "instruction"
	LevelForm        Level = "form"
	LevelRecord      Level = "record"
	NoLevel          Level = "other"
)

// Levels lists the levels from the manual down to the records.
func Levels() []Level {
	return []Level{LevelManual, LevelProcess, LevelProcedure, LevelInstruction, LevelForm, LevelRecord, NoLevel}
}

// Kind is a kind of document, as the platform names its own: data, not code.
type Kind struct {
	qms.Row
	Code         string // letters and digits, as in codes: "PR"
	French       string
	English      string
	External     bool       // of external origin: has a publisher, an edition and a place to watch
	Level        Level      // empty: the level of the default kind of this code; see At
	ReviewMonths qms.Months // of new documents that state none; 0: not reviewed
	RetiredOn    qms.Date   // from this day on no new documents; zero while in use
}

// Name is the kind's name in the language.
func (k Kind) Name(lang string) string {
	if lang == "en" && k.English != "" {
		return k.English
	}
	return k.French
}

// At is the kind's level.
func (k Kind) At() Level {
	if k.Level != "" {
		return k.Level
	}
	for _, d := range DefaultKinds() {
		if d.Code == k.Code {
			return d.Level
		}
	}
	return NoLevel
}

// RetiredBy reports whether the kind is retired on the day.
func (k Kind) RetiredBy(day qms.Date) bool { return k.RetiredOn != 0 && k.RetiredOn <= day }

// DefaultKinds is the set a platform begins with.
func DefaultKinds() []Kind {
	kinds := []Kind{
		{Code: "MQ", French: "manuel qualité", English: "quality manual", Level: LevelManual},
		{Code: "PC", French: "fiche processus", English: "process sheet", Level: LevelProcess},
		{Code: "PR", French: "procédure", English: "procedure", Level: LevelProcedure},
		{Code: "MO", French: "mode opératoire", English: "work instruction", Level: LevelInstruction},
		{Code: "IN", French: "instruction", English: "instruction", Level: LevelInstruction},
		{Code: "FO", French: "formulaire", English: "form", Level: LevelForm},
		{Code: "EN", French: "enregistrement", English: "record", Level: LevelRecord},
		{Code: "LI", French: "liste", English: "list", Level: NoLevel},
		{Code: "EX", French: "document externe", English: "document of external origin", External: true, Level: NoLevel},
	}
	for i := range kinds {
		kinds[i].ReviewMonths = DefaultReviewMonths
	}
	return kinds
}

// word is what a kind, a process or a platform may look like inside a code.
var word = regexp.MustCompile(`^[A-Z0-9]{1,12}$`)

// tidyWord is the word as codes write it.
func tidyWord(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }
