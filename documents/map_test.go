package documents

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store/storetest"
)

func ptr[T any](v T) *T { return &v }

func TestKinds_BecomeThePlatformsOwnOnTheFirstEdit(t *testing.T) {
	each(t, func(r room) {
		before, err := r.Kinds(reader, mic)
		r.must(err)
		if len(before) != len(DefaultKinds()) || before[0].Code != "MQ" || before[0].Revision != 0 {
			t.Errorf("before: %+v", before)
		}
		months := qms.Months(12)
		k, err := r.ReviseKind(lead, ReviseKind{Platform: mic, Code: "pr", French: ptr("procédure générale"), ReviewMonths: &months, Reason: "our word"})
		r.must(err)
		if k.French != "procédure générale" || k.English != "procedure" || k.Revision != 2 {
			t.Errorf("revised %+v", k)
		}
		added, err := r.AddKind(lead, mic, Kind{Code: "gu", French: "guide", English: "guide", Level: LevelInstruction, ReviewMonths: 36}, "")
		r.must(err)
		after, err := r.Kinds(reader, mic)
		r.must(err)
		if len(after) != len(before)+1 || added.Code != "GU" {
			t.Errorf("after: %+v", after)
		}
		d, _, err := r.Create(writer, Create{Platform: mic, Kind: "GU", Process: "ACH", Title: "Guide des achats"})
		r.must(err)
		if d.Code != "GU-ACH-001" || d.ReviewMonths != 36 {
			t.Errorf("created %+v", d)
		}
		if d, _ = r.create("PR", "ACH", "Achats", "text"); d.ReviewMonths != 12 {
			t.Errorf("reviewed every %d months", d.ReviewMonths)
		}
		other, err := r.Kinds(storetest.As(qms.Manager, cyt), cyt)
		r.must(err)
		if len(other) != len(before) || other[0].Revision != 0 {
			t.Errorf("the other platform: %+v", other)
		}
	})
}

func TestKinds_ANewOneMakesCodesInTextsLinks(t *testing.T) {
	each(t, func(r room) {
		a, _ := r.create("PR", "ACH", "Achats", "voir GU-ACH-001")
		r.expect("before", r.sheet(writer, a.Code).Refers)
		_, err := r.AddKind(lead, mic, Kind{Code: "GU", French: "guide"}, "")
		r.must(err)
		r.expect("after", r.sheet(writer, a.Code).Refers, "GU-ACH-001 code unknown")
	})
}

func TestKinds_ARetiredOneStaysAndGetsNoNewDocument(t *testing.T) {
	each(t, func(r room) {
		a, v := r.create("IN", "ACH", "Instruction d’achat", "text")
		yes, no := true, false
		_, err := r.ReviseKind(lead, ReviseKind{Platform: mic, Code: "IN", Retired: &yes, Reason: "we say MO"})
		r.must(err)
		_, _, err = r.Create(writer, Create{Platform: mic, Kind: "IN", Process: "ACH", Title: "Another"})
		r.refused("a new document", err, qms.CodeInvalid, "kind.retired")
		_, _, err = r.Create(writer, Create{Platform: mic, Code: "IN-ACH-009", Title: "Adopted"})
		r.refused("an adopted code", err, qms.CodeInvalid, "kind.retired")
		_, err = r.NextCode(writer, mic, "IN", "ACH")
		r.refused("the code of a new document", err, qms.CodeInvalid, "kind.retired")
		r.approve(v, 0)
		r.next(a, "a next version is no new document")
		_, _, err = r.take(imported("old/IN-ACH-007.md", "From before", "text"))
		r.must(err)
		_, err = r.ReviseKind(lead, ReviseKind{Platform: mic, Code: "IN", Retired: &no, Reason: "again"})
		r.must(err)
		d, _ := r.create("IN", "ACH", "Another", "text")
		if d.Code != "IN-ACH-008" {
			t.Errorf("the next code is %s", d.Code)
		}
	})
}

