package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// impacts are what a cause touches, and the dossiers of what was decided.
func (a *API) impacts() {
	const all, one = "/platforms/{platform}/impacts", "/platforms/{platform}/impacts/{number}"
	register(a, get("/platforms/{platform}/impact-preview", "preview-impact", "What a cause touches, before anything is recorded", "impacts"), a.previewImpact)
	register(a, get(all, "list-impacts", "The impact dossiers, newest first", "impacts"), a.listImpacts)
	register(a, created(post(all, "open-impact", "Freeze what a cause touches and open its dossier", "impacts")), a.openImpact)
	register(a, get(one, "get-impact", "One impact dossier", "impacts"), a.getImpact)
	register(a, get(one+"/items", "list-impact-items", "The lines of an impact dossier with what was decided", "impacts"), a.listImpactItems)
	register(a, atRevision(post(one+"/decide", "decide-impact", "Decide what becomes of lines of a dossier", "impacts")), a.decideImpact)
	register(a, atRevision(post(one+"/extend", "extend-impact", "Add what has appeared in the window since", "impacts")), a.extendImpact)
	register(a, atRevision(post(one+"/conclude", "conclude-impact", "Conclude a dossier for ever; everything is decided", "impacts")), a.concludeImpact)
	register(a, atRevision(post(one+"/void", "void-impact", "Declare an open dossier a mistake", "impacts")), a.voidImpact)
}

// ImpactCause is what was found wrong.
type ImpactCause struct {
	Cause              trace.CauseKind `json:"cause" enum:"calibration,training,instruction,fault"`
	Calibration        qms.ID          `json:"calibration,omitempty" doc:"ID of a nonconforming calibration or verification"`
	Training           qms.ID          `json:"training,omitempty" doc:"ID of a training, void or not"`
	Instruction        string          `json:"instruction,omitempty" maxLength:"64" doc:"Code of a work instruction"`
	InstructionVersion string          `json:"instruction_version,omitempty" maxLength:"64"`
	Equipment          string          `json:"equipment,omitempty" maxLength:"64" doc:"Code of equipment found faulty"`
	From               qms.Date        `json:"from,omitempty" format:"date" doc:"First day of a fault or of a wrong instruction; else it widens the window"`
	Through            qms.Date        `json:"through,omitempty" format:"date" doc:"Last day, likewise"`
	Taught             bool            `json:"taught,omitempty" doc:"Of a training: also the trainings that the person gave on the equipment"`
}

func (c ImpactCause) cause() trace.Cause {
	out := trace.Cause{Kind: c.Cause, Instruction: c.Instruction, InstructionVersion: c.InstructionVersion, From: c.From, Through: c.Through, Taught: c.Taught}
	switch c.Cause {
	case trace.ByCalibration:
		out.Subject = string(c.Calibration)
	case trace.ByTraining:
		out.Subject = string(c.Training)
	case trace.ByFault:
		out.Subject = c.Equipment
	}
	return out
}

// WindowPeriod is a stretch of a window.
type WindowPeriod struct {
	From    qms.Date `json:"from,omitzero" format:"date" doc:"First day; absent when there is no beginning"`
	Through qms.Date `json:"through,omitzero" format:"date" doc:"Last day; absent when there is no end"`
}

func renderPeriods(periods []qms.Period) []WindowPeriod {
	out := make([]WindowPeriod, 0, len(periods))
	for _, p := range periods {
		out = append(out, WindowPeriod{From: p.From, Through: p.Until.AddDays(-1)})
	}
	return out
}

// ImpactCounts counts what a cause touches.
type ImpactCounts struct {
	Services  int64 `json:"services" doc:"Chains of the reports"`
	Reports   int64 `json:"reports"`
	Uses      int64 `json:"uses"`
	Trainings int64 `json:"trainings"`
}

