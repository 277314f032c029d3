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
	Facts       *Facts
	Files       []File // of the versions in force
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

// File is the file of a version in force.
type File struct {
	Code    string
	Version string
	Name    string // as it was given
	Size    int64
	SHA256  [32]byte
	Open    Opener
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
