package documents

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"maillon/documents/rendition"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

const pdfType = "application/pdf"

// job is one rendition to print, with all that its cover says.
type job struct {
	rendition *Rendition
	version   *Version
	cover     rendition.Cover
	mark      rendition.Mark
	folder    string // of the files in between
}

// file makes a file in the folder of the job.
func (j *job) file(name string) (*os.File, error) {
	return os.OpenFile(filepath.Join(j.folder, name), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
}

// job reads what the rendition says.
func (s *Service) job(ctx context.Context, r *Rendition) (*job, error) {
	j := &job{rendition: r}
	var settings *DocumentSettings
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(rd store.Reader) (err error) {
		if settings, err = settingsOf(ctx, rd, r.Platform); err != nil {
			return err
		}
		c := covering{s: s, r: rd, say: locale.For(settings.Language), job: j}
		return c.fill(ctx)
	})
	if err != nil {
		return nil, err
	}
	j.cover.Logo, err = s.logoOf(ctx, settings)
	return j, err
}

// logoOf reads the logo; it is small, SetLogo sees to that.
func (s *Service) logoOf(ctx context.Context, settings *DocumentSettings) ([]byte, error) {
	if settings.Logo.IsZero() {
		return nil, nil
	}
	in, err := s.vault.Open(ctx, settings.Logo)
	if err != nil {
		return nil, fmt.Errorf("read the logo: %w", err)
	}
	defer in.Close()
	var b bytes.Buffer
	_, err = io.Copy(&b, io.LimitReader(in, maxLogoKept))
	return b.Bytes(), err
}

// covering fills the cover of one job within one view, in the language of the platform's documents.
type covering struct {
	s   *Service
	r   store.Reader
	say *locale.Printer
	job *job
}

func (c *covering) fill(ctx context.Context) error {
	row := c.job.rendition
	v, err := versionByID(ctx, c.r, row.Platform, row.Version)
	if err != nil {
		return err
	}
	d, err := documentByID(ctx, c.r, row.Platform, v.Document)
	if err != nil {
		return err
	}
	c.job.version = v
	c.job.cover = rendition.Cover{
		Language: c.say.Lang(), Code: d.Code, Title: d.Title, Version: v.Number().String(), EffectiveFrom: v.EffectiveFrom, ReviewOn: v.ReviewOn,
		Original: rendition.Original{Name: v.FileName, Size: v.Size, SHA256: v.Content.String()},
		Status:   c.s.statusAddress(row.Token), MadeAt: c.r.Now(), Zone: c.s.press.Zone,
	}
	c.job.mark = c.mark(row)
	for _, part := range []func(context.Context, *Document, *Version) error{c.platform, c.classes, c.parts, c.exemption, c.revisions} {
		if err := part(ctx, d, v); err != nil {
			return err
		}
	}
	return nil
}

// mark says in capitals, across every page, what is no longer in force.
func (c *covering) mark(r *Rendition) rendition.Mark {
	text := ""
	switch r.Mark {
	case Superseded:
		text = c.say.T("print.mark_superseded", c.say.LongDate(r.MarkedOn))
	case Withdrawn:
		text = c.say.T("print.mark_withdrawn", c.say.LongDate(r.MarkedOn))
	}
	return rendition.Mark{Text: strings.ReplaceAll(strings.ToUpper(text), "\u00a0", " ")}
}

func (c *covering) platform(ctx context.Context, d *Document, _ *Version) (err error) {
	if c.s.press.Platform != nil {
		c.job.cover.Platform, err = c.s.press.Platform(ctx, c.r, d.Platform)
	}
	return err
}

// classes names kind and process.
func (c *covering) classes(ctx context.Context, d *Document, _ *Version) error {
	codes, err := codesOf(ctx, c.r, d.Platform)
	if err != nil {
		return err
	}
	cover := &c.job.cover
	cover.Kind, cover.Process = d.Kind, d.Process
	if i := slices.IndexFunc(codes.kinds, func(k Kind) bool { return k.Code == d.Kind }); i >= 0 {
		cover.Kind = codes.kinds[i].Name(c.say.Lang())
	}
	if p := codes.processes[d.Process]; p.Name != "" && p.Name != p.Code {
		cover.Process = p.Code + " " + p.Name
	}
	return nil
}

// parts are author, verifier and approver with their signatures under this content. The latest of
// each meaning counts: a rejection sent the round back to its beginning. A version taken over was
// signed before Maillon, and its cover says so.
func (c *covering) parts(ctx context.Context, _ *Document, v *Version) error {
	signatures, err := signaturesOf(ctx, c.r, []qms.ID{v.ID})
	if err != nil {
		return err
	}
	names, err := c.s.people.Names(ctx, c.r, persons(v))
	if err != nil {
		return err
	}
	for _, part := range []struct {
		person  qms.ID
		meaning Meaning
		word    string
	}{{v.Author, Authored, c.say.T("page.documents.author")}, {v.Verifier, Verified, c.say.T("page.documents.verifier")},
		{v.Approver, ApprovedBy, c.say.T("page.documents.approver")}} {
		p := rendition.Part{Part: part.word, Name: names[part.person], Meaning: c.say.T("print.before_maillon")}
		if !v.TakenOver {
			p.Meaning = c.say.T("print.meaning_" + string(part.meaning))
			if s := counting(signatures, v, part.meaning); s != nil {
				p.Name, p.SignedAt, p.Zone = s.Name, s.SignedAt, s.Zone
			}
		}
		c.job.cover.Parts = append(c.job.cover.Parts, p)
	}
	return nil
}

// exemption says which exemption from the rule of three people the version was put in review under.
func (c *covering) exemption(ctx context.Context, d *Document, v *Version) error {
	if v.Exemption == "" {
		return nil
	}
	e, err := exemptionByID(ctx, c.r, d.Platform, v.Exemption)
	if err != nil {
		return err
	}
	c.job.cover.Exemption = e.Sentence(c.say)
	return nil
}

// counting is the signature of the meaning that counts: the latest under the version's content. It is
// nil when there is none.
func counting(all []Signature, v *Version, m Meaning) *Signature {
	for i := range slices.Backward(all) {
		if all[i].Meaning == m && all[i].Content == v.Content {
			return &all[i]
		}
	}
	return nil
}

func persons(versions ...*Version) []qms.ID {
	set := map[qms.ID]bool{}
	for _, v := range versions {
		set[v.Author], set[v.Verifier], set[v.Approver] = true, true, true
	}
	delete(set, "")
	return sortedKeys(set)
}

// revisions are the versions up to this one that were ever approved, the newest first.
func (c *covering) revisions(ctx context.Context, d *Document, v *Version) error {
	versions, err := versionsOf(ctx, c.r, d.ID)
	if err != nil {
		return err
	}
	versions = slices.DeleteFunc(versions, func(o *Version) bool {
		return o.EffectiveFrom == 0 || o.Number().Compare(v.Number()) > 0
	})
	names, err := c.s.people.Names(ctx, c.r, persons(versions...))
	if err != nil {
		return err
	}
	for _, o := range versions {
		reason := o.Reason
		if o.TakenOver {
			reason = c.say.T("print.before_maillon")
		}
		c.job.cover.Revisions = append(c.job.cover.Revisions, rendition.Revision{
			Version: o.Number().String(), EffectiveFrom: o.EffectiveFrom, Reason: reason, Author: names[o.Author]})
	}
	return nil
}

// statusAddress is where anybody learns whether the print is in force.
func (s *Service) statusAddress(token string) string {
	address := s.press.address.Load()
	if address == nil {
		return ""
	}
	return *address + "/v/" + token
}
