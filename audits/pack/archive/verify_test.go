package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/trail"
)

func TestVerify_AcceptsWhatWriteMade(t *testing.T) {
	t.Parallel()
	c := sample(t)
	data := made(t, c)
	r, err := verify(data)
	if err != nil {
		t.Fatal(err)
	}
	if r.Number != c.Number || r.PlatformCode != "MIC" || r.AsOf != c.AsOf || r.Checkpoint != c.Checkpoint || r.Facts != sampleFacts || r.Files != 3 || r.Size != int64(len(data)) {
		t.Errorf("report %+v", r)
	}
	if len(r.Earlier) != 1 {
		t.Fatalf("it does not say what it continues: %+v", r.Earlier)
	}
	if p := r.Earlier[0]; p.Number != "PACK-2025-007" || p.Checkpoint != c.Earlier[0].Checkpoint || p.Fingerprint != p.Checkpoint.Fingerprint() {
		t.Errorf("it does not say what it continues: %+v", p)
	}
	v, err := trail.ParseVerifier(testKey(t, 1).Verifier())
	if err != nil {
		t.Fatal(err)
	}
	if r.KeyFingerprint != v.Fingerprint() || r.Fingerprint != c.Checkpoint.Fingerprint() {
		t.Error("the fingerprints are not those to compare with")
	}
}

func TestWrite_SameContentsSameBytes(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(made(t, sample(t)), made(t, sample(t))) {
		t.Error("two packs of one contents differ")
	}
}

func TestWrite_MakesAZipThatOthersRead(t *testing.T) {
	t.Parallel()
	c := sample(t)
	data := made(t, c)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil { // checks the checksum
			t.Errorf("%s: %v", f.Name, err)
		}
		if !f.Modified.Equal(c.GeneratedAt) {
			t.Errorf("%s is of %v", f.Name, f.Modified)
		}
	}
	want := append(fixedNames(), "files/PR-ACH-001_v1.0_Réception d’une demande.docx", "files/PR-ACH-002_v2.0_étalonnage.pdf", "files/FO-ACH-001_v1.1_passwd")
	if !slices.Equal(names, want) {
		t.Errorf("names %q", names)
	}
}

