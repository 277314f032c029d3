package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
)

// portfolio is where all platforms of the programme stand.
func (a *API) portfolio() {
	register(a, get("/portfolio", "list-portfolio", "Where every platform stands, or stood on a day, by code", "label"), a.listPortfolio)
}

// PortfolioPlatform is one platform of the portfolio.
type PortfolioPlatform struct {
	Code           string          `json:"code"`
	Name           string          `json:"name"`
	Stage          label.Stage     `json:"stage" enum:"identified,candidate,accompanied,evaluation,labelled,refused,suspended,withdrawn,expired"`
	Since          qms.Date        `json:"since,omitzero" format:"date"`
	Officer        qms.ID          `json:"officer,omitempty" doc:"Who looks after it; absent when nobody does"`
	OfficerName    string          `json:"officer_name,omitempty"`
	Institutions   []qms.ID        `json:"institutions" nullable:"false"`
	Accompanied    qms.Date        `json:"accompanied_from,omitzero" format:"date" doc:"First day of the latest accompaniment"`
	PlannedEnd     qms.Date        `json:"planned_end,omitzero" format:"date"`
	EndedOn        qms.Date        `json:"accompaniment_ended_on,omitzero" format:"date"`
	Sessions       int             `json:"sessions" doc:"Held in the latest accompaniment"`
	LastSession    qms.Date        `json:"last_session,omitzero" format:"date"`
	Owed           int             `json:"deliverables_owed"`
	Overdue        int             `json:"deliverables_late"`
	Label          string          `json:"label,omitempty" doc:"Number of the latest label"`
	LabelUntil     qms.Date        `json:"label_until,omitzero" format:"date" doc:"First day without it"`
	OpenConditions int             `json:"open_conditions"`
	Others         []OtherHeld     `json:"other_labels" nullable:"false" doc:"Of other bodies, by their first day, those that ended too"`
	Dates          []PortfolioDate `json:"dates" nullable:"false" doc:"What falls due, what is late first"`
}

// OtherHeld is a label of another body.
type OtherHeld struct {
	ID     qms.ID          `json:"id"`
	Kind   label.OtherKind `json:"kind" enum:"ibisa,iso-9001,nf-x50-900,iso-17025,other"`
	Name   string          `json:"name" doc:"As people call it" example:"ISO 9001"`
	Body   string          `json:"body" doc:"Who awarded it"`
	Number string          `json:"number,omitempty"`
	From   qms.Date        `json:"from" format:"date"`
	Until  qms.Date        `json:"until,omitzero" format:"date" doc:"First day without it; absent where it has no end"`
}

// PortfolioDate is one date of a platform.
type PortfolioDate struct {
	Kind  string   `json:"kind" example:"session"`
	Title string   `json:"title,omitempty"`
	On    qms.Date `json:"on" format:"date"`
	Late  bool     `json:"late"`
}

type portfolioLine struct {
	label.PortfolioLine
	code, name, officer string
	day                 qms.Date
}

func renderPortfolio(l portfolioLine) PortfolioPlatform {
	out := PortfolioPlatform{Code: l.code, Name: l.name, Stage: l.Standing.Stage, Since: l.Standing.Since, Officer: l.Officer, OfficerName: l.officer,
		Institutions: []qms.ID{}, Accompanied: l.Start, PlannedEnd: l.PlannedEnd, EndedOn: l.EndedOn, Sessions: l.Sessions, LastSession: l.LastSession,
		Owed: l.Owed, Overdue: l.Overdue, LabelUntil: l.Standing.Until, OpenConditions: len(l.Conditions), Dates: []PortfolioDate{}, Others: []OtherHeld{}}
	out.Institutions = append(out.Institutions, l.Institutions...)
	if l.Standing.Label != nil {
		out.Label = l.Standing.Label.Number
	}
	for _, d := range l.Dates {
		out.Dates = append(out.Dates, PortfolioDate{Kind: d.Kind, Title: d.Title, On: d.On, Late: d.On < l.day})
	}
	for i := range l.Others {
		o := &l.Others[i]
		out.Others = append(out.Others, OtherHeld{ID: o.ID, Kind: o.Kind, Name: o.Called(), Body: o.Body, Number: o.Number, From: o.FromDate, Until: o.UntilDate})
	}
	return out
}

type listPortfolio struct {
	Paged
	AsOf
	Stage       string `query:"stage" enum:"identified,candidate,accompanied,evaluation,labelled,refused,suspended,withdrawn,expired"`
	Officer     string `query:"officer" maxLength:"36" doc:"ID of a quality officer"`
	Institution string `query:"institution" maxLength:"36" doc:"ID of an institution"`
	Late        bool   `query:"late" doc:"Only those with something late"`
}

func (a *API) listPortfolio(ctx context.Context, in *listPortfolio) (*List[PortfolioPlatform], error) {
	day, err := in.Day(0)
	if err != nil {
		return nil, err
	}
	whole, err := a.s.Label.Portfolio(ctx, day)
	if err != nil {
		return nil, err
	}
	platforms, err := a.s.People.Platforms(ctx)
	if err != nil {
		return nil, err
	}
	filter := label.PortfolioFilter{Stage: label.Stage(in.Stage), Officer: qms.ID(in.Officer), Institution: qms.ID(in.Institution), Late: in.Late}
	known := map[qms.ID]label.PortfolioLine{}
	for _, l := range whole.Lines {
		known[l.Platform] = l
	}
	var lines []portfolioLine
	for _, p := range platforms {
		l, ok := known[p.ID]
		if !ok {
			l = label.PortfolioLine{Platform: p.ID, Standing: label.Standing{Stage: label.StageIdentified}}
		}
		if filter.Keeps(&l, whole.Day) {
			lines = append(lines, portfolioLine{l, p.Code, p.Name, whole.Names[l.Officer], whole.Day})
		}
	}
	key := func(l portfolioLine) string { return l.code }
	return list(&in.Paged, slicePage(sorted(lines, key), in.Cursor(), key), renderPortfolio), nil
}
