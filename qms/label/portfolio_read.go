package label

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// Portfolio tells where every platform stood at the end of a day, today when it is none, in one statement and
// the names of the officers. What was asked, delivered, decided or awarded later is left out; the days planned
// for sessions and deliverables are those known today. It refuses a day to come: nothing stands on it yet.
func (s *Service) Portfolio(ctx context.Context, day qms.Date) (p *Portfolio, err error) {
	err = s.db.View(ctx, qms.AccompanyPlatform.OnSite(), func(r store.Reader) error {
		if day == 0 {
			day = r.Today()
		}
		if day > r.Today() {
			return qms.InvalidFields(qms.Wrong("as_of", "portfolio.to_come", r.Today()))
		}
		p, err = portfolioOn(ctx, r, day)
		if err != nil {
			return err
		}
		return s.settleOfficers(ctx, r, p)
	})
	return p, err
}

// followed is what is read of one platform.
type followed struct {
	line           PortfolioLine
	facts          Facts
	candidacies    []Candidacy
	accompaniments []Accompaniment
	meetings       map[qms.ID][]Meeting // by accompaniment
	owed           []Deliverable
	conditions     []AwardCondition
	others         []OtherLabel
}

// gathering puts the rows of the portfolio together.
type gathering struct {
	day          qms.Date
	institutions []Institution
	of           map[qms.ID]*followed
}

func portfolioOn(ctx context.Context, r store.Reader, day qms.Date) (*Portfolio, error) {
	g := &gathering{day: day, of: map[qms.ID]*followed{}}
	if err := portfolioRows(ctx, r, day, g.take); err != nil {
		return nil, err
	}
	p := &Portfolio{Day: day, Institutions: g.institutions}
	for _, f := range g.of {
		p.Lines = append(p.Lines, f.finish(day))
	}
	slices.SortFunc(p.Lines, func(a, b PortfolioLine) int { return cmp.Compare(a.Platform, b.Platform) })
	return p, nil
}

func (g *gathering) platform(id qms.ID) *followed {
	if g.of[id] == nil {
		g.of[id] = &followed{line: PortfolioLine{Platform: id}, meetings: map[qms.ID][]Meeting{}}
	}
	return g.of[id]
}

// civil reads a day that the database said; none for an empty text.
func civil(text string) qms.Date {
	if len(text) > 10 {
		text = text[:10]
	}
	d, err := qms.ParseDate(text)
	if err != nil {
		return 0
	}
	return d
}

// take notes one row. What is dated later than the day is left to the rules, which know of days.
func (g *gathering) take(w portfolioRow) error {
	row := qms.Row{ID: w.id, Platform: w.platform}
	if w.kind == 0 {
		g.institutions = append(g.institutions, Institution{Row: row, ShortName: w.a, Name: w.b, PartnerFrom: civil(w.c), PartnerUntil: civil(w.d)})
		return nil
	}
	f := g.platform(w.platform)
	switch w.kind {
	case 1:
		if civil(w.b) <= g.day {
			f.line.Officer = qms.ID(w.a)
		}
	case 2:
		return f.candidacy(row, w)
	case 3, 4, 5:
		f.accompaniment(row, w)
	default:
		f.label(row, w)
	}
	return nil
}

func (f *followed) candidacy(row qms.Row, w portfolioRow) error {
	c := Candidacy{Row: row, ReceivedOn: civil(w.a), Decision: Receivability(w.d), DecidedOn: civil(w.e), EndedOn: civil(w.f), Direct: w.g != ""}
	var err error
	if c.Institutions, err = unpacked[qms.ID](w.b); err != nil {
		return err
	}
	c.Signatories, err = unpacked[Signatory](w.c)
	f.candidacies = append(f.candidacies, c)
	return err
}