// TouchedRecord is a report, a use or a training that a cause touches.
type TouchedRecord struct {
	Kind      trace.TouchedKind `json:"kind" enum:"report,use,training"`
	ID        qms.ID            `json:"id"`
	Number    string            `json:"number,omitempty"`
	Request   string            `json:"request,omitempty"`
	Client    string            `json:"client,omitempty"`
	Person    qms.ID            `json:"person,omitempty" doc:"Operator, user, or who was trained"`
	Name      string            `json:"name,omitempty"`
	Equipment string            `json:"equipment,omitempty" doc:"Its code"`
	Date      qms.Date          `json:"date" format:"date" doc:"Of the analysis, the use or the training"`
	Project   string            `json:"project,omitempty"`
	Invoice   string            `json:"invoice,omitempty" doc:"First invoice of the service; absent when there is none"`
}

// ImpactPreview is the window of a cause with its reason, and a page of what it touches.
type ImpactPreview struct {
	Window  []WindowPeriod  `json:"window" nullable:"false"`
	Basis   trace.Basis     `json:"basis" enum:"conforming,commissioned,ever,training,in-force,stated" doc:"Why the window begins when it begins"`
	BasisOn qms.Date        `json:"basis_on,omitzero" format:"date"`
	Words   string          `json:"basis_words,omitempty" doc:"Certificate of the last conforming calibration"`
	Counts  ImpactCounts    `json:"counts"`
	Lots    bool            `json:"lots" doc:"So many that a dossier keeps some as lots"`
	Open    []string        `json:"dossiers" nullable:"false" doc:"Numbers of the dossiers on the same cause"`
	Items   []TouchedRecord `json:"items" nullable:"false"`
	Next    string          `json:"next,omitempty"`
}

type previewImpact struct {
	InPlatform
	Paged
	AsOf
	Cause       string `query:"cause" enum:"calibration,training,instruction,fault"`
	Calibration string `query:"calibration" maxLength:"36"`
	Training    string `query:"training" maxLength:"36"`
	Instruction string `query:"instruction" maxLength:"64"`
	Version     string `query:"instruction_version" maxLength:"64"`
	Equipment   string `query:"equipment" maxLength:"64"`
	From        string `query:"from" format:"date"`
	Through     string `query:"through" format:"date"`
	Taught      bool   `query:"taught"`
}

type previewAnswer struct {
	Link string `header:"Link" doc:"The next page, as rel=\"next\" (RFC 8288)"`
	Body ImpactPreview
}

func (a *API) previewImpact(ctx context.Context, in *previewImpact) (*previewAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	c := ImpactCause{Cause: trace.CauseKind(in.Cause), Calibration: qms.ID(in.Calibration), Training: qms.ID(in.Training), Instruction: in.Instruction,
		InstructionVersion: in.Version, Equipment: in.Equipment, Taught: in.Taught}
	if c.From, c.Through, err = days(in.From, in.Through); err != nil {
		return nil, err
	}
	asOf, err := in.Day(a.today())
	if err != nil {
		return nil, err
	}
	v, err := a.s.Trace.PreviewImpact(ctx, p.ID, c.cause(), asOf, in.Cursor())
	if err != nil {
		return nil, err
	}
	lines := list(&in.Paged, v.Page, func(t trace.Touched) TouchedRecord {
		return TouchedRecord{Kind: t.Kind, ID: t.Record, Number: t.Number, Request: t.Request, Client: t.Client, Person: t.Person,
			Name: v.People[t.Person].Name, Equipment: v.Pieces[t.Equipment].Code, Date: t.Date, Project: t.Project, Invoice: t.Invoice}
	})
	out := &previewAnswer{Link: lines.Link, Body: ImpactPreview{Window: renderPeriods(v.Window.Periods), Basis: v.Window.Basis, BasisOn: v.Window.On,
		Words: v.Window.Words, Lots: v.Lots, Open: []string{}, Items: lines.Body.Items, Next: lines.Body.Next,
		Counts: ImpactCounts{Services: v.Counts.Chains, Reports: v.Counts.Reports, Uses: v.Counts.Uses, Trainings: v.Counts.Trainings}}}
	for _, i := range v.Dossiers {
		out.Body.Open = append(out.Body.Open, i.Number)
	}
	return out, nil
}

