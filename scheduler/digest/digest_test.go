package digest

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/locale"
)

var update = flag.Bool("update", false, "write the golden files anew")

var site = Site{URL: "https://qualite.site.example", Due: "/due", Preferences: "/reminders"}

func day(t *testing.T, s string) qms.Date {
	t.Helper()
	d, err := qms.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// letter is one of each group, and titles that somebody typed with care.
func letter(t *testing.T, language string) Letter {
	on := func(s string) qms.Date { return day(t, s) }
	return Letter{ID: "2c26b46b68ffc68ff99b453c1d304134@site.example", Name: "Agent 01", Address: "agent01@plateforme.example", Language: language, Day: on("2026-06-30"), Items: []Item{
		{Kind: "maintenance", Title: "CONF-1 Microscope confocal", On: on("2026-09-01"), Code: "PLT", Platform: "Plateforme de microscopie", Parts: []string{"equipment", "CONF-1"}},
		{Kind: "calibration", Title: "BAL-2 Balance de précision", On: on("2026-06-25"), Code: "PLT", Platform: "Plateforme de microscopie", Parts: []string{"equipment", "BAL-2"}},
		{Kind: "quote", Title: "D-2026-014 <Université & Cie>", On: on("2026-06-30"), Code: "PLT", Platform: "Plateforme de microscopie", Parts: []string{"services", "D-2026-014"}},
		{Kind: "invoice", Title: "R-2026-031", On: on("2026-07-01"), Code: "SEQ", Platform: "Plateau de séquençage", Parts: []string{"services", "R/2026 031"}},
		{Kind: "watch", Title: "EX-001 Norme suivie", On: on("2026-07-06"), Code: "PLT", Platform: "Plateforme de microscopie", Parts: []string{"documents", "EX-001"}},
		{Kind: "calibration", Title: "CENT-1 Centrifugeuse", On: on("2026-06-10"), Code: "SEQ", Platform: "Plateau de séquençage", Parts: []string{"equipment", "CENT-1"}, Escalated: true},
	}}
}

func letters(t *testing.T, language string) map[string]Letter {
	all := letter(t, language)
	with := func(items ...Item) Letter {
		l := all
		l.Items = items
		return l
	}
	return map[string]Letter{"digest": all, "one": with(all.Items[4]), "late": with(all.Items[1]), "coming": with(all.Items[0], all.Items[4], all.Items[3]), "escalation": with(all.Items[5]),
		"people": with(all.Items[5], all.Items[5], all.Items[5]), "all-late": with(all.Items[1], Item{Kind: "watch", Title: "EX-002", On: all.Day - 1})}
}

func TestCompose_SaysTheSameAsTheGoldenFiles(t *testing.T) {
	t.Parallel()
	for _, language := range locale.Languages() {
		for name, l := range letters(t, language) {
			m, err := Compose(site, l)
			if err != nil {
				t.Fatal(err)
			}
			if m.ID != l.ID || m.Address != l.Address || m.Name != l.Name || m.Preferences != "https://qualite.site.example/reminders" {
				t.Errorf("%s: to %s <%s>, %s, %s", name, m.Name, m.Address, m.ID, m.Preferences)
			}
			golden(t, name+"."+language+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			if name == "digest" {
				golden(t, name+"."+language+".html", m.HTML)
			}
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// reading is what the page shows and where it leads, as its reader sees it.
func reading(t *testing.T, page string) (words string, links []string) {
	t.Helper()
	_, body, _ := strings.Cut(page, "</head>")
	body = regexp.MustCompile(`<(br|!doctype html)>`).ReplaceAllString(body, " ")
	body = strings.TrimSuffix(strings.TrimSpace(body), "</html>")
	d := xml.NewDecoder(strings.NewReader(body))
	d.Entity = xml.HTMLEntity
	var b strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return strings.Join(strings.Fields(b.String()), " "), links
		}
		if err != nil {
			t.Fatalf("the page is not well formed: %v\n%s", err, body)
		}
		switch token := token.(type) {
		case xml.CharData:
			b.Write(token)
		case xml.EndElement:
			b.WriteString(" ")
		case xml.StartElement:
			for _, a := range token.Attr {
				if a.Name.Local == "href" {
					links = append(links, a.Value)
				}
				if a.Name.Local == "src" || a.Name.Local == "background" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "url(") {
					t.Errorf("the page fetches or runs something: %s=%s", a.Name.Local, a.Value)
				}
			}
		}
	}
}

func TestCompose_SaysTheSameAsTextAndAsPage(t *testing.T) {
	t.Parallel()
	for _, language := range locale.Languages() {
		for name, l := range letters(t, language) {
			m, err := Compose(site, l)
			if err != nil {
				t.Fatal(err)
			}
			words, links := reading(t, m.HTML)
			for line := range strings.SplitSeq(m.Text, "\n") {
				line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "* "))
				if line == "" || line == "--" {
					continue
				}
				if strings.HasPrefix(line, "https://") {
					if len(links) == 0 || links[0] != line {
						t.Errorf("%s, %s: the text leads to %s, the page to %v", name, language, line, links)
						break
					}
					links = links[1:]
					continue
				}
				if !strings.Contains(words, strings.Join(strings.Fields(line), " ")) {
					t.Errorf("%s, %s: the page does not say %q: %s", name, language, line, words)
				}
			}
			if len(links) > 0 {
				t.Errorf("%s, %s: only the page leads to %v", name, language, links)
			}
		}
	}
}

