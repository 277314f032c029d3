package audits

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/trail"
)

// PackState is how far a pack is.
type PackState string

// A pack runs until it is made or has failed; neither ever changes again.
const (
	PackRunning PackState = "running"
	PackMade    PackState = "made"
	PackFailed  PackState = "failed"
)

// Pack is one audit pack of a platform. The archive stays in the vault, so that a later download is
// the same byte for byte.
type Pack struct {
	qms.Row
	Number    string   // PACK-2026-001
	From      qms.Date `bun:"from_day,nullzero"` // what happened is told from that day on; none: from the beginning
	AsOf      qms.Date // what was true on that day is in it
	Sections  []string // keys of those chosen; none for a pack of before they could be: it has all there were
	WithFiles bool     // originals, renditions and evidence are in it
	Language  string   // of the PDF
	State     PackState
	Maker     qms.ID
	MakerName string
	StartedAt time.Time
	EndedAt   time.Time    `bun:",nullzero"`
	Content   vault.Digest // the archive; zero until it is made
	Size      int64        // of the archive, bytes
	Facts     int64        // each found in the trail
	Files     int64        // of versions in force
	Origin    string       // of the checkpoint
	Leaves    int64        // of the checkpoint
	Root      string       // of the checkpoint, base64
	Previous  string       // number of the pack that its trail was found to continue, if any
	Failure   string       // why it failed: the key of a sentence, then what that names, a line each

	Once        string    // what the program that asked named its request by; empty: it did not
	CancelledAt time.Time `bun:",nullzero"` // since when it is to be stopped
}

// Reason is the key of the sentence that says why the pack failed.
func (p Pack) Reason() string { return p.Why().Key }

// Why is that sentence with what it names, such as a file.
func (p Pack) Why() *qms.Error {
	key, rest, named := strings.Cut(p.Failure, "\n")
	if key == "" {
		key = "pack.interrupted"
	}
	why := qms.Conflict(key)
	if named {
		for _, word := range strings.Split(rest, "\n") {
			why.Args = append(why.Args, word)
		}
	}
	return why
}

// Checkpoint is the head of the trail that the pack is proved by; zero until it is made.
func (p Pack) Checkpoint() trail.Checkpoint {
	c := trail.Checkpoint{Origin: p.Origin, Size: p.Leaves}
	_ = c.Root.UnmarshalJSON([]byte(strconv.Quote(p.Root))) // what made wrote
	return c
}

// FileName is what a downloaded pack is called.
func (p Pack) FileName() string { return p.Number + ".zip" }

// PreparePack asks for a pack.
type PreparePack struct {
	Platform     qms.ID
	From         qms.Date // what happened is told from that day on; none: from the beginning
	AsOf         qms.Date
	Sections     []string // keys of pack.Sections; none: all
	Language     string   // fr or en
	WithoutFiles bool     // neither originals nor renditions nor evidence
	Once         string   // the same person asking again under the same name gets the same pack; empty: a new one
}

func (c PreparePack) check(today qms.Date) error {
	var wrong []qms.Field
	if c.AsOf == 0 || c.AsOf > today {
		wrong = append(wrong, qms.Wrong("as_of", "pack.as_of_out_of_range"))
	} else if c.From > c.AsOf {
		wrong = append(wrong, qms.Wrong("from", "pack.from_after", c.AsOf))
	}
	for _, key := range c.Sections {
		if !slices.Contains(pack.Sections(), key) {
			wrong = append(wrong, qms.Wrong("sections", "pack.unknown_section", key))
			break
		}
	}
	if !slices.Contains(locale.Languages(), c.Language) {
		wrong = append(wrong, qms.Wrong("language", "pack.unknown_language", c.Language))
	}
	if len(c.Once) > maxOnce {
		wrong = append(wrong, qms.Wrong("once", "value.too_long", maxOnce))
	}
	return qms.InvalidFields(wrong...)
}

// maxOnce is the longest name of a request, in bytes.
const maxOnce = 200

// same reports whether the pack is the one that is asked for.
func (c PreparePack) same(p *Pack) bool {
	return p.From == c.From && p.AsOf == c.AsOf && p.Language == c.Language && p.WithFiles != c.WithoutFiles && slices.Equal(p.Sections, c.sections())
}

// sections are the keys of those chosen, in the order of the pack, each once.
func (c PreparePack) sections() []string {
	all := pack.Sections()
	if len(c.Sections) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(key string) bool { return !slices.Contains(c.Sections, key) })
}

// made notes what verification found in the archive.
func (p *Pack) made(at time.Time, content vault.Info, r archive.Report) {
	p.State, p.EndedAt = PackMade, at
	p.Content, p.Size = content.Digest, content.Size
	p.Facts, p.Files = r.Facts, int64(r.Files)
	p.Origin, p.Leaves, p.Root = r.Checkpoint.Origin, r.Checkpoint.Size, r.Checkpoint.Root.String()
	if len(r.Earlier) > 0 {
		p.Previous = r.Earlier[0].Number
	}
}

// failed notes why, by the key of a sentence: the text of an internal error never leaves the logs.
func (p *Pack) failed(at time.Time, err error) {
	p.State, p.EndedAt, p.Failure = PackFailed, at, "error.internal"
	var said *qms.Error
	if !errors.As(err, &said) {
		return
	}
	lines := []string{said.Key}
	for _, arg := range said.Args {
		word, plain := arg.(string)
		if !plain {
			return
		}
		lines = append(lines, strings.Join(strings.Fields(word), " "))
	}
	p.Failure = strings.Join(lines, "\n")
}
