package web

import (
	"io"
	"slices"
	"strings"

	"maillon/audits"
	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/trace"
)

// missionPages are the evaluations of a platform.
func (s *Site) missionPages() {
	const all, one = Prefix + "/label/missions", Prefix + "/label/missions/:number"
	s.page(all, qms.ReadLabel, s.missions)
	s.both(all+"/new", qms.AccompanyPlatform, s.newMission, s.openMission)
	s.page(one, qms.ReadLabel, s.mission)
	s.both(one+"/grid", qms.ReadLabel, s.newFindings, s.recordFindings)
	s.act(one+"/fill", qms.ReadLabel, s.fillGrid)
	for _, a := range []missionAct{
		{"evaluators", "evaluators", qms.AccompanyPlatform, s.nameEvaluator},
		{"plan", "plan", qms.ReadLabel, s.planVisit},
		{"exercises", "exercises", qms.ReadLabel, s.noteExercises},
		{"report", "report", qms.ReadLabel, s.reportMission},
		{"observations", "observations", qms.WriteLabel, s.observeReport},
		{"decision", "decision", qms.AccompanyPlatform, s.decideMission},
		{"decision/void", "void-decision", qms.AccompanyPlatform, s.voidDecision},
		{"void", "void", qms.AccompanyPlatform, s.voidMission},
		{"access", "access", qms.AccompanyPlatform, s.changeAccess},
		{"evaluators/:part/declare", "declare", qms.ReadLabel, s.declareIndependence},
		{"evaluators/:part/dismiss", "dismiss", qms.AccompanyPlatform, s.dismissEvaluator},
		{"conditions/:part", "condition", qms.AccompanyPlatform, s.liftCondition},
	} {
		s.both(one+"/"+a.path, a.needs, func(p *Page) error { return s.askAct(p, a) }, func(p *Page) error { return s.takeAct(p, a) })
	}
}

// missionAct is one act on a mission: its address, its form in missions_act.html, and what it does.
type missionAct struct {
	path  string
	name  string
	needs qms.Right
	do    func(p *Page, f *Form, v *MissionView) error
}

// MissionsView is the list of missions.
type MissionsView struct {
	Items []label.MissionLine
	Next  string
	Form  *Form
	Kinds []Option
	Chips []Chip
	page  *Page
}

// State is the shape of how far a mission is, StateWord says it.
func (v MissionsView) State(m label.MissionLine) string { return missionShape(v.stateOf(m)) }

// StateWord is how far a mission is.
func (v MissionsView) StateWord(m label.MissionLine) string {
	return v.page.T("page.missions.state_" + v.stateOf(m))
}

func (v MissionsView) stateOf(m label.MissionLine) string {
	return m.State(m.Decision != nil, v.page.Today)
}

func missionShape(state string) string {
	return map[string]string{"open": "open", "planned": "todo", "visited": "running", "reported": "in-review", "done": "done", "void": "withdrawn"}[state]
}

func (s *Site) missions(p *Page) error {
	p.Title, p.Wide = p.T("page.missions.title"), true
	f := p.filterForm("kind", "open")
	filter := label.MissionFilter{Kind: label.MissionKind(f.Text("kind")), Open: f.Checked("open")}
	v := MissionsView{Form: f, page: p, Kinds: append([]Option{{"", p.T("page.missions.any")}}, p.options("page.missions.kind_", anys(label.MissionKinds())...)...)}
	if p.Exported() || p.Printed() {
		return s.exportMissions(p, v, filter)
	}
	page, err := s.Label.Missions(p.Context(), p.Platform.ID, filter, p.Cursor())
	if err != nil {
		return err
	}
	v.Items, v.Next = page.Items, page.Next
	v.Chips = p.Chips(func(name, value string) string {
		if name == "open" {
			return p.T("page.missions.open_only")
		}
		return p.T("page.missions.kind_" + value)
	}, "kind", "open")
	return p.Render("missions_list", v)
}

