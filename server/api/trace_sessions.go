package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// trainingSessions are trainings given to several people at once.
func (a *API) trainingSessions() {
	const all, one = "/platforms/{platform}/training-sessions", "/platforms/{platform}/training-sessions/{number}"
	register(a, get(all, "list-training-sessions", "List the group sessions of training", "trainings"), a.listSessions)
	register(a, created(post(all, "record-training-session", "Record a group session: a training for each person on each piece of equipment", "trainings")), a.recordSession)
	register(a, get(one, "get-training-session", "One group session with its trainings", "trainings"), a.getSession)
	register(a, patch(one, "correct-training-session", "Correct what was stated of a session, and of its trainings with it", "trainings"), a.correctSession)
	register(a, atRevision(post(one+"/void", "void-training-session", "Declare a session a mistake, and its trainings with it", "trainings")), a.voidSession)
}

// TrainingSession is a training given to several people at once.
type TrainingSession struct {
	ID               qms.ID             `json:"id"`
	Revision         int64              `json:"revision"`
	Number           string             `json:"number" example:"SES-2026-0001"`
	Date             qms.Date           `json:"date" format:"date"`
	Trainer          qms.ID             `json:"trainer"`
	Kind             trace.TrainingKind `json:"kind,omitempty" enum:"initial,renewal"`
	Until            qms.Date           `json:"until,omitzero" format:"date" doc:"First day on which its trainings no longer hold; absent for ever"`
	Procedure        string             `json:"procedure,omitempty"`
	ProcedureVersion string             `json:"procedure_version,omitempty"`
	Place            string             `json:"place,omitempty"`
	Minutes          int64              `json:"minutes,omitempty"`
	Note             string             `json:"note,omitempty"`
	Void             string             `json:"void,omitempty"`
	People           int                `json:"people,omitempty" doc:"In a list: how many were trained"`
	EquipmentCodes   []string           `json:"equipment_codes,omitempty"`
	Trainings        []Training         `json:"trainings,omitempty" doc:"Of one session; void ones too"`
}

func renderSession(g trace.GroupSession) TrainingSession {
	return TrainingSession{ID: g.ID, Revision: g.Revision, Number: g.Number, Date: g.Date, Trainer: g.Trainer, Kind: g.Kind, Until: g.Validity().Until,
		Procedure: g.Procedure, ProcedureVersion: g.ProcedureVersion, Place: g.Place, Minutes: g.Minutes, Note: g.Note, Void: g.Void}
}

// SessionTerms is what is stated of all trainings of a session.
type SessionTerms struct {
	Date             qms.Date           `json:"date" format:"date"`
	Trainer          qms.ID             `json:"trainer" doc:"ID of a member"`
	Kind             trace.TrainingKind `json:"kind,omitempty" enum:"initial,renewal"`
	Months           qms.Months         `json:"months,omitempty" minimum:"0" maximum:"1200" doc:"With neither months nor through the trainings hold for ever"`
	Through          qms.Date           `json:"through,omitempty" format:"date" doc:"Last day"`
	Procedure        string             `json:"procedure,omitempty" maxLength:"64"`
	ProcedureVersion string             `json:"procedure_version,omitempty" maxLength:"64" doc:"The one in force on the day when absent"`
	Place            string             `json:"place,omitempty" maxLength:"500"`
	Minutes          int64              `json:"minutes,omitempty" minimum:"0"`
	Note             string             `json:"note,omitempty" maxLength:"4000"`
}

func (t SessionTerms) terms() trace.SessionTerms {
	return trace.SessionTerms{Date: t.Date, Trainer: t.Trainer, Kind: t.Kind, Months: t.Months, Through: t.Through, Procedure: t.Procedure,
		ProcedureVersion: t.ProcedureVersion, Place: t.Place, Minutes: t.Minutes, Note: t.Note}
}

