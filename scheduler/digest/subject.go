package digest

import (
	"maillon/qms"
	"maillon/qms/locale"
)

// count is how many items each group has, in the order of states.
type count [5]int

func countOf(items []Item, day qms.Date) (c count) {
	for _, i := range items {
		c[rank(i, day)]++
	}
	return c
}

// own is how many are the reader's, late how many of these are late, others how many are told because they
// stay late elsewhere.
func (c count) own() int    { return c[0] + c[1] + c[2] + c[3] }
func (c count) late() int   { return c[0] }
func (c count) others() int { return c[4] }

// subject says the essential: the one thing when there is one, else how many, and how bad it is.
func (c count) subject(p *locale.Printer, items []Item, day qms.Date) string {
	if len(items) == 1 {
		key := "digest.line"
		if c.others() > 0 {
			key = "digest.subject_one_other"
		}
		i := items[0]
		return p.T(key, kind(i, p), title(i, p), seen(i.On, day, p))
	}
	if c.own() > 0 && c.late() == 0 && c.others() == 0 {
		return p.T("digest.subject_next", c.own(), seen(items[0].On, day, p))
	}
	return c.heading(p)
}

// heading is how many there are.
func (c count) heading(p *locale.Printer) string {
	var own string
	switch {
	case c.own() == 0:
		return p.T("digest.heading_others", c.others())
	case c.late() == 0:
		own = p.T("digest.heading", c.own())
	case c.late() == c.own():
		own = p.T("digest.heading_late", c.own())
	default:
		own = p.T("digest.heading_some_late", c.own(), c.late())
	}
	if c.others() == 0 {
		return own
	}
	return p.T("digest.heading_both", own, c.others())
}
