package web

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/trace"
)

// assessmentPages are what a platform answers to the referential.
func (s *Site) assessmentPages() {
	const all, one = Prefix + "/label/assessment", Prefix + "/label/assessment/:code"
	s.page(all, qms.ReadLabel, s.assessment)
	s.page(one, qms.ReadLabel, s.criterionAnswer)
	s.act(one, qms.WriteLabel, s.stateAnswer)
	s.both(one+"/retract", qms.WriteLabel, s.askRetraction, s.retractAnswer)
}

// AssessmentView is the self-assessment of a platform on a day.
type AssessmentView struct {
	*label.Assessment
	Cover   label.Coverage
	Since   qms.Date // an earlier day to compare with; none for no comparison
	Earlier label.Coverage
	Themes  []label.Theme // that are shown
	Shown   int
	Form    *Form
	Options AssessmentOptions
	Chips   []Chip
	Chart   CoverageChart
	Past    qms.Date
	Today   qms.Date
	First   string // code of the first criterion that asks for an answer
	only    assessmentFilter
}

// AssessmentOptions are what the list can be narrowed to.
type AssessmentOptions struct{ Themes, Levels []Option }

// assessmentFilter is what of an assessment is shown.
type assessmentFilter struct {
	theme         label.Theme
	level         string
	gap, unproved bool
	day           qms.Date
}

// The levels of the filter that are none of label's.
const (
	askedLevel  = "asked"  // to be answered again
	brokenLevel = "broken" // with evidence that proves nothing
	noLevel     = "unanswered"
)

func (f assessmentFilter) shows(c *label.AssessedCriterion) bool {
	level := true
	switch f.level {
	case "":
	case askedLevel:
		level = c.State == label.AskedAgain
	case brokenLevel:
		level = c.Broken() > 0
	case noLevel:
		level = c.LevelNow() == label.Unanswered
	default:
		level = string(c.LevelNow()) == f.level
	}
	return level && (f.theme == "" || f.theme == c.Theme) && (!f.gap || c.Answer != nil && c.Answer.HasGap()) && (!f.unproved || c.Unproved())
}

// Of are the criteria of a theme that the filter lets through.
func (v *AssessmentView) Of(t label.Theme) (items []*label.AssessedCriterion) {
	for i := range v.Items {
		if c := &v.Items[i]; c.Theme == t && v.only.shows(c) {
			items = append(items, c)
		}
	}
	return items
}

// Changed are the criteria whose answer no longer holds; Added those that the version before had not.
func (v *AssessmentView) Changed() []label.AssessedCriterion {
	return v.those(func(c *label.AssessedCriterion) bool { return c.State == label.AskedAgain })
}

// Added are the criteria that the version before had not.
func (v *AssessmentView) Added() []label.AssessedCriterion {
	return v.those(func(c *label.AssessedCriterion) bool { return c.New })
}

func (v *AssessmentView) those(wanted func(*label.AssessedCriterion) bool) (items []label.AssessedCriterion) {
	for i := range v.Items {
		if wanted(&v.Items[i]) {
			items = append(items, v.Items[i])
		}
	}
	return items
}

// EarlierOf is the coverage of a theme on the earlier day.
func (v *AssessmentView) EarlierOf(t label.Theme) label.ThemeCoverage {
	i := slices.IndexFunc(v.Earlier.Themes, func(c label.ThemeCoverage) bool { return c.Theme == t })
	if i < 0 {
		return label.ThemeCoverage{Theme: t}
	}
	return v.Earlier.Themes[i]
}

// Gain is what was won since, in points of percent.
func (v *AssessmentView) Gain(now, then int) int { return now - then }

// LevelState is the shape of how far a criterion is met.
func (p *Page) LevelState(l label.Level) string {
	switch l {
	case label.NotMet:
		return "failed"
	case label.PartlyMet:
		return "remarks"
	case label.LargelyMet:
		return "open"
	case label.FullyMet:
		return "complete"
	case label.NotApplicable:
		return "not-applicable"
	}
	return "todo"
}

// LevelShape is LevelState of what a form holds.
func (p *Page) LevelShape(value string) string { return p.LevelState(label.Level(value)) }

// LevelWord is how far a criterion is met, in words.
func (p *Page) LevelWord(l label.Level) string {
	if l == label.Unanswered {
		return p.T("page.assessment.unanswered")
	}
	return p.T("level." + string(l))
}

// ProofShape is the shape of evidence that stands or not.
func (p *Page) ProofShape(f label.Proof) string {
	switch f.Standing {
	case label.EvidenceCurrent:
		return "valid"
	case label.EvidenceWithdrawn, label.EvidenceVoid:
		return "broken"
	}
	return "missing"
}

// ProofHref is where the evidence is; empty where there is nothing.
func (p *Page) ProofHref(f label.Proof) string {
	if len(f.Parts) == 0 {
		return ""
	}
	return p.To(anys(f.Parts)...)
}

