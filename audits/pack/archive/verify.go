package archive

import (
	"errors"
	"io"
	"strings"

	"maillon/qms"
	"maillon/qms/trail"
)

// Limits on what is read into memory at once.
const (
	maxManifest = 64 << 20
	maxSmall    = 1 << 20
	maxFact     = 16 << 20
)

// Verify is Examine for who wants to know only whether a pack is sound: the error is a qms.Error whose
// sentence says what was found wrong first.
func Verify(r io.ReaderAt, size int64) (Report, error) {
	report, err := Examine(r, size)
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		return Report{}, err
	}
	return report, nil
}

// Examine checks a pack of that many bytes: the archive's own bytes, every digest, both signatures,
// every proof, and that each file is named by a proven fact. Where one part is wrong it goes on with
// the others as far as they can be judged. The error is that of reading r. Beside the manifest, it reads
// a bounded amount at a time.
func Examine(r io.ReaderAt, size int64) (Report, error) {
	e := examination{Report: Report{Size: size}}
	for _, check := range []func() error{
		func() error { return e.envelope(r, size) },
		e.key, e.checkpoint, e.manifest, e.earlier, e.files, e.sections, e.facts, e.folder, e.succession,
	} {
		if err := check(); err != nil {
			if errors.Is(err, errEnough) {
				break
			}
			return Report{}, err
		}
	}
	return e.Report, nil
}

// errEnough ends an examination that cannot go on.
var errEnough = errors.New("nothing more can be judged")

// examination is a pack as far as it was judged.
type examination struct {
	Report
	pack     *opened
	verifier *trail.Verifier   // nil: the key cannot be read
	head     *trail.Checkpoint // signed; nil: there is none to hold facts to
	stated   *manifest         // nil: it cannot be read
	bound    bool              // stated is what was signed
	read     []judged          // the files of the folder
	named    map[string]bool   // digests of the folder: whether a proven fact names it
}

// envelope reads the ZIP. Nothing can be said of what stands in one that is not in its one spelling.
func (e *examination) envelope(r io.ReaderAt, size int64) error {
	pack, err := openPack(r, size)
	var wrong []*qms.Error
	if pack != nil {
		wrong = checkNames(pack.entries)
	}
	if err == nil {
		wrong = append(wrong, missing(pack.entries)...)
	}
	for _, one := range wrong {
		e.wrong(KindArchive, "", one)
	}
	if err != nil {
		return e.refused(KindArchive, "", err)
	}
	e.pack = pack
	if e.Sound() {
		e.sound(KindArchive, "", "verify.archive_sound", len(pack.entries))
	}
	return nil
}

// refused notes a refusal that ends the examination, and hands any other error on.
func (e *examination) refused(kind Kind, name string, err error) error {
	var wrong *qms.Error
	if !errors.As(err, &wrong) {
		return err
	}
	e.wrong(kind, name, wrong)
	return errEnough
}

func (e *examination) key() error {
	line, err := e.small(keyName, maxSmall)
	if err != nil {
		return err
	}
	v, err := trail.ParseVerifier(string(line))
	if err != nil || v.Line()+"\n" != string(line) {
		e.wrong(KindKey, keyName, qms.Invalid("pack.key_unreadable"))
		return nil
	}
	e.verifier, e.KeyName, e.KeyFingerprint = &v, Printable(v.Name()), v.Fingerprint()
	e.unchecked(KindKey, keyName, "verify.key_to_compare", e.KeyName)
	return nil
}

// checkpoint opens checkpoint.txt.
func (e *examination) checkpoint() error {
	note, err := e.small(checkpointName, maxSmall)
	if err != nil {
		return err
	}
	if e.verifier == nil {
		e.unchecked(KindSignature, checkpointName, "verify.signature_without_key")
		return nil
	}
	c, err := trail.Open(note, *e.verifier)
	if err != nil {
		e.wrong(KindSignature, checkpointName, qms.Invalid("pack.signature_refused", checkpointName))
		return nil
	}
	e.head = &c
	e.sound(KindSignature, checkpointName, "verify.signature_sound", e.KeyName)
	return nil
}

