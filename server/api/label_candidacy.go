package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
)

// candidacies are how a platform joins the programme, the institutions behind platforms, and who looks
// after them.
func (a *API) candidacies() {
	const all, one, officers = "/platforms/{platform}/candidacies", "/platforms/{platform}/candidacies/{id}", "/platforms/{platform}/officers"
	register(a, get(all, "list-candidacies", "The candidacies of a platform, the earliest first", "label"), a.listCandidacies)
	register(a, created(post(all, "receive-candidacy", "Record a candidacy", "label")), a.receiveCandidacy)
	register(a, get(one, "get-candidacy", "One candidacy", "label"), a.getCandidacy)
	register(a, patch(one, "correct-candidacy", "Correct a candidacy, with the reason; everything is stated again", "label"), a.correctCandidacy)
	register(a, atRevision(post(one+"/sign", "sign-letter", "Note that a head of unit signed the letter of commitment", "label")), a.signLetter)
	register(a, atRevision(post(one+"/decide", "decide-candidacy", "Decide whether a candidacy is receivable", "label")), a.decideCandidacy)
	register(a, atRevision(post(one+"/end", "end-candidacy", "Say from which day a candidacy is no longer the current one", "label")), a.endCandidacy)
	register(a, atRevision(post(one+"/void", "void-candidacy", "Declare a candidacy a mistake", "label")), a.voidCandidacy)
	register(a, get(officers, "list-officers", "Who looked after a platform, the earliest first", "label"), a.listOfficers)
	register(a, created(post(officers, "name-officer", "Say which quality officer looks after a platform from a day on", "label")), a.nameOfficer)
	register(a, atRevision(post(officers+"/{id}/void", "void-officer", "Declare such a naming a mistake", "label")), a.voidOfficer)
	register(a, get("/institutions", "list-institutions", "The institutions that may stand behind platforms", "label"), a.listInstitutions)
	register(a, created(post("/institutions", "add-institution", "Put an institution on the list of the site", "label")), a.addInstitution)
	register(a, patch("/institutions/{id}", "correct-institution", "Correct an institution, with the reason", "label"), a.correctInstitution)
	register(a, atRevision(post("/institutions/{id}/void", "void-institution", "Take an institution off the list", "label")), a.voidInstitution)
}

// LetterSignatory is a head of unit who signs the letter of commitment.
type LetterSignatory struct {
	Name     string   `json:"name" maxLength:"500"`
	Function string   `json:"function" maxLength:"500"`
	SignedOn qms.Date `json:"signed_on,omitzero" required:"false" format:"date" doc:"Absent while they have not"`
}

// CandidacyMember is one of the team of the quality approach.
type CandidacyMember struct {
	Person qms.ID `json:"person,omitempty" doc:"Who holds a role on the platform"`
	Name   string `json:"name,omitempty" maxLength:"500" doc:"Of somebody without an account; else that of the account"`
	Part   string `json:"part" maxLength:"500" doc:"In the quality approach"`
	Lead   bool   `json:"lead,omitempty" doc:"Leads the quality approach"`
}

// CandidacyStatement is what a platform states.
type CandidacyStatement struct {
	ReceivedOn   qms.Date          `json:"received_on" format:"date"`
	Institutions []qms.ID          `json:"institutions" nullable:"false" maxItems:"100"`
	Signatories  []LetterSignatory `json:"signatories" nullable:"false" maxItems:"200"`
	Team         []CandidacyMember `json:"team,omitempty" nullable:"false" maxItems:"200"`
	Staff        int64             `json:"staff,omitempty" doc:"People who work for the platform"`
	Included     string            `json:"included" maxLength:"8000" doc:"The perimeter, in words"`
	Excluded     string            `json:"excluded,omitempty" maxLength:"8000"`
	Equipment    string            `json:"equipment,omitempty" maxLength:"8000"`
	Sites        string            `json:"sites,omitempty" maxLength:"8000"`
	Activities   string            `json:"activities,omitempty" maxLength:"8000"`
	Direct       bool              `json:"direct,omitempty" doc:"Asks to be evaluated without accompaniment"`
	DirectReason string            `json:"direct_reason,omitempty" maxLength:"8000"`
}

