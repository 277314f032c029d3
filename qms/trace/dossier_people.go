package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// A room that knows people or instructions may be asked about a few of them alone: a dossier then costs
// the same however many there are. One that cannot is asked about all.
type (
	namedPeople interface {
		PeopleNamed(ctx context.Context, r store.Reader, platform qms.ID, ids []qms.ID) ([]Person, error)
	}
	namedInstructions interface {
		PeriodsNamed(ctx context.Context, r store.Reader, platform qms.ID, codes []string) (map[string]map[string]qms.Period, error)
	}
)

// periodsOf is when the versions of the instructions that the reports name were in force.
func (s *Service) periodsOf(ctx context.Context, r store.Reader, platform qms.ID, reports []Report) (map[string]map[string]qms.Period, error) {
	named, ok := s.instructions.(namedInstructions)
	if !ok {
		return s.instructions.Periods(ctx, r, platform)
	}
	var codes []string
	for i := range reports {
		codes = append(codes, reports[i].Instruction)
	}
	return named.PeriodsNamed(ctx, r, platform, codes)
}

// namesIn is the people whom the records of a dossier name.
func (s *Service) namesIn(ctx context.Context, r store.Reader, platform qms.ID, d *Dossier) (map[qms.ID]Person, error) {
	var ids []qms.ID
	seen := map[qms.ID]bool{"": true}
	add := func(some ...qms.ID) {
		for _, id := range some {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	d.eachPerson(add)
	return s.peopleNamed(ctx, r, platform, ids)
}

// eachPerson tells of everybody whom the dossier names.
func (d *Dossier) eachPerson(add func(...qms.ID)) {
	add(d.Chain.Request.ReviewedBy)
	for _, report := range d.Chain.Reports {
		add(report.Operator, report.ReleasedBy)
	}
	for _, f := range d.Reports {
		if f.Training != nil {
			add(f.Training.Trainer)
		}
	}
	for _, sample := range d.Samples {
		add(sample.ReceivedBy, sample.FateBy)
	}
}

func (s *Service) peopleNamed(ctx context.Context, r store.Reader, platform qms.ID, ids []qms.ID) (map[qms.ID]Person, error) {
	var all []Person
	var err error
	if named, ok := s.people.(namedPeople); !ok {
		all, err = s.people.PeopleOf(ctx, r, platform)
	} else if len(ids) > 0 {
		all, err = named.PeopleNamed(ctx, r, platform, ids)
	}
	byID := make(map[qms.ID]Person, len(all))
	for _, p := range all {
		byID[p.ID] = p
	}
	return byID, err
}

// samples tells the samples that count as of the day from those that do not, and takes back a fate that
// came later.
func (d *Dossier) samples(w *whole) {
	for _, s := range w.samples {
		if s.Void != "" || s.ReceivedOn > d.AsOf {
			d.Set.Samples = append(d.Set.Samples, s)
			continue
		}
		if s.FateOn > d.AsOf {
			s.Fate, s.FateOn, s.FateBy, s.FateNote = Kept, 0, "", ""
		}
		d.Samples = append(d.Samples, s)
	}
}

// files leaves out the files that came after the day.
func (d *Dossier) files(w *whole) {
	d.Evidence = map[qms.ID][]Evidence{}
	for subject, some := range w.evidence {
		for _, e := range some {
			if e.AddedOn <= d.AsOf {
				d.Evidence[subject] = append(d.Evidence[subject], e)
			}
		}
	}
}
