package documents

import (
	"context"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// Reprint asks for a rendition once more: of one that failed or rests it is the next attempt, of one
// that is made it is a new one, and the old one is kept. Enclosed asks for a cover page with the
// original attached, instead of what fails.
type Reprint struct {
	Platform qms.ID
	Version  qms.ID
	Enclosed bool
}

// Reprint asks for the rendition of a version once more.
func (s *Service) Reprint(ctx context.Context, cmd Reprint) (asked *Rendition, err error) {
	act := qms.Act{Name: "rendition.retry", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Version}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		v, err := versionByID(ctx, tx, cmd.Platform, cmd.Version)
		if err != nil {
			return err
		}
		im, ok := v.imprintOn(tx.Today())
		if !ok {
			return qms.NotFound("print.none")
		}
		how := How("")
		if cmd.Enclosed {
			how = Enclosed
		}
		asked, err = reprint(ctx, tx, v, im, how)
		return err
	})
	if err == nil {
		s.press.want()
	}
	return asked, err
}

func reprint(ctx context.Context, tx *store.Tx, v *Version, im imprint, how How) (*Rendition, error) {
	all, err := renditionsOf(ctx, tx, v.ID)
	if err != nil {
		return nil, err
	}
	newest, _ := latest(all, im)
	switch {
	case newest == nil || newest.State == RenditionDone:
		return ask(ctx, tx, v, im, all, how, vault.Digest{}) // from the original: the converter may have changed
	case newest.UnderWay(tx.Now()):
		return nil, qms.Conflict("print.under_way")
	}
	newest.again(tx.Now(), how)
	return newest, tx.Update(ctx, newest)
}

// reprintedAtOnce bounds how many renditions one act asks for.
const reprintedAtOnce = 500

// ReprintEnclosed asks anew for the renditions that were made without a converter and that one can
// make now. It tells how many they are.
func (s *Service) ReprintEnclosed(ctx context.Context, platform qms.ID) (count int, err error) {
	act := qms.Act{Name: "rendition.retry", Needs: qms.ControlDocuments.On(platform), Platform: platform}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		count = 0
		rows, err := renditionLines(ctx, tx, platform, RenditionsEnclosed, "", reprintedAtOnce)
		if err != nil {
			return err
		}
		for _, r := range rows {
			v, err := versionByID(ctx, tx, platform, r.Version)
			if err != nil {
				return err
			}
			im, ok := v.imprintOn(tx.Today())
			if !ok || r.imprint() != im || !s.printable(v) {
				continue
			}
			if _, err := reprint(ctx, tx, v, im, ""); err != nil {
				return err
			}
			count++
		}
		return nil
	})
	if err == nil {
		s.press.want()
	}
	return count, err
}
