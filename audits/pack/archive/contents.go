package archive

import (
	"context"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"maillon/qms"
	"maillon/qms/trail"
)

// Contents is what an archive is made of. Dates are civil, instants UTC.
type Contents struct {
	Language    string // of the first half of README.txt: fr or en
	Number      string // of the pack: PACK-2026-001
	Platform    Platform
	AsOf        qms.Date // what was true on that day is shown
	GeneratedAt time.Time
	Checkpoint  trail.Checkpoint
	Earlier     []Earlier // packs made before, the latest first
	PDF         Opener
	Measured    *Measured // of the PDF, when it was measured before
	Sections    []Section // of the PDF
	Facts       *Facts
	Files       []File
}

// Section is one section of the PDF.
type Section struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	First int    `json:"first_page"`
	Last  int    `json:"last_page"`
	Facts int    `json:"facts"` // records that it shows, each proved; one may be shown by several
}

// Opener opens a content at its beginning, each time the same bytes.
type Opener func(ctx context.Context) (io.ReadCloser, error)

// Platform is whose pack it is.
type Platform struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Earlier is an earlier pack of the platform, with the proof that the trail of this one continues
// its trail: nothing between the two was rewritten.
type Earlier struct {
	Number     string
	Checkpoint trail.Checkpoint
	Proof      tlog.TreeProof
}

// File is a file that goes with the PDF.
type File struct {
	Folder   Folder // Originals when empty
	Code     string // of the document it is of
	Version  string
	Record   string // number of the record it is evidence of
	Name     string // as it was given
	Size     int64
	SHA256   [32]byte  // zero when it is not known before
	Measured *Measured // when its content was measured before
	Open     Opener

	Entry string // its name in the archive; NameFiles gives it
}

// Step names what is being done while a pack is made; pack.step.STEP says it.
type Step string

// The steps of writing an archive, in their order. Whoever composes one has steps of its own.
const (
	StepFacts Step = "facts" // drawing proofs from the trail
	StepFiles Step = "files" // reading files and checking their digests
	StepWrite Step = "write" // writing the archive
)

// Progress is told of a step and, when known, how much of it is done. It must return at once.
type Progress func(step Step, done, total int)

// OrNone is a progress that can be told, also where nobody listens.
func (p Progress) OrNone() Progress {
	if p == nil {
		return func(Step, int, int) {}
	}
	return p
}
