package web

import (
	"net/url"
	"strings"

	"maillon/qms"
)

// afresh is the address of the page on which a form stood whose record changed in the meantime, none for any other
// failure: the form keeps what was typed, and a second window shows what the record says now.
func (p *Page) afresh(e *qms.Error) string {
	if e.Key != "record.changed" {
		return ""
	}
	from, err := url.Parse(p.c.Get("Referer"))
	if err != nil || from.Host != p.c.Hostname() || !strings.HasPrefix(from.Path, "/") || strings.HasPrefix(from.Path, "//") {
		return ""
	}
	return from.RequestURI()
}

// Afresh is where the record can be read as it stands now.
func (f *Form) Afresh() string { return f.again }
