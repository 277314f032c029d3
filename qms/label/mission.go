package label

import (
	"cmp"
	"time"

	"maillon/qms"
)

// Mission is one evaluation of a platform: evaluators who do not belong to it, a visit, a grid of
// findings, a report, what the platform observes, and a decision.
type Mission struct {
	qms.Row
	Number      string // EVA-2026-001: per platform and year
	Kind        MissionKind
	Label       qms.ID // that it follows or renews; none for a first evaluation
	Subject     string // what it looks at beside the grid; may be empty
	Referential string // title of the criteria as they were when the mission was opened; may be empty
	OpenedOn    qms.Date
	OpenedBy    qms.ID

	AccessFrom  qms.Date // the evaluators read the platform from this day
	AccessUntil qms.Date // the first day on which they no longer do

	VisitFrom    qms.Date
	VisitThrough qms.Date // the last day of the visit
	Plan         []PlanItem
	Exercises    []string // numbers of the traceability exercises run

	Report     string
	ReportOn   qms.Date
	ReportBy   qms.ID    // who signed it
	ReportedAt time.Time `bun:",nullzero"`

	Observations   string // of the platform on the report
	ObservationsOn qms.Date
	ObservationsBy qms.ID

	Void string
}

// MissionKind is why a platform is evaluated.
type MissionKind string

// The kinds of mission.
const (
	MissionInitial       MissionKind = "initial"
	MissionFollowUp24    MissionKind = "follow-up-24"
	MissionFollowUp48    MissionKind = "follow-up-48"
	MissionRenewal       MissionKind = "renewal"
	MissionExtraordinary MissionKind = "extraordinary"
)

// MissionKinds lists the kinds of mission.
func MissionKinds() []MissionKind {
	return []MissionKind{MissionInitial, MissionFollowUp24, MissionFollowUp48, MissionRenewal, MissionExtraordinary}
}

// PlanItem is one line of the plan of a visit.
type PlanItem struct {
	Day   qms.Date `json:"day"`
	From  string   `json:"from"` // 09:00
	Until string   `json:"until"`
	Topic string   `json:"topic"`
	With  string   `json:"with"` // whom the evaluators meet
}

// ObservationDays is how long a platform may answer a report.
const ObservationDays = 30

// ObservableUntil is the last day on which the platform may state what it observes on the report.
func (m *Mission) ObservableUntil() qms.Date { return m.ReportOn.AddDays(ObservationDays) }

// Access is when the evaluators may read the platform.
func (m *Mission) Access() qms.Period { return qms.Period{From: m.AccessFrom, Until: m.AccessUntil} }

// MissionEvaluator is a person named for a mission. Nobody evaluates a platform they belong to; each
// declares it before the report.
type MissionEvaluator struct {
	qms.Row
	Mission     qms.ID
	Person      qms.ID
	Name        string // as it was
	Lead        bool
	RoleGrant   qms.ID // role given with the naming; none where the person could read the platform already
	NamedOn     qms.Date
	Declaration string // of independence, in the evaluator's words; may be empty
	DeclaredOn  qms.Date
	DeclaredBy  qms.ID // the evaluator, or the officer who holds the signed paper
	DismissedOn qms.Date
	Dismissed   string // why
}

// MissionFinding is one criterion as it was when the mission was opened, and what was found on it.
type MissionFinding struct {
	qms.Row
	Mission     qms.ID
	Position    int64
	Chapter     string
	Code        string
	Criterion   string
	CriterionEn string
	Expected    string // evidence expected
	ExpectedEn  string
	Finding     Finding
	Note        string
	FoundBy     qms.ID
	FoundOn     qms.Date
}

// Text is the criterion in the language, Evidence what was expected to be shown.
func (f *MissionFinding) Text(language string) string {
	return spoken(language, f.Criterion, f.CriterionEn)
}

// Evidence is what was expected to be shown.
func (f *MissionFinding) Evidence(language string) string {
	return spoken(language, f.Expected, f.ExpectedEn)
}

func spoken(language, french, english string) string {
	if language == "en" {
		return cmp.Or(english, french)
	}
	return cmp.Or(french, english)
}

// Finding is what an evaluator finds on a criterion (ISO 19011, 6.4.8).
type Finding string

// The findings. FindingNone is none yet.
const (
	FindingNone        Finding = ""
	FindingStrength    Finding = "strength"
	FindingConform     Finding = "conform"
	FindingConcern     Finding = "concern"
	FindingOpportunity Finding = "opportunity"
	FindingMinor       Finding = "minor"
	FindingMajor       Finding = "major"
	FindingNotSeen     Finding = "not-seen" // outside the scope of this mission
)

// Findings lists the findings.
func Findings() []Finding {
	return []Finding{FindingStrength, FindingConform, FindingConcern, FindingOpportunity, FindingMinor, FindingMajor, FindingNotSeen}
}

