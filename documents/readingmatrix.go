package documents

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// ReadingFilter narrows the matrix of readings; its zero fields do not.
type ReadingFilter struct {
	AsOf    qms.Date // today when zero
	Process string
	Kind    string
	Role    qms.Role // people who hold it on the day
	Person  qms.ID
	Missing bool // only what is still to be read
}

// ReadingMatrix is who has read what, as of a day: people by name, documents in force by code. Only
// documents that are addressed to somebody, and people to whom something is, are in it.
type ReadingMatrix struct {
	AsOf      qms.Date
	LateDays  int64
	Documents []DocumentRead
	People    []PersonReads
	Tally     Tally
	Processes []string // those of the documents addressed to somebody, whatever the filter
	Everybody []Person // to whom something is addressed, whatever the filter
	Own       bool     // the reader may see their own readings only
	cells     map[readingPlace]*Reading
}

// Tally counts readings: those that the filter lets through, the signed ones too where only what is
// missing is shown.
type Tally struct {
	Asked int
	Read  int
	Late  int
}

// Missing is how many readings are still to be done, the late ones among them.
func (t Tally) Missing() int { return t.Asked - t.Read }

func (t *Tally) count(r *Reading) {
	t.Asked++
	switch r.State {
	case HasRead:
		t.Read++
	case ReadLate:
		t.Late++
	}
}

// DocumentRead is one document of the matrix and the version in force.
type DocumentRead struct {
	*Document
	Version *Version
	Tally
}

// PersonReads is one person of the matrix with the roles they hold on the day.
type PersonReads struct {
	ID    qms.ID
	Name  string
	Roles []qms.Role
	Tally
}

type readingPlace struct{ person, document qms.ID }

// Cell is how the person stands on the document; nil when it is not addressed to them.
func (m *ReadingMatrix) Cell(person, document qms.ID) *Reading {
	return m.cells[readingPlace{person, document}]
}

// Readings are the cells that there are, person by person in the order of the matrix.
func (m *ReadingMatrix) Readings() (all []Reading) {
	for _, p := range m.People {
		for _, d := range m.Documents {
			if c := m.Cell(p.ID, d.ID); c != nil {
				all = append(all, *c)
			}
		}
	}
	return all
}

// ReadingMatrix shows who has read what. People with training only see their own readings.
func (s *Service) ReadingMatrix(ctx context.Context, platform qms.ID, f ReadingFilter) (*ReadingMatrix, error) {
	var m *ReadingMatrix
	err := s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		if f.AsOf == 0 {
			f.AsOf = r.Today()
		}
		own := !r.Actor().Can(qms.ReadLibrary.On(platform))
		if own {
			f.Person = r.Actor().ID
		}
		all, holdings, late, err := s.readingsIn(ctx, r, platform, f.AsOf)
		if err != nil {
			return err
		}
		if own {
			all = slices.DeleteFunc(all, func(r Reading) bool { return r.Reader.Person != f.Person })
		}
		m = matrixOf(all, holdings, f)
		m.LateDays, m.Own = late, own
		return nil
	})
	return m, err
}

// matrixOf arranges readings as people and documents. It is pure.
func matrixOf(all []Reading, holdings []Holding, f ReadingFilter) *ReadingMatrix {
	m := &ReadingMatrix{AsOf: f.AsOf, cells: map[readingPlace]*Reading{}}
	roles := rolesOn(holdings, f.AsOf)
	people, documents := map[qms.ID]*PersonReads{}, map[qms.ID]*DocumentRead{}
	processes, everybody := map[string]bool{}, map[qms.ID]string{}
	for i := range all {
		r := &all[i]
		if r.Document.Process != "" {
			processes[r.Document.Process] = true
		}
		everybody[r.Reader.Person] = r.Reader.Name
		if !f.keeps(r, roles[r.Reader.Person]) {
			continue
		}
		p, d := people[r.Reader.Person], documents[r.Document.ID]
		if p == nil {
			p = &PersonReads{ID: r.Reader.Person, Name: r.Reader.Name, Roles: roles[r.Reader.Person]}
			people[p.ID] = p
		}
		if d == nil {
			d = &DocumentRead{Document: r.Document, Version: r.Version}
			documents[d.ID] = d
		}
		if !f.Missing || r.State != HasRead {
			m.cells[readingPlace{p.ID, d.ID}] = r
		}
		for _, t := range []*Tally{&p.Tally, &d.Tally, &m.Tally} {
			t.count(r)
		}
	}
	if f.Missing {
		maps.DeleteFunc(people, func(_ qms.ID, p *PersonReads) bool { return p.Tally.Missing() == 0 })
		maps.DeleteFunc(documents, func(_ qms.ID, d *DocumentRead) bool { return d.Tally.Missing() == 0 })
	}
	m.arrange(people, documents)
	m.Processes = sortedKeys(processes)
	for id, name := range everybody {
		m.Everybody = append(m.Everybody, Person{id, name})
	}
	slices.SortFunc(m.Everybody, byName)
	return m
}

func (m *ReadingMatrix) arrange(people map[qms.ID]*PersonReads, documents map[qms.ID]*DocumentRead) {
	for _, p := range people {
		m.People = append(m.People, *p)
	}
	slices.SortFunc(m.People, func(a, b PersonReads) int { return byName(Person{a.ID, a.Name}, Person{b.ID, b.Name}) })
	for _, d := range documents {
		m.Documents = append(m.Documents, *d)
	}
	slices.SortFunc(m.Documents, func(a, b DocumentRead) int { return cmp.Compare(a.Code, b.Code) })
}

