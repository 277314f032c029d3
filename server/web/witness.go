package web

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/audits/witness"
	"maillon/qms"
)

// witnessPages are the kept checkpoints of a trail and the keys that signed them: of a platform, and of the
// site. They come before the pages of the acts, whose addresses are numbers.
func (s *Site) witnessPages() {
	if s.Witness == nil {
		return
	}
	const site = "/trail"
	for _, prefix := range []string{Prefix + site, site} {
		asks := qms.MakePacks
		if prefix == site {
			asks = qms.OperateSite
		}
		s.page(prefix+"/keys", qms.ReadTrail, s.keys)
		s.page(prefix+"/keys/history", qms.ReadTrail, s.downloadKeys)
		s.page(prefix+"/checkpoints", qms.ReadTrail, s.checkpoints)
		s.act(prefix+"/checkpoints", asks, s.keepCheckpoint)
	}
	s.page(site+"/checkpoints/addresses", qms.OperateSite, s.checkpointAddresses)
	s.act(site+"/checkpoints/addresses", qms.OperateSite, s.addCheckpointAddress)
	s.page(site+"/checkpoints/addresses/:address", qms.OperateSite, s.askEndCheckpointAddress)
	s.act(site+"/checkpoints/addresses/:address", qms.OperateSite, s.endCheckpointAddress)
	s.page(site+"/checkpoints/alarms/:alarm", qms.OperateSite, s.askSettleAlarm)
	s.act(site+"/checkpoints/alarms/:alarm", qms.OperateSite, s.settleAlarm)
	for _, prefix := range []string{Prefix + site, site} {
		s.page(prefix+"/checkpoints/:checkpoint", qms.ReadTrail, s.keptCheckpoint)
		s.page(prefix+"/checkpoints/:checkpoint/note", qms.ReadTrail, s.downloadKeptNote)
		s.page(prefix+"/checkpoints/:checkpoint/stamp", qms.ReadTrail, s.downloadStamp)
		s.page(prefix+"/checkpoints/:checkpoint/continuation", qms.ReadTrail, s.downloadContinuation)
	}
}

// KeptLine is a kept checkpoint in the list.
type KeptLine struct {
	witness.Checkpoint
	Short string // the beginning of its fingerprint
}

// CheckpointsView is the list of kept checkpoints.
type CheckpointsView struct {
	Items  []KeptLine
	Next   string
	Causes []Option
	Form   *Form
	Cause  string
	Active int // filters
	Alarms []AlarmLine
	Keeps  bool   // the reader may ask for one
	Stamps string // where time-stamps are asked for
}

// AlarmLine is an alarm with the platform it is about.
type AlarmLine struct {
	witness.CheckpointAlarm
	Code string // none: the site
}

// keepsHere reports whether the reader may ask for a checkpoint of this trail.
func (p *Page) keepsHere() bool {
	if p.Platform == nil {
		return p.Can(qms.OperateSite)
	}
	return p.Can(qms.MakePacks)
}

// placeWord is the platform as a file name says it.
func (p *Page) placeWord() string {
	if p.Platform == nil {
		return "site"
	}
	return p.Platform.Code
}

func (s *Site) checkpointsView(p *Page, f *Form) (CheckpointsView, error) {
	v := CheckpointsView{Form: f, Keeps: p.keepsHere(), Stamps: s.Witness.Authority(), Causes: []Option{{"", p.T("page.checkpoints.any_cause")}}}
	for _, c := range witness.Causes() {
		v.Causes = append(v.Causes, Option{string(c), p.T("page.checkpoints.cause_" + string(c))})
		if p.Query("cause") == string(c) {
			v.Cause, v.Active = string(c), 1
		}
	}
	page, err := s.Witness.List(p.Context(), p.platformID(), witness.Cause(v.Cause), p.Cursor())
	if err != nil {
		return v, err
	}
	for _, c := range page.Items {
		v.Items = append(v.Items, KeptLine{c, shortPrint(c.Fingerprint())})
	}
	v.Next = page.Next
	v.Form.Set("cause", v.Cause)
	v.Alarms, err = s.alarmLines(p)
	p.inJournal(p.T("page.checkpoints.title"))
	p.Wide = true
	return v, err
}

// shortPrint is the beginning of a fingerprint, enough to tell one from another in a list.
func shortPrint(fingerprint string) string {
	if len(fingerprint) > 19 {
		return fingerprint[:19] + " …"
	}
	return fingerprint
}

// alarmLines are the alarms over this trail; on the site's pages those over every trail.
func (s *Site) alarmLines(p *Page) ([]AlarmLine, error) {
	all, err := s.Witness.Alarms(p.Context(), p.platformID())
	lines := make([]AlarmLine, len(all))
	for i, a := range all {
		lines[i].CheckpointAlarm = a
		for _, one := range p.Platforms {
			if one.ID == a.Of() {
				lines[i].Code = one.Code
			}
		}
	}
	return lines, err
}

