package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// KitAdoption is what every platform made of every template, at a glance.
type KitAdoption struct {
	Templates []*KitSheet               // that stand, in the order of the kit, without platform
	Cells     map[qms.ID][]AdoptionCell // of each platform, one for each template
}

// AdoptionCell is what one platform made of one template.
type AdoptionCell struct {
	State Adopted
	Code  string // of its first copy
}

// Adoption reads it for the platforms in four statements however many there are.
func (s *Service) Adoption(ctx context.Context, platforms []qms.ID) (*KitAdoption, error) {
	all := &KitAdoption{Cells: make(map[qms.ID][]AdoptionCell, len(platforms))}
	err := s.db.View(ctx, keepKit, func(r store.Reader) error {
		kit, err := kitHeld(ctx, r)
		if err != nil {
			return err
		}
		use, err := kitUseOf(ctx, r, nil)
		if err != nil {
			return err
		}
		for _, t := range kit {
			if !t.HeldOn(r.Today()) || newestOn(t.Versions, r.Today()) == nil {
				continue
			}
			all.Templates = append(all.Templates, &KitSheet{KitHeld: *t, Newest: newestOn(t.Versions, r.Today())})
			for _, p := range platforms {
				sheet := use.sheet(t, p, r.Today())
				cell := AdoptionCell{State: sheet.State}
				if len(sheet.Ours) > 0 {
					cell.Code = sheet.Ours[0].Code
				}
				all.Cells[p] = append(all.Cells[p], cell)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
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
