package web

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

var idText = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

// maxNamed is how many records one page asks the names of.
const maxNamed = 1200

// journalReader reads changes with what the records they name are called, in one statement.
func (s *Site) journalReader(p *Page, changes []store.JournalChange) (changeReader, error) {
	reader := changeReader{Printer: p.Printer, called: map[string]string{}}
	seen := map[string]bool{}
	var ids []qms.ID
	add := func(text string) {
		if !seen[text] && len(ids) < maxNamed {
			seen[text] = true
			ids = append(ids, qms.ID(text))
		}
	}
	for _, c := range changes {
		add(string(c.Row))
		for _, value := range [][]byte{c.Before, c.After} {
			for _, found := range idText.FindAll(value, -1) {
				add(string(found))
			}
		}
	}
	names, err := s.Trail.Called(p.Context(), p.platformID(), ids)
	for id, name := range names {
		reader.called[string(id)] = name
	}
	return reader, err
}

// changesOf are the changes that entries carry.
func changesOf(entries []store.JournalEntry) (all []store.JournalChange) {
	for _, e := range entries {
		all = append(all, e.First...)
	}
	return all
}

// tableOptions are the kinds of records that have a word, in its order.
func (p *Page) tableOptions() []Option {
	all := []Option{{"", p.T("page.trail.any_table")}}
	for _, key := range p.Keys() {
		if table, ok := strings.CutPrefix(key, "table."); ok {
			all = append(all, Option{table, p.T(key)})
		}
	}
	slices.SortFunc(all[1:], func(a, b Option) int {
		return cmp.Or(strings.Compare(a.Label, b.Label), strings.Compare(a.Value, b.Value))
	})
	return all
}

// exportJournal writes every change that the filter lets through, one a line, in words.
func (s *Site) exportJournal(p *Page, f store.JournalFilter) error {
	return p.Export(export{name: "journal-" + p.Today.String(), fixed: 2, kinds: map[int]cell{0: countCell},
		heads: []string{"page.trail.seq", "page.trail.at", "page.trail.who", "page.trail.act", "page.trail.why", "page.trail.table", "page.trail.called", "page.trail.field", "page.trail.before", "page.trail.after"},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			page, _, err := s.Trail.List(p.Context(), p.platformID(), f, c)
			if err != nil {
				return nil, "", err
			}
			reader, err := s.journalReader(p, changesOf(page.Items))
			for _, e := range page.Items {
				lines = append(lines, p.journalLines(e, reader)...)
			}
			return lines, page.Next, err
		}})
}

// journalLines are those of one act: one a field that changed, and one that says how many changes of an
// import are not written out.
func (p *Page) journalLines(e store.JournalEntry, reader changeReader) (lines [][]string) {
	head := []string{p.Number(e.Seq), p.FullInstant(e.At), e.ActorName, p.act(e.Act), e.Reason}
	line := func(more ...string) { lines = append(lines, append(slices.Clone(head), more...)) }
	for _, c := range reader.lines(e.First) {
		for _, f := range c.Fields {
			line(p.Table(c.Table), reader.called[string(c.Row)], f.Name, f.Before, f.After)
		}
	}
	if more := e.Changes - int64(len(e.First)); more > 0 {
		line("", p.T("page.trail.more", more), "", "", "")
	}
	return lines
}

// proofFile is the proof of one record as it is downloaded: what is needed to check it elsewhere.
type proofFile struct {
	Checkpoint  string            `json:"checkpoint"`  // the signed note
	Verifier    string            `json:"verifier"`    // the public key
	Fingerprint string            `json:"fingerprint"` // of the checkpoint, to be compared by eye
	Facts       []json.RawMessage `json:"facts"`       // as packs carry them
}

// downloadProof hands out what proves the latest change of a record, with the checkpoint it leads to.
func (s *Site) downloadProof(p *Page) error {
	id, err := p.ID("row")
	if err != nil {
		return err
	}
	proof, err := s.Trail.RowProof(p.Context(), p.platformID(), id)
	if err != nil {
		return err
	}
	out := proofFile{Checkpoint: string(proof.Note), Verifier: proof.Verifier, Fingerprint: proof.Fingerprint()}
	for _, fact := range proof.Facts {
		text, err := json.Marshal(fact)
		if err != nil {
			return err
		}
		out.Facts = append(out.Facts, text)
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	p.site.secureHeaders(p.c)
	p.Ctx().Attachment("proof-" + string(id) + ".json")
	p.Ctx().Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return p.Ctx().Send(text)
}

// PersonDeedsView is what somebody did, where the reader may read the trail.
type PersonDeedsView struct {
	Name  string
	Items []DeedLine
	Next  string
}

// DeedLine is one act of a person, with where it was done.
type DeedLine struct {
	store.Deed
	Where string // name of the platform; empty for the site
	Href  string
}

// journalOfPerson lists what a person did on every platform whose trail the reader may read.
func (s *Site) journalOfPerson(p *Page) error {
	id, err := p.ID("person")
	if err != nil {
		return err
	}
	places, ids := map[qms.ID]people.Platform{}, []qms.ID{}
	for _, pf := range p.Platforms {
		places[pf.ID] = pf
		ids = append(ids, pf.ID)
	}
	page, err := s.Trail.ByPerson(p.Context(), ids, id, p.Cursor())
	if err != nil {
		return err
	}
	called, err := s.Trail.Called(p.Context(), p.platformID(), []qms.ID{id})
	if err != nil {
		return err
	}
	view := PersonDeedsView{Name: called[id], Next: page.Next}
	if view.Name == "" {
		return qms.NotFound("person.not_found")
	}
	for _, d := range page.Items {
		line := DeedLine{Deed: d, Href: "/trail/" + text(d.Seq)}
		if pf, ok := places[d.Platform]; ok {
			line.Where, line.Href = pf.Name, "/p/"+pf.Code+line.Href
		}
		view.Items = append(view.Items, line)
	}
	p.inJournal(p.T("page.trail.of_person", view.Name))
	return p.Render("journal_person", view)
}
