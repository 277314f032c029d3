package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Hit is a record that a search by number or code found.
type Hit struct {
	Kind   string // a Stage, "equipment" or "use"
	Number string
	Title  string // subject of a request, name of equipment; the request that the others name
}

// maxHits is how many a search shows.
const maxHits = 20

// Find looks for records whose number or code is, or begins with, what was typed: exact ones first,
// then in their order. It takes one statement.
func (s *Service) Find(ctx context.Context, platform qms.ID, typed string) (hits []Hit, err error) {
	number := Normal(typed)
	if number == "" {
		return nil, nil
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		rows, err := findRows(ctx, r, platform, number, maxHits)
		if err != nil {
			return err
		}
		defer rows.Close()
		scan := newScanner(rows, 3)
		for scan.next() {
			hits = append(hits, Hit{Kind: scan.text(0), Number: scan.text(1), Title: scan.text(2)})
		}
		return scan.done()
	})
	return hits, err
}

// Request reads a request by its number; a voided one is read too. So do the methods below.
func (s *Service) Request(ctx context.Context, platform qms.ID, number string) (*Request, error) {
	r, err := numberedRecord[Request](ctx, s, platform, number)
	if err == nil {
		r.discreet(qms.ActorFrom(ctx))
	}
	return r, err
}

// Quote reads a quote by its number.
func (s *Service) Quote(ctx context.Context, platform qms.ID, number string) (*Quote, error) {
	return numberedRecord[Quote](ctx, s, platform, number)
}

// Report reads a report by its number.
func (s *Service) Report(ctx context.Context, platform qms.ID, number string) (*Report, error) {
	return numberedRecord[Report](ctx, s, platform, number)
}

// Invoice reads an invoice by its number.
func (s *Service) Invoice(ctx context.Context, platform qms.ID, number string) (*Invoice, error) {
	return numberedRecord[Invoice](ctx, s, platform, number)
}

// Use reads a use by its number.
func (s *Service) Use(ctx context.Context, platform qms.ID, number string) (*Use, error) {
	return numberedRecord[Use](ctx, s, platform, number)
}

func numberedRecord[T any](ctx context.Context, s *Service, platform qms.ID, number string) (row *T, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		row, err = byNumber[T](ctx, r, platform, Normal(number))
		return err
	})
	return row, err
}
