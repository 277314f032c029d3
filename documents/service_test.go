package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestCreate_GivesOutCodesWithoutGaps(t *testing.T) {
	each(t, func(r room) {
		shown, err := r.NextCode(writer, mic, "pr", "ach")
		r.must(err)
		for i, want := range []string{"PR-ACH-001", "PR-ACH-002", "PR-ACH-003"} {
			_, _, err := r.Create(writer, Create{Platform: mic, Kind: "PR", Process: "ACH", Title: ""})
			r.refused("a document without a title", err, qms.CodeInvalid, "document.title_missing")
			d, _ := r.create("PR", "ACH", fmt.Sprint("Title ", i), "text")
			if d.Code != want || i == 0 && shown != want {
				t.Errorf("shown %s, given %s, want %s", shown, d.Code, want)
			}
		}
		if d, _ := r.create("MO", "ACH", "Other", "text"); d.Code != "MO-ACH-001" {
			t.Errorf("another kind counts for itself: %s", d.Code)
		}
		_, _, err = r.Create(writer, Create{Platform: mic, Kind: "ZZ", Process: "ACH", Title: "x"})
		r.refused("an unknown kind", err, qms.CodeInvalid, "kind.unknown")
		_, _, err = r.Create(writer, Create{Platform: mic, Kind: "PR", Title: "x"})
		r.refused("no process", err, qms.CodeInvalid, "code.part_missing")
	})
}

func TestCreate_AdoptsACodeAndCountsOnAfterIt(t *testing.T) {
	each(t, func(r room) {
		adopt := func(code string) (*Document, error) {
			d, _, err := r.Create(writer, Create{Platform: mic, Code: code, Title: "Taken along"})
			return d, err
		}
		d, err := adopt(" pr‑ach‑041 ")
		r.must(err)
		if d.Code != "PR-ACH-041" || d.Kind != "PR" || d.Process != "ACH" {
			t.Errorf("adopted as %+v", d)
		}
		if next, _ := r.create("PR", "ACH", "The next", "text"); next.Code != "PR-ACH-042" {
			t.Errorf("the next is %s", next.Code)
		}
		_, err = adopt("PR-ACH-041")
		r.refused("the same code twice", err, qms.CodeInvalid, "code.taken")
		_, err = adopt("PR/ACH/7")
		r.refused("a code with slashes", err, qms.CodeInvalid, "code.malformed")
		if d, err := adopt("PROC 12"); err != nil || d.Series != "" {
			t.Errorf("a code of another form: %+v, %v", d, err)
		}
	})
}

func TestCreate_NeverGivesACodeTwiceUnderConcurrency(t *testing.T) {
	each(t, func(r room) {
		const people = 8
		codes := make([]string, people)
		var all sync.WaitGroup
		for i := range people {
			all.Go(func() {
				d, _, err := r.Create(writer, Create{Platform: mic, Kind: "FO", Process: "PRE", Title: fmt.Sprint("Form ", i)})
				if err == nil {
					codes[i] = d.Code
				}
			})
		}
		all.Wait()
		seen := map[string]bool{}
		for _, code := range codes {
			seen[code] = true
		}
		for i := 1; i <= people; i++ {
			if !seen[fmt.Sprintf("FO-PRE-%03d", i)] {
				t.Fatalf("codes %v are not 1 to %d", codes, people)
			}
		}
	})
}

func TestSetPattern_ChangesTheCodesToCome(t *testing.T) {
	each(t, func(r room) {
		r.create("PR", "ACH", "Before", "text")
		_, err := r.SetPattern(lead, mic, "{platform}.{kind}{seq:2}", "", "new house rules")
		r.refused("two tokens together", err, qms.CodeInvalid, "pattern.adjacent")
		_, err = r.SetPattern(lead, mic, "{platform}.{kind}.{seq:2}", "", "new house rules")
		r.refused("no prefix", err, qms.CodeInvalid, "code.part_malformed")
		_, err = r.SetPattern(writer, mic, "{platform}.{kind}.{seq:2}", "mic", "new house rules")
		r.refused("by a member", err, qms.CodeRefused, "right.missing")
		_, err = r.SetPattern(lead, mic, "{platform}.{kind}.{seq:2}", "mic", "new house rules")
		r.must(err)
		if d, _ := r.create("PR", "", "After", "text"); d.Code != "MIC.PR.01" {
			t.Errorf("the code is %s", d.Code)
		}
	})
}

