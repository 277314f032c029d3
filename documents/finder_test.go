package documents

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms"
)

var library = []Target{
	{"1", "PR-ACH-003", "Achats et réception"},
	{"2", "MO-MIC-004", "Réglage des lasers du confocal A"},
	{"3", "FO-PRE-002", "Fiche de demande de prestation"},
	{"4", "MQ-PIL-001", "Manuel qualité"},
	{"5", "LI-CLI-001", "Clinical Evaluation Plan"},
	{"6", "LI-CLI-002", "Post-Market Clinical Evaluation Plan"},
	{"7", "LI-CAP-001", "Liste des actions en cours"},
	{"8", "LI-CAP-002", "Liste des actions en cours"},
	{"9", "PR-CAP-001", "SOP Corrective and Preventive Action (CAPA)"},
	{"11", "FO-DEV-001", "Checklist: Software Release"},
	{"10", "DOC 12", "L’œuvre des mesures d’étalonnage"},
}

var libraryFinder = NewFinder(MustPattern(DefaultPattern), Vocabulary{Kinds: []string{"PR", "MO", "FO", "MQ", "LI"}, Processes: []string{"ACH"}}, library)

// said lists what a text names as "code by basis", a question mark behind what is only suggested and
// an exclamation mark behind what is unknown.
func names(text string, self qms.ID) (got []string) {
	for _, m := range libraryFinder.Find(text, self) {
		s := m.Code + " by " + string(m.Basis)
		if m.Suggested {
			s += "?"
		}
		if m.Target == "" {
			s += "!"
		}
		got = append(got, s)
	}
	return got
}

func TestFind_KnowsCodesAndTitlesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"voir PR-ACH-003.", []string{"PR-ACH-003 by code"}},
		{"voir pr-ach-003, puis (MO-MIC-004)", []string{"PR-ACH-003 by code", "MO-MIC-004 by code"}},
		{"PR\u2011ACH\u2013003 et PR_ACH_003_v2.1.docx", []string{"PR-ACH-003 by code"}},
		{"selon PR ACH 003", []string{"PR-ACH-003 by code"}},
		{"selon pr ach 003", nil},
		{"coupé en PR-ACH-\n003 par la ligne", []string{"PR-ACH-003 by code"}},
		{"PR-ACH-0031, XPR-ACH-003, PR-ACH-003a", nil},
		{"le code CYT-PR-ACH-003 d’une autre plateforme", nil},
		{"selon-PR-ACH-003 et 2023-PR-ACH-003", []string{"PR-ACH-003 by code"}},
		{"PR. ACH. 003", nil},
		{"MO-MIC-999 reste à écrire", []string{"MO-MIC-999 by code!"}},
		{"mo-mic-999 aussi", []string{"MO-MIC-999 by code!"}},
		{"ISO-9001, COVID-19, EN-12-003 et AB-MIC-001", nil},
		{"selon EN ISO 13485:2016, EN-IEC-62304 et NF EN ISO 9001", nil},
		{"document DOC 12", []string{"DOC 12 by code"}},
		{"voir le REGLAGE DES LASERS DU CONFOCAL A", []string{"MO-MIC-004 by title"}},
		{"réglage\ndes lasers du con\u00adfocal a", []string{"MO-MIC-004 by title"}},
		{"Réglage des lasers. Du confocal A", nil},
		{"Réglage des lasers du confocal AB", nil},
		{"Préréglage des lasers du confocal A", nil},
		{"le Manuel qualité", []string{"MQ-PIL-001 by title?"}},
		{"le **Manuel** _qualité_ (MQ-PIL-001)", []string{"MQ-PIL-001 by code"}},
		{"la Liste des actions en cours", []string{"LI-CAP-001 by title?", "LI-CAP-002 by title?"}},
		{"the Post Market Clinical Evaluation Plan", []string{"LI-CLI-002 by title"}},
		{"the Postmarket Clinical-Evaluation Plan", []string{"LI-CLI-002 by title"}},
		{"the Clinical Evaluation Plan", []string{"LI-CLI-001 by title"}},
		{"see SOP Corrective and Preventive Action (CAPA)", []string{"PR-CAP-001 by title"}},
		{"see SOP Corrective and Preventive Action", []string{"PR-CAP-001 by title?"}},
		{"the Checklist: Software Release, filled out", []string{"FO-DEV-001 by title"}},
		{"the Checklist Software Release (filled out)", []string{"FO-DEV-001 by title"}},
		{"a checklist. Software release", nil},
		{"le réglage : des lasers du confocal A", nil},
		{"l'oeuvre des mesures d'etalonnage", []string{"DOC 12 by title"}},
		{"L\u2019œuvre des mesures d\u2019e\u0301talonnage", []string{"DOC 12 by title"}},
	} {
		if diff := cmp.Diff(c.want, names(c.text, "")); diff != "" {
			t.Errorf("%q (-want +got)\n%s", c.text, diff)
		}
	}
}

