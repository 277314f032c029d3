package web

import (
	"context"
	"slices"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
)

// Finder is what one room finds by a code, a number or a title. A room finds nothing that the reader
// may not see. Documents are found by their texts as well, and have a part of the page of their own.
type Finder interface {
	Find(ctx context.Context, platform people.Platform, typed string) ([]Found, error)
}

// Found is one thing found.
type Found struct {
	Code  string
	Title string
	Kind  Words    // what it is
	State string   // may be empty
	Parts []string // of the address within the platform
}

// FoundView is what was found.
type FoundView struct {
	Typed     string
	Form      *Form
	Documents *documents.Found
	Others    []Found // numbers and codes of other rooms, on the first page
	States    []Option
	Kinds     []Option
	Processes []Option
	Chips     []Chip
	Old       bool
	Active    int // filters in force
}

const maxTyped = 200

// searchFilters are the parts of the query that narrow a search.
var searchFilters = []string{"state", "kind", "process", "old"}

func (s *Site) searchPages() {
	s.page(Prefix+"/search", qms.ReadDocuments, s.findAll)
}

// findAll asks every room. What is typed in full, and nothing else is found under, opens by itself.
func (s *Site) findAll(p *Page) error {
	typed := p.Query("q")
	if len(typed) > maxTyped {
		typed = readable(typed[:maxTyped])
	}
	p.Title = p.T("page.search.title")
	data := FoundView{Typed: typed, Form: p.Form(), Old: p.Query("old") != ""}
	var err error
	data.Documents, err = s.Documents.Search(p.Context(), documents.Search{
		Platform: p.Platform.ID, Query: typed, Kind: p.Query("kind"), Process: p.Query("process"), State: documents.State(p.Query("state")), Old: data.Old,
	}, qms.Cursor{After: p.Query("after"), Size: foundOnPage})
	if err != nil {
		return err
	}
	data.fill(p)
	if typed != "" && data.Active == 0 && p.Query("after") == "" {
		if data.Others, err = s.findOthers(p, typed); err != nil {
			return err
		}
	}
	if only := data.only(); only != nil && people.NormalCode(only.Code) == people.NormalCode(typed) {
		return p.Redirect(p.ToParts(only.Parts))
	}
	return p.Render("search", data)
}

// foundOnPage is fewer than a list shows, since each takes more room.
const foundOnPage = 20

func (s *Site) findOthers(p *Page, typed string) (others []Found, err error) {
	for _, f := range s.Finders {
		found, err := f.Find(p.Context(), *p.Platform, typed)
		if err != nil {
			return nil, err
		}
		others = append(others, found...)
	}
	return others, nil
}

// only is what was found when it is one thing, nil otherwise.
func (v *FoundView) only() *Found {
	switch {
	case v.Active > 0 || v.Documents.Next != "" || len(v.Documents.Items)+len(v.Others) != 1:
		return nil
	case len(v.Others) == 1:
		return &v.Others[0]
	}
	hit := v.Documents.Items[0]
	return &Found{Code: hit.Code, Parts: []string{"documents", hit.Code}}
}

// Parts is the address of a hit within the platform: the document, or the one version.
func (v FoundView) Parts(h documents.Hit) []string {
	if v.Old {
		return []string{"documents", h.Code, "versions", h.Number.String()}
	}
	return []string{"documents", h.Code}
}

// fill makes the choices of the filters and the chips of those in force.
func (v *FoundView) fill(p *Page) {
	any := Option{"", p.T("page.documents.any")}
	v.States, v.Kinds, v.Processes = []Option{any}, []Option{any}, []Option{any}
	for _, state := range documents.States() {
		v.States = append(v.States, Option{string(state), p.T("state." + string(state))})
	}
	for _, k := range v.Documents.Kinds {
		v.Kinds = append(v.Kinds, Option{k.Code, k.Code + " " + k.Name(p.Lang())})
	}
	for _, c := range v.Documents.Processes {
		v.Processes = append(v.Processes, Option{c.Code, processName(c)})
	}
	for _, name := range append(searchFilters, "q") {
		v.Form.Set(name, p.Query(name))
	}
	choices := map[string][]Option{"state": v.States, "kind": v.Kinds, "process": v.Processes}
	v.Chips = p.Chips(func(name, value string) string {
		if name == "old" {
			return p.T("page.search.old")
		}
		i := slices.IndexFunc(choices[name], func(o Option) bool { return o.Value == value })
		if i < 0 {
			return value
		}
		return choices[name][i].Label
	}, searchFilters...)
	v.Active = len(v.Chips)
}
