package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/trail"
)

// draft is an archive to be written: what it is made of, and its facts before they are spooled.
type draft struct {
	Contents
	facts iter.Seq2[trail.FactProof, error]
}

// sampleFacts is how many there are: few, for each mutation is verified on its own.
const sampleFacts = 12

// sample is an archive of three files and of a few facts, the first three of which name the files.
func sample(t testing.TB) *draft {
	t.Helper()
	return sampleOf(t, sampleFacts)
}

func sampleOf(t testing.TB, facts int) *draft {
	t.Helper()
	d := &draft{Contents: Contents{
		Language: "fr", Number: "PACK-2026-001",
		Platform: Platform{Code: "MIC", Name: "Plateforme de microscopie"}, AsOf: qms.MustDate("2026-06-30"),
		GeneratedAt: time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC), PDF: opener(content("pdf", 4000)),
	}}
	d.attach("PR-ACH-001", "1.0", "Réception d’une demande.docx", content("a", 3000))
	d.attach("PR-ACH-002", "2.0", "étalonnage.pdf", content("b", 5000))
	d.attach("FO-ACH-001", "1.1", "../../etc/passwd", content("c", 10))
	log := &log{}
	for i := range facts {
		after := map[string]any{"code": fmt.Sprintf("PR-ACH-%03d", i+1), "title": "Réception et enregistrement d’une demande"}
		if i < len(d.Files) {
			after["content"] = hex.EncodeToString(d.Files[i].SHA256[:])
		}
		log.seal(t, after)
	}
	log.prove(t, d)
	return d
}

// content is as many bytes, always the same for a name.
func content(name string, size int) []byte {
	seed := sha256.Sum256([]byte(name))
	data := make([]byte, size)
	rand.NewChaCha8(seed).Read(data)
	return data
}

func opener(data []byte) Opener {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

func (d *draft) attach(code, version, name string, data []byte) {
	d.Files = append(d.Files, File{Code: code, Version: version, Name: name, Size: int64(len(data)), SHA256: sha256.Sum256(data), Open: opener(data)})
}

const sampleLog = "0197c1b2-7d00-7000-8000-000000000001"

// log is a trail as it is written.
type log struct {
	entries [][]byte
	proofs  []trail.FactProof
	acts    []int64 // of which act each proof is
	front   trail.Frontier
	hashes  storedHashes
}

// seal writes an act of as many changes.
func (l *log) seal(t testing.TB, afters ...map[string]any) {
	t.Helper()
	seq := int64(len(l.entries))
	var changes [][]byte
	for i, after := range afters {
		raw, err := json.Marshal(after)
		if err != nil {
			t.Fatal(err)
		}
		change, err := trail.Change{Table: "documents", ID: qms.ID(fmt.Sprintf("0197c1b2-7d00-7000-8000-%012d", len(l.proofs)+i)), After: raw}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, change)
	}
	entry, err := trail.Entry{Log: sampleLog, Seq: seq, At: time.Date(2026, 6, 1, 9, int(seq), 0, 0, time.UTC), ActorName: "Agent 02",
		Act: "document.add", Reason: "reprise de l’existant", Changes: int64(len(changes)), Root: trail.ChangesRoot(changes)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	l.entries = append(l.entries, entry)
	for i, change := range changes {
		proof, err := trail.ProveChange(changes, int64(i))
		if err != nil {
			t.Fatal(err)
		}
		l.proofs = append(l.proofs, trail.FactProof{Change: change, Index: int64(i), ChangeProof: proof, Entry: entry})
		l.acts = append(l.acts, seq)
	}
	l.hashes = append(l.hashes, l.front.Append(trail.LeafHash(entry))...)
}

// prove gives the archive a proof of each act, the checkpoint, and a pack of when a third was written.
func (l *log) prove(t testing.TB, d *draft) {
	t.Helper()
	for i := range l.proofs {
		proof, err := trail.Inclusion(l.front.Size, l.acts[i], l.hashes)
		if err != nil {
			t.Fatal(err)
		}
		l.proofs[i].EntryProof = proof
	}
	d.facts = func(yield func(trail.FactProof, error) bool) {
		for _, p := range l.proofs {
			if !yield(p, nil) {
				return
			}
		}
	}
	d.Checkpoint = trail.Checkpoint{Origin: trail.Origin("maillon.example", sampleLog), Size: l.front.Size, Root: l.front.Root()}
	if before := l.head(len(l.entries) / 3); before.Size > 0 {
		proof, err := trail.Consistency(l.front.Size, before.Size, l.hashes)
		if err != nil {
			t.Fatal(err)
		}
		d.Earlier = []Earlier{{Number: "PACK-2025-007", Proof: proof, Checkpoint: before}}
	}
}

// head is the checkpoint when that many acts were written.
func (l *log) head(size int) trail.Checkpoint {
	var front trail.Frontier
	for _, e := range l.entries[:size] {
		front.Append(trail.LeafHash(e))
	}
	return trail.Checkpoint{Origin: trail.Origin("maillon.example", sampleLog), Size: front.Size, Root: front.Root()}
}

type storedHashes []trail.Hash

func (s storedHashes) ReadHashes(indexes []int64) ([]trail.Hash, error) {
	found := make([]trail.Hash, len(indexes))
	for i, at := range indexes {
		found[i] = s[at]
	}
	return found, nil
}

func testKey(t testing.TB, seed byte) trail.Key {
	t.Helper()
	key, _, err := trail.GenerateKey(rand.NewChaCha8([32]byte{seed}), "maillon.example")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// write spools the facts and writes the archive.
func (d *draft) write(ctx context.Context, w io.Writer, key trail.Key, progress Progress) error {
	facts, err := Spool(ctx, d.facts, progress)
	if err != nil {
		return err
	}
	defer facts.Close()
	d.Facts = facts
	return Write(ctx, w, &d.Contents, key, progress)
}

func made(t testing.TB, d *draft) []byte {
	t.Helper()
	return madeBy(t, d, testKey(t, 1))
}

func madeBy(t testing.TB, d *draft, key trail.Key) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := d.write(context.Background(), &out, key, nil); err != nil { // also made before any test runs
		t.Fatal(err)
	}
	return out.Bytes()
}

// smallPack is a pack that is quick to verify, so that it can be altered thousands of times.
var smallPack = sync.OnceValue(func() []byte {
	t := &testing.T{}
	return made(t, sample(t))
})

func verify(data []byte) (Report, error) { return Verify(bytes.NewReader(data), int64(len(data))) }