func (b CandidacyStatement) command(t label.Target) label.StateCandidacy {
	cmd := label.StateCandidacy{Target: t, ReceivedOn: b.ReceivedOn, Institutions: b.Institutions, Staff: b.Staff, Included: b.Included, Excluded: b.Excluded,
		Equipment: b.Equipment, Sites: b.Sites, Activities: b.Activities, Direct: b.Direct, DirectReason: b.DirectReason}
	for _, s := range b.Signatories {
		cmd.Signatories = append(cmd.Signatories, label.Signatory(s))
	}
	for _, m := range b.Team {
		cmd.Team = append(cmd.Team, label.TeamMember(m))
	}
	return cmd
}

// Candidacy is what a platform stated, with what became of it.
type Candidacy struct {
	ID       qms.ID `json:"id"`
	Revision int64  `json:"revision" doc:"For If-Match"`
	CandidacyStatement
	LetterOn       qms.Date            `json:"letter_on,omitzero" format:"date" doc:"Day on which all had signed"`
	Decision       label.Receivability `json:"decision" enum:",eligible,ineligible" doc:"Empty while nothing is decided"`
	DecidedOn      qms.Date            `json:"decided_on,omitzero" format:"date"`
	DecidedBy      qms.ID              `json:"decided_by,omitempty"`
	DecisionReason string              `json:"decision_reason,omitempty"`
	EndedOn        qms.Date            `json:"ended_on,omitzero" format:"date"`
	EndReason      string              `json:"end_reason,omitempty"`
	Obstacles      []label.Obstacle    `json:"obstacles,omitempty" doc:"What keeps it from being receivable today"`
	Void           string              `json:"void,omitempty" doc:"Why it is a mistake"`
}

func renderCandidacy(c label.Candidacy) Candidacy {
	letter, _ := c.LetterOn()
	out := Candidacy{ID: c.ID, Revision: c.Revision, LetterOn: letter, Decision: c.Decision, DecidedOn: c.DecidedOn, DecidedBy: c.DecidedBy,
		DecisionReason: c.DecidedWhy, EndedOn: c.EndedOn, EndReason: c.EndedWhy, Void: c.Void,
		CandidacyStatement: CandidacyStatement{ReceivedOn: c.ReceivedOn, Institutions: c.Institutions, Signatories: []LetterSignatory{}, Staff: c.Staff,
			Included: c.Included, Excluded: c.Excluded, Equipment: c.Equipment, Sites: c.Sites, Activities: c.Activities, Direct: c.Direct, DirectReason: c.DirectReason}}
	for _, s := range c.Signatories {
		out.Signatories = append(out.Signatories, LetterSignatory(s))
	}
	for _, m := range c.Team {
		out.Team = append(out.Team, CandidacyMember(m))
	}
	return out
}

var shownCandidacy = shown(renderCandidacy)

type listCandidacies struct {
	InPlatform
	Paged
}

