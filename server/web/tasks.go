package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"maillon/qms"
	"maillon/qms/people"
)

// Tasker is what one room says waits for the reader, over several platforms at once. A task follows
// from the state of the room's records and is stored nowhere; a room says nothing of what the reader
// may not see, and asks the database as little for ten platforms as for one.
type Tasker interface {
	Tasks(ctx context.Context, platforms []people.Platform, today qms.Date) ([]Task, error)
}

// Task is one thing that waits for the reader: an item as the home of a platform shows it, and where.
type Task struct {
	BoardItem
	Platform people.Platform
	Kind     string // what is asked for: page.tasks.kind_KIND names it
}

// TasksView is what waits for the reader.
type TasksView struct {
	Groups []TaskGroup
	Total  int
	Chips  []Chip
	Kinds  []Option
	Form   *Form
	Mine   bool           // over all platforms: each task says whose it is
	Told   []ReminderLine // what no mail could tell
}

// TaskGroup is the tasks of one kind, the most urgent first.
type TaskGroup struct {
	Kind  string
	Items []Task
}

func (s *Site) taskPages() {
	s.page("/tasks", qms.SignedIn, s.myTasks)
	s.page("/tasks/count", qms.SignedIn, s.countTasks)
	s.page(Prefix+"/tasks", qms.ReadDocuments, s.myTasks)
}

// tasks asks every room, and orders what they say by urgency.
func (s *Site) tasks(p *Page) ([]Task, error) {
	platforms := p.Platforms
	if p.Platform != nil {
		platforms = []people.Platform{*p.Platform}
	}
	var all []Task
	for _, t := range s.Taskers {
		tasks, err := t.Tasks(p.Context(), platforms, p.Today)
		if err != nil {
			return nil, err
		}
		all = append(all, tasks...)
	}
	slices.SortStableFunc(all, func(a, b Task) int {
		return cmp.Or(rank(a.State)-rank(b.State), int(a.On-b.On))
	})
	return all, nil
}

// myTasks is the page "for me": of one platform, or of all the reader has.
func (s *Site) myTasks(p *Page) error {
	p.Title = p.T("page.tasks.title")
	all, err := s.tasks(p)
	if err != nil {
		return err
	}
	wanted := p.Query("kind")
	data := TasksView{Mine: p.Platform == nil, Form: p.Form().Set("kind", wanted), Kinds: []Option{{"", p.T("page.tasks.any")}}}
	for _, t := range all {
		if !slices.ContainsFunc(data.Kinds, func(o Option) bool { return o.Value == t.Kind }) {
			data.Kinds = append(data.Kinds, Option{t.Kind, p.T("page.tasks.kind_" + t.Kind)})
		}
		if wanted == "" || wanted == t.Kind {
			data.add(t)
		}
	}
	data.Chips = p.Chips(func(_, kind string) string {
		i := slices.IndexFunc(data.Kinds, func(o Option) bool { return o.Value == kind })
		if i < 0 {
			return kind
		}
		return data.Kinds[i].Label
	}, "kind")
	if data.Told, err = s.unmailed(p); err != nil {
		return err
	}
	return p.Render("tasks", data)
}

func (v *TasksView) add(t Task) {
	v.Total++
	for i := range v.Groups {
		if v.Groups[i].Kind == t.Kind {
			v.Groups[i].Items = append(v.Groups[i].Items, t)
			return
		}
	}
	v.Groups = append(v.Groups, TaskGroup{Kind: t.Kind, Items: []Task{t}})
}

// countTasks is the number beside the link of the top bar. It is a fragment that each page fetches by
// itself, so that no page waits for it; asked for as a page it leads to the list.
func (s *Site) countTasks(p *Page) error {
	if !p.IsFragment() {
		return p.Redirect("/tasks")
	}
	all, err := s.tasks(p)
	if err != nil {
		return err
	}
	told, err := s.unmailed(p)
	if err != nil {
		return err
	}
	n := len(all) + len(told)
	if n == 0 {
		return p.Fragment("tasks", "task-count", "")
	}
	return p.Fragment("tasks", "task-count", strconv.Itoa(n))
}

// Tasked reports whether there is a page of what waits for the reader.
func (p *Page) Tasked() bool { return p.Actor.ID != "" && p.site.known["GET /tasks"] }

// TaskHref is the address of what a task is about, on the platform it is of.
func (p *Page) TaskHref(t Task) string {
	return (&Page{Platform: &t.Platform}).ToParts(t.Parts)
}
