package integrity

import (
	"context"
	"strconv"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// Overview is how the site stands.
type Overview struct {
	Last  *Scrub       // the last that ended; nil: none did
	Now   *Scrub       // the one that waits or runs; nil: none
	Held  int64        // contents that the vault holds
	Proof *vault.Proof // what the vault was found to keep of its promises when the site started; nil: nobody looked
}

// Overview wants qms.ReadTrail on the site.
func (s *Service) Overview(ctx context.Context) (Overview, error) {
	v := Overview{Proof: s.proof.Load()}
	err := s.db.View(ctx, qms.ReadTrail.OnSite(), func(r store.Reader) (err error) {
		if v.Last, err = lastEnded(ctx, r); err != nil {
			return err
		}
		last, err := lastScrub(ctx, r)
		if err != nil {
			return err
		}
		if last != nil && !last.Ended() {
			v.Now = last
		}
		v.Held, err = countHolds(ctx, r)
		return err
	})
	return v, err
}

// Scrubs lists the scrubs, newest first. It wants qms.ReadTrail on the site.
func (s *Service) Scrubs(ctx context.Context, c qms.Cursor) (page qms.Page[Scrub], err error) {
	before, err := before(c)
	if err != nil {
		return page, err
	}
	err = s.db.View(ctx, qms.ReadTrail.OnSite(), func(r store.Reader) error {
		rows, err := scrubsBefore(ctx, r, before, c.Limit()+1)
		page = qms.PageOf(rows, c.Limit(), func(s Scrub) string { return strconv.FormatInt(s.Number, 10) })
		return err
	})
	return page, err
}

func before(c qms.Cursor) (int64, error) {
	if c.After == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(c.After, 10, 64)
	if err != nil || n < 1 {
		return 0, qms.Invalid("cursor.malformed")
	}
	return n, nil
}

// Scrub is the scrub of that number with a page of what it found. It wants qms.ReadTrail on the site.
func (s *Service) Scrub(ctx context.Context, number string, c qms.Cursor) (one *Scrub, page qms.Page[ScrubDefect], err error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != number {
		return nil, page, qms.NotFound("scrub.not_found")
	}
	if c.After != "" {
		if _, err := qms.ParseID(c.After); err != nil {
			return nil, page, qms.Invalid("cursor.malformed")
		}
	}
	err = s.db.View(ctx, qms.ReadTrail.OnSite(), func(r store.Reader) error {
		if one, err = scrubByNumber(ctx, r, n); err != nil {
			return err
		}
		rows, err := defectsOf(ctx, r, one.ID, qms.ID(c.After), c.Limit()+1)
		page = qms.PageOf(rows, c.Limit(), func(d ScrubDefect) string { return string(d.ID) })
		return err
	})
	return one, page, err
}
