package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
	"maillon/server/journal"
)

// journalPages are the trail of a platform, and of the site: who did what, when and why, what it
// changed, and the signed checkpoint by which all of it can be checked elsewhere.
func (s *Site) journalPages() {
	if s.Trail == nil {
		return
	}
	s.signaturePages()
	for _, prefix := range []string{Prefix + "/trail", "/trail"} {
		s.page(prefix, qms.ReadTrail, s.journal)
		s.page(prefix+"/checkpoint", qms.ReadTrail, s.checkpoint)
		s.page(prefix+"/checkpoint/note", qms.ReadTrail, s.downloadCheckpoint)
		s.page(prefix+"/rows/:row", qms.ReadPlatform, s.journalOfRow) // of what one may read: the store decides
		s.page(prefix+"/rows/:row/proof", qms.ReadPlatform, s.downloadProof)
		s.page(prefix+"/people/:person", qms.ReadPlatform, s.journalOfPerson)
		s.page(prefix+"/:seq", qms.ReadTrail, s.journalEntry)
	}
}

// JournalView is a page of the trail, newest first.
type JournalView struct {
	Form   *Form
	Items  []JournalLine
	Next   string
	Actors []Option
	Acts   []Option
	Tables []Option
	Chips  []Chip
	Active int
	Failed string // what is wrong with a filter
}

// JournalLine is one act with the first of its changes.
type JournalLine struct {
	trail.Entry
	About   string // the first of the records that it changed
	Changed []journal.Line
	More    int64 // changes that are not shown here
}

var journalFilters = []string{"actor", "act", "table", "row", "words", "from", "until"}

func (s *Site) journal(p *Page) error {
	data := JournalView{Form: p.Form()}
	filter, err := s.journalFilter(p)
	if err != nil {
		data.Failed = p.Error(err)
	}
	if data.Failed == "" && (p.Exported() || p.Printed()) {
		return s.exportJournal(p, filter)
	}
	page, facets, err := s.Trail.List(p.Context(), p.platformID(), filter, p.Cursor())
	if err != nil {
		return err
	}
	reader, err := s.briefReader(p, changesOf(page.Items), filter.Row)
	if err != nil {
		return err
	}
	for _, e := range page.Items {
		changed := reader.Lines(e.First)
		data.Items = append(data.Items, JournalLine{e.Entry, aboutFirst(reader, changed), changed, e.Changes - int64(len(changed))})
	}
	data.Next = page.Next
	data.fill(p, facets, reader.Names)
	if len(page.Items) > 0 && p.Cursor().After == "" && data.Active == 0 {
		p.tellHead(page.Items[0].Seq+1, page.Items[0].At)
	}
	p.Title, p.Wide = p.T("page.trail.title"), true
	return p.Render("journal_list", data)
}

// aboutFirst is what the first of the changes is of.
func aboutFirst(reader journal.Reader, changed []journal.Line) string {
	if len(changed) == 0 {
		return ""
	}
	return reader.About(changed[0])
}

// journalFilter is what the query narrows the journal to, and what is wrong with it.
func (s *Site) journalFilter(p *Page) (store.JournalFilter, error) {
	filter := store.JournalFilter{Act: p.Query("act"), Table: p.Query("table"), Words: p.Query("words")}
	if id, err := qms.ParseID(p.Query("actor")); err == nil {
		filter.Actor = id
	}
	if id, err := qms.ParseID(p.Query("row")); err == nil {
		filter.Row = id
	}
	from, until, err := p.period()
	filter.From, filter.Until = s.Trail.Begins(from), s.Trail.Begins(until.AddDays(1)) // that day included
	return filter, err
}

// period is what the query's "from" and "until" name; none where they name none.
func (p *Page) period() (from, until qms.Date, err error) {
	if text := p.Query("from"); text != "" {
		if from, err = ParseDate(text); err != nil {
			return 0, 0, err
		}
	}
	if text := p.Query("until"); text != "" {
		until, err = ParseDate(text)
	}
	return from, until, err
}

