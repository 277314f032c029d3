package generator

import (
	"context"
	"fmt"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// Site is where platforms are written to.
type Site struct {
	DB     *store.DB
	People *people.Service
	Trace  *trace.Service
}

// Add makes the platform and takes its registers over in one act, as an import would: every row is in
// the trail. The actor needs the rights to make platforms and to import.
func (s Site) Add(ctx context.Context, p *Platform) (qms.ID, error) {
	made, err := s.People.AddPlatform(ctx, people.AddPlatform{Code: p.Code, Name: p.Name})
	if err != nil {
		return "", err
	}
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(made.ID), Platform: made.ID}
	err = s.DB.Change(ctx, act, func(tx *store.Tx) error {
		if _, err := people.TakeMembers(ctx, tx, p.Members); err != nil {
			return err
		}
		if _, err := documents.TakeMasterList(ctx, tx, p.Documents); err != nil {
			return err
		}
		_, err := s.Trace.TakeRegisters(ctx, tx, p.Registers)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("write %s: %w", p.Code, err)
	}
	return made.ID, nil
}
