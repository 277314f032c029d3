package web

import (
	"context"

	"maillon/qms"
	"maillon/qms/people"
)

// Finder is what one room finds by a code, a number or a title. A room finds nothing that the reader
// may not see.
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
	Typed string
	Found []Found
}

const maxTyped = 200

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
	data := FoundView{Typed: typed}
	if typed == "" {
		return p.Render("search", data)
	}
	for _, f := range s.Finders {
		found, err := f.Find(p.Context(), *p.Platform, typed)
		if err != nil {
			return err
		}
		data.Found = append(data.Found, found...)
	}
	if len(data.Found) == 1 && people.NormalCode(data.Found[0].Code) == people.NormalCode(typed) {
		return p.Redirect(p.ToParts(data.Found[0].Parts))
	}
	return p.Render("search", data)
}
