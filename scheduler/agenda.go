package scheduler

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// Agenda is what falls due in every room, as its reader may see it.
type Agenda struct {
	db      *store.DB
	sources []Source
	guesses *guesses
}

// NewAgenda asks those rooms.
func NewAgenda(db *store.DB, sources ...Source) *Agenda {
	return &Agenda{db: db, sources: sources, guesses: newGuesses()}
}

// DueFilter narrows what falls due. Its zero fields do not narrow, but for Until.
type DueFilter struct {
	AsOf     qms.Date // today when none
	Until    qms.Date // the last day; none: 90 days after AsOf
	From     qms.Date
	Platform qms.ID
	Person   qms.ID // what concerns that person
	Kind     string
	Late     bool // only what fell due before AsOf
}

// usualDays is how far ahead one looks unless one says otherwise.
const usualDays = 90

// DueItem is one thing that falls due, with where and whom it concerns.
type DueItem struct {
	qms.Due
	Code  string   // of the platform
	Name  string   // of the platform
	Who   []string // the person, else those who manage and lead the platform
	Group Group
}

// DueList is a page of what falls due, and what the whole of it holds.
type DueList struct {
	AsOf      qms.Date
	Page      qms.Page[DueItem]
	Total     int
	Counts    map[Group]int
	Kinds     []string          // of all that the reader may see, whatever the filter
	Persons   map[qms.ID]string // likewise: those who are concerned by name
	Platforms map[qms.ID]people.Platform
}

// Due is a page of what falls due on the platforms that the actor may look into. It takes the
// statements of the rooms and three more, however many platforms there are.
func (a *Agenda) Due(ctx context.Context, f DueFilter, c qms.Cursor) (*DueList, error) {
	after, err := parseDuePlace(c.After)
	if err != nil {
		return nil, err
	}
	var list *DueList
	err = a.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) (err error) {
		list, err = a.read(ctx, r, f, after, c.Limit())
		return err
	})
	return list, err
}

// All is Due without pages, for who writes the whole of it.
func (a *Agenda) All(ctx context.Context, f DueFilter) (*DueList, error) {
	var list *DueList
	err := a.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) (err error) {
		list, err = a.read(ctx, r, f, nil, 0)
		return err
	})
	return list, err
}

// read asks the rooms, leaves out what the actor of r may not see and what the filter does not want,
// and names what is left of one page, of all of it when limit is 0.
func (a *Agenda) read(ctx context.Context, r store.Reader, f DueFilter, after *duePlace, limit int) (*DueList, error) {
	f = f.from(r.Today())
	due, err := a.dues(ctx, r, f)
	if err != nil {
		return nil, err
	}
	list := &DueList{AsOf: f.AsOf, Counts: map[Group]int{}, Persons: map[qms.ID]string{}}
	if list.Platforms, err = people.PlatformsIn(ctx, r); err != nil {
		return nil, err
	}
	held, err := people.HeldAnywhere(ctx, r, f.platforms(r.Actor()))
	if err != nil {
		return nil, err
	}
	who := headsOf(held, f.AsOf)
	list.survey(due)
	due = slices.DeleteFunc(due, func(d qms.Due) bool { return !f.keeps(d, who.heads) })
	for _, d := range due {
		list.Counts[GroupOf(d.On, f.AsOf)]++
	}
	list.Total = len(due)
	if after != nil {
		due = slices.DeleteFunc(due, func(d qms.Due) bool { return compareDue(d, after.Due) <= 0 })
	}
	if limit > 0 && len(due) > limit {
		due = due[:limit+1]
	} else {
		limit = max(limit, len(due))
	}
	page := qms.PageOf(due, limit, duePlaceOf)
	list.Page.Next = page.Next
	return list, a.name(ctx, r, list, page.Items, who)
}

// dues is what the rooms say, as far as the actor may know it, by day.
func (a *Agenda) dues(ctx context.Context, r store.Reader, f DueFilter) (due []qms.Due, err error) {
	actor := r.Actor()
	platforms := f.platforms(actor)
	if platforms == nil && !everywhere(actor) {
		return nil, nil // somebody without any role
	}
	for _, source := range a.sources {
		some, err := source.Dues(ctx, r, platforms, f.AsOf, f.Until)
		if err != nil {
			return nil, err
		}
		for _, d := range some {
			if MaySee(actor, d) {
				due = append(due, d)
			}
		}
	}
	qms.SortDues(due)
	return due, nil
}

