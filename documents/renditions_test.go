package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"maillon/documents/rendition"
	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// paper is a printer whose PDFs are texts: cover, mark and what was printed. It takes Markdown.
type paper struct {
	mu      sync.Mutex
	covers  []rendition.Cover
	fault   error // of every attempt
	hangs   bool  // until it is told to end
	without bool  // no converter
	calls   map[string]int
	begun   chan struct{} // told when a conversion begins, if there is one to tell
}

func (p *paper) Takes(name string) bool { return !p.without && strings.HasSuffix(name, ".md") }

func (p *paper) call(ctx context.Context, what string) error {
	p.mu.Lock()
	if p.calls == nil {
		p.calls = map[string]int{}
	}
	p.calls[what]++
	fault, hangs := p.fault, p.hangs
	p.mu.Unlock()
	if p.begun != nil {
		p.begun <- struct{}{}
	}
	if hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return fault
}

func (p *paper) Convert(ctx context.Context, name string, in io.Reader, to *os.File) error {
	if err := p.call(ctx, "convert"); err != nil {
		return err
	}
	_, err := io.Copy(to, io.MultiReader(strings.NewReader("converted "), in))
	return err
}

func (p *paper) Stamp(ctx context.Context, out io.Writer, pdf io.ReadSeeker, c rendition.Cover, m rendition.Mark) (rendition.Made, error) {
	return p.write(ctx, "stamp", out, pdf, c, m)
}

func (p *paper) Enclose(ctx context.Context, out io.Writer, original io.ReadSeeker, c rendition.Cover, m rendition.Mark) (rendition.Made, error) {
	return p.write(ctx, "enclose", out, original, c, m)
}

func (p *paper) write(ctx context.Context, what string, out io.Writer, in io.Reader, c rendition.Cover, m rendition.Mark) (rendition.Made, error) {
	if err := p.call(ctx, what); err != nil {
		return rendition.Made{}, err
	}
	p.mu.Lock()
	p.covers = append(p.covers, c)
	p.mu.Unlock()
	fmt.Fprintf(out, "%s|%s v%s|%s|", what, c.Code, c.Version, m.Text)
	_, err := io.Copy(out, in)
	return rendition.Made{Pages: 3, Covers: 1}, err
}

func (p *paper) cover() rendition.Cover {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.covers[len(p.covers)-1]
}

// prints is each with a printer.
func prints(t *testing.T, f func(r room, p *paper)) {
	t.Helper()
	each(t, func(r room) {
		p := &paper{}
		r.printWith(p)
		f(r, p)
	})
}

func (r room) printWith(p *paper) {
	r.PrintWith(Printing{Printer: p, Limit: 10 * time.Second, Patience: 5 * time.Second,
		Platform: func(context.Context, store.Reader, qms.ID) (string, error) { return "Plateforme MIC", nil }})
	r.ReachedAt("https://qualite.example")
}

func (r room) makeAll() {
	r.t.Helper()
	r.must(r.MakeRenditions(storetest.AsSystem()))
}

// pdf is what a reader is handed.
func (r room) pdf(v *Version) (text string, o *OpenedRendition) {
	r.t.Helper()
	o, err := r.OpenRendition(reader, mic, v.ID)
	r.must(err)
	defer o.Close()
	got, err := io.ReadAll(o)
	r.must(err)
	if int64(len(got)) != o.Size {
		r.t.Errorf("%d bytes, want %d", len(got), o.Size)
	}
	return string(got), o
}

