package documents

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// said writes a difference as people draw one: - and + before what a side has alone, [-words-] and
// {+words+} within a line.
func (d *Difference) said() string {
	var out []string
	side := func(pieces []Piece, open, end string) string {
		var b strings.Builder
		for _, p := range pieces {
			if p.Own {
				b.WriteString(open + p.Text + end)
			} else {
				b.WriteString(p.Text)
			}
		}
		return b.String()
	}
	for _, r := range d.Rows {
		switch r.Kind {
		case RowSame:
			out = append(out, "  "+side(r.Old, "[-", "-]"))
		case RowRemoved:
			out = append(out, "- "+side(r.Old, "", ""))
		case RowAdded:
			out = append(out, "+ "+side(r.New, "", ""))
		default:
			out = append(out, "~ "+side(r.Old, "[-", "-]")+" | "+side(r.New, "{+", "+}"))
		}
	}
	return strings.Join(out, "\n")
}

func TestDiffer_SetsLinesSideBySideAndMarksWords(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"a word", "Objet\nConserver deux ans.\nFin", "Objet\nConserver cinq ans.\nFin",
			"  Objet\n~ Conserver [-deux-] ans. | Conserver {+cinq+} ans.\n  Fin"},
		{"words with one space between", "Le chef valide la fiche", "Le responsable qualité approuve la fiche",
			"~ Le [-chef valide-] la fiche | Le {+responsable qualité approuve+} la fiche"},
		{"a line more", "a\nb\nc", "a\nx\nb\nc", "  a\n+ x\n  b\n  c"},
		{"a line less", "a\nb\nc", "a\nc", "  a\n- b\n  c"},
		{"another line", "Achats de gants", "Étalonnage annuel", "- Achats de gants\n+ Étalonnage annuel"},
		{"from nothing", "", "a\nb", "+ a\n+ b"},
		{"to nothing", "a\nb", "", "- a\n- b"},
		{"nothing changed", "a\nb\n", "a\nb", "  a\n  b"},
		{"a line moved past repeated ones", "alpha\n\nbeta\n\ngamma", "beta\n\ngamma\n\nalpha", "- alpha\n- \n  beta\n  \n  gamma\n+ \n+ alpha"},
		{"the line that resembles is beside it", "Porter des gants et une blouse", "Lire la notice\nPorter des gants, une blouse et des lunettes",
			"+ Lire la notice\n~ Porter des gants et [-une blouse-] | Porter des gants{+, une blouse+} et {+des lunettes+}"},
	} {
		got := Differ(c.before, c.after).said()
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestDiffer_KeepsEveryWordOfBothTexts(t *testing.T) {
	line := rapid.StringMatching(`([a-d]{1,2}|[ ,.]|é|\t){0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SliceOfN(line, 0, 12).Draw(t, "before")
		after := rapid.SliceOfN(line, 0, 12).Draw(t, "after")
		for range rapid.IntRange(0, 6).Draw(t, "kept") {
			if len(before) > 0 {
				after = append(after, before[rapid.IntRange(0, len(before)-1).Draw(t, "which")])
			}
		}
		d := Differ(strings.Join(before, "\n"), strings.Join(after, "\n"))
		wantOld, _ := paragraphs(strings.Join(before, "\n"))
		wantNew, _ := paragraphs(strings.Join(after, "\n"))
		var old, now []string
		for _, r := range d.Rows {
			if r.OldN != 0 {
				old = append(old, whole(r.Old))
			}
			if r.NewN != 0 {
				now = append(now, whole(r.New))
			}
			if r.OldN != 0 && r.OldN != len(old) || r.NewN != 0 && r.NewN != len(now) {
				t.Fatalf("line %d is numbered %d, line %d %d", len(old), r.OldN, len(now), r.NewN)
			}
			if (r.Kind == RowSame) != (r.OldN != 0 && r.NewN != 0 && whole(r.Old) == whole(r.New)) {
				t.Fatalf("%s: %q and %q", r.Kind, whole(r.Old), whole(r.New))
			}
		}
		if strings.Join(old, "\n") != strings.Join(wantOld, "\n") || strings.Join(now, "\n") != strings.Join(wantNew, "\n") {
			t.Fatalf("%q and %q came out as %q and %q", wantOld, wantNew, old, now)
		}
		if d.Same+d.Changed+d.Removed != len(old) || d.Same+d.Changed+d.Added != len(now) {
			t.Fatalf("counted %+v of %d and %d", d, len(old), len(now))
		}
	})
}

func whole(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}

func TestDiffer_IsBoundedWhateverTheTexts(t *testing.T) {
	t.Parallel()
	numbered := func(n int, word string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%s %d\n", word, i)
		}
		return b.String()
	}
	random := func(n, step int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%d ", i*step%7919)
		}
		return b.String()
	}
	for _, c := range []struct {
		name, before, after string
		cut                 bool
	}{
		{"nothing in common", numbered(60_000, "un"), numbered(60_000, "deux"), true},
		{"one line without an end", strings.Repeat("x", 3<<20), strings.Repeat("y", 3<<20), true},
		{"empty lines", strings.Repeat("\n", 900_000), strings.Repeat("\n", 800_000), true},
		{"one sentence after the other", random(200_000, 3), random(200_000, 5), false},
		{"broken text", strings.Repeat("\xff\x00é", 1<<20), "\x00", true},
	} {
		began := time.Now()
		d := Differ(c.before, c.after)
		if d.Cut != c.cut || len(d.Rows) == 0 || len(d.Rows) > 2*maxLines {
			t.Errorf("%s: cut %v, %d rows", c.name, d.Cut, len(d.Rows))
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s took %v", c.name, took)
		}
		t.Logf("%s: %d rows in %v, coarse %v", c.name, len(d.Rows), time.Since(began).Round(time.Millisecond), d.Coarse)
	}
}
