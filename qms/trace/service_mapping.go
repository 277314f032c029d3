package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// RememberMapping keeps how the columns of a sheet are to be read; what was said of the same headings
// before is replaced.
func (s *Service) RememberMapping(ctx context.Context, platform qms.ID, said RegisterMapping) (*RegisterMapping, error) {
	act := qms.Act{Name: "mapping.remember", Needs: qms.ImportRegisters.On(platform), Platform: platform}
	kept := &said
	kept.Row = qms.Row{ID: qms.NewID(s.db.Now()), Platform: platform}
	act.Subject = kept.ID
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		var in input
		kept.Void, kept.RememberedBy, kept.RememberedAt = "", tx.Actor().Name, tx.Now()
		if kept.check(&in); len(in.wrong) > 0 {
			return qms.InvalidFields(in.wrong...)
		}
		old, err := mappingBySignature(ctx, tx, platform, kept.Signature)
		switch {
		case qms.CodeOf(err) == qms.CodeNotFound:
			return tx.Insert(ctx, kept)
		case err != nil:
			return err
		}
		kept.Row = old.Row
		return tx.Update(ctx, kept)
	})
	if err != nil {
		return nil, err
	}
	return kept, nil
}

// ForgetMapping voids a mapping with its reason: the next import of these headings asks again.
func (s *Service) ForgetMapping(ctx context.Context, target Target) (*RegisterMapping, error) {
	return annul[RegisterMapping](ctx, s, qms.Act{Name: "mapping.forget", Needs: qms.ImportRegisters.On(target.Platform)}, target)
}

// Mappings lists what is remembered of a platform's headings, the latest first; the forgotten ones too
// when all are asked for.
func (s *Service) Mappings(ctx context.Context, platform qms.ID, all bool) (mappings []RegisterMapping, err error) {
	err = s.db.View(ctx, qms.ImportRegisters.On(platform), func(r store.Reader) error {
		mappings, err = mappingsOf(ctx, r, platform, all)
		return err
	})
	return mappings, err
}

// Mapping is one of them; qms.NotFound when there is none.
func (s *Service) Mapping(ctx context.Context, platform, id qms.ID) (m *RegisterMapping, err error) {
	err = s.db.View(ctx, qms.ImportRegisters.On(platform), func(r store.Reader) error {
		m, err = byID[RegisterMapping](ctx, r, platform, id)
		return err
	})
	return m, err
}
