package documents

import (
	"strings"
	"testing"

	"maillon/qms"
)

// standard is a room with a document of external origin that is watched every six months.
func standard(r room) *Document {
	r.t.Helper()
	d, v, err := r.Create(writer, Create{Platform: mic, Kind: "EX", Process: "QUA", Title: "Norme de management", Publisher: "Éditeur 01", Edition: "2015",
		Watch: "https://editeur.example/normes", WatchMonths: 6, Reason: "first", File: r.file("norme.md", "Exigences")})
	r.must(err)
	r.approve(v, 0)
	return d
}

func TestWatch_FallsDueSoManyMonthsAfterTheLastLook(t *testing.T) {
	each(t, func(r room) {
		d := standard(r)
		start := r.today()
		if d.WatchOn != start.AddMonths(6) || d.WatchedOn != 0 {
			t.Fatalf("first look on %s", d.WatchOn)
		}
		r.days(200)
		due, err := r.WatchDueBy(lead, mic, r.today())
		r.must(err)
		if len(due) != 1 || due[0].Kind != "watch" || due[0].On != start.AddMonths(6) || due[0].Code != d.Code || due[0].Person != d.Owner {
			t.Errorf("due %+v", due)
		}
		late, err := r.Externals(lead, mic, ExternalFilter{Late: true}, qms.Cursor{})
		r.must(err)
		if len(late.Items) != 1 || !late.Items[0].Late || !late.Items[0].InForce {
			t.Errorf("late %+v", late.Items)
		}
		looked, err := r.Look(writer, Look{Platform: mic, Document: d.ID, Outcome: WatchedSame, Date: r.today().AddDays(-3), Remark: "site consulted"})
		r.must(err)
		if looked.WatchedOn != r.today().AddDays(-3) || looked.WatchOn != looked.WatchedOn.AddMonths(6) || looked.NewEdition != "" {
			t.Errorf("after the look: %+v", looked.Watched)
		}
		if due, err = r.WatchDueBy(lead, mic, r.today()); err != nil || len(due) > 0 {
			t.Errorf("still due: %v, %v", due, err)
		}
	})
}

func TestWatch_ANewEditionStaysOnTheDocumentUntilItIsOurs(t *testing.T) {
	each(t, func(r room) {
		d := standard(r)
		_, err := r.Look(writer, Look{Platform: mic, Document: d.ID, Outcome: WatchedSame})
		r.must(err)
		r.days(1)
		found, err := r.Look(writer, Look{Platform: mic, Document: d.ID, Outcome: WatchedNew, Edition: " 2026 "})
		r.must(err)
		if found.NewEdition != "2026" || found.Edition != "2015" {
			t.Errorf("found %+v", found)
		}
		all, err := r.Watches(lead, mic, d.ID)
		r.must(err)
		if len(all) != 2 || all[0].Outcome != WatchedNew || all[0].Edition != "2026" || all[1].Edition != "2015" || all[0].Name != "Agent 02" {
			t.Errorf("history %+v", all)
		}
		edition := "2026"
		ours, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, Edition: &edition, Reason: "taken"})
		r.must(err)
		if ours.NewEdition != "" {
			t.Errorf("still new: %q", ours.NewEdition)
		}
		months := qms.Months(0)
		off, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, WatchMonths: &months, Reason: "no more"})
		r.must(err)
		if off.WatchOn != 0 {
			t.Errorf("watched on %s though nobody watches", off.WatchOn)
		}
	})
}

func TestWatch_RefusesWhatCannotBe(t *testing.T) {
	each(t, func(r room) {
		d := standard(r)
		own, _ := r.create("PR", "ACH", "Acheter", "text")
		for name, c := range map[string]struct {
			cmd  Look
			code qms.Code
			key  string
		}{
			"a document of ours":       {Look{Document: own.ID, Outcome: WatchedSame}, qms.CodeConflict, "watch.not_external"},
			"a look to come":           {Look{Outcome: WatchedSame, Date: r.today().AddDays(1)}, qms.CodeInvalid, "watch.to_come"},
			"no outcome":               {Look{}, qms.CodeInvalid, "watch.outcome_missing"},
			"new without an edition":   {Look{Outcome: WatchedNew, Edition: "\x00"}, qms.CodeInvalid, "watch.edition_missing"},
			"new with the old edition": {Look{Outcome: WatchedNew, Edition: "2015"}, qms.CodeInvalid, "watch.edition_same"},
			"an endless edition":       {Look{Outcome: WatchedNew, Edition: strings.Repeat("é", 301)}, qms.CodeInvalid, "document.title_long"},
			"another revision":         {Look{Outcome: WatchedSame, Revision: 9}, qms.CodeConflict, "record.changed"},
		} {
			c.cmd.Platform = mic
			if c.cmd.Document == "" {
				c.cmd.Document = d.ID
			}
			_, err := r.Look(writer, c.cmd)
			r.refused(name, err, c.code, c.key)
		}
		_, err := r.Look(reader, Look{Platform: mic, Document: d.ID, Outcome: WatchedSame})
		r.refused("an auditor", err, qms.CodeRefused, "right.missing")
		_, err = r.Look(stranger, Look{Platform: cyt, Document: d.ID, Outcome: WatchedSame})
		r.refused("another platform", err, qms.CodeNotFound, "document.not_found")
		long := qms.Months(241)
		_, err = r.Revise(lead, Revise{Platform: mic, Document: d.ID, WatchMonths: &long})
		r.refused("an interval too long", err, qms.CodeInvalid, "document.watch_months")
		_, err = r.Look(writer, Look{Platform: mic, Document: d.ID, Outcome: WatchedSame})
		r.must(err)
		_, err = r.Look(writer, Look{Platform: mic, Document: d.ID, Outcome: WatchedSame, Date: r.today().AddDays(-1)})
		r.refused("before the last", err, qms.CodeInvalid, "watch.before_last")
	})
}

func TestExternals_AreSortedAndPaged(t *testing.T) {
	each(t, func(r room) {
		standard(r)
		for range 3 {
			standard(r)
		}
		for _, sort := range []string{"", "-code", "watch", "-watched"} {
			seen := 0
			for c := (qms.Cursor{Size: 3}); ; {
				page, err := r.Externals(lead, mic, ExternalFilter{Sort: sort, Query: "NORME"}, c)
				r.must(err)
				seen += len(page.Items)
				if c.After = page.Next; c.After == "" {
					break
				}
			}
			if seen != 4 {
				t.Errorf("sorted by %q: %d lines, want 4", sort, seen)
			}
		}
		_, err := r.Externals(lead, mic, ExternalFilter{Sort: "watch"}, qms.Cursor{After: position{Key: "x"}.cursor()})
		r.refused("a hostile cursor", err, qms.CodeInvalid, "cursor.malformed")
	})
}