func (a *API) listCandidacies(ctx context.Context, in *listCandidacies) (*List[Candidacy], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	sheet, err := a.s.Label.Candidacies(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	all := sheet.Others
	if sheet.Candidacy != nil {
		all = append([]label.Candidacy{*sheet.Candidacy}, all...)
	}
	key := func(c label.Candidacy) string { return string(c.ID) }
	return list(&in.Paged, slicePage(sorted(all, key), in.Cursor(), key), renderCandidacy), nil
}

func (a *API) receiveCandidacy(ctx context.Context, in *newRecord[CandidacyStatement]) (*One[Candidacy], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return shownCandidacy(a.s.Label.ReceiveCandidacy(ctx, in.Body.command(label.Target{Platform: p.ID})))
}

type oneInPlatform struct {
	InPlatform
	ID string `path:"id" maxLength:"36"`
}

func (a *API) getCandidacy(ctx context.Context, in *oneInPlatform) (*One[Candidacy], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	id, err := qms.ParseID(in.ID)
	if err != nil {
		return nil, qms.NotFound("record.not_found")
	}
	sheet, err := a.s.Label.Candidacy(ctx, p.ID, id)
	if err != nil {
		return nil, err
	}
	out := renderCandidacy(*sheet.Candidacy)
	out.Obstacles = sheet.Obstacles
	return one(out.Revision, out), nil
}

// changeLabel is a change of a record of the programme, at the revision that the client knows.
type changeLabel[B any] struct {
	InPlatform
	IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body B
}

func (in *changeLabel[B]) target(ctx context.Context, a *API, reason string) (label.Target, error) {
	by := voidByID{InPlatform: in.InPlatform, IfMatch: in.IfMatch, ID: in.ID}
	t, err := by.target(ctx, a)
	return label.Target{Platform: t.Platform, ID: t.ID, Revision: t.Revision, Reason: reason}, err
}

// CandidacyCorrection states a candidacy again.
type CandidacyCorrection struct {
	CandidacyStatement
	Reason   string `json:"reason" maxLength:"8000"`
	Password string `json:"password,omitempty" maxLength:"1024" doc:"Once more, to sign: needed where it was decided on"`
}

// CandidacyVoiding says why a candidacy is a mistake.
type CandidacyVoiding struct {
	Reason   string `json:"reason" minLength:"1" maxLength:"4000" doc:"Why the record is a mistake"`
	Password string `json:"password,omitempty" maxLength:"1024" doc:"Once more, to sign: needed where it was decided on"`
}

// confirmDecided asks for the password where the candidacy was decided on: what changes it is signed.
func (a *API) confirmDecided(ctx context.Context, t label.Target, password string) error {
	sheet, err := a.s.Label.Candidacy(ctx, t.Platform, t.ID)
	if err != nil || !sheet.Candidacy.Decided() || !qms.ActorFrom(ctx).Can(qms.AccompanyPlatform.On(t.Platform)) {
		return err // who may not is refused whatever they sign with
	}
	return a.s.People.Confirm(ctx, password)
}

func (a *API) correctCandidacy(ctx context.Context, in *changeLabel[CandidacyCorrection]) (*One[Candidacy], error) {
	t, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	if err := a.confirmDecided(ctx, t, in.Body.Password); err != nil {
		return nil, err
	}
	return shownCandidacy(a.s.Label.CorrectCandidacy(ctx, in.Body.command(t)))
}

// LetterSignature notes a signature.
type LetterSignature struct {
	Signatory int      `json:"signatory" doc:"Position among the signatories, from 1"`
	On        qms.Date `json:"on" format:"date"`
}

func (a *API) signLetter(ctx context.Context, in *changeLabel[LetterSignature]) (*One[Candidacy], error) {
	t, err := in.target(ctx, a, "")
	if err != nil {
		return nil, err
	}
	return shownCandidacy(a.s.Label.SignLetter(ctx, label.SignLetter{Target: t, Signatory: in.Body.Signatory, On: in.Body.On}))
}

// CandidacyDecision is what the programme decides of a candidacy.
type CandidacyDecision struct {
	Decision label.Receivability `json:"decision" enum:"eligible,ineligible"`
	On       qms.Date            `json:"on" format:"date"`
	Reason   string              `json:"reason" maxLength:"8000"`
	Password string              `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

func (a *API) decideCandidacy(ctx context.Context, in *changeLabel[CandidacyDecision]) (*One[Candidacy], error) {
	t, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
		return nil, err
	}
	return shownCandidacy(a.s.Label.DecideCandidacy(ctx, label.DecideCandidacy{Target: t, Decision: in.Body.Decision, On: in.Body.On}))
}

// CandidacyEnd says when a candidacy ends.
type CandidacyEnd struct {
	On     qms.Date `json:"on" format:"date"`
	Reason string   `json:"reason" maxLength:"8000"`
}

func (a *API) endCandidacy(ctx context.Context, in *changeLabel[CandidacyEnd]) (*One[Candidacy], error) {
	t, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownCandidacy(a.s.Label.EndCandidacy(ctx, label.EndCandidacy{Target: t, On: in.Body.On}))
}

func (a *API) voidCandidacy(ctx context.Context, in *changeLabel[CandidacyVoiding]) (*One[Candidacy], error) {
	t, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	if err := a.confirmDecided(ctx, t, in.Body.Password); err != nil {
		return nil, err
	}
	return shownCandidacy(a.s.Label.VoidCandidacy(ctx, t))
}