// Impact is an impact dossier.
type Impact struct {
	ID                 qms.ID          `json:"id"`
	Revision           int64           `json:"revision"`
	Number             string          `json:"number" example:"IMP-2026-001"`
	Cause              trace.CauseKind `json:"cause" enum:"calibration,training,instruction,fault"`
	Subject            qms.ID          `json:"subject,omitempty" doc:"The calibration, training or equipment"`
	Equipment          qms.ID          `json:"equipment,omitempty"`
	Person             qms.ID          `json:"person,omitempty"`
	Instruction        string          `json:"instruction,omitempty"`
	InstructionVersion string          `json:"instruction_version,omitempty"`
	FoundOn            qms.Date        `json:"found_on,omitzero" format:"date"`
	Words              string          `json:"words"`
	Window             []WindowPeriod  `json:"window" nullable:"false"`
	Basis              trace.Basis     `json:"basis" enum:"conforming,commissioned,ever,training,in-force,stated"`
	BasisOn            qms.Date        `json:"basis_on,omitzero" format:"date"`
	BasisWords         string          `json:"basis_words,omitempty"`
	OpenedBy           qms.ID          `json:"opened_by,omitempty"`
	OpenedOn           qms.Date        `json:"opened_on" format:"date"`
	Follows            string          `json:"follows,omitempty" doc:"Concluded dossier that this one takes up again"`
	Digest             string          `json:"digest" doc:"SHA-256 of the list as frozen"`
	Counts             ImpactCounts    `json:"counts" doc:"As frozen"`
	Items              int64           `json:"items" doc:"Lines to decide"`
	Decided            int64           `json:"decided"`
	Conclusion         string          `json:"conclusion,omitempty"`
	ConcludedBy        qms.ID          `json:"concluded_by,omitempty"`
	ConcludedOn        qms.Date        `json:"concluded_on,omitzero" format:"date"`
	Void               string          `json:"void,omitempty"`
}

func renderImpact(i trace.Impact) Impact {
	return Impact{ID: i.ID, Revision: i.Revision, Number: i.Number, Cause: i.Kind, Subject: i.Subject, Equipment: i.Equipment, Person: i.Person,
		Instruction: i.Instruction, InstructionVersion: i.InstructionVersion, FoundOn: i.FoundOn, Words: i.Words, Window: renderPeriods(i.Periods),
		Basis: i.Basis, BasisOn: i.BasisOn, BasisWords: i.BasisWords, OpenedBy: i.OpenedBy, OpenedOn: i.OpenedOn, Follows: i.Follows, Digest: i.Digest,
		Counts: ImpactCounts{Services: i.Chains, Reports: i.Reports, Uses: i.Uses, Trainings: i.Trainings}, Items: i.Items, Decided: i.Decided,
		Conclusion: i.Conclusion, ConcludedBy: i.ConcludedBy, ConcludedOn: i.ConcludedOn, Void: i.Void}
}

type listImpacts struct {
	InPlatform
	Paged
	AsOf
	Open  bool   `query:"open" doc:"Only those that are neither concluded nor void"`
	Cause string `query:"cause" enum:"calibration,training,instruction,fault"`
}

func (a *API) listImpacts(ctx context.Context, in *listImpacts) (*List[Impact], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.ImpactFilter{Open: in.Open, Kind: trace.CauseKind(in.Cause)}
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	page, _, err := a.s.Trace.Impacts(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderImpact), nil
}

// NewImpact opens a dossier.
type NewImpact struct {
	ImpactCause
	Words   string `json:"words" maxLength:"4000" doc:"What happened"`
	Follows string `json:"follows,omitempty" maxLength:"64" doc:"Number of a concluded dossier that this one takes up again"`
}

func (a *API) openImpact(ctx context.Context, in *newRecord[NewImpact]) (*One[Impact], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return shownImpact(a.s.Trace.OpenImpact(ctx, trace.OpenImpact{Platform: p.ID, Cause: in.Body.cause(), Words: in.Body.Words, Follows: in.Body.Follows}))
}

var shownImpact = shown(renderImpact)

func (a *API) getImpact(ctx context.Context, in *readRecord) (*One[Impact], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return shownImpact(a.s.Trace.OneImpact(ctx, p.ID, in.Number))
}
