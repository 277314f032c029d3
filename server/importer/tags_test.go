package importer

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTags_AreThoseOfTheDocumentWhateverStandsBetween(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`<?xml version="1.0"?><a><b r="A1>"/>x<!-- <c> > --><![CDATA[<d>]]><x:e k='">'>&lt;</x:e></a>`: `a|b r="A1>"/|x:e k='">'|/x:e|/a`,
		"<a>" + strings.Repeat("text ", 40_000) + "</a>":                                               "a|/a",
		`<a k="` + strings.Repeat("x", 200_000) + `"></a>`:                                             "long|/a",
	} {
		var got []string
		for d := newTags(strings.NewReader(text)); ; {
			tag, err := d.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%.60s: %v", text, err)
			}
			one := string(tag)
			if len(one) > 100_000 {
				one = "long"
			}
			got = append(got, one)
		}
		if diff := cmp.Diff(want, strings.Join(got, "|")); diff != "" {
			t.Errorf("%.60s: %s", text, diff)
		}
	}
	for text, want := range map[string]error{
		"<a": errTag, "<>": errTag, `<!DOCTYPE a [<!ENTITY b "c">]><a/>`: errDeclares, `<a k="` + strings.Repeat("x", maxTag) + `"/>`: errTag,
		"<!ELEMENT": errDeclares, "<!-- x": errTag,
	} {
		d := newTags(strings.NewReader(text))
		if _, err := d.next(); !errors.Is(err, want) {
			t.Errorf("%.30s: %v, want %v", text, err, want)
		}
	}
}