func TestVerify_RefusesAnyByteChangedInAnyEntry(t *testing.T) {
	t.Parallel()
	data := smallPack()
	a, err := openPack(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, e := range a.entries {
		start := int(e.offset) + len(e.local(a.stamp))
		for range 12 {
			refuse(t, data, start+random.IntN(int(e.size)), 1<<random.IntN(8), e.name)
		}
	}
}

func TestVerify_RefusesAnyByteChangedInTheZipItself(t *testing.T) {
	t.Parallel()
	data := smallPack()
	a, err := openPack(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for _, e := range a.entries {
		for at := range e.local(a.stamp) {
			refuse(t, data, int(e.offset)+at, 1<<random.IntN(8), "header of "+e.name)
		}
	}
	last := a.entries[len(a.entries)-1]
	for at := int(last.offset) + len(last.local(a.stamp)) + int(last.size); at < len(data); at++ {
		refuse(t, data, at, 1<<random.IntN(8), "directory")
	}
}

func TestVerify_RefusesAnyByteChangedAnywhere(t *testing.T) {
	t.Parallel()
	data := smallPack()
	random := rand.New(rand.NewPCG(5, 6))
	for range 400 {
		refuse(t, data, random.IntN(len(data)), byte(1+random.IntN(255)), "anywhere")
	}
}

func TestVerify_RefusesEveryByteOfManifestSignaturesAndKey(t *testing.T) {
	t.Parallel()
	data := smallPack()
	a, err := openPack(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range a.entries[:4] { // README.txt is long, and any byte of it is as good as another
		start := int(e.offset) + len(e.local(a.stamp))
		for at := range int(e.size) {
			refuse(t, data, start+at, 1<<(at%8), e.name)
		}
	}
}

func refuse(t *testing.T, data []byte, at int, flip byte, what string) {
	t.Helper()
	altered := bytes.Clone(data)
	altered[at] ^= flip
	_, err := verify(altered)
	if err == nil {
		t.Fatalf("accepted with byte %d (%s) changed by %#x", at, what, flip)
	}
	if qms.CodeOf(err) != qms.CodeInvalid {
		t.Fatalf("byte %d (%s): not an error for people: %v", at, what, err)
	}
}

func TestVerify_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	data := smallPack()
	for what, c := range map[string]struct {
		entry string
		key   string
		arg   any
	}{
		"a file":         {"files/FO-ACH-001_v1.1_passwd", "pack.file_altered", "files/FO-ACH-001_v1.1_passwd"},
		"the PDF":        {pdfName, "pack.file_altered", pdfName},
		"the facts":      {factsName, "pack.file_altered", factsName},
		"the readme":     {readmeName, "pack.file_altered", readmeName},
		"the manifest":   {manifestName, "pack.file_altered", manifestName},
		"its signature":  {signatureName, "pack.signature_refused", signatureName},
		"the checkpoint": {checkpointName, "pack.signature_refused", checkpointName},
		"the key":        {keyName, "pack.key_unreadable", nil},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			a, err := openPack(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			e, _ := a.content(c.entry)
			altered := bytes.Clone(data)
			altered[e.offset+int64(len(e.local(a.stamp)))+e.size/2] ^= 1
			_, err = verify(altered)
			var said *qms.Error
			if !errors.As(err, &said) || said.Key != c.key || c.arg != nil && said.Args[0] != c.arg {
				t.Errorf("said %v", err)
			}
			for _, lang := range locale.Languages() {
				if sentence := locale.For(lang).Error(err); strings.Contains(sentence, "pack.") && sentence == c.key {
					t.Errorf("%s has no sentence for %s", lang, c.key)
				}
			}
		})
	}
}

func TestVerify_RefusesATruncatedPackAtAnyLength(t *testing.T) {
	t.Parallel()
	data := smallPack()
	random := rand.New(rand.NewPCG(7, 8))
	lengths := []int{0, 1, 3, 4, 21, 22, 52, len(data) - 1, len(data) - 21, len(data) - 22, len(data) - 23}
	for range 100 {
		lengths = append(lengths, random.IntN(len(data)))
	}
	for _, n := range lengths {
		if _, err := verify(data[:n]); qms.CodeOf(err) != qms.CodeInvalid {
			t.Fatalf("%d of %d bytes: %v", n, len(data), err)
		}
	}
	if _, err := verify(append(bytes.Clone(data), 0)); qms.CodeOf(err) != qms.CodeInvalid {
		t.Errorf("a byte more at the end: %v", err)
	}
	if _, err := verify(append([]byte{0}, data...)); qms.CodeOf(err) != qms.CodeInvalid {
		t.Errorf("a byte more at the beginning: %v", err)
	}
	// A directory that announces more than the file holds.
	if _, err := Verify(bytes.NewReader(data), int64(len(data))+4096); qms.CodeOf(err) != qms.CodeInvalid {
		t.Errorf("a size that is not the file's: %v", err)
	}
}

func TestWrite_RefusesAContentThatIsNotItsDigest(t *testing.T) {
	t.Parallel()
	c := sample(t)
	c.Files[1].SHA256 = sha256.Sum256([]byte("another"))
	var out bytes.Buffer
	if err := c.write(t.Context(), &out, testKey(t, 1), nil); err == nil || out.Len() > 0 {
		t.Errorf("wrote %d bytes, %v", out.Len(), err)
	}
}

func TestWrite_StopsWhenAsked(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	err := sample(t).write(ctx, &out, testKey(t, 1), func(s Step, _, _ int) {
		if s == StepFiles {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || out.Len() > 0 {
		t.Errorf("wrote %d bytes, %v", out.Len(), err)
	}
}

func TestPDF_IsFoundInAPackReadFromItsBeginning(t *testing.T) {
	t.Parallel()
	c := sample(t)
	data := made(t, c)
	r, size, err := PDF(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil || int64(len(got)) != size || !bytes.Equal(got, content("pdf", 4000)) {
		t.Errorf("%d of %d bytes, %v", len(got), size, err)
	}
	if _, _, err := PDF(strings.NewReader(strings.Repeat("not a pack ", 20))); !errors.Is(err, qms.Invalid("pack.not_a_pack")) {
		t.Errorf("found a PDF in something else: %v", err)
	}
	if _, _, err := PDF(bytes.NewReader(data[:100])); err == nil {
		t.Error("found a PDF in the beginning of a pack")
	}
}
