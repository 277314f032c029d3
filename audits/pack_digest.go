package audits

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"maillon/audits/pack"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// amended are the verbs of acts that put right what was stated, or declare it a mistake.
var amended = []string{"correct", "revise", "void", "withdraw", "retract"}

// amendedShown bounds the list of corrections; how many more there are is said.
const amendedShown = 300

// digest tells of the trail of the period: acts by month, by kind and by person, and every correction and
// every record that was declared a mistake, with its reason.
func (g *gathering) digest(ctx context.Context) error {
	log := trail.LogOf(g.platform)
	counts, err := g.actCounts(ctx, g.begins())
	if err != nil {
		return err
	}
	changed, err := store.Acted(ctx, g.r, log, amended, g.begins(), g.ends(), amendedShown+1)
	if err != nil {
		return err
	}
	g.tell("journal", g.actsByMonth(counts), g.actsByKind(counts), g.actsByPerson(counts), g.amendments(changed))
	return nil
}

// actCounts counts the acts since an instant; what Maillon did by itself is named in the language of the
// pack.
func (g *gathering) actCounts(ctx context.Context, from time.Time) ([]store.ActCount, error) {
	counts, err := store.ActCounts(ctx, g.r, trail.LogOf(g.platform), from, g.ends())
	for i := range counts {
		if counts[i].Actor == "" {
			counts[i].ActorName = g.say.SystemActor(counts[i].ActorName)
		}
	}
	return counts, err
}

// tally adds up counts under a key of the caller's.
type tally struct {
	times   int64
	amended int64
	who     map[string]int64
}

func tallied(counts []store.ActCount, key func(store.ActCount) string) (keys []string, of map[string]*tally) {
	of = map[string]*tally{}
	for _, c := range counts {
		k := key(c)
		if of[k] == nil {
			of[k] = &tally{who: map[string]int64{}}
			keys = append(keys, k)
		}
		of[k].times += c.Times
		of[k].who[c.ActorName] += c.Times
		if isAmended(c.Act) {
			of[k].amended += c.Times
		}
	}
	return keys, of
}

func isAmended(act string) bool {
	_, verb, _ := strings.Cut(act, ".")
	return slices.ContainsFunc(amended, func(a string) bool { return verb == a || strings.HasPrefix(verb, a+"-") })
}

func (g *gathering) actsByMonth(counts []store.ActCount) pack.Panel {
	months, of := tallied(counts, func(c store.ActCount) string { return c.Month })
	panel := pack.Panel{Title: g.say.T("pack.acts_by_month"), Empty: g.say.T("pack.journal_none_period"),
		Columns: g.columns(head{"pack.col.month", 40}, head{"pack.col.acts", 20}, head{"pack.col.amended", 30}, head{"pack.col.persons", 20}, head{"pack.acts_bar", 60})}
	most := int64(1)
	for _, m := range months {
		most = max(most, of[m].times)
	}
	for i := 1; i < 4; i++ {
		panel.Columns[i].Right = true
	}
	total := int64(0)
	for _, m := range months {
		t := of[m]
		total += t.times
		bar := &pack.Strip{Now: -1, Spans: []pack.StripSpan{{State: "other", Wide: float64(t.times) / float64(most)}}}
		panel.Rows = append(panel.Rows, []pack.Told{strong(g.monthName(m)), plain(g.say.Number(t.times)), plain(g.say.Number(t.amended)), plain(g.say.Number(int64(len(t.who)))), {Strip: bar}})
	}
	if total > 0 {
		panel.Text = []string{g.say.T("pack.digest_text", total, g.say.LongDate(g.asOf))}
	}
	return panel
}

// byTimes sorts keys by how often, the most first.
func byTimes(keys []string, of map[string]*tally) {
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(of[b].times, of[a].times), cmp.Compare(a, b)) })
}

func (g *gathering) actsByKind(counts []store.ActCount) pack.Panel {
	kinds, of := tallied(counts, func(c store.ActCount) string { return c.Act })
	byTimes(kinds, of)
	panel := pack.Panel{Title: g.say.T("pack.acts_by_kind"), Empty: g.say.T("pack.journal_none_period"),
		Columns: g.columns(head{"pack.col.act", 70}, head{"pack.col.times", 20}, head{"pack.col.persons_names", 80})}
	panel.Columns[1].Right = true
	for _, k := range kinds {
		panel.Rows = append(panel.Rows, []pack.Told{{Text: g.act(k)}, plain(g.say.Number(of[k].times)), plain(g.whoMost(of[k].who))})
	}
	return panel
}

// act is an act in words.
func (g *gathering) act(name string) string {
	if g.say.Has("act." + name) {
		return g.say.T("act." + name)
	}
	return name
}

// whoNamed bounds the names in one line.
const whoNamed = 5

// whoMost names who did it, who did it most first.
func (g *gathering) whoMost(who map[string]int64) string {
	names := make([]string, 0, len(who))
	for n := range who {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(who[b], who[a]), cmp.Compare(a, b)) })
	said := strings.Join(names[:min(len(names), whoNamed)], ", ")
	if more := len(names) - whoNamed; more > 0 {
		said = g.say.T("pack.and_more", said, more)
	}
	return said
}

func (g *gathering) actsByPerson(counts []store.ActCount) pack.Panel {
	names, of := tallied(counts, func(c store.ActCount) string { return c.ActorName })
	byTimes(names, of)
	panel := pack.Panel{Title: g.say.T("pack.acts_by_person"), Empty: g.say.T("pack.journal_none_period"),
		Columns: g.columns(head{"pack.col.person", 90}, head{"pack.col.acts", 40}, head{"pack.col.amended", 40})}
	panel.Columns[1].Right, panel.Columns[2].Right = true, true
	for _, n := range names {
		panel.Rows = append(panel.Rows, []pack.Told{plain(n), plain(g.say.Number(of[n].times)), plain(g.say.Number(of[n].amended))})
	}
	return panel
}

// amendments lists what was put right and what was declared a mistake.
func (g *gathering) amendments(entries []store.JournalEntry) pack.Panel {
	panel := pack.Panel{Title: g.say.T("pack.amendments"), Empty: g.say.T("pack.amendments_none"),
		Columns: g.columns(head{"pack.col.instant", 28}, head{"pack.col.actor", 34}, head{"pack.col.act", 44}, head{"pack.col.record", 28}, head{"pack.col.reason", 36})}
	if len(entries) > amendedShown {
		entries = entries[:amendedShown]
		panel.Note = g.say.T("pack.amendments_left", amendedShown)
	}
	for i := range entries {
		e := &entries[i]
		panel.Rows = append(panel.Rows, []pack.Told{plain(g.say.Instant(e.At)), plain(g.actor(e)), plain(g.act(e.Act)), plain(recordName(e)), plain(e.Reason)})
	}
	return panel
}

// actor is who acted.
func (g *gathering) actor(e *store.JournalEntry) string {
	if e.Actor == "" {
		return g.say.SystemActor(e.ActorName)
	}
	return e.ActorName
}

// recordName is how people call the record that the act was about: by its number or code, else by its
// title, as it was after the act.
func recordName(e *store.JournalEntry) string {
	for _, c := range e.First {
		if e.Subject != "" && c.Row != e.Subject && len(e.First) > 1 {
			continue
		}
		var named struct{ Number, Code, Title, Name string }
		if json.Unmarshal(c.After, &named) == nil {
			return cmp.Or(named.Number, named.Code, named.Title, named.Name)
		}
	}
	return ""
}