// rendition is the newest rendition of the version, nil when there is none.
func (r room) rendition(v *Version) *Rendition {
	r.t.Helper()
	var all []*Rendition
	r.must(r.db.View(lead, qms.ReadDocuments.On(mic), func(rd store.Reader) (err error) {
		all, err = renditionsOf(context.Background(), rd, v.ID)
		return err
	}))
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

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

func TestRendition_ThatFailsLeavesTheApprovalAndIsTriedAgainLessAndLess(t *testing.T) {
	prints(t, func(r room, p *paper) {
		p.fault = qms.Invalid("print.timeout", 7)
		d, v := r.create("PR", "ACH", "Achats", "the text")
		r.approve(v, 0)
		r.makeAll()
		if s := r.sheet(reader, d.Code); s.InForce == nil {
			t.Fatal("a failed rendition held the approval up")
		}
		var rests []time.Duration
		for range 10 {
			row := r.rendition(v)
			if row.State != RenditionPending {
				break
			}
			rest := row.NextAt.Sub(r.db.Now())
			rests = append(rests, rest)
			_, err := r.OpenRendition(reader, mic, v.ID)
			r.refused("asked for while it rests", err, qms.CodeBusy, "print.in_preparation")
			storetest.ClockOf(r.db).Advance(rest - time.Second)
			r.makeAll()
			if again := r.rendition(v); again.Attempts != row.Attempts {
				t.Error("tried before its time")
			}
			storetest.ClockOf(r.db).Advance(time.Second)
			r.makeAll()
		}
		if len(rests) != len(retryAfter) {
			t.Errorf("tried after %v", rests)
		}
		row := r.rendition(v)
		if row.State != RenditionFailed || !errors.Is(row.Fault(), qms.Conflict("print.timeout")) ||
			locale.For("fr").Error(row.Fault()) != "La fabrication a dépassé 7 secondes" {
			t.Errorf("failed as %+v", row)
		}
		_, err := r.OpenRendition(reader, mic, v.ID)
		r.refused("one that failed", err, qms.CodeConflict, "print.failed")
		list, err := r.Renditions(writer, mic, RenditionsOpen, qms.Cursor{})
		r.must(err)
		if len(list.Items) != 1 || list.Items[0].Code != d.Code || list.Items[0].State != RenditionFailed {
			t.Errorf("shown as %+v", list.Items)
		}
		p.fault = nil
		r.makeAll()
		if r.rendition(v).State != RenditionFailed {
			t.Error("tried again though nobody asked")
		}
		_, err = r.Reprint(writer, Reprint{Platform: mic, Version: v.ID})
		r.refused("asked for again by a member", err, qms.CodeRefused, "right.missing")
		_, err = r.Reprint(lead, Reprint{Platform: mic, Version: v.ID})
		r.must(err)
		r.makeAll()
		if text, o := r.pdf(v); o.Edition != 1 || !strings.Contains(text, "the text") {
			t.Errorf("made at last: %q, edition %d", text, o.Edition)
		}
	})
}

func TestRendition_ThatHangsIsEndedAtItsLimit(t *testing.T) {
	prints(t, func(r room, p *paper) {
		p.hangs = true
		r.press.Limit = 50 * time.Millisecond
		_, v := r.create("PR", "ACH", "Achats", "the text")
		r.approve(v, 0)
		r.makeAll()
		if row := r.rendition(v); row.Failure != "print.timeout" || row.Attempts != 1 || row.State != RenditionPending {
			t.Errorf("after the limit: %+v", row)
		}
	})
}

func TestRendition_IsNotWaitedForLongerThanAReaderWould(t *testing.T) {
	prints(t, func(r room, p *paper) {
		_, v := r.create("PR", "ACH", "Achats", "the text")
		r.approve(v, 0)
		<-r.Wanted()
		p.hangs, r.press.Patience = true, 50*time.Millisecond
		_, err := r.OpenRendition(reader, mic, v.ID)
		r.refused("one that takes its time", err, qms.CodeBusy, "print.in_preparation")
		if row := r.rendition(v); row.Attempts != 0 || !row.Due(r.db.Now()) || row.Failure != "" {
			t.Errorf("what the reader did not wait for counts as an attempt: %+v", row)
		}
		select {
		case <-r.Wanted():
		default:
			t.Error("nobody goes on with it")
		}
		p.hangs = false
		r.makeAll()
		r.pdf(v)
	})
}

func TestRendition_InterruptedByACrashIsMadeOnceItsLeaseEnds(t *testing.T) {
	prints(t, func(r room, p *paper) {
		_, v := r.create("PR", "ACH", "Achats", "the text")
		r.approve(v, 0)
		begun, err := r.beginRendition(storetest.AsSystem(), mic, r.rendition(v).ID)
		r.must(err)
		made, err := r.print(storetest.AsSystem(), begun)
		r.must(err) // and here the house goes down: the content is in the vault, and no row names it
		if kept, err := r.Keeps(storetest.AsSystem(), made.content.Digest); kept || err != nil {
			t.Errorf("kept %t, %v", kept, err)
		}
		r.makeAll()
		_, err = r.OpenRendition(reader, mic, v.ID)
		r.refused("while somebody may be at it", err, qms.CodeBusy, "print.in_preparation")
		if row := r.rendition(v); row.Attempts != 1 || !row.UnderWay(r.db.Now()) {
			t.Errorf("begun twice: %+v", row)
		}
		storetest.ClockOf(r.db).Advance(r.press.lease())
		r.makeAll()
		text, o := r.pdf(v)
		if text == "" || o.Attempts != 2 {
			t.Errorf("after the lease: %q, %+v", text, o.Rendition)
		}
		for _, d := range []vault.Digest{o.Content, o.Base} {
			if kept, err := r.Keeps(storetest.AsSystem(), d); !kept || err != nil {
				t.Errorf("the sweep would take %s: %v", d, err)
			}
		}
		r.must(r.noteRendition(storetest.AsSystem(), "rendition.make", begun, func(row *Rendition, now time.Time) { row.finish(now, printed{}) }))
		if late := r.rendition(v); late.Content != o.Content {
			t.Error("who came late overwrote what was made meanwhile")
		}
	})
}

func TestRendition_IsMadeByOneOfSeveralReplicas(t *testing.T) {
	prints(t, func(r room, p *paper) {
		for i := range 4 {
			_, v := r.create("PR", "ACH", fmt.Sprint("Title ", i), fmt.Sprint("text ", i))
			r.approve(v, 0)
		}
		var all sync.WaitGroup
		for range 3 {
			replica := New(r.db, r.dir, crew{}).PrintWith(r.press.Printing)
			all.Go(func() {
				if err := replica.MakeRenditions(storetest.AsSystem()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if p.calls["convert"] != 4 || p.calls["stamp"] != 4 {
			t.Errorf("made %v", p.calls)
		}
	})
}

func TestRendition_WithoutAConverterEnclosesTheOriginalUntilOneComes(t *testing.T) {
	prints(t, func(r room, p *paper) {
		p.without = true
		_, v := r.create("PR", "ACH", "Achats", "the text")
		r.approve(v, 0)
		r.makeAll()
		if text, o := r.pdf(v); o.How != Enclosed || text != "enclose|PR-ACH-001 v1.0||the text" {
			t.Errorf("without a converter: %s, %q", o.How, text)
		}
		before := r.rendition(v)
		count, err := r.ReprintEnclosed(lead, mic)
		r.must(err)
		if count != 0 {
			t.Errorf("%d asked for again, without a converter still", count)
		}
		p.without = false
		list, err := r.Renditions(lead, mic, RenditionsEnclosed, qms.Cursor{})
		r.must(err)
		if len(list.Items) != 1 || !list.Items[0].Printable {
			t.Errorf("listed as %+v", list.Items)
		}
		if count, err = r.ReprintEnclosed(lead, mic); err != nil || count != 1 {
			t.Errorf("%d asked for again, %v", count, err)
		}
		if text, _ := r.pdf(v); !strings.HasPrefix(text, "enclose") {
			t.Errorf("until it is made, what there was: %q", text)
		}
		r.makeAll()
		text, o := r.pdf(v)
		if o.Edition != 2 || o.How != Converted || o.Token == before.Token || !strings.HasPrefix(text, "stamp") {
			t.Errorf("made again: %q, %+v", text, o.Rendition)
		}
		if kept, err := r.Keeps(storetest.AsSystem(), before.Content); !kept || err != nil {
			t.Errorf("the old one is not kept: %v", err)
		}
	})
}

func TestRendition_IsEnclosedWhenAManagerPrefersThatToAFailure(t *testing.T) {
	prints(t, func(r room, p *paper) {
		p.fault = errors.New("it does not convert")
		_, v := r.create("PR", "ACH", "Achats", "the text")
		r.approve(v, 0)
		r.makeAll()
		if row := r.rendition(v); row.Failure != "print.broken" || len(row.FailureArgs) != 0 {
			t.Errorf("the text of an internal error is on record: %+v", row)
		}
		p.fault = nil
		_, err := r.Reprint(lead, Reprint{Platform: mic, Version: v.ID, Enclosed: true})
		r.must(err)
		r.makeAll()
		if _, o := r.pdf(v); o.How != Enclosed {
			t.Errorf("made %s", o.How)
		}
	})
}

func TestRendition_OfAPlatformIsHiddenFromOthers(t *testing.T) {
	prints(t, func(r room, p *paper) {
		_, v := r.create("PR", "ACH", "Achats", "the text")
		r.approve(v, 0)
		r.makeAll()
		_, err := r.OpenRendition(stranger, mic, v.ID)
		r.refused("the manager of another platform", err, qms.CodeNotFound, "platform.not_found")
		_, err = r.OpenRendition(stranger, cyt, v.ID)
		r.refused("as if it were of another platform", err, qms.CodeNotFound, "version.not_found")
		_, err = r.OpenRendition(trainee, mic, v.ID)
		r.refused("a user whom it is not addressed to", err, qms.CodeNotFound, "version.not_found")
		_, err = r.Reprint(stranger, Reprint{Platform: cyt, Version: v.ID})
		r.refused("asked for again from elsewhere", err, qms.CodeNotFound, "version.not_found")
		_, err = r.Renditions(reader, mic, RenditionsOpen, qms.Cursor{})
		r.refused("the list for a reader", err, qms.CodeRefused, "right.missing")
	})
}

func TestStatusOf_SaysOnlyWhetherThePrintIsInForce(t *testing.T) {
	prints(t, func(r room, p *paper) {
		nobody := context.Background()
		d, one := r.create("PR", "ACH", "Achats", "first")
		r.approve(one, r.db.Today().AddDays(2))
		says := func(what string, v *Version, want bool) {
			t.Helper()
			got, err := r.StatusOf(nobody, r.rendition(v).Token)
			r.must(err)
			if want := (PrintStatus{AsOf: r.db.Today(), InForce: want}); *got != want {
				t.Errorf("%s: %+v, want %+v", what, *got, want)
			}
		}
		says("to come", one, false)
		r.days(2)
		says("in force", one, true)
		printed := r.rendition(one).Token
		two := r.next(d, "second")
		r.approve(two, 0)
		says("superseded", one, false)
		r.pdf(one) // makes the marked one, with another token
		if got, err := r.StatusOf(nobody, printed); err != nil || got.InForce {
			t.Errorf("the paper of before: %+v, %v", got, err)
		}
		_, err := r.Withdraw(lead, Withdraw{Platform: mic, Version: two.ID, Reason: "wrong"})
		r.must(err)
		says("withdrawn", two, false)
		for _, token := range []string{"", "x", strings.Repeat("A", 26), strings.Repeat("\x00", 26), strings.Repeat("é", 13), "' OR 1=1 --               "} {
			_, err = r.StatusOf(nobody, token)
			r.refused(fmt.Sprintf("the token %q", token), err, qms.CodeNotFound, "print.unknown")
		}
		for name, who := range map[string]context.Context{"of elsewhere": stranger, "whom it is not addressed to": trainee} {
			if got, err := r.StatusOf(who, printed); err != nil || got.Code != "" || got.Platform != "" {
				t.Errorf("for somebody %s: %+v, %v", name, got, err)
			}
		}
		if got, err := r.StatusOf(reader, printed); err != nil || got.Code != d.Code || got.Platform != mic {
			t.Errorf("for a reader: %+v, %v", got, err)
		}
	})
}

// zeros is a file that compresses well and is nobody's format.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A content of fifty megabytes goes through in pieces: not parallel, since it counts what is allocated.
func TestRendition_StreamsContents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const size = 50 << 20
		v, err := dir.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		r := room{New(db, v, crew{}), t, db, v}
		r.printWith(&paper{without: true})
		f, err := r.Receive(writer, mic, "big.bin", io.LimitReader(zeros{}, size))
		r.must(err)
		_, big, err := r.Create(writer, Create{Platform: mic, Kind: "PR", Process: "ACH", Title: "Big", Reason: "first", File: &f})
		r.must(err)
		r.approve(big, 0)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r.makeAll()
		runtime.ReadMemStats(&after)
		row, allocated := r.rendition(big), after.TotalAlloc-before.TotalAlloc
		t.Logf("%d bytes printed, %d allocated on the way", row.Size, allocated)
		if row.State != RenditionDone || row.Size < size || allocated > 8<<20 {
			t.Errorf("made %+v", row)
		}
	})
}
