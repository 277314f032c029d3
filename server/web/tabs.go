package web

import (
	"strings"

	"maillon/qms"
)

// tab is one of the lists of a section, as its tabs show it.
type tab struct {
	path  string // after the platform: "services/prices"
	needs qms.Right
	key   string // page.tab.KEY in qms/locale
}

// sectionTabs are the lists of each section of the navigation, in the order of its tabs. Like an entry
// of the navigation, a tab shows when the page is there and the reader may see it.
var sectionTabs = map[string][]tab{
	"services": {
		{"services", qms.ReadTrace, "services"},
		{"services/received", qms.WriteTrace, "received"},
		{"prices", qms.ReadTrace, "prices"},
		{"checks", qms.ReadTrace, "checks"},
	},
	"equipment": {
		{"equipment", qms.ReadTrace, "equipment"},
		{"equipment/schedule", qms.ReadTrace, "schedule"},
		{"equipment/data-map", qms.ReadTrace, "data"},
		{"equipment/renewal", qms.ReadTrace, "renewal"},
		{"equipment/labels", qms.ReadTrace, "labels"},
	},
	"label": {
		{"label", qms.ReadLabel, "label"},
		{"label/candidacy", qms.ReadLabel, "candidacy"},
		{"label/sessions", qms.ReadLabel, "sessions"},
		{"label/deliverables", qms.ReadLabel, "deliverables"},
		{"label/assessment", qms.ReadLabel, "assessment"},
		{"label/missions", qms.ReadLabel, "missions"},
		{"label/kit", qms.ReadLabel, "kit"},
		{"label/others", qms.ReadLabel, "others"},
	},
	"due": {
		{"due", qms.ReadPlatform, "due"},
		{"due/calendar", qms.ReadPlatform, "calendar"},
		{"due/feeds", qms.WriteLabel, "feeds"},
		{"due/settings", qms.ReadPlatform, "reminders"},
	},
	"audit": {
		{"audit", qms.ReadTrail, "audit"},
		{"audit/opened", qms.ReadTrail, "opened"},
		{"audit/notes", qms.ReadTrail, "notes"},
	},
	"trail": {
		{"trail", qms.ReadTrail, "trail"},
		{"signatures", qms.ReadTrail, "signatures"},
		{"trail/checkpoint", qms.ReadTrail, "checkpoint"},
		{"trail/checkpoints", qms.ReadTrail, "checkpoints"},
		{"trail/keys", qms.ReadTrail, "keys"},
	},
	"imports": {
		{"imports", qms.ImportRegisters, "imports"},
		{"imports/mappings", qms.ImportRegisters, "mappings"},
	},
}

// TabItem is a tab as a page shows it.
type TabItem struct {
	Key     string
	Href    string
	Current bool
}

// Tabs are those of this page's section; none when there would be only one. The current one is that
// whose path the page's begins with, the longest of them.
func (p *Page) Tabs() []TabItem {
	if p.Platform == nil {
		return nil
	}
	var items []TabItem
	current, longest := -1, 0
	for _, t := range sectionTabs[p.section()] {
		if !p.site.known["GET "+Prefix+"/"+t.path] || !p.Actor.Can(t.needs.On(p.Platform.ID)) {
			continue
		}
		href := p.To()
		for part := range strings.SplitSeq(t.path, "/") {
			href += "/" + part
		}
		here := p.c.Path() == href || strings.HasPrefix(p.c.Path(), href+"/")
		if here && len(href) > longest {
			current, longest = len(items), len(href)
		}
		items = append(items, TabItem{Key: "page.tab." + t.key, Href: href})
	}
	if len(items) < 2 {
		return nil
	}
	if current >= 0 {
		items[current].Current = true
	}
	return items
}
