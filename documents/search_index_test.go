package documents

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/documents/words"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// indexOf is the whole index, words aside: what a rebuilt one must equal.
func (r room) indexOf() (lines []string) {
	r.t.Helper()
	r.must(r.db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(x store.Reader) error {
		rows, err := x.Query(storetest.AsSystem(), "SELECT e.subject, e.parent, e.label, e.mark, e.shown, COUNT(s.number) FROM search_entries AS e LEFT JOIN search_shown AS s"+
			" ON s.number = e.number GROUP BY e.subject, e.parent, e.label, e.mark, e.shown ORDER BY e.subject")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var subject, parent, label, mark, shown string
			var days int
			if err := rows.Scan(&subject, &parent, &label, &mark, &shown, &days); err != nil {
				return err
			}
			lines = append(lines, fmt.Sprint(subject, parent, label, mark, shown, days))
		}
		return rows.Err()
	}))
	return lines
}

func (r room) forgetIndex() {
	r.t.Helper()
	raw := storetest.Raw(r.t, r.db)
	statements := "DELETE FROM search_shown; DELETE FROM search_entries; DELETE FROM search_builds"
	if r.db.Engine() == store.SQLite {
		statements += "; INSERT INTO search_words(search_words) VALUES ('delete-all')"
	}
	if _, err := raw.Exec(statements); err != nil {
		r.t.Fatal(err)
	}
}

func TestIndex_IsMadeOfWhatADatabaseHadBefore(t *testing.T) {
	each(t, func(r room) {
		for n := range 5 {
			_, v := r.create("PR", "ACH", fmt.Sprintf("Titre %d", n), fmt.Sprintf("commune texte%d", n))
			if n%2 == 0 {
				r.approve(v, 0)
			}
		}
		live, found := r.indexOf(), r.search(writer, "commune")
		if len(live) != 5 || len(found) != 5 {
			r.t.Fatal(live, found)
		}
		r.forgetIndex()
		r.finds(writer, "commune")
		told := 0
		build := func(f func(context.Context, func(int, int)) error) {
			r.t.Helper()
			r.must(f(storetest.AsSystem(), func(done, all int) { told = done*100 + all }))
			if diff := cmp.Diff(live, r.indexOf()); diff != "" {
				r.t.Error(diff)
			}
			if diff := cmp.Diff(found, r.search(writer, "commune")); diff != "" {
				r.t.Error(diff)
			}
		}
		build(r.BuildIndex)
		if told != 505 {
			r.t.Errorf("told of %d", told)
		}
		told = 0
		build(r.BuildIndex)
		if told != 0 {
			r.t.Error("an index that stands was made again")
		}
		build(r.RebuildIndex)
		r.refused("a manager", r.BuildIndex(chief, func(int, int) {}), qms.CodeRefused, "right.missing")
	})
}

func TestIndex_FollowsTitlesAndContents(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "Ancien corps.")
		r.finds(writer, "approvisionnement")
		title := "Approvisionnements"
		_, err := r.Revise(lead, Revise{Platform: mic, Document: d.ID, Title: &title, Reason: "clearer"})
		r.must(err)
		r.finds(writer, "approvisionnement", "PR-ACH-001 1.0")
		r.finds(writer, "achats")
		_, err = r.Attach(writer, Attach{Platform: mic, Version: v.ID, File: *r.file("b.md", "Nouveau corps.")})
		r.must(err)
		r.finds(writer, "nouveau", "PR-ACH-001 1.0")
		r.finds(writer, "ancien")
		r.finds(writer, "approvisionnement nouveaux corps", "PR-ACH-001 1.0")
	})
}

func TestIndex_IsWrittenInTheActOrNotAtAll(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "corps")
		boom := errors.New("boom")
		act := qms.Act{Name: "document.test", Needs: qms.WriteDocuments.On(mic), Platform: mic}
		err := r.db.Change(writer, act, func(tx *store.Tx) error {
			r.must(tx.Insert(writer, &Document{Code: "PR-ACH-900", Title: "Perdu"}))
			return boom
		})
		if !errors.Is(err, boom) {
			r.t.Error(err)
		}
		r.finds(writer, "perdu")
		was := mirror()
		r.db.Mirror(store.Mirror{Kind: was.Kind, Tables: was.Tables, Write: func(context.Context, *store.Index, []store.WrittenRow) error { return boom }})
		if _, err := r.Submit(writer, Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(3), Approver: storetest.AgentID(4)}); !errors.Is(err, boom) {
			r.t.Errorf("an act whose index fails: %v", err)
		}
		r.db.Mirror(was)
		if sheet := r.sheet(writer, "PR-ACH-001"); sheet.Versions[0].StateThen != Draft {
			r.t.Error("the act was done without its index")
		}
	})
}

// TestShownDays_AreThoseOfTheVersionThatAReaderMeets holds the days to the rule, whatever the versions.
func TestShownDays_AreThoseOfTheVersionThatAReaderMeets(t *testing.T) {
	t.Parallel()
	today := qms.MustDate("2026-06-30")
	rapid.Check(t, func(t *rapid.T) {
		day := func(label string, none bool) qms.Date {
			if none && rapid.Bool().Draw(t, label+"?") {
				return 0
			}
			return today.AddDays(rapid.IntRange(-5, 8).Draw(t, label))
		}
		var versions []*Version
		for n := rapid.IntRange(0, 5).Draw(t, "versions"); n > 0; n-- {
			v := &Version{Major: int64(n), TakenOver: rapid.Bool().Draw(t, "taken over"), CreatedOn: min(today, day("created", false)),
				SubmittedOn: day("submitted", true), ApprovedOn: day("approved", true), WithdrawnOn: day("withdrawn", true),
				EffectiveFrom: day("from", true), EffectiveUntil: day("until", true)}
			v.ID = qms.ID(fmt.Sprint(n))
			versions = append(versions, v)
		}
		shown := shownDays(versions, today)
		for d := today; d < today.AddDays(12); d = d.AddDays(1) {
			for _, team := range []bool{false, true} {
				want := met(versions, d, team)
				for _, v := range versions {
					if got := isShown(shown[v.ID], d, team); got != (v == want) {
						t.Fatalf("version %s on %s for team %t: shown %t", v.ID, d, team, got)
					}
				}
			}
		}
	})
}

