package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// TakeReferential takes over a whole list of criteria, from a file: into the draft when there is one,
// else into a new one.
type TakeReferential struct {
	Name     string // of a new draft
	Note     string
	Criteria []CriterionText
}

// ReferentialPlan is what taking over a list would come to.
type ReferentialPlan struct {
	Base    *Referential // the draft that it goes into, else the version in effect or the last one; nil for none
	Changes []CriterionChange
	Tally   Tally
	Draft   bool // Base is a draft, and is changed
}

// Nothing reports whether the list is the one that is there already.
func (p *ReferentialPlan) Nothing() bool { return p.Base != nil && len(p.Changes) == 0 }

// PreviewReferential says what TakeReferential would do, and what is wrong with the list, by
// criteria.N.FIELD.
func (s *Service) PreviewReferential(ctx context.Context, criteria []CriterionText) (plan *ReferentialPlan, err error) {
	err = s.db.View(ctx, qms.AccompanyPlatform.OnSite(), func(r store.Reader) error {
		plan, _, err = planOf(ctx, r, criteria)
		return err
	})
	return plan, err
}

// planOf cleans the list and compares it with what it would change.
func planOf(ctx context.Context, r store.Reader, criteria []CriterionText) (*ReferentialPlan, []CriterionText, error) {
	in := &cleaning{}
	stated := in.criteria(criteria)
	if err := in.outcome(); err != nil {
		return nil, nil, err
	}
	if len(stated) == 0 {
		return nil, nil, qms.InvalidFields(qms.Wrong("criteria", "referential.no_criteria"))
	}
	all, err := referentials(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	plan := &ReferentialPlan{Base: baseOf(all, r.Today())}
	var before []Criterion
	if plan.Base != nil {
		plan.Draft = plan.Base.Open()
		if before, err = criteriaOf(ctx, r, plan.Base.ID); err != nil {
			return nil, nil, err
		}
	}
	after := make([]Criterion, len(stated))
	for i, t := range stated {
		after[i].state(t)
		after[i].Position = int64(i + 1)
	}
	plan.Changes = CompareCriteria(before, after)
	plan.Tally = Count(plan.Changes, len(after))
	return plan, stated, nil
}

// baseOf is the version that a list is held against: the draft, the one in effect, or the newest.
func baseOf(all []Referential, day qms.Date) *Referential {
	var newest *Referential
	for i := range all {
		switch v := &all[i]; {
		case v.Open():
			return v
		case v.Void == "" && (newest == nil || v.Number > newest.Number):
			newest = v
		}
	}
	if v := InEffect(all, day); v != nil {
		return v
	}
	return newest
}

// TakeReferential takes the list over, all of it or nothing. When it is the list that is there already
// nothing is written, and the plan says so.
func (s *Service) TakeReferential(ctx context.Context, cmd TakeReferential) (plan *ReferentialPlan, v *Referential, err error) {
	err = s.db.Change(ctx, referentialAct("referential.take", "", ""), func(tx *store.Tx) error {
		var stated []CriterionText
		if plan, stated, err = planOf(ctx, tx, cmd.Criteria); err != nil || plan.Nothing() {
			return err
		}
		if plan.Draft {
			v = plan.Base
			return s.takeInto(ctx, tx, v, stated)
		}
		in := &cleaning{}
		v = &Referential{Row: qms.Row{ID: qms.NewID(tx.Now())}, State: ReferentialDraft, Name: in.required("name", cmd.Name, maxTitle),
			Note: in.text("note", cmd.Note, maxCriterionText), OpenedBy: tx.Actor().ID, OpenedOn: tx.Today(), Sample: ofSample(stated)}
		if err := in.outcome(); err != nil {
			return err
		}
		if plan.Base != nil {
			v.Follows = plan.Base.Number
		}
		if v.Number, err = tx.Next(ctx, "referential"); err != nil {
			return err
		}
		return tx.Insert(ctx, append([]qms.Record{v}, newCriteria(tx, v.ID, stated, 0)...)...)
	})
	if err != nil {
		return nil, nil, err
	}
	return plan, v, nil
}

func (s *Service) takeInto(ctx context.Context, tx *store.Tx, v *Referential, stated []CriterionText) (err error) {
	d := &drafting{ctx: ctx, tx: tx, v: v, known: map[string]*Criterion{}}
	if d.all, err = allCriteriaOf(ctx, tx, v.ID); err != nil {
		return err
	}
	for i := range d.all {
		d.known[d.all[i].Code] = &d.all[i]
	}
	if err := d.become(stated); err != nil {
		return err
	}
	return tx.Update(ctx, v)
}
