package audits

import (
	"cmp"
	"context"
	"slices"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
)

// way reads the way of the platform to the label, once for all sections that tell of it; nil where the
// site has no programme.
func (g *gathering) way(ctx context.Context) (*label.History, error) {
	if g.s.label == nil || g.again("way") {
		return g.history, nil
	}
	var err error
	g.history, err = g.s.label.HistoryIn(ctx, g.r, g.platform, g.asOf)
	return g.history, err
}

// platformSheet adds to the sheet, which is read for every pack as it names who did what, where the
// platform stands.
func (g *gathering) platformSheet(ctx context.Context) error {
	h, err := g.way(ctx)
	if err == nil && h != nil {
		g.c.Platform.Facts = g.standing(h).Facts
	}
	return err
}

// labelHistory tells where the platform stands and what led there.
func (g *gathering) labelHistory(ctx context.Context) error {
	h, err := g.way(ctx)
	if err != nil || h == nil {
		return err
	}
	if err := g.labelFiles(ctx, h); err != nil {
		return err
	}
	g.tell("label", g.standing(h), g.steps(h))
	if len(h.Standing.Milestones) > 0 {
		g.tell("label", g.milestones(h))
	}
	g.tell("label", g.conditions(h), g.otherLabels(h))
	return nil
}

// standing is where the platform stands on the day.
func (g *gathering) standing(h *label.History) pack.Panel {
	s, say := h.Standing, g.say
	words := say.T("page.portfolio.stage_" + string(s.Stage))
	if s.Since != 0 {
		words = and(words, say.T("page.course.since", s.Since))
	}
	if s.Until != 0 {
		words = and(words, say.T("page.course.until", s.Until.AddDays(-1)))
	}
	facts := [][2]string{{say.T("page.portfolio.stage"), words}}
	if l := s.Label; l != nil {
		facts = append(facts, known([2]string{say.T("page.awards.number"), l.Number}, [2]string{say.T("page.awards.body"), l.Body},
			[2]string{say.T("page.awards.perimeter"), l.Perimeter})...)
	}
	var behind string
	for _, i := range h.Behind {
		behind = and(behind, i.ShortName)
	}
	return pack.Panel{Title: say.T("pack.label_standing"), Facts: append(facts, known([2]string{say.T("page.candidacy.institutions"), behind},
		[2]string{say.T("pack.officer"), h.Officer})...)}
}

// happened is one step on the way to the label.
type happened struct {
	on    qms.Date
	what  string
	who   string
	note  string
	state string
	files []pack.Ref
}

// steps lists everything that happened on the way, the earliest first.
func (g *gathering) steps(h *label.History) pack.Panel {
	panel := pack.Panel{Title: g.say.T("pack.label_steps"), Empty: g.say.T("pack.label_steps_none"),
		Columns: g.columns(head{"pack.col.date", 20}, head{"pack.label_step", 62}, head{"pack.label_by", 38}, head{"pack.label_note", 50})}
	for _, one := range g.happened(h) {
		panel.Rows = append(panel.Rows, g.stepRow(one))
	}
	return panel
}

func (g *gathering) stepRow(one happened) []pack.Told {
	return []pack.Told{g.date(one.on), {Text: one.what, State: one.state}, plain(one.who), {Text: one.note, Refs: one.files}}
}

// happened is everything that happened on the way up to the day, the earliest first.
func (g *gathering) happened(h *label.History) (all []happened) {
	add := func(id qms.ID, one happened) {
		if one.on != 0 && one.on <= g.asOf {
			if id != "" {
				g.shown(id)
			}
			all = append(all, one)
		}
	}
	g.candidacySteps(h, add)
	g.missionSteps(h, add)
	g.awardSteps(h, add)
	slices.SortStableFunc(all, func(a, b happened) int { return cmp.Compare(a.on, b.on) }) // of one day, the decision before what follows
	return all
}

func (g *gathering) candidacySteps(h *label.History, add func(qms.ID, happened)) {
	for i := range h.Facts.Candidacies {
		c := &h.Facts.Candidacies[i]
		if c.Void != "" {
			continue
		}
		add(c.ID, happened{on: c.ReceivedOn, what: g.say.T("pack.step_candidacy"), state: "candidate", files: g.filesOf(c.ID)})
		if on, complete := c.LetterOn(); complete {
			var signed string
			for _, s := range c.Signatories {
				signed = and(signed, s.Name)
			}
			add(c.ID, happened{on: on, what: g.say.T("pack.step_letter"), who: signed, state: "done"})
		}
		switch c.Decision {
		case label.Eligible:
			add(c.ID, happened{on: c.DecidedOn, what: g.say.T("pack.step_eligible"), note: c.DecidedWhy, state: "accepted"})
		case label.Ineligible:
			add(c.ID, happened{on: c.DecidedOn, what: g.say.T("pack.step_ineligible"), note: c.DecidedWhy, state: "refused"})
		}
	}
	for _, a := range h.Facts.Accompanied {
		add("", happened{on: a.From, what: g.say.T("pack.step_accompanied"), state: "accompanied"})
		if a.Until != 0 {
			add("", happened{on: a.Until.AddDays(-1), what: g.say.T("pack.step_accompanied_end"), state: "done"})
		}
	}
}

