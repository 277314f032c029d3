package pack

import (
	"io"
	"strings"
	"time"

	"maillon/qms"
)

// Mission is the report of an evaluation: who evaluated, what was visited, what was found on every criterion,
// the report itself, what the platform observes and what was decided. It is plain data, in the words of its
// language; the same Mission gives the same bytes.
type Mission struct {
	Language   string
	Platform   string // its name
	Number     string
	Kind       string
	On         qms.Date    // of the report; of the opening before there is one
	State      string      // whose shape stands before Status
	Status     string      // in words
	Facts      [][2]string // visit, referential, exercises, access
	Evaluators []MissionPerson
	Plan       [][4]string // day, hours, topic, with whom
	Tallies    []MissionTally
	Chapters   []MissionChapter
	Report     string
	Signed     string // by whom and when; empty before the report
	Observed   string // what the platform observes
	ObservedBy string
	Decision   string // what was decided by whom and when; empty before
	Note       string
	Conditions []CertificateCondition
	MadeAt     time.Time
}

// MissionPerson is an evaluator, with what became of the declaration of independence.
type MissionPerson struct{ Name, Part, State, Declared string }

// MissionTally is how many criteria have a finding.
type MissionTally struct {
	Word  string
	Count int
}

// MissionChapter is one theme of the grid.
type MissionChapter struct {
	Name  string
	Lines []MissionLine
}

// MissionLine is one criterion with what was found.
type MissionLine struct{ Code, Criterion, State, Finding, Note string }

// PrintMission writes the report as a PDF on A4: heads of tables on every page, page n/N.
func PrintMission(w io.Writer, m *Mission) error { return settle(w, "mission", m.compose) }

func (m *Mission) compose(total int) *paper {
	p := sheetHead{Language: m.Language, Title: "pack.mission.title", Number: m.Number, Platform: m.Platform, Kind: m.Kind, On: m.On, MadeAt: m.MadeAt,
		State: m.State, Status: m.Status, Facts: m.Facts}.paper(total)
	p.missionDecision(m)
	p.missionPeople(m)
	if m.Signed != "" {
		p.said("pack.mission.report", m.Report, true)
		p.paragraph(m.Signed, note)
		p.said("pack.mission.observations", m.Observed, true)
		if m.ObservedBy != "" {
			p.paragraph(m.ObservedBy, note)
		}
	}
	p.missionGrid(m)
	return p
}

// missionDecision says what was decided, and under which conditions.
func (p *paper) missionDecision(m *Mission) {
	if m.Decision == "" {
		return
	}
	p.subtitle(p.say.T("pack.mission.decision"), 16)
	p.paragraph(m.Decision, strong)
	if m.Note != "" {
		p.paragraph(m.Note, body)
	}
	if len(m.Conditions) == 0 {
		return
	}
	p.y += 2
	rows := make([][]cell, 0, len(m.Conditions))
	for _, c := range m.Conditions {
		state := cell{text: p.word("open"), state: "open"}
		if c.LiftedOn != 0 {
			state = cell{text: p.say.T("page.missions.lifted", c.LiftedOn), state: "done"}
		}
		rows = append(rows, []cell{text(c.Words), text(p.say.Date(c.DueOn)), state})
	}
	p.table([]column{{p.say.T("page.missions.condition"), 110, false}, {p.say.T("page.missions.condition_due"), 25, true}, {p.say.T("pack.col.state"), 35, false}}, rows)
}

// missionPeople lists the evaluators and the plan of the visit.
func (p *paper) missionPeople(m *Mission) {
	p.subtitle(p.say.T("page.missions.evaluators"), 24)
	if len(m.Evaluators) == 0 {
		p.empty(p.say.T("page.missions.no_evaluator"))
	} else {
		rows := make([][]cell, 0, len(m.Evaluators))
		for _, e := range m.Evaluators {
			rows = append(rows, []cell{{text: e.Name, strong: true, below: e.Part}, {text: e.Declared, state: e.State}})
		}
		p.table([]column{{p.say.T("page.missions.evaluator"), 60, false}, {p.say.T("page.missions.independence"), 110, false}}, rows)
	}
	if len(m.Plan) == 0 {
		return
	}
	p.subtitle(p.say.T("page.missions.plan"), 24)
	rows := make([][]cell, 0, len(m.Plan))
	for _, i := range m.Plan {
		rows = append(rows, []cell{text(i[0]), text(i[1]), bold(i[2]), text(i[3])})
	}
	p.table([]column{{p.say.T("page.missions.day"), 22, false}, {p.say.T("page.missions.hours"), 28, false}, {p.say.T("page.missions.topic"), 70, false},
		{p.say.T("page.missions.with"), 50, false}}, rows)
}

// missionGrid lists what was found on every criterion, chapter by chapter.
func (p *paper) missionGrid(m *Mission) {
	p.subtitle(p.say.T("page.missions.grid"), 30)
	if len(m.Chapters) == 0 {
		p.empty(p.say.T("page.missions.no_grid"))
		return
	}
	counts := make([]string, 0, len(m.Tallies))
	for _, t := range m.Tallies {
		counts = append(counts, p.say.T("pack.mission.tally", t.Word, t.Count))
	}
	p.paragraph(strings.Join(counts, " · "), body)
	for _, c := range m.Chapters {
		rows := make([][]cell, 0, len(c.Lines))
		for _, l := range c.Lines {
			rows = append(rows, []cell{bold(l.Code), text(l.Criterion), {text: l.Finding, state: l.State}, text(l.Note)})
		}
		p.y += 4
		p.need(26)
		p.paragraph(c.Name, strong)
		p.y++
		p.table([]column{{p.say.T("page.missions.code"), 14, false}, {p.say.T("page.missions.criterion"), 70, false}, {p.say.T("page.missions.finding"), 36, false},
			{p.say.T("page.missions.note"), 50, false}}, rows)
	}
}
