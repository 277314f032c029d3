package trace

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store/storetest"
)

// manyChains is how many chains of one platform the full check is compared on.
const manyChains = 10_000

// TestFullCheck_OfTenThousandChainsIsTheReferences puts many histories onto one platform, each with
// numbers, people and equipment of its own, and wants the answers that the slow reference gives for each.
func TestFullCheck_OfTenThousandChainsIsTheReferences(t *testing.T) {
	t.Parallel()
	x := qms.MustDate("2026-03-01")
	all, right := merged(x)
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			db := storetest.Open(t, engine)
			if err := all.insert(db, platform); err != nil {
				t.Fatal(err)
			}
			found, err := New(db, members{}, members{instructions: all.Instructions}).FullCheck(storetest.AsSystem(), platform, x)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(right, found); diff != "" {
				t.Errorf("the full check differs (-reference +found):\n%.2000s", diff)
			}
		})
	}
}

// merged is histories beside each other until there are enough chains, and what the reference finds in
// each of them.
func merged(x qms.Date) (all history, right *Findings) {
	all = history{Instructions: map[string]map[string]qms.Period{}, Settings: DefaultSettings()}
	all.Settings.Evidence, all.Settings.Trainers = true, true
	right = reference(all, x)
	for seed := 0; len(all.Requests) < manyChains; seed++ {
		h := rapid.Custom(drawHistory).Example(seed)
		if len(h.Requests) < 5 {
			continue // the dense ones alone, so that rows stay few
		}
		h.Settings = all.Settings
		h.apart(fmt.Sprintf("%05d.", seed))
		add(right, reference(h, x))
		all.Requests, all.Quotes = append(all.Requests, h.Requests...), append(all.Quotes, h.Quotes...)
		all.Reports, all.Invoices = append(all.Reports, h.Reports...), append(all.Invoices, h.Invoices...)
		all.Trainings, all.Calibrations = append(all.Trainings, h.Trainings...), append(all.Calibrations, h.Calibrations...)
		all.Uses, all.Trainers, all.Files = append(all.Uses, h.Uses...), append(all.Trainers, h.Trainers...), append(all.Files, h.Files...)
		for code, versions := range h.Instructions {
			all.Instructions[code] = versions
		}
	}
	right.sort()
	return all, right
}

// apart puts the prefix before every name that records of one history know each other by.
func (h *history) apart(prefix string) {
	ids := func(all ...*qms.ID) {
		for _, id := range all {
			if *id != "" {
				*id = qms.ID(prefix) + *id
			}
		}
	}
	name := func(all ...*string) {
		for _, s := range all {
			if *s != "" {
				*s = prefix + *s
			}
		}
	}
	for i := range h.Requests {
		name(&h.Requests[i].Number)
	}
	for i := range h.Quotes {
		name(&h.Quotes[i].Number, &h.Quotes[i].Request)
	}
	for i := range h.Reports {
		r := &h.Reports[i]
		name(&r.Number, &r.Request, &r.Instruction)
		ids(&r.Operator, &r.Equipment)
	}
	for i := range h.Invoices {
		name(&h.Invoices[i].Number, &h.Invoices[i].Request, &h.Invoices[i].Quote)
	}
	for i := range h.Trainings {
		ids(&h.Trainings[i].Person, &h.Trainings[i].Equipment, &h.Trainings[i].Trainer)
	}
	for i := range h.Calibrations {
		ids(&h.Calibrations[i].Equipment)
	}
	for i := range h.Uses {
		name(&h.Uses[i].Number)
		ids(&h.Uses[i].Person, &h.Uses[i].Equipment)
	}
	for i := range h.Trainers {
		ids(&h.Trainers[i].Person, &h.Trainers[i].Equipment)
	}
	codes := map[string]map[string]qms.Period{}
	for code, versions := range h.Instructions {
		codes[prefix+code] = versions
	}
	h.Instructions = codes
}

// add sums findings of records that have nothing to do with each other.
func add(to, more *Findings) {
	to.Chains.Total += more.Chains.Total
	to.Chains.Complete += more.Chains.Complete
	to.Chains.Open += more.Chains.Open
	to.Chains.Broken += more.Chains.Broken
	for _, check := range ServiceChecks() {
		*to.Defects.of(check) += *more.Defects.of(check)
	}
	to.Uses.Total += more.Uses.Total
	to.Uses.U01 += more.Uses.U01
	to.Uses.U02 += more.Uses.U02
	to.Uses.U03 += more.Uses.U03
	to.Uses.U04 += more.Uses.U04
	to.Dangling, to.Broken = append(to.Dangling, more.Dangling...), append(to.Broken, more.Broken...)
	to.Open, to.Uncovered = append(to.Open, more.Open...), append(to.Uncovered, more.Uncovered...)
}
