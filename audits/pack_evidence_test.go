package audits

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
)

// prove gives a file to a session, a deliverable, an evaluation mission, a label of another body, a candidacy,
// a use, a training, a group training and a piece of equipment. It returns the names in the archive by the
// section that tells of the record.
func (w *workshop) prove() map[string][]string {
	w.t.Helper()
	asked := w.furnish()
	at, officer := w.platform.ID, storetest.As(qms.QualityOfficer)
	for kind, subject := range map[trace.EvidenceKind]qms.ID{
		trace.OfMeeting: asked.AskedAt, trace.OfDeliverable: asked.ID,
		trace.OfMission:    got(w.label.OpenMission(officer, label.OpenMission{Platform: at, Kind: label.MissionExtraordinary}))(w).ID,
		trace.OfOtherLabel: got(w.label.AddOtherLabel(w.lead, label.StateOtherLabel{Platform: at, Kind: label.OtherIBiSA, Body: "Groupement", Number: "IB/42", From: day("2025-01-01")}))(w).ID,
		trace.OfCandidacy:  got(w.label.Candidacies(officer, at))(w).Candidacy.ID,
		trace.OfEquipment:  got(w.trace.EquipmentByCode(w.lead, at, "EQ-001"))(w).ID,
		trace.OfTraining:   w.trained(),
		trace.OfUse:        got(w.trace.Uses(w.lead, at, trace.UseFilter{Sort: "number"}, qms.Cursor{}))(w).Items[0].Use.ID,
	} {
		w.enclose(kind, subject, fmt.Sprintf("pièce %s.txt", kind))
	}
	sheet := got(w.Draw(officer, Draw{Platform: at, Kind: Access, Direction: Upstream, AsOf: w.db.Today(), Seed: "graine", Size: 2}))(w)
	got(w.Conclude(officer, Conclude{Platform: at, Exercise: sheet.Exercise.Number, Verdict: Failed, Remark: "à reprendre"}))(w)
	return map[string][]string{
		"sessions":  {"SEA-2026-001_pièce meeting.txt", "LIV-001_pièce deliverable.txt"},
		"label":     {"EVA-2026-001_pièce mission.txt", "IB_42_pièce other-label.txt", "candidature 2023-01-10_pièce candidacy.txt"},
		"equipment": {"EQ-001_pièce equipment.txt"},
		"uses":      {"P02_EQ-001_2026-01-20_pièce training.txt"},
		"dossiers":  {"UTI-00001_pièce use.txt"},
	}
}

// trained is a training that covers the analysis of the service that was drawn.
func (w *workshop) trained() qms.ID {
	e := got(w.trace.EquipmentByCode(w.lead, w.platform.ID, "EQ-001"))(w)
	return got(w.trace.RecordTraining(w.lead, trace.RecordTraining{Platform: w.platform.ID, Person: personOf(w, "P02"), Equipment: e.ID, Trainer: personOf(w, "P01"),
		Date: day("2026-01-20"), Months: 12}))(w).ID
}

func TestMakePack_EnclosesTheFilesOfWhatItsSectionsTell(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		proofs := w.prove()
		c := w.contentsIn("fr", db.Today())
		_, err := pack.Print(c) // names the files
		w.must(err)
		for section, names := range proofs {
			for _, name := range names {
				i := slices.IndexFunc(c.Files, func(f pack.File) bool { return f.Entry == "evidence/"+name })
				if i < 0 {
					t.Errorf("%s is not enclosed", name)
					continue
				}
				if !refersTo(c.Panels[section], c.Files[i].SHA256) {
					t.Errorf("section %s does not lead to %s", section, name)
				}
			}
		}
		var out bytes.Buffer
		_, err = w.MakePack(w.lead, PreparePack{Platform: w.platform.ID, AsOf: db.Today(), Language: "fr"}, &out)
		w.must(err)
		if _, err = archive.Verify(bytes.NewReader(out.Bytes()), int64(out.Len())); err != nil {
			t.Error(err)
		}
		for _, names := range proofs {
			for _, name := range names {
				if !strings.Contains(namesIn(t, out.Bytes()), "evidence/"+name) {
					t.Errorf("the archive lacks %s", name)
				}
			}
		}
	})
}

func refersTo(panels []pack.Panel, content [32]byte) (found bool) {
	for _, ref := range refsOf(panels) {
		found = found || ref.File == content
	}
	return found
}

func refsOf(panels []pack.Panel) (all []pack.Ref) {
	for _, p := range panels {
		for _, row := range p.Rows {
			for _, cell := range row {
				all = append(all, cell.Refs...)
			}
		}
	}
	return all
}

