package trace

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// PersonSheet is what the platform knows of a person on its equipment as of a day.
type PersonSheet struct {
	AsOf         qms.Date
	Person       Person
	Skills       []Skill // by code of the equipment
	Void         []TrainingLine
	Uses         []UseLine // the latest, newest first
	UseCounts    []UseCount
	Reports      []OperatedReport // newest first
	ExpiringDays int64
}

// Skill is how a person stands on one piece of equipment, with the trainings that lead there.
type Skill struct {
	Equipment Equipment
	Cover     Cover
	Last      TrainingLine
	Chain     []TrainingLine   // the last one first, then those it renewed
	Requalify *Requalification // asks for a new training; nil when nothing does
}

// UseCount is how often a person used a piece of equipment by the day.
type UseCount struct {
	Equipment Equipment
	Count     int
	Minutes   int64
	Last      qms.Date
}

// OperatedReport is a report that the person operated, with the check that fires for want of a training.
type OperatedReport struct {
	Report
	Check Check // S08, or empty
}

// latestReports is how many reports a sheet shows.
const latestReports = 20

// PersonSheet reads it by identifier, code or e-mail of a member, of any time, in five statements and
// what finding the person and the names takes.
func (s *Service) PersonSheet(ctx context.Context, platform qms.ID, who string, asOf qms.Date) (sheet *PersonSheet, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if asOf == 0 {
			asOf = r.Today()
		}
		person, err := s.personBy(ctx, r, platform, who)
		if err != nil {
			return err
		}
		sheet, err = s.personSheet(ctx, r, platform, person, asOf)
		return err
	})
	return sheet, err
}

func (s *Service) personSheet(ctx context.Context, r store.Reader, platform qms.ID, person Person, asOf qms.Date) (*PersonSheet, error) {
	f, err := factsOf(ctx, r, platform, scope{persons: []qms.ID{person.ID}})
	if err != nil {
		return nil, err
	}
	people, err := s.trainersOf(ctx, r, platform, f.trainings, person)
	if err != nil {
		return nil, err
	}
	sheet := &PersonSheet{AsOf: asOf, Person: person, Skills: skillsOf(f, people, asOf), ExpiringDays: f.settings.ExpiringDays}
	for _, t := range f.trainings {
		if t.Void != "" && t.Date <= asOf {
			sheet.Void = append(sheet.Void, TrainingLine{Training: t, Person: person, Trainer: people[t.Trainer], Equipment: f.equipment[t.Equipment]})
		}
	}
	newest := order{"date", true}
	if sheet.Uses, err = useLines(ctx, r, platform, UseFilter{AsOf: asOf, Person: person.ID}, newest, nil, latestUses-1, f, people); err != nil {
		return nil, err
	}
	if sheet.UseCounts, err = useCounts(ctx, r, platform, person.ID, asOf, f.equipment); err != nil {
		return nil, err
	}
	reports, err := reportsOperated(ctx, r, platform, person.ID, asOf, latestReports)
	sheet.Reports = operated(reports, f.ground(asOf, nil))
	return sheet, err
}

func operated(reports []Report, g *Ground) (all []OperatedReport) {
	for _, r := range reports {
		line := OperatedReport{Report: r}
		if !g.Trainings[Pair{r.Operator, r.Equipment}].On(r.AnalysedOn) {
			line.Check = S08
		}
		all = append(all, line)
	}
	return all
}

// trainersOf names the person and the trainers of the trainings.
func (s *Service) trainersOf(ctx context.Context, r store.Reader, platform qms.ID, trainings []Training, person Person) (map[qms.ID]Person, error) {
	var ids []qms.ID
	for _, t := range trainings {
		ids = append(ids, t.Trainer)
	}
	names, err := s.namesOf(ctx, r, platform, distinct(ids))
	people := map[qms.ID]Person{}
	for id, name := range names {
		people[id] = Person{ID: id, Name: name}
	}
	people[person.ID] = person
	return people, err
}

