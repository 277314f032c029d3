package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// KitOrigin is what a document has to do with the kit.
type KitOrigin struct {
	Copy     *KitCopy // nil when the document is no copy
	Document Document
	Template KitHeld
	KitStanding
	Answers []KitAnswered // the newest first
	Own     []Number      // of the document's versions that an answer may name, the newest first
}

// KitAnswered is an answer with the numbers of the versions it names.
type KitAnswered struct {
	KitAnswer
	To  Number
	Own *Number // nil unless it was taken over
}

// KitOriginOf tells what the document has to do with the kit.
func (s *Service) KitOriginOf(ctx context.Context, platform, document qms.ID) (*KitOrigin, error) {
	var o KitOrigin
	err := s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		d, err := documentByID(ctx, r, platform, document)
		if err != nil {
			return err
		}
		o.Document = *d
		if o.Copy, err = kitCopyOf(ctx, r, platform, d.ID); err != nil || o.Copy == nil {
			return err
		}
		return o.fill(ctx, r)
	})
	if err != nil {
		return nil, err
	}
	return &o, nil
}

// fill reads the template and the answers of a copy.
func (o *KitOrigin) fill(ctx context.Context, r store.Reader) error {
	var t KitTemplate
	if _, err := one(ctx, r.Select(&t).Where("id = ?", o.Copy.Template), &t, qms.NotFound("template.not_found")); err != nil {
		return err
	}
	versions, err := kitVersions(ctx, r, t.ID)
	if err != nil {
		return err
	}
	answers, err := kitAnswersTo(ctx, r, o.Copy.Platform, t.ID)
	if err != nil {
		return err
	}
	own, err := versionsOf(ctx, r, o.Copy.Document)
	if err != nil {
		return err
	}
	o.Template = KitHeld{t, versions}
	o.KitStanding = o.Copy.standOn(&t, versions, answers, r.Today())
	numbers := o.own(r, own)
	for _, a := range slices.Backward(answers) {
		v := o.Template.byID(a.Version)
		if a.Copy != o.Copy.ID || v == nil {
			continue
		}
		said := KitAnswered{KitAnswer: *a, To: v.Number()}
		if n, known := numbers[a.TakenBy]; known {
			said.Own = &n
		}
		o.Answers = append(o.Answers, said)
	}
	return nil
}

// own keeps the numbers of the copy's versions that the reader may read, and returns them by version.
func (o *KitOrigin) own(r store.Reader, versions []*Version) map[qms.ID]Number {
	numbers := map[qms.ID]Number{}
	for _, v := range versions {
		state, _ := v.StateOn(r.Today())
		if !mayRead(r, v, state) {
			continue
		}
		numbers[v.ID] = v.Number()
		if v.State != Withdrawn {
			o.Own = append(o.Own, v.Number())
		}
	}
	return numbers
}

// KitComparison is two texts side by side: of two versions of a template, or of a version of the
// platform's own and one of a template.
type KitComparison struct {
	FromLabel Number
	ToLabel   Number
	Ours      bool // the old side is the platform's own
	SameFile  bool
	Missing   bool // a text is not known
	*Difference
}

// CompareKit sets beside each other the version that the document began with, or with ours the platform's
// own current version, and the newest one of the template.
func (s *Service) CompareKit(ctx context.Context, platform, document qms.ID, ours bool) (*KitComparison, error) {
	c := &KitComparison{Ours: ours, Difference: &Difference{}}
	var before, after string
	err := s.db.View(ctx, qms.ReadLabel.On(platform), func(r store.Reader) error {
		o := KitOrigin{}
		var err error
		if o.Copy, err = kitCopyIn(ctx, r, platform, document); err != nil {
			return err
		}
		if err := o.fill(ctx, r); err != nil {
			return err
		}
		if o.Newest == nil || o.From == nil {
			return qms.NotFound("version.not_found")
		}
		if after, err = kitText(ctx, r, o.Newest); err != nil {
			return err
		}
		c.ToLabel, c.FromLabel = o.Newest.Number(), o.From.Number()
		if !ours {
			c.SameFile = o.From.Content == o.Newest.Content
			before, err = kitText(ctx, r, o.From)
			return err
		}
		own, err := currentOf(ctx, r, document)
		if err != nil {
			return err
		}
		c.FromLabel, c.SameFile = own.Number(), own.Content == o.Newest.Content
		before, err = textOf(ctx, r, own)
		return err
	})
	return c.compare(err, before, after)
}

// CompareTemplates sets two versions of a template beside each other: the newest and the one before it
// when no number is given.
func (s *Service) CompareTemplates(ctx context.Context, platform qms.ID, code, from, to string) (*KitComparison, error) {
	c := &KitComparison{Difference: &Difference{}}
	var before, after string
	err := s.db.View(ctx, canReadKit(platform), func(r store.Reader) error {
		held, err := kitHeldOf(ctx, r, code)
		if err != nil {
			return err
		}
		if platform != "" { // what was withdrawn is for those who keep the kit
			held.Versions = slices.DeleteFunc(held.Versions, func(v *KitVersion) bool { return !v.HeldOn(r.Today()) })
		}
		old, now, err := held.pair(from, to)
		if err != nil {
			return err
		}
		c.FromLabel, c.ToLabel, c.SameFile = old.Number(), now.Number(), old.Content == now.Content
		if before, err = kitText(ctx, r, old); err != nil {
			return err
		}
		after, err = kitText(ctx, r, now)
		return err
	})
	return c.compare(err, before, after)
}

// pair is the two versions to compare.
func (t *KitHeld) pair(from, to string) (old, now *KitVersion, err error) {
	if to == "" && len(t.Versions) > 0 {
		now = t.Versions[0]
	} else if now, err = t.numbered(to); err != nil {
		return nil, nil, err
	}
	if from != "" {
		old, err = t.numbered(from)
		return old, now, err
	}
	if i := slices.Index(t.Versions, now); i+1 < len(t.Versions) {
		return t.Versions[i+1], now, nil
	}
	return nil, nil, qms.NotFound("template.nothing_before")
}

// compare finds the differences, outside the transaction: it may take its time.
func (c *KitComparison) compare(err error, before, after string) (*KitComparison, error) {
	if err != nil {
		return nil, err
	}
	if c.Missing = before == "" || after == ""; !c.Missing {
		c.Difference = Differ(before, after)
	}
	return c, nil
}

func kitText(ctx context.Context, r store.Reader, v *KitVersion) (string, error) {
	c, err := kitContent(ctx, r, v.Content)
	return c.Body, err
}

// currentOf is the version of a document that a comparison is about: the one under way that the reader
// may see, else the newest that they may.
func currentOf(ctx context.Context, r store.Reader, document qms.ID) (*Version, error) {
	versions, err := versionsOf(ctx, r, document)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		if state, known := v.StateOn(r.Today()); known && v.HasContent() && mayRead(r, v, state) {
			return v, nil
		}
	}
	return nil, qms.NotFound("version.content_missing")
}
