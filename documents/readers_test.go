package documents

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"maillon/qms"
)

func anyPeriod(t *rapid.T, name string) qms.Period {
	from := qms.Date(rapid.IntRange(100, 130).Draw(t, name+" from"))
	until := qms.Date(rapid.IntRange(0, 25).Draw(t, name+" days"))
	if until > 0 {
		until += from - 1 // now and then a period without any day
	}
	return qms.Period{From: from, Until: until}
}

// TestReaders_AreWhoeverIsNamedOrHoldsTheRoleOnTheDay holds the pure function to its definition, day by
// day and person by person.
func TestReaders_AreWhoeverIsNamedOrHoldsTheRoleOnTheDay(t *testing.T) {
	t.Parallel()
	people, roles := []qms.ID{"a", "b", "c"}, []qms.Role{qms.Member, qms.User}
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Addressee {
			p := anyPeriod(t, "entry")
			a := Addressee{FromDate: p.From, UntilDate: p.Until}
			if rapid.Bool().Draw(t, "named") {
				a.Person = rapid.SampledFrom(people).Draw(t, "person")
			} else {
				a.Role = rapid.SampledFrom(roles).Draw(t, "role")
			}
			return a
		}), 0, 5).Draw(t, "entries")
		holdings := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Holding {
			return Holding{Person: rapid.SampledFrom(people).Draw(t, "who"), Role: rapid.SampledFrom(roles).Draw(t, "as"), Period: anyPeriod(t, "holding")}
		}), 0, 6).Draw(t, "holdings")
		addressed := func(person qms.ID, day qms.Date) bool {
			return slices.ContainsFunc(entries, func(e Addressee) bool {
				return e.Period().Contains(day) && slices.ContainsFunc(holdings, func(h Holding) bool {
					return h.Person == person && h.Contains(day) && (e.Person == person || e.Person == "" && e.Role == h.Role)
				})
			})
		}
		day := qms.Date(rapid.IntRange(95, 160).Draw(t, "day"))
		readers := Readers(entries, holdings, day)
		if !slices.IsSortedFunc(readers, func(a, b Reader) int { return byName(Person{a.Person, a.Name}, Person{b.Person, b.Name}) }) {
			t.Error("not by name")
		}
		for _, person := range people {
			i := slices.IndexFunc(readers, func(r Reader) bool { return r.Person == person })
			if (i >= 0) != addressed(person, day) {
				t.Fatalf("%s on %d: found %t", person, day, i >= 0)
			}
			if i < 0 {
				continue
			}
			since := readers[i].Since
			for d := since; d <= day; d++ {
				if !addressed(person, d) {
					t.Fatalf("%s: since %d, but not on %d", person, since, d)
				}
			}
			if addressed(person, since-1) {
				t.Fatalf("%s: since %d, but the day before too", person, since)
			}
		}
	})
}

func TestReaders_AskWhoJoinsFromThenOn(t *testing.T) {
	t.Parallel()
	d := qms.MustDate
	entries := []Addressee{{Role: qms.Member, FromDate: d("2026-01-01")}}
	holdings := []Holding{
		{Person: "a", Name: "Agent 01", Role: qms.Member, Period: qms.Period{From: d("2020-01-01")}},
		{Person: "b", Name: "Agent 02", Role: qms.Member, Period: qms.Period{From: d("2026-03-01")}},
		{Person: "c", Name: "Agent 03", Role: qms.Member, Period: qms.Period{From: d("2020-01-01"), Until: d("2026-03-01")}},
	}
	for day, want := range map[string][]qms.ID{"2025-12-31": {}, "2026-01-01": {"a", "c"}, "2026-02-28": {"a", "c"}, "2026-03-01": {"a", "b"}} {
		got := []qms.ID{}
		for _, r := range Readers(entries, holdings, d(day)) {
			got = append(got, r.Person)
		}
		if !slices.Equal(got, want) {
			t.Errorf("on %s: %v, want %v", day, got, want)
		}
	}
	if got := Readers(entries, holdings, d("2026-06-01"))[1].Since; got != d("2026-03-01") {
		t.Errorf("asked since %s", got)
	}
}

func TestReaders_ChangingRolesDoesNotBeginAnew(t *testing.T) {
	t.Parallel()
	d := qms.MustDate
	entries := []Addressee{{Role: qms.Member, FromDate: d("2026-01-01")}, {Role: qms.Manager, FromDate: d("2026-01-01")}}
	holdings := []Holding{
		{Person: "a", Name: "Agent 01", Role: qms.Member, Period: qms.Period{From: d("2020-01-01"), Until: d("2026-03-01")}},
		{Person: "a", Name: "Agent 01", Role: qms.Manager, Period: qms.Period{From: d("2026-03-01")}},
	}
	got := Readers(entries, holdings, d("2026-04-01"))
	if len(got) != 1 || got[0].Since != d("2026-01-01") || !slices.Equal(got[0].Roles, []qms.Role{qms.Manager}) {
		t.Errorf("%+v", got)
	}
}
