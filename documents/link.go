package documents

import "maillon/qms"

// Basis is what a link rests on.
type Basis string

// The bases of links.
const (
	ByCode  Basis = "code"
	ByTitle Basis = "title"
)

// Link says that the text of a version names a document: one row for each document named.
type Link struct {
	qms.Row
	Version   qms.ID // whose text
	Document  qms.ID // the version's document
	Target    qms.ID // the document named; none while the code is unknown
	Code      string // the code named, or the target's
	Basis     Basis
	Suggested bool   // by a title too short or too shared to be sure
	Context   string // the words around the first mention
	Mentions  int64  // how many times
	Gone      bool   // the text no longer names it: a title was corrected since
}