// NeedsNote reports whether the finding is worth nothing without words.
func (f Finding) NeedsNote() bool {
	return f == FindingConcern || f == FindingOpportunity || f == FindingMinor || f == FindingMajor
}

// MissionDecision is what the committee decided of a mission. It is dated neither before the visit nor
// before the report.
type MissionDecision struct {
	qms.Row
	Mission   qms.ID
	Body      string // that decided
	Date      qms.Date
	Outcome   Outcome
	Note      string
	EnteredBy qms.ID // the quality officer who signed the entry
	EnteredAt time.Time
	Void      string
}

// Outcome is what a committee decides.
type Outcome string

// The outcomes.
const (
	OutcomeAward       Outcome = "award"
	OutcomeConditions  Outcome = "award-with-conditions"
	OutcomeConfirmed   Outcome = "confirmed"
	OutcomeSuspension  Outcome = "suspension"
	OutcomeWithdrawal  Outcome = "withdrawal"
	OutcomeRefusal     Outcome = "refusal"
	OutcomeConfirmedIf Outcome = "confirmed-with-conditions"
)

// OutcomesOf lists what may be decided of a mission of the kind.
func OutcomesOf(k MissionKind) []Outcome {
	if k == MissionInitial || k == MissionRenewal {
		return []Outcome{OutcomeAward, OutcomeConditions, OutcomeRefusal}
	}
	return []Outcome{OutcomeConfirmed, OutcomeConfirmedIf, OutcomeSuspension, OutcomeWithdrawal}
}

// Awards reports whether the outcome makes a label.
func (o Outcome) Awards() bool { return o == OutcomeAward || o == OutcomeConditions }

// Conditional reports whether the outcome stands under conditions.
func (o Outcome) Conditional() bool { return o == OutcomeConditions || o == OutcomeConfirmedIf }

// AwardCondition is one condition of a decision. It is lifted with the evidence that it is met.
type AwardCondition struct {
	qms.Row
	Mission  qms.ID
	Decision qms.ID
	Position int64
	Words    string
	DueOn    qms.Date
	LiftedOn qms.Date
	LiftedBy qms.ID
	Evidence string // what proves that it is met
	Void     string
}

// Open reports whether the condition is still to be met.
func (c *AwardCondition) Open() bool { return c.LiftedOn == 0 && c.Void == "" }

// Label is one award. It holds on the days AwardedOn <= day < EndsOn, unless it is suspended or
// withdrawn. A renewal is a new label that begins on the day the old one ends.
type Label struct {
	qms.Row
	Number    string // LAB-2026-001: per site and year, never used again
	Mission   qms.ID // that led to it; none where it is taken over
	Decision  qms.ID // likewise
	Body      string // that awarded it
	Perimeter string
	AwardedOn qms.Date
	Renews    qms.ID
	Void      string

	Source         string   // where a label that is taken over is known from; else empty
	TakenOn        qms.Date // when it was taken over, and by whom
	TakenBy        qms.ID
	FollowedFirst  qms.Date // follow-ups held before that: at 24 months
	FollowedSecond qms.Date // and at 48
}

// EndsOn is the first day without the label, 72 months after the award.
func (l *Label) EndsOn() qms.Date { return l.AwardedOn.AddMonths(LabelLasts) }

// AwardEvent is what happened to a label between its award and its end.
type AwardEvent struct {
	qms.Row
	Label     qms.ID
	Mission   qms.ID // whose decision it is; may be none
	Kind      EventKind
	Date      qms.Date
	Body      string
	Why       string
	EnteredBy qms.ID
	EnteredAt time.Time
	Void      string
}

// EventKind is what happens to a label.
type EventKind string

// The kinds of event.
const (
	EventSuspended EventKind = "suspended"
	EventLifted    EventKind = "lifted" // the suspension
	EventWithdrawn EventKind = "withdrawn"
)

// OtherLabel is a label or certificate that the platform holds from another body.
type OtherLabel struct {
	qms.Row
	Kind      OtherKind
	Name      string // required for OtherAny
	Body      string // that awarded it
	Number    string
	Perimeter string
	FromDate  qms.Date
	UntilDate qms.Date // first day on which it no longer holds; none where it has no end
	Closed    string   // why nothing is due at its end; empty while something is
	Void      string
}

// OtherKind is which other label.
type OtherKind string

// The other labels that platforms of research hold.
const (
	OtherIBiSA    OtherKind = "ibisa"
	OtherISO9001  OtherKind = "iso-9001"
	OtherNFX50900 OtherKind = "nf-x50-900"
	OtherISO17025 OtherKind = "iso-17025"
	OtherAny      OtherKind = "other"
)

// OtherKinds lists them.
func OtherKinds() []OtherKind {
	return []OtherKind{OtherIBiSA, OtherISO9001, OtherNFX50900, OtherISO17025, OtherAny}
}