// NewTrainingSession is what is stated of a session and who was there.
type NewTrainingSession struct {
	SessionTerms
	Number    string   `json:"number,omitempty" maxLength:"64" doc:"Given out when absent; it never changes"`
	People    []string `json:"people" maxItems:"500" doc:"IDs, codes or e-mails of members" example:"[\"A05\",\"A06\"]"`
	Equipment []string `json:"equipment" maxItems:"100" doc:"IDs or codes" example:"[\"CONF-1\"]"`
}

// CorrectedSession is what is stated anew of a session.
type CorrectedSession struct {
	Why
	SessionTerms
}

type listSessions struct {
	InPlatform
	Paged
	AsOf
	Sort string `query:"sort" enum:"date,-date,number,-number"`
}

func (a *API) listSessions(ctx context.Context, in *listSessions) (*List[TrainingSession], error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	page, err := a.s.Trace.Sessions(ctx, p.ID, trace.SessionFilter{AsOf: day, Sort: in.Sort}, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(l trace.SessionLine) TrainingSession {
		out := renderSession(l.Session)
		out.People = l.People
		for _, e := range l.Equipment {
			out.EquipmentCodes = append(out.EquipmentCodes, e.Code)
		}
		return out
	}), nil
}

func (a *API) recordSession(ctx context.Context, in *newRecord[NewTrainingSession]) (*One[TrainingSession], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	g, err := a.s.Trace.RecordSession(ctx, trace.RecordSession{Platform: p.ID, Number: b.Number, Named: b.People, On: b.Equipment, SessionTerms: b.terms()})
	if err != nil {
		return nil, err
	}
	return a.oneSession(ctx, p.ID, g.Number)
}

// oneSession is a session with its trainings, as it stands.
func (a *API) oneSession(ctx context.Context, platform qms.ID, number string) (*One[TrainingSession], error) {
	sheet, err := a.s.Trace.SessionSheet(ctx, platform, number)
	if err != nil {
		return nil, err
	}
	out := renderSession(sheet.Session)
	for _, who := range sheet.People {
		for i, t := range who.Trainings {
			if t != nil {
				training := renderTraining(*t)
				training.PersonName, training.EquipmentCode = who.Person.Name, sheet.Equipment[i].Code
				out.Trainings = append(out.Trainings, training)
			}
		}
	}
	return one(out.Revision, out), nil
}

func (a *API) getSession(ctx context.Context, in *readRecord) (*One[TrainingSession], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.oneSession(ctx, p.ID, in.Number)
}

// sessionTarget is the session of that number, at the revision the client knows.
func (a *API) sessionTarget(ctx context.Context, platform, number, reason string, m *IfMatch) (trace.Target, error) {
	p, err := a.platform(ctx, platform)
	if err != nil {
		return trace.Target{}, err
	}
	revision, err := m.Revision()
	if err != nil {
		return trace.Target{}, err
	}
	sheet, err := a.s.Trace.SessionSheet(ctx, p.ID, number)
	if err != nil {
		return trace.Target{}, err
	}
	return trace.Target{Platform: p.ID, ID: sheet.Session.ID, Revision: revision, Reason: reason}, nil
}

func (a *API) correctSession(ctx context.Context, in *changeRecord[CorrectedSession]) (*One[TrainingSession], error) {
	target, err := a.sessionTarget(ctx, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
	if err != nil {
		return nil, err
	}
	if _, err := a.s.Trace.CorrectSession(ctx, target, in.Body.terms()); err != nil {
		return nil, err
	}
	return a.oneSession(ctx, target.Platform, in.Number)
}

func (a *API) voidSession(ctx context.Context, in *changeRecord[Voiding]) (*One[TrainingSession], error) {
	target, err := a.sessionTarget(ctx, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
	if err != nil {
		return nil, err
	}
	if _, err := a.s.Trace.VoidSession(ctx, target); err != nil {
		return nil, err
	}
	return a.oneSession(ctx, target.Platform, in.Number)
}
