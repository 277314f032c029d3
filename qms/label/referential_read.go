package label

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// ReferentialLine is a version in the list of them.
type ReferentialLine struct {
	Referential
	Criteria int    // how many it has
	Standing string // draft, approved (published for later), effective, superseded, withdrawn
}

// Referentials lists every version, the newest first.
func (s *Service) Referentials(ctx context.Context) (lines []ReferentialLine, err error) {
	err = s.db.View(ctx, qms.AccompanyPlatform.OnSite(), func(r store.Reader) error {
		all, err := referentials(ctx, r)
		if err != nil {
			return err
		}
		sizes, err := criteriaCounts(ctx, r)
		if err != nil {
			return err
		}
		inEffect := InEffect(all, r.Today())
		for _, v := range all {
			lines = append(lines, ReferentialLine{Referential: v, Criteria: sizes[v.ID], Standing: v.Standing(r.Today(), inEffect)})
		}
		slices.Reverse(lines)
		return nil
	})
	return lines, err
}

// ReferentialSheet is one version with its criteria.
type ReferentialSheet struct {
	ReferentialLine
	Items   []Criterion
	Before  *Referential // that it is held against: the one it follows, else the one in effect
	Changes []CriterionChange
	Tally   Tally
	Names   map[qms.ID]string // of who opened and published it
	Today   qms.Date
}

// Of are the criteria of one theme.
func (v *ReferentialSheet) Of(t Theme) []Criterion { return ofTheme(v.Items, t) }

func ofTheme(all []Criterion, t Theme) (items []Criterion) {
	for _, c := range all {
		if c.Theme == t {
			items = append(items, c)
		}
	}
	return items
}

// Criterion is the one of the code; qms.NotFound when the version has none.
func (v *ReferentialSheet) Criterion(code string) (*Criterion, error) {
	for i := range v.Items {
		if v.Items[i].Code == NormalCode(code) {
			return &v.Items[i], nil
		}
	}
	return nil, qms.NotFound("criterion.unknown", shortened(code), v.Number)
}

// ReferentialSheet reads one version with what differs from the one before.
func (s *Service) ReferentialSheet(ctx context.Context, number int64) (sheet *ReferentialSheet, err error) {
	err = s.db.View(ctx, qms.AccompanyPlatform.OnSite(), func(r store.Reader) error {
		sheet, err = s.referentialSheet(ctx, r, number)
		return err
	})
	return sheet, err
}

func (s *Service) referentialSheet(ctx context.Context, r store.Reader, number int64) (*ReferentialSheet, error) {
	all, err := referentials(ctx, r)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(v Referential) bool { return v.Number == number })
	if i < 0 {
		return nil, qms.NotFound("referential.unknown", number)
	}
	inEffect := InEffect(all, r.Today())
	sheet := &ReferentialSheet{Today: r.Today(), ReferentialLine: ReferentialLine{Referential: all[i], Standing: all[i].Standing(r.Today(), inEffect)}}
	if sheet.Items, err = criteriaOf(ctx, r, sheet.ID); err != nil {
		return nil, err
	}
	sheet.Criteria = len(sheet.Items)
	for k := range all {
		if all[k].Number == sheet.Follows {
			sheet.Before = &all[k]
		}
	}
	if sheet.Open() && inEffect != nil {
		sheet.Before = inEffect // what platforms answer to is what the draft will change
	}
	if sheet.Before != nil {
		before, err := criteriaOf(ctx, r, sheet.Before.ID)
		if err != nil {
			return nil, err
		}
		sheet.Changes = CompareCriteria(before, sheet.Items)
		sheet.Tally = Count(sheet.Changes, len(sheet.Items))
	}
	sheet.Names, err = s.people.NamesOf(ctx, r, compactIDs(sheet.OpenedBy, sheet.PublishedBy))
	return sheet, err
}

// compactIDs are the identifiers that are not empty, each once.
func compactIDs(ids ...qms.ID) []qms.ID {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return slices.DeleteFunc(ids, func(id qms.ID) bool { return id == "" })
}