func TestCompose_ShowsWhatSomebodyTypedAsTextOnly(t *testing.T) {
	t.Parallel()
	l := letter(t, locale.French)
	for _, typed := range []string{"<script>alert(1)</script>", `"><img src=https://elsewhere.example/x>`, "</td></table><h1>Payez</h1>", "a\r\nBcc: b@c.example\r\n\r\nx", "a\u2028b\u202ec", "{{.}}", "\x00\x1b[31m", "&lt;b&gt;", "\xff\xfe", strings.Repeat("long ", 200), ""} {
		l.Name = typed
		l.Items = []Item{{Kind: "calibration", Title: typed, On: l.Day, Code: "P/../T", Platform: typed, Parts: []string{"equipment", typed}}, {Kind: "watch", Title: typed, On: l.Day + 1}}
		m, err := Compose(site, l)
		if err != nil {
			t.Fatal(err)
		}
		words, links := reading(t, m.HTML)
		if strings.ContainsAny(m.Subject+m.Name, "\r\n\x00\x1b\u2028\u202e") || strings.ContainsAny(m.Text, "\r\x00\x1b\u2028\u202e") || strings.Contains(m.Text, "\nBcc") {
			t.Errorf("%q became %q", typed, m.Text)
		}
		if shown := flat(typed); !strings.Contains(words, strings.Join(strings.Fields(shown), " ")) {
			t.Errorf("%q is not shown: %s", shown, words)
		}
		for _, link := range links {
			if !strings.HasPrefix(link, site.URL+"/") || strings.ContainsAny(link, " <>\"") || strings.Contains(link, "/../") {
				t.Errorf("%q leads to %s", typed, link)
			}
		}
	}
}

func TestCompose_ShowsTheFirstAndCountsTheRest(t *testing.T) {
	t.Parallel()
	l := letter(t, locale.English)
	l.Items = nil
	for n := range 500 {
		l.Items = append(l.Items, Item{Kind: "calibration", Title: fmt.Sprintf("EQ-%03d", n), On: l.Day + qms.Date(n), Code: "PLT"})
	}
	m, err := Compose(site, l)
	if err != nil {
		t.Fatal(err)
	}
	words, _ := reading(t, m.HTML)
	for _, want := range []string{"And 450 more", "Later (492)"} {
		if !strings.Contains(m.Text, want) || !strings.Contains(words, want) {
			t.Errorf("neither text nor page may lack %q: %s", want, m.Text[:300])
		}
	}
	if !strings.HasPrefix(m.Subject, "500 due dates") || len(m.HTML) > 100_000 {
		t.Errorf("%q, %d bytes", m.Subject, len(m.HTML))
	}
}

func TestCompose_SpeaksFrenchToWhoStatesNoLanguage(t *testing.T) {
	t.Parallel()
	m, err := Compose(site, letter(t, ""))
	if err != nil || !strings.Contains(m.Text, "Bonjour Agent 01") || !strings.Contains(m.HTML, `lang="fr"`) {
		t.Errorf("%v: %s", err, m.Text)
	}
	if m, err := Compose(site, Letter{}); err == nil {
		t.Errorf("a letter about nothing became %q", m.Subject)
	}
	if html.UnescapeString(Test("a@b", "Agent 01", "c@d.example", locale.English).Subject) == Test("a@b", "", "c@d.example", "").Subject {
		t.Error("the test message is the same in both languages")
	}
}
