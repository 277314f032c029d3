package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"maillon/qms"
)

func TestArrange_PutsTheWorstFirst(t *testing.T) {
	t.Parallel()
	item := func(state string, on qms.Date) BoardItem { return BoardItem{State: state, On: on} }
	view := arrange([]BoardPart{
		{Todo: []BoardItem{item("in-review", 0), item("expiring", 30), item("late", 12)}, Figures: []Figure{{Count: 1}}},
		{Todo: []BoardItem{item("broken", 0), item("expiring", 20), item("unheard-of", 1), item("late", 5)}, Figures: []Figure{{Count: 2}}},
	})
	want := []BoardItem{item("late", 5), item("late", 12), item("broken", 0), item("expiring", 20), item("expiring", 30), item("in-review", 0), item("unheard-of", 1)}
	if diff := cmp.Diff(want, view.Todo, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if view.More != 0 || len(view.Figures) != 2 || view.Figures[1].Count != 2 {
		t.Errorf("got %+v", view)
	}
	view = arrange([]BoardPart{{Todo: make([]BoardItem, todoShown+3)}})
	if len(view.Todo) != todoShown || view.More != 3 {
		t.Errorf("shows %d and leaves out %d", len(view.Todo), view.More)
	}
}