func (s *Site) checkpoints(p *Page) error {
	v, err := s.checkpointsView(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("witness_checkpoints", v)
}

// keepCheckpoint signs where the trail stands, for who asks.
func (s *Site) keepCheckpoint(p *Page) error {
	c, err := s.Witness.Keep(p.Context(), p.platformID())
	if qms.CodeOf(err) == qms.CodeConflict {
		f := p.Form()
		v, failed := s.checkpointsView(p, f)
		if failed != nil {
			return failed
		}
		return p.Again("witness_checkpoints", f, firstOf(err), v)
	}
	if err != nil {
		return err
	}
	key := "page.checkpoints.kept"
	if c.MadeAt.Before(s.Clock().Add(-keptJustNow)) {
		key = "page.checkpoints.stands"
	}
	return p.Done(p.To("trail", "checkpoints", c.ID), key, c.Size)
}

// firstOf is the refusal itself, without what was said besides to the log.
func firstOf(err error) error {
	var said *qms.Error
	if errors.As(err, &said) {
		return said
	}
	return err
}

// KeptView is one kept checkpoint.
type KeptView struct {
	witness.Checkpoint
	Print  string // its fingerprint
	Code   string // the path of its QR code
	Side   int    // of the code, modules
	Others []Option
	Form   *Form
	With   *witness.Checkpoint // that it was compared with
	Wrong  string              // why that is not proved
	Hashes int                 // of the proof
}

// checkpointHere is the kept checkpoint that the address names.
func (s *Site) checkpointHere(p *Page) (*witness.Checkpoint, error) {
	id, err := p.ID("checkpoint")
	if err != nil {
		return nil, err
	}
	return s.Witness.ByID(p.Context(), p.platformID(), id)
}

func (s *Site) keptCheckpoint(p *Page) error {
	c, err := s.checkpointHere(p)
	if err != nil {
		return err
	}
	v := KeptView{Checkpoint: *c, Print: c.Fingerprint(), Form: p.Form().Set("with", p.Query("with"))}
	v.Code, v.Side = qrPath(c.Note)
	others, err := s.Witness.List(p.Context(), p.platformID(), "", qms.Cursor{Size: othersShown})
	if err != nil {
		return err
	}
	for _, o := range others.Items {
		if o.ID != c.ID {
			v.Others = append(v.Others, Option{o.ID.String(), p.T("page.checkpoints.option", o.Size, o.MadeAt)})
		}
	}
	if err := s.compare(p, &v); err != nil {
		return err
	}
	p.inJournal(p.T("page.checkpoints.one", c.Size))
	p.Crumb(p.T("page.checkpoints.title"), p.To("trail", "checkpoints"))
	return p.Render("witness_checkpoint", v)
}

// compare proves the checkpoint against the one that the address names.
func (s *Site) compare(p *Page, v *KeptView) error {
	with, err := qms.ParseID(p.Query("with"))
	if err != nil {
		return nil //nolint:nilerr // nothing is to be compared
	}
	found, err := s.Witness.Continue(p.Context(), p.platformID(), v.ID, with)
	switch {
	case qms.CodeOf(err) == qms.CodeConflict:
		v.Wrong = p.Error(err)
		return nil
	case err != nil:
		return err
	}
	v.With, v.Hashes = &found.Older, len(found.Proof)
	if found.Older.ID == v.ID {
		v.With = &found.Newer
	}
	return nil
}

func (s *Site) downloadKeptNote(p *Page) error {
	c, err := s.checkpointHere(p)
	if err != nil {
		return err
	}
	return p.sendText(c.FileName(p.placeWord()), fiber.MIMETextPlainCharsetUTF8, []byte(c.Note))
}

// downloadStamp hands out the time-stamp token, which openssl ts -verify -token_in reads.
func (s *Site) downloadStamp(p *Page) error {
	c, err := s.checkpointHere(p)
	if err != nil {
		return err
	}
	token := c.TokenBytes()
	if token == nil {
		return qms.NotFound("checkpoint.no_stamp")
	}
	return p.sendText(strings.TrimSuffix(c.FileName(p.placeWord()), ".txt")+".tst", "application/timestamp-reply", token)
}

func (s *Site) downloadContinuation(p *Page) error {
	id, err := p.ID("checkpoint")
	if err != nil {
		return err
	}
	with, err := qms.ParseID(p.Query("with"))
	if err != nil {
		return qms.NotFound("checkpoint.not_found")
	}
	c, err := s.Witness.Continue(p.Context(), p.platformID(), id, with)
	if err != nil {
		return err
	}
	data, err := c.File()
	if err != nil {
		return err
	}
	return p.sendText(p.placeWord()+"-continuation.json", fiber.MIMEApplicationJSON, data)
}

// sendText answers with a small file that the browser keeps.
func (p *Page) sendText(name, kind string, data []byte) error {
	p.c.Attachment(name)
	p.c.Set(fiber.HeaderContentType, kind)
	return p.c.Send(data)
}

// KeysView is every key of the site.
type KeysView struct {
	Keys   []witness.KeyLine
	Refuse string // why this server signs nothing; empty when it does
	Line   string // the public key that signs now
}

func (s *Site) keys(p *Page) error {
	lines, err := s.Witness.Keys(p.Context(), p.platformID())
	if err != nil {
		return err
	}
	v := KeysView{Keys: lines}
	if len(lines) > 0 {
		v.Line = lines[0].Verifier
		if !lines[0].Ours {
			v.Refuse = p.Error(qms.Conflict("key.replaced", lines[0].Fingerprint))
		}
	}
	p.inJournal(p.T("page.keys.title"))
	return p.Render("witness_keys", v)
}

// downloadKeys hands out the statements of all keys, as packs carry them. The page of the keys says so
// while none is on record.
func (s *Site) downloadKeys(p *Page) error {
	text, err := s.Witness.History(p.Context(), p.platformID())
	if err != nil {
		return err
	}
	if len(text) == 0 {
		return p.Redirect(p.To("trail", "keys"))
	}
	return p.sendText("keys-history.txt", fiber.MIMETextPlainCharsetUTF8, text)
}
