package pack

import (
	"iter"
	"time"

	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/qms/trail"
)

// Contents is all that a pack says. States are the words of the code ("effective", "broken"); dates
// are civil, instants UTC. Lists are printed in the order given.
type Contents struct {
	Language    string // of the PDF: fr or en
	Number      string // of the pack: PACK-2026-001
	Platform    Platform
	Sections    []string // keys of those chosen, see Sections; none: all
	From        qms.Date // what happened is told from that day on; none: from the beginning
	AsOf        qms.Date // what was true on that day is shown
	GeneratedAt time.Time
	GeneratedBy string
	Checkpoint  trail.Checkpoint
	Earlier     []Earlier // packs made before, the latest first
	Proofs      Proofs    // the signed checkpoint and the keys, for the pages

	Documents []Document
	Later     []Document // that were not there yet on the day, as they are when the pack is made
	Links     Links
	Services  []Service
	Dangling  []Dangling
	Matrix    Matrix
	Uses      Uses
	Exercise  Exercise
	Samples   []Sample
	Journal   Journal
	Map       []ProcessBand
	Criteria  int                // of the referential of the day
	Answered  int                // of them
	Late      int                // things that should have been done by the day
	Panels    map[string][]Panel // by the key of the section that they belong to

	Facts      iter.Seq2[trail.FactProof, error] // of every record shown; read once
	Shown      map[string]int                    // records that each section shows, by its key
	Files      []File                            // that go with the PDF
	Aside      []string                          // temporary files that Files are opened from
	Renditions []Rendition                       // of the versions in force: their pages follow the others

	marks map[string]int // pages of the places that are referred to, as the composition before found them
}

// Earlier is an earlier pack of the platform, with the proof that the trail of this one continues
// its trail: nothing between the two was rewritten.
type Earlier = archive.Earlier

// File is the file of a version in force.
type File = archive.File

// Platform is the platform sheet.
type Platform struct {
	Code    string
	Name    string
	Facts   [][2]string // more of it, in words
	Members []Member
}

// Member is somebody of the platform on the day of the pack.
type Member struct {
	Code    string
	Name    string
	Roles   []qms.Role
	Trainer bool
	From    qms.Date
	Until   qms.Date // last day not included; none: without end
}

// Document is one line of the master list.
type Document struct {
	Code       string
	Title      string
	Kind       string // its name in the language of the pack
	Process    string
	Version    string // in force on the day, or the latest one; empty: none yet
	State      string
	Effective  qms.Date
	NextReview qms.Date
	Owner      string
	NoContent  bool // the version was stated by a master list, its file is not here
}

// Links are the links between documents: how many were found, how many more are only suggested by a
// title that is short or shared, and those with something wrong.
type Links struct {
	Total     int
	Suggested int
	Wrong     []Link
}

// Link is one reference of a document that leads nowhere good.
type Link struct {
	From    string // code
	Version string
	To      string // code, or title as quoted
	Basis   string // "code" or "title"
	Problem string // "unknown", "superseded" or "withdrawn": pack.link.PROBLEM says it
	Context string // the words around it
}

// Service is one service chain, from request to invoice.
type Service struct {
	Number   string // of the request
	Date     qms.Date
	Client   string
	Subject  string
	State    string // complete, open or broken
	Quotes   []Stage
	Reports  []Stage
	Invoices []Stage
	Missing  []string // stages with nothing: quote, report, invoice
	Findings []Finding
}

// Stage is one record of a chain.
type Stage struct {
	Number string
	Date   qms.Date
	State  string    // of a quote: accepted, refused or open; else empty
	Amount qms.Money // of a quote or an invoice
}

// Finding is one check that fires.
type Finding struct {
	Check  string // S01...: check.S01.title says what it is and check.S01.why why it matters
	Record string // by which record it fires, when not by the chain as a whole
	Detail string // in the language of the pack, what was found; may be empty
}

// Dangling is a record whose stated parent does not exist (S07).
type Dangling struct {
	Number string
	Parent string // as stated
}

// Matrix is the training matrix: a cell for each person and each piece of equipment.
type Matrix struct {
	Equipment []Equipment
	People    []Trainee
}

// Equipment heads a column of the matrix.
type Equipment struct {
	Code string
	Name string
}

// Trainee is one row of the matrix; Cells has one cell for each piece of equipment.
type Trainee struct {
	Code  string
	Name  string
	Cells []Cell
}

// Cell is what one person's trainings on one piece of equipment are worth on the day.
type Cell struct {
	State string   // valid, expiring, expired, trainer; empty: never trained
	Until qms.Date // the first day on which it does not hold any more; none: for ever
}

// Uses are the uses of equipment: how many, and those that no training covers.
type Uses struct {
	Total     int
	Uncovered []Use
}

// Use is one use of equipment that no training covers.
type Use struct {
	Number    string
	Date      qms.Date
	Person    string
	Equipment string
	Check     string // U01...
	Detail    string
}

// Exercise is the full exercise: every chain and every use, checked as of the day.
type Exercise struct {
	Chains   int
	Complete int
	Open     int
	Broken   int
	Uses     int
	Checks   []Count // every check, in order, also those that never fire
}

// Count is how often a check fires.
type Count struct {
	Check string
	Times int
}

// Sample is a sampled exercise that was concluded.
type Sample struct {
	Number     string
	Kind       string // prestation or mise-a-disposition
	Direction  string // upstream or downstream
	Seed       string
	Population int
	Digest     string // of the population
	Items      []SampleItem
	Found      int
	Expected   int
	Verdict    string // passed, remarks or failed
	Remark     string
	Evaluator  string
	Concluded  time.Time
}

// SampleItem is one drawn item and how its links were answered.
type SampleItem struct {
	Number   string
	Found    int
	Expected int
	Notes    []string
}

// Journal is the extract of the trail: the latest acts before the checkpoint.
type Journal struct {
	Total   int64 // acts in the log
	Entries []trail.Entry
}
