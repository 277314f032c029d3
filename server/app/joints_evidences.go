package app

import (
	"context"
	"slices"
	"strings"

	"maillon/audits"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// evidences tells the room of the label what stands behind what answers name.
type evidences struct{}

// proving is what the codes of some links lead to on a day.
type proving struct {
	day       qms.Date
	documents map[string]documents.Known
	records   []trace.NamedRecord
	exercises map[string]bool // known
	members   map[string]qms.ID
	trainings []trace.NamedTraining
}

// Stand asks each room once, whatever the number of links: at most six statements.
func (evidences) Stand(ctx context.Context, r store.Reader, platform qms.ID, links []label.Link, day qms.Date) ([]label.Proof, error) {
	normal := make([]label.Link, len(links))
	var codes []string
	trained := false
	for i, l := range links {
		normal[i] = label.Link{Kind: l.Kind, Code: trace.Normal(l.Code)}
		codes = append(codes, normal[i].Code)
		trained = trained || strings.Contains(l.Code, "/")
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	p := &proving{day: day, exercises: map[string]bool{}}
	if len(codes) == 0 {
		return nil, nil
	}
	var err error
	if p.documents, err = documents.NamedOn(ctx, r, platform, codes, day); err != nil {
		return nil, err
	}
	if p.records, err = trace.RecordsNamed(ctx, r, platform, codes); err != nil {
		return nil, err
	}
	unknown, err := audits.UnknownExercises(ctx, r, platform, codes)
	if err != nil {
		return nil, err
	}
	for _, code := range codes {
		p.exercises[code] = !slices.Contains(unknown, code)
	}
	if trained {
		if err := p.train(ctx, r, platform, codes); err != nil {
			return nil, err
		}
	}
	found := make([]label.Proof, len(normal))
	for i, l := range normal {
		found[i] = p.prove(l)
	}
	return found, nil
}

// train reads the trainings of the members that the codes name.
func (p *proving) train(ctx context.Context, r store.Reader, platform qms.ID, codes []string) error {
	members, err := people.MembersOf(ctx, r, platform)
	if err != nil {
		return err
	}
	p.members = make(map[string]qms.ID, len(members))
	for _, m := range members {
		p.members[m.Code] = m.Person
	}
	var persons []qms.ID
	for _, code := range codes {
		who, _, _ := strings.Cut(code, "/")
		if id := p.members[who]; id != "" && strings.Contains(code, "/") {
			persons = append(persons, id)
		}
	}
	p.trainings, err = trace.TrainingsOf(ctx, r, platform, persons)
	return err
}

// prove finds what one link leads to: of its kind, or of the first kind that has its code.
func (p *proving) prove(l label.Link) label.Proof {
	for _, kind := range label.LinkKinds() {
		if l.Kind != "" && l.Kind != kind {
			continue
		}
		if f, ok := p.of(kind, l.Code); ok {
			return f
		}
	}
	return label.Proof{Link: l, Standing: label.EvidenceUnknown}
}

func (p *proving) of(kind label.LinkKind, code string) (label.Proof, bool) {
	f := label.Proof{Link: label.Link{Kind: kind, Code: code}, Standing: label.EvidenceCurrent}
	switch kind {
	case label.LinkDocument:
		d, ok := p.documents[code]
		f.Title, f.Version, f.Parts = d.Title, d.Version, []string{"documents", code}
		if !d.InForce {
			f.Standing = label.EvidenceWithdrawn
		}
		return f, ok
	case label.LinkExercise:
		f.Parts = []string{"exercises", code}
		return f, p.exercises[code]
	case label.LinkTraining:
		return p.training(f)
	}
	known := false
	for _, n := range p.records {
		if n.Kind != string(kind) || trace.Normal(n.Code) != code || known && n.Void {
			continue // one that counts goes before one that was voided
		}
		known, f.Title, f.Parts, f.Standing = true, n.Title, n.Parts, label.EvidenceCurrent
		if n.Void {
			f.Standing = label.EvidenceVoid
		}
	}
	return f, known
}

// training finds PERSON/EQUIPMENT, the latest by the day, or PERSON/EQUIPMENT/2026-01-05.
func (p *proving) training(f label.Proof) (label.Proof, bool) {
	parts := strings.Split(f.Code, "/")
	if len(parts) < 2 || len(parts) > 3 {
		return f, false
	}
	on, exact := p.day, len(parts) == 3
	if exact {
		day, err := qms.ParseDate(parts[2])
		if err != nil {
			return f, false
		}
		on = day
	}
	known := false
	for _, t := range p.trainings {
		if t.Person != p.members[parts[0]] || t.Equipment != parts[1] || t.Date > on || exact && t.Date != on || known && (t.Void || f.Standing == label.EvidenceCurrent) {
			continue
		}
		known, f.Parts, f.Standing = true, []string{"people", "trainings", string(t.ID)}, label.EvidenceCurrent
		if t.Void {
			f.Standing = label.EvidenceVoid
		}
	}
	return f, known
}
