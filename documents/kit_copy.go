package documents

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"maillon/documents/text"
	"maillon/qms"
	"maillon/qms/store"
)

// CopyKit asks for documents of the platform made from templates, all or none.
type CopyKit struct {
	Platform qms.ID
	Owner    qms.ID // of all of them; the actor when empty
	Reason   string // of their first versions
	Language string // that titles are taken in where the template has both; its own when empty
	Lines    []CopyLine
}

// CopyLine is one template to copy.
type CopyLine struct {
	Template string // its code
	Kind     string // of the document; the template's when empty
	Process  string // likewise
	Code     string // the platform's own, adopted; empty to be given one by the pattern
	Title    string // the template's when empty
	Again    bool   // although the platform has a copy of it already
}

// CopyShown is what copying a template would make.
type CopyShown struct {
	Template KitTemplate
	Newest   *KitVersion
	Kind     string
	Process  string
	Title    string
	Code     string // empty when something is wrong
	Fits     bool   // the code is one of the platform's pattern
	Wrong    []qms.Field
}

// PreviewKit shows the documents and the codes that CopyKit would make, and makes nothing.
func (s *Service) PreviewKit(ctx context.Context, cmd CopyKit) (shown []CopyShown, err error) {
	err = s.db.View(ctx, qms.WriteDocuments.On(cmd.Platform), func(r store.Reader) error {
		shown, err = cmd.plan(ctx, r)
		return err
	})
	return shown, err
}

// plan finds the templates and gives the codes out, one after the other.
func (cmd *CopyKit) plan(ctx context.Context, r store.Reader) (shown []CopyShown, err error) {
	if len(cmd.Lines) > maxCopies {
		return nil, qms.Invalid("kit.too_many", maxCopies)
	}
	kit, err := kitHeld(ctx, r)
	if err != nil {
		return nil, err
	}
	copies, err := kitCopies(ctx, r, []qms.ID{cmd.Platform})
	if err != nil {
		return nil, err
	}
	codes, err := codesOf(ctx, r, cmd.Platform)
	if err != nil {
		return nil, err
	}
	for _, l := range cmd.Lines {
		one, err := l.plan(ctx, r, kit, copies, codes, cmd.Language)
		if err != nil {
			return nil, err
		}
		shown = append(shown, one)
	}
	return shown, nil
}

func (l *CopyLine) plan(ctx context.Context, r store.Reader, kit []*KitHeld, copies []*KitCopy, codes *codes, lang string) (shown CopyShown, err error) {
	tidy, err := TidyCode(l.Template)
	i := slices.IndexFunc(kit, func(t *KitHeld) bool { return err == nil && t.Code == tidy })
	if i < 0 {
		shown.Wrong = []qms.Field{qms.Wrong("template", "template.not_found")}
		return shown, nil
	}
	t := kit[i]
	shown.Template, shown.Newest, shown.Kind, shown.Process, shown.Title = t.KitTemplate, newestOn(t.Versions, r.Today()), tidyWord(l.Kind), tidyWord(l.Process), l.Title
	for given, otherwise := range map[*string]string{&shown.Kind: t.Kind, &shown.Process: t.Process, &shown.Title: t.Title(languageOr(lang, t.Language))} {
		if strings.TrimSpace(*given) == "" {
			*given = otherwise
		}
	}
	switch {
	case !t.HeldOn(r.Today()):
		shown.Wrong = append(shown.Wrong, qms.Wrong("template", "template.withdrawn", t.Code))
	case shown.Newest == nil:
		shown.Wrong = append(shown.Wrong, qms.Wrong("template", "template.no_version", t.Code))
	case !l.Again && slices.ContainsFunc(copies, func(c *KitCopy) bool { return c.Template == t.ID && c.HeldOn(r.Today()) }):
		shown.Wrong = append(shown.Wrong, qms.Wrong("template", "kit.copied_already", t.Code))
	}
	d := &Document{Kind: shown.Kind, Process: shown.Process}
	more, err := codes.assign(ctx, r, d, l.Code)
	if err != nil {
		return shown, err
	}
	if shown.Wrong = append(shown.Wrong, append(more, codes.open(d, r.Today())...)...); len(shown.Wrong) == 0 {
		shown.Code = d.Code
		_, shown.Fits = codes.pattern.Match(d.Code)
	}
	return shown, nil
}

func languageOr(lang, own string) string {
	if lang == "" {
		return own
	}
	return lang
}

