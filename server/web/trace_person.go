package web

import (
	"io"
	"strings"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// PersonView is what a platform knows of a person.
type PersonView struct {
	*trace.PersonSheet
	Teaches []trace.TrainerLine // of all times
	Roles   []people.Held       // on this platform, of all times
	Past    qms.Date
}

func (s *Site) person(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	sheet, err := s.Trace.PersonSheet(p.Context(), p.Platform.ID, p.number("person"), asOf)
	if err != nil {
		return err
	}
	teaches, err := s.Trace.Trainers(p.Context(), p.Platform.ID, trace.TrainerFilter{AsOf: asOf, Person: sheet.Person.ID, Past: true})
	if err != nil {
		return err
	}
	if p.Printed() {
		return s.printPerson(p, sheet, teaches)
	}
	view := PersonView{PersonSheet: sheet, Teaches: teaches, Past: p.asOfNote(asOf)}
	held, err := s.People.Grants(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Person == sheet.Person.ID {
			view.Roles = append(view.Roles, h)
		}
	}
	p.Title = sheet.Person.Name
	p.Crumb(p.T("page.trainings.title"), p.To("people"))
	return p.Render("people_show", view)
}

// Counts is how many skills stand so.
func (v PersonView) Counts(standing string) (n int) {
	for _, skill := range v.Skills {
		if string(skill.Cover.Standing) == standing {
			n++
		}
	}
	return n
}

// LastDay is the last day of a cover; none when it has no end.
func (v PersonView) LastDay(c trace.Cover) qms.Date { return c.Until.AddDays(-1) }

// printPerson is the sheet of one person's trainings on paper.
func (s *Site) printPerson(p *Page, sheet *trace.PersonSheet, teaches []trace.TrainerLine) error {
	out := p.personPaper(s, sheet.Person.Name, sheet.AsOf)
	out.Platform = p.Platform.Name
	for _, fact := range [][2]string{{"page.skills.code", sheet.Person.Code}, {"page.people.email", sheet.Person.Email},
		{"page.people.member", p.memberWords(sheet.Person.From, sheet.Person.Until)}} {
		if fact[1] != "" {
			out.Facts = append(out.Facts, [2]string{p.T(fact[0]), fact[1]})
		}
	}
	out.Sections = append(out.Sections, p.skillSection(p.T("page.people.skills"), sheet.Skills))
	trains := pack.LifeSection{Title: p.T("page.people.teaches"), Empty: p.T("page.people.teaches_none"), Columns: []pack.ListColumn{
		{Title: p.T("page.trainings.equipment"), Width: 100}, {Title: p.T("page.trainers.from"), Width: 30, Right: true}, {Title: p.T("page.trainers.last_day"), Width: 30, Right: true}}}
	for _, l := range teaches {
		if l.Trainer.Void == "" {
			trains.Lines = append(trains.Lines, []pack.ListCell{{Text: labelOf(l.Equipment.Code, l.Equipment.Name)}, {Text: p.Date(l.Trainer.ValidFrom)}, {Text: p.Date(l.Trainer.ValidUntil.AddDays(-1))}})
		}
	}
	used := pack.LifeSection{Title: p.T("page.people.use_counts"), Empty: p.T("page.people.no_use"), Columns: []pack.ListColumn{
		{Title: p.T("page.trainings.equipment"), Width: 100}, {Title: p.T("page.people.uses"), Width: 25, Right: true}, {Title: p.T("page.people.last_use"), Width: 30, Right: true}}}
	for _, c := range sheet.UseCounts {
		used.Lines = append(used.Lines, []pack.ListCell{{Text: labelOf(c.Equipment.Code, c.Equipment.Name)}, {Text: p.Number(int64(c.Count))}, {Text: p.Date(c.Last)}})
	}
	out.Sections = append(out.Sections, trains, used)
	return p.printed("habilitation-"+fileCode(strings.ToLower(strings.ReplaceAll(sheet.Person.Name, " ", "-"))), func(w io.Writer) error { return pack.PrintSheet(w, out) })
}

// personPaper begins the sheet of a person.
func (p *Page) personPaper(s *Site, name string, asOf qms.Date) *pack.Sheet {
	out := &pack.Sheet{Language: p.Lang(), Platform: "Maillon", Title: p.T("page.people.paper"), Name: name, AsOf: asOf, MadeAt: s.Clock()}
	if c := p.Checkpoint(); c != nil {
		out.Checkpoint = c.Words
	}
	return out
}

// skillSection is a person's trainings as a table on paper, every one of each chain.
func (p *Page) skillSection(title string, skills []trace.Skill) pack.LifeSection {
	section := pack.LifeSection{Title: title, Empty: p.T("page.people.no_skill"), Columns: []pack.ListColumn{{Title: p.T("page.trainings.equipment"), Width: 46},
		{Title: p.T("page.trainings.standing"), Width: 28}, {Title: p.T("page.trainings.date"), Width: 21, Right: true}, {Title: p.T("page.trainings.through"), Width: 22, Right: true},
		{Title: p.T("page.trainings.trainer"), Width: 30}, {Title: p.T("page.trainings.taught"), Width: 27}}}
	for _, skill := range skills {
		for i, l := range skill.Chain {
			piece := pack.ListCell{}
			if i == 0 {
				piece = pack.ListCell{Text: labelOf(skill.Equipment.Code, skill.Equipment.Name), Strong: true}
			}
			through := p.T("page.trainings.for_ever")
			if until := l.Training.Validity().Until; until != 0 {
				through = p.Date(until.AddDays(-1))
			}
			section.Lines = append(section.Lines, []pack.ListCell{piece, {Text: p.T("state." + string(l.Standing)), State: string(l.Standing)}, {Text: p.Date(l.Training.Date)},
				{Text: through}, {Text: l.Trainer.Name}, {Text: strings.TrimSpace(l.Training.Procedure + " " + l.Training.ProcedureVersion)}})
		}
	}
	return section
}

// memberWords say from when to when; nothing when both are open.
func (p *Page) memberWords(from, until qms.Date) string {
	switch {
	case from != 0 && until != 0:
		return p.T("page.people.from_to", from, until.AddDays(-1))
	case from != 0:
		return p.T("page.people.since", from)
	case until != 0:
		return p.T("page.people.up_to", until.AddDays(-1))
	}
	return ""
}

// MemberWords is the same for templates.
func (p *Page) MemberWords(from, until qms.Date) string { return p.memberWords(from, until) }

// OwnView is one's own trainings on every platform.
type OwnView struct{ Parts []OwnPart }

// OwnPart is one's own trainings on one platform.
type OwnPart struct {
	trace.OwnSkills
	Name string // of the platform
	Code string
}

// LastDay is the last day of a cover; none when it has no end.
func (v OwnView) LastDay(c trace.Cover) qms.Date { return c.Until.AddDays(-1) }

func (s *Site) ownTrainings(p *Page) error {
	byID := map[qms.ID]people.Platform{}
	var ids []qms.ID
	for _, pf := range p.Platforms {
		byID[pf.ID] = pf
		ids = append(ids, pf.ID)
	}
	own, err := s.Trace.OwnSkills(p.Context(), ids)
	if err != nil {
		return err
	}
	view := OwnView{}
	for _, o := range own {
		view.Parts = append(view.Parts, OwnPart{o, byID[o.Platform].Name, byID[o.Platform].Code})
	}
	p.Title = p.T("page.people.own")
	if p.Printed() {
		out := p.personPaper(s, p.Actor.Name, p.Today)
		for _, part := range view.Parts {
			out.Sections = append(out.Sections, p.skillSection(part.Name, part.Skills))
		}
		return p.printed("mes-habilitations", func(w io.Writer) error { return pack.PrintSheet(w, out) })
	}
	return p.Render("people_own", view)
}
