package web

import (
	"html/template"
	"strings"
	"time"

	"maillon/qms/locale"
)

// signedTag is the instant of a signature on a clock of its zone, with the name of that zone below it.
func signedTag(p *locale.Printer, t time.Time, zone string) template.HTML {
	at, named := strings.CutSuffix(p.SignedAt(t, zone), " ("+zone+")")
	tag := timeTag(stamp(t), at)
	if zone == "" || !named {
		return tag
	}
	return tag + template.HTML("<small>"+template.HTMLEscapeString(zone)+"</small>") //nolint:gosec // escaped
}
