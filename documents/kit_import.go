package documents

import (
	"context"
	"errors"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// TemplateFate is what became of one line of an import of templates.
type TemplateFate string

// The fates.
const (
	TemplateAdded     TemplateFate = "added"
	TemplatePublished TemplateFate = "published" // a next version of a template that is in the kit
	TemplateSame      TemplateFate = "same"      // its newest version has this very file
)

// TemplateTaken is what became of one line, or what is wrong with it.
type TemplateTaken struct {
	Code   string
	Number Number
	Fate   TemplateFate
	Wrong  []qms.Field
}

// errDryRun undoes an act whose outcome was only to be seen.
var errDryRun = errors.New("dry run")

// ImportTemplates takes a folder of templates into the kit in one act: a code that is not there becomes a
// template, one that is there gets a next version when its file is another. It is all or nothing: when
// anything is wrong, that is told and nothing is written, nor is it in a dry run. The same files twice
// change nothing.
func (s *Service) ImportTemplates(ctx context.Context, lines []AddTemplate, dryRun bool) (taken []TemplateTaken, err error) {
	if len(lines) > maxCopies {
		return nil, qms.Invalid("kit.too_many", maxCopies)
	}
	err = s.db.Change(ctx, qms.Act{Name: "template.import", Needs: keepKit}, func(tx *store.Tx) error {
		kit, err := kitHeld(ctx, tx)
		if err != nil {
			return err
		}
		taken = make([]TemplateTaken, len(lines))
		undo, seen := dryRun, map[string]bool{}
		for i, l := range lines {
			held, err := l.take(ctx, tx, kit, seen, &taken[i])
			if err != nil {
				return err
			}
			if held != nil {
				kit = append(kit, held)
			}
			undo = undo || len(taken[i].Wrong) > 0
		}
		if undo {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return nil, err
	}
	return taken, nil
}

// take brings one line into the kit and returns the template that is new in it.
func (cmd AddTemplate) take(ctx context.Context, tx *store.Tx, kit []*KitHeld, seen map[string]bool, taken *TemplateTaken) (*KitHeld, error) {
	code, err := TidyCode(cmd.Code)
	if err != nil {
		taken.Code, taken.Wrong = cmd.Code, []qms.Field{qms.Wrong("code", "code.malformed", cmd.Code)}
		return nil, nil
	}
	if taken.Code = code; seen[code] {
		taken.Wrong = []qms.Field{qms.Wrong("code", "template.code_twice", code)}
		return nil, nil
	}
	seen[code] = true
	i := slices.IndexFunc(kit, func(t *KitHeld) bool { return t.Code == code })
	if i < 0 {
		t, v, wrong := cmd.rows(kit, qms.NewID(tx.Now()))
		if taken.Wrong = once(wrong); len(wrong) > 0 {
			return nil, nil
		}
		taken.Fate, taken.Number = TemplateAdded, v.Number()
		return &KitHeld{*t, []*KitVersion{v}}, t.add(ctx, tx, v, cmd.File)
	}
	held := kit[i]
	newest := newestOn(held.Versions, tx.Today())
	switch {
	case !held.HeldOn(tx.Today()):
		taken.Wrong = []qms.Field{qms.Wrong("code", "template.withdrawn", code)}
		return nil, nil
	case newest != nil && cmd.File != nil && newest.Content == cmd.File.Digest:
		taken.Fate, taken.Number = TemplateSame, newest.Number()
		return nil, nil
	}
	next := PublishTemplate{Number: cmd.Number, Changes: cmd.Changes, File: cmd.File}
	v, wrong := held.next(next)
	if taken.Wrong = once(wrong); len(wrong) > 0 {
		return nil, nil
	}
	taken.Fate, taken.Number = TemplatePublished, v.Number()
	held.Versions = append([]*KitVersion{v}, held.Versions...)
	return nil, v.publish(ctx, tx, cmd.File)
}