func TestMakePack_LeavesOutTheFilesOfWhatItDoesNotTell(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.prove()
		enclosed := func(cmd PreparePack) string {
			cmd.Platform, cmd.AsOf, cmd.Language = w.platform.ID, db.Today(), "fr"
			var out bytes.Buffer
			_, err := w.MakePack(w.lead, cmd, &out)
			w.must(err)
			return namesIn(t, out.Bytes())
		}
		if names := enclosed(PreparePack{Sections: []string{"sessions"}}); !strings.Contains(names, "SEA-2026-001_") || strings.Contains(names, "EVA-2026-001_") {
			t.Errorf("of the sessions alone: %s", names)
		}
		if names := enclosed(PreparePack{WithoutFiles: true}); strings.Contains(names, "evidence/") {
			t.Errorf("without files: %s", names)
		}
		storetest.ClockOf(db).Advance(48 * 3600e9)
		names := enclosed(PreparePack{From: day("2026-07-02"), Sections: []string{"sessions", "equipment"}})
		if strings.Contains(names, "SEA-2026-001_") || !strings.Contains(names, "LIV-001_") || !strings.Contains(names, "CE-77") {
			t.Errorf("of a period after the session: %s", names)
		}
		w.must(second(w.trace.VoidEvidence(w.lead, w.evidenceNamed("pièce deliverable.txt"))))
		if names := enclosed(PreparePack{Sections: []string{"sessions"}}); strings.Contains(names, "LIV-001_") {
			t.Errorf("a file that was declared a mistake: %s", names)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func (w *workshop) evidenceNamed(name string) trace.Target {
	w.t.Helper()
	var e trace.Evidence
	w.must(w.db.View(w.lead, qms.ReadTrace.On(w.platform.ID), func(r store.Reader) error {
		return r.Select(&e).Where("name = ?", name).Scan(w.lead)
	}))
	return trace.Target{Platform: w.platform.ID, ID: e.ID, Revision: e.Revision, Reason: "par erreur"}
}

// A training is listed where a drawn service, a drawn use or an answer refers to it, also when it was given
// before the period.
func TestPackPanels_ListTheTrainingsThatTheyReferTo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.prove()
		var named trace.Training
		w.must(w.db.View(w.lead, qms.ReadTrace.On(w.platform.ID), func(r store.Reader) error {
			return r.Select(&named).Where("date = ?", day("2026-01-20")).Scan(w.lead)
		}))
		got(w.label.StateAnswer(w.lead, label.StateAnswer{Platform: w.platform.ID, Code: "Q-02", Level: label.FullyMet, Remark: "Voir",
			Links: []label.Link{{Kind: label.LinkTraining, Code: string(named.ID)}}}))(w)
		c := w.contentsSince("2026-06-01", db.Today().String())
		listed := map[string]string{}
		for _, p := range c.Panels["uses"] {
			for _, row := range p.Rows {
				if mark := row[0].Mark; strings.HasPrefix(mark, "training:") {
					listed[mark] = row[0].Text + " " + row[1].Text
				}
			}
		}
		if len(listed) != 2 {
			t.Errorf("listed are %v", listed)
		}
		cited := map[string]bool{}
		for _, section := range []string{"dossiers", "assessment"} {
			n := 0
			for _, ref := range refsOf(c.Panels[section]) {
				if !strings.HasPrefix(ref.Mark, "training:") {
					continue
				}
				n++
				cited[ref.Mark] = true
				if listed[ref.Mark] == "" {
					t.Errorf("section %s refers to %s, which is not listed", section, ref.Text)
				}
			}
			if n == 0 {
				t.Errorf("section %s refers to no training", section)
			}
		}
		if len(cited) != 2 {
			t.Errorf("cited are %v", cited)
		}
		if said := spoken(c, "uses"); !strings.Contains(said, "2 habilitations données avant la période") {
			t.Errorf("the list does not say why it has older ones: %s", said)
		}
	})
}

func TestCovering_IsTheTrainingThatHeldElseTheLastOne(t *testing.T) {
	t.Parallel()
	training := func(id, from string, months qms.Months) trace.Training {
		return trace.Training{Row: qms.Row{ID: qms.ID(id)}, Person: "p", Equipment: "e", Date: day(from), Months: months}
	}
	all := []trace.Training{training("first", "2024-01-01", 12), training("for years", "2024-06-01", 48), training("short", "2026-01-01", 1), training("later", "2026-09-01", 12),
		{Row: qms.Row{ID: "other"}, Person: "q", Equipment: "e", Date: day("2026-01-02")}}
	for on, want := range map[string]qms.ID{"2023-12-31": "", "2024-02-01": "first", "2026-01-15": "short", "2026-03-01": "for years", "2026-09-01": "later", "2029-01-01": "later"} {
		found := covering(all, "p", "e", day(on))
		if want == "" && found != nil || want != "" && (found == nil || found.ID != want) {
			t.Errorf("on %s: %+v, want %s", on, found, want)
		}
	}
}
