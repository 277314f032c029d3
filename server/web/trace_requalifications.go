package web

import (
	"context"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// requalificationPages are what new versions of procedures ask for of those who were taught older ones.
func (s *Site) requalificationPages() {
	const all = Prefix + "/people/requalifications"
	s.page(all, qms.ReadTrace, s.requalifications)
	s.both(all+"/:procedure/:version", qms.ManageEquipment, s.newRequalification, s.decideRequalification)
}

// RequalificationsView is the proposals of a day, and the form that decides one of them.
type RequalificationsView struct {
	*trace.Requalifications
	Past    qms.Date
	Form    *Form
	One     *trace.ProposalLine
	Answers []Option
}

func (s *Site) requalifications(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	q, err := s.Trace.Requalifications(p.Context(), p.Platform.ID, asOf)
	if err != nil {
		return err
	}
	p.Title = p.T("page.requalify.title")
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	return p.Render("requalifications_list", RequalificationsView{Requalifications: q, Past: p.asOfNote(asOf)})
}

// proposalOf is the proposal in the path, as of today.
func (s *Site) proposalOf(p *Page, f *Form) (RequalificationsView, error) {
	q, err := s.Trace.Requalifications(p.Context(), p.Platform.ID, 0)
	if err != nil {
		return RequalificationsView{}, err
	}
	p.Title = p.T("page.requalify.decide")
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	p.Crumb(p.T("page.requalify.title"), p.To("people", "requalifications"))
	for i := range q.Proposals {
		l := &q.Proposals[i]
		if l.Procedure == trace.Normal(p.number("procedure")) && l.Version == trace.NormalVersion(p.number("version")) {
			return RequalificationsView{Requalifications: q, Form: f, One: l, Answers: p.options("page.requalify.answer_", "required", "not-required")}, nil
		}
	}
	return RequalificationsView{}, qms.NotFound("record.not_found")
}

func (s *Site) newRequalification(p *Page) error {
	f := p.Form()
	view, err := s.proposalOf(p, f)
	if err != nil {
		return err
	}
	if d := view.One.Decision; d != nil {
		f.Set("due_on", d.DueOn)
	}
	return p.Render("requalifications_decide", view)
}

func (s *Site) decideRequalification(p *Page) error {
	f := p.Form()
	view, err := s.proposalOf(p, f)
	if err != nil {
		return err
	}
	cmd := trace.DecideRequalification{Platform: p.Platform.ID, Procedure: view.One.Procedure, Version: view.One.Version,
		Required: f.Need("answer").Text("answer") == "required", DueOn: f.Date("due_on"), Reason: f.Text("reason")}
	if err = f.Err(); err == nil {
		_, err = s.Trace.DecideRequalification(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("requalifications_decide", f, err, view)
	}
	return p.Done(p.To("people", "requalifications"), "page.requalify.decided", cmd.Procedure, cmd.Version)
}

// RequalificationBoard is what new versions of procedures have to say on the home of a platform.
type RequalificationBoard struct{ Trace *trace.Service }

// Board names the proposals that wait for a decision.
func (b RequalificationBoard) Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error) {
	var part BoardPart
	if !qms.ActorFrom(ctx).Can(qms.ManageEquipment.On(platform.ID)) {
		return part, nil
	}
	q, err := b.Trace.Requalifications(ctx, platform.ID, today)
	if err != nil {
		return part, err
	}
	for _, l := range q.Proposals {
		if l.Decision == nil {
			part.Todo = append(part.Todo, BoardItem{State: "todo", Title: Say("page.requalify.board", l.Procedure, l.Version), On: l.Since,
				Small: Say("page.requalify.concerned", len(l.Trainings)), Parts: []string{"people", "requalifications"}})
		}
	}
	return part, nil
}