// skillsOf puts the trainings of one person that count in the order of their equipment.
func skillsOf(f *facts, people map[qms.ID]Person, asOf qms.Date) []Skill {
	g := f.ground(asOf, nil)
	asked := toRequalify(f.trainings, f.decisions, asOf)
	chains := map[Pair][]TrainingLine{}
	for _, l := range trainingLines(f, people, asOf) {
		pair := Pair{l.Training.Person, l.Training.Equipment}
		chains[pair] = append(chains[pair], l)
	}
	skills := make([]Skill, 0, len(chains))
	for pair, chain := range chains {
		slices.SortFunc(chain, func(a, b TrainingLine) int {
			return cmp.Or(cmp.Compare(b.Training.Date, a.Training.Date), strings.Compare(string(b.Training.ID), string(a.Training.ID)))
		})
		skills = append(skills, Skill{Equipment: chain[0].Equipment, Last: chain[0], Chain: chain, Requalify: asked[pair],
			Cover: g.TrainingCover(pair, asOf, f.settings.ExpiringDays)})
	}
	slices.SortFunc(skills, func(a, b Skill) int { return strings.Compare(a.Equipment.Code, b.Equipment.Code) })
	return skills
}

// TrainingSheet is one training with those before and after it.
type TrainingSheet struct {
	TrainingLine
	Chain     []TrainingLine // of the person on the equipment, the last one first
	Session   *GroupSession  // it was given in; nil when it was given alone
	Requalify *Requalification
}

// TrainingSheet reads one training, a voided one too, in three statements and what People needs.
func (s *Service) TrainingSheet(ctx context.Context, platform, id qms.ID) (sheet *TrainingSheet, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		t, err := byID[Training](ctx, r, platform, id)
		if err != nil {
			return err
		}
		f, err := factsOf(ctx, r, platform, scope{persons: []qms.ID{t.Person}, equipment: []qms.ID{t.Equipment}})
		if err != nil {
			return err
		}
		people, err := s.peopleByID(ctx, r, platform)
		if err != nil {
			return err
		}
		sheet = trainingSheet(t, f, people, max(r.Today(), t.Date))
		if t.Session != "" {
			sheet.Session, err = byID[GroupSession](ctx, r, platform, t.Session)
		}
		return err
	})
	return sheet, err
}

func trainingSheet(t *Training, f *facts, people map[qms.ID]Person, day qms.Date) *TrainingSheet {
	sheet := &TrainingSheet{TrainingLine: TrainingLine{Training: *t, Person: people[t.Person], Trainer: people[t.Trainer], Equipment: f.equipment[t.Equipment]}}
	if t.Void == "" {
		sheet.Requalify = requalify(*t, f.decisions, day)
	}
	for _, skill := range skillsOf(f, people, day) {
		sheet.Chain = skill.Chain
	}
	for _, l := range sheet.Chain {
		if l.Training.ID == t.ID {
			sheet.Standing, sheet.Ungiven = l.Standing, l.Ungiven
		}
	}
	return sheet
}

// OwnSkills is what the actor may use on one platform, as of today.
type OwnSkills struct {
	Platform     qms.ID
	AsOf         qms.Date
	Skills       []Skill
	ExpiringDays int64
}

// OwnSkills reads the trainings of who asks on the platforms, those without any left out. Everybody may
// see their own.
func (s *Service) OwnSkills(ctx context.Context, platforms []qms.ID) (own []OwnSkills, err error) {
	err = s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		me, today := r.Actor().ID, r.Today()
		if me == "" {
			return nil
		}
		here, err := platformsTrainedOn(ctx, r, me, platforms)
		if err != nil {
			return err
		}
		for _, platform := range platforms {
			if !here[platform] {
				continue
			}
			f, err := factsOf(ctx, r, platform, scope{persons: []qms.ID{me}})
			if err != nil {
				return err
			}
			people, err := s.trainersOf(ctx, r, platform, f.trainings, Person{ID: me, Name: r.Actor().Name})
			if err != nil {
				return err
			}
			own = append(own, OwnSkills{Platform: platform, AsOf: today, Skills: skillsOf(f, people, today), ExpiringDays: f.settings.ExpiringDays})
		}
		return nil
	})
	return own, err
}
