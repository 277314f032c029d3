package audits

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
)

// doubt opens a dossier of a cause.
func (w *workshop) doubt(c trace.Cause, words string) *trace.Impact {
	w.t.Helper()
	return got(w.trace.OpenImpact(w.lead, trace.OpenImpact{Platform: w.platform.ID, Cause: c, Words: words}))(w)
}

func onImpact(i *trace.Impact) trace.Target {
	return trace.Target{Platform: i.Platform, ID: i.ID, Revision: i.Revision, Reason: "par erreur"}
}

// failedCheck is a check of 1 April that found the microscope out of tolerance; two uses are before it.
func (w *workshop) failedCheck() qms.ID {
	e := got(w.trace.EquipmentByCode(w.lead, w.platform.ID, "EQ-001"))(w)
	return got(w.trace.RecordCalibration(w.lead, trace.RecordCalibration{Platform: w.platform.ID, Equipment: e.ID, Date: day("2026-04-01"), Outcome: trace.Nonconforming, Certificate: "CE-78"}))(w).ID
}

// decide decides one line of a dossier, by its number.
func (w *workshop) decide(i *trace.Impact, number string, d trace.DecideImpact) *trace.Impact {
	w.t.Helper()
	for _, item := range got(w.trace.ImpactItems(w.lead, w.platform.ID, i.Number, trace.ItemFilter{}, qms.Cursor{}))(w).Items {
		if item.Number == number {
			d.Target, d.Items = onImpact(i), []qms.ID{item.ID}
			return got(w.trace.DecideImpact(w.lead, d))(w)
		}
	}
	w.t.Fatalf("%s has no line %s", i.Number, number)
	return nil
}

func TestPackImpacts_TellWhatWasTouchedAndWhatWasDecidedOnTheDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.furnish() // it is 1 July
		i := w.doubt(trace.Cause{Kind: trace.ByCalibration, Subject: string(w.failedCheck())}, "Dérive du laser")
		w.enclose(trace.OfImpact, i.ID, "courrier au client.txt")
		storetest.ClockOf(db).Advance(48 * 3600e9)
		i = w.decide(i, "UTI-00001", trace.DecideImpact{Decision: trace.NotAffected, Note: "image sans mesure"})
		i = w.decide(i, "UTI-00002", trace.DecideImpact{Decision: trace.RepeatIt})
		storetest.ClockOf(db).Advance(48 * 3600e9)
		got(w.trace.ConcludeImpact(w.lead, trace.ConcludeImpact{Target: onImpact(i), Words: "Une acquisition refaite"}))(w)

		opened, decided, concluded := w.contents("2026-07-01"), w.contents("2026-07-03"), w.contents("2026-07-05")
		for _, c := range []*pack.Contents{opened, decided, concluded} {
			said := spoken(c, "impacts")
			for _, words := range []string{"IMP-2026-001", "EQ-001 : contrôle non conforme du 01/04/2026", "CE-78", "Dérive du laser", "UTI-00001", "UTI-00002", i.Digest} {
				if !strings.Contains(strings.ReplaceAll(said, "\u202f", " "), words) && !strings.Contains(said, words) {
					t.Errorf("as of %s it does not say %q: %s", c.AsOf, words, said)
				}
			}
			if c.Shown["impacts"] != 3+1 { // the dossier, two lines, a file
				t.Errorf("as of %s %d facts are shown", c.AsOf, c.Shown["impacts"])
			}
			for words, from := range map[string]string{"image sans mesure": "2026-07-03", "À refaire": "2026-07-03", "Une acquisition refaite": "2026-07-05"} {
				if strings.Contains(said, words) != (c.AsOf >= day(from)) {
					t.Errorf("as of %s it says %q or not: %s", c.AsOf, words, said)
				}
			}
			if !refersToMark(c.Panels["equipment"], pack.ImpactMark("IMP-2026-001")) {
				t.Errorf("as of %s the line of the check does not lead to the dossier", c.AsOf)
			}
		}
		_, err := pack.Print(concluded)
		w.must(err)
		for _, f := range concluded.Files {
			if f.Entry == "evidence/IMP-2026-001_courrier au client.txt" && !refersTo(concluded.Panels["impacts"], f.SHA256) {
				t.Error("the section does not lead to the file")
			}
		}
		if said := spoken(w.contents("2026-06-30"), "impacts"); strings.Contains(said, "IMP-") {
			t.Errorf("before it was opened: %s", said)
		}
		if said := spoken(w.contentsSince("2026-07-05", "2026-07-05"), "impacts"); !strings.Contains(said, "IMP-2026-001") {
			t.Errorf("in the period of its conclusion: %s", said)
		}
		storetest.ClockOf(db).Advance(48 * 3600e9)
		if c := w.contentsSince("2026-07-06", "2026-07-07"); strings.Contains(spoken(c, "impacts"), "IMP-") || refersToMark(c.Panels["equipment"], pack.ImpactMark("IMP-2026-001")) {
			t.Errorf("in a period after it: %s", spoken(c, "impacts"))
		}
		var out bytes.Buffer
		_, err = w.MakePack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: db.Today(), Language: "fr", Sections: []string{"impacts"}}, &out)
		w.must(err)
		if names := namesIn(t, out.Bytes()); !strings.Contains(names, "evidence/IMP-2026-001_courrier au client.txt") {
			t.Errorf("the file is not enclosed: %s", names)
		}
		if _, err = archive.Verify(bytes.NewReader(out.Bytes()), int64(out.Len())); err != nil {
			t.Error(err)
		}
	})
}

