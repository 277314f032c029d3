package web

import (
	"cmp"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/server/journal"
)

// journalReader reads changes with what the records they name, and one more, are called: in two statements.
func (s *Site) journalReader(p *Page, changes []store.JournalChange, more ...qms.ID) (journal.Reader, error) {
	ids := slices.DeleteFunc(more, func(id qms.ID) bool { return id == "" })
	names, err := s.Trail.Called(p.Context(), p.platformID(), append(ids, journal.IDs(changes)...))
	return journal.Reader{Printer: p.Printer, Names: names}, err
}

// briefReader reads the changes of a list likewise, in one statement and by their beginning.
func (s *Site) briefReader(p *Page, changes []store.JournalChange, row qms.ID) (journal.Reader, error) {
	ids := journal.IDs(changes)
	if row != "" {
		ids = append(ids, row)
	}
	names, err := s.Trail.CalledBriefly(p.Context(), p.platformID(), ids)
	return journal.Reader{Printer: p.Printer, Names: names, Short: true}, err
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

// PersonDeedsView is what somebody did, where the reader may read the trail.
type PersonDeedsView struct {
	Person qms.ID
	Name   string
	Items  []DeedLine
	Next   string
}

// DeedLine is one act of a person, with where it was done.
type DeedLine struct {
	store.Deed
	About string // the first of the records that it changed
	Where string // name of the platform; empty for the site
	Href  string
}

// journalOfPerson lists what a person did on every platform whose trail the reader may read.
func (s *Site) journalOfPerson(p *Page) error {
	id, err := p.ID("person")
	if err != nil {
		return err
	}
	called, err := s.Trail.Called(p.Context(), p.platformID(), []qms.ID{id})
	if err != nil {
		return err
	}
	view := PersonDeedsView{Person: id, Name: called.Latest(id)}
	if view.Name == "" || called.Table(id) != "people" {
		return qms.NotFound("person.not_found")
	}
	if view.Items, view.Next, err = s.deeds(p, id, p.Cursor()); err != nil {
		return err
	}
	if len(view.Items) == 0 {
		if err := s.belongsHere(p, id); err != nil {
			return err
		}
	}
	if p.Exported() || p.Printed() {
		return s.exportDeeds(p, id, view.Name)
	}
	p.inJournal(p.T("page.trail.of_person", view.Name))
	return p.Render("journal_person", view)
}

// belongsHere refuses to say that somebody exists who did nothing in a trail that the reader may read, and
// does not belong to the platform.
func (s *Site) belongsHere(p *Page, person qms.ID) error {
	if p.Platform == nil {
		return nil
	}
	members, err := s.People.Members(p.Context(), p.Platform.ID)
	if err == nil && !slices.ContainsFunc(members, func(m people.Member) bool { return m.Person == person }) {
		err = qms.NotFound("person.not_found")
	}
	return err
}

// deeds is a page of what the person did, with where.
func (s *Site) deeds(p *Page, person qms.ID, c qms.Cursor) (lines []DeedLine, next string, err error) {
	places, ids := map[qms.ID]people.Platform{}, []qms.ID{}
	for _, pf := range p.Platforms {
		places[pf.ID] = pf
		ids = append(ids, pf.ID)
	}
	page, err := s.Trail.ByPerson(p.Context(), ids, person, c)
	if err != nil {
		return nil, "", err
	}
	var first []store.JournalChange
	for _, d := range page.Items {
		first = append(first, d.First[:min(1, len(d.First))]...)
	}
	reader, err := s.journalReader(p, first)
	for _, d := range page.Items {
		line := DeedLine{Deed: d, About: aboutFirst(reader, reader.Lines(d.First[:min(1, len(d.First))])), Href: "/trail/" + text(d.Seq)}
		if pf, ok := places[d.Platform]; ok {
			line.Where, line.Href = pf.Name, "/p/"+pf.Code+line.Href
		}
		lines = append(lines, line)
	}
	return lines, page.Next, err
}