func byName(a, b Person) int {
	return cmp.Or(cmp.Compare(fold(a.Name), fold(b.Name)), cmp.Compare(a.ID, b.ID))
}

// keeps reports whether the reading, of somebody in those roles, counts in the matrix.
func (f ReadingFilter) keeps(r *Reading, roles []qms.Role) bool {
	return (f.Process == "" || f.Process == r.Document.Process) &&
		(f.Kind == "" || f.Kind == r.Document.Kind) &&
		(f.Person == "" || f.Person == r.Reader.Person) &&
		(f.Role == "" || slices.Contains(roles, f.Role))
}

// rolesOn are the roles that each person holds on the day.
func rolesOn(holdings []Holding, day qms.Date) map[qms.ID][]qms.Role {
	roles := map[qms.ID][]qms.Role{}
	for _, h := range holdings {
		if h.Contains(day) && !slices.Contains(roles[h.Person], h.Role) {
			roles[h.Person] = append(roles[h.Person], h.Role)
		}
	}
	return roles
}

// readingsIn are all readings asked for on the platform on the day, of documents within the reader's
// reach: in as many statements, and as much memory, as what is in force that day needs.
func (s *Service) readingsIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (all []Reading, holdings []Holding, late int64, err error) {
	rule, err := readingRule(ctx, r, platform)
	if err != nil {
		return nil, nil, 0, err
	}
	entries, err := addresseesOfPlatform(ctx, r, platform)
	if err != nil || len(entries) == 0 {
		return nil, nil, rule.LateDays, err
	}
	if holdings, err = s.people.Holdings(ctx, r, platform); err != nil {
		return nil, nil, 0, err
	}
	documents, err := documentsOf(ctx, r, platform)
	if err != nil {
		return nil, nil, 0, err
	}
	inForce, err := inForceOn(ctx, r, []qms.ID{platform}, day)
	if err != nil {
		return nil, nil, 0, err
	}
	e := evidence{documents: map[qms.ID]*Document{}, holdings: map[qms.ID][]Holding{platform: holdings}, late: map[qms.ID]int64{platform: rule.LateDays}}
	for _, d := range documents {
		e.documents[d.ID] = d
	}
	if err := e.gather(ctx, r, inForce, entries, ""); err != nil {
		return nil, nil, 0, err
	}
	return e.readings(day), holdings, rule.LateDays, nil
}

// evidence is what readings are made of.
type evidence struct {
	documents  map[qms.ID]*Document // others are left out
	versions   map[qms.ID][]*Version
	entries    map[string][]Addressee // by document, or by platform and kind
	holdings   map[qms.ID][]Holding   // by platform
	signatures map[qms.ID][]Signature // by version
	late       map[qms.ID]int64       // days, by platform
	moves      map[qms.ID]int64       // changes of what moves the last day, by platform and by person; where it is wanted
}

// gather reads what else the versions in force need: the versions before a minor one, and who has
// signed, or only whether the person has.
func (e *evidence) gather(ctx context.Context, r store.Reader, inForce []*Version, entries []Addressee, person qms.ID) error {
	e.entries, e.versions, e.signatures = map[string][]Addressee{}, map[qms.ID][]*Version{}, map[qms.ID][]Signature{}
	for _, a := range entries {
		e.address(a)
	}
	var minor []qms.ID
	for _, v := range inForce {
		if d := e.documents[v.Document]; d == nil || len(e.about(d)) == 0 {
			continue
		}
		e.versions[v.Document] = append(e.versions[v.Document], v)
		if v.Minor > 0 && !v.Rereads {
			minor = append(minor, v.Document)
		}
	}
	all, err := versionsOfDocuments(ctx, r, minor)
	if err != nil {
		return err
	}
	for _, document := range minor {
		e.versions[document] = nil
	}
	for _, v := range all {
		e.versions[v.Document] = append(e.versions[v.Document], v)
	}
	var ids []qms.ID
	for _, versions := range e.versions {
		for _, v := range versions {
			ids = append(ids, v.ID)
		}
	}
	signatures, err := readingsOfVersions(ctx, r, person, ids)
	for _, sig := range signatures {
		e.signatures[sig.Version] = append(e.signatures[sig.Version], sig)
	}
	return err
}

// address adds an entry.
func (e *evidence) address(a Addressee) {
	key := cmp.Or(string(a.Document), kindKey(a.Platform, a.Kind))
	e.entries[key] = append(e.entries[key], a)
}

func kindKey(platform qms.ID, kind string) string { return string(platform) + " " + kind }

// about are the entries that address the document.
func (e *evidence) about(d *Document) []Addressee {
	return slices.Concat(e.entries[string(d.ID)], e.entries[kindKey(d.Platform, d.Kind)])
}

// readings are those of all documents on the day, by code.
func (e *evidence) readings(day qms.Date) (all []Reading) {
	documents := make([]*Document, 0, len(e.versions))
	for id := range e.versions {
		documents = append(documents, e.documents[id])
	}
	slices.SortFunc(documents, func(a, b *Document) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID)) })
	for _, d := range documents {
		var signatures []Signature
		for _, v := range e.versions[d.ID] {
			signatures = append(signatures, e.signatures[v.ID]...)
		}
		all = append(all, Readings(d, e.versions[d.ID], e.about(d), e.holdings[d.Platform], signatures, e.late[d.Platform], day)...)
	}
	return all
}