func refersToMark(panels []pack.Panel, mark string) (found bool) {
	for _, ref := range refsOf(panels) {
		found = found || ref.Mark == mark
	}
	return found
}

// A voided training, a wrong version and a fault are causes too; a dossier opened by mistake says why it is
// void and lists nothing.
func TestPackImpacts_TellOfEveryCause(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.furnish()
		id := w.trained()
		given := got(w.trace.Training(w.lead, w.platform.ID, id))(w).Training
		got(w.trace.VoidTraining(w.lead, trace.Target{Platform: w.platform.ID, ID: id, Revision: given.Revision, Reason: "attestation fausse"}))(w)
		w.doubt(trace.Cause{Kind: trace.ByTraining, Subject: string(id)}, "La formation n’a pas eu lieu")
		w.doubt(trace.Cause{Kind: trace.ByInstruction, Instruction: "MO-ANA-001", InstructionVersion: "1.0", From: day("2026-01-01")}, "Formule fausse")
		w.doubt(trace.Cause{Kind: trace.ByFault, Subject: "EQ-001", From: day("2026-01-15"), Through: day("2026-03-05")}, "Lampe en fin de vie")
		mistaken := w.doubt(trace.Cause{Kind: trace.ByFault, Subject: "EQ-001", From: day("2026-03-06"), Through: day("2026-03-06")}, "Autre lampe")
		got(w.trace.VoidImpact(w.lead, onImpact(mistaken)))(w)
		for lang, words := range map[string][]string{
			"fr": {"attestation fausse", "Formule fausse", "Lampe en fin de vie", "RAP-2026-0001", "UTI-00001", "par erreur", "À décider"},
			"en": {"attestation fausse", "Wrong", "Lampe en fin de vie", "RAP-2026-0001", "UTI-00001", "par erreur", "To decide"},
		} {
			c := w.contentsIn(lang, db.Today())
			said := spoken(c, "impacts")
			for _, word := range words {
				if !strings.Contains(strings.ToLower(said), strings.ToLower(word)) {
					t.Errorf("%s: it does not say %q: %s", lang, word, said)
				}
			}
			if strings.Contains(said, "Autre lampe") {
				t.Errorf("%s: a dossier that was a mistake is told: %s", lang, said)
			}
			if !refersToMark(c.Panels["impacts"], pack.DocumentMark("MO-ANA-001")) || !refersToMark(c.Panels["impacts"], pack.ServiceMark("DEM-2026-0001")) {
				t.Errorf("%s: it leads neither to the instruction nor to the service", lang)
			}
		}
	})
}

// However many lines a dossier has, the pages list and prove a stated number of them, those with a consequence
// first, and say where the rest is.
func TestPackImpacts_ListABoundedNumberOfLines(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.furnish()
		var many []trace.UseRow
		for n := range 3 * impactShown {
			many = append(many, trace.UseRow{Number: fmt.Sprintf("UTI-1%04d", n), Person: "P01", Equipment: "EQ-001", Date: day("2026-03-10"), Minutes: 5})
		}
		w.change("registers.import", func(tx *store.Tx) error {
			_, err := w.trace.TakeRegisters(w.lead, tx, trace.Registers{Uses: many})
			return err
		})
		i := w.doubt(trace.Cause{Kind: trace.ByCalibration, Subject: string(w.failedCheck())}, "Dérive du laser")
		var last trace.ImpactItem // lines of one day stand in the order of their identifiers
		items := got(w.trace.ImpactItems(w.lead, w.platform.ID, i.Number, trace.ItemFilter{}, qms.Cursor{Size: 1}))(w)
		i = got(w.trace.DecideImpact(w.lead, trace.DecideImpact{Target: onImpact(i), Items: []qms.ID{items.Items[0].ID}, Decision: trace.RepeatIt}))(w)
		i = got(w.trace.DecideImpact(w.lead, trace.DecideImpact{Target: onImpact(i), Rest: true, Decision: trace.NotAffected, Note: "sans mesure"}))(w)
		w.change("impact.note", func(tx *store.Tx) error { // the last line is one with a consequence
			if err := tx.Select(&last).Where("impact = ?", i.ID).Order("position DESC").Limit(1).Scan(w.lead); err != nil {
				return err
			}
			last.Decision = trace.RestrictUse
			return tx.Update(w.lead, &last)
		})
		c := w.contentsIn("fr", db.Today())
		said := strings.ReplaceAll(spoken(c, "impacts"), "\u202f", " ")
		if rows := c.Panels["impacts"][2].Rows; len(rows) != impactShown || rows[0][0].Text != items.Items[0].Number || rows[len(rows)-1][0].Text != last.Number {
			t.Errorf("%d lines are listed, from %v to %v", len(rows), rows[0], rows[len(rows)-1])
		}
		if c.Shown["impacts"] != impactShown+1 || !strings.Contains(said, "Non touché : 300") || !strings.Contains(said, "100 lignes sur 302 sont listées ici") || !strings.Contains(said, "registre « Impacts »") {
			t.Errorf("%d facts are shown; it says %s", c.Shown["impacts"], said)
		}
	})
}