func (s *Site) exportMissions(p *Page, v MissionsView, filter label.MissionFilter) error {
	shapes := map[string]string{}
	for _, state := range []string{"open", "planned", "visited", "reported", "done", "void"} {
		shapes[p.T("page.missions.state_"+state)] = missionShape(state)
	}
	return p.Export(export{
		name:  "evaluations-" + p.Today.String(),
		heads: []string{"page.missions.number", "page.missions.kind", "page.missions.state", "page.missions.opened", "page.missions.visit", "page.missions.reported", "page.missions.decided", "page.missions.outcome"},
		kinds: map[int]cell{3: dayCell, 4: dayCell, 5: dayCell, 6: dayCell}, fixed: 1,
		print: &printing{title: p.T("page.missions.title"), asOf: p.Today, widths: []float64{14, 20, 14, 12, 12, 12, 12, 20}, shapes: shapes, empty: p.T("page.missions.empty")},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, err := s.Label.Missions(p.Context(), p.Platform.ID, filter, c)
			for _, m := range page.Items {
				line := []string{m.Number, p.T("page.missions.kind_" + string(m.Kind)), v.StateWord(m), p.InputDate(m.OpenedOn), p.InputDate(m.VisitFrom), p.InputDate(m.ReportOn), "", ""}
				if m.Decision != nil {
					line[6], line[7] = p.InputDate(m.Decision.Date), p.T("page.missions.outcome_"+string(m.Decision.Outcome))
				}
				lines = append(lines, line)
			}
			return lines, page.Next, err
		},
	})
}

// MissionView is one mission, or the form of an act on it.
type MissionView struct {
	*label.MissionSheet
	Form       *Form
	Act        string
	Part       string // the row of the mission that the act is about
	Evaluator  *label.MissionEvaluator
	Condition  *label.AwardCondition
	Outcomes   []Option
	Findings   []Option
	Conditions []int // places for conditions in the form of a decision
	Lines      []int // places for lines in the plan
	Files      []trace.Evidence
	Signed     []audits.Signature
	page       *Page
}

// State is the shape of how far the mission is, StateWord says it.
func (v MissionView) State() string { return missionShape(v.state()) }

// StateWord is how far the mission is.
func (v MissionView) StateWord() string { return v.page.T("page.missions.state_" + v.state()) }

func (v MissionView) state() string {
	return v.Mission.State(v.Decision != nil, v.page.Today)
}

// Who is the name of a person.
func (v MissionView) Who(id qms.ID) string { return v.Names[id] }

// FindingShape is the colour of a finding.
func (v MissionView) FindingShape(f label.Finding) string {
	return pack.FindingShape(f)
}

// FindingWord says a finding.
func (v MissionView) FindingWord(f label.Finding) string {
	return pack.FindingWord(v.page.Printer, f)
}

// Tallies are the findings with how many criteria have each.
func (v MissionView) Tallies() (all []Tally) {
	counts := v.Counts()
	for _, f := range append(label.Findings(), label.FindingNone) {
		if n := counts[f]; n > 0 {
			all = append(all, Tally{Word: v.FindingWord(f), Shape: v.FindingShape(f), Count: int64(n)})
		}
	}
	return all
}

// Missing is how many criteria have no finding.
func (v MissionView) Missing() int { return v.Counts()[label.FindingNone] }

// ConditionsOf are the conditions of the decision; the places of the form hide them.
func (v MissionView) ConditionsOf() []label.AwardCondition { return v.MissionSheet.Conditions }

// Grid are the criteria; the choices of the form hide them.
func (v MissionView) Grid() []label.MissionFinding { return v.MissionSheet.Findings }

// Observable reports whether the platform may still state what it observes.
func (v MissionView) Observable() bool {
	return v.Open() && v.Mission.ReportOn != 0 && v.Mission.ObservationsOn == 0
}

func (s *Site) missionIn(p *Page) (*MissionView, error) {
	sheet, err := s.Label.Mission(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return nil, err
	}
	p.Section = "label"
	p.Crumb(p.T("page.missions.title"), p.To("label", "missions"))
	return &MissionView{MissionSheet: sheet, Form: p.Form(), page: p}, nil
}

func (s *Site) mission(p *Page) error {
	v, err := s.missionIn(p)
	if err != nil {
		return err
	}
	p.Title, p.Wide = v.Mission.Number+" "+p.T("page.missions.kind_"+string(v.Mission.Kind)), true
	if p.Printed() {
		report := pack.MissionOf(v.MissionSheet, p.Printer, p.Platform.Name, v.State(), v.StateWord(), s.Clock())
		return p.printed("evaluation-"+fileCode(v.Mission.Number), func(w io.Writer) error { return pack.PrintMission(w, report) })
	}
	if p.Can(qms.ReadTrace) {
		files, err := s.Trace.EvidenceOf(p.Context(), p.Platform.ID, v.Mission.ID)
		if err != nil {
			return err
		}
		v.Files = files[v.Mission.ID]
	}
	if v.Signed, err = s.signaturesOn(p, v.MissionSheet.Covered()); err != nil {
		return err
	}
	return p.Render("missions_show", v)
}

// NewMissionView is the form that opens a mission.
type NewMissionView struct {
	Form   *Form
	Kinds  []Option
	Course *label.Course
}

