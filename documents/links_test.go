package documents

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/documents/text"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// shownAs writes references down as "code basis problem".
func shownAs(refs []Reference) (lines []string) {
	for _, ref := range refs {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", ref.shown(), ref.Basis, ref.Problem)))
	}
	return lines
}

func (r room) expect(what string, got []Reference, want ...string) {
	r.t.Helper()
	if diff := cmp.Diff(want, shownAs(got)); diff != "" {
		r.t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func TestLinks_AreKnownInBothDirections(t *testing.T) {
	each(t, func(r room) {
		a, va := r.create("PR", "ACH", "Achats et réception", "Remplir FO-ACH-001 puis MO-ACH-007. Voir aussi la Fiche de réception des colis.")
		r.expect("before the form exists", r.sheet(writer, a.Code).Refers, "FO-ACH-001 code unknown", "MO-ACH-007 code unknown")
		b, vb := r.create("FO", "ACH", "Fiche de réception des colis", "Selon PR-ACH-001, les achats ET RECEPTION")
		r.expect("the form became known", r.sheet(writer, a.Code).Refers, "FO-ACH-001 code", "MO-ACH-007 code unknown")
		r.expect("who refers to the form", r.sheet(writer, b.Code).ReferredBy, "PR-ACH-001 code")
		r.expect("who refers to the procedure", r.sheet(writer, a.Code).ReferredBy, "FO-ACH-001 code")
		r.expect("a reader sees no link out of a draft", r.sheetAfter(va, a.Code).ReferredBy)
		r.approve(vb, 0)
		r.expect("now it is in force", r.sheet(reader, a.Code).ReferredBy, "FO-ACH-001 code")
		_, err := r.Withdraw(lead, Withdraw{Platform: mic, Version: vb.ID, Reason: "replaced by the tool"})
		r.must(err)
		r.expect("the form is withdrawn", r.sheet(reader, a.Code).Refers, "FO-ACH-001 code obsolete", "MO-ACH-007 code unknown")
		all, err := r.Links(reader, mic, 0)
		r.must(err)
		if len(all) != 3 {
			t.Errorf("the report has %d links: %+v", len(all), all)
		}
	})
}

func TestLinks_NameNoDraftToWhoMayNotReadIt(t *testing.T) {
	each(t, func(r room) {
		a, va := r.create("PR", "ACH", "Achats et réception", "Remplir FO-ACH-001 puis MO-ACH-007.")
		_, vb := r.create("FO", "ACH", "Fiche de réception des colis", "Rien.")
		r.approve(va, 0)
		r.expect("the team", r.sheet(writer, a.Code).Refers, "FO-ACH-001 code", "MO-ACH-007 code unknown")
		r.expect("a reader", r.sheet(reader, a.Code).Refers, "MO-ACH-007 code unknown")
		if all, err := r.Links(reader, mic, 0); err != nil || len(all) != 1 {
			t.Errorf("the report names %+v, %v", all, err)
		}
		r.approve(vb, 0)
		r.expect("a reader, once it is in force", r.sheet(reader, a.Code).Refers, "FO-ACH-001 code", "MO-ACH-007 code unknown")
	})
}

// sheetAfter approves the version and looks at the document as a reader does.
func (r room) sheetAfter(v *Version, code string) *Sheet {
	r.t.Helper()
	r.approve(v, 0)
	return r.sheet(reader, code)
}

func TestLinks_FollowACorrectedTitle(t *testing.T) {
	each(t, func(r room) {
		a, _ := r.create("PR", "ACH", "Achats", "voir Fiche de réception des colis")
		b, _ := r.create("FO", "ACH", "Fiche de réception", "text")
		r.expect("another title", r.sheet(writer, a.Code).Refers, "FO-ACH-001 title")
		title := "Fiche de réception des colis froids"
		_, err := r.Revise(lead, Revise{Platform: mic, Document: b.ID, Title: &title, Reason: "only the cold ones"})
		r.must(err)
		r.expect("not quoted any more", r.sheet(writer, a.Code).Refers)
		title = "Fiche de réception des colis"
		_, err = r.Revise(lead, Revise{Platform: mic, Document: b.ID, Title: &title, Reason: "all of them"})
		r.must(err)
		r.expect("quoted again", r.sheet(writer, a.Code).Refers, "FO-ACH-001 title")
		title = "Fiche colis"
		_, err = r.Revise(lead, Revise{Platform: mic, Document: b.ID, Title: &title, Reason: "shorter"})
		r.must(err)
		c, _ := r.create("PR", "ACH", "Tri", "la fiche colis")
		r.expect("a short title is only suggested", r.sheet(writer, c.Code).Refers, "FO-ACH-001 title suggested")
	})
}

func TestLinks_OfASupersededTextCountNoMore(t *testing.T) {
	each(t, func(r room) {
		a, va := r.create("PR", "ACH", "Achats", "voir PR-ACH-002")
		b, _ := r.create("PR", "ACH", "Tri", "text")
		r.approve(va, 0)
		r.expect("named by 1.0", r.sheet(writer, b.Code).ReferredBy, "PR-ACH-001 code")
		r.approve(r.next(a, "nothing named"), r.db.Today().AddDays(1))
		r.expect("until 2.0 takes effect", r.sheet(writer, b.Code).ReferredBy, "PR-ACH-001 code")
		r.days(1)
		r.expect("named no more", r.sheet(writer, b.Code).ReferredBy)
	})
}

func (r room) take(rows ...ImportedFile) ([]FileTaken, Taken, error) {
	var files []FileTaken
	var taken Taken
	act := qms.Act{Name: "documents.import", Needs: qms.ImportRegisters.On(mic), Platform: mic}
	err := r.db.Change(lead, act, func(tx *store.Tx) (err error) {
		files, taken, err = TakeFiles(lead, tx, rows)
		return err
	})
	return files, taken, err
}

func imported(path, title, body string) ImportedFile {
	return ImportedFile{Path: path, Kind: "PR", Process: "QMS", Title: title, File: File{
		Name: path, MediaType: "text/markdown", Size: int64(len(body)), Digest: vault.DigestOf([]byte(body)),
		Text: text.Text{Title: title, Body: body},
	}}
}

func TestTakeFiles_LinksTheWholeBatchAndTheTextsThatWereThere(t *testing.T) {
	each(t, func(r room) {
		before, _ := r.create("PR", "ACH", "Achats", "voir Maîtrise de la documentation qualité et MO-ANA-004")
		files, taken, err := r.take(
			imported("qms/PR-QMS-010_v2.1.md", "Audit interne", "voir MO-ANA-004"),
			imported("qms/doc.md", "Maîtrise de la documentation qualité", "selon PR-QMS-010"),
			imported("lab/analyse.md", "Analyse", "MO-ANA-004\n\nMode opératoire d’analyse; voir PR-ACH-001"),
		)
		r.must(err)
		if taken != (Taken{Added: 3}) {
			t.Errorf("taken %+v", taken)
		}
		var got []string
		for _, f := range files {
			got = append(got, fmt.Sprintf("%s %v %s %s %v", f.Code, f.Adopted, f.Kind, f.Version, f.Links))
		}
		want := []string{
			"PR-QMS-010 true PR 1.0 [{MO-ANA-004 code}]",
			"PR-QMS-011 false PR 1.0 [{PR-QMS-010 code}]",
			"MO-ANA-004 true PR 1.0 [{PR-ACH-001 code}]",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		r.expect("what was there before", r.sheet(writer, before.Code).Refers, "MO-ANA-004 code", "PR-QMS-011 title")
		if s := r.sheet(reader, "PR-QMS-010"); s.InForce == nil || !s.InForce.TakenOver {
			t.Errorf("taken over as %+v", s.Current)
		}
	})
}

func TestTakeFiles_TwiceChangesNothing(t *testing.T) {
	each(t, func(r room) {
		rows := []ImportedFile{imported("a.md", "Audit interne", "voir PR-QMS-002"), imported("b.md", "Achats", "text")}
		_, _, err := r.take(rows...)
		r.must(err)
		size := r.leaves()
		files, taken, err := r.take(rows...)
		r.must(err)
		if taken != (Taken{Same: 2}) || r.leaves() != size || files[0].Outcome != Same || len(files[0].Links) != 1 {
			t.Errorf("taken %+v, leaves %d then %d, %+v", taken, size, r.leaves(), files[0])
		}
		rows[1].File = imported("b.md", "Achats", "new text").File
		files, taken, err = r.take(rows...)
		r.must(err)
		if taken != (Taken{Changed: 1, Same: 1}) || files[1].Version != "2.0" || files[1].Outcome != Changed {
			t.Errorf("taken %+v, %+v", taken, files[1])
		}
		if s := r.sheet(reader, files[1].Code); s.InForce.Number().String() != "1.0" {
			t.Errorf("a changed file took effect without a round: %s", s.InForce.Number())
		}
	})
}

func (r room) leaves() (size int64) {
	r.t.Helper()
	r.must(r.db.View(lead, qms.ReadTrail.On(mic), func(rd store.Reader) (err error) {
		size, _, err = store.Head(lead, rd, string(mic))
		return err
	}))
	return size
}

func TestTakeFiles_SaysWhatIsWrongWithEachFileAndTakesNone(t *testing.T) {
	each(t, func(r room) {
		a, b, c := imported("a.md", "A", "x"), imported("b.md", "B", "y"), imported("c.md", "C", "z")
		a.Version, b.Kind, c.Code = "first", "ZZ", "PR/1"
		_, _, err := r.take(a, b, c, imported("d.md", "D", "w"), imported("PR-QMS-004.md", "E", "v"), imported("old/PR-QMS-004.md", "F", "u"))
		var names []string
		for _, f := range fieldsOf(err) {
			names = append(names, f.Name+" "+f.Key)
		}
		slices.Sort(names)
		want := []string{"0.version version.number_malformed", "1.kind kind.unknown", "2.code code.malformed", "5.code code.twice"}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if list, err := r.MasterList(lead, mic, Filter{}, qms.Cursor{}); err != nil || len(list.Items) != 0 {
			t.Errorf("taken nevertheless: %+v, %v", list, err)
		}
	})
}

func (r room) takeList(rows ...Stated) (taken Taken, err error) {
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(mic), Platform: mic}
	err = r.db.Change(lead, act, func(tx *store.Tx) (err error) {
		taken, err = TakeMasterList(lead, tx, rows)
		return err
	})
	return taken, err
}

func TestTakeMasterList_TakesVersionsWithoutContent(t *testing.T) {
	each(t, func(r room) {
		d := qms.MustDate
		rows := []Stated{
			{"mo-ana-001", "Analyse 1", "1", d("2021-02-14"), d("2022-05-14")},
			{"MO-ANA-001", "Analyse 1 bis", "2.0", d("2022-05-14"), 0},
			{"MO-ANA-001", "Analyse 1 bis", "3.0", d("2024-04-17"), 0},
			{"Proc 12", "Autre", "2015", d("2015-09-15"), 0},
		}
		taken, err := r.takeList(rows...)
		r.must(err)
		if taken != (Taken{Added: 4}) {
			t.Errorf("taken %+v", taken)
		}
		s := r.sheet(reader, "MO-ANA-001")
		if s.Title != "Analyse 1 bis" || s.Kind != "MO" || s.Process != "ANA" || s.InForce.Number().String() != "3.0" || s.InForce.HasContent() || !s.InForce.TakenOver {
			t.Errorf("the sheet is %+v", s)
		}
		if got := s.Versions[1].EffectiveUntil; got != d("2024-04-17") {
			t.Errorf("2.0 ends on %s", got)
		}
		size := r.leaves()
		if taken, err = r.takeList(rows...); err != nil || taken != (Taken{Same: 4}) || r.leaves() != size {
			t.Errorf("the second time: %+v, %v", taken, err)
		}
		rows[0].EffectiveFrom = d("2021-02-15")
		if taken, err = r.takeList(rows...); err != nil || taken != (Taken{Changed: 1, Same: 3}) {
			t.Errorf("one date corrected: %+v, %v", taken, err)
		}
		v, err := r.Attach(lead, Attach{Platform: mic, Version: s.InForce.ID, File: *r.file("3.md", "the content came later")})
		r.must(err)
		if !v.HasContent() {
			t.Error("no content attached")
		}
		r.approve(r.next(&s.Document, "text"), 0)
		if taken, err = r.takeList(rows...); err != nil || taken != (Taken{Same: 4}) {
			t.Errorf("after a round here: %+v, %v", taken, err)
		}
	})
}

func TestTakeMasterList_SaysWhatIsWrongLineByLine(t *testing.T) {
	each(t, func(r room) {
		d := qms.MustDate
		_, err := r.takeList(
			Stated{"", "x", "1.0", d("2021-01-01"), 0},
			Stated{"MO-ANA-001", "", "1.0", d("2021-01-01"), 0},
			Stated{"MO-ANA-001", "x", "un", d("2021-01-01"), 0},
			Stated{"MO-ANA-001", "x", "1.0", 0, 0},
			Stated{"MO-ANA-001", "x", "1.0", d("2021-01-01"), d("2020-01-01")},
			Stated{"MO-ANA-002", "x", "1.0", d("2021-01-01"), d("2022-01-01")},
			Stated{"MO-ANA-002", "x", "2.0", d("2021-12-31"), 0},
			Stated{"MO-ANA-003", "x", "1.0", d("2021-01-01"), 0},
			Stated{"MO-ANA-003", "x", "1", d("2021-01-01"), 0},
		)
		var names []string
		for _, f := range fieldsOf(err) {
			names = append(names, f.Name+" "+f.Key)
		}
		want := []string{
			"0.code code.malformed", "1.title document.title_missing", "2.version version.number_malformed",
			"3.effective_from version.effect_missing", "4.effective_until version.end_before_effect",
			"6.effective_from version.overlap", "8.version version.twice",
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestToSign_ListsWhatWaitsForTheActorFirst(t *testing.T) {
	each(t, func(r room) {
		_, a := r.create("PR", "ACH", "Achats", "text")
		_, b := r.create("PR", "ACH", "Tri", "text")
		r.submit(a)
		r.submit(b)
		_, err := r.Verify(checker, Verify{Platform: mic, Version: b.ID})
		r.must(err)
		waiting, err := r.ToSign(chief, mic)
		r.must(err)
		if len(waiting) != 2 || !waiting[0].Mine || waiting[0].Version.ID != b.ID || waiting[0].Meaning != ApprovedBy || waiting[1].Person != storetest.AgentID(3) {
			t.Errorf("waiting %+v", waiting)
		}
	})
}

func TestDueBy_ListsTheReviewsOfWhatIsInForce(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "text")
		r.create("PR", "ACH", "A draft", "text")
		r.approve(v, 0)
		on := r.db.Today().AddMonths(DefaultReviewMonths)
		due, err := r.DueBy(lead, mic, on)
		r.must(err)
		if len(due) != 1 || due[0].On != on || due[0].Person != storetest.AgentID(2) {
			t.Errorf("due %+v", due)
		}
		if due, err = r.DueBy(lead, mic, on.AddDays(-1)); err != nil || len(due) != 0 {
			t.Errorf("the day before: %+v, %v", due, err)
		}
	})
}

func TestOwnCode_IsNotTheCodeOfAnotherDocument(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"PR-ACH-003 Achats\n\nvoir MO-MIC-004":          "PR-ACH-003",
		"Achats\n\nCode : PR-ACH-003\tVersion : 2.0\n":  "PR-ACH-003",
		"Achats\tRéf. document n° PR-ACH-003\tpage 1\n": "PR-ACH-003",
		"voir PR-ACH-003": "",
		"Achats\nCette procédure complète PR-ACH-003": "",
		strings.Repeat("ligne\n", 20) + "PR-ACH-003":  "",
	} {
		if got := libraryFinder.ownCode(File{Text: text.Text{Body: body}}); got != want {
			t.Errorf("%q gives itself %q, want %q", body, got, want)
		}
	}
}

func TestTakeFiles_GiveContentToAListTakenOverBefore(t *testing.T) {
	each(t, func(r room) {
		d := qms.MustDate
		_, err := r.takeList(Stated{"PR-QMS-001", "Audit interne", "1.0", d("2024-01-01"), 0})
		r.must(err)
		file := imported("PR-QMS-001 audit.md", "Audit interne", "voir PR-QMS-001")
		files, taken, err := r.take(file)
		r.must(err)
		if taken != (Taken{Changed: 1}) || files[0].Version != "1.0" {
			t.Errorf("taken %+v as %+v", taken, files[0])
		}
		if s := r.sheet(reader, "PR-QMS-001"); !s.InForce.HasContent() || s.InForce.EffectiveFrom != d("2024-01-01") {
			t.Errorf("the version is %+v", s.InForce)
		}
		file.File, file.Version = imported("x.md", "Audit interne", "other").File, "1.0"
		_, _, err = r.take(file)
		r.refused("another content for a version that has one", err, qms.CodeInvalid, "version.content_fixed")
		file.Version, file.EffectiveFrom = "2.0", d("2025-03-01")
		_, taken, err = r.take(file)
		r.must(err)
		s := r.sheet(reader, "PR-QMS-001")
		if taken != (Taken{Changed: 1}) || s.InForce.Number().String() != "2.0" || s.Versions[1].EffectiveUntil != d("2025-03-01") {
			t.Errorf("taken %+v, in force %s, 1.0 ends %s", taken, s.InForce.Number(), s.Versions[1].EffectiveUntil)
		}
	})
}