func (s *Site) assessment(p *Page) error {
	p.Section, p.Title, p.Wide = "label", p.T("page.assessment.title"), true
	f := p.filterForm("theme", "level", "gap", "unproved", "as_of", "since")
	view := &AssessmentView{Form: f, Today: p.Today}
	day, err := p.AsOf()
	if err != nil {
		return p.Again("assessment_list", f, qms.InvalidFields(qms.Wrong("as_of", "date.malformed", p.Query("as_of"))), &AssessmentView{Form: f, Assessment: &label.Assessment{}})
	}
	view.Past = p.asOfNote(day)
	if view.Assessment, err = s.Label.Assessment(p.Context(), p.Platform.ID, day); err != nil {
		return err
	}
	view.Cover = view.Coverage()
	if view.Since = f.Date("since"); view.Since != 0 {
		if view.Earlier, err = s.Label.Coverage(p.Context(), p.Platform.ID, view.Since); err != nil {
			return err
		}
	}
	view.only = assessmentFilter{theme: label.Theme(f.Text("theme")), level: f.Text("level"), gap: f.Checked("gap"), unproved: f.Checked("unproved"), day: day}
	if p.Exported() || p.Printed() {
		return s.exportAssessment(p, view)
	}
	s.narrow(p, view)
	if err := f.Err(); err != nil {
		return p.Again("assessment_list", f, err, view)
	}
	return p.Render("assessment_list", view)
}

// narrow puts the words of the list and its chart together.
func (s *Site) narrow(p *Page, view *AssessmentView) {
	for _, t := range label.Themes() {
		if n := len(view.Of(t)); n > 0 {
			view.Themes, view.Shown = append(view.Themes, t), view.Shown+n
		}
	}
	for i := range view.Items {
		if !view.Items[i].Counts() {
			view.First = view.Items[i].Code
			break
		}
	}
	view.Options.Themes = p.themeOptions("page.assessment.all_themes")
	view.Options.Levels = append([]Option{{"", p.T("page.assessment.all_levels")}, {noLevel, p.T("page.assessment.unanswered")}},
		append(p.options("level.", anys(label.Levels())...), Option{askedLevel, p.T("page.assessment.asked_again")}, Option{brokenLevel, p.T("page.assessment.broken_links")})...)
	view.Chips = p.Chips(func(name, value string) string {
		switch {
		case name == "theme" && label.Theme(value).Known():
			return p.T("theme." + value)
		case name == "level":
			for _, o := range view.Options.Levels {
				if o.Value == value {
					return o.Label
				}
			}
			return ""
		case name == "gap" || name == "unproved":
			return p.T("page.assessment.only_" + name)
		}
		return ""
	}, "theme", "level", "gap", "unproved")
	view.Chart = p.coverageChart(view.Cover, view.Since, view.EarlierOf)
}

func (s *Site) exportAssessment(p *Page, view *AssessmentView) error {
	return p.Export(export{
		name: p.T("page.assessment.file_name") + "-" + view.AsOf.String(),
		heads: []string{"page.referential.code", "page.referential.theme", "page.referential.text", "page.referential.obligation", "page.assessment.level",
			"page.assessment.remark", "page.assessment.evidence", "page.assessment.gap", "page.assessment.close_by", "page.assessment.person", "page.assessment.answered_on",
			"page.assessment.answered_by"},
		kinds: map[int]cell{8: dayCell, 10: dayCell}, fixed: 1,
		print: &printing{title: p.T("page.assessment.title"), asOf: view.AsOf, widths: []float64{1.2, 0, 7, 0, 2.4, 0, 3.4, 4, 1.9, 2.2, 0, 0}, right: map[int]bool{8: true},
			facts: p.assessmentFacts(view), empty: p.T("page.assessment.none_found"), group: func(line []string) string { return line[1] }},
		next: func(qms.Cursor) (lines [][]string, after string, err error) {
			for i := range view.Items {
				if c := &view.Items[i]; view.only.shows(c) {
					lines = append(lines, p.assessedLine(view, c))
				}
			}
			return lines, "", nil
		},
	})
}

// assessmentFacts stand below the title on paper.
func (p *Page) assessmentFacts(view *AssessmentView) []string {
	if view.Version == nil {
		return nil
	}
	facts := []string{p.T("page.referential.version", view.Version.Number) + " : " + view.Version.Name,
		p.T("page.assessment.answered_n", view.Cover.Answered, view.Cover.Total) + ", " + p.T("page.assessment.score", p.Percent(view.Cover.Points, max(1, view.Cover.Max())))}
	if view.Version.Sample {
		facts = append(facts, p.T("page.referential.is_sample"))
	}
	return facts
}

