package label

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// referentialAct is an act on the referential: the programme's, on the trail of the site.
func referentialAct(name string, subject qms.ID, reason string) qms.Act {
	return qms.Act{Name: name, Needs: qms.AccompanyPlatform.OnSite(), Subject: subject, Reason: strings.TrimSpace(reason)}
}

// OpenReferential begins a draft: empty, from an earlier version, or with criteria.
type OpenReferential struct {
	Name     string
	Note     string
	CopyOf   int64 // number of the version whose criteria it takes over; 0 for none
	Criteria []CriterionText
}

// OpenReferential records a draft. There is one at a time: referential.draft_open names it.
func (s *Service) OpenReferential(ctx context.Context, cmd OpenReferential) (*Referential, error) {
	v := &Referential{Row: qms.Row{ID: qms.NewID(s.db.Now())}, State: ReferentialDraft}
	err := s.db.Change(ctx, referentialAct("referential.open", v.ID, ""), func(tx *store.Tx) error {
		in := &cleaning{}
		v.Name, v.Note = in.required("name", cmd.Name, maxTitle), in.text("note", cmd.Note, maxCriterionText)
		stated := in.criteria(cmd.Criteria)
		if err := in.outcome(); err != nil {
			return err
		}
		all, err := referentials(ctx, tx)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(o Referential) bool { return o.Open() }); i >= 0 {
			return qms.Conflict("referential.draft_open", all[i].Number)
		}
		if cmd.CopyOf != 0 {
			i := slices.IndexFunc(all, func(o Referential) bool { return o.Number == cmd.CopyOf && o.Void == "" })
			if i < 0 {
				return qms.InvalidFields(qms.Wrong("copy_of", "referential.unknown", cmd.CopyOf))
			}
			old, err := criteriaOf(ctx, tx, all[i].ID)
			if err != nil {
				return err
			}
			for i := range old {
				stated = append(stated, old[i].Stated())
			}
			v.Follows = cmd.CopyOf
		}
		if v.Number, err = tx.Next(ctx, "referential"); err != nil {
			return err
		}
		v.OpenedBy, v.OpenedOn, v.Sample = tx.Actor().ID, tx.Today(), ofSample(stated)
		return tx.Insert(ctx, append([]qms.Record{v}, newCriteria(tx, v.ID, stated, 0)...)...)
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// newCriteria are rows for what is stated, after those that the version has already.
func newCriteria(tx *store.Tx, referential qms.ID, stated []CriterionText, after int64) []qms.Record {
	rows := make([]qms.Record, 0, len(stated))
	for _, t := range stated {
		after++
		c := &Criterion{Row: qms.Row{ID: qms.NewID(tx.Now())}, Referential: referential, Position: after}
		c.state(t)
		rows = append(rows, c)
	}
	return rows
}

// OnReferential names a draft as the caller knows it.
type OnReferential struct {
	Number   int64
	Revision int64 // of the version
	Reason   string
}

// drafting is an act on a draft: the draft, and its criteria, dropped ones too.
type drafting struct {
	ctx   context.Context
	tx    *store.Tx
	v     *Referential
	all   []Criterion
	known map[string]*Criterion
}

// standing are the criteria that are not dropped.
func (d *drafting) standing() []Criterion {
	return slices.DeleteFunc(slices.Clone(d.all), func(c Criterion) bool { return c.Dropped })
}

// onDraft changes a draft within one act. Its revision moves on with its criteria, so that two people do
// not change one version unseen.
func (s *Service) onDraft(ctx context.Context, name string, on OnReferential, change func(d *drafting) ([]qms.Record, error)) (*Referential, error) {
	var v *Referential
	err := s.db.Change(ctx, referentialAct(name, "", on.Reason), func(tx *store.Tx) (err error) {
		if v, err = referentialByNumber(ctx, tx, on.Number); err != nil {
			return err
		}
		switch {
		case v.State == ReferentialPublished:
			return qms.Conflict("referential.published", v.Number)
		case v.Void != "":
			return qms.Conflict("record.void")
		case v.Revision != on.Revision:
			return qms.Conflict("record.changed")
		}
		d := &drafting{ctx: ctx, tx: tx, v: v, known: map[string]*Criterion{}}
		if d.all, err = allCriteriaOf(ctx, tx, v.ID); err != nil {
			return err
		}
		for i := range d.all {
			d.known[d.all[i].Code] = &d.all[i]
		}
		rows, err := change(d)
		if err != nil {
			return err
		}
		return tx.Update(ctx, append(rows, v)...)
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// ChangeReferential states the name, the note and the day of effect of a draft anew.
type ChangeReferential struct {
	OnReferential
	Name          string
	Note          string
	EffectiveFrom qms.Date // none leaves it open until it is published
}

// ChangeReferential changes what is stated of a draft itself.
func (s *Service) ChangeReferential(ctx context.Context, cmd ChangeReferential) (*Referential, error) {
	return s.onDraft(ctx, "referential.change", cmd.OnReferential, func(d *drafting) ([]qms.Record, error) {
		in := &cleaning{}
		d.v.Name, d.v.Note, d.v.EffectiveFrom = in.required("name", cmd.Name, maxTitle), in.text("note", cmd.Note, maxCriterionText), cmd.EffectiveFrom
		return nil, in.outcome()
	})
}

// PublishReferential lets a draft take effect on a day, today or later, for ever.
type PublishReferential struct {
	OnReferential
	EffectiveFrom qms.Date // the draft's own day when none
}

// PublishReferential makes a draft the version that platforms answer to from its day on. It needs
// criteria, and a day that is not before that of another published version.
func (s *Service) PublishReferential(ctx context.Context, cmd PublishReferential) (*Referential, error) {
	return s.onDraft(ctx, "referential.publish", cmd.OnReferential, func(d *drafting) ([]qms.Record, error) {
		if cmd.EffectiveFrom != 0 {
			d.v.EffectiveFrom = cmd.EffectiveFrom
		}
		if len(d.standing()) == 0 {
			return nil, qms.Conflict("referential.empty", d.v.Number)
		}
		in, on := &cleaning{}, d.v.EffectiveFrom
		all, err := referentials(d.ctx, d.tx)
		if err != nil {
			return nil, err
		}
		switch {
		case on == 0:
			in.fail("effective_from", "input.required")
		case on < d.tx.Today():
			in.fail("effective_from", "referential.effective_past", on, d.tx.Today())
		case on > d.tx.Today().AddMonths(60):
			in.fail("effective_from", "date.implausible", on)
		}
		for i := range all {
			if o := &all[i]; o.State == ReferentialPublished && o.EffectiveFrom > on && on != 0 {
				in.fail("effective_from", "referential.effective_before", o.Number, o.EffectiveFrom)
				break
			}
		}
		d.v.State, d.v.PublishedBy, d.v.PublishedOn = ReferentialPublished, d.tx.Actor().ID, d.tx.Today()
		return nil, in.outcome()
	})
}

// VoidReferential gives a draft up; it stays readable.
func (s *Service) VoidReferential(ctx context.Context, on OnReferential) (*Referential, error) {
	return s.onDraft(ctx, "referential.void", on, func(d *drafting) ([]qms.Record, error) {
		in := &cleaning{}
		d.v.Void = in.required("reason", on.Reason, maxCriterionText)
		return nil, in.outcome()
	})
}
