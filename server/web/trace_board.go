package web

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// TraceBoard is what traceability has to say on the home of a platform: broken chains, uncovered uses,
// trainings and calibrations that end.
type TraceBoard struct{ Trace *trace.Service }

// brokenShown is how many broken chains the home names, the newest.
const brokenShown = 4

// Board makes the full check; the number of statements does not depend on the size of the platform.
func (b TraceBoard) Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error) {
	var part BoardPart
	if !qms.ActorFrom(ctx).Can(qms.ReadTrace.On(platform.ID)) {
		return part, nil
	}
	sum, err := b.Trace.Summary(ctx, platform.ID, today)
	if err != nil {
		return part, err
	}
	f := sum.Findings
	for i := len(f.Broken) - 1; i >= 0 && i >= len(f.Broken)-brokenShown; i-- {
		c := f.Broken[i]
		part.Todo = append(part.Todo, BoardItem{State: "broken", Title: Say("page.services.board_broken", c.Request),
			Small: Say("check." + string(c.Defects[0]) + ".why"), Parts: []string{"services", c.Request}})
	}
	for _, d := range sum.Ending {
		if d.On <= today {
			continue // ended: the matrix and the equipment list tell
		}
		item := BoardItem{State: "expiring", Title: Say("page.services.board_"+d.Kind, d.Title), Parts: []string{"people"}, On: d.On.AddDays(-1)}
		if d.Kind == "calibration" {
			item.Parts = []string{"equipment"}
		}
		part.Todo = append(part.Todo, item)
	}
	part.Figures = []Figure{
		{Count: f.Chains.Broken, Of: f.Chains.Total, Label: Say("page.services.board_broken_count"), Parts: []string{"services"}},
		{Count: f.Chains.Open, Of: f.Chains.Total, Label: Say("page.services.board_open_count"), Parts: []string{"services"}},
		{Count: len(f.Uncovered), Of: f.Uses.Total, Label: Say("page.services.board_uncovered"), Parts: []string{"uses"}},
		{Count: sum.Trainings[trace.Expiring], Label: Say("page.services.board_expiring"), Parts: []string{"people"}},
	}
	if err := b.received(ctx, platform, &part); err != nil {
		return part, err
	}
	asked, err := RequalificationBoard(b).Board(ctx, platform, today)
	part.Todo = append(part.Todo, asked.Todo...)
	return part, err
}

// received tells of the requests of the public form that wait for somebody who decides on them.
func (b TraceBoard) received(ctx context.Context, platform people.Platform, part *BoardPart) error {
	if !qms.ActorFrom(ctx).Can(qms.WriteTrace.On(platform.ID)) {
		return nil
	}
	waiting, _, err := b.Trace.Inbox(ctx, platform.ID)
	if waiting > 0 {
		part.Todo = append(part.Todo, BoardItem{State: "todo", Title: Say("page.inbox.waiting_count", waiting), Parts: []string{"services", "received"}})
	}
	return err
}

// TraceFinder finds requests, quotes, reports, invoices, equipment and uses by number or code.
type TraceFinder struct{ Trace *trace.Service }

// Find takes one statement.
func (f TraceFinder) Find(ctx context.Context, platform people.Platform, typed string) ([]Found, error) {
	if !qms.ActorFrom(ctx).Can(qms.ReadTrace.On(platform.ID)) {
		return nil, nil
	}
	hits, err := f.Trace.Find(ctx, platform.ID, typed)
	if err != nil {
		return nil, err
	}
	exact := slices.DeleteFunc(slices.Clone(hits), func(h trace.Hit) bool { return h.Number != trace.Normal(typed) })
	if len(exact) > 0 {
		hits = exact // what begins with it as well was not meant
	}
	found := make([]Found, 0, len(hits))
	for _, h := range hits {
		section := "services"
		switch h.Kind {
		case "equipment":
			section = "equipment"
		case "use":
			section = "uses"
		}
		found = append(found, Found{Code: h.Number, Title: h.Title, Kind: Say("page.services.kind_" + h.Kind), Parts: []string{section, h.Number}})
	}
	return found, nil
}
