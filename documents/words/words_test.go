package words_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"maillon/documents/words"
)

// found reports whether the question finds the record, and by which of the clauses.
func found(q words.Question, a *words.Analyser, r words.Record) int {
	set := a.Set(r)
	holds := func(tokens []string) bool {
		return slices.ContainsFunc(tokens, func(t string) bool {
			if begin, prefix := strings.CutSuffix(t, "*"); prefix {
				return slices.ContainsFunc(set, func(s string) bool { return strings.HasPrefix(s, begin) })
			}
			return slices.Contains(set, t)
		})
	}
	all := func(groups [][]string) bool {
		return !slices.ContainsFunc(groups, func(g []string) bool { return !holds(g) })
	}
	at := -1
	for i, c := range q.Clauses(r.Platform) {
		if all(c.All) && !(c.But != nil && all(c.But)) && !holds(c.None) {
			if at >= 0 {
				return -2 // two clauses fit
			}
			at = i
		}
	}
	if at >= 0 && q.HasPhrases() && !q.Holds(a, r.Code, r.Title, r.Text) {
		return -1
	}
	return at
}

func TestAsk_FindsFormsOfAWord(t *testing.T) {
	t.Parallel()
	french := "Les pipettes étalonnées sont vérifiées par le laboratoire.\nL’œuvre d’un opérateur habilité, aujourd’hui : contrôle n° 12 de la procédure PR-ACH-003.\nLes journaux des appareils."
	english := "The calibrated balances are checked by the operators.\nNot every batch is verified."
	cases := []struct {
		typed, text string
		finds       bool
	}{
		{"etalonner", french, true},
		{"ÉTALONNAGE ", french, false},
		{"pipette", french, true},
		{"vérifier", french, true},
		{"verifie", french, true},
		{"oeuvre", french, true},
		{"l'œuvre", french, true},
		{"d’un opérateur", french, true},
		{"habilités", french, true},
		{"journal", french, true},
		{"appareil", french, true},
		{"les appareils du laboratoire", french, true},
		{"notes", english, false},
		{"calibrating", english, true},
		{"balance", english, true},
		{"batches", english, true},
		{"verify", english, true},
		{"operateurs", english, false},
		{"pipette balance", french, false},
		{"pipette -laboratoire", french, false},
		{"pipette -balance", french, true},
		{"proc", french, true},
		{"proc ", french, false},
		{"rocedure", french, false},
		{"vérifi", french, true},
		{"PR-ACH-003", french, true},
		{"PR ACH 003", french, true},
		{"ACH-003", french, true},
		{"ach 003", french, true},
		{"PR-003", french, false},
		{"PR-ACH-00", french, true},
		{"\"pipettes étalonnées\"", french, true},
		{"\"pipette etalonnee\"", french, true},
		{"«pipettes vérifiées»", french, false},
		{"\"vérifiées par le labo", french, true},
		{"\"le par\"", french, false},
		{"le", french, true},
		{"the", french, false},
	}
	a := words.New()
	for _, c := range cases {
		at := found(a.Ask(c.typed), a, words.Record{Platform: "p-1", Text: c.text})
		if (at >= 0) != c.finds || at < -1 {
			t.Errorf("%q finds by clause %d, want %t: %v", c.typed, at, c.finds, a.Ask(c.typed).Clauses("p-1")[3])
		}
	}
}

func TestClauses_PutCodesFirstThenTitlesThenWhatATextIsAbout(t *testing.T) {
	t.Parallel()
	a := words.New()
	records := []words.Record{
		{Platform: "p", Code: "PR-ACH-003", Title: "Achats", Text: "x"},
		{Platform: "p", Code: "PR-QUA-001", Title: "Contrôle des achats", Text: "x"},
		{Platform: "p", Code: "MO-QUA-001", Title: "Autre", Text: "achat\nachats\nacheter achat"},
		{Platform: "p", Code: "MO-QUA-002", Title: "Autre", Text: "un achat"},
		{Platform: "q", Code: "PR-ACH-003", Title: "Achats", Text: "achats"},
	}
	for i, r := range records[:4] {
		typed := "achats"
		if i == 0 {
			typed = "ach"
		}
		if at := found(a.Ask(typed), a, r); at != i {
			t.Errorf("%s: by clause %d, want %d", r.Code, at, i)
		}
	}
	set := a.Set(records[4])
	if clause := a.Ask("achats").Clauses("p")[1]; slices.Contains(set, clause.All[0][0]) {
		t.Error("a record of another platform fits")
	}
}

func TestSet_IsTheSameWhateverWasReadBefore(t *testing.T) {
	t.Parallel()
	fresh, used := words.New(), words.New()
	for i := range 250_000 {
		used.Lemma(fmt.Sprintf("mot%d", i))
	}
	r := words.Record{Platform: "p", Code: "FO-001", Title: "Fiche", Text: strings.Repeat("Pipette pipettes balance de l’opérateur\n", 9)}
	if a, b := fresh.Set(r), used.Set(r); !slices.Equal(a, b) {
		t.Errorf("%v\n%v", a, b)
	}
}

func TestSet_StaysWithinItsBounds(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 300_000 {
		fmt.Fprintf(&b, "m%dé%d ", i, i)
	}
	b.WriteString(strings.Repeat("é", 1<<20))
	tokens := words.New().Set(words.Record{Platform: "p", Title: strings.Repeat("x", 1<<16), Text: b.String()})
	bytes := 0
	for _, token := range tokens {
		bytes += len(token)
		if len(token) > 100 {
			t.Fatalf("a token of %d bytes", len(token))
		}
	}
	if bytes > 700_000 || len(tokens) < 10_000 {
		t.Errorf("%d tokens of %d bytes", len(tokens), bytes)
	}
}

func FuzzAsk_ReadsWhateverIsTyped(f *testing.F) {
	for _, typed := range []string{"", "\"", "-", "a\" OR b*", "(NEAR", "'); --", "\x00", "é\xff", "ﷺ ½ ª µ İ K 𝐀", "col:umn ^x {a b}:c", "'a':* & !b | c <-> d", "-\"a b\" -c"} {
		f.Add(typed, typed)
	}
	f.Fuzz(func(t *testing.T, typed, text string) {
		a := words.New()
		q := a.Ask(typed)
		for _, c := range q.Clauses("00000000-0000-7000-9000-000000000001") {
			for _, group := range append(append(c.All, c.But...), c.None) {
				for _, token := range group {
					plain(t, strings.TrimSuffix(token, "*"))
				}
			}
		}
		for _, token := range a.Set(words.Record{Platform: typed, Code: typed, Title: text, Text: text}) {
			plain(t, token)
		}
		q.Holds(a, text)
	})
}

func plain(t *testing.T, token string) {
	t.Helper()
	if token == "" || token != words.Fold(token) {
		t.Errorf("%q is no plain token", token)
	}
}

func TestAsk_AWordIsFoundByItself(t *testing.T) {
	t.Parallel()
	a := words.New()
	for _, text := range []string{"Der Prüfstand über Ångström", "Ελληνικά μέτρηση", "Приборы", "naïve façade", "5µm H2O CO₂ m²", "E\u0301talonnage"} {
		for _, typed := range strings.Fields(text) {
			if at := found(a.Ask(typed+" "), a, words.Record{Platform: "p", Text: text}); at < 0 {
				t.Errorf("%q is not found in %q", typed, text)
			}
		}
	}
}
