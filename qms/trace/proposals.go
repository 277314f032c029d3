package trace

import (
	"cmp"
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// Proposals is what the report of an analysis may state, as it was on the day of the analysis: what
// held that day first.
type Proposals struct {
	Operators    []ProposedOperator
	Instructions []ProposedInstruction
	Default      *ProposedInstruction // the last used on that equipment, when it was in force that day
}

// ProposedOperator is a member of the platform on that day.
type ProposedOperator struct {
	Person
	Trained bool // validly, on that equipment, that day
}

// ProposedInstruction is a version of a document.
type ProposedInstruction struct {
	Code    string
	Version string
	Period  qms.Period
	InForce bool // that day
}

// Proposals reads what may be stated of an analysis on the equipment on the day, of today when it is
// none. Without equipment nobody counts as trained.
func (s *Service) Proposals(ctx context.Context, platform, equipment qms.ID, day qms.Date) (p *Proposals, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		p, err = s.proposals(ctx, r, platform, equipment, day)
		return err
	})
	return p, err
}

func (s *Service) proposals(ctx context.Context, r store.Reader, platform, equipment qms.ID, day qms.Date) (*Proposals, error) {
	if day == 0 {
		day = r.Today()
	}
	members, err := s.people.PeopleOf(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	f, err := factsOf(ctx, r, platform, scope{equipment: []qms.ID{cmp.Or(equipment, nobody)}})
	if err != nil {
		return nil, err
	}
	periods, err := s.instructions.Periods(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	p := &Proposals{Operators: operatorsOn(f.ground(r.Today(), nil), members, equipment, day), Instructions: instructionsOn(periods, day)}
	code, version, err := lastInstruction(ctx, r, platform, equipment)
	for i := range p.Instructions {
		if in := &p.Instructions[i]; in.InForce && in.Code == code && (p.Default == nil || in.Version == version) {
			p.Default = in // the version that was used last, else the one of that instruction that was in force
		}
	}
	return p, err
}

// nobody narrows a scope to nothing: no record has this ID.
const nobody = qms.ID("-")

// operatorsOn are the members on the day, and those of today: a platform may have entered its members
// after that day. Those validly trained come first, each part by name.
func operatorsOn(g *Ground, members []Person, equipment qms.ID, day qms.Date) (all []ProposedOperator) {
	for _, m := range members {
		if here := (qms.Period{From: m.From, Until: m.Until}); here.Contains(day) || here.Contains(g.AsOf) {
			all = append(all, ProposedOperator{m, g.Trainings[Pair{m.ID, equipment}].On(day)})
		}
	}
	slices.SortFunc(all, func(a, b ProposedOperator) int {
		return cmp.Or(first(a.Trained, b.Trained), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// instructionsOn are the versions in force on the day, then those in force within a year of it.
func instructionsOn(periods map[string]map[string]qms.Period, day qms.Date) (all []ProposedInstruction) {
	const near = 365
	for code, versions := range periods {
		for version, period := range versions {
			in := ProposedInstruction{code, version, period, period.Contains(day)}
			if in.InForce || period.From <= day.AddDays(near) && (period.Until == 0 || period.Until >= day.AddDays(-near)) {
				all = append(all, in)
			}
		}
	}
	slices.SortFunc(all, func(a, b ProposedInstruction) int {
		return cmp.Or(first(a.InForce, b.InForce), cmp.Compare(a.Code, b.Code), cmp.Compare(b.Period.From, a.Period.From))
	})
	return all
}

// first puts what holds before what does not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// lastInstruction is what the latest analysis on the equipment was made by.
func lastInstruction(ctx context.Context, r store.Reader, platform, equipment qms.ID) (code, version string, err error) {
	rows, err := r.Query(ctx, `SELECT instruction, instruction_version FROM reports
WHERE platform = ? AND equipment = ? AND void = '' ORDER BY analysed_on DESC, number DESC LIMIT 1`, platform, equipment)
	if err != nil {
		return "", "", err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&code, &version)
	}
	return code, version, cmp.Or(err, rows.Err())
}