func (f *followed) accompaniment(row qms.Row, w portfolioRow) {
	switch w.kind {
	case 3:
		months, _ := strconv.Atoi(w.b)
		f.accompaniments = append(f.accompaniments, Accompaniment{Row: row, Start: civil(w.a), Months: qms.Months(months), Officer: qms.ID(w.c), EndedOn: civil(w.d), Outcome: Ending(w.e)})
	case 4:
		of := qms.ID(w.a)
		f.meetings[of] = append(f.meetings[of], Meeting{Row: row, Accompaniment: of, Number: w.b, Day: civil(w.c), State: MeetingState(w.d)})
	case 5:
		carried, _ := strconv.ParseInt(w.g, 10, 64)
		f.owed = append(f.owed, Deliverable{Row: row, Accompaniment: qms.ID(w.a), Number: w.b, Title: w.c, AskedOn: civil(w.d), DueOn: civil(w.e),
			FirstDue: civil(w.f), Carried: carried, State: ToDeliver})
	}
}

func (f *followed) label(row qms.Row, w portfolioRow) {
	switch w.kind {
	case 6:
		f.facts.Missions = append(f.facts.Missions, Mission{Row: row, Number: w.a, Kind: MissionKind(w.b), Label: qms.ID(w.c), OpenedOn: civil(w.d),
			VisitFrom: civil(w.e), ReportOn: civil(w.f), ObservationsOn: civil(w.g)})
	case 7:
		f.facts.Decisions = append(f.facts.Decisions, MissionDecision{Row: row, Mission: qms.ID(w.a), Outcome: Outcome(w.b), Date: civil(w.c)})
	case 8:
		f.facts.Labels = append(f.facts.Labels, Label{Row: row, Number: w.a, AwardedOn: civil(w.b), Renews: qms.ID(w.c), Decision: qms.ID(w.d), Mission: qms.ID(w.e),
			FollowedFirst: civil(w.f), FollowedSecond: civil(w.g)})
	case 9: // in the order of the day and of entry, which identifiers keep
		f.facts.Events = append(f.facts.Events, AwardEvent{Row: row, Label: qms.ID(w.a), Kind: EventKind(w.b), Date: civil(w.c)})
	case 10:
		position, _ := strconv.ParseInt(w.c, 10, 64)
		f.conditions = append(f.conditions, AwardCondition{Row: row, Mission: qms.ID(w.a), Decision: qms.ID(w.b), Position: position, DueOn: civil(w.d),
			LiftedOn: civil(w.e), Words: w.f})
	case 11:
		f.others = append(f.others, OtherLabel{Row: row, Kind: OtherKind(w.a), Name: w.b, Body: w.c, Number: w.d, FromDate: civil(w.e), UntilDate: civil(w.f),
			Closed: w.g})
	}
}

// finish draws the line out of what was read.
func (f *followed) finish(day qms.Date) PortfolioLine {
	l := &f.line
	f.state()
	l.Standing = f.facts.StandingOn(day)
	f.known(day)
	if l.Candidacy = CurrentIn(f.candidacies, day); l.Candidacy != nil {
		l.Institutions = l.Candidacy.Institutions
		if d, owed := l.Candidacy.due(day, l.Officer); owed {
			l.Dates = append(l.Dates, PortfolioDate{Kind: d.Kind, On: d.On, Parts: d.Parts})
		}
	} else {
		for _, c := range f.candidacies { // of one that ended: who stands behind a platform seldom changes
			if c.ReceivedOn <= day {
				l.Institutions = c.Institutions
			}
		}
	}
	f.accompanied(day)
	f.labelled(day)
	slices.SortStableFunc(l.Dates, func(a, b PortfolioDate) int {
		return cmp.Or(cmp.Compare(a.On, b.On), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Title, b.Title))
	})
	return f.line
}

// known leaves out what came after the day.
func (f *followed) known(day qms.Date) {
	l := &f.line
	for _, one := range f.facts.Labels {
		if one.AwardedOn <= day {
			l.Labels = append(l.Labels, one)
		}
	}
	for _, e := range f.facts.Events {
		if e.Date <= day {
			l.Events = append(l.Events, e)
		}
	}
	for _, m := range f.facts.Missions {
		if m.OpenedOn <= day {
			l.Missions = append(l.Missions, m)
		}
	}
	for _, o := range f.others {
		if o.FromDate <= day {
			l.Others = append(l.Others, o)
		}
	}
}

