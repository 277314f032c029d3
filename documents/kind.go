package documents

import (
	"regexp"
	"strings"

	"maillon/qms"
)

// Kind is a kind of document, as the platform names its own: data, not code.
type Kind struct {
	qms.Row
	Code     string // letters and digits, as in codes: "PR"
	French   string
	English  string
	External bool // of external origin: has a publisher, an edition and a place to watch
}

// Name is the kind's name in the language.
func (k Kind) Name(lang string) string {
	if lang == "en" && k.English != "" {
		return k.English
	}
	return k.French
}

// DefaultKinds is the set a platform begins with.
func DefaultKinds() []Kind {
	return []Kind{
		{Code: "MQ", French: "manuel qualité", English: "quality manual"},
		{Code: "PC", French: "fiche processus", English: "process sheet"},
		{Code: "PR", French: "procédure", English: "procedure"},
		{Code: "MO", French: "mode opératoire", English: "work instruction"},
		{Code: "IN", French: "instruction", English: "instruction"},
		{Code: "FO", French: "formulaire", English: "form"},
		{Code: "EN", French: "enregistrement", English: "record"},
		{Code: "LI", French: "liste", English: "list"},
		{Code: "EX", French: "document externe", English: "document of external origin", External: true},
	}
}

// Process is a process of the platform's process map.
type Process struct {
	qms.Row
	Code string // letters and digits, as in codes: "ACH"
	Name string
}

// word is what a kind, a process or a platform may look like inside a code.
var word = regexp.MustCompile(`^[A-Z0-9]{1,12}$`)

// tidyWord is the word as codes write it.
func tidyWord(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }
