package documents

import (
	"errors"
	"io"
	"strings"
	"testing"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

func TestRendition_IsAskedForInTheActThatApprovesAndMadeAfterwards(t *testing.T) {
	prints(t, func(r room, p *paper) {
		_, v := r.create("PR", "ACH", "Achats", "the text")
		if got := r.rendition(v); got != nil {
			t.Fatalf("a draft has %+v", got)
		}
		_, err := r.OpenRendition(writer, mic, v.ID)
		r.refused("the rendition of a draft", err, qms.CodeNotFound, "print.none")
		r.approve(v, 0)
		asked := r.rendition(v)
		if asked == nil || asked.State != RenditionPending || asked.Mark != "" || asked.Source != vault.DigestOf([]byte("the text")) {
			t.Fatalf("asked for %+v", asked)
		}
		select {
		case <-r.Wanted():
		default:
			t.Error("the worker was not told")
		}
		r.makeAll()
		made := r.rendition(v)
		if made.State != RenditionDone || made.How != Converted || made.Pages != 3 || made.Attempts != 1 || made.MadeAt.IsZero() {
			t.Errorf("made %+v", made)
		}
		text, o := r.pdf(v)
		if text != "stamp|PR-ACH-001 v1.0||converted the text" || o.SaveAs("") != "PR-ACH-001 v1.0.pdf" {
			t.Errorf("handed out %q as %q", text, o.SaveAs(""))
		}
		original, err := r.Open(reader, mic, v.ID)
		r.must(err)
		defer original.Close()
		if got, _ := io.ReadAll(original); string(got) != "the text" {
			t.Errorf("the original is %q", got)
		}
	})
}

func TestRendition_CoverSaysWhoSignedWhatAndWhen(t *testing.T) {
	prints(t, func(r room, p *paper) {
		d, one := r.create("PR", "ACH", "Achats", "first")
		r.submit(one)
		_, err := r.Verify(checker, Verify{Platform: mic, Version: one.ID})
		r.must(err)
		_, err = r.Reject(chief, Reject{Platform: mic, Version: one.ID, Reason: "figure 2 is missing"})
		r.must(err)
		r.days(1)
		approved := r.approve(one, 0)
		two := r.next(d, "second")
		r.days(1)
		r.approve(two, 0)
		r.makeAll()
		c := p.cover()
		if c.Platform != "Plateforme MIC" || c.Language != "fr" || c.Code != "PR-ACH-001" || c.Kind != "procédure" || c.Version != "2.0" || c.ReviewOn == 0 {
			t.Errorf("cover %+v", c)
		}
		if len(c.Revisions) != 2 || c.Revisions[0].Version != "2.0" || c.Revisions[1].EffectiveFrom != approved.EffectiveFrom || c.Revisions[0].Reason != "better" {
			t.Errorf("revisions %+v", c.Revisions)
		}
		var said []string
		for _, part := range p.covers[0].Parts {
			if part.SignedAt.Before(approved.SubmittedAt) {
				t.Errorf("%s signed at %s, in a round that was rejected", part.Part, part.SignedAt)
			}
			said = append(said, part.Part+" "+part.Name)
		}
		if got := strings.Join(said, ", "); got != "Rédacteur Agent 02, Vérificateur Agent 03, Approbateur Agent 04" {
			t.Errorf("signed by %s", got)
		}
		if want := "https://qualite.example/v/" + r.rendition(two).Token; c.Status != want {
			t.Errorf("status at %s, want %s", c.Status, want)
		}
	})
}

func TestRendition_OfWhatIsTakenOverIsMadeWhenFirstAskedFor(t *testing.T) {
	prints(t, func(r room, p *paper) {
		act := qms.Act{Name: "documents.import", Needs: qms.ImportRegisters.On(mic), Platform: mic}
		r.must(r.db.Change(lead, act, func(tx *store.Tx) error {
			_, _, err := TakeFiles(lead, tx, []ImportedFile{{Path: "PR-ACH-007.md", Title: "Achats", File: *r.file("PR-ACH-007.md", "of before")}})
			return err
		}))
		v := &r.sheet(reader, "PR-ACH-007").InForce.Version
		if r.rendition(v) != nil {
			t.Fatal("made before anybody asked")
		}
		if text, _ := r.pdf(v); text != "stamp|PR-ACH-007 v1.0||converted of before" {
			t.Errorf("handed out %q", text)
		}
		for _, part := range p.cover().Parts {
			if part.Meaning != "Repris d’avant Maillon" || !part.SignedAt.IsZero() {
				t.Errorf("the cover says of what was signed elsewhere: %+v", part)
			}
		}
	})
}

func TestRendition_OfASupersededVersionCarriesAMarkFromItsDay(t *testing.T) {
	prints(t, func(r room, p *paper) {
		d, one := r.create("PR", "ACH", "Achats", "first")
		r.approve(one, 0)
		r.makeAll()
		two := r.next(d, "second")
		r.approve(two, r.db.Today().AddDays(3))
		r.makeAll()
		if text, _ := r.pdf(one); strings.Contains(text, "REMPLACÉE") {
			t.Errorf("marked before its day: %q", text)
		}
		r.days(3)
		text, o := r.pdf(one)
		if text != "stamp|PR-ACH-001 v1.0|REMPLACÉE LE 3 JUILLET 2026|converted first" || o.SaveAs("remplacé") != "PR-ACH-001 v1.0 (remplacé).pdf" {
			t.Errorf("on its day: %q, %s", text, o.SaveAs("remplacé"))
		}
		if p.calls["convert"] != 2 {
			t.Errorf("converted %d times: a mark comes onto the pages that were read before", p.calls["convert"])
		}
		_, err := r.Withdraw(lead, Withdraw{Platform: mic, Version: two.ID, Reason: "wrong"})
		r.must(err)
		if text, _ := r.pdf(two); !strings.Contains(text, "|RETIRÉE LE 3 JUILLET 2026|") {
			t.Errorf("withdrawn: %q", text)
		}
	})
}

// A version that was superseded by one that never took effect is in force again, without its mark.
func TestRendition_LosesItsMarkWhenTheVersionGoesOn(t *testing.T) {
	prints(t, func(r room, p *paper) {
		d, one := r.create("PR", "ACH", "Achats", "first")
		r.approve(one, 0)
		p.fault = errors.New("no ink")
		r.makeAll()
		two := r.next(d, "second")
		r.approve(two, r.db.Today().AddDays(1))
		r.days(1)
		p.fault = nil
		r.makeAll() // what was asked for unmarked is made as it must be by then
		if got := r.rendition(one); got.Edition != 1 || got.Mark != Superseded || got.State != RenditionDone {
			t.Errorf("made %+v", got)
		}
		_, err := r.Withdraw(lead, Withdraw{Platform: mic, Version: two.ID, Reason: "wrong"})
		r.must(err)
		if text, _ := r.pdf(one); !strings.Contains(text, "|REMPLACÉE") {
			t.Errorf("superseded for good: %q", text)
		}
	})
}