// CopyKit makes a document of each template, with the template's file untouched as its first draft, in
// one act: all or none. What is wrong is said by line, as lines.1.code.
func (s *Service) CopyKit(ctx context.Context, cmd CopyKit) (made []*Document, err error) {
	if len(cmd.Lines) == 0 {
		return nil, qms.InvalidFields(qms.Wrong("template", "kit.nothing_chosen"))
	}
	act := qms.Act{Name: "kit.copy", Needs: qms.WriteDocuments.On(cmd.Platform), Platform: cmd.Platform, Reason: tidy(cmd.Reason)}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		shown, err := cmd.plan(ctx, tx)
		if err != nil {
			return err
		}
		if wrong := wrongLines(shown); len(wrong) > 0 {
			return qms.InvalidFields(wrong...)
		}
		made, err = s.copyAll(ctx, tx, cmd, shown)
		return err
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func wrongLines(shown []CopyShown) (wrong []qms.Field) {
	for i, l := range shown {
		wrong = append(wrong, atLine(i, l.Wrong)...)
	}
	return wrong
}

// atLine names the fields of a line.
func atLine(i int, fields []qms.Field) (wrong []qms.Field) {
	for _, f := range once(fields) {
		wrong = append(wrong, qms.Wrong("lines."+strconv.Itoa(i+1)+"."+f.Name, f.Key, f.Args...))
	}
	return wrong
}

// copyAll makes the documents, and then finds the links of their texts and to them.
func (s *Service) copyAll(ctx context.Context, tx *store.Tx, cmd CopyKit, shown []CopyShown) (made []*Document, err error) {
	var targets []Target
	drafts := map[qms.ID]bool{}
	for i, l := range shown {
		d, v, err := s.copyOne(ctx, tx, cmd, cmd.Lines[i].Code, l)
		if fields := fieldsOf(err); len(fields) > 0 {
			return nil, qms.InvalidFields(perLine(i, fields)...)
		}
		if err != nil {
			return nil, err
		}
		made, drafts[v.ID] = append(made, d), true
		targets = append(targets, Target{d.ID, d.Code, d.Title})
	}
	few := NewFinder(MustPattern(DefaultPattern), Vocabulary{}, targets)
	return made, relink(ctx, tx, func(s said) bool { return drafts[s.version] || few.names(s.body) })
}

// perLine is atLine, but for what is said once for all lines.
func perLine(i int, fields []qms.Field) (wrong []qms.Field) {
	for _, f := range fields {
		if f.Name == "owner" || f.Name == "reason" {
			wrong = append(wrong, f)
			continue
		}
		wrong = append(wrong, atLine(i, []qms.Field{f})...)
	}
	return wrong
}

func (s *Service) copyOne(ctx context.Context, tx *store.Tx, cmd CopyKit, code string, l CopyShown) (*Document, *Version, error) {
	file, err := l.Newest.file(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	d, v, err := s.newDocument(ctx, tx, Create{
		Platform: cmd.Platform, Kind: l.Kind, Process: l.Process, Code: code, Title: l.Title, Owner: cmd.Owner, Reason: cmd.Reason, File: file,
	})
	if err != nil {
		return nil, nil, err
	}
	if err := tx.Insert(ctx, d); err != nil {
		return nil, nil, err
	}
	v.Document = d.ID
	if err := insertVersion(ctx, tx, v, file); err != nil {
		return nil, nil, err
	}
	return d, v, tx.Insert(ctx, newCopy(tx, d, l.Newest))
}

// file is the template's file as a document takes one: the same bytes, and the text that was read in them.
func (v *KitVersion) file(ctx context.Context, r store.Reader) (*File, error) {
	c, err := kitContent(ctx, r, v.Content)
	return &File{Name: v.FileName, MediaType: v.MediaType, Size: v.Size, Digest: v.Content, Text: text.Text{Title: c.Title, Body: c.Body, Format: text.Format(c.Format)}}, err
}

func newCopy(tx *store.Tx, d *Document, v *KitVersion) *KitCopy {
	return &KitCopy{
		Document: d.ID, Template: v.Template, Version: v.ID, Reason: tx.Act().Reason,
		CopiedOn: tx.Today(), CopiedAt: tx.Now(), Person: tx.Actor().ID, Name: tx.Actor().Name,
	}
}

// LinkKit says that a document which is there already is the platform's copy of a template.
type LinkKit struct {
	Platform qms.ID
	Document qms.ID
	Template string // its code
	Number   string // the version that the document is like; the newest when empty
	Reason   string
}

// LinkKit puts it on record. A document is the copy of one template at a time.
func (s *Service) LinkKit(ctx context.Context, cmd LinkKit) (c *KitCopy, err error) {
	act := qms.Act{Name: "kit.link", Needs: qms.WriteDocuments.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Document, Reason: tidy(cmd.Reason)}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		d, err := documentByID(ctx, tx, cmd.Platform, cmd.Document)
		if err != nil {
			return err
		}
		held, err := kitHeldOf(ctx, tx, cmd.Template)
		if qms.CodeOf(err) == qms.CodeNotFound {
			return qms.InvalidFields(qms.Wrong("template", "template.not_found"))
		}
		if err != nil {
			return err
		}
		known, err := kitCopyOf(ctx, tx, cmd.Platform, d.ID)
		if err != nil {
			return err
		}
		v := newestOn(held.Versions, tx.Today())
		if cmd.Number != "" {
			if v, err = held.numbered(cmd.Number); err != nil {
				return qms.InvalidFields(qms.Wrong("number", "version.not_found"))
			}
		}
		switch {
		case known != nil:
			return qms.Conflict("kit.linked_already", d.Code)
		case !held.HeldOn(tx.Today()):
			return qms.InvalidFields(qms.Wrong("template", "template.withdrawn", held.Code))
		case v == nil:
			return qms.InvalidFields(qms.Wrong("template", "template.no_version", held.Code))
		}
		c = newCopy(tx, d, v)
		c.Linked = true
		return tx.Insert(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// UnlinkKit says that a document is no copy of its template after all. The document stays as it is.
func (s *Service) UnlinkKit(ctx context.Context, platform, document qms.ID, reason string) error {
	act := qms.Act{Name: "kit.unlink", Needs: qms.ControlDocuments.On(platform), Platform: platform, Subject: document, Reason: tidy(reason)}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		c, err := kitCopyIn(ctx, tx, platform, document)
		if err != nil {
			return err
		}
		if err := checkReason(tx.Act().Reason); err != nil {
			return err
		}
		c.end(tx)
		return tx.Update(ctx, c)
	})
}

// kitCopyIn is the copy that the document is, refused when it is none or out of reach.
func kitCopyIn(ctx context.Context, r store.Reader, platform, document qms.ID) (*KitCopy, error) {
	if _, err := documentByID(ctx, r, platform, document); err != nil {
		return nil, err
	}
	c, err := kitCopyOf(ctx, r, platform, document)
	if err == nil && c == nil {
		err = qms.NotFound("kit.no_copy")
	}
	return c, err
}
