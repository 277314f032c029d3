package label

import (
	"context"
	"slices"

	"maillon/qms"
)

// SetCriterion states one criterion of a draft: a new one at the end, or an existing one anew.
type SetCriterion struct {
	OnReferential
	Code  string // of the criterion that is changed; empty for a new one
	After string // code of the criterion that it comes after; "" leaves it where it is, "-" puts it first
	CriterionText
}

// SetCriterion adds or changes a criterion of a draft.
func (s *Service) SetCriterion(ctx context.Context, cmd SetCriterion) (*Referential, error) {
	return s.onDraft(ctx, "criterion.set", cmd.OnReferential, func(d *drafting) ([]qms.Record, error) {
		in := &cleaning{}
		t := in.criterion(cmd.CriterionText)
		standing := d.standing()
		i := slices.IndexFunc(standing, func(c Criterion) bool { return c.Code == NormalCode(cmd.Code) })
		if cmd.Code != "" && i < 0 {
			return nil, qms.NotFound("criterion.unknown", shortened(cmd.Code), d.v.Number)
		}
		if at := slices.IndexFunc(standing, func(c Criterion) bool { return c.Code == t.Code }); at >= 0 && at != i {
			in.fail("code", "criterion.doubled", t.Code, at+1)
		}
		if i < 0 && len(standing) >= maxReferential {
			in.fail("code", "referential.too_many", len(standing)+1, maxReferential)
		}
		wanted := make([]CriterionText, 0, len(standing)+1)
		for k := range standing {
			if k != i {
				wanted = append(wanted, standing[k].Stated())
			}
		}
		at := len(wanted)
		if i >= 0 {
			at = i
		}
		if cmd.After != "" {
			before := slices.IndexFunc(wanted, func(o CriterionText) bool { return o.Code == NormalCode(cmd.After) })
			if at = before + 1; before < 0 && cmd.After != "-" {
				in.fail("after", "criterion.unknown", shortened(cmd.After), d.v.Number)
			}
		}
		if err := in.outcome(); err != nil {
			return nil, err
		}
		return nil, d.become(slices.Insert(wanted, at, t))
	})
}

// DropCriterion takes a criterion out of a draft, for a reason.
func (s *Service) DropCriterion(ctx context.Context, on OnReferential, code string) (*Referential, error) {
	return s.onDraft(ctx, "criterion.drop", on, func(d *drafting) ([]qms.Record, error) {
		in := &cleaning{}
		if in.required("reason", on.Reason, maxCriterionText); len(in.wrong) > 0 {
			return nil, in.outcome()
		}
		c := d.known[NormalCode(code)]
		if c == nil || c.Dropped {
			return nil, qms.NotFound("criterion.unknown", shortened(code), d.v.Number)
		}
		c.Dropped = true
		d.v.Edits++
		d.v.Sample = ofSample(statedOf(d.standing()))
		return []qms.Record{c}, nil
	})
}

// become makes the draft have these criteria in this order: those that it has under the same code are
// changed, those that it has besides are dropped.
func (d *drafting) become(wanted []CriterionText) error {
	d.v.Edits++
	d.v.Sample = ofSample(wanted)
	var changed, added []qms.Record
	kept := map[string]bool{}
	for i, t := range wanted {
		kept[t.Code] = true
		c := d.known[t.Code]
		if c == nil {
			made := newCriteria(d.tx, d.v.ID, []CriterionText{t}, int64(i))
			added = append(added, made...)
			continue
		}
		c.state(t)
		c.Position, c.Dropped = int64(i+1), false
		changed = append(changed, c)
	}
	for i := range d.all {
		if c := &d.all[i]; !kept[c.Code] && !c.Dropped {
			c.Dropped = true
			changed = append(changed, c)
		}
	}
	if len(changed) > 0 {
		if err := d.tx.Update(d.ctx, changed...); err != nil {
			return err
		}
	}
	if len(added) == 0 {
		return nil
	}
	return d.tx.Insert(d.ctx, added...)
}

// statedOf are criteria as they are stated.
func statedOf(all []Criterion) []CriterionText {
	stated := make([]CriterionText, 0, len(all))
	for i := range all {
		stated = append(stated, all[i].Stated())
	}
	return stated
}