// labelled tells what the label and its missions make due.
func (f *followed) labelled(day qms.Date) {
	l, numbers := &f.line, map[qms.ID]string{}
	for _, m := range f.facts.Missions {
		numbers[m.ID] = m.Number
		if m.observable(day) && f.facts.decided(m.ID, day) == 0 {
			l.Dates = append(l.Dates, PortfolioDate{Kind: dueObservations, Title: m.Number, On: m.ObservableUntil(), Parts: []string{"label", "missions", m.Number, "observations"}})
		}
	}
	for _, o := range l.Others {
		if o.Closed == "" && o.UntilDate != 0 {
			l.Dates = append(l.Dates, PortfolioDate{Kind: dueOtherLabel, Title: o.Called(), On: o.UntilDate, Parts: []string{"label", "others", string(o.ID)}})
		}
	}
	for _, m := range l.Standing.Milestones {
		if m.Done != 0 {
			continue
		}
		d := PortfolioDate{Kind: string(m.Kind), On: m.On, Parts: []string{"label", "missions"}}
		if open := f.facts.openFor(l.Standing.Label.ID, m.Kind, day); open != nil {
			d.Title, d.Parts = open.Number, append(d.Parts, open.Number)
		}
		l.Dates = append(l.Dates, d)
	}
	for _, c := range f.conditions {
		if c.openOn(day) && f.facts.decided(c.Mission, day) != 0 {
			l.Conditions = append(l.Conditions, c)
			l.Dates = append(l.Dates, PortfolioDate{Kind: dueCondition, Title: c.Words, On: c.DueOn, Parts: []string{"label", "missions", numbers[c.Mission]}})
		}
	}
}

// accompanied tells how far the latest accompaniment is.
func (f *followed) accompanied(day qms.Date) {
	l, current := &f.line, (*Accompaniment)(nil)
	for i := range f.accompaniments {
		if a := &f.accompaniments[i]; a.Start <= day {
			current = a
		}
	}
	if current == nil {
		return
	}
	l.Start, l.Months, l.PlannedEnd = current.Start, current.Months, current.PlannedEnd()
	if current.EndedOn != 0 && current.EndedOn <= day {
		l.EndedOn = current.EndedOn
	}
	meetings := f.meetings[current.ID]
	l.met(meetings, day)
	if !current.OpenOn(day) {
		return
	}
	if l.leads = current.Officer; l.Officer == "" {
		l.Officer = current.Officer
	}
	s := nextSessionDue(current, meetings, day)
	l.Dates = append(l.Dates, PortfolioDate{Kind: s.Kind, Title: s.Title, On: s.On, Parts: s.Parts})
	f.owes(current, day)
}

// met counts the sessions as far as was known on the day: one that was held later is planned again.
func (l *PortfolioLine) met(meetings []Meeting, day qms.Date) {
	for i := range meetings {
		m := &meetings[i]
		if m.State == Held && m.Day > day {
			m.State = Planned
		}
		switch {
		case m.State == Held && m.Day <= day:
			l.Sessions, l.LastSession = l.Sessions+1, max(l.LastSession, m.Day)
		case m.State == Planned && m.Day >= day && l.NextSession == 0:
			l.NextSession = m.Day
		}
	}
}

// owes counts what the accompaniment waits for.
func (f *followed) owes(current *Accompaniment, day qms.Date) {
	l := &f.line
	for _, d := range f.owed {
		if d.Accompaniment != current.ID {
			continue
		}
		l.Owed, l.Carried = l.Owed+1, l.Carried+int(d.Carried)
		if d.Late(day) {
			l.Overdue++
		}
		l.Dates = append(l.Dates, PortfolioDate{Kind: dueDeliverable, Title: d.Number + " " + d.Title, On: d.DueOn, Parts: []string{"label", "deliverables", d.Number}})
	}
}

// state hands the rules what the candidacies and the accompaniments tell of the way.
func (f *followed) state() {
	f.facts.Candidacies = f.candidacies
	for _, a := range f.accompaniments {
		f.facts.Accompanied = append(f.facts.Accompanied, qms.Period{From: a.Start, Until: a.EndedOn.AddDays(1)})
	}
}
