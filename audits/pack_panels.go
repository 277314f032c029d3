package audits

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"maillon/audits/pack"
	"maillon/qms"
)

// tell adds panels to a section.
func (g *gathering) tell(section string, panels ...pack.Panel) {
	if g.c.Panels == nil {
		g.c.Panels = map[string][]pack.Panel{}
	}
	g.c.Panels[section] = append(g.c.Panels[section], panels...)
}

// head is the head of a column: the key of its word, and its share of the width.
type head struct {
	key   string
	width float64
}

// columns are the columns of a table in words.
func (g *gathering) columns(heads ...head) []pack.ListColumn {
	all := make([]pack.ListColumn, len(heads))
	for i, h := range heads {
		all[i] = pack.ListColumn{Title: g.say.T(h.key), Width: h.width}
	}
	return all
}

func plain(text string) pack.Told { return pack.Told{Text: text} }

func strong(text string) pack.Told { return pack.Told{Text: text, Strong: true} }

func (g *gathering) date(d qms.Date) pack.Told { return pack.Told{Text: g.say.Date(d)} }

// state is a cell with the shape of a state before words that may differ from the state's own.
func (g *gathering) state(state, words string) pack.Told {
	if words == "" {
		words = g.say.T("state." + state)
	}
	return pack.Told{Text: words, State: state}
}

// known leaves out the facts that nobody stated.
func known(facts ...[2]string) (kept [][2]string) {
	for _, f := range facts {
		if strings.TrimSpace(f[1]) != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

// and joins what was stated.
func and(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// lastDay is the last day of something that ends before the day until.
func (g *gathering) lastDay(until qms.Date) string { return g.say.Date(until.AddDays(-1)) }

// within reports whether the day lies in the period that the pack tells of.
func (g *gathering) within(day qms.Date) bool { return day != 0 && day >= g.from && day <= g.asOf }

// begins and ends are the instants between which the acts of the period lie, where the site is.
func (g *gathering) begins() time.Time {
	if g.from == 0 {
		return time.Time{}
	}
	return midnight(g.r.DayOf, g.from)
}

func (g *gathering) ends() time.Time { return midnight(g.r.DayOf, g.asOf.AddDays(1)) }

// midnight is the first instant of a civil day where the site is, to a quarter of an hour: no zone is
// finer. dayOf tells the civil day of an instant.
func midnight(dayOf func(time.Time) qms.Date, day qms.Date) time.Time {
	at := day.Time().Add(-15 * time.Hour)
	for dayOf(at) < day {
		at = at.Add(15 * time.Minute)
	}
	return at
}

// byDay sorts by the day, then by the words.
func byDay[T any](all []T, day func(T) qms.Date, words func(T) string) {
	slices.SortStableFunc(all, func(a, b T) int { return cmp.Or(cmp.Compare(day(a), day(b)), cmp.Compare(words(a), words(b))) })
}
