package documents

import (
	"context"
	"io"
	"slices"
	"unicode/utf8"

	"maillon/qms"
	"maillon/qms/store"
)

// AddTemplate asks for a new template of the kit with its first version.
type AddTemplate struct {
	Code        string
	French      string
	English     string
	Kind        string
	Process     string
	Language    string // fr when empty
	Theme       string
	Place       int64 // after the last one when 0
	Description string
	Number      string // 1.0 when empty
	Changes     string
	File        *File // from ReceiveTemplate; required
}

// ReviseTemplate corrects what is said about a template; nil fields stay as they are.
type ReviseTemplate struct {
	Code        string
	Revision    int64
	French      *string
	English     *string
	Kind        *string
	Process     *string
	Language    *string
	Theme       *string
	Place       *int64
	Description *string
	Reason      string
}

// PublishTemplate asks for a new version of a template.
type PublishTemplate struct {
	Code    string
	Minor   bool
	Number  string // instead of the next one
	Changes string // what changed; required
	File    *File  // from ReceiveTemplate; required
}

// WithdrawTemplate takes a template out of the kit, or one version of it when a number is given.
type WithdrawTemplate struct {
	Code     string
	Number   string
	Revision int64 // of the template
	Reason   string
}

var keepKit = qms.AccompanyPlatform.OnSite()

// ReceiveTemplate takes the file of a template in, as Receive does.
func (s *Service) ReceiveTemplate(ctx context.Context, name string, r io.Reader) (File, error) {
	if err := qms.Authorise(qms.ActorFrom(ctx), keepKit); err != nil {
		return File{}, err
	}
	return s.Receive(ctx, "", name, r)
}