func isShown(all []store.Shown, day qms.Date, team bool) (shown bool) {
	for _, s := range all {
		shown = shown || s.Team == team && s.Since <= day && (s.Until == 0 || day < s.Until)
	}
	return shown
}

func TestSearch_PagesThroughAllOnce(t *testing.T) {
	each(t, func(r room) {
		const n = maxHits + 130
		var list []Stated
		for i := range n {
			list = append(list, Stated{Code: fmt.Sprintf("MO-ANA-%04d", i+1), Title: fmt.Sprintf("Mode opératoire %d", i%3), Version: "1.0", EffectiveFrom: qms.MustDate("2026-01-05")})
		}
		act := qms.Act{Name: "documents.import", Needs: qms.ImportRegisters.On(mic), Platform: mic}
		r.must(r.db.Change(lead, act, func(tx *store.Tx) error { _, err := TakeMasterList(lead, tx, list); return err }))
		for typed, want := range map[string]int{"modes opératoires": n, "mode 1 ": n/3 + 1, "\"mode opératoire\" -2": n - n/3} {
			seen := map[string]bool{}
			cursor := qms.Cursor{Size: 90}
			first := ""
			for pages := 0; ; pages++ {
				found, err := r.Search(reader, Search{Platform: mic, Query: typed}, cursor)
				r.must(err)
				if pages == 0 {
					first = fmt.Sprint(found.Count, found.AtLeast)
				}
				for _, h := range found.Items {
					if seen[h.Code] {
						r.t.Errorf("%q: %s twice", typed, h.Code)
					}
					seen[h.Code] = true
				}
				if cursor.After = found.Next; cursor.After == "" || pages > 50 {
					break
				}
			}
			if len(seen) < want-1 || len(seen) > want+1 {
				r.t.Errorf("%q: %d found, want about %d", typed, len(seen), want)
			}
			if strings.HasPrefix(typed, "modes") && first != "1000 true" {
				r.t.Errorf("%q: %s", typed, first)
			}
		}
	})
}

func TestSearch_TakesWhateverIsTyped(t *testing.T) {
	each(t, func(r room) {
		r.create("PR", "ACH", "Achats", "corps")
		for _, typed := range []string{"", "\x00", "\xff", `"`, "'", "a' OR 1=1 --", `" OR "a`, "NEAR(a b)", "a*", "^a", "col:a", "{a}", "!a & b | c <-> d:*", "?", "$1", "?0", `\`, "-", "--a", strings.Repeat("a ", 5000), strings.Repeat("é", 100_000)} {
			for _, old := range []bool{false, true} {
				if _, err := r.Search(reader, Search{Platform: mic, Query: typed, Kind: typed, Process: typed, State: State(typed), Old: old}, qms.Cursor{}); err != nil {
					r.t.Errorf("%.20q: %v", typed, err)
				}
				if _, err := r.Search(reader, Search{Platform: mic, Query: typed, Old: old}, qms.Cursor{}); err != nil {
					r.t.Errorf("%.20q: %v", typed, err)
				}
			}
		}
		for _, cursor := range []string{"x", "e30", position{Key: "9", ID: "1"}.cursor(), position{Key: "0n", ID: "x"}.cursor(), position{Key: "nn", ID: "1"}.cursor()} {
			if _, err := r.Search(reader, Search{Platform: mic, Query: "corps"}, qms.Cursor{After: cursor}); err != nil {
				r.refused(cursor, err, qms.CodeInvalid, "cursor.malformed")
			}
		}
	})
}

func TestSnippets_ShowTheWordsWhereTheyStand(t *testing.T) {
	t.Parallel()
	a := words.New()
	long := strings.Repeat("Préambule sans intérêt pour personne. ", 50) + "Une pipette\nétalonnée <b>\u200bdeux</b> fois. " + strings.Repeat("La suite ennuie. ", 50) + "La balance aussi."
	cases := map[string][]string{
		"pipettes balance": {"…[pipette] étalonnée <b>deux</b> fois.…", "…[balance] aussi."},
		"étalonner deux ":  {"…Une pipette [étalonnée] <b>[deux]</b>…"},
		"oscilloscope":     nil,
	}
	for typed, want := range cases {
		found := snippets(a, a.Ask(typed), long)
		if len(found) != len(want) {
			t.Errorf("%q: %v", typed, found)
			continue
		}
		for i, f := range found {
			var b strings.Builder
			for _, p := range f {
				if p.Marked {
					b.WriteString("[" + p.Text + "]")
					continue
				}
				b.WriteString(p.Text)
			}
			if len(b.String()) > 260 {
				t.Errorf("%q: %d bytes", typed, len(b.String()))
			}
			for _, piece := range strings.Split(strings.Trim(want[i], "…"), "…") {
				if !strings.Contains(b.String(), piece) {
					t.Errorf("%q: %q is not in %q", typed, piece, b.String())
				}
			}
		}
	}
}
