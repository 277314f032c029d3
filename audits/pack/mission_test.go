package pack

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/locale"
)

// someMission is a mission of 60 criteria that was decided under a condition.
func someMission() *label.MissionSheet {
	day := qms.MustDate
	v := &label.MissionSheet{Mission: label.Mission{Number: "EVA-2026-001", Kind: label.MissionInitial, Referential: "Exemple", OpenedOn: day("2026-03-02"), AccessFrom: day("2026-03-02"),
		AccessUntil: day("2026-06-02"), VisitFrom: day("2026-03-10"), VisitThrough: day("2026-03-11"), Plan: []label.PlanItem{{Day: day("2026-03-10"), From: "09:00", Until: "10:30", Topic: "Ouverture"}},
		Report: "Un système vivant.\n\nDeux écarts.", ReportOn: day("2026-03-20"), ReportBy: "a", Observations: "Sans réserve", ObservationsOn: day("2026-03-25"), ObservationsBy: "b"},
		Evaluators: []label.MissionEvaluator{{Name: "Agent 03", Lead: true, DeclaredOn: day("2026-03-04")}, {Name: "Agent 04"}},
		Decision:   &label.MissionDecision{Body: "Comité", Date: day("2026-04-14"), Outcome: label.OutcomeConditions},
		Conditions: []label.AwardCondition{{Words: "Écrire la procédure", DueOn: day("2026-08-31")}}, Names: map[qms.ID]string{"a": "Agent 03", "b": "Agent 07"}}
	for n := range 60 {
		v.Findings = append(v.Findings, label.MissionFinding{Chapter: string(label.Themes()[n/6]), Code: "C-" + string(rune('A'+n%26)), Criterion: "Le critère en français", CriterionEn: "The criterion in English",
			Finding: label.Findings()[n%7], Note: strings.Repeat("Preuve vue. ", n%5)})
	}
	return v
}

func TestPrintMission_SaysAllOfItInTheLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	for language, words := range map[string][]string{
		"fr": {"Rapport d’évaluation EVA-2026-001", "Plateforme d’exemple", "10 mars 2026 – 11 mars 2026", "Agent 03", "Un système vivant.", "Deux écarts.", "Sans réserve", "Label attribué avec conditions",
			"Écrire la procédure", "31/08/2026", "Démarche qualité", "Le critère en français", "Écart majeur", "remis le 20/03/2026, signé par Agent 03"},
		"en": {"Evaluation report EVA-2026-001", "The criterion in English", "Major deviation", "Label awarded with conditions"},
	} {
		print := func() []byte {
			var out bytes.Buffer
			m := MissionOf(someMission(), locale.For(language), "Plateforme d’exemple", "done", "Décidée", time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC))
			if err := PrintMission(&out, m); err != nil {
				t.Fatal(err)
			}
			return out.Bytes()
		}
		if !bytes.Equal(print(), print()) {
			t.Error("the same mission gives other bytes")
		}
		all := pages(t, print())
		text := strings.Join(strings.Fields(strings.Join(all, " ")), " ")
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is not said", language, w)
			}
		}
		if len(all) < 3 || !strings.Contains(all[len(all)-1], "EVA-2026-001") {
			t.Errorf("%d pages", len(all))
		}
	}
}