func TestKinds_AndProcessesSayWhatIsWrong(t *testing.T) {
	each(t, func(r room) {
		_, err := r.AddKind(lead, mic, Kind{Code: "PR", French: "procédure"}, "")
		r.refused("a code twice", err, qms.CodeInvalid, "kind.taken")
		_, err = r.AddKind(lead, mic, Kind{Code: "P-R", French: "a\x00", Level: "top", ReviewMonths: -1}, "")
		for _, key := range []string{"code.part_malformed", "kind.level", "document.review_months"} {
			r.refused("hostile", err, qms.CodeInvalid, key)
		}
		_, err = r.AddKind(lead, mic, Kind{Code: "XX", French: strings.Repeat("é", 301)}, "")
		r.refused("a long name", err, qms.CodeInvalid, "document.title_long")
		_, err = r.ReviseKind(lead, ReviseKind{Platform: mic, Code: "ZZ"})
		r.refused("an unknown kind", err, qms.CodeNotFound, "kind.not_found")
		_, err = r.AddKind(writer, mic, Kind{Code: "XX", French: "x"}, "")
		r.refused("a member", err, qms.CodeRefused, "right.missing")
		_, err = r.AddKind(stranger, mic, Kind{Code: "XX", French: "x"}, "")
		r.refused("a stranger", err, qms.CodeNotFound, "platform.not_found")
		_, err = r.AddProcess(lead, mic, Process{Code: "ACH", Name: "Achats", Type: "other", Place: -1}, "")
		for _, key := range []string{"process.type", "process.place"} {
			r.refused("hostile", err, qms.CodeInvalid, key)
		}
		_, err = r.AddProcess(lead, mic, Process{Code: "ACH", Name: "Achats", Owner: storetest.AgentID(77)}, "")
		r.refused("an owner from elsewhere", err, qms.CodeInvalid, "person.not_of_platform")
		_, err = r.ReviseProcess(stranger, ReviseProcess{Platform: mic, Code: "ACH"})
		r.refused("a stranger", err, qms.CodeNotFound, "platform.not_found")
		_, err = r.ReviseProcess(lead, ReviseProcess{Platform: mic, Code: "NONE\x00"})
		r.refused("an unknown process", err, qms.CodeNotFound, "process.not_found")
	})
}

func TestProcesses_ARetiredOneStaysAndGetsNoNewDocument(t *testing.T) {
	each(t, func(r room) {
		p, err := r.AddProcess(lead, mic, Process{Code: "ach", Name: "Achats", Type: Support, Owner: storetest.AgentID(2), Purpose: "Acheter juste", Place: 2}, "")
		r.must(err)
		if p.Code != "ACH" || p.Revision != 1 {
			t.Errorf("added %+v", p)
		}
		_, err = r.AddProcess(lead, mic, Process{Code: "ACH", Name: "Twice"}, "")
		r.refused("twice", err, qms.CodeInvalid, "process.taken")
		r.create("PR", "ACH", "Achats", "text")
		yes := true
		_, err = r.ReviseProcess(lead, ReviseProcess{Platform: mic, Code: "ACH", Revision: 7, Retired: &yes})
		r.refused("an old revision", err, qms.CodeConflict, "record.changed")
		p, err = r.ReviseProcess(lead, ReviseProcess{Platform: mic, Code: "ACH", Revision: 1, Retired: &yes, Reason: "merged"})
		r.must(err)
		if p.RetiredOn != r.db.Today() {
			t.Errorf("retired on %s", p.RetiredOn)
		}
		_, _, err = r.Create(writer, Create{Platform: mic, Kind: "PR", Process: "ACH", Title: "Another"})
		r.refused("a new document", err, qms.CodeInvalid, "process.retired")
		r.must(r.NameProcess(lead, mic, "ACH", "Achats et réception"))
		if got := r.sheet(writer, "PR-ACH-001").ProcessOf.Name; got != "Achats et réception" {
			t.Errorf("named %q", got)
		}
	})
}

