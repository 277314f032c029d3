package documents

import (
	"regexp"
	"strings"

	"maillon/documents/text"
	"maillon/documents/vault"
	"maillon/qms"
)

// DefaultReviewMonths is how often a document is reviewed unless it says otherwise.
const DefaultReviewMonths = 24

// Confidentiality says who beside the platform's team may be shown a document.
type Confidentiality string

// The levels of confidentiality.
const (
	Open         Confidentiality = "public"     // anybody
	Internal     Confidentiality = "internal"   // the platform and the site
	Confidential Confidentiality = "restricted" // the platform's team
)

// Document is one controlled document; what it says is in its versions.
type Document struct {
	qms.Row
	Code            string // unique on the platform, never given to another document
	Kind            string // code of a Kind; empty when an adopted code tells none
	Process         string // code of a Process, may be empty
	Title           string
	Owner           qms.ID // the person who answers for it
	Confidentiality Confidentiality
	ReviewMonths    qms.Months // 0: not reviewed
	Retention       string     // how long it is kept after it is superseded, as the platform says it
	Publisher       string     // of an external document
	Edition         string     // of an external document
	Watch           string     // where to look for a new edition
	Source          string     // path in the folder it was imported from
	Series          string     // what its number counts within; empty when the code fits no pattern
	Seq             int64      // its number in the series
	TitleKey        string     // the title as searches and sorting see it
	Watched
	RetentionMonths qms.Months // how long what has ended is kept; 0: not stated
}

// Content is what is known about a content of the vault: the text found in it, one row per platform.
type Content struct {
	qms.Row
	Digest vault.Digest
	Format string // as the text was read; empty when it could not be
	Title  string // the content's own first heading
	Body   string `trail:"digest"`
}

// File is a received file: it is in the vault, and its text was read.
type File struct {
	Name      string // as given, without folders
	MediaType string
	Size      int64 // bytes
	Digest    vault.Digest
	Text      text.Text // empty when the format has none that Maillon reads
}

// The bounds of what a person types.
const (
	maxTitle  = 300
	maxReason = 2000
	maxCode   = 40
)

var codeForm = regexp.MustCompile(`^[A-Z0-9](?:[A-Z0-9._ -]{0,38}[A-Z0-9])?$`)

// TidyCode is a code as Maillon keeps it: upper case, one kind of dash, single spaces. It is refused
// when it holds anything but letters, digits, dots, dashes, underscores and spaces.
func TidyCode(s string) (string, error) {
	code := strings.ToUpper(strings.Join(strings.Fields(strings.Map(plainDash, s)), " "))
	if !codeForm.MatchString(code) || len(code) > maxCode {
		return "", qms.Invalid("code.malformed", s)
	}
	return code, nil
}

// check collects what is wrong with the fields a person fills.
func (d *Document) check() (wrong []qms.Field) {
	d.Title = strings.Join(strings.Fields(printable(d.Title)), " ")
	if d.Confidentiality == "" {
		d.Confidentiality = Internal
	}
	switch {
	case d.Title == "":
		wrong = append(wrong, qms.Wrong("title", "document.title_missing"))
	case len([]rune(d.Title)) > maxTitle:
		wrong = append(wrong, qms.Wrong("title", "document.title_long", maxTitle))
	}
	for name, field := range map[string]*string{"retention": &d.Retention, "publisher": &d.Publisher, "edition": &d.Edition, "watch": &d.Watch} {
		if *field = tidy(*field); len([]rune(*field)) > maxTitle {
			wrong = append(wrong, qms.Wrong(name, "document.title_long", maxTitle))
		}
	}
	if d.ReviewMonths < 0 || d.ReviewMonths > 240 {
		wrong = append(wrong, qms.Wrong("review_months", "document.review_months"))
	}
	switch d.Confidentiality {
	case Open, Internal, Confidential:
	default:
		wrong = append(wrong, qms.Wrong("confidentiality", "document.confidentiality", string(d.Confidentiality)))
	}
	d.TitleKey = fold(d.Title)
	wrong = append(wrong, d.checkKeeping()...)
	return wrong
}
