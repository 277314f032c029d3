package scheduler

import (
	"cmp"
	"slices"
	"strings"

	"maillon/qms"
)

// Order is how a list of what falls due is ordered, in a reader's words. The zero Order is by day, what is
// late first.
type Order struct {
	By   func(DueItem) string // folded by who asks, so that letters with and without accents stand together
	Down bool
}

// placed is an item with what its place in an order depends on.
type placed struct {
	DueItem
	by string
}

func (o Order) place(i DueItem) placed {
	if o.By == nil {
		return placed{i, ""}
	}
	return placed{i, o.By(i)}
}

func (o Order) compare(a, b placed) int {
	c := cmp.Or(strings.Compare(a.by, b.by), compareDue(a.Due, b.Due))
	if o.Down {
		return -c
	}
	return c
}

// sort puts the items into the order and leaves out those up to the place, when there is one.
func (o Order) sort(items []DueItem, after *placed) []placed {
	all := make([]placed, 0, len(items))
	for _, i := range items {
		if p := o.place(i); after == nil || o.compare(p, *after) > 0 {
			all = append(all, p)
		}
	}
	if o.By != nil || o.Down { // else it is the order in which they come
		slices.SortFunc(all, o.compare)
	}
	return all
}

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

// cursor is where a page goes on after the item.
func (p placed) cursor() string {
	return qms.EncodeAfter(p.by, p.On.String(), string(p.Platform), p.Kind, p.Title, p.Key)
}

func parsePlaced(after string) (*placed, error) {
	parts, err := qms.DecodeAfter(after, 6)
	if err != nil || parts == nil {
		return nil, err
	}
	on, err := qms.ParseDate(parts[1])
	if err != nil {
		return nil, qms.Invalid("cursor.malformed")
	}
	return &placed{DueItem{Due: qms.Due{On: on, Platform: qms.ID(parts[2]), Kind: parts[3], Title: parts[4], Key: parts[5]}}, parts[0]}, nil
}