// from fills in what the filter does not say.
func (f DueFilter) from(today qms.Date) DueFilter {
	if f.AsOf == 0 {
		f.AsOf = today
	}
	if f.Until == 0 {
		f.Until = f.AsOf.AddDays(usualDays)
	}
	if f.Late {
		f.Until = min(f.Until, f.AsOf.AddDays(-1))
	}
	return f
}

// platforms are those to ask about; none for all of the site.
func (f DueFilter) platforms(actor qms.Actor) (ids []qms.ID) {
	if f.Platform != "" {
		return []qms.ID{f.Platform}
	}
	if everywhere(actor) {
		return nil
	}
	for _, g := range actor.Grants {
		if g.Platform != "" && !slices.Contains(ids, g.Platform) {
			ids = append(ids, g.Platform)
		}
	}
	return ids
}

// everywhere reports whether the actor looks into every platform.
func everywhere(actor qms.Actor) bool {
	return actor.System || slices.ContainsFunc(actor.Grants, func(g qms.Grant) bool { return g.Platform == "" })
}

func (f DueFilter) keeps(d qms.Due, heads map[qms.ID][]qms.ID) bool {
	return d.On >= f.From && d.On <= f.Until && (f.Kind == "" || d.Kind == f.Kind) && (f.Person == "" || Concerns(d, f.Person, heads))
}

// concerned is who manages and leads each platform, and how people are called.
type concerned struct {
	heads map[qms.ID][]qms.ID
	names map[qms.ID]string
}

func headsOf(held []people.Held, day qms.Date) concerned {
	c := concerned{heads: map[qms.ID][]qms.ID{}, names: map[qms.ID]string{}}
	for _, h := range held {
		c.names[h.Person] = h.Name
		if h.Platform != "" && h.Active(day) && slices.Contains(concernedRoles, h.Role) && !slices.Contains(c.heads[h.Platform], h.Person) {
			c.heads[h.Platform] = append(c.heads[h.Platform], h.Person)
		}
	}
	return c
}

func (l *DueList) survey(due []qms.Due) {
	for _, d := range due {
		if !slices.Contains(l.Kinds, d.Kind) {
			l.Kinds = append(l.Kinds, d.Kind)
		}
		if d.Person != "" {
			l.Persons[d.Person] = ""
		}
	}
	slices.Sort(l.Kinds)
}

// namesAtOnce is how many persons one statement names.
const namesAtOnce = 5000

// name gives the items what they are shown with.
func (a *Agenda) name(ctx context.Context, r store.Reader, list *DueList, due []qms.Due, who concerned) error {
	var unknown []qms.ID
	for id := range list.Persons {
		if name, known := who.names[id]; known {
			list.Persons[id] = name
		} else {
			unknown = append(unknown, id)
		}
	}
	slices.Sort(unknown)
	for some := range slices.Chunk(unknown, namesAtOnce) {
		names, err := people.NamesOf(ctx, r, some)
		if err != nil {
			return err
		}
		for id, name := range names {
			list.Persons[id] = name
		}
	}
	for _, d := range due {
		at := list.Platforms[d.Platform]
		item := DueItem{Due: d, Code: at.Code, Name: at.Name, Group: GroupOf(d.On, list.AsOf)}
		if d.Person != "" {
			item.Who = []string{list.Persons[d.Person]}
		} else {
			for _, id := range who.heads[d.Platform] {
				item.Who = append(item.Who, who.names[id])
			}
		}
		list.Page.Items = append(list.Page.Items, item)
	}
	return nil
}

// duePlace is where a page begins: after the due that has these.
type duePlace struct{ qms.Due }

// compareDue orders as qms.SortDues does.
func compareDue(a, b qms.Due) int {
	if a.On != b.On {
		return int(a.On - b.On)
	}
	for _, pair := range [][2]string{{string(a.Platform), string(b.Platform)}, {a.Kind, b.Kind}, {a.Title, b.Title}, {a.Key, b.Key}} {
		if c := strings.Compare(pair[0], pair[1]); c != 0 {
			return c
		}
	}
	return 0
}

func duePlaceOf(d qms.Due) string {
	return qms.EncodeAfter(d.On.String(), string(d.Platform), d.Kind, d.Title, d.Key)
}

func parseDuePlace(after string) (*duePlace, error) {
	parts, err := qms.DecodeAfter(after, 5)
	if err != nil || parts == nil {
		return nil, err
	}
	on, err := qms.ParseDate(parts[0])
	if err != nil {
		return nil, qms.Invalid("cursor.malformed")
	}
	return &duePlace{qms.Due{On: on, Platform: qms.ID(parts[1]), Kind: parts[2], Title: parts[3], Key: parts[4]}}, nil
}