func TestFind_LeavesTheDocumentItselfOut(t *testing.T) {
	t.Parallel()
	text := "PR-ACH-003 Achats et réception. Post-Market Clinical Evaluation Plan. Liste des actions en cours"
	if got := names(text, "1"); slices.Contains(got, "PR-ACH-003 by code") {
		t.Errorf("got %v", got)
	}
	if got := names(text, "7"); slices.Contains(got, "LI-CAP-002 by title?") {
		t.Errorf("a document that says its own title was taken for another of that title: %v", got)
	}
}

func TestFind_CountsAndQuotesTheFirstMention(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("é ", 100) + "appliquer\n\tPR-ACH-003 puis remplir " + strings.Repeat("à", 90) + " PR-ACH-003"
	got := libraryFinder.Find(text, "")
	if len(got) != 1 || got[0].Count != 2 {
		t.Fatalf("got %+v", got)
	}
	if c := got[0].Context; !strings.Contains(c, "appliquer PR-ACH-003 puis remplir") || !strings.HasPrefix(c, "…") || !strings.HasSuffix(c, "…") {
		t.Errorf("context %q", c)
	}
}

// slowFind is what Find promises for titles, word by word and document by document.
func slowTitles(text string, targets []Target) map[qms.ID]bool {
	found := map[qms.ID]bool{}
	words := wordsOf(text)
	type place struct{ from, until int }
	var places []place
	var who []qms.ID
	for _, t := range targets {
		title := keyOf(titleWords(t.Title))
		for i := range words {
			for j := i + 1; j <= len(words); j++ {
				if keyOf(words[i:j]) == title {
					places, who = append(places, place{i, j}), append(who, t.ID)
				}
			}
		}
	}
	for k, p := range places {
		inside := slices.ContainsFunc(places, func(q place) bool {
			return q != p && q.from <= p.from && q.until >= p.until
		})
		if !inside {
			found[who[k]] = true
		}
	}
	return found
}

func TestFind_AgreesWithASlowSearchOnTitles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "ab", "é", "c"}), 1, 4)
		var targets []Target
		for i, title := range rapid.SliceOfN(words, 1, 6).Draw(t, "titles") {
			targets = append(targets, Target{qms.ID(fmt.Sprint(i)), fmt.Sprintf("ZZ%d", i), strings.Join(title, " ")})
		}
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "ab", "É", "e", "C", "-", ".", "\n", "\n\n", "’"}), 0, 25).Draw(t, "text")
		text := strings.Join(parts, " ")
		want := slowTitles(text, targets)
		got := map[qms.ID]bool{}
		for _, m := range NewFinder(MustPattern(DefaultPattern), Vocabulary{}, targets).Find(text, "") {
			got[m.Target] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q in %q (-want +got)\n%s", targets, text, diff)
		}
	})
}

func TestFind_TakesAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for _, m := range libraryFinder.Find(text, "") {
			if m.Code == "" || m.Count < 1 {
				t.Fatalf("%q: %+v", text, m)
			}
		}
	})
}

func TestSnippet_StaysWithinTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for _, w := range wordsOf(text) {
			if s := snippet(text, w.start, w.end); !strings.Contains(s, text[w.start:w.end]) {
				t.Fatalf("%q around %q", s, text[w.start:w.end])
			}
		}
	})
}

func TestCodesIn_FindsTheCodeInAFileName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"PR-ACH-003_v2.1_2023-04-12": "PR-ACH-003", "PR ACH 003 V2": "PR-ACH-003", "pr_ach_003 achats": "PR-ACH-003",
		"2023-04-12 MO-MIC-004": "MO-MIC-004", "sop-purchasing": "", "ISO-9001-2015": "",
	} {
		got := strings.Join(libraryFinder.CodesIn(name), " ")
		if got != want {
			t.Errorf("%q holds %q, want %q", name, got, want)
		}
	}
}

func TestFind_ATitleWithoutItsBracketsIsOnlySuggested(t *testing.T) {
	t.Parallel()
	f := NewFinder(MustPattern(DefaultPattern), Vocabulary{}, []Target{
		{"1", "A-1", "Performance Evaluation Plan (IVDD)"}, {"2", "A-2", "Post-Market Performance Evaluation Plan"}, {"3", "A-3", "Liste (2023)"},
	})
	for text, want := range map[string]string{
		"the performance evaluation plan says":    "A-1?",
		"Performance Evaluation Plan (IVDD)":      "A-1",
		"Post-Market Performance Evaluation Plan": "A-2",
		"la liste des autres":                     "",
	} {
		var got []string
		for _, m := range f.Find(text, "") {
			got = append(got, m.Code+map[bool]string{true: "?"}[m.Suggested])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q names %v, want %q", text, got, want)
		}
	}
}