func (s *Site) missionForm(p *Page, f *Form) (NewMissionView, error) {
	p.Title = p.T("page.missions.new")
	p.Crumb(p.T("page.missions.title"), p.To("label", "missions"))
	course, err := s.Label.Course(p.Context(), p.Platform.ID, 0)
	v := NewMissionView{Form: f, Course: course}
	if err != nil {
		return v, err
	}
	for _, k := range label.MissionKinds() {
		if (k == label.MissionInitial) == (len(course.Standing.Milestones) == 0) {
			v.Kinds = append(v.Kinds, Option{string(k), p.T("page.missions.kind_" + string(k))})
		}
	}
	return v, nil
}

func (s *Site) newMission(p *Page) error {
	f := p.Form()
	v, err := s.missionForm(p, f)
	if err != nil {
		return err
	}
	f.Set("kind", v.Kinds[0].Value).Set("access_from", p.Today).Set("access_until", p.Today.AddMonths(3))
	if next := string(v.Course.Standing.Next.Kind); slices.ContainsFunc(v.Kinds, func(o Option) bool { return o.Value == next }) {
		f.Set("kind", next)
	}
	return p.Render("missions_new", v)
}

func (s *Site) openMission(p *Page) error {
	f := p.Form()
	cmd := label.OpenMission{Platform: p.Platform.ID, Kind: label.MissionKind(f.Text("kind")), On: f.Date("on"), Subject: f.Text("subject"),
		Evaluators: addresses(f.Text("evaluators")), AccessFrom: f.Date("access_from"), AccessUntil: f.Date("access_until"),
		VisitFrom: f.Date("visit_from"), VisitThrough: f.Date("visit_through")}
	err := f.Err()
	if err == nil {
		var m *label.Mission
		if m, err = s.Label.OpenMission(p.Context(), cmd); err == nil {
			return p.Done(p.To("label", "missions", m.Number), "page.missions.opened_flash", m.Number)
		}
	}
	v, again := s.missionForm(p, f)
	if again != nil {
		return again
	}
	return p.Again("missions_new", f, err, v)
}

// addresses are the e-mail addresses of a text, one a line or between commas.
func addresses(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' || r == ' ' })
}

func (s *Site) newFindings(p *Page) error {
	v, err := s.gridIn(p)
	if err != nil {
		return err
	}
	for _, c := range v.Grid() {
		v.Form.Set("finding_"+c.Code, string(c.Finding)).Set("note_"+c.Code, c.Note)
	}
	v.Form.Set("revision", v.Mission.Revision)
	return p.Render("missions_grid", v)
}

// gridIn is the form of the grid, for who evaluates.
func (s *Site) gridIn(p *Page) (*MissionView, error) {
	v, err := s.missionIn(p)
	if err != nil {
		return nil, err
	}
	if !v.Evaluates {
		return nil, qms.Refuse("mission.not_yours", v.Mission.Number)
	}
	p.Crumb(v.Mission.Number, p.To("label", "missions", v.Mission.Number))
	p.Title, p.Wide = p.T("page.missions.grid"), true
	v.Findings = append([]Option{{"", p.T("page.missions.finding_none")}}, p.options("page.missions.finding_", anys(label.Findings())...)...)
	return v, nil
}

func (s *Site) recordFindings(p *Page) error {
	v, err := s.gridIn(p)
	if err != nil {
		return err
	}
	f := v.Form
	cmd := label.RecordFindings{At: v.at(f), Rest: f.Checked("rest")}
	for _, c := range v.Grid() {
		cmd.Lines = append(cmd.Lines, label.Found{Code: c.Code, Finding: label.Finding(f.Text("finding_" + c.Code)), Note: f.Text("note_" + c.Code)})
	}
	if err = f.Err(); err == nil {
		_, err = s.Label.RecordFindings(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("missions_grid", f, err, v)
	}
	return p.Done(p.To("label", "missions", v.Mission.Number), "page.missions.findings_saved")
}

// at is the mission as the form read it.
func (v *MissionView) at(f *Form) label.At {
	return label.At{Platform: v.Mission.Platform, ID: v.Mission.ID, Revision: int64(f.Int("revision")), Reason: f.Text("reason")}
}

func (s *Site) fillGrid(p *Page) error {
	v, err := s.missionIn(p)
	if err != nil {
		return err
	}
	if err = v.Form.Err(); err == nil {
		_, err = s.Label.FillGrid(p.Context(), v.at(v.Form))
	}
	if err != nil {
		return err
	}
	return p.Done(p.To("label", "missions", v.Mission.Number, "grid"), "page.missions.grid_filled")
}
