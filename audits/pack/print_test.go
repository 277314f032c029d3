package pack

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"maillon/qms"
	"maillon/qms/locale"
)

func printed(t *testing.T, c *Contents) []byte {
	t.Helper()
	pdf, err := Print(c)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

func TestPrint_SameContentsSameBytes(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(printed(t, sample(t, "fr", 40)), printed(t, sample(t, "fr", 40))) {
		t.Error("two prints of one pack differ")
	}
}

// hostile is a pack whose texts are as bad as people and files make them.
func hostile(t *testing.T) *Contents {
	c := sample(t, "fr", 3)
	c.Platform.Name = strings.Repeat("Plateforme 😀 ", 40)
	c.Documents[0].Title = strings.Repeat("motsanscoupure", 60) + " \u0000 𝕏 \u202E (\\) \ufeff"
	c.Documents[1].Title = strings.Repeat("un titre qui ne finit pas ", 700)
	c.Documents[2].Code = "日本語-001"
	c.Services[0].Client = "\xff\xfe"
	return c
}

// empty is the pack of a platform where nothing happened yet.
func empty(t *testing.T, lang string) *Contents {
	c := sample(t, lang, 0)
	return &Contents{Language: lang, Number: c.Number, Platform: Platform{Code: "NEW", Name: "Plateforme nouvelle"}, AsOf: c.AsOf,
		GeneratedAt: c.GeneratedAt, GeneratedBy: c.GeneratedBy, Checkpoint: c.Checkpoint}
}

func TestPrint_IsAValidPDF(t *testing.T) {
	api.DisableConfigDir()
	for name, c := range map[string]*Contents{
		"french": sample(t, "fr", 60), "english": sample(t, "en", 60), "empty": empty(t, "fr"), "hostile": hostile(t), "one service": sample(t, "en", 1),
	} {
		t.Run(name, func(t *testing.T) {
			pdf := printed(t, c)
			conf := model.NewDefaultConfiguration()
			conf.ValidationMode = model.ValidationRelaxed // as its command does; the strict one wants what the standard leaves free
			if err := api.Validate(bytes.NewReader(pdf), conf); err != nil {
				t.Errorf("pdfcpu: %v", err)
			}
			if _, err := exec.LookPath("qpdf"); err != nil {
				return // pdfcpu has looked
			}
			path := filepath.Join(t.TempDir(), "pack.pdf")
			if err := os.WriteFile(path, pdf, 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
				t.Errorf("qpdf: %v\n%s", err, out)
			}
		})
	}
}

func TestPrint_SaysInWordsThatThereIsNothing(t *testing.T) {
	t.Parallel()
	for _, lang := range locale.Languages() {
		text := textOf(t, printed(t, empty(t, lang)))
		say := locale.For(lang)
		for _, key := range []string{"pack.members_none", "pack.documents_none", "pack.links_none", "pack.services_none", "pack.broken_none",
			"pack.dangling_none", "pack.matrix_none", "pack.uses_none", "pack.samples_none", "pack.journal_none"} {
			if !strings.Contains(text, squeeze(say.T(key))) {
				t.Errorf("%s: %q is not said", lang, say.T(key))
			}
		}
	}
}

func TestPrint_HasEveryCodeAndEveryBrokenChain(t *testing.T) {
	t.Parallel()
	c := sample(t, "fr", 300)
	text := textOf(t, printed(t, c))
	for _, d := range append(c.Documents, c.Later...) {
		if !strings.Contains(text, d.Code) {
			t.Errorf("document %s is not in the text", d.Code)
		}
	}
	for _, s := range c.Services {
		if !strings.Contains(text, s.Number) {
			t.Errorf("service %s is not in the text", s.Number)
		}
	}
	for _, u := range c.Uses.Uncovered {
		if !strings.Contains(text, u.Number) {
			t.Errorf("use %s is not in the text", u.Number)
		}
	}
	for _, said := range []string{squeeze(c.Platform.Name), c.Checkpoint.Root.String(), "30juin2026", "Rompu"} {
		if !strings.Contains(text, squeeze(said)) {
			t.Errorf("%q is not in the text", said)
		}
	}
}

func TestPrint_TableOfContentsNamesTheRightPages(t *testing.T) {
	t.Parallel()
	c := sample(t, "fr", 120)
	first := compose(c, nil, 0)
	first = compose(c, first.done, first.PDF.PageNo()) // now the contents take their pages
	settled := compose(c, first.done, first.PDF.PageNo())
	if len(settled.done) < 15 || settled.done[0].page != 4 {
		t.Fatalf("sections %+v", settled.done)
	}
	last := 0
	for i, s := range settled.done {
		if s != first.done[i] || s.page < last {
			t.Errorf("section %q moved from page %d to %d", s.title, first.done[i].page, s.page)
		}
		last = s.page
	}
}

func TestTable_NeverLosesALine(t *testing.T) {
	t.Parallel()
	p := newPaper(locale.For("fr"))
	p.describe(empty(t, "fr"))
	p.page()
	var words []string
	for i := range 3000 {
		words = append(words, "mot"+qms.Money(i).String())
	}
	p.table([]column{{title: "A", width: 1}, {title: "B", width: 3}}, [][]cell{
		{bold("avant"), text("court")}, {bold("LONG"), text(strings.Join(words, " "))}, {bold("après"), text("court")}})
	var out bytes.Buffer
	if err := p.PDF.Output(&out); err != nil {
		t.Fatal(err)
	}
	said := textOf(t, out.Bytes())
	for _, w := range append(words, "avant", "après") {
		if !strings.Contains(said, squeeze(w)) {
			t.Fatalf("%s is lost", w)
		}
	}
}

func TestWrap_KeepsEveryCharacterAndTheWidth(t *testing.T) {
	t.Parallel()
	p := newPaper(locale.For("fr"))
	for _, s := range []string{"", "a", strings.Repeat("x", 500), "PR-ACH-001/FO-ACH-002_v2 et suite", "Qui\u202f? Moi\u202f!", strings.Repeat("mot ", 80)} {
		lines := p.Wrap(s, 30, small)
		if squeeze(strings.Join(lines, "")) != squeeze(s) {
			t.Errorf("%q became %q", s, lines)
		}
		for _, l := range lines {
			if w := p.Measure(l, small); w > 30 {
				t.Errorf("line %q is %.1f mm wide", l, w)
			}
		}
	}
}

// squeeze leaves out spaces, which text extraction makes up, and letters beyond ASCII, which the
// reading library gets wrong.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7F {
			return -1
		}
		return r
	}, s)
}

// BenchmarkPrint sets the pages of a platform with ten years of services.
func BenchmarkPrint(b *testing.B) {
	c := sample(b, "fr", 2000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Print(c); err != nil {
			b.Fatal(err)
		}
	}
}
