package documents

import (
	"context"
	"io"
	"path/filepath"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// KitSheet is one template with all that is known of it.
type KitSheet struct {
	KitHeld
	Newest *KitVersion // nil when none holds
	Ours   []KitCopied // the platform's copies, when one was asked for
	No     *KitAnswer  // by which the platform declined it, nil while it did not
	State  Adopted     // of the platform

	Platforms int // how many have a copy; counted when no platform was asked for
	Behind    int // of those, how many have not answered the newest version
}

// KitCopied is a copy with its document.
type KitCopied struct {
	KitCopy
	KitStanding
	Code  string
	Title string
	State Adopted
}

// canReadKit is who may look into the kit: who keeps it, and on a platform who may read what the
// programme and the platform say to each other.
func canReadKit(platform qms.ID) qms.Permission {
	if platform == "" {
		return keepKit
	}
	return qms.ReadLabel.On(platform)
}

// Kit lists the templates in their order, those withdrawn at the end, with what the platform made of
// each when one is named.
func (s *Service) Kit(ctx context.Context, platform qms.ID) (kit []*KitSheet, err error) {
	err = s.db.View(ctx, canReadKit(platform), func(r store.Reader) error {
		held, err := kitHeld(ctx, r)
		if err != nil {
			return err
		}
		use, err := kitUseOf(ctx, r, those(platform), r.Today())
		if err != nil {
			return err
		}
		for _, t := range held {
			kit = append(kit, use.sheet(t, platform, r.Today()))
		}
		today := r.Today()
		slices.SortStableFunc(kit, func(a, b *KitSheet) int { return order(a.HeldOn(today)) - order(b.HeldOn(today)) })
		return nil
	})
	return kit, err
}

func order(held bool) int {
	if held {
		return 0
	}
	return 1
}

// TemplateByCode shows one template, with what the platform made of it when one is named.
func (s *Service) TemplateByCode(ctx context.Context, platform qms.ID, code string) (sheet *KitSheet, err error) {
	err = s.db.View(ctx, canReadKit(platform), func(r store.Reader) error {
		held, err := kitHeldOf(ctx, r, code)
		if err != nil {
			return err
		}
		use, err := kitUseOf(ctx, r, those(platform), r.Today())
		if err != nil {
			return err
		}
		sheet = use.sheet(held, platform, r.Today())
		return nil
	})
	return sheet, err
}

// those is the platform as a list, none for all of them.
func those(platform qms.ID) []qms.ID {
	if platform == "" {
		return nil
	}
	return []qms.ID{platform}
}

// kitUse is what some platforms made of the kit as of a day, read in two statements.
type kitUse struct {
	copies  map[[2]qms.ID][]*copyInUse // by platform and template
	answers map[[2]qms.ID][]*KitAnswer
}

func kitUseOf(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) (*kitUse, error) {
	use := &kitUse{copies: map[[2]qms.ID][]*copyInUse{}, answers: map[[2]qms.ID][]*KitAnswer{}}
	copies, err := copiesInUse(ctx, r, platforms, day)
	if err != nil {
		return nil, err
	}
	for _, c := range copies {
		key := [2]qms.ID{c.Platform, c.Template}
		use.copies[key] = append(use.copies[key], c)
	}
	answers, err := kitAnswers(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		key := [2]qms.ID{a.Platform, a.Template}
		use.answers[key] = append(use.answers[key], a)
	}
	return use, nil
}

// sheet is the template as the platform uses it on the day.
func (use *kitUse) sheet(t *KitHeld, platform qms.ID, day qms.Date) *KitSheet {
	if platform == "" {
		return use.spread(t, day)
	}
	key := [2]qms.ID{platform, t.ID}
	sheet := &KitSheet{KitHeld: *t, Newest: newestOn(t.Versions, day), No: declinedBy(use.answers[key], day)}
	var states []Adopted
	for _, c := range use.copies[key] {
		one := KitCopied{KitCopy: c.KitCopy, KitStanding: c.standOn(&t.KitTemplate, t.Versions, use.answers[key], day), Code: c.code, Title: c.title}
		one.State = one.adoptedBy(c.inForce, c.alive)
		sheet.Ours, states = append(sheet.Ours, one), append(states, one.State)
	}
	sheet.State = adopted(states, sheet.No != nil)
	return sheet
}

// spread counts the platforms that have a copy of the template.
func (use *kitUse) spread(t *KitHeld, day qms.Date) *KitSheet {
	sheet := &KitSheet{KitHeld: *t, Newest: newestOn(t.Versions, day)}
	for key := range use.copies {
		if key[1] != t.ID {
			continue
		}
		switch one := use.sheet(t, key[0], day); one.State {
		case AdoptedBehind:
			sheet.Behind++
			sheet.Platforms++
		case AdoptedDraft, AdoptedInForce:
			sheet.Platforms++
		}
	}
	return sheet
}

// OpenedTemplate is the file of a template, being read. Close it.
type OpenedTemplate struct {
	io.ReadCloser
	Template KitTemplate
	Version  KitVersion
}

// SaveAs is what the file is called on the disk of who downloads it.
func (o *OpenedTemplate) SaveAs() string {
	return o.Template.Code + " v" + o.Version.Number().String() + filepath.Ext(o.Version.FileName)
}

// OpenTemplate reads the file of a template: of the version named, else of the newest. A version that
// was withdrawn is for those who keep the kit.
func (s *Service) OpenTemplate(ctx context.Context, platform qms.ID, code, number string) (*OpenedTemplate, error) {
	var o OpenedTemplate
	err := s.db.View(ctx, canReadKit(platform), func(r store.Reader) error {
		held, err := kitHeldOf(ctx, r, code)
		if err != nil {
			return err
		}
		v := newestOn(held.Versions, r.Today())
		if number != "" {
			if v, err = held.numbered(number); err != nil {
				return err
			}
		}
		if v == nil || platform != "" && !v.HeldOn(r.Today()) {
			return qms.NotFound("version.not_found")
		}
		o.Template, o.Version = held.KitTemplate, *v
		return nil
	})
	if err != nil {
		return nil, err
	}
	o.ReadCloser, err = s.vault.Open(ctx, o.Version.Content)
	return &o, err
}

// KitBehind lists the platform's copies whose template moved on and that nobody answered, the longest
// waiting first.
func (s *Service) KitBehind(ctx context.Context, platform qms.ID) (behind []KitCopied, err error) {
	kit, err := s.Kit(ctx, platform)
	for _, t := range kit {
		for _, c := range t.Ours {
			if c.Behind {
				behind = append(behind, c)
			}
		}
	}
	slices.SortStableFunc(behind, func(a, b KitCopied) int { return int(a.Since - b.Since) })
	return behind, err
}

// Earlier reports whether a version that holds came before this one: something to compare it with.
func (t *KitSheet) Earlier(v *KitVersion) bool {
	return slices.ContainsFunc(t.Versions, func(o *KitVersion) bool { return o.EndedOn == 0 && o.Number().Compare(v.Number()) < 0 })
}
