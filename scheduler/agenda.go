package scheduler

import (
	"context"
	"maps"
	"slices"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trail"
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
	Order    Order
}

// usualDays is how far ahead one looks unless one says otherwise.
const usualDays = 90

// DueItem is one thing that falls due, with where and whom it concerns.
type DueItem struct {
	qms.Due
	Code  string   // of the platform
	Name  string   // of the platform
	Who   []string // the person, else those who manage and lead the platform, else the quality officers
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
	after, err := parsePlaced(c.After)
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
func (a *Agenda) read(ctx context.Context, r store.Reader, f DueFilter, after *placed, limit int) (*DueList, error) {
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
	if err := list.namePersons(ctx, r, who.names); err != nil {
		return nil, err
	}
	items := make([]DueItem, 0, len(due))
	for _, d := range due {
		if f.keeps(d, who.heads) {
			list.Counts[GroupOf(d.On, f.AsOf)]++
			items = append(items, list.item(d, who))
		}
	}
	list.Total = len(items)
	places := f.Order.sort(items, after)
	if limit == 0 {
		limit = len(places)
	}
	page := qms.PageOf(places[:min(len(places), limit+1)], limit, placed.cursor)
	list.Page.Next = page.Next
	for _, p := range page.Items {
		list.Page.Items = append(list.Page.Items, p.DueItem)
	}
	return list, nil
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
	heads  map[qms.ID][]qms.ID // under none the quality officers of the site, under its log who answers for the site
	called map[qms.ID][]string // the names of heads
	names  map[qms.ID]string
}

func headsOf(held []people.Held, day qms.Date) concerned {
	c := concerned{heads: map[qms.ID][]qms.ID{}, called: map[qms.ID][]string{}, names: map[qms.ID]string{}}
	for _, h := range held {
		c.names[h.Person] = h.Name
		if !h.Active(day) {
			continue
		}
		if h.Platform != "" && slices.Contains(concernedRoles, h.Role) || h.Platform == "" && h.Role == qms.QualityOfficer {
			c.add(h.Platform, h)
		}
		if h.Platform == "" && slices.Contains(siteRoles, h.Role) {
			c.add(qms.ID(trail.SiteLog), h)
		}
	}
	return c
}

func (c concerned) add(place qms.ID, h people.Held) {
	if !slices.Contains(c.heads[place], h.Person) {
		c.heads[place], c.called[place] = append(c.heads[place], h.Person), append(c.called[place], h.Name)
	}
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

// namePersons names who is concerned: known are the names of who holds a role.
func (l *DueList) namePersons(ctx context.Context, r store.Reader, known map[qms.ID]string) error {
	var unknown []qms.ID
	for id := range l.Persons {
		if name, ok := known[id]; ok {
			l.Persons[id] = name
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
		maps.Copy(l.Persons, names)
	}
	return nil
}

// OfSite reports whether it falls due on the site itself, and on no platform.
func (i DueItem) OfSite() bool { return i.Platform == qms.ID(trail.SiteLog) }

// item is the due with what it is shown with.
func (l *DueList) item(d qms.Due, who concerned) DueItem {
	at := l.Platforms[d.Platform]
	item := DueItem{Due: d, Code: at.Code, Name: at.Name, Group: GroupOf(d.On, l.AsOf), Who: who.called[headed(d, who.heads)]}
	if d.Person != "" {
		item.Who = []string{l.Persons[d.Person]}
	}
	return item
}
