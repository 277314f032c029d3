package journal

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maillon/qms/locale"
	"maillon/qms/store"
)

var noon = time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC)

// told is how a reader of the language reads one column of a record.
func told(lang, table, name, value string) string {
	return toldBy(Reader{Printer: locale.For(lang)}, table, name, value).One()
}

func toldBy(r Reader, table, name, value string) Value {
	after, _ := json.Marshal(map[string]json.RawMessage{name: json.RawMessage(value)})
	lines := r.Lines([]store.JournalChange{{Table: table, At: noon, After: after}})
	if len(lines[0].Fields) == 0 {
		return Value{}
	}
	return lines[0].Fields[0].After
}

func TestLines_TellEveryKindOfValueInTheReadersWords(t *testing.T) {
	t.Parallel()
	const sha = `{"sha256":"045b025eea224d6af7da96743ad3856c045b025eea224d6af7da96743ad3856c"}`
	for _, one := range []struct{ lang, table, name, value, want string }{
		{"fr", "versions", "state", `"in-review"`, "En revue"},
		{"en", "calibrations", "outcome", `"nonconforming"`, "Nonconforming"},
		{"fr", "exercises", "state", `"running"`, "en cours"},
		{"fr", "exercises", "strata", `"year,client-status"`, "par année et par statut du client"},
		{"fr", "requests", "client_status", `"visiteurs"`, "visiteurs"},
		{"fr", "memberships", "trainer", `true`, "oui"},
		{"en", "memberships", "trainer", `false`, "no"},
		{"fr", "documents", "review_on", `"2026-07-01"`, "01/07/2026"},
		{"fr", "pack_jobs", "until", `"2026-07-01T12:00:00Z"`, "01/07/2026 14:00:00 CEST"},
		{"fr", "invoices", "total", `125050`, "1\u202f250,50\u00a0€"},
		{"fr", "pack_jobs", "total", `125050`, "125\u202f050"},
		{"fr", "trainings", "months", `24`, "24 mois"},
		{"en", "trainings", "months", `1`, "1 month"},
		{"fr", "trainings", "months", `0`, ""},
		{"fr", "uses", "minutes", `75`, "1\u00a0h\u00a015"},
		{"fr", "versions", "size", `148000`, "148\u00a0ko"},
		{"fr", "equipment", "renewal_year", `2031`, "2031"},
		{"fr", "meetings", "start", `845`, "14:05"},
		{"fr", "reminder_preferences", "weekday", `1`, "lundi"},
		{"fr", "reminders", "step", `-7`, "7 jours de retard"},
		{"fr", "reminder_rules", "offsets", `"[30,0]"`, "30 jours avant ; le jour même"},
		{"fr", "audit_notes", "words", sha, "gardé par son empreinte, SHA-256 045b025eea224d6af7da96743ad3856c045b025eea224d6af7da96743ad3856c"},
		{"fr", "audit_notes", "words", `{"sha256":"` + emptyDigest + `"}`, ""},
		{"fr", "criterions", "clauses", `"[\"ISO 9001:2015 7.2\",\"ISO 9001:2015 7.3\"]"`, "ISO 9001:2015 7.2 ; ISO 9001:2015 7.3"},
		{"fr", "answers", "links", `"[{\"kind\":\"document\",\"code\":\"FO-PRE-001\"}]"`, "Code\u202f: FO-PRE-001, Nature\u202f: document"},
		{"fr", "missions", "exercises", `"[]"`, ""},
		{"fr", "quotes", "lines", `"[{\"unit\":\"hour\",\"price\":1500,\"quantity\":2500,\"vat\":2000}]"`,
			"Prix\u202f: 15,00\u00a0€, Quantité\u202f: 2,5, unité\u202f: heure, TVA\u202f: 20\u00a0%"},
		{"fr", "price_lists", "lines", `"[{\"prices\":{\"academic\":5250}}]"`, "Prix\u202f: Académique\u202f: 52,50\u00a0€"},
		{"fr", "renditions", "failure", `"rendition.encrypted"`, locale.For("fr").T("rendition.encrypted")},
		{"fr", "documents", "title_key", `"manuel"`, ""},
		{"fr", "dropped_table", "dropped_column", `"as it was"`, "as it was"},
		{"fr", "quotes", "void", `"[illisible"`, "[illisible"},
	} {
		if got := told(one.lang, one.table, one.name, one.value); got != one.want {
			t.Errorf("%s %s.%s %s: %q, want %q", one.lang, one.table, one.name, one.value, got, one.want)
		}
	}
}

// A word of the code is one in its own column only: what a person wrote stays as they wrote it.
func TestLines_LeaveAloneWhatAPersonWrote(t *testing.T) {
	t.Parallel()
	for _, column := range []string{"subject", "void", "client", "review_note"} {
		for _, written := range []string{"draft", "missing", "error.internal", "role.manager", "=1+1"} {
			if got := told("fr", "requests", column, `"`+written+`"`); got != written {
				t.Errorf("%s: %q became %q", column, written, got)
			}
		}
	}
}

func TestLines_TellOldAndNewAndOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	lines := Reader{Printer: locale.For("en")}.Lines([]store.JournalChange{{
		Table: "versions", At: noon,
		Before: json.RawMessage(`{"id":"1","revision":1,"state":"draft","reason":"First"}`),
		After:  json.RawMessage(`{"id":"1","revision":2,"state":"in-review","reason":"First"}`),
	}})
	want := []Field{{"State", Value{Text: "Draft"}, Value{Text: "In review"}}}
	if diff := cmp.Diff(want, lines[0].Fields); diff != "" || lines[0].New {
		t.Error(diff)
	}
}

func TestLines_ShortenForListsAlone(t *testing.T) {
	t.Parallel()
	long, items := strings.Repeat("mot ", 200), `"[`+strings.TrimSuffix(strings.Repeat(`\"a\",`, 40), ",")+`]"`
	whole := Reader{Printer: locale.For("fr")}
	if v := toldBy(whole, "requests", "description", `"`+long+`"`); v.Text != long || !v.Long() || !strings.HasSuffix(v.Begins(), "…") {
		t.Errorf("whole: %+v", v)
	}
	if v := toldBy(whole, "criterions", "clauses", items); len(v.Items) != 40 {
		t.Errorf("whole list: %d", len(v.Items))
	}
	short := Reader{Printer: locale.For("fr"), Short: true}
	if v := toldBy(short, "requests", "description", `"`+long+`"`); len([]rune(v.Text)) > listLetters+1 || !strings.HasSuffix(v.Text, "…") {
		t.Errorf("short: %+v", v)
	}
	if v := toldBy(short, "criterions", "clauses", items); len(v.Items) != listItems+1 || v.Items[listItems] != "et 34 autres" {
		t.Errorf("short list: %q", v.Items)
	}
}

func TestActor_NamesTheSoftwareAndNoPersonOfThatName(t *testing.T) {
	t.Parallel()
	p := locale.For("fr")
	if got := Actor(p, "", "public form"); got != p.SystemActor("public form") || got == "public form" {
		t.Errorf("the software is called %q", got)
	}
	if got := Actor(p, "019aaf83-4ca8-7b54-aced-2e49813f602b", "demo"); got != "demo" {
		t.Errorf("a person is called %q", got)
	}
}
