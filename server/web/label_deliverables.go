package web

import (
	"strings"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/trace"
)

// deliverablePages are what the platform brings to its sessions.
func (s *Site) deliverablePages() {
	const all, one = Prefix + "/label/deliverables", Prefix + "/label/deliverables/:number"
	s.page(all, qms.ReadLabel, s.deliverables)
	s.both(all+"/new", qms.WriteLabel, s.newDeliverable, s.askDeliverable)
	s.page(one, qms.ReadLabel, s.deliverable)
	s.both(one+"/deliver", qms.ReadLabel, s.newDelivery, s.deliver)
	s.both(one+"/judge", qms.AccompanyPlatform, s.newJudgement, s.judgeDeliverable)
	s.both(one+"/change", qms.WriteLabel, s.newDeliverableChange, s.changeDeliverable)
	s.both(one+"/drop", qms.AccompanyPlatform, s.deliverableReason, s.dropDeliverable)
	s.both(one+"/void", qms.AccompanyPlatform, s.deliverableReason, s.voidDeliverable)
}

// DeliverablesView is the board of deliverables: what the reader owes first.
type DeliverablesView struct {
	*label.DeliverableList
	meetingWords
	Page  qms.Page[label.Deliverable]
	Mine  []label.Deliverable // owed by the reader; on the first page without filters alone
	Chips []Chip
}

// Session is the number of a session, empty when it is not planned.
func (v DeliverablesView) Session(id qms.ID) string { return v.Sessions[id].Number }

func (p *Page) deliverableFilter() label.DeliverableFilter {
	f := label.DeliverableFilter{State: label.DeliverableState(p.Query("state")), Owed: p.Query("open") != "", Late: p.Query("late") != "", Newest: p.Sort() == "-due"}
	if p.Query("mine") != "" {
		f.Owner = p.Actor.ID
	}
	return f
}

func (s *Site) deliverables(p *Page) (err error) {
	p.SortBy("due")
	p.Title, p.Wide = p.T("page.deliverables.title"), true
	p.Crumb(p.T("page.nav.label"), p.To("label"))
	filter := p.deliverableFilter()
	if p.Exported() || p.Printed() {
		return s.exportDeliverables(p, filter)
	}
	view := DeliverablesView{meetingWords: meetingWords{p}}
	if filter == (label.DeliverableFilter{}) && p.Cursor().After == "" {
		mine, err := s.Label.Deliverables(p.Context(), p.Platform.ID, label.DeliverableFilter{Owed: true, Owner: p.Actor.ID}, qms.Cursor{})
		if err != nil {
			return err
		}
		view.Mine = mine.Page.Items
	}
	if view.DeliverableList, err = s.Label.Deliverables(p.Context(), p.Platform.ID, filter, p.Cursor()); err != nil {
		return err
	}
	view.Page = view.DeliverableList.Page
	view.Chips = p.Chips(func(name, value string) string {
		if name == "state" {
			return p.T("page.deliverables.state_" + value)
		}
		return p.T("page.deliverables.only_" + name)
	}, "state", "open", "late", "mine")
	return p.Render("deliverables_list", view)
}

func (s *Site) exportDeliverables(p *Page, filter label.DeliverableFilter) error {
	w := meetingWords{p}
	return p.Export(export{
		name: "livrables-" + p.Platform.Code + "-" + p.Today.String(), fixed: 1,
		kinds: map[int]cell{3: dayCell, 5: dayCell, 6: countCell, 7: countCell, 9: dayCell},
		heads: []string{"page.deliverables.number", "page.deliverables.what", "page.deliverables.owner", "page.deliverables.due", "page.deliverables.session",
			"page.deliverables.first_due", "page.deliverables.carried", "page.deliverables.redone", "page.deliverables.state", "page.deliverables.delivered",
			"page.deliverables.document", "page.deliverables.note"},
		print: &printing{title: p.T("page.deliverables.title"), asOf: p.Today, widths: []float64{10, 30, 16, 11, 14, 0, 9, 0, 14, 11, 0, 0},
			right: map[int]bool{3: true, 6: true, 9: true}, shapes: map[string]string{p.T("page.deliverables.late"): "late", p.T("page.deliverables.state_accepted"): "done",
				p.T("page.deliverables.state_expected"): "todo", p.T("page.deliverables.state_delivered"): "in-review"}, empty: p.T("page.deliverables.empty")},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			v, err := s.Label.Deliverables(p.Context(), p.Platform.ID, filter, c)
			if err != nil {
				return nil, "", err
			}
			for _, d := range v.Page.Items {
				lines = append(lines, []string{d.Number, d.Title, v.Names[d.Owner], p.InputDate(d.DueOn), v.Sessions[d.DueMeeting].Number, p.InputDate(d.FirstDue),
					count(d.Carried), count(d.Redone), w.WordOf(d), p.InputDate(d.DeliveredOn), strings.TrimSpace(d.Document + " " + d.Version), d.Note})
			}
			return lines, v.Page.Next, nil
		},
	})
}

// DeliverableView is one deliverable, with the form that is about it.
type DeliverableView struct {
	*label.DeliverableSheet
	meetingWords
	Form     *Form
	Files    []trace.Evidence
	Owners   []Option
	Sessions []Option
}

// Name is the name of a person.
func (v DeliverableView) Name(id qms.ID) string { return v.Names[id] }

// Delivers reports whether the reader may say that it was brought.
func (v DeliverableView) Delivers() bool {
	return v.Deliverable.Owed() && (v.Actor.ID == v.Deliverable.Owner || v.Can(qms.WriteLabel))
}

// deliverableView reads the deliverable in the path.
func (s *Site) deliverableView(p *Page, f *Form, title string) (view DeliverableView, err error) {
	view = DeliverableView{meetingWords: meetingWords{p}, Form: f}
	if view.DeliverableSheet, err = s.Label.Deliverable(p.Context(), p.Platform.ID, p.number("number")); err != nil {
		return view, err
	}
	d := view.Deliverable
	p.Title = d.Number
	p.Crumb(p.T("page.deliverables.title"), p.To("label", "deliverables"))
	if title != "" {
		p.Title = p.T(title)
		p.Crumb(d.Number, p.To("label", "deliverables", d.Number))
	}
	view.Owners, view.Sessions = p.deliverableChoices(view.Holders, view.Open)
	if p.c.Method() == "GET" {
		f.Set("revision", d.Revision)
	}
	return view, nil
}

// deliverableChoices are who may owe a deliverable, and at which session.
func (p *Page) deliverableChoices(holders []label.Holder, open []label.Meeting) (owners, sessions []Option) {
	owners, sessions = []Option{{"", p.T("page.meetings.choose")}}, []Option{{"", p.T("page.deliverables.next_session")}}
	for _, h := range holders {
		owners = append(owners, Option{string(h.Person), h.Name})
	}
	for _, m := range open {
		sessions = append(sessions, Option{string(m.ID), m.Number + ", " + p.LongDate(m.Day)})
	}
	return owners, sessions
}

func (s *Site) deliverable(p *Page) error {
	view, err := s.deliverableView(p, p.Form(), "")
	if err != nil {
		return err
	}
	if p.Can(qms.ReadTrace) {
		files, err := s.Trace.EvidenceOf(p.Context(), p.Platform.ID, view.Deliverable.ID)
		if err != nil {
			return err
		}
		view.Files = files[view.Deliverable.ID]
	}
	return p.Render("deliverables_show", view)
}
