package web

import (
	"context"
	"strings"
	"sync"
	"time"

	"maillon/audits/auditors"
	"maillon/qms"
)

// entry is one line of the side navigation of a platform.
type entry struct {
	section string // the first part of the path after the platform, and Page.Section
	needs   qms.Right
}

// navigation is the side of every page of a platform, in LOOK's order. An entry shows when the page is
// there and the reader may see it.
var navigation = []entry{
	{"", qms.ReadPlatform},
	{"documents", qms.ReadDocuments},
	{"services", qms.ReadTrace},
	{"equipment", qms.ReadTrace},
	{"uses", qms.ReadTrace},
	{"people", qms.ReadTrace},
	{"impact", qms.ReadTrace},
	{"due", qms.ReadPlatform},
	{"label", qms.ReadLabel},
	{"members", qms.ReadPlatform},
	{"exercises", qms.ReadExercises},
	{"packs", qms.MakePacks},
	{"audit", qms.ReadTrail},
	{"registers", qms.ReadTrace},
	{"imports", qms.ImportRegisters},
	{"trail", qms.ReadTrail},
}

// siteNavigation is the part below, for who has a role on the site.
var siteNavigation = []entry{
	{"", qms.ManagePlatforms},
	{"portfolio", qms.AccompanyPlatform},
	{"due", qms.AccompanyPlatform},
	{"referential", qms.AccompanyPlatform},
	{"kit", qms.AccompanyPlatform},
	{"institutions", qms.AccompanyPlatform},
	{"accounts", qms.ManageAccounts},
	{"reminders", qms.OperateSite},
	{"integrity", qms.ReadTrail},
	{"trail", qms.OperateSite},
}

// NavItem is an entry as a page shows it.
type NavItem struct {
	Key     string
	Href    string
	Current bool
}

// Navigation is the entries that the reader of this page has.
func (p *Page) Navigation() []NavItem {
	if p.Platform == nil {
		return nil
	}
	var items []NavItem
	for _, e := range navigation {
		path, href := Prefix, p.To()
		if e.section != "" {
			path, href = path+"/"+e.section, p.To(e.section)
		}
		if p.site.known["GET "+path] && p.Actor.Can(e.needs.On(p.Platform.ID)) {
			items = append(items, NavItem{"page.nav." + orName(e.section, "dashboard"), href, e.section == p.section()})
		}
	}
	return items
}

// SiteNavigation is the entries of the site that the reader has.
func (p *Page) SiteNavigation() []NavItem {
	var items []NavItem
	for _, e := range siteNavigation {
		path := "/" + e.section
		if p.site.known["GET "+path] && p.Actor.Can(e.needs.OnSite()) {
			items = append(items, NavItem{"page.nav.site_" + orName(e.section, "platforms"), path, p.Platform == nil && e.section == p.section()})
		}
	}
	return items
}

func orName(section, first string) string {
	if section == "" {
		return first
	}
	return section
}

// section is the entry that is current: what the handler said, else the place in the path.
func (p *Page) section() string {
	if p.Section != "" {
		return p.Section
	}
	parts := strings.Split(strings.Trim(p.c.Path(), "/"), "/")
	if p.Platform != nil {
		parts = parts[min(2, len(parts)):]
	}
	if len(parts) == 0 {
		return ""
	}
	return parts[0]
}

// HomeOf is where a platform begins for the reader: users of equipment have no dashboard, and auditors
// begin with what they may do.
func (p *Page) HomeOf(code string, id qms.ID) string {
	home := "/p/" + code
	switch {
	case !p.Actor.Can(qms.ReadPlatform.On(id)):
		return home + "/documents"
	case p.site.Auditors != nil && auditors.IsAuditor(p.Actor, id) && !p.Actor.Can(qms.WriteDocuments.On(id)):
		return home + "/audit"
	}
	return home
}

// Roles are the words for what the reader is here: on this platform, else on the site.
func (p *Page) Roles() []string {
	var words []string
	for _, g := range p.Actor.Grants {
		if g.Platform == "" || p.Platform != nil && g.Platform == p.Platform.ID {
			words = append(words, p.T("role."+string(g.Role)))
		}
	}
	return words
}

// Heads tells how long the trail of a platform is, for the foot of its pages.
type Heads interface {
	// Head is the number of leaves and the instant of the last one.
	Head(ctx context.Context, platform qms.ID) (size int64, at time.Time, err error)
}

// Checkpoint is the foot's word on the trail.
type Checkpoint struct{ Href, Words string }

// known heads are those that the foot shows until somebody looks at the home or the journal of the
// platform again: a checkpoint tells of a moment, so an older one is not wrong, and lists ask the
// database nothing for it.
type knownHeads struct {
	mu    sync.Mutex
	words map[qms.ID]trailHead
}

type trailHead struct {
	size int64
	at   time.Time
}

// Checkpoint is where the trail of this platform stood when it was last looked at; nil when the reader
// may not read it.
func (p *Page) Checkpoint() *Checkpoint {
	if p.Platform == nil || p.site.Heads == nil || !p.Can(qms.ReadTrail) || !p.site.known["GET "+Prefix+"/trail"] {
		return nil
	}
	k := &p.site.heads
	k.mu.Lock()
	known, ok := k.words[p.Platform.ID]
	k.mu.Unlock()
	if here := p.section(); here == "" || here == "trail" && !(p.headTold && ok) {
		size, at, err := p.site.Heads.Head(p.Context(), p.Platform.ID)
		if err == nil { // the foot of a page does not make it fail
			known, ok = trailHead{size, at}, true
			k.mu.Lock()
			k.words[p.Platform.ID] = known
			k.mu.Unlock()
		}
	}
	if !ok {
		return &Checkpoint{p.To("trail"), p.T("page.frame.trail")}
	}
	return &Checkpoint{p.To("trail"), p.T("page.frame.checkpoint", known.size, known.at)}
}

// tellHead notes where the trail of this platform stands, as the page just read it.
func (p *Page) tellHead(size int64, at time.Time) {
	if p.Platform == nil {
		return
	}
	k := &p.site.heads
	k.mu.Lock()
	defer k.mu.Unlock()
	k.words[p.Platform.ID], p.headTold = trailHead{size, at}, true
}

// Searches reports whether the page has something to search in.
func (p *Page) Searches() bool { return p.Platform != nil && p.site.known["GET "+Prefix+"/search"] }
