package documents

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

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
		list, err = r.Renditions(writer, mic, RenditionsFailed, qms.Cursor{})
		if r.must(err); len(list.Items) != 1 {
			t.Errorf("%d are shown as failed", len(list.Items))
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

// zeros is a file that compresses well and is nobody's format.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A content of fifty megabytes goes through in pieces: what it takes over a small one is far less than
// the content. It is not parallel, since it counts what is allocated.
func TestRendition_StreamsContents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v, err := dir.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		r := room{New(db, v, crew{}), t, db, v}
		r.printWith(&paper{without: true})
		const size = 50 << 20
		r.allocatedFor(1) // reads the fonts, once for all
		small, big := r.allocatedFor(1<<10), r.allocatedFor(size)
		t.Logf("%d bytes allocated for a small content, %d for %d bytes", small, big, size)
		if big > small+4<<20 {
			t.Error("the content is not passed on in pieces")
		}
	})
}

// allocatedFor is how many bytes are allocated while the rendition of a content of that size is made.
func (r room) allocatedFor(size int64) int64 {
	r.t.Helper()
	f, err := r.Receive(writer, mic, fmt.Sprintf("%d.bin", size), io.LimitReader(zeros{}, size))
	r.must(err)
	_, version, err := r.Create(writer, Create{Platform: mic, Kind: "PR", Process: "ACH", Title: fmt.Sprint("Of ", size), Reason: "first", File: &f})
	r.must(err)
	r.approve(version, 0)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r.makeAll()
	runtime.ReadMemStats(&after)
	if row := r.rendition(version); row.State != RenditionDone || row.Size < size {
		r.t.Errorf("made %+v", row)
	}
	return int64(after.TotalAlloc - before.TotalAlloc)
}
