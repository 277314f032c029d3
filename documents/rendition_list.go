package documents

import (
	"context"
	"fmt"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// RenditionFilter chooses renditions of a list.
type RenditionFilter string

// The filters of the list of renditions.
const (
	RenditionsOpen     RenditionFilter = ""         // pending and failed
	RenditionsFailed   RenditionFilter = "failed"   // those that nobody tries again
	RenditionsEnclosed RenditionFilter = "enclosed" // made without a converter
	RenditionsMade     RenditionFilter = "done"
)

// RenditionLine is one line of the list of renditions.
type RenditionLine struct {
	Rendition
	Code      string
	Title     string
	Number    Number
	FileName  string
	Printable bool // a converter can make a PDF of the original now
}

// Renditions lists the newest rendition of each version that the filter asks for, those asked for last
// first.
func (s *Service) Renditions(ctx context.Context, platform qms.ID, f RenditionFilter, c qms.Cursor) (page qms.Page[RenditionLine], err error) {
	if !slices.Contains([]RenditionFilter{RenditionsOpen, RenditionsFailed, RenditionsEnclosed, RenditionsMade}, f) {
		return page, qms.Invalid("print.filter", string(f))
	}
	after, err := cursorID(c)
	if err != nil {
		return page, err
	}
	err = s.db.View(ctx, qms.ReadDrafts.On(platform), func(r store.Reader) error {
		rows, err := renditionLines(ctx, r, platform, f, after, int64(c.Limit()+1))
		if err != nil {
			return err
		}
		if len(rows) > c.Limit() {
			rows = rows[:c.Limit()]
			page.Next = string(rows[len(rows)-1].ID)
		}
		page.Items, err = s.renditionLines(ctx, r, platform, rows)
		return err
	})
	return page, err
}

func cursorID(c qms.Cursor) (qms.ID, error) {
	if c.After == "" {
		return "", nil
	}
	return qms.ParseID(c.After)
}

// renditionLines says of each rendition what it is of.
func (s *Service) renditionLines(ctx context.Context, r store.Reader, platform qms.ID, rows []*Rendition) ([]RenditionLine, error) {
	var documents []qms.ID
	for _, row := range rows {
		documents = append(documents, row.Document)
	}
	slices.Sort(documents)
	documents = slices.Compact(documents)
	byID, err := documentsByID(ctx, r, platform, documents)
	if err != nil {
		return nil, err
	}
	versions, err := versionsOfDocuments(ctx, r, documents)
	if err != nil {
		return nil, err
	}
	lines := make([]RenditionLine, 0, len(rows))
	for _, row := range rows {
		i := slices.IndexFunc(versions, func(v *Version) bool { return v.ID == row.Version })
		d := byID[row.Document]
		if i < 0 || d == nil {
			return nil, fmt.Errorf("rendition %s is of nothing", row.ID)
		}
		v := versions[i]
		lines = append(lines, RenditionLine{Rendition: *row, Code: d.Code, Title: d.Title, Number: v.Number(), FileName: v.FileName,
			Printable: s.printable(v)})
	}
	return lines, nil
}
