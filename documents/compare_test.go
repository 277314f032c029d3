package documents

import (
	"context"
	"strings"
	"testing"

	"maillon/qms"
)

func TestCompare_SetsTheTextsOfTwoVersionsSideBySide(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "# Achats\n\nConserver deux ans.\n")
		r.approve(v, 0)
		r.days(1)
		r.approve(r.next(d, "# Achats\n\nConserver cinq ans.\n\nPrévenir le responsable.\n"), 0)
		for _, cmd := range []Compare{{mic, d.Code, "", ""}, {mic, strings.ToLower(d.Code), "1", "2.0"}, {mic, d.Code, "", "2.0"}} {
			c, err := r.Compare(reader, cmd)
			r.must(err)
			want := "  Achats\n~ Conserver [-deux-] ans. | Conserver {+cinq+} ans.\n+ Prévenir le responsable."
			if got := c.said(); got != want || c.From.Number() != (Number{1, 0}) || c.To.Number() != (Number{2, 0}) || c.SameFile || c.Missing != nil {
				t.Errorf("%+v: %s to %s\n%s", cmd, c.From.Number(), c.To.Number(), got)
			}
		}
		c, err := r.Compare(reader, Compare{mic, d.Code, "2.0", "1.0"})
		r.must(err)
		if c.Removed != 1 || c.Changed != 1 || c.Added != 0 {
			t.Errorf("backwards: %+v", c.Difference)
		}
		c, err = r.Compare(reader, Compare{mic, d.Code, "", "1.0"})
		r.must(err)
		if c.From != nil || len(c.Rows) != 0 {
			t.Errorf("something comes before the first version: %+v", c.From)
		}
	})
}

func TestCompare_ShowsOnlyVersionsThatTheReaderMayRead(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "in force")
		_, err := r.Compare(reader, Compare{mic, d.Code, "", ""})
		r.refused("a document of drafts", err, qms.CodeNotFound, "document.not_found")
		r.approve(v, 0)
		r.next(d, "a draft")
		c, err := r.Compare(writer, Compare{mic, d.Code, "", ""})
		r.must(err)
		if c.To.Number() != (Number{2, 0}) || c.Changed+c.Added+c.Removed == 0 {
			t.Errorf("a writer compares %s: %+v", c.To.Number(), c.Difference)
		}
		c, err = r.Compare(reader, Compare{mic, d.Code, "", ""})
		r.must(err)
		if c.To.Number() != (Number{1, 0}) || c.From != nil || len(c.Versions) != 1 {
			t.Errorf("a reader compares %s of %d", c.To.Number(), len(c.Versions))
		}
		for _, cmd := range []Compare{{mic, d.Code, "1.0", "2.0"}, {mic, d.Code, "2.0", "1.0"}, {mic, d.Code, "x", ""}, {mic, d.Code, "\x00", "1.0"}, {mic, d.Code, "9", "1"}} {
			_, err := r.Compare(reader, cmd)
			r.refused(cmd.From+" to "+cmd.To, err, qms.CodeNotFound, "version.not_found")
		}
		for who, ctx := range map[string]context.Context{"a stranger": stranger, "nobody": context.Background()} {
			if c, err := r.Compare(ctx, Compare{mic, d.Code, "", ""}); err == nil {
				t.Errorf("%s compares %v", who, c)
			}
		}
		_, err = r.Compare(stranger, Compare{cyt, d.Code, "", ""})
		r.refused("a code of another platform", err, qms.CodeNotFound, "document.not_found")
	})
}

func TestCompare_SaysWhichVersionHasNoText(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "text")
		r.approve(v, 0)
		_, err := r.NewVersion(writer, NewVersion{Platform: mic, Document: d.ID, Reason: "empty yet"})
		r.must(err)
		c, err := r.Compare(writer, Compare{mic, d.Code, "", ""})
		r.must(err)
		if c.Missing == nil || c.Missing.Number() != (Number{2, 0}) || len(c.Rows) != 0 {
			t.Errorf("%+v", c.Missing)
		}
		c, err = r.Compare(writer, Compare{mic, d.Code, "1.0", "1.0"})
		r.must(err)
		if !c.SameFile || c.Same != 1 || c.Changed != 0 {
			t.Errorf("a version against itself: %+v", c.Difference)
		}
	})
}

func TestFolded_LeavesOutWhatIsFarFromAnyChange(t *testing.T) {
	before := strings.Repeat("la même ligne\n", 20)
	d := Differ(before+"fin", before+"nouveau\nfin\n"+before)
	folds, more := d.Folded(1000)
	shown, skipped := 0, 0
	for _, f := range folds {
		shown += len(f.Shown)
		skipped += f.Skipped
	}
	if more != 0 || shown+skipped != len(d.Rows) || skipped != 17 || shown != 25 {
		t.Errorf("%d shown, %d skipped, %d more of %d", shown, skipped, more, len(d.Rows))
	}
	if folds, more = d.Folded(5); more != 20 || len(folds[len(folds)-1].Shown) != 5 {
		t.Errorf("%d more, %+v", more, folds)
	}
}
