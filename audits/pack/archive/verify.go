package archive

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/trail"
)

// Report is what a verified pack says of itself. The fingerprints are for the reader to compare with
// those that were published: a pack proves that it is whole, not whose key signed it.
type Report struct {
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
	Facts          int64 // each found in the trail
	Files          int   // of versions in force, each named by a fact
	Size           int64 // of the archive, bytes
}

// Continued is an earlier pack whose trail this one's was proved to continue. Who holds that pack
// compares its fingerprint.
type Continued struct {
	Number      string
	Checkpoint  trail.Checkpoint
	Fingerprint string
}

// Limits on what is read into memory at once.
const (
	maxManifest = 64 << 20
	maxSmall    = 1 << 20
	maxFact     = 16 << 20
)

// Verify checks a pack of that many bytes: the archive's own bytes, every digest, both signatures,
// every proof, and that each file is named by a proven fact. The error is a qms.Error whose sentence
// says what is wrong first; an error of reading r is returned as it is. Beside the manifest, it reads a bounded amount at a time.
func Verify(r io.ReaderAt, size int64) (Report, error) {
	a, err := openPack(r, size)
	if err != nil {
		return Report{}, err
	}
	v, err := a.key()
	if err != nil {
		return Report{}, err
	}
	c, err := a.checkpoint(v)
	if err != nil {
		return Report{}, err
	}
	m, err := a.manifest(v, c)
	if err != nil {
		return Report{}, err
	}
	if err := a.compare(m); err != nil {
		return Report{}, err
	}
	named, err := a.facts(m, c)
	if err != nil {
		return Report{}, err
	}
	files := m.Files[len(fixedNames())-2:]
	for _, f := range files {
		if !named[f.SHA256] {
			return Report{}, qms.Invalid("pack.file_unproved", f.Name)
		}
	}
	report := Report{Number: m.Number, PlatformCode: m.Platform.Code, PlatformName: m.Platform.Name, AsOf: m.AsOf, GeneratedAt: m.GeneratedAt,
		Checkpoint: c, Fingerprint: c.Fingerprint(), KeyName: v.Name(), KeyFingerprint: v.Fingerprint(),
		Facts: m.Facts, Files: len(files), Size: size}
	for _, p := range m.Earlier {
		before := p.Checkpoint.checkpoint()
		report.Earlier = append(report.Earlier, Continued{Number: p.Number, Checkpoint: before, Fingerprint: before.Fingerprint()})
	}
	return report, nil
}

// small reads a whole entry of at most limit bytes.
func (a *opened) small(name string, limit int64) ([]byte, error) {
	e, r := a.content(name)
	if e.size > limit {
		return nil, qms.Invalid("pack.file_too_large", name)
	}
	data := make([]byte, e.size)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	return data, nil
}

func (a *opened) key() (trail.Verifier, error) {
	line, err := a.small(keyName, maxSmall)
	if err != nil {
		return trail.Verifier{}, err
	}
	v, err := trail.ParseVerifier(string(line))
	if err != nil || v.Line()+"\n" != string(line) {
		return trail.Verifier{}, qms.Invalid("pack.key_unreadable")
	}
	return v, nil
}

func (a *opened) checkpoint(v trail.Verifier) (trail.Checkpoint, error) {
	note, err := a.small(checkpointName, maxSmall)
	if err != nil {
		return trail.Checkpoint{}, err
	}
	c, err := trail.Open(note, v)
	if err != nil {
		return trail.Checkpoint{}, qms.Invalid("pack.signature_refused", checkpointName)
	}
	return c, nil
}