func TestRound_TakesAVersionIntoEffectByItself(t *testing.T) {
	each(t, func(r room) {
		d, one := r.create("PR", "ACH", "Achats", "first text")
		today := r.db.Today()
		r.approve(one, today)
		if s := r.sheet(reader, d.Code); s.InForce == nil || s.InForce.Number().String() != "1.0" {
			t.Fatalf("in force: %+v", s.InForce)
		}
		two := r.next(d, "second text")
		if s := r.sheet(reader, d.Code); len(s.Versions) != 1 {
			t.Errorf("a reader sees the draft: %+v", s.Versions)
		}
		r.approve(two, today.AddDays(10))
		if s := r.sheet(reader, d.Code); s.InForce.Number().String() != "1.0" {
			t.Errorf("before its day, %s is in force", s.InForce.Number())
		}
		r.days(10)
		s := r.sheet(reader, d.Code)
		if s.InForce.Number().String() != "2.0" || s.Versions[1].StateThen != Superseded {
			t.Errorf("on its day: %s in force, 1.0 is %s", s.InForce.Number(), s.Versions[1].StateThen)
		}
		past, err := r.SheetByCode(reader, mic, d.Code, today)
		r.must(err)
		if past.InForce == nil || past.InForce.Number().String() != "1.0" {
			t.Errorf("as of the first day: %+v", past.InForce)
		}
		for i, want := range []Meaning{Authored, Verified, ApprovedBy} {
			if sig := s.Versions[0].Signatures[i]; sig.Meaning != want || sig.Content != s.Versions[0].Content {
				t.Errorf("signature %d: %+v", i, sig)
			}
		}
		periods := map[string]map[string]qms.Period{}
		r.must(r.db.View(reader, qms.ReadDocuments.On(mic), func(rd store.Reader) (err error) {
			periods, err = Periods(context.Background(), rd, mic)
			return err
		}))
		if p := periods[d.Code]; p["1.0"] != (qms.Period{From: today, Until: today.AddDays(10)}) || p["2.0"] != (qms.Period{From: today.AddDays(10)}) {
			t.Errorf("periods %v", p)
		}
	})
}

func TestRound_RejectRecallAndWithdrawKeepWhatWasSigned(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "text")
		r.submit(v)
		_, err := r.Attach(writer, Attach{Platform: mic, Version: v.ID, File: *r.file("b.md", "other text")})
		r.refused("another content in review", err, qms.CodeConflict, "version.content_fixed")
		_, err = r.Verify(checker, Verify{Platform: mic, Version: v.ID})
		r.must(err)
		_, err = r.Reject(chief, Reject{Platform: mic, Version: v.ID, Reason: "figure 2 is missing"})
		r.must(err)
		_, err = r.Attach(writer, Attach{Platform: mic, Version: v.ID, File: *r.file("b.md", "other text")})
		r.must(err)
		r.submit(v)
		_, err = r.Recall(checker, Recall{Platform: mic, Version: v.ID, Reason: "x"})
		r.refused("recall by another member", err, qms.CodeRefused, "version.not_author")
		_, err = r.Recall(lead, Recall{Platform: mic, Version: v.ID, Reason: "Agent 03 is on leave"})
		r.must(err)
		r.approve(v, 0)
		_, err = r.Withdraw(writer, Withdraw{Platform: mic, Version: v.ID, Reason: "x"})
		r.refused("withdraw by a member", err, qms.CodeRefused, "right.missing")
		_, err = r.Withdraw(lead, Withdraw{Platform: mic, Version: v.ID, Reason: "the equipment is gone"})
		r.must(err)
		s := r.sheet(writer, d.Code)
		if s.InForce != nil || s.Current.StateThen != Withdrawn || s.Current.Remark != "the equipment is gone" {
			t.Errorf("after withdrawal: %+v", s.Current)
		}
		if n := len(s.Current.Signatures); n != 7 {
			t.Errorf("%d signatures on record, want author, verifier, rejection, author, author, verifier, approver", n)
		}
	})
}

func TestApprove_OneOfTwoWinsTheOtherIsToldOfTheConflict(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "text")
		r.submit(v)
		_, err := r.Verify(checker, Verify{Platform: mic, Version: v.ID})
		r.must(err)
		seen := r.sheet(chief, "PR-ACH-001").Current.Revision
		results := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := r.Approve(chief, Approve{Platform: mic, Version: v.ID, Revision: seen})
				results <- err
			}()
		}
		first, second := <-results, <-results
		if first != nil {
			first, second = second, first
		}
		if first != nil || qms.CodeOf(second) != qms.CodeConflict {
			t.Errorf("got %v and %v", first, second)
		}
	})
}

