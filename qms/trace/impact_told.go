package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// ImpactsIn lists, within a transaction of the caller's, the dossiers that were opened by the day asOf and
// were not concluded before the day from (none: all), each as it stood on asOf, in the order of their
// opening. Void ones are among them: when they became void they do not say.
func ImpactsIn(ctx context.Context, r store.Reader, platform qms.ID, from, asOf qms.Date) ([]Impact, error) {
	all, err := impactsRunning(ctx, r, platform, from, asOf)
	for n := range all {
		if i := &all[n]; i.ConcludedOn > asOf {
			i.Conclusion, i.ConcludedBy, i.ConcludedOn = "", "", 0
		}
	}
	return all, err
}

// EachImpactItem hands over the lines of a dossier as they stood on a day, in their order, one at a time:
// what was decided later is not decided yet. visit must not keep what it is handed, nor read.
func EachImpactItem(ctx context.Context, r store.Reader, impact qms.ID, asOf qms.Date, visit func(*ImpactItem) error) error {
	return itemRows(ctx, r, impact, asOf, func(t *ImpactItem) error {
		if asOf != 0 && t.DecidedOn > asOf {
			t.Decision, t.Note, t.InformedOn, t.Amended, t.DecidedBy, t.DecidedOn = Undecided, "", 0, "", "", 0
		}
		return visit(t)
	})
}

// impactLines writes a line for each record, or lot of them, that a dossier lists, with what was decided.
func impactLines(w *ledgerWriter) error {
	var opened []Impact // a dossier's lines are read once these are
	err := streamed(w.ctx, w.r, w.platform, "opened_on", w.asOf, func(i *Impact) error { opened = append(opened, *i); return nil })
	if err != nil {
		return err
	}
	for n := range opened {
		i := &opened[n]
		err := EachImpactItem(w.ctx, w.r, i.ID, w.asOf, func(t *ImpactItem) error {
			return w.yield([]any{i.Number, Word("impact-" + i.Kind), i.OpenedOn, Count(t.Position), Word("touched-" + t.Kind), t.Number, t.Request, t.Who,
				w.piece(t.Equipment), t.Date, t.Last, Count(t.Count), t.Project, decisionWord(t.Decision), t.Note, t.InformedOn, t.Amended, t.DecidedOn, w.names[t.DecidedBy],
				w.by(i.ConcludedOn), i.Void})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func decisionWord(d ItemDecision) Word {
	if d == Undecided {
		return "undecided"
	}
	return Word(d)
}

var impactFields = []string{"dossier", "cause", "opened", "line", "kind", "number", "request", "who", "equipment", "date", "last", "count", "project", "decision", "note",
	"informed", "amended", "decided", "decided_by", "concluded", "void"}
