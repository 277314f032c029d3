package rendition

import (
	"time"

	"maillon/qms"
)

// Cover is what the cover page says of a version, in the words of the document's language.
type Cover struct {
	Language      string // "fr" or "en"
	Platform      string // the platform's name
	Logo          []byte // PNG or JPEG; none when empty
	Code          string
	Title         string
	Kind          string // in words
	Process       string // in words; may be empty
	Version       string // "2.1"
	EffectiveFrom qms.Date
	ReviewOn      qms.Date // next periodic review; zero when there is none
	Parts         []Part   // author, verifier and approver, in this order
	Exemption     string   // a sentence, when the platform holds one that this version made use of
	Revisions     []Revision
	Original      Original
	Status        string // address of the page that says whether this version is in force; printed as a QR code
	MadeAt        time.Time
	Zone          *time.Location // of the instants as printed; UTC when nil
}

// Part is one person's part in a version.
type Part struct {
	Part     string // "Rédacteur", in words
	Name     string
	Meaning  string    // what the signature says, in words
	SignedAt time.Time // zero when there is no signature
	Zone     string    // noted with it: Europe/Paris; empty on signatures older than that
}

// Revision is one line of the table of revisions, the newest first.
type Revision struct {
	Version       string
	EffectiveFrom qms.Date
	Reason        string
	Author        string
}

// Original is the file that the rendition was made of.
type Original struct {
	Name   string
	Size   int64  // bytes
	SHA256 string // in hexadecimal
}

// Mark says that the version is no longer in force; the zero Mark says nothing.
type Mark struct {
	Text string // across every page: "REMPLACÉE LE 3 AVRIL 2026"
}
