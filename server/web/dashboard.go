package web

import (
	"cmp"
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/people"
)

// Board is what one room has to say on the home of a platform. A room says nothing of what the reader
// may not see.
type Board interface {
	Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error)
}

// BoardPart is a room's part of the home of a platform.
type BoardPart struct {
	Todo    []BoardItem // late, broken, incomplete, expiring
	Figures []Figure
}

// BoardItem is one thing to do, with where it is done. Words are keys of qms/locale with arguments,
// since the reader's language is the page's business.
type BoardItem struct {
	State string // late, broken, missing, expiring, open, in-review, todo
	Title Words
	Small Words    // whose it is and why; may be empty
	Parts []string // of the address within the platform: documents, ID
	On    qms.Date // when it falls or fell due; none when it does not
}

// Figure is one number of the home of a platform.
type Figure struct {
	Count int
	Of    int // out of how many; 0 for none
	Label Words
	Small Words
	Parts []string // of the address within the platform that lists them; may be empty
}

// Words are a key of qms/locale with arguments.
type Words struct {
	Key  string
	Args []any
}

// Say makes Words.
func Say(key string, args ...any) Words { return Words{key, args} }

// DashboardView is the home of a platform.
type DashboardView struct {
	Todo    []BoardItem
	More    int
	Figures []Figure
}

const todoShown = 12

// urgency orders what is to be done; what is not named comes last.
var urgency = []string{"late", "broken", "missing", "expired", "expiring", "in-review", "open", "todo"}

func (s *Site) dashboard(p *Page) error {
	p.Title = p.T("page.dashboard.title")
	var parts []BoardPart
	for _, b := range s.Boards {
		part, err := b.Board(p.Context(), *p.Platform, p.Today)
		if err != nil {
			return err
		}
		parts = append(parts, part)
	}
	return p.Render("dashboard", arrange(parts))
}

// arrange puts the worst first, then what is nearest, and leaves out what is too much for one look.
func arrange(parts []BoardPart) DashboardView {
	var data DashboardView
	for _, part := range parts {
		data.Todo, data.Figures = append(data.Todo, part.Todo...), append(data.Figures, part.Figures...)
	}
	slices.SortStableFunc(data.Todo, func(a, b BoardItem) int {
		return cmp.Or(rank(a.State)-rank(b.State), int(a.On-b.On))
	})
	data.More = max(0, len(data.Todo)-todoShown)
	data.Todo = data.Todo[:len(data.Todo)-data.More]
	return data
}

func rank(state string) int {
	if i := slices.Index(urgency, state); i >= 0 {
		return i
	}
	return len(urgency)
}

// Say is the sentence of the words in the reader's language.
func (p *Page) Say(w Words) string {
	if w.Key == "" {
		return ""
	}
	return p.T(w.Key, w.Args...)
}

// ToParts is To for parts in a list.
func (p *Page) ToParts(parts []string) string {
	all := make([]any, len(parts))
	for i, part := range parts {
		all[i] = part
	}
	return p.To(all...)
}

// When says how far off a day is, where a list of things to do shows it.
func (p *Page) When(d qms.Date) string {
	switch {
	case d == 0:
		return ""
	case d < p.Today:
		return p.T("page.dashboard.days", d.DaysUntil(p.Today))
	}
	return p.Date(d)
}
