package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// KitAdoption is what every platform made of every template, at a glance.
type KitAdoption struct {
	Day       qms.Date                  // as of which
	Templates []*KitSheet               // that stand, in the order of the kit, without platform
	Cells     map[qms.ID][]AdoptionCell // of each platform, one for each template
}

// AdoptionCell is what one platform made of one template.
type AdoptionCell struct {
	State Adopted
	Code  string // of its first copy
}

// Adoption reads it for the platforms as of today, in four statements however many there are.
func (s *Service) Adoption(ctx context.Context, platforms []qms.ID) (*KitAdoption, error) {
	return s.AdoptionOn(ctx, platforms, 0)
}

// AdoptionOn is Adoption as of a day, today when it is none: the templates, versions, copies and answers that
// held at its end. It refuses a day to come.
func (s *Service) AdoptionOn(ctx context.Context, platforms []qms.ID, day qms.Date) (*KitAdoption, error) {
	all := &KitAdoption{Cells: make(map[qms.ID][]AdoptionCell, len(platforms))}
	err := s.db.View(ctx, keepKit, func(r store.Reader) error {
		if all.Day = day; day == 0 {
			all.Day = r.Today()
		}
		if all.Day > r.Today() {
			return qms.InvalidFields(qms.Wrong("as_of", "kit.to_come", r.Today()))
		}
		return s.adoption(ctx, r, platforms, all)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (s *Service) adoption(ctx context.Context, r store.Reader, platforms []qms.ID, all *KitAdoption) error {
	kit, err := kitHeld(ctx, r)
	if err != nil {
		return err
	}
	use, err := kitUseOf(ctx, r, nil, all.Day)
	if err != nil {
		return err
	}
	for _, t := range kit {
		if !t.HeldOn(all.Day) || newestOn(t.Versions, all.Day) == nil {
			continue
		}
		all.Templates = append(all.Templates, &KitSheet{KitHeld: *t, Newest: newestOn(t.Versions, all.Day)})
		for _, p := range platforms {
			sheet := use.sheet(t, p, all.Day)
			cell := AdoptionCell{State: sheet.State}
			if len(sheet.Ours) > 0 {
				cell.Code = sheet.Ours[0].Code
			}
			all.Cells[p] = append(all.Cells[p], cell)
		}
	}
	return nil
}

// Tally counts the states of a platform's row.
func (k *KitAdoption) Tally(platform qms.ID) map[Adopted]int {
	n := map[Adopted]int{}
	for _, c := range k.Cells[platform] {
		n[c.State]++
	}
	return n
}

// TallyOf counts the states of a template's column.
func (k *KitAdoption) TallyOf(template int) map[Adopted]int {
	n := map[Adopted]int{}
	for _, row := range k.Cells {
		n[row[template].State]++
	}
	return n
}