func (g *gathering) missionSteps(h *label.History, add func(qms.ID, happened)) {
	numbers := map[qms.ID]string{}
	for i := range h.Facts.Missions {
		m := &h.Facts.Missions[i]
		numbers[m.ID] = m.Number
		kind := g.say.T("page.missions.kind_" + string(m.Kind))
		add(m.ID, happened{on: m.OpenedOn, what: g.say.T("pack.step_mission", kind, m.Number), state: "evaluation", files: g.filesOf(m.ID)})
		add(m.ID, happened{on: m.VisitThrough, what: g.say.T("pack.step_visit", m.Number), state: "done"})
		add(m.ID, happened{on: m.ReportOn, what: g.say.T("pack.step_report", m.Number), state: "done"})
	}
	for i := range h.Facts.Decisions {
		d := &h.Facts.Decisions[i]
		add(d.ID, happened{on: d.Date, what: g.say.T("pack.step_decision", g.say.T("page.missions.outcome_"+string(d.Outcome)), numbers[d.Mission]),
			who: d.Body, note: d.Note, state: outcomeShape[d.Outcome]})
	}
}

// outcomeShape is the state whose shape stands before what a committee decided.
var outcomeShape = map[label.Outcome]string{label.OutcomeAward: "labelled", label.OutcomeConditions: "remarks", label.OutcomeConfirmed: "labelled",
	label.OutcomeConfirmedIf: "remarks", label.OutcomeSuspension: "suspended", label.OutcomeWithdrawal: "withdrawn", label.OutcomeRefusal: "refused"}

func (g *gathering) awardSteps(h *label.History, add func(qms.ID, happened)) {
	numbers := map[qms.ID]string{}
	for i := range h.Facts.Labels {
		l := &h.Facts.Labels[i]
		numbers[l.ID] = l.Number
		begun := happened{on: l.AwardedOn, what: g.say.T("pack.step_label", l.Number), who: l.Body, note: l.Perimeter, state: "labelled"}
		if l.TakenOver() {
			begun.note = and(begun.note, g.say.T("pack.step_taken_over", l.Source))
		}
		add(l.ID, begun)
		add(l.ID, happened{on: l.EndsOn(), what: g.say.T("pack.step_label_end", l.Number), state: "expired"})
	}
	for i := range h.Facts.Events {
		e := &h.Facts.Events[i]
		state := map[label.EventKind]string{label.EventSuspended: "suspended", label.EventLifted: "valid", label.EventWithdrawn: "withdrawn"}[e.Kind]
		add(e.ID, happened{on: e.Date, what: g.say.T("page.awards.event_"+string(e.Kind)) + " (" + numbers[e.Label] + ")", who: e.Body, note: e.Why, state: state})
	}
}

// milestones are the dates of the label that holds on the day.
func (g *gathering) milestones(h *label.History) pack.Panel {
	panel := pack.Panel{Title: g.say.T("page.awards.dates"),
		Columns: g.columns(head{"page.course.what", 70}, head{"page.course.date", 40}, head{"pack.col.state", 60})}
	for _, m := range h.Standing.Milestones {
		state := g.state("todo", g.say.T("pack.milestone_todo"))
		switch {
		case m.Done != 0:
			state = g.state("done", g.say.T("pack.milestone_done", m.Done))
		case m.On < g.asOf:
			state = g.state("late", "")
		}
		panel.Rows = append(panel.Rows, []pack.Told{strong(g.say.T("page.course.milestone_" + string(m.Kind))), g.date(m.On), state})
	}
	return panel
}

// conditions are those of decisions, met or not.
func (g *gathering) conditions(h *label.History) pack.Panel {
	numbers := map[qms.ID]string{}
	for _, m := range h.Facts.Missions {
		numbers[m.ID] = m.Number
	}
	panel := pack.Panel{Title: g.say.T("page.course.conditions"), Empty: g.say.T("pack.conditions_none"),
		Columns: g.columns(head{"pack.col.mission", 26}, head{"page.missions.condition", 60}, head{"page.missions.condition_due", 22}, head{"pack.col.state", 62})}
	for i := range h.Conditions {
		c := &h.Conditions[i]
		g.shown(c.ID)
		state := g.state("open", "")
		switch {
		case c.LiftedOn != 0 && c.LiftedOn <= g.asOf:
			state = g.state("done", g.say.T("page.missions.lifted", c.LiftedOn))
			state.Below = c.Evidence
		case c.DueOn < g.asOf:
			state = g.state("late", "")
		}
		panel.Rows = append(panel.Rows, []pack.Told{strong(numbers[c.Mission]), plain(c.Words), g.date(c.DueOn), state})
	}
	return panel
}

// otherLabels are those of other bodies.
func (g *gathering) otherLabels(h *label.History) pack.Panel {
	panel := pack.Panel{Title: g.say.T("page.others.title"), Empty: g.say.T("pack.other_labels_none"),
		Columns: g.columns(head{"page.others.kind", 40}, head{"page.others.body", 44}, head{"page.others.number", 26}, head{"page.others.from", 20}, head{"page.others.through", 40})}
	for i := range h.Others {
		o := &h.Others[i]
		g.shown(o.ID)
		name := o.Name
		if o.Kind != label.OtherAny {
			name = and(g.say.T("page.others.kind_"+string(o.Kind)), o.Name)
		}
		through := g.state("valid", g.say.T("page.others.no_end"))
		if o.UntilDate != 0 {
			through = g.state("valid", g.lastDay(o.UntilDate))
			if o.UntilDate <= g.asOf {
				through.State = "expired"
			}
		}
		panel.Rows = append(panel.Rows, []pack.Told{{Text: name, Strong: true, Below: o.Perimeter, Refs: g.filesOf(o.ID)}, plain(o.Body), plain(o.Number), g.date(o.FromDate), through})
	}
	return panel
}
