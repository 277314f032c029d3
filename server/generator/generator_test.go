package generator_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
	"maillon/server/generator"
)

var plan = generator.Plan{Platforms: 2, Years: 2, Seed: 20260630, End: qms.MustDate("2026-06-30")}

func TestPlan_GivesTheSamePlatformWhicheverIsAskedForFirst(t *testing.T) {
	t.Parallel()
	second := plan.Platform(1)
	if d := cmp.Diff(plan.Platform(1), second); d != "" {
		t.Error(d)
	}
	other := plan
	other.Seed++
	if cmp.Equal(plan.Platform(0).Registers, second.Registers) || cmp.Equal(other.Platform(1).Registers, second.Registers) {
		t.Error("another number or another seed gives the same registers")
	}
}

func TestPlan_HasTheProportionsOfTenYears(t *testing.T) {
	t.Parallel()
	ten := plan
	ten.Years = 10
	p := ten.Platform(0)
	for what, n := range map[string][2]int{
		"services": {len(p.Registers.Requests), 1_000}, "uses": {len(p.Registers.Uses), 20_000}, "trainings": {len(p.Registers.Trainings), 1_000},
		"equipment": {len(p.Registers.Equipment), 30}, "people": {len(p.Members), 251}, "versions": {len(p.Documents), 2_000},
	} {
		if n[0] != n[1] {
			t.Errorf("%d %s, want %d", n[0], what, n[1])
		}
	}
	codes := map[string]bool{}
	for _, d := range p.Documents {
		codes[d.Code] = true
	}
	if len(codes) != 220 {
		t.Errorf("%d documents, want 220", len(codes))
	}
}

// TestPlan_PlantsWhatAFullCheckFinds writes platforms and compares the full check with their keys, in
// which every check has something to find.
func TestPlan_PlantsWhatAFullCheckFinds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		site := generator.Site{DB: db, People: people.New(db, people.Options{}), Trace: trace.New(db, members{}, documents.New(db, nil, nil))}
		for n := range plan.Platforms {
			p := plan.Platform(n)
			id, err := site.Add(storetest.AsSystem(), p)
			if err != nil {
				t.Fatal(err)
			}
			found, err := site.Trace.FullCheck(storetest.AsSystem(), id, plan.End)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(&p.Key, found, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("%s, the key before, found after:\n%s", p.Code, d)
			}
			for _, check := range trace.ServiceChecks() {
				if counter := reflect.ValueOf(p.Key.Defects).FieldByName(string(check)); counter.IsValid() && counter.Int() == 0 && planted[check] {
					t.Errorf("%s: nothing planted for %s", p.Code, check)
				}
			}
			if u := p.Key.Uses; u.U01 == 0 || u.U02 == 0 || u.U03 == 0 || len(p.Key.Dangling) == 0 || len(p.Key.Open) == 0 {
				t.Errorf("%s: not everything is planted: %+v", p.Code, u)
			}
		}
	})
}

var planted = map[trace.Check]bool{trace.S01: true, trace.S02: true, trace.S03: true, trace.S04: true, trace.S05: true, trace.S06: true,
	trace.S08: true, trace.S09: true, trace.S10: true}

// members knows the people of a platform as the site would.
type members struct{}

func (members) PeopleOf(ctx context.Context, r store.Reader, platform qms.ID) ([]trace.Person, error) {
	all, err := people.MembersOf(ctx, r, platform)
	out := make([]trace.Person, 0, len(all))
	for _, m := range all {
		out = append(out, trace.Person{ID: m.Person, Code: m.Code, Name: m.Name, Trainer: m.Trainer})
	}
	return out, err
}