// manifest reads the manifest and its signature, which ties it to the checkpoint.
func (e *examination) manifest() error {
	data, err := e.small(manifestName, maxManifest)
	if err != nil {
		return err
	}
	note, err := e.small(signatureName, maxSmall)
	if err != nil {
		return err
	}
	m, unread := decodeManifest(data)
	if unread == nil {
		e.stated = &m
		e.Number, e.PlatformCode, e.PlatformName = Printable(m.Number), Printable(m.Platform.Code), Printable(m.Platform.Name)
		e.AsOf, e.GeneratedAt = m.AsOf, m.GeneratedAt
	}
	e.signed(data, note)
	switch {
	case unread != nil && e.Count(KindManifest, Wrong) == 0:
		e.wrong(KindManifest, manifestName, qms.Invalid("pack.manifest_unreadable"))
	case unread != nil || e.Count(KindCheckpoint, Wrong) > 0:
	case e.head != nil && m.Checkpoint != lineOf(*e.head):
		e.wrong(KindCheckpoint, checkpointName, qms.Invalid("pack.checkpoint_differs"))
	}
	return nil
}

// signed judges the signature of the manifest. It names the checkpoint too, so that it speaks for one
// whose own file was altered.
func (e *examination) signed(data, note []byte) {
	if e.verifier == nil {
		e.unchecked(KindSignature, signatureName, "verify.signature_without_key")
		return
	}
	text, err := e.verifier.OpenText(note)
	if err != nil {
		e.wrong(KindSignature, signatureName, qms.Invalid("pack.signature_refused", signatureName))
		return
	}
	e.sound(KindSignature, signatureName, "verify.signature_sound", e.KeyName)
	of, ok := strings.CutPrefix(text, manifestStatement(data))
	switch {
	case !ok:
		e.wrong(KindManifest, manifestName, qms.Invalid("pack.file_altered", manifestName))
	case e.stated != nil && of == e.stated.Checkpoint.checkpoint().Text():
		e.bind(e.stated.Checkpoint.checkpoint())
	case e.head == nil || of != e.head.Text():
		e.wrong(KindCheckpoint, checkpointName, qms.Invalid("pack.checkpoint_differs"))
	}
}

// bind takes the manifest for what was signed, with its checkpoint.
func (e *examination) bind(head trail.Checkpoint) {
	e.bound = true
	e.sound(KindManifest, manifestName, "verify.manifest_sound", len(e.stated.Files))
	if e.head != nil && *e.head != head {
		e.wrong(KindCheckpoint, checkpointName, qms.Invalid("pack.checkpoint_differs"))
	}
	if strings.HasPrefix(head.Origin, e.verifier.Name()+"/") {
		e.head = &head
	}
}

// earlier says what the checkpoint is, and holds the trail to those of packs made before.
func (e *examination) earlier() error {
	if e.head == nil {
		return nil
	}
	e.Checkpoint, e.Fingerprint = *e.head, e.head.Fingerprint()
	if e.Count(KindCheckpoint, Wrong) == 0 {
		e.sound(KindCheckpoint, checkpointName, "verify.checkpoint_sound", e.head.Size)
	}
	if e.stated == nil {
		return nil
	}
	for _, p := range e.stated.Earlier {
		before := p.Checkpoint.checkpoint()
		if trail.CheckConsistency(*e.head, before, p.Proof) != nil {
			e.wrong(KindEarlier, p.Number, qms.Invalid("pack.past_rewritten", p.Number))
			continue
		}
		e.sound(KindEarlier, p.Number, "verify.earlier_sound", before.Size)
		e.Earlier = append(e.Earlier, Continued{Number: Printable(p.Number), Checkpoint: before, Fingerprint: before.Fingerprint()})
	}
	return nil
}

// small reads a whole entry of at most limit bytes.
func (e *examination) small(name string, limit int64) ([]byte, error) {
	entry, r := e.pack.content(name)
	if entry.size > limit {
		return nil, e.refused(KindFile, name, qms.Invalid("pack.file_too_large", name))
	}
	data := make([]byte, entry.size)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	return data, nil
}