func TestPattern_ShowsWhatItWouldGiveBeforeItIsSet(t *testing.T) {
	each(t, func(r room) {
		r.create("PR", "ACH", "Achats", "text")
		r.create("PR", "ACH", "Tri", "text")
		_, _, err := r.Create(writer, Create{Platform: mic, Code: "PR-ACH-0007", Title: "Adopted", Kind: "PR", Process: "ACH"})
		r.must(err)
		v, err := r.PreviewPattern(lead, mic, " {platform}-{kind}-{process}-{seq:4} ", "mic")
		r.must(err)
		want := []NextOf{{Kind: "PR", Process: "ACH", Now: "PR-ACH-003", Then: "MIC-PR-ACH-0001"}}
		if diff := cmp.Diff(want, v.Next); diff != "" || !v.Changed || len(v.Fitting) != 0 || len(v.Others) != 3 {
			t.Errorf("%+v\n%s", v, diff)
		}
		v, err = r.PreviewPattern(lead, mic, "{kind}-{process}-{seq:4}", "")
		r.must(err)
		if v.Next[0].Then != "PR-ACH-0008" || !slices.Equal(v.Fitting, []string{"PR-ACH-0007"}) {
			t.Errorf("wider: %+v", v)
		}
		_, err = r.SetPattern(lead, mic, v.Pattern, "", "four digits")
		r.must(err)
		if d, _ := r.create("PR", "ACH", "Suite", "text"); d.Code != "PR-ACH-0008" {
			t.Errorf("shown as PR-ACH-0008, issued as %s", d.Code)
		}
		_, err = r.PreviewPattern(lead, mic, "{kind}{process}-{seq}", "")
		r.refused("adjacent", err, qms.CodeInvalid, "pattern.adjacent")
		_, err = r.PreviewPattern(lead, mic, "{platform}-{seq}", "")
		r.refused("nothing for the platform", err, qms.CodeInvalid, "code.part_malformed")
		_, err = r.PreviewPattern(writer, mic, DefaultPattern, "")
		r.refused("a member", err, qms.CodeRefused, "right.missing")
	})
}

// A platform that had codes before Maillon, and sets its pattern after they were adopted.
func TestCode_GoesOnAfterTheHighestAdoptedBeforeThePatternWasSet(t *testing.T) {
	each(t, func(r room) {
		for _, code := range []string{"Q004", "Q011", "Z-9"} {
			_, _, err := r.Create(writer, Create{Platform: mic, Code: code, Title: code, Kind: "PR"})
			r.must(err)
		}
		_, err := r.SetPattern(lead, mic, "Q{seq:3}", "", "as we always did")
		r.must(err)
		if d, _ := r.create("PR", "", "Next", "text"); d.Code != "Q012" {
			t.Errorf("goes on with %s", d.Code)
		}
	})
}

func TestCodes_HaveNoGapAndNoReuseUnderConcurrency(t *testing.T) {
	each(t, func(r room) {
		const writers, each = 12, 8
		var mu sync.Mutex
		var given []string
		var wait sync.WaitGroup
		for w := range writers {
			wait.Go(func() {
				for n := range each {
					cmd := Create{Platform: mic, Kind: "PR", Process: "ACH", Title: fmt.Sprintf("Document %d %d", w, n)}
					switch (w + n) % 4 {
					case 1: // refused by its rules, after the code was looked up
						cmd.Number = "first"
					case 2: // fails in the middle of its transaction
						if err := failHalfWay(r, cmd); !errors.Is(err, errHalfWay) {
							t.Error(err)
						}
						continue
					}
					d, _, err := r.Create(writer, cmd)
					if refused := (w+n)%4 == 1; refused != (err != nil) {
						t.Errorf("refused %t: %v", refused, err)
					}
					if err == nil {
						mu.Lock()
						given = append(given, d.Code)
						mu.Unlock()
					}
				}
			})
		}
		wait.Wait()
		slices.Sort(given)
		for i, code := range given {
			if want := fmt.Sprintf("PR-ACH-%03d", i+1); code != want {
				t.Fatalf("number %d is %s, want %s, of %d", i+1, code, want, len(given))
			}
		}
		if len(given) != writers*each/2 {
			t.Errorf("%d codes", len(given))
		}
	})
}
