package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"maillon/qms"
	"maillon/qms/trail"
)

// format names what a pack looks like; another one gets another name. One of formatSecond has one folder
// and does not list the sections of its PDF. One of formatBefore, moreover, names at most the pack before it.
const (
	format       = "maillon-pack/3"
	formatSecond = "maillon-pack/2"
	formatBefore = "maillon-pack/1"
)

// manifest is manifest.json: what the pack is about, and the digest of every file in it but itself
// and its signature, in the order of the archive.
type manifest struct {
	Format      string         `json:"format"`
	Number      string         `json:"number"`
	Platform    Platform       `json:"platform"`
	AsOf        qms.Date       `json:"as_of"`
	GeneratedAt time.Time      `json:"generated_at"`
	Language    string         `json:"language"`
	Checkpoint  checkpointLine `json:"checkpoint"`
	Earlier     []earlierLine  `json:"earlier,omitempty"`  // the latest first
	Previous    *earlierLine   `json:"previous,omitempty"` // of formatBefore
	Facts       int64          `json:"facts"`
	Sections    []Section      `json:"sections,omitempty"` // of the PDF, not before format
	Files       []fileLine     `json:"files"`
}

type checkpointLine struct {
	Origin string     `json:"origin"`
	Size   int64      `json:"size"`
	Root   trail.Hash `json:"root"`
}

// earlierLine is a pack made before, and the hashes that prove that its trail was continued
// (RFC 6962, section 2.1.2).
type earlierLine struct {
	Number     string         `json:"number"`
	Checkpoint checkpointLine `json:"checkpoint"`
	Proof      []trail.Hash   `json:"consistency_proof"`
}

func lineOf(c trail.Checkpoint) checkpointLine { return checkpointLine{c.Origin, c.Size, c.Root} }

func (l checkpointLine) checkpoint() trail.Checkpoint {
	return trail.Checkpoint{Origin: l.Origin, Size: l.Size, Root: l.Root}
}

type fileLine struct {
	Name     string `json:"name"`
	Size     int64  `json:"size"`
	SHA256   string `json:"sha256"`
	Code     string `json:"code,omitempty"`
	Version  string `json:"version,omitempty"`
	Record   string `json:"record,omitempty"`   // number of the record it is evidence of
	Original string `json:"original,omitempty"` // as the file was named when it was given
}

func (m manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return b.Bytes(), err
}

func decodeManifest(data []byte) (manifest, error) {
	var m manifest
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return m, errors.New("more than one value")
	}
	if m.Format != format && m.newer() {
		return m, errors.New("another format")
	}
	switch {
	case m.Format == formatSecond && m.Previous == nil:
	case m.Format == formatBefore && m.Earlier == nil:
		if m.Previous != nil {
			m.Earlier, m.Previous = []earlierLine{*m.Previous}, nil
		}
	case m.Format != format || m.Previous != nil:
		return m, errors.New("another format")
	}
	return m, nil
}

// newer reports whether the manifest says what those of before could not.
func (m manifest) newer() bool {
	return m.Sections != nil || slices.ContainsFunc(m.Files, func(f fileLine) bool {
		folder := folderOf(f.Name)
		return f.Record != "" || folder != "" && folder != Originals
	})
}

// statement is the text that manifest.sig signs. It cannot be taken for a checkpoint, whose first
// line is an origin, nor a checkpoint for it.
func statement(manifest []byte, c trail.Checkpoint) string {
	return manifestStatement(manifest) + c.Text()
}

// manifestStatement is the part of the statement that speaks of the manifest.
func manifestStatement(manifest []byte) string {
	sum := sha256.Sum256(manifest)
	return "maillon pack manifest\nsha256 " + hex.EncodeToString(sum[:]) + "\n"
}
