package label

import (
	"strings"
	"time"

	"maillon/qms"
)

// Answer is what a platform states of one criterion: how far it meets it, what proves it, what is missing
// and by when. It is never overwritten: the next one takes its place from its day on.
type Answer struct {
	qms.Row
	Code       string // of the criterion: answers are carried from version to version by it
	Serial     int64  // 1, 2, 3... of the criterion on the platform
	Thread     qms.ID // the first answer since the criterion was last unanswered: its files hang on it
	Criterion  qms.ID // as it was answered
	Wording    string // of that criterion
	Level      Level
	Reason     string // why it is not applicable
	Remark     string // how the criterion is met, in the platform's words
	Links      []Link
	Gap        string   // what is missing
	CloseBy    qms.Date // the day by which the gap is closed; none when not said
	Person     qms.ID   // who closes it
	Correction string   // why the answer before was another, where it says so
	AnsweredBy qms.ID
	AnsweredAt time.Time
	AnsweredOn qms.Date // the civil day of AnsweredAt where the site is
	ReplacedOn qms.Date // first day on which it no longer holds
	Void       string   // why it was taken back
}

// HoldsOn reports whether the answer is the one of the day.
func (a *Answer) HoldsOn(day qms.Date) bool {
	return a.AnsweredOn <= day && (a.ReplacedOn == 0 || a.ReplacedOn > day)
}

// HasGap reports whether something is stated to be missing.
func (a *Answer) HasGap() bool { return a.Gap != "" }

// LinkKind is a kind of evidence that an answer names.
type LinkKind string

// The kinds of evidence; evidence_link.KIND names each in qms/locale.
const (
	LinkDocument    LinkKind = "document"
	LinkService     LinkKind = "service"
	LinkUse         LinkKind = "use"
	LinkTraining    LinkKind = "training"
	LinkExercise    LinkKind = "exercise"
	LinkCalibration LinkKind = "calibration"
	LinkEquipment   LinkKind = "equipment"
)

var linkKinds = []LinkKind{LinkDocument, LinkService, LinkUse, LinkExercise, LinkCalibration, LinkTraining, LinkEquipment}

// LinkKinds lists the kinds, in the order in which a code that says no kind is looked for.
func LinkKinds() []LinkKind { return append([]LinkKind(nil), linkKinds...) }

// Link is a piece of evidence by its code: of a document, number of a service, use or exercise,
// certificate of a calibration, PERSON/EQUIPMENT of a training (with its day where it matters).
type Link struct {
	Kind LinkKind `json:"kind"`
	Code string   `json:"code"`
}

// Standing of evidence.
const (
	EvidenceCurrent   = "current"   // it is there and counts
	EvidenceWithdrawn = "withdrawn" // a document that is no longer in force
	EvidenceVoid      = "void"      // a record that was declared a mistake
	EvidenceUnknown   = "unknown"   // nothing has that code
)

// Proof is what stands behind a link on a day.
type Proof struct {
	Link
	Standing string
	Title    string
	Version  string   // of a document: the one in force on the day; may be none
	Parts    []string // of its address within the platform; none when there is nothing
}

// Broken reports whether the link proves nothing.
func (f Proof) Broken() bool { return f.Standing != EvidenceCurrent }

// ParseLinks reads codes that a person typed: one a line, or separated by commas or semicolons. A word
// with a colon before the code says the kind.
func ParseLinks(text string) (links []Link) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' }) {
		if part = strings.Join(strings.Fields(part), " "); part == "" {
			continue
		}
		link := Link{Code: part}
		if kind, code, said := strings.Cut(part, ":"); said {
			if k := LinkKind(strings.ToLower(strings.TrimSpace(kind))); k.known() {
				link = Link{k, strings.TrimSpace(code)}
			}
		}
		links = append(links, link)
	}
	return links
}

func (k LinkKind) known() bool {
	for _, o := range linkKinds {
		if o == k {
			return true
		}
	}
	return false
}

// FormatLinks is the text that ParseLinks reads back.
func FormatLinks(links []Link) string {
	lines := make([]string, len(links))
	for i, l := range links {
		lines[i] = l.Code
	}
	return strings.Join(lines, "\n")
}
