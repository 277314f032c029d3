package audits

import (
	"context"
	"strings"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
)

// sessions tells of the accompaniment: its sessions with what was decided at each, and what they asked of
// the platform.
func (g *gathering) sessions(ctx context.Context) error {
	if g.s.label == nil {
		return nil
	}
	f, err := g.s.label.FollowedIn(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return err
	}
	if err := g.followedFiles(ctx, f); err != nil {
		return err
	}
	for _, a := range f.Accompaniments {
		g.shown(a.ID)
		g.tell("sessions", g.accompaniment(&a, f.Names))
	}
	g.tell("sessions", g.meetings(f), g.deliverables(f))
	return nil
}

func (g *gathering) accompaniment(a *label.Accompaniment, names map[qms.ID]string) pack.Panel {
	panel := pack.Panel{Title: g.say.T("pack.accompaniment", g.say.LongDate(a.Start)), Facts: known(
		[2]string{g.say.T("page.meetings.aim"), a.Aim}, [2]string{g.say.T("page.meetings.officer"), names[a.Officer]},
		[2]string{g.say.T("pack.accompaniment_plan"), g.say.T("pack.accompaniment_months", int(a.Months), g.say.LongDate(a.PlannedEnd().AddDays(-1)))})}
	if a.EndedOn != 0 {
		panel.Facts = append(panel.Facts, [2]string{g.say.T("page.meetings.ended"), and(g.say.LongDate(a.EndedOn), g.say.T("page.meetings.ending_"+string(a.Outcome)), a.EndReason)})
	}
	return panel
}

// meetings are the sessions of the period.
func (g *gathering) meetings(f *label.Followed) pack.Panel {
	panel := pack.Panel{Title: g.say.T("page.meetings.title"), Empty: g.say.T("pack.sessions_none"), Columns: g.columns(head{"page.meetings.number", 28}, head{"pack.sessions_present", 36},
		head{"page.meetings.agenda", 44}, head{"pack.sessions_said", 62})}
	for i := range f.Meetings {
		m := &f.Meetings[i]
		if !g.within(m.Day) {
			continue
		}
		g.shown(m.ID)
		var present []string
		for _, a := range m.Attendees {
			if a.Present {
				present = append(present, a.Name)
			}
		}
		number := strong(m.Number)
		number.Below = g.say.Date(m.Day)
		if m.State == label.Planned {
			number.Lines = []string{g.say.T("page.meetings.unrecorded")}
		}
		said := pack.Told{Lines: append(lines(m.Account), lines(m.Decisions)...)}
		for _, w := range m.Worked {
			said.Refs = append(said.Refs, pack.Ref{Text: and(strings.TrimSpace(w.Code+" "+w.Version), w.Words), Mark: pack.DocumentMark(w.Code)})
		}
		said.Refs = append(said.Refs, g.filesOf(m.ID)...)
		panel.Rows = append(panel.Rows, []pack.Told{number, plain(strings.Join(present, ", ")), {Lines: lines(m.Agenda)}, said})
	}
	if n := len(panel.Rows); n > 0 {
		panel.Text = []string{g.say.T("pack.sessions_text", n)}
	}
	return panel
}

// lines are the paragraphs of a text that was typed.
func lines(text string) []string {
	var kept []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// deliverables are what was asked for in the period, and what was still owed at its beginning.
func (g *gathering) deliverables(f *label.Followed) pack.Panel {
	panel := pack.Panel{Title: g.say.T("page.deliverables.title"), Empty: g.say.T("pack.deliverables_none"), Columns: g.columns(head{"page.deliverables.number", 20}, head{"page.deliverables.what", 56},
		head{"page.deliverables.owner", 28}, head{"page.deliverables.asked", 20}, head{"page.deliverables.first_due", 20}, head{"pack.col.state", 36})}
	for i := range f.Deliverables {
		d := &f.Deliverables[i]
		if !g.asks(d) {
			continue
		}
		g.shown(d.ID)
		what := plain(d.Title)
		what.Below = d.Expected
		if d.Document != "" {
			what.Refs = []pack.Ref{{Text: strings.TrimSpace(d.Document + " " + d.Version), Mark: pack.DocumentMark(d.Document)}}
		}
		what.Refs = append(what.Refs, g.filesOf(d.ID)...)
		panel.Rows = append(panel.Rows, []pack.Told{strong(d.Number), what, plain(f.Names[d.Owner]), g.date(d.AskedOn), g.date(d.FirstDue), g.deliverable(d)})
	}
	return panel
}

// asks reports whether the deliverable was asked for in the period, or still owed at its beginning.
func (g *gathering) asks(d *label.Deliverable) bool {
	return d.AskedOn >= g.from || d.Owed() || max(d.DeliveredOn, d.JudgedOn) >= g.from
}

func (g *gathering) deliverable(d *label.Deliverable) pack.Told {
	words := g.say.T("page.deliverables.state_" + string(d.State))
	state := g.state("todo", words)
	switch {
	case d.State == label.Accepted:
		state = g.state("done", words)
	case d.State == label.Delivered:
		state = g.state("in-review", words)
	case d.State == label.Dropped:
		state = g.state("withdrawn", words)
	case d.Late(g.asOf):
		state = g.state("late", "")
	}
	if d.DeliveredOn != 0 {
		state.Below = g.say.T("pack.deliverable_on", d.DeliveredOn)
	}
	if d.Note != "" {
		state.Lines = lines(d.Note)
	}
	return state
}
