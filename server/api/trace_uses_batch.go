package api

import (
	"context"

	"maillon/qms/trace"
	"maillon/server/request"
)

// bookings is how booking systems hand over uses.
func (a *API) bookings() {
	o := post("/platforms/{platform}/uses/batch", "record-uses", "Record the uses of a booking system, all or none", "uses")
	o.Description = "Up to 500 uses, each under the number that the booking system gives it. A use that is on record already, as it is stated " +
		"again, is left alone (known), so that a call which was cut off can be made again as it was. Nothing is recorded when one of " +
		"them is wrong: fields are named uses[0].date. A use that no training covers is recorded with its check and a warning, or " +
		"refused with a problem of the type /problems/use.uncovered, whose errors name the check, as the platform sets it " +
		"(check-settings, uncovered). The date is the day on which the use began; one that lasts beyond midnight is judged on each of its days."
	register(a, o, a.recordUses)
}

// NewUses is the uses of a booking system.
type NewUses struct {
	Uses []NewUse `json:"uses" nullable:"false" doc:"1 to 500"`
}

// Uses is what was recorded, in the order in which it was stated.
type Uses struct {
	Items []Use `json:"items" nullable:"false"`
}

type recordUses struct {
	InPlatform
	Body NewUses
}

type usesAnswer struct{ Body Uses }

func (a *API) recordUses(ctx context.Context, in *recordUses) (*usesAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	cmds := make([]trace.RecordUse, 0, len(in.Body.Uses))
	for _, u := range in.Body.Uses {
		cmds = append(cmds, u.command(p.ID))
	}
	noted, err := a.s.Trace.NoteUses(ctx, p.ID, cmds)
	if err != nil {
		return nil, err
	}
	answer := &usesAnswer{Body: Uses{Items: []Use{}}}
	for _, u := range noted {
		answer.Body.Items = append(answer.Body.Items, judgedUse(ctx, u))
	}
	return answer, nil
}

// judgedUse renders a use with the check that it fires, in words.
func judgedUse(ctx context.Context, u trace.JudgedUse) Use {
	out := renderUse(u.Use)
	out.Check, out.Known = u.Check, u.Known
	if u.Check != "" {
		out.Warning = request.From(ctx).Printer().T("check." + string(u.Check) + ".why")
	}
	return out
}
