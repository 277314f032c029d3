package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/scheduler"
)

// duePages are what falls due: of a platform, and of everybody over all theirs.
func (s *Site) duePages() {
	s.page("/due", qms.SignedIn, s.due)
	s.page("/due/calendar", qms.SignedIn, s.dueMonth)
	s.both("/due/feeds", qms.SignedIn, s.feeds, s.makeFeed)
	s.both("/due/feeds/:feed/revoke", qms.SignedIn, s.revokingFeed, s.revokeFeed)
	s.page(Prefix+"/due", qms.ReadPlatform, s.due)
	s.page(Prefix+"/due/calendar", qms.ReadPlatform, s.dueMonth)
	s.both(Prefix+"/due/feeds", qms.WriteLabel, s.feeds, s.makeFeed)
	s.both(Prefix+"/due/feeds/:feed/revoke", qms.WriteLabel, s.revokingFeed, s.revokeFeed)
	s.page("/calendar/:secret", qms.Public, s.fetchFeed)
}

// The persons that the filter knows without their names.
const (
	dueMine   = "me"
	dueAnyone = "all"
)

// DueView is the list of what falls due.
type DueView struct {
	List      *scheduler.DueList
	Groups    []DueGroup          // by day
	Sorted    []scheduler.DueItem // by anything else
	Past      qms.Date            // as of which it is asked; none: today
	Next      string
	Form      *Form
	Persons   []Option
	Platforms []Option // none on the page of a platform
	Kinds     []Option
	Within    []Option
	Chips     []Chip
}

// DueGroup is what falls due at about the same time.
type DueGroup struct {
	Group scheduler.Group
	Total int // on all pages
	Items []scheduler.DueItem
}

// dueHere is the address of the lists of what falls due, on this platform or over all.
func (p *Page) dueHere(parts ...any) string {
	if p.Platform != nil {
		return p.To(append([]any{"due"}, parts...)...)
	}
	return (&Page{}).To(append([]any{"due"}, parts...)...)
}

// DueHome is the list of what falls due here.
func (p *Page) DueHome() string { return p.dueHere() }

// DueHref is where what falls due is done. People with training only have their trainings on a page of
// their own.
func (p *Page) DueHref(i scheduler.DueItem) string {
	if i.Kind == "training" && !p.Actor.Can(qms.ReadTrace.On(i.Platform)) {
		return "/trainings"
	}
	return duePath(i)
}

func duePath(i scheduler.DueItem) string {
	if i.OfSite() {
		return (&Page{}).ToParts(i.Parts)
	}
	return (&Page{Platform: &people.Platform{Code: i.Code}}).ToParts(i.Parts)
}

// DuePlace is where something falls due: a platform, or the site.
func (p *Page) DuePlace(i scheduler.DueItem) string {
	if i.OfSite() {
		return p.T("page.trail.site")
	}
	return i.Name
}

// DueTitle is how what falls due is called, in the reader's language.
func (p *Page) DueTitle(d qms.Due) string { return scheduler.Heading(p.Printer, d) }

// DueState is the shape of how soon something falls due.
func (p *Page) DueState(g scheduler.Group) string {
	return map[scheduler.Group]string{scheduler.Late: "late", scheduler.ThisWeek: "expiring", scheduler.ThisMonth: "due", scheduler.Later: "todo"}[g]
}

// dueFilter reads the filter of the address. Who does not accompany every platform begins with what is
// theirs.
func (p *Page) dueFilter(f *Form) (scheduler.DueFilter, error) {
	asOf, wrong := p.AsOf()
	if wrong != nil {
		asOf = p.Today
	}
	filter := scheduler.DueFilter{AsOf: asOf, Kind: p.Query("kind"), Order: p.dueOrder()}
	person := p.Query("person")
	if person == "" && p.Platform == nil && !p.Actor.Can(qms.AccompanyPlatform.OnSite()) {
		person = dueMine
	}
	f.Set("person", person)
	switch person {
	case "", dueAnyone:
	case dueMine:
		filter.Person = p.Actor.ID
	default:
		filter.Person = qms.ID(person)
	}
	switch p.Query("within") {
	case "late":
		filter.Late = true
	case "30":
		filter.Until = asOf.AddDays(30)
	case "365":
		filter.Until = asOf.AddDays(365)
	}
	if on := p.Query("on"); on != "" {
		day, err := ParseDate(on)
		if err != nil {
			return filter, err
		}
		filter.From, filter.Until, filter.Late = day, day, false
	}
	if err := p.dueOn(&filter); err != nil {
		return filter, err
	}
	return filter, wrong
}

// dueOrder is the order that the address names: by day, or by what a column says.
func (p *Page) dueOrder() (o scheduler.Order) {
	column, down := strings.CutPrefix(p.Sort(), "-")
	switch column {
	case "on":
		o.Down = down
	case "what":
		o = scheduler.Order{By: func(i scheduler.DueItem) string { return sortable(p.DueTitle(i.Due)) }, Down: down}
	case "kind":
		o = scheduler.Order{By: func(i scheduler.DueItem) string { return sortable(p.T("due." + i.Kind)) }, Down: down}
	case "platform":
		o = scheduler.Order{By: func(i scheduler.DueItem) string { return sortable(p.DuePlace(i)) }, Down: down}
	case "who":
		o = scheduler.Order{By: func(i scheduler.DueItem) string { return sortable(strings.Join(i.Who, ", ")) }, Down: down}
	}
	return o
}

// sortable is a text as lists are ordered by it: without case and accents.
func sortable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(strings.ToLower(s)))
}