func (p *Page) assessedLine(view *AssessmentView, c *label.AssessedCriterion) []string {
	obligation := p.T("page.referential.recommended")
	if c.Required {
		obligation = p.T("page.referential.required")
	}
	line := []string{c.Code, p.T("theme." + string(c.Theme)), c.Text(p.Lang()), obligation, p.LevelWord(c.LevelNow()), "", "", "", "", "", "", ""}
	if c.State == label.AskedAgain {
		line[4] = p.T("page.assessment.asked_again")
	}
	if a := c.Answer; a != nil {
		line[5] = strings.TrimSpace(a.Remark + "\n" + a.Reason)
		for _, f := range c.Proofs {
			word := f.Code
			if f.Broken() {
				word += " (" + p.T("page.assessment.proof_"+f.Standing) + ")"
			}
			line[6] = strings.TrimPrefix(line[6]+", "+word, ", ")
		}
		if c.Files > 0 {
			line[6] = strings.TrimPrefix(line[6]+", "+p.T("page.assessment.files_n", c.Files), ", ")
		}
		line[7], line[8], line[9] = a.Gap, p.InputDate(a.CloseBy), view.Names[a.Person]
		line[10], line[11] = p.InputDate(a.AnsweredOn), view.Names[a.AnsweredBy]
	}
	return line
}

// AnswerView is one criterion with its form.
type AnswerView struct {
	*label.AnsweredCriterion
	Form    *Form
	Persons []Option
	Levels  []Option
	Evid    []trace.Evidence
	Facts   []FieldChange // what changed of the criterion since it was answered
	Writes  bool
}

// criterionView reads the criterion of the path.
func (s *Site) criterionView(p *Page, f *Form) (*AnswerView, error) {
	c, err := s.Label.AnsweredCriterion(p.Context(), p.Platform.ID, p.number("code"))
	if err != nil {
		return nil, err
	}
	p.Section, p.Title, p.Wide = "label", c.Code, true
	p.Crumb(p.T("page.assessment.title"), p.To("label", "assessment"))
	view := &AnswerView{AnsweredCriterion: c, Form: f, Writes: p.Can(qms.WriteLabel), Persons: []Option{{"", p.T("page.assessment.nobody")}}, Levels: p.options("level.", anys(label.Levels())...)}
	for _, h := range c.Persons {
		view.Persons = append(view.Persons, Option{string(h.Person), h.Name})
	}
	if c.Before != nil {
		view.Facts = p.ChangeFacts(label.CriterionChange{Code: c.Code, Before: c.Before, After: &c.Criterion})
	}
	if c.Answer != nil {
		view.Evid, err = s.answerFiles(p.Context(), p.Platform.ID, c.Answer.Thread)
	}
	return view, err
}

func (s *Site) answerFiles(ctx context.Context, platform, thread qms.ID) ([]trace.Evidence, error) {
	files, err := s.Trace.EvidenceOf(ctx, platform, thread)
	return files[thread], err
}

func (s *Site) criterionAnswer(p *Page) error {
	f := p.Form()
	view, err := s.criterionView(p, f)
	if err != nil {
		return err
	}
	if a := view.Answer; a != nil {
		f.Set("serial", a.Serial).Set("level", a.Level).Set("reason", a.Reason).Set("remark", a.Remark).Set("links", label.FormatLinks(a.Links)).
			Set("gap", a.Gap).Set("close_by", a.CloseBy).Set("person", a.Person)
	}
	return p.Render("assessment_answer", view)
}

// stateAnswer saves the answer and goes on to the next criterion that asks for one.
func (s *Site) stateAnswer(p *Page) error {
	f := p.Form()
	view, err := s.criterionView(p, f)
	if err != nil {
		return err
	}
	cmd := label.StateAnswer{Platform: p.Platform.ID, Code: view.Code, Serial: int64(f.Int("serial")), Level: label.Level(f.Text("level")), Reason: f.Text("reason"),
		Remark: f.Text("remark"), Links: label.ParseLinks(f.Text("links")), Gap: f.Text("gap"), CloseBy: f.Date("close_by"), Person: f.ID("person"), Correction: f.Text("correction")}
	if err = f.Err(); err == nil {
		_, err = s.Label.StateAnswer(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("assessment_answer", f, err, view)
	}
	to := p.To("label", "assessment")
	switch {
	case f.Text("act") == "stay":
		to = p.To("label", "assessment", view.Code)
	case view.Todo != "":
		to = p.To("label", "assessment", view.Todo)
	}
	return p.Done(to, "page.assessment.saved", view.Code)
}

func (s *Site) askRetraction(p *Page) error {
	f := p.Form()
	view, err := s.criterionView(p, f)
	if err != nil {
		return err
	}
	if view.Answer == nil {
		return qms.Conflict("answer.none", view.Code)
	}
	f.Set("serial", view.Answer.Serial)
	return p.Render("assessment_retract", view)
}

func (s *Site) retractAnswer(p *Page) error {
	f := p.Form()
	view, err := s.criterionView(p, f)
	if err != nil {
		return err
	}
	cmd := label.RetractAnswer{Platform: p.Platform.ID, Code: view.Code, Serial: int64(f.Int("serial")), Reason: f.Text("reason")}
	if err = f.Err(); err == nil {
		_, err = s.Label.RetractAnswer(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("assessment_retract", f, err, view)
	}
	return p.Done(p.To("label", "assessment", view.Code), "page.assessment.retracted", view.Code)
}