// fill makes the choices of the filters and the chips of those in force.
func (v *JournalView) fill(p *Page, facets store.Facets, names store.Names) {
	v.Actors, v.Acts = []Option{{"", p.T("page.trail.anybody")}}, []Option{{"", p.T("page.trail.any_act")}}
	for _, a := range facets.Actors {
		v.Actors = append(v.Actors, Option{string(a.ID), a.Name})
	}
	for _, act := range facets.Acts {
		v.Acts = append(v.Acts, Option{act, p.act(act)})
	}
	for _, name := range journalFilters {
		v.Form.Set(name, p.Query(name))
	}
	v.Tables = p.tableOptions()
	choices := map[string][]Option{"actor": v.Actors, "act": v.Acts, "table": v.Tables}
	v.Chips = p.Chips(func(name, value string) string {
		if id := qms.ID(value); name == "row" {
			return cmp.Or(strings.TrimSpace(p.Table(names.Table(id))+" "+names.Latest(id)), p.T("page.trail.chip_row"))
		}
		if i := slices.IndexFunc(choices[name], func(o Option) bool { return o.Value == value }); i >= 0 {
			return choices[name][i].Label
		}
		return p.T("page.trail.chip_"+name, value)
	}, journalFilters...)
	v.Active = len(v.Chips)
}

// act is an act in words.
func (p *Page) act(name string) string { return journal.Act(p.Printer, name) }

// Act is act, for templates.
func (p *Page) Act(name string) string { return p.act(name) }

// Table is a kind of record in words.
func (p *Page) Table(name string) string { return journal.Table(p.Printer, name) }

// ActedBy is who acted, by the name of then, for templates.
func (p *Page) ActedBy(e trail.Entry) string { return journal.Actor(p.Printer, e.Actor, e.ActorName) }

// ChangedBy is ActedBy of a change.
func (p *Page) ChangedBy(l journal.Line) string {
	return journal.Actor(p.Printer, l.Actor, l.ActorName)
}

func (p *Page) platformID() qms.ID {
	if p.Platform == nil {
		return ""
	}
	return p.Platform.ID
}

// JournalEntryView is one act with a page of its changes.
type JournalEntryView struct {
	trail.Entry
	Called  string // the subject, by people
	Changed []journal.Line
	Next    string
}

func (s *Site) journalEntry(p *Page) error {
	seq, err := store.Seq(p.Param("seq"))
	if err != nil {
		return err
	}
	entry, changes, err := s.Trail.Entry(p.Context(), p.platformID(), seq, p.Cursor())
	if err != nil {
		return err
	}
	p.inJournal(p.T("page.trail.entry", seq))
	reader, err := s.journalReader(p, changes.Items, entry.Subject)
	if err != nil {
		return err
	}
	subject := strings.TrimSpace(p.Table(reader.Names.Table(entry.Subject)) + " " + reader.Names.On(entry.Subject, entry.At))
	return p.Render("journal_entry", JournalEntryView{entry, subject, reader.Lines(changes.Items), changes.Next})
}

// inJournal is the title and the way of a page below the journal.
func (p *Page) inJournal(title string) {
	p.Title, p.Section = title, "trail"
	if p.Can(qms.ReadTrail) {
		p.Crumb(p.T("page.trail.title"), p.To("trail"))
	}
}

// CheckpointView is the signed head of the trail.
type CheckpointView struct {
	*store.SignedHead
	Text        string
	Fingerprint string
	Key         string // the fingerprint of the key
	Refused     string // why nothing is signed here
}

func (s *Site) checkpoint(p *Page) error {
	head, err := s.Trail.Checkpoint(p.Context(), p.platformID())
	if qms.CodeOf(err) == qms.CodeConflict {
		p.inJournal(p.T("page.trail.checkpoint"))
		return p.Render("journal_checkpoint", CheckpointView{Refused: p.Error(err)})
	}
	if err != nil {
		return err
	}
	verifier, err := trail.ParseVerifier(head.Verifier)
	if err != nil {
		return err
	}
	p.inJournal(p.T("page.trail.checkpoint"))
	return p.Render("journal_checkpoint", CheckpointView{SignedHead: head, Text: string(head.Note), Fingerprint: head.Fingerprint(),
		Key: verifier.Fingerprint()})
}

func (s *Site) downloadCheckpoint(p *Page) error {
	head, err := s.Trail.Checkpoint(p.Context(), p.platformID())
	if err != nil {
		return err
	}
	p.Ctx().Attachment("checkpoint.txt")
	p.Ctx().Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return p.Ctx().Send(head.Note)
}