// dueOn narrows to the platform of the page, or to the one that the address names.
func (p *Page) dueOn(f *scheduler.DueFilter) error {
	code := people.NormalCode(p.Query("platform"))
	switch {
	case p.Platform != nil:
		f.Platform = p.Platform.ID
	case code != "":
		n := slices.IndexFunc(p.Platforms, func(pf people.Platform) bool { return pf.Code == code })
		if n < 0 {
			return qms.NotFound("platform.not_found")
		}
		f.Platform = p.Platforms[n].ID
	}
	return nil
}

func (s *Site) due(p *Page) error {
	p.Title, p.Wide = p.T("page.due.title"), true
	p.SortBy("on")
	f := p.filterForm("kind", "platform", "within", "on", "as_of")
	filter, wrong := p.dueFilter(f)
	if f.Date("as_of"); qms.CodeOf(wrong) == qms.CodeInvalid && f.Err() != nil {
		wrong = f.Err() // the same, at its field
	}
	leaves := p.Exported() || p.Printed()
	if wrong != nil && (leaves || qms.CodeOf(wrong) != qms.CodeInvalid) {
		return wrong
	}
	if leaves {
		return s.exportDue(p, filter)
	}
	list, err := s.Agenda.Due(p.Context(), filter, p.Cursor())
	if err != nil {
		return err
	}
	view := DueView{List: list, Next: list.Page.Next, Form: f, Past: p.asOfNote(list.AsOf), Within: p.options("page.due.within_", "90", "late", "30", "365")}
	view.Within[0].Value = ""
	if p.Sort() == "on" {
		view.group()
	} else {
		view.Sorted = list.Page.Items
	}
	view.choices(p)
	if wrong != nil { // the list of today, with the other filters kept
		return p.Again("due_list", f, wrong, view)
	}
	return p.Render("due_list", view)
}

// group puts the page into the groups of its days.
func (v *DueView) group() {
	for _, g := range scheduler.Groups() {
		group := DueGroup{Group: g, Total: v.List.Counts[g]}
		for _, i := range v.List.Page.Items {
			if i.Group == g {
				group.Items = append(group.Items, i)
			}
		}
		if len(group.Items) > 0 {
			v.Groups = append(v.Groups, group)
		}
	}
}

// choices are what the filter offers: what the reader has of all kinds, persons and platforms.
func (v *DueView) choices(p *Page) {
	v.Kinds = []Option{{"", p.T("page.due.any_kind")}}
	for _, kind := range v.List.Kinds {
		v.Kinds = append(v.Kinds, Option{kind, p.T("due." + kind)})
	}
	if kind := p.Query("kind"); kind != "" && p.Has("due."+kind) { // chosen, though nothing of it is left
		v.Kinds = with(v.Kinds, kind, p.T("due."+kind))
	}
	var persons []Option
	for id, name := range v.List.Persons {
		if id != p.Actor.ID {
			persons = append(persons, Option{string(id), name})
		}
	}
	slices.SortFunc(persons, func(a, b Option) int {
		return cmp.Or(strings.Compare(a.Label, b.Label), strings.Compare(a.Value, b.Value))
	})
	v.Persons = append([]Option{{dueAnyone, p.T("page.due.anyone")}, {dueMine, p.T("page.due.mine")}}, persons...)
	if p.Platform == nil && len(p.Platforms) > 1 {
		v.Platforms = []Option{{"", p.T("page.due.any_platform")}}
		for _, pf := range p.Platforms {
			v.Platforms = append(v.Platforms, Option{pf.Code, pf.Name})
		}
	}
	v.Chips = p.Chips(func(name, value string) string {
		switch name {
		case "person":
			return labelled(v.Persons, value)
		case "platform":
			return labelled(v.Platforms, people.NormalCode(value))
		case "kind":
			return labelled(v.Kinds, value)
		case "as_of":
			return "" // the notice says it
		case "on":
			if day, err := ParseDate(value); err == nil {
				return p.LongDate(day)
			}
			return value
		}
		return labelled(v.Within, value)
	}, "person", "platform", "kind", "within", "on")
}

// labelled is the word of an option, the value itself when there is none.
func labelled(options []Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

func (s *Site) exportDue(p *Page, filter scheduler.DueFilter) error {
	list, err := s.Agenda.All(p.Context(), filter)
	if err != nil {
		return err
	}
	shapes := map[string]string{}
	for _, g := range scheduler.Groups() {
		shapes[p.T("page.due.group_"+string(g))] = p.DueState(g)
	}
	items, shown := list.Page.Items, p.Platform == nil
	width := map[bool]float64{true: 26, false: 0}[shown]
	return p.Export(export{
		name: "echeances-" + list.AsOf.String(), kinds: map[int]cell{0: dayCell}, fixed: 1,
		heads: []string{"page.due.on", "page.due.when", "page.due.kind", "page.due.what", "page.due.code", "page.due.platform", "page.due.who", "page.due.where"},
		print: &printing{title: p.T("page.due.title"), asOf: list.AsOf, facts: []string{p.T("page.due.count", list.Total)}, empty: p.T("page.due.none"), shapes: shapes,
			widths: []float64{20, 22, 34, 80, width, 0, 40, 0}, right: map[int]bool{0: true}},
		next: func(c qms.Cursor) (lines [][]string, after string, err error) {
			n := min(len(items), c.Limit())
			for _, i := range items[:n] {
				lines = append(lines, []string{p.InputDate(i.On), p.T("page.due.group_" + string(i.Group)), p.T("due." + i.Kind), p.DueTitle(i.Due), i.Code, p.DuePlace(i),
					strings.Join(i.Who, ", "), p.c.BaseURL() + p.DueHref(i)})
			}
			if items = items[n:]; len(items) > 0 {
				after = "more"
			}
			return lines, after, nil
		},
	})
}

// LateCount is how many are late, on all pages.
func (v DueView) LateCount() int { return v.List.Counts[scheduler.Late] }
