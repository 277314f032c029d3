package pack

import "crypto/sha256"

// Panel is a piece of a section that is told in words of the pack's language: a heading, sentences, facts
// by name, and a table.
type Panel struct {
	Title   string // heading under that of the section; none where it needs none
	Minor   bool   // the contents leave the heading out
	Text    []string
	Facts   [][2]string
	Compact bool // the facts stand in two columns, in small letters
	Columns []ListColumn
	Rows    [][]Told
	Empty   string // said where there are no rows; none where no table belongs to the panel
	Note    string // said below, in small letters
	Mark    string // by which references lead to the heading
}

// Told is one cell of a panel.
type Told struct {
	Text   string
	Below  string // in soft ink
	State  string // whose shape stands before the text
	Strong bool
	Lines  []string // more paragraphs
	Strip  *Strip   // drawn instead of the text
	Mark   string   // by which references lead to the cell
	Refs   []Ref    // each in a line of its own, below the rest
}

// Ref leads to another place of the pack: to the page with the mark, to a file of the archive, or to both.
type Ref struct {
	Text string            // what is there
	Mark string            // of a cell or a heading; none, or one that no chosen section has: no page is named
	File [sha256.Size]byte // the content of a file; its name is told where the archive holds it
}

// Marks of what sections show, so that others may refer to them.
const (
	markDocument  = "document:"
	markService   = "service:"
	markEquipment = "equipment:"
	markExercise  = "exercise:"
	markUse       = "use:"
	markTraining  = "training:"
	markImpact    = "impact:"
)

// DocumentMark is where the document of the code is listed as being in force.
func DocumentMark(code string) string { return markDocument + code }

// ServiceMark is where the service chain of the request is shown.
func ServiceMark(request string) string { return markService + request }

// EquipmentMark is where the life of the equipment is told.
func EquipmentMark(code string) string { return markEquipment + code }

// ExerciseMark is where the exercise is reported.
func ExerciseMark(number string) string { return markExercise + number }

// TrainingMark is where the training with the identifier is listed.
func TrainingMark(id string) string { return markTraining + id }

// ImpactMark is where the impact dossier is told.
func ImpactMark(number string) string { return markImpact + number }

// UseMark is where the use is shown, when it is.
func UseMark(number string) string { return markUse + number }
