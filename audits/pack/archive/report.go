package archive

import (
	"strings"
	"time"
	"unicode"

	"maillon/qms"
	"maillon/qms/trail"
)

// Report is what an examined pack says of itself, and what was found of each part of it. What a pack
// that is not sound says of itself is only what it says. The fingerprints are for the reader to compare
// with those that were published: a pack proves that it is whole, not whose key signed it.
type Report struct {
	File           string // where it was read from, safe to print; empty when it was sent
	Number         string
	PlatformCode   string
	PlatformName   string
	AsOf           qms.Date
	GeneratedAt    time.Time
	Checkpoint     trail.Checkpoint
	Fingerprint    string      // of the checkpoint
	Earlier        []Continued // the latest first
	KeyName        string
	KeyFingerprint string
	Keys           trail.Succession // of the site until that one; none where the pack tells none
	Facts          int64            // each found in the trail
	Files          int              // of versions in force, each named by a fact
	Size           int64            // of the archive, bytes

	Lines   []Line // what was found, in the order of the checks
	Wrong   int    // lines that are not sound, kept or not
	Omitted int    // lines that were not kept, see MaxLines

	Older *Report // of the pack that it was held to, see HoldTo; nil when there is none
}

// Continued is an earlier pack whose trail this one's was proved to continue. Who holds that pack
// compares its fingerprint.
type Continued struct {
	Number      string
	Checkpoint  trail.Checkpoint
	Fingerprint string
}

// Line is what was found of one part of a pack. Key and Args are its sentence.
type Line struct {
	Kind    Kind
	Name    string // of the file, the table or the pack, safe to print; empty when the kind says all
	Verdict Verdict
	Key     string
	Args    []any
}

// Kind is what a line is about; verify.kind.KIND says it.
type Kind string

// The parts of a pack, in the order in which they are checked.
const (
	KindArchive    Kind = "archive"    // the ZIP around the files, and their names
	KindKey        Kind = "key"        // the public key inside
	KindSignature  Kind = "signature"  // of the checkpoint or of the manifest
	KindManifest   Kind = "manifest"   // what the pack consists of
	KindCheckpoint Kind = "checkpoint" // the head of the trail
	KindEarlier    Kind = "earlier"    // a pack made before, and that its trail was continued
	KindFile       Kind = "file"       // one file of the archive
	KindSection    Kind = "section"    // of the PDF
	KindFact       Kind = "fact"       // the facts of one table, or a fact that is not proved
	KindGiven      Kind = "given"      // the key that the reader was given another way
	KindSince      Kind = "since"      // a pack that the reader kept
)

// Verdict is what came of one check; verify.verdict.VERDICT says it.
type Verdict string

// What a check comes to. A pack is sound when no line is wrong.
const (
	Sound     Verdict = "sound"
	Wrong     Verdict = "wrong"
	Unchecked Verdict = "unchecked" // left to the reader, or not possible for what is wrong elsewhere
)

// How many lines of either kind are kept, so that a report of a hostile pack is bounded too.
const (
	MaxWrong = 1_000
	MaxLines = 20_000
)

// Sound reports whether nothing wrong was found.
func (r *Report) Sound() bool { return r.Wrong == 0 }

// Err is the first thing that is wrong, as a qms.Error; nil when there is none.
func (r *Report) Err() error {
	for _, l := range r.Lines {
		if l.Verdict == Wrong {
			return qms.Invalid(l.Key, l.Args...)
		}
	}
	return nil
}

// Count is how many lines of the kind were kept with the verdict.
func (r *Report) Count(kind Kind, verdict Verdict) int {
	n := 0
	for _, l := range r.Lines {
		if l.Kind == kind && l.Verdict == verdict {
			n++
		}
	}
	return n
}

func (r *Report) add(l Line) {
	l.Name = Printable(l.Name)
	for i, arg := range l.Args {
		if text, ok := arg.(string); ok {
			l.Args[i] = Printable(text)
		}
	}
	kept := len(r.Lines) < MaxLines
	if l.Verdict == Wrong {
		r.Wrong++
		kept = r.Wrong <= MaxWrong
	}
	if !kept {
		r.Omitted++
		return
	}
	r.Lines = append(r.Lines, l)
}

func (r *Report) sound(kind Kind, name, key string, args ...any) {
	r.add(Line{kind, name, Sound, key, args})
}

func (r *Report) unchecked(kind Kind, name, key string, args ...any) {
	r.add(Line{kind, name, Unchecked, key, args})
}

// wrong notes a refusal.
func (r *Report) wrong(kind Kind, name string, e *qms.Error) {
	r.add(Line{kind, name, Wrong, e.Key, e.Args})
}

// Printable is text that a terminal and a page show as it stands and in one line: what controls them,
// or turns the direction of writing, is replaced, and what is very long is cut.
func Printable(text string) string {
	const letters = 300
	text = strings.ToValidUTF8(text, "\uFFFD")
	clean := true
	n := 0
	for _, r := range text {
		clean = clean && shows(r)
		n++
	}
	if clean && n <= letters {
		return text
	}
	var b strings.Builder
	n = 0
	for _, r := range text {
		if n++; n > letters {
			b.WriteRune('…')
			break
		}
		if !shows(r) {
			r = '\uFFFD'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func shows(r rune) bool {
	return r == ' ' || unicode.IsGraphic(r) && !unicode.IsSpace(r) || r == '\u202F' || r == '\u00A0'
}
