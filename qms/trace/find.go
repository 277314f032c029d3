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
