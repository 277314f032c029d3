package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
)

// Officer says who looks after a platform from a day on.
type Officer struct {
	ID       qms.ID   `json:"id"`
	Revision int64    `json:"revision" doc:"For If-Match"`
	Person   qms.ID   `json:"person,omitempty" doc:"Absent: nobody"`
	Name     string   `json:"name,omitempty"`
	From     qms.Date `json:"from" format:"date"`
	Void     string   `json:"void,omitempty"`
}

func renderOfficer(o label.OfficerLine) Officer {
	return Officer{ID: o.ID, Revision: o.Revision, Person: o.Person, Name: o.Name, From: o.FromDay, Void: o.Void}
}

func (a *API) listOfficers(ctx context.Context, in *listCandidacies) (*List[Officer], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	lines, err := a.s.Label.Officers(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	key := func(l label.OfficerLine) string { return l.FromDay.String() + "\x1f" + string(l.ID) }
	return list(&in.Paged, slicePage(sorted(lines, key), in.Cursor(), key), renderOfficer), nil
}

// NewOfficer names who looks after a platform.
type NewOfficer struct {
	Person qms.ID   `json:"person,omitempty" doc:"Who holds the role of quality officer on that day; absent: nobody"`
	From   qms.Date `json:"from,omitzero" required:"false" format:"date" doc:"Today when absent"`
}

func (a *API) nameOfficer(ctx context.Context, in *newRecord[NewOfficer]) (*One[Officer], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	o, err := a.s.Label.NameOfficer(ctx, label.NameOfficer{Platform: p.ID, Person: in.Body.Person, From: in.Body.From})
	if err != nil {
		return nil, err
	}
	return one(o.Revision, renderOfficer(label.OfficerLine{Officer: *o})), nil
}

func (a *API) voidOfficer(ctx context.Context, in *changeLabel[Voiding]) (*One[Officer], error) {
	t, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	o, err := a.s.Label.VoidOfficer(ctx, t)
	if err != nil {
		return nil, err
	}
	return one(o.Revision, renderOfficer(label.OfficerLine{Officer: *o})), nil
}

// InstitutionStatement is what is said of an institution.
type InstitutionStatement struct {
	ShortName    string   `json:"short_name" maxLength:"500"`
	Name         string   `json:"name" maxLength:"500"`
	PartnerFrom  qms.Date `json:"partner_from,omitzero" required:"false" format:"date" doc:"First day as a partner of the programme"`
	PartnerUntil qms.Date `json:"partner_until,omitzero" required:"false" format:"date" doc:"First day on which it no longer is"`
}

// Institution is one that may stand behind platforms.
type Institution struct {
	ID       qms.ID `json:"id"`
	Revision int64  `json:"revision" doc:"For If-Match"`
	InstitutionStatement
	Void string `json:"void,omitempty"`
}

func renderInstitution(i label.Institution) Institution {
	return Institution{ID: i.ID, Revision: i.Revision, Void: i.Void,
		InstitutionStatement: InstitutionStatement{ShortName: i.ShortName, Name: i.Name, PartnerFrom: i.PartnerFrom, PartnerUntil: i.PartnerUntil}}
}

var shownInstitution = shown(renderInstitution)

func (a *API) listInstitutions(ctx context.Context, in *Paged) (*List[Institution], error) {
	all, err := a.s.Label.Institutions(ctx)
	if err != nil {
		return nil, err
	}
	key := func(i label.Institution) string { return i.ShortName + "\x1f" + string(i.ID) }
	return list(in, slicePage(sorted(all, key), in.Cursor(), key), renderInstitution), nil
}

type addInstitution struct{ Body InstitutionStatement }

func (b InstitutionStatement) command(t label.Target) label.StateInstitution {
	return label.StateInstitution{Target: t, ShortName: b.ShortName, Name: b.Name, PartnerFrom: b.PartnerFrom, PartnerUntil: b.PartnerUntil}
}

func (a *API) addInstitution(ctx context.Context, in *addInstitution) (*One[Institution], error) {
	return shownInstitution(a.s.Label.AddInstitution(ctx, in.Body.command(label.Target{})))
}

// changeOnSite is a change of a record of the site, at the revision that the client knows.
type changeOnSite[B any] struct {
	IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body B
}

func (in *changeOnSite[B]) target(reason string) (label.Target, error) {
	id, err := qms.ParseID(in.ID)
	if err != nil {
		return label.Target{}, qms.NotFound("record.not_found")
	}
	revision, err := in.Revision()
	return label.Target{ID: id, Revision: revision, Reason: reason}, err
}

// InstitutionCorrection states an institution again.
type InstitutionCorrection struct {
	InstitutionStatement
	Reason string `json:"reason" maxLength:"8000"`
}

func (a *API) correctInstitution(ctx context.Context, in *changeOnSite[InstitutionCorrection]) (*One[Institution], error) {
	t, err := in.target(in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownInstitution(a.s.Label.CorrectInstitution(ctx, in.Body.command(t)))
}

func (a *API) voidInstitution(ctx context.Context, in *changeOnSite[Voiding]) (*One[Institution], error) {
	t, err := in.target(in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownInstitution(a.s.Label.VoidInstitution(ctx, t))
}
