package trace

import (
	"strings"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
)

// Evidence is a file that proves a record: the signed quote, the raw data's inventory, the certificate
// of a calibration, the attendance list of a training. Its content never changes; a file added by
// mistake is voided with its reason and stays readable.
type Evidence struct {
	qms.Row
	Kind      EvidenceKind // what kind of record it proves
	Subject   qms.ID       // that record
	Name      string       // of the file as it was given
	MediaType string       // as its content looks, not as its name says
	Size      int64        // bytes
	Content   vault.Digest
	Remark    string
	AddedBy   qms.ID
	AddedAt   time.Time
	AddedOn   qms.Date // the civil day of AddedAt where the site is: S11 counts from it
	Void      string
}

func (e *Evidence) void() string          { return e.Void }
func (e *Evidence) setVoid(reason string) { e.Void = reason }

// EvidenceKind is the kind of record that a file proves.
type EvidenceKind string

// The kinds of record that have evidence. page.evidence.of_KIND names each in qms/locale.
const (
	OfRequest     EvidenceKind = "request"
	OfQuote       EvidenceKind = "quote"
	OfReport      EvidenceKind = "report"
	OfInvoice     EvidenceKind = "invoice"
	OfEquipment   EvidenceKind = "equipment"
	OfEvent       EvidenceKind = "event" // of the life of a piece of equipment
	OfCalibration EvidenceKind = "calibration"
	OfTraining    EvidenceKind = "training"
	OfSession     EvidenceKind = "session" // a group training
	OfUse         EvidenceKind = "use"
	OfExercise    EvidenceKind = "exercise"
	OfImpact      EvidenceKind = "impact"
	OfMission     EvidenceKind = "mission"     // of evaluation
	OfOtherLabel  EvidenceKind = "other-label" // its certificate
	OfCandidacy   EvidenceKind = "candidacy"   // to the programme: the letter of commitment
	OfAnswer      EvidenceKind = "answer"      // to a criterion, in the self-assessment
	OfSubmission  EvidenceKind = "submission"  // what came by the public form; only who decides on it reads it
	OfMeeting     EvidenceKind = "meeting"     // a session of an accompaniment
	OfDeliverable EvidenceKind = "deliverable"
)

// EvidenceFile is a file whose content is in the vault already; Service.Receive makes it.
type EvidenceFile struct {
	Name      string
	MediaType string
	Size      int64 // bytes
	Content   vault.Digest
}

// maxFileName is the longest name of a file that is kept, in letters.
const maxFileName = 255

// fileName is the last part of a name, its end when it is too long: the end holds the extension.
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(strings.Map(visible, strings.ToValidUTF8(name, "")))
	if letters := []rune(name); len(letters) > maxFileName {
		name = string(letters[len(letters)-maxFileName:])
	}
	if name == "" || name == "." || name == ".." {
		return "document"
	}
	return name
}

// file states what the evidence is of the file.
func (e *Evidence) file(f EvidenceFile) {
	e.Name, e.MediaType, e.Size, e.Content = fileName(f.Name), f.MediaType, f.Size, f.Content
}
