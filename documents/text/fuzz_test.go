package text_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"maillon/documents/text"
	"maillon/qms"
)

// FuzzExtract holds for any bytes under any name: no panic, no endless work, and either a refusal
// that a person can read, or a text that a database can keep.
func FuzzExtract(f *testing.F) {
	f.Add("p.docx", docx(f, para("Titre1", "Titre")+para("", "texte"), nil))
	f.Add("p.odt", odf(f, "text", `<text:h text:outline-level="1">Titre</text:h>`, nil))
	f.Add("p.ods", odf(f, "spreadsheet", `<table:table table:name="T"/>`, nil))
	f.Add("p.pptx", pptx(f, shape("title", "Titre")))
	f.Add("p.xlsx", xlsx(f, []any{"Code", 1}))
	f.Add("p.pdf", pdfOf("", []string{"BT /F1 9 Tf [(te) 5 (xte)] TJ ET /X10 Do"}, stream("/Subtype /Form", "q Q")))
	f.Add("p.html", []byte("<title>Titre</title><h1>Titre<table><td>a"))
	f.Add("p.md", []byte("# Titre\n| a | b |\n\\<c\\> [d](e) ~~~"))
	f.Add("p.txt", []byte("\xff\xfea\x00"))
	f.Add("p.csv", []byte("\xe9;\x00"))
	for _, file := range hostileFiles(f) {
		if len(file.content) < 1<<16 {
			f.Add(file.name, file.content)
		}
	}
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		got, err := extract(t.Context(), name, content)
		var refusal *qms.Error
		switch {
		case errors.As(err, &refusal):
			if refusal.Code != qms.CodeInvalid || !strings.HasPrefix(refusal.Key, "file.") || len(refusal.Args) == 0 {
				t.Errorf("%v", err)
			}
		case err != nil:
			t.Errorf("%v is for no person", err)
		}
		for _, s := range []string{got.Title, got.Body} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) || len(s) > text.MaxBody {
				t.Errorf("%q", s)
			}
		}
	})
}
