package integrity

import (
	"strings"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// The kinds of what is wrong with contents, besides those that store names of trail and rows.
const (
	ContentMissing    store.Kind = "content-missing"    // a row names it, and the vault does not hold it
	ContentAltered    store.Kind = "content-altered"    // its bytes are not those of its SHA-256
	ContentSize       store.Kind = "content-size"       // a row states another size
	ContentUnreadable store.Kind = "content-unreadable" // it is there and cannot be read
	ContentUnnamed    store.Kind = "content-unnamed"    // no row names it, and the sweep would have taken it
)

// Defect is one thing that is wrong, and where.
type Defect struct {
	Kind     store.Kind
	Platform qms.ID // empty: of the site
	Code     string // of the platform
	Seq      int64  // of the leaf; -1 when it is about none
	Table    string
	Row      qms.ID
	Columns  []string     // that differ, of a row
	Content  vault.Digest // zero when it is about none
	Words    string       // how people call it; empty when nothing is known of it
	Parts    []string     // of the address within the platform, or the site, where it can be looked at; may be none

	Signed    string // kind of what is signed, of a signature; empty when it is about none
	Meaning   string // of that signature
	Signatory string // who gave it, as they were called
	SignedAt  time.Time
}

// Say tells what is wrong in one sentence.
func (d Defect) Say(p *locale.Printer) string {
	if d.Kind == SignatureBroken {
		return p.T("scrub.signature-broken", d.saySigned(p), d.Signatory, p.FullInstant(d.SignedAt), p.T("meaning."+d.Meaning))
	}
	words := d.Words
	if words == "" {
		words = strings.TrimSpace(d.table(p) + " " + string(d.Row))
	}
	if words == "" {
		words = p.T("scrub.nothing_known")
	}
	return p.T("scrub."+string(d.Kind), d.log(p), d.Seq, words, strings.Join(d.Columns, ", "), d.Content.String())
}

// log names the trail in the reader's words.
func (d Defect) log(p *locale.Printer) string {
	if d.Code == "" {
		return p.T("scrub.site_log")
	}
	return p.T("scrub.log", d.Code)
}

func (d Defect) table(p *locale.Printer) string {
	if key := "table." + d.Table; p.Has(key) {
		return p.T(key)
	}
	return d.Table
}

// Report is what was looked at and what was found.
type Report struct {
	Logs        int64
	Entries     int64
	Changes     int64
	Rows        int64
	Contents    int64 // that rows name
	Bytes       int64 // of them that were read
	Orphans     int64 // contents that no row names, young enough to be on their way to one
	OrphanBytes int64
	Found       int64

	Defects []Defect // the first of those found

	Signatures       int64 // that were looked at
	SignaturesHold   int64 // of them: those whose record is what was signed
	SignaturesBroken int64 // of them: those that Found counts
}

// OK reports whether nothing is wrong.
func (r *Report) OK() bool { return r.Found == 0 }

// DefectsKept is how many a Report lists, and how many of one scrub are on record; Found counts all.
const DefectsKept = 1000

func (r *Report) note(d Defect) {
	r.Found++
	if len(r.Defects) < DefectsKept {
		r.Defects = append(r.Defects, d)
	}
}
