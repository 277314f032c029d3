package audits

import (
	"context"
	"strings"

	"maillon/audits/pack"
)

// sheets are the concluded exercises of the pack with their items, read once for all sections that tell
// of them.
func (g *gathering) sheets(ctx context.Context) ([]*Sheet, error) {
	if g.again("sheets") {
		return g.concluded, nil
	}
	exercises, err := concludedSamples(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return nil, err
	}
	for _, e := range exercises {
		sheet, err := loadSheet(ctx, g.r, g.platform, e.Number)
		if err != nil {
			return nil, err
		}
		g.concluded = append(g.concluded, sheet)
	}
	return g.concluded, nil
}

// exerciseReports lists the concluded exercises with who signed them and where their reports are.
func (g *gathering) exerciseReports(ctx context.Context) error {
	sheets, err := g.sheets(ctx)
	if err != nil {
		return err
	}
	panel := pack.Panel{Title: g.say.T("pack.exercise_reports"), Empty: g.say.T("pack.samples_none"),
		Columns: g.columns(head{"pack.col.exercise", 30}, head{"pack.col.result", 34}, head{"pack.sample_evaluator", 50}, head{"pack.exercise_report", 56})}
	for _, s := range sheets {
		e := &s.Exercise
		g.shown(e.ID)
		var judged []string
		for _, v := range s.Judging() {
			judged = append(judged, v.Name)
		}
		number := strong(e.Number)
		number.Mark, number.Below = pack.ExerciseMark(e.Number), g.say.T("pack.kind."+string(e.Kind))
		result := g.state(string(e.Verdict), "")
		result.Below = g.say.T("pack.sample_found", e.Found, e.Expected)
		by := plain(strings.Join(judged, ", "))
		if e.SignedName != "" {
			by.Below = g.say.T("pack.exercise_signed", e.SignedName, g.say.SignedAt(e.ConcludedAt, e.SignedZone))
		}
		report, err := g.exerciseReport(ctx, e)
		if err != nil {
			return err
		}
		panel.Rows = append(panel.Rows, []pack.Told{number, result, by, report})
	}
	g.tell("exercise", panel)
	return nil
}

// exerciseReport says where the report of the exercise is, in the language of the pack.
func (g *gathering) exerciseReport(ctx context.Context, e *Exercise) (pack.Told, error) {
	report, err := reportOf(ctx, g.r, e.ID, g.say.Lang())
	if err != nil || report == nil {
		return pack.Told{Below: g.say.T("pack.exercise_no_report")}, err
	}
	g.shown(report.ID)
	g.attach(evidenceFile{of: e.Number, name: e.Number + ".pdf", size: report.Size, content: report.Content})
	return pack.Told{Refs: []pack.Ref{{Text: e.Number + ".pdf", File: report.Content}}}, nil
}