// AddTemplate puts a template into the kit. Its code is given once: a template that was withdrawn keeps
// its own.
func (s *Service) AddTemplate(ctx context.Context, cmd AddTemplate) (*KitTemplate, error) {
	var t *KitTemplate
	id := qms.NewID(s.db.Now())
	err := s.db.Change(ctx, qms.Act{Name: "template.add", Needs: keepKit, Subject: id}, func(tx *store.Tx) error {
		kit, err := kitHeld(ctx, tx)
		if err != nil {
			return err
		}
		made, v, wrong := cmd.rows(kit, id)
		if len(wrong) > 0 {
			return qms.InvalidFields(once(wrong)...)
		}
		t = made
		return t.add(ctx, tx, v, cmd.File)
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// rows makes the two rows of a new template and collects what is wrong with them.
func (cmd AddTemplate) rows(kit []*KitHeld, id qms.ID) (t *KitTemplate, v *KitVersion, wrong []qms.Field) {
	t = &KitTemplate{
		Row: qms.Row{ID: id}, French: cmd.French, English: cmd.English, Kind: cmd.Kind, Process: cmd.Process,
		Language: cmd.Language, Theme: cmd.Theme, Place: cmd.Place, Description: cmd.Description,
	}
	if t.Language == "" {
		t.Language = "fr"
	}
	wrong = t.check()
	v = &KitVersion{Template: id, Major: 1, Changes: tidy(cmd.Changes)}
	wrong = append(wrong, v.check(cmd.Number, cmd.File)...)
	var err error
	if t.Code, err = TidyCode(cmd.Code); cmd.Code == "" {
		wrong = append(wrong, qms.Wrong("code", "input.required"))
	} else if err != nil {
		wrong = append(wrong, qms.Wrong("code", "code.malformed", cmd.Code))
	}
	if slices.ContainsFunc(kit, func(k *KitHeld) bool { return k.Code == t.Code }) {
		wrong = append(wrong, qms.Wrong("code", "template.code_taken", t.Code))
	}
	if t.Place == 0 {
		t.Place = afterLast(kit)
	}
	return t, v, wrong
}

// add writes a template with its first version.
func (t *KitTemplate) add(ctx context.Context, tx *store.Tx, v *KitVersion, f *File) error {
	if err := tx.Insert(ctx, t); err != nil {
		return err
	}
	return v.publish(ctx, tx, f)
}

// afterLast leaves room between two places, for what is to stand between them.
func afterLast(kit []*KitHeld) int64 {
	if len(kit) == 0 {
		return 10
	}
	return min(kit[len(kit)-1].Place+10, maxKit)
}

// check takes the number asked for, if one is, and says what is wrong with a version to be published.
func (v *KitVersion) check(number string, f *File) (wrong []qms.Field) {
	if number != "" {
		n, err := ParseNumber(number)
		if err != nil {
			wrong = append(wrong, qms.Wrong("number", "version.number_malformed", number))
		}
		v.Major, v.Minor = n.Major, n.Minor
	}
	if utf8.RuneCountInString(v.Changes) > maxReason {
		wrong = append(wrong, qms.Wrong("changes", "act.reason_long", maxReason))
	}
	if f == nil || f.Size == 0 {
		wrong = append(wrong, qms.Wrong("file", "template.file_missing"))
	}
	return wrong
}

// publish writes the version with its content.
func (v *KitVersion) publish(ctx context.Context, tx *store.Tx, f *File) error {
	v.FileName, v.MediaType, v.Size, v.Content = f.Name, f.MediaType, f.Size, f.Digest
	v.PublishedOn, v.PublishedAt, v.PublishedBy, v.PublishedName = tx.Today(), tx.Now(), tx.Actor().ID, tx.Actor().Name
	if err := tx.Insert(ctx, v); err != nil {
		return err
	}
	return keepKitContent(ctx, tx, f)
}

// ReviseTemplate corrects what is said about a template; its code and its versions stay.
func (s *Service) ReviseTemplate(ctx context.Context, cmd ReviseTemplate) (t *KitTemplate, err error) {
	err = s.changeTemplate(ctx, "template.revise", cmd.Code, cmd.Revision, cmd.Reason, func(tx *store.Tx, held *KitHeld) error {
		t = &held.KitTemplate
		for field, given := range map[*string]*string{
			&t.French: cmd.French, &t.English: cmd.English, &t.Kind: cmd.Kind, &t.Process: cmd.Process,
			&t.Language: cmd.Language, &t.Theme: cmd.Theme, &t.Description: cmd.Description,
		} {
			set(field, given)
		}
		set(&t.Place, cmd.Place)
		if wrong := t.check(); len(wrong) > 0 {
			return qms.InvalidFields(wrong...)
		}
		return tx.Update(ctx, t)
	})
	return t, err
}

// PublishTemplate adds a version to a template: from today on it is what platforms copy, and those that
// have a copy are told.
func (s *Service) PublishTemplate(ctx context.Context, cmd PublishTemplate) (v *KitVersion, err error) {
	err = s.changeTemplate(ctx, "template.publish", cmd.Code, 0, "", func(tx *store.Tx, held *KitHeld) error {
		var wrong []qms.Field
		if v, wrong = held.next(cmd); len(wrong) > 0 {
			return qms.InvalidFields(once(wrong)...)
		}
		return v.publish(ctx, tx, cmd.File)
	})
	return v, err
}

// next makes the row of the version after those of the template and collects what is wrong with it.
func (t *KitHeld) next(cmd PublishTemplate) (v *KitVersion, wrong []qms.Field) {
	last := Number{}
	if len(t.Versions) > 0 {
		last = t.Versions[0].Number()
	}
	next := last.Next(cmd.Minor)
	v = &KitVersion{Template: t.ID, Major: next.Major, Minor: next.Minor, Changes: tidy(cmd.Changes)}
	wrong = v.check(cmd.Number, cmd.File)
	if len(t.Versions) > 0 && v.Number().Compare(last) <= 0 {
		wrong = append(wrong, qms.Wrong("number", "version.number_before", v.Number().String(), last.String()))
	}
	if v.Changes == "" {
		wrong = append(wrong, qms.Wrong("changes", "template.changes_missing"))
	}
	return v, wrong
}

// WithdrawTemplate ends a template, or one version of it, with its reason. What platforms copied stays
// theirs; they are asked for nothing any more.
func (s *Service) WithdrawTemplate(ctx context.Context, cmd WithdrawTemplate) error {
	name := "template.withdraw"
	if cmd.Number != "" {
		name = "template.withdraw-version"
	}
	return s.changeTemplate(ctx, name, cmd.Code, cmd.Revision, cmd.Reason, func(tx *store.Tx, held *KitHeld) error {
		if err := checkReason(tx.Act().Reason); err != nil {
			return err
		}
		if cmd.Number == "" {
			held.end(tx)
			return tx.Update(ctx, &held.KitTemplate)
		}
		v, err := held.numbered(cmd.Number)
		if err != nil {
			return err
		}
		if !v.HeldOn(tx.Today()) {
			return qms.Conflict("template.version_withdrawn", v.Number().String())
		}
		v.end(tx)
		return tx.Update(ctx, v)
	})
}

// end notes that it holds no more, for the reason of the act.
func (e *Ending) end(tx *store.Tx) {
	e.EndedOn, e.EndedAt, e.EndedBy, e.EndedName, e.EndReason = tx.Today(), tx.Now(), tx.Actor().ID, tx.Actor().Name, tx.Act().Reason
}

// changeTemplate runs one act on a template that stands, with its versions.
func (s *Service) changeTemplate(ctx context.Context, name, code string, revision int64, reason string, do func(*store.Tx, *KitHeld) error) error {
	var subject qms.ID
	if err := s.db.View(ctx, keepKit, func(r store.Reader) error {
		t, err := kitTemplateByCode(ctx, r, code)
		if err == nil {
			subject = t.ID
		}
		return err
	}); err != nil {
		return err
	}
	return s.db.Change(ctx, qms.Act{Name: name, Needs: keepKit, Subject: subject, Reason: tidy(reason)}, func(tx *store.Tx) error {
		held, err := kitHeldOf(ctx, tx, code)
		if err != nil {
			return err
		}
		if err := unchanged(&held.KitTemplate, revision); err != nil {
			return err
		}
		if !held.HeldOn(tx.Today()) {
			return qms.Conflict("template.withdrawn", held.Code)
		}
		return do(tx, held)
	})
}

// kitHeldOf is one template with its versions.
func kitHeldOf(ctx context.Context, r store.Reader, code string) (*KitHeld, error) {
	t, err := kitTemplateByCode(ctx, r, code)
	if err != nil {
		return nil, err
	}
	versions, err := kitVersions(ctx, r, t.ID)
	return &KitHeld{*t, versions}, err
}

// numbered is the version of that number, whether it was withdrawn or not.
func (t *KitHeld) numbered(number string) (*KitVersion, error) {
	n, err := ParseNumber(number)
	if err != nil {
		return nil, qms.NotFound("version.not_found")
	}
	if i := slices.IndexFunc(t.Versions, func(v *KitVersion) bool { return v.Number() == n }); i >= 0 {
		return t.Versions[i], nil
	}
	return nil, qms.NotFound("version.not_found")
}