// manifest reads the manifest once its signature was found good.
func (a *opened) manifest(v trail.Verifier, c trail.Checkpoint) (manifest, error) {
	data, err := a.small(manifestName, maxManifest)
	if err != nil {
		return manifest{}, err
	}
	note, err := a.small(signatureName, maxSmall)
	if err != nil {
		return manifest{}, err
	}
	text, err := v.OpenText(note)
	if err != nil {
		return manifest{}, qms.Invalid("pack.signature_refused", signatureName)
	}
	if text != statement(data, c) {
		return manifest{}, qms.Invalid("pack.file_altered", manifestName)
	}
	m, err := decodeManifest(data)
	if err != nil {
		return manifest{}, qms.Invalid("pack.manifest_unreadable")
	}
	if m.Checkpoint != lineOf(c) {
		return manifest{}, qms.Invalid("pack.checkpoint_differs")
	}
	for _, p := range m.Earlier {
		if trail.CheckConsistency(c, p.Checkpoint.checkpoint(), p.Proof) != nil {
			return manifest{}, qms.Invalid("pack.past_rewritten", p.Number)
		}
	}
	return m, nil
}

// compare holds every entry to the manifest: names, order, sizes, digests, checksums and times.
func (a *opened) compare(m manifest) error {
	listed := map[string]fileLine{}
	for _, f := range m.Files {
		if _, twice := listed[f.Name]; twice {
			return qms.Invalid("pack.file_doubled", f.Name)
		}
		listed[f.Name] = f
	}
	for _, e := range a.entries[2:] {
		if _, ok := listed[e.name]; !ok {
			return qms.Invalid("pack.file_extra", e.name)
		}
	}
	for i, f := range m.Files {
		if a.entries[min(i+2, len(a.entries)-1)].name != f.Name {
			return qms.Invalid("pack.file_missing", f.Name)
		}
	}
	if a.stamp != stampOf(m.GeneratedAt) {
		return qms.Invalid("pack.layout_altered", int64(10)) // where the first header keeps it
	}
	for _, e := range a.entries {
		f, ok := listed[e.name]
		if err := a.check(e, f.SHA256, ok); err != nil {
			return err
		}
	}
	return nil
}

// check reads one content through.
func (a *opened) check(e entry, stated string, bound bool) error {
	digest, crc := sha256.New(), crc32.NewIEEE()
	if _, err := io.Copy(io.MultiWriter(digest, crc), a.section(e)); err != nil {
		return err
	}
	if crc.Sum32() != e.crc || bound && hex.EncodeToString(digest.Sum(nil)) != stated {
		return qms.Invalid("pack.file_altered", e.name)
	}
	return nil
}

var digestText = regexp.MustCompile(`"[0-9a-f]{64}"`)

// facts checks every proof, and collects the digests that proven facts name.
func (a *opened) facts(m manifest, c trail.Checkpoint) (map[string]bool, error) {
	_, r := a.content(factsName)
	lines := bufio.NewReaderSize(r, 1<<16)
	named := map[string]bool{}
	count := int64(0)
	for {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		count++
		var p trail.FactProof
		if json.Unmarshal(line, &p) != nil {
			return nil, qms.Invalid("pack.fact_refused", count)
		}
		if _, _, err := p.Verify(c); err != nil {
			return nil, qms.Invalid("pack.fact_refused", count)
		}
		for _, quoted := range digestText.FindAll(p.Change, -1) {
			named[strings.Trim(string(quoted), `"`)] = true
		}
	}
	if count != m.Facts {
		return nil, qms.Invalid("pack.facts_missing", m.Facts, count)
	}
	return named, nil
}

// readLine reads one line of at most maxFact bytes; a line without its end is refused.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return bytes.TrimSuffix(line, []byte("\n")), nil
		case errors.Is(err, io.EOF) && len(line) > 0:
			return nil, qms.Invalid("pack.file_altered", factsName)
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(line) > maxFact:
			return nil, qms.Invalid("pack.file_too_large", factsName)
		}
	}
}

// checkNames holds the names to those that a pack may have.
func checkNames(entries []entry) error {
	seen := map[string]bool{}
	for _, e := range entries {
		if folded := strings.ToLower(e.name); seen[folded] {
			return qms.Invalid("pack.file_doubled", e.name)
		} else {
			seen[folded] = true
		}
		if !slices.Contains(fixedNames(), e.name) && !acceptable(e.name) {
			return qms.Invalid("pack.name_refused", e.name)
		}
	}
	for i, name := range fixedNames() {
		if i >= len(entries) || entries[i].name != name {
			return qms.Invalid("pack.file_missing", name)
		}
	}
	return nil
}
