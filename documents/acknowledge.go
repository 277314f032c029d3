package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// Acknowledge is a reader's signature for having read a version ("pris connaissance"). The door has
// asked for the password again.
type Acknowledge struct {
	Platform qms.ID
	Version  qms.ID
	Revision int64 // 0 does not check
}

// Acknowledge signs that the actor has read the version in force, which is addressed to them. Each
// signs each version once; it names the content that was read.
func (s *Service) Acknowledge(ctx context.Context, cmd Acknowledge) (*Version, error) {
	return s.change(ctx, "version.read", qms.AcknowledgeDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, "",
		func(tx *store.Tx, v *Version) error {
			d, err := documentByID(ctx, tx, cmd.Platform, v.Document)
			if err != nil {
				return err
			}
			state, _ := v.StateOn(tx.Today())
			switch {
			case !mayRead(tx, v, state):
				return qms.NotFound("version.not_found")
			case !v.InForceOn(tx.Today()):
				return qms.Conflict("reading.not_in_force", v.Number().String())
			case !v.HasContent():
				return qms.Conflict("version.content_missing")
			}
			readers, err := s.readersOf(ctx, tx, d, tx.Today())
			if err != nil {
				return err
			}
			me := tx.Actor().ID
			if !slices.ContainsFunc(readers, func(r Reader) bool { return r.Person == me }) {
				return qms.Refuse("reading.not_addressed", d.Code)
			}
			mine, err := readingsOfVersions(ctx, tx, me, []qms.ID{v.ID})
			if err != nil {
				return err
			}
			if len(mine) > 0 {
				return qms.Conflict("reading.already", v.Number().String(), mine[0].SignedOn)
			}
			return sign(ctx, tx, v, ReadBy)
		})
}

// readersOf are those to whom the document is addressed on the day.
func (s *Service) readersOf(ctx context.Context, r store.Reader, d *Document, day qms.Date) ([]Reader, error) {
	entries, err := addresseesOf(ctx, r, d.Platform, d.ID, d.Kind)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	holdings, err := s.people.Holdings(ctx, r, d.Platform)
	return Readers(entries, holdings, day), err
}
