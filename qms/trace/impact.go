package trace

import "maillon/qms"

// Impact is the dossier of what one cause touches (DESIGN, section 4.4; ISO 9001, 7.1.5.2): the cause,
// the window in which it acts, the list as it was frozen when the dossier was opened, and what was
// decided for each line of it. A concluded one never changes: who thinks again opens another that
// names it.
type Impact struct {
	qms.Row
	Number string // IMP-2026-001: per platform and year, without gaps

	Kind               CauseKind
	Subject            qms.ID // the calibration, the training or the equipment; none for a work instruction
	Equipment          qms.ID
	Person             qms.ID // whose training it is
	Instruction        string
	InstructionVersion string
	FoundOn            qms.Date // the day of the cause
	Words              string   // the cause in the words of who opened it
	Taught             bool     // trainings that the person gave are listed too
	StatedFrom         qms.Date // first day, as a person stated or widened it
	StatedThrough      qms.Date // last day, likewise

	Periods    []qms.Period // the window as frozen
	Basis      Basis        // why it begins where it begins
	BasisOn    qms.Date
	BasisWords string // the certificate of the last good check

	OpenedBy qms.ID
	OpenedOn qms.Date
	Follows  string // number of the concluded dossier that this one takes up again

	Digest    string // SHA-256 of the list as frozen, in hexadecimal
	Chains    int64  // as frozen
	Reports   int64
	Uses      int64
	Trainings int64
	Items     int64 // lines to decide, those added later included
	Decided   int64

	Conclusion  string
	ConcludedBy qms.ID
	ConcludedOn qms.Date
	Void        string
}

// CauseKind says what was found wrong.
type CauseKind string

// The kinds of cause.
const (
	ByCalibration CauseKind = "calibration" // a calibration or verification found the equipment out of tolerance
	ByTraining    CauseKind = "training"    // a training was void or not valid
	ByInstruction CauseKind = "instruction" // a version of a work instruction was withdrawn or wrong
	ByFault       CauseKind = "fault"       // equipment was found faulty, from a day to a day
)

// CauseKinds lists the kinds of cause.
func CauseKinds() []CauseKind {
	return []CauseKind{ByCalibration, ByTraining, ByInstruction, ByFault}
}

// Basis says why a window begins where it begins.
type Basis string

// The bases.
const (
	SinceConforming   Basis = "conforming"   // the last conforming calibration before the cause
	SinceCommissioned Basis = "commissioned" // none before it: the equipment came into service
	SinceEver         Basis = "ever"         // nor is that day known
	SinceTraining     Basis = "training"     // the validity of the training that no other one covers
	SinceInForce      Basis = "in-force"     // the version came into force
	SinceStated       Basis = "stated"       // a person states it
)

// ImpactItem is one line of an impact: a report, a use or a training that the cause touches, as it was
// when it was frozen, with what was decided. Where a list is long, a line is a lot: the reports of one
// client, or the uses of one person.
type ImpactItem struct {
	qms.Row
	Impact    qms.ID
	Position  int64 // from 1, in the order of the list
	Kind      TouchedKind
	Record    qms.ID // none for a lot
	Number    string // of the report or use; none for a training or a lot
	Request   string // the chain that the report names
	Who       string // client of a report; name of who used or was trained
	Person    qms.ID // operator, user, or who was trained
	Equipment qms.ID
	Date      qms.Date // of the analysis, the use or the training; of a lot the first
	Last      qms.Date // of a lot
	Count     int64    // 1, or how many records a lot has
	Project   string
	AddedOn   qms.Date // it appeared after the dossier was opened

	Decision   ItemDecision
	Note       string
	InformedOn qms.Date
	Amended    string // number of the report that replaces it
	DecidedBy  qms.ID
	DecidedOn  qms.Date
}

// TouchedKind is a kind of record that a cause touches.
type TouchedKind string

// What a cause touches, in the order of a list.
const (
	TouchedReport   TouchedKind = "report"
	TouchedUse      TouchedKind = "use"
	TouchedTraining TouchedKind = "training"
)

var touchedKinds = []TouchedKind{TouchedReport, TouchedUse, TouchedTraining}

// ItemDecision is what was decided for one line.
type ItemDecision string

// The decisions. Undecided is none yet.
const (
	Undecided    ItemDecision = ""
	NotAffected  ItemDecision = "not-affected"  // the note says why
	RepeatIt     ItemDecision = "repeat"        // the analysis or the training is done again
	InformClient ItemDecision = "inform"        // on a day
	AmendReport  ItemDecision = "amend"         // by another report
	RestrictUse  ItemDecision = "restrict"      // of the result or of the equipment
	OtherAction  ItemDecision = "other-measure" // the note says which
)

// ItemDecisions lists what may be decided.
func ItemDecisions() []ItemDecision {
	return []ItemDecision{NotAffected, RepeatIt, InformClient, AmendReport, RestrictUse, OtherAction}
}

// Open reports whether something is still to be decided or concluded.
func (i *Impact) Open() bool { return i.ConcludedOn == 0 && i.Void == "" }

// Undecided is how many lines wait for a decision.
func (i *Impact) Undecided() int64 { return i.Items - i.Decided }

// Cause is what was found wrong, as a person asks what it touches.
type Cause struct {
	Kind               CauseKind
	Subject            string   // identifier of the calibration or training; code of the equipment of a fault
	Instruction        string   // of a work instruction
	InstructionVersion string   //
	From               qms.Date // first day: of a fault and of a wrong instruction; else it widens the window
	Through            qms.Date // last day, likewise
	Taught             bool     // of a training: also the trainings that the person gave
}
