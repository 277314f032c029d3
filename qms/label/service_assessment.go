package label

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// Evidences tells what stands behind the evidence that answers name.
type Evidences interface {
	// Stand says, for each of the links, what is behind it on the day, in a fixed number of statements. A
	// link without a kind is looked for in the order of LinkKinds. The codes come back in their normal form.
	Stand(ctx context.Context, r store.Reader, platform qms.ID, links []Link, day qms.Date) ([]Proof, error)
}

// ProveBy hands the room what knows documents and records. Without it every link is unknown.
func (s *Service) ProveBy(e Evidences) *Service {
	s.evidences = e
	return s
}

func (s *Service) stand(ctx context.Context, r store.Reader, platform qms.ID, links []Link, day qms.Date) ([]Proof, error) {
	if s.evidences == nil || len(links) == 0 {
		found := make([]Proof, len(links))
		for i, l := range links {
			found[i] = Proof{Link: l, Standing: EvidenceUnknown}
		}
		return found, nil
	}
	return s.evidences.Stand(ctx, r, platform, links, day)
}

// Assessment reads what a platform answers on a day, today when none, with what stands behind it.
func (s *Service) Assessment(ctx context.Context, platform qms.ID, day qms.Date) (a *Assessment, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		if day == 0 {
			day = r.Today()
		}
		a, err = s.assessment(ctx, r, platform, day)
		return err
	})
	return a, err
}

// AssessmentIn is Assessment within a transaction of the caller's, who has seen to the right to read.
func (s *Service) AssessmentIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (*Assessment, error) {
	return s.assessment(ctx, r, platform, day)
}

func (s *Service) assessment(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (*Assessment, error) {
	a := &Assessment{AsOf: day}
	all, err := referentials(ctx, r)
	if err != nil {
		return nil, err
	}
	if a.Version = InEffect(all, day); a.Version == nil {
		return a, nil
	}
	a.Prior = InEffect(all, a.Version.EffectiveFrom.AddDays(-1))
	criteria, err := criteriaOf(ctx, r, a.Version.ID)
	if err != nil {
		return nil, err
	}
	prior, err := codesOf(ctx, r, a.Prior)
	if err != nil {
		return nil, err
	}
	answers, err := answersOn(ctx, r, []qms.ID{platform}, day)
	if err != nil {
		return nil, err
	}
	answered, err := answeredBefore(ctx, r, criteria, answers)
	if err != nil {
		return nil, err
	}
	a.Items, a.Gone = join(criteria, answers, answered, prior)
	return a, s.prove(ctx, r, platform, a)
}

// codesOf are the codes of a version; nil for none.
func codesOf(ctx context.Context, r store.Reader, v *Referential) (map[string]bool, error) {
	if v == nil {
		return nil, nil
	}
	criteria, err := criteriaOf(ctx, r, v.ID)
	codes := make(map[string]bool, len(criteria))
	for _, c := range criteria {
		codes[c.Code] = true
	}
	return codes, err
}

// answeredBefore reads the criteria of other versions that answers were given to.
func answeredBefore(ctx context.Context, r store.Reader, criteria []Criterion, answers []Answer) (map[qms.ID]*Criterion, error) {
	here := make(map[qms.ID]bool, len(criteria))
	for i := range criteria {
		here[criteria[i].ID] = true
	}
	var others []qms.ID
	for i := range answers {
		if !here[answers[i].Criterion] {
			others = append(others, answers[i].Criterion)
		}
	}
	return criteriaByID(ctx, r, compactIDs(others...))
}

// prove looks behind the links of every answer at once, counts files and names people.
func (s *Service) prove(ctx context.Context, r store.Reader, platform qms.ID, a *Assessment) error {
	var links []Link
	var threads, persons []qms.ID
	for i := range a.Items {
		if answer := a.Items[i].Answer; answer != nil {
			links = append(links, answer.Links...)
			threads = append(threads, answer.Thread)
			persons = append(persons, answer.Person, answer.AnsweredBy)
		}
	}
	for i := range a.Gone {
		persons = append(persons, a.Gone[i].Answer.AnsweredBy)
	}
	found, err := s.stand(ctx, r, platform, links, a.AsOf)
	if err != nil {
		return err
	}
	files, err := filesOf(ctx, r, platform, threads)
	if err != nil {
		return err
	}
	for i := range a.Items {
		item := &a.Items[i]
		if item.Answer == nil {
			continue
		}
		n := len(item.Answer.Links)
		item.Proofs, found = found[:n], found[n:]
		item.Files = files[item.Answer.Thread]
	}
	a.Names, err = s.people.NamesOf(ctx, r, compactIDs(persons...))
	return err
}

// AnsweredCriterion is one criterion of an assessment with the history of its answers.
type AnsweredCriterion struct {
	*AssessedCriterion
	Version  *Referential
	AsOf     qms.Date
	History  []Answer // every answer to it, the newest first
	Names    map[qms.ID]string
	Previous string // codes of the criteria before and after it
	Next     string
	Todo     string   // code of the next one that asks for an answer; empty for none
	Persons  []Holder // who may be named to close a gap
	At, Of   int      // its place among the criteria
}

// AnsweredCriterion reads one criterion of the version in effect, as of today.
func (s *Service) AnsweredCriterion(ctx context.Context, platform qms.ID, code string) (c *AnsweredCriterion, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		a, err := s.assessment(ctx, r, platform, r.Today())
		if err != nil {
			return err
		}
		item := a.Item(code)
		if item == nil {
			return qms.NotFound("criterion.not_asked", shortened(code))
		}
		c = &AnsweredCriterion{AssessedCriterion: item, Version: a.Version, AsOf: a.AsOf, Of: len(a.Items)}
		c.place(a)
		if c.History, err = answerHistory(ctx, r, platform, item.Code); err != nil {
			return err
		}
		var persons []qms.ID
		for i := range c.History {
			persons = append(persons, c.History[i].Person, c.History[i].AnsweredBy)
		}
		if c.Names, err = s.people.NamesOf(ctx, r, compactIDs(persons...)); err != nil {
			return err
		}
		c.Persons, err = s.closers(ctx, r, platform)
		return err
	})
	return c, err
}

