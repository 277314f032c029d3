package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// Compare asks what changed between two versions of a document.
type Compare struct {
	Platform qms.ID
	Code     string
	From     string // number; the version before To when empty
	To       string // number; the newest one that the reader may see when empty
}

// Comparison is two versions of a document, side by side.
type Comparison struct {
	Document Document
	Versions []Entry // that the reader may see, newest first: what can be compared
	From, To *Entry  // From is nil when nothing comes before To
	Missing  *Entry  // one of the two whose text is not known: no file yet, or one whose words cannot be read
	SameFile bool    // both have the very same file
	*Difference
}

// Compare sets the texts of two versions side by side. Only versions that the reader may read exist.
func (s *Service) Compare(ctx context.Context, cmd Compare) (*Comparison, error) {
	c := &Comparison{Difference: &Difference{}}
	var before, after string
	err := s.db.View(ctx, qms.ReadDocuments.On(cmd.Platform), func(r store.Reader) error {
		if err := s.comparable(ctx, r, cmd, c); err != nil || c.From == nil {
			return err
		}
		for _, side := range []struct {
			of   *Entry
			text *string
		}{{c.From, &before}, {c.To, &after}} {
			var err error
			if *side.text, err = textOf(ctx, r, &side.of.Version); err != nil {
				return err
			}
			if *side.text == "" && c.Missing == nil {
				c.Missing = side.of
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if c.From != nil && c.Missing == nil {
		c.SameFile = c.From.Content == c.To.Content
		c.Difference = Differ(before, after) // outside the transaction: it may take its time
	}
	return c, nil
}

// comparable finds the document and its two versions.
func (s *Service) comparable(ctx context.Context, r store.Reader, cmd Compare, c *Comparison) error {
	code, err := TidyCode(cmd.Code)
	if err != nil {
		return qms.NotFound("document.not_found")
	}
	d, err := documentByCode(ctx, r, cmd.Platform, code)
	if err != nil {
		return err
	}
	sheet, err := s.sheet(ctx, r, d, r.Today())
	if err != nil {
		return err
	}
	c.Document, c.Versions = sheet.Document, sheet.Versions
	to, err := numbered(c.Versions, cmd.To, 0)
	if err != nil {
		return err
	}
	from, err := numbered(c.Versions, cmd.From, to+1)
	if err != nil {
		return err
	}
	if to < len(c.Versions) {
		c.To = &c.Versions[to]
	}
	if from < len(c.Versions) {
		c.From = &c.Versions[from]
	}
	return nil
}

// numbered is where the version of that number stands, or otherwise where none is asked for.
func numbered(versions []Entry, number string, otherwise int) (int, error) {
	if number == "" {
		return otherwise, nil
	}
	n, err := ParseNumber(number)
	if err != nil {
		return 0, qms.NotFound("version.not_found")
	}
	if i := slices.IndexFunc(versions, func(e Entry) bool { return e.Number() == n }); i >= 0 {
		return i, nil
	}
	return 0, qms.NotFound("version.not_found")
}

// textOf is the text that was read in the version's file, "" when there is none.
func textOf(ctx context.Context, r store.Reader, v *Version) (body string, err error) {
	if !v.HasContent() || v.EliminatedOn(r.Today()) {
		return "", nil
	}
	rows, err := r.Query(ctx, "SELECT body FROM contents WHERE platform = ? AND digest = ?", v.Platform, v.Content)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&body)
	}
	if err != nil {
		return "", err
	}
	return body, rows.Err()
}

// Fold is rows of a comparison to show, and then a run of unchanged ones to leave out.
type Fold struct {
	Shown   []DiffRow
	Skipped int
}

// aroundChanges is how many unchanged lines stand on each side of a change.
const aroundChanges = 3

// Folded leaves out the unchanged lines that are not near a change. It shows at most that many rows,
// and reports how many more there would be.
func (d *Difference) Folded(most int) (folds []Fold, more int) {
	var fold Fold
	shown := 0
	for i, row := range d.Rows {
		switch {
		case !d.near(i):
			fold.Skipped++
		case shown == most:
			more++
		default:
			if fold.Skipped > 0 {
				folds, fold = append(folds, fold), Fold{}
			}
			fold.Shown = append(fold.Shown, row)
			shown++
		}
	}
	if more > 0 {
		fold.Skipped = 0
	}
	return append(folds, fold), more
}

// Unfolded is Folded with every unchanged line.
func (d *Difference) Unfolded(most int) (folds []Fold, more int) {
	most = min(most, len(d.Rows))
	return []Fold{{Shown: d.Rows[:most]}}, len(d.Rows) - most
}

// near reports whether the row is a change or stands close to one.
func (d *Difference) near(i int) bool {
	for j := max(0, i-aroundChanges); j < min(len(d.Rows), i+aroundChanges+1); j++ {
		if d.Rows[j].Kind != RowSame {
			return true
		}
	}
	return false
}

// Before is the version that came before that of the number, nil unless both have a text to compare.
func (s *Sheet) Before(n Number) *Entry {
	i := slices.IndexFunc(s.Versions, func(e Entry) bool { return e.Number() == n })
	if i < 0 || i+1 >= len(s.Versions) || !s.Versions[i].HasContent() || !s.Versions[i+1].HasContent() {
		return nil
	}
	return &s.Versions[i+1]
}