func TestActs_AreRefusedToWhoMayNot(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "text")
		_, _, err := r.Create(reader, Create{Platform: mic, Kind: "PR", Process: "ACH", Title: "x"})
		r.refused("create by a user of equipment", err, qms.CodeRefused, "right.missing")
		_, err = r.SheetByCode(reader, mic, d.Code, 0)
		r.refused("a draft shown to a reader", err, qms.CodeNotFound, "document.not_found")
		_, err = r.Open(reader, mic, v.ID)
		r.refused("a draft's content handed to a reader", err, qms.CodeNotFound, "version.not_found")
		_, err = r.SheetByCode(stranger, mic, d.Code, 0)
		r.refused("a document of another platform", err, qms.CodeNotFound, "platform.not_found")
		_, err = r.SheetOf(stranger, cyt, d.ID, 0)
		r.refused("an id of another platform", err, qms.CodeNotFound, "document.not_found")
		_, err = r.Withdraw(stranger, Withdraw{Platform: cyt, Version: v.ID, Reason: "x"})
		r.refused("a version of another platform", err, qms.CodeNotFound, "version.not_found")
		_, err = r.Receive(reader, mic, "a.md", strings.NewReader("text"))
		r.refused("a file from a reader", err, qms.CodeRefused, "right.missing")
		_, err = r.Submit(writer, Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(77), Approver: storetest.AgentID(4)})
		r.refused("a verifier from elsewhere", err, qms.CodeInvalid, "person.not_of_platform")
		_, err = r.Revise(writer, Revise{Platform: mic, Document: d.ID})
		r.refused("revise by a member", err, qms.CodeRefused, "right.missing")
		title := "Achats et réception"
		_, err = r.Revise(lead, Revise{Platform: mic, Document: d.ID, Revision: 9, Title: &title})
		r.refused("revise what changed meanwhile", err, qms.CodeConflict, "record.changed")
	})
}

func TestWithdraw_FromReviewHidesWhatWasNeverApproved(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "never approved")
		r.submit(v)
		_, err := r.Withdraw(lead, Withdraw{Platform: mic, Version: v.ID, Reason: "not needed"})
		r.must(err)
		_, err = r.Open(reader, mic, v.ID)
		r.refused("its content for a reader", err, qms.CodeNotFound, "version.not_found")
		_, err = r.SheetByCode(reader, mic, d.Code, 0)
		r.refused("the document for a reader", err, qms.CodeNotFound, "document.not_found")
		list, err := r.MasterList(reader, mic, Filter{}, qms.Cursor{})
		r.must(err)
		if len(list.Items) != 0 || list.Counts.Documents != 0 {
			t.Errorf("listed for a reader: %+v", list)
		}
		if s := r.sheet(writer, d.Code); s.Current.StateThen != Withdrawn {
			t.Errorf("the team sees %+v", s.Current)
		}
	})
}

func TestOpen_HandsOutWhatWasPut(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "the very text")
		r.approve(v, 0)
		o, err := r.Open(reader, mic, v.ID)
		r.must(err)
		defer o.Close()
		got, err := io.ReadAll(o)
		r.must(err)
		if string(got) != "the very text" || o.State != Effective || o.Version.FileName != "Achats.md" {
			t.Errorf("got %q, %s, %q", got, o.State, o.Version.FileName)
		}
	})
}

func TestReceive_RefusesBadFilesAndKeepsNothing(t *testing.T) {
	each(t, func(r room) {
		_, err := r.Receive(writer, mic, "empty.docx", strings.NewReader(""))
		r.refused("an empty file", err, qms.CodeInvalid, "file.empty")
		_, err = r.Receive(writer, mic, "broken.docx", strings.NewReader("PK\x03\x04 broken"))
		if qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("a damaged file: %v", err)
		}
		_, err = r.Receive(writer, mic, "cut.md", io.MultiReader(strings.NewReader("half"), failing{}))
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a cut upload: %v", err)
		}
		for info := range r.dir.List(context.Background()) {
			t.Errorf("kept %s", info.Digest)
		}
		f, err := r.Receive(writer, mic, `C:\plans\..\"a"`+"\x00\n.step", strings.NewReader("ISO-10303-21;"))
		r.must(err)
		if f.Name != `"a".step` {
			t.Errorf("the name is %q", f.Name)
		}
	})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestNewVersion_IsOneAtATimeAndGoesOn(t *testing.T) {
	each(t, func(r room) {
		d, one := r.create("PR", "ACH", "Achats", "text")
		_, err := r.NewVersion(writer, NewVersion{Platform: mic, Document: d.ID, Reason: "x"})
		r.refused("a second draft", err, qms.CodeConflict, "version.open_exists")
		r.approve(one, 0)
		_, err = r.NewVersion(writer, NewVersion{Platform: mic, Document: d.ID})
		r.refused("no reason", err, qms.CodeInvalid, "version.reason_missing")
		_, err = r.NewVersion(writer, NewVersion{Platform: mic, Document: d.ID, Reason: "x", Number: "1.0"})
		r.refused("a number that is not newer", err, qms.CodeInvalid, "version.number_before")
		two, err := r.NewVersion(writer, NewVersion{Platform: mic, Document: d.ID, Reason: "x", Minor: true})
		r.must(err)
		if two.Number().String() != "1.1" {
			t.Errorf("the next is %s", two.Number())
		}
		_, err = r.Submit(writer, Submit{Platform: mic, Version: two.ID, Verifier: storetest.AgentID(3), Approver: storetest.AgentID(4)})
		r.refused("submit without a content", err, qms.CodeInvalid, "version.content_missing")
	})
}