// place finds the neighbours of the criterion.
func (c *AnsweredCriterion) place(a *Assessment) {
	at := slices.IndexFunc(a.Items, func(o AssessedCriterion) bool { return o.Code == c.Code })
	c.At = at + 1
	if at > 0 {
		c.Previous = a.Items[at-1].Code
	}
	if at+1 < len(a.Items) {
		c.Next = a.Items[at+1].Code
	}
	for k := 1; k < len(a.Items); k++ {
		if o := &a.Items[(at+k)%len(a.Items)]; !o.Counts() {
			c.Todo = o.Code
			return
		}
	}
}

// closers are who may be named to close a gap: who holds a role on the platform, each once.
func (s *Service) closers(ctx context.Context, r store.Reader, platform qms.ID) ([]Holder, error) {
	all, err := s.people.Holders(ctx, r, platform, r.Today())
	var persons []Holder
	for _, h := range all {
		there := slices.ContainsFunc(persons, func(o Holder) bool { return o.Person == h.Person })
		if h.Role != qms.Auditor && h.Role != qms.User && !there {
			persons = append(persons, h)
		}
	}
	return persons, err
}

// Coverage counts what a platform answers on a day.
func (s *Service) Coverage(ctx context.Context, platform qms.ID, day qms.Date) (c Coverage, err error) {
	err = s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		if day == 0 {
			day = r.Today()
		}
		of, err := CoverageOf(ctx, r, []qms.ID{platform}, day)
		c = of[platform]
		return err
	})
	return c, err
}

// CoverageOf counts what platforms answer on a day, of all that answer when none is named, in three
// statements. A platform named that has not answered yet is there with nothing answered.
func CoverageOf(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) (map[qms.ID]Coverage, error) {
	all, err := referentials(ctx, r)
	if err != nil {
		return nil, err
	}
	version, of := InEffect(all, day), map[qms.ID]Coverage{}
	if version == nil {
		return of, nil
	}
	criteria, err := criteriaOf(ctx, r, version.ID)
	if err != nil {
		return nil, err
	}
	answers, err := levelsOn(ctx, r, platforms, day)
	if err != nil {
		return nil, err
	}
	by := make(map[qms.ID][]Answer, len(platforms))
	for _, p := range platforms {
		by[p] = nil
	}
	for _, a := range answers {
		by[a.Platform] = append(by[a.Platform], a)
	}
	for p, said := range by {
		items, _ := join(criteria, said, nil, nil)
		of[p] = cover(version, items)
	}
	return of, nil
}

func trimmed(s string) string { return strings.TrimSpace(s) }
