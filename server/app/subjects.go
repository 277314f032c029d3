package app

import (
	"context"
	"strings"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// subjects tells the room of documents what records can be about.
type subjects struct{}

// Subject asks the room that knows the kind.
func (s subjects) Subject(ctx context.Context, r store.Reader, platform qms.ID, kind documents.About, code string, day qms.Date) (documents.Subject, error) {
	var found trace.Subject
	var err error
	switch kind {
	case documents.AboutService:
		found, err = trace.ChainSubject(ctx, r, platform, code)
	case documents.AboutEquipment:
		found, err = trace.EquipmentSubject(ctx, r, platform, code)
	case documents.AboutUse:
		found, err = trace.UseSubject(ctx, r, platform, code)
	case documents.AboutPerson:
		found, err = s.person(ctx, r, platform, code)
	case documents.AboutTraining:
		found, err = s.training(ctx, r, platform, code, day)
	default:
		err = qms.NotFound("record.not_found")
	}
	return documents.Subject{Kind: kind, Code: found.Code, ID: found.ID, Title: found.Title}, err
}

// person finds a member of the platform, of any time, by code.
func (subjects) person(ctx context.Context, r store.Reader, platform qms.ID, code string) (trace.Subject, error) {
	all, err := people.MembersOf(ctx, r, platform)
	if err != nil {
		return trace.Subject{}, err
	}
	code = trace.Normal(code)
	for _, m := range all {
		if m.Code == code {
			return trace.Subject{ID: m.Person, Code: m.Code, Title: m.Name}, nil
		}
	}
	return trace.Subject{}, qms.NotFound("record.not_found")
}

// training finds a training stated as PERSON/EQUIPMENT, the latest begun by the day, or as
// PERSON/EQUIPMENT/2026-01-05.
func (s subjects) training(ctx context.Context, r store.Reader, platform qms.ID, code string, day qms.Date) (trace.Subject, error) {
	none := qms.NotFound("record.not_found")
	parts := strings.Split(code, "/")
	if len(parts) < 2 || len(parts) > 3 {
		return trace.Subject{}, none
	}
	exact := len(parts) == 3
	if exact {
		var err error
		if day, err = qms.ParseDate(strings.TrimSpace(parts[2])); err != nil {
			return trace.Subject{}, none
		}
	}
	person, err := s.person(ctx, r, platform, parts[0])
	if err != nil {
		return trace.Subject{}, err
	}
	equipment, err := trace.EquipmentSubject(ctx, r, platform, parts[1])
	if err != nil {
		return trace.Subject{}, err
	}
	t, err := trace.TrainingSubject(ctx, r, platform, person.ID, equipment.ID, day, exact)
	t.Title = person.Title + ", " + equipment.Title
	t.Code = person.Code + "/" + equipment.Code + "/" + t.Code
	return t, err
}
