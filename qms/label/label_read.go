package label

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// Sheet is one label with what happened to it.
type Sheet struct {
	Label      Label
	Now        StandingNow
	Since      qms.Date
	Milestones []Milestone
	Events     []AwardEvent
	Conditions []AwardCondition // of the decision that awarded it
	Mission    string           // number of the mission that led to it
	Follows    string           // number of the label that it renews
	RenewedBy  string
	Names      map[qms.ID]string
	Signatory  string // the officer who entered the decision, or who took the label over
	DecidedOn  qms.Date

	decision  *MissionDecision // that awarded it, while it counts; nil of one that was taken over
	signatory qms.ID
	persons   []qms.ID // whose names are wanted
}

// LabelByNumber reads a label of the platform as of today.
func (s *Service) LabelByNumber(ctx context.Context, platform qms.ID, number string) (sheet *Sheet, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		l, err := labelOf(ctx, r, platform, number)
		if err != nil {
			return err
		}
		sheet, err = s.labelSheet(ctx, r, l)
		return err
	})
	return sheet, err
}

func (s *Service) labelSheet(ctx context.Context, r store.Reader, l *Label) (*Sheet, error) {
	known, err := knownOf(ctx, r, []qms.ID{l.Platform})
	if err != nil {
		return nil, err
	}
	v := known.labelSheet(l, r.Today())
	v.Names, err = s.namesOf(ctx, r, v.persons)
	v.Signatory = v.Names[v.signatory]
	return v, err
}

// labelSheet puts together what is known of the label on the day.
func (k known) labelSheet(l *Label, day qms.Date) *Sheet {
	f := k.facts[l.Platform]
	v := &Sheet{Label: *l, Milestones: f.milestones(l, day), signatory: l.TakenBy}
	v.Now, v.Since = f.LabelOn(l, day)
	for _, e := range inOrder(f.Events) {
		if e.Label == l.ID {
			v.Events, v.persons = append(v.Events, e), append(v.persons, e.EnteredBy)
		}
	}
	for _, c := range k.conditions {
		if c.Decision == l.Decision {
			v.Conditions = append(v.Conditions, c)
		}
	}
	for _, other := range f.Labels {
		if other.ID == l.Renews {
			v.Follows = other.Number
		}
		if other.Renews == l.ID {
			v.RenewedBy = other.Number
		}
	}
	if l.TakenOver() {
		v.DecidedOn = l.AwardedOn
	}
	for _, d := range f.Decisions {
		if d.ID == l.Decision {
			v.decision, v.signatory, v.DecidedOn = &d, d.EnteredBy, d.Date
		}
	}
	for _, m := range f.Missions {
		if m.ID == l.Mission {
			v.Mission = m.Number
		}
	}
	v.persons = append(v.persons, v.signatory)
	return v
}

// Labels lists the labels of a platform as of today, the latest first, those that are mistakes too.
func (s *Service) Labels(ctx context.Context, platform qms.ID) (all []Sheet, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		known, err := knownOf(ctx, r, []qms.ID{platform})
		if err != nil {
			return err
		}
		labels, err := labelsOf(ctx, r, platform)
		for i := range slices.Backward(labels) {
			all = append(all, *known.labelSheet(&labels[i], r.Today()))
		}
		return err
	})
	return all, err
}

// PublicLabel is what anybody may know of a label: that it holds, of what and until when. The conditions of
// the award are the platform's and the committee's business and are not told (DESIGN, section 8).
type PublicLabel struct {
	Number    string
	Platform  qms.ID
	Body      string
	Perimeter string
	AwardedOn qms.Date
	EndsOn    qms.Date // first day without
	Now       StandingNow
	Since     qms.Date
}

// PublicLabel tells anybody what a label is today; a number that is a mistake is not known.
func (s *Service) PublicLabel(ctx context.Context, number string) (p *PublicLabel, err error) {
	err = s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) error {
		l, err := labelByNumber(ctx, r, number)
		if err != nil {
			return err
		}
		if l.Void != "" {
			return qms.NotFound("record.not_found")
		}
		facts, err := factsOf(ctx, r, []qms.ID{l.Platform})
		if err != nil {
			return err
		}
		p = &PublicLabel{Number: l.Number, Platform: l.Platform, Body: l.Body, Perimeter: l.Perimeter, AwardedOn: l.AwardedOn, EndsOn: l.EndsOn()}
		p.Now, p.Since = facts[l.Platform].LabelOn(l, r.Today())
		return nil
	})
	return p, err
}
