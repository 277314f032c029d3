package documents

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// pastRows is documents of a platform with what they were, as rows.
type pastRows struct {
	rows []qms.Record
	next int
}

func (p *pastRows) row(platform qms.ID) qms.Row {
	p.next++
	return qms.Row{ID: qms.ID(fmt.Sprintf("%s-%04d", platform, p.next))}
}

// drawPast draws documents, versions, addressees, readings and rules. Two versions of a document may
// touch and never overlap, as the acts of the room keep them.
func drawPast(t *rapid.T, platform qms.ID, today qms.Date) *pastRows {
	p := &pastRows{}
	day := func(label string) qms.Date { return today + qms.Date(rapid.IntRange(-400, 200).Draw(t, label)) }
	maybe := func(label string) bool { return rapid.Bool().Draw(t, label) }
	person := func() qms.ID { return storetest.AgentID(rapid.SampledFrom([]int{2, 3, 4, 5, 8}).Draw(t, "person")) }
	if maybe("rule") {
		p.rows = append(p.rows, &ReadingRule{Row: p.row(platform), LateDays: int64(rapid.IntRange(1, 60).Draw(t, "late days"))})
	}
	for n := range rapid.IntRange(0, 4).Draw(t, "documents") {
		d := &Document{Row: p.row(platform), Code: fmt.Sprintf("PR-ACH-%03d", n+1), Kind: rapid.SampledFrom([]string{"PR", "MO"}).Draw(t, "kind"), Title: "Acheter",
			Owner: person(), Confidentiality: Internal, RetentionMonths: qms.Months(rapid.SampledFrom([]int{0, 1, 6}).Draw(t, "retention"))}
		if maybe("watched") {
			d.WatchMonths, d.WatchOn = 12, day("watch")
		}
		p.rows = append(p.rows, d)
		from := day("from")
		for minor := range rapid.IntRange(1, 3).Draw(t, "versions") {
			v := &Version{Row: p.row(platform), Document: d.ID, Major: 1, Minor: int64(minor), State: Approved, Author: person(), Verifier: person(), Approver: person(),
				CreatedOn: from - 5, ApprovedOn: from - 1, EffectiveFrom: from, Rereads: maybe("rereads"), FileName: "a.txt", MediaType: "text/plain", Size: 1}
			v.Content[0] = byte(minor + 1)
			if maybe("review") {
				v.ReviewOn = day("review")
			}
			from += qms.Date(rapid.IntRange(1, 200).Draw(t, "length"))
			if maybe("ends") || minor < 2 {
				v.EffectiveUntil = from
			}
			p.rows = append(p.rows, v)
			for range rapid.IntRange(0, 2).Draw(t, "readings") {
				on := day("signed")
				p.rows = append(p.rows, &Signature{Row: p.row(platform), Version: v.ID, Person: person(), Name: "Agent", Meaning: ReadBy, Content: v.Content, SignedOn: on, SignedAt: on.Time()})
			}
			if v.EffectiveUntil == 0 {
				break
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "addressees") {
			a := &Addressee{Row: p.row(platform), FromDate: day("addressed")}
			if maybe("ended") {
				a.UntilDate = a.FromDate + 90
			}
			if maybe("of a kind") {
				a.Kind = d.Kind
			} else {
				a.Document = d.ID
			}
			if maybe("named") {
				a.Person = person()
			} else {
				a.Role = qms.Member
			}
			p.rows = append(p.rows, a)
		}
	}
	return p
}

func TestDues_OfTheSiteAreThoseOfEachPlatform(t *testing.T) {
	count := 0
	each(t, func(r room) {
		today := r.today()
		rapid.Check(r.t, func(rt *rapid.T) {
			var platforms []qms.ID
			for range 2 {
				count++
				platform := qms.ID(fmt.Sprintf("00000000-0000-7000-9500-%012d", count))
				act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}
				err := r.db.Change(storetest.AsSystem(), act, func(tx *store.Tx) error {
					return tx.Insert(storetest.AsSystem(), drawPast(rt, platform, today).rows...)
				})
				if err != nil {
					rt.Fatal(err)
				}
				platforms = append(platforms, platform)
			}
			until := today + qms.Date(rapid.IntRange(-30, 300).Draw(rt, "until"))
			var want, got []qms.Due
			err := r.db.View(storetest.AsSystem(), qms.SignedIn.OnSite(), func(rd store.Reader) (err error) {
				for _, p := range platforms {
					if want, err = eachDue(r, rd, p, until, want); err != nil {
						return err
					}
				}
				got, err = r.Dues(storetest.AsSystem(), rd, platforms, today, until)
				return err
			})
			if err != nil {
				rt.Fatal(err)
			}
			qms.SortDues(want)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(qms.Due{}, "Revision")); diff != "" {
				rt.Fatalf("until %s (-each +site):\n%s", until, diff)
			}
		})
	})
}

// eachDue is what the functions of one platform say.
func eachDue(r room, rd store.Reader, platform qms.ID, until qms.Date, due []qms.Due) ([]qms.Due, error) {
	ctx := storetest.AsSystem()
	reviews, err := DueIn(ctx, rd, platform, until)
	if err != nil {
		return nil, err
	}
	looks, err := WatchDueIn(ctx, rd, platform, until)
	if err != nil {
		return nil, err
	}
	for _, one := range append(reviews, looks...) {
		due = append(due, one.Due)
	}
	readings, err := r.ReadingsDueIn(ctx, rd, platform)
	if err != nil {
		return nil, err
	}
	for _, d := range readings {
		if d.On <= until {
			due = append(due, d)
		}
	}
	page, err := passedPage(ctx, rd, platform, PassedFilter{On: until}, nil, 500)
	if err != nil {
		return nil, err
	}
	var first qms.Due
	count := 0
	for _, l := range page {
		if l.From > rd.Today() {
			continue // it has not ended yet
		}
		count++
		if count == 1 {
			first = qms.Due{Kind: "retention", Platform: platform, Subject: platform, On: l.End, Title: l.Label, Parts: []string{"documents", "disposal"}}
		}
		first.On, first.Title = min(first.On, l.End), min(first.Title, l.Label)
	}
	if count == 0 {
		return due, nil
	}
	first.Key = "retention:" + string(platform)
	if count > 1 {
		first.Title += fmt.Sprintf(" (+%d)", count-1)
	}
	return append(due, first), nil
}
