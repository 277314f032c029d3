package pack

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jung-kurt/gofpdf"

	"maillon/audits/pack/archive"
)

// document is a PDF of that many pages that say its name.
func document(t testing.TB, name string, pages int) []byte {
	t.Helper()
	pdf := gofpdf.New("P", "mm", "A4", "")
	pdf.SetFont("Helvetica", "", 12)
	for range pages {
		pdf.AddPage()
		pdf.Text(30, 40, "Body of "+name)
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func enclosed(folder archive.Folder, f File, data []byte) File {
	f.Folder, f.Size, f.SHA256 = folder, int64(len(data)), sha256.Sum256(data)
	f.Open = func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
	return f
}

// withRenditions is a pack with documents in force: good ones, one that is damaged, one without.
func withRenditions(t testing.TB) *Contents {
	c := sample(t, "en", 2)
	c.Sections = []string{"links"}
	for i, code := range []string{"MO-001", "MO-002", "MO-003"} {
		data := document(t, code, i+2)
		if i == 1 {
			data = data[:len(data)/3]
		}
		c.Files = append(c.Files, enclosed(archive.Renditions, File{Code: code, Version: "1.0", Name: code + ".pdf"}, data))
		c.Renditions = append(c.Renditions, Rendition{Code: code, Title: "Instruction " + code, Version: "1.0", Pages: i + 2, File: len(c.Files) - 1, Given: -1})
	}
	c.Renditions = append(c.Renditions, Rendition{Code: "MO-004", Title: "Not printed yet", Version: "1.0", Why: "No printable version yet.", File: -1, Given: -1})
	c.Files = append(c.Files, enclosed(archive.Registers, File{Name: "registers.xlsx"}, []byte("a workbook")),
		enclosed(archive.Evidence, File{Record: "RAP-2026-0001", Name: "résultats.csv"}, []byte("1;2")))
	proveFiles(t, c)
	return c
}

func unpack(t testing.TB, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestWrite_BindsTheDocumentsInForceAndSaysWhichItCannot(t *testing.T) {
	t.Parallel()
	c := withRenditions(t)
	data := made(t, c)
	if _, err := archive.Verify(bytes.NewReader(data), int64(len(data))); err != nil {
		t.Fatal(err)
	}
	files := unpack(t, data)
	path := filepath.Join(t.TempDir(), "pack.pdf")
	if err := os.WriteFile(path, files["pack.pdf"], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("qpdf"); err == nil {
		if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil || bytes.Contains(out, []byte("WARNING")) {
			t.Errorf("qpdf: %v\n%s", err, out)
		}
	}
	says := textOf(t, files["pack.pdf"])
	for name, times := range map[string]int{"BodyofMO-001": 2, "BodyofMO-002": 0, "BodyofMO-003": 4, "Noprintableversionyet.": 1} {
		if n := strings.Count(says, name); n != times {
			t.Errorf("%q stands there %d times, not %d", name, n, times)
		}
	}
	if r := c.Renditions[1]; r.Pages != 0 || r.Why == "" || !strings.Contains(says, squeeze(r.Why)) {
		t.Errorf("of the damaged one it says %+v", r)
	}
	if got := files["renditions/MO-002_v1.0_MO-002.pdf"]; !bytes.Equal(got, document(t, "MO-002", 3)[:len(got)]) || len(got) == 0 {
		t.Error("the damaged one is not enclosed")
	}
	for _, f := range c.Files {
		if _, there := files[f.Entry]; !there || !strings.Contains(says, squeeze(f.Entry)) {
			t.Errorf("%s is not enclosed, or not listed", f.Entry)
		}
	}
}

func TestWrite_ManifestListsTheSectionsWithTheirPages(t *testing.T) {
	t.Parallel()
	c := withRenditions(t)
	c.Shown = map[string]int{"links": 7}
	files := unpack(t, made(t, c))
	var m struct {
		Sections []archive.Section
		Files    []struct{ Name, Record string }
	}
	if err := json.Unmarshal(files["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for i, s := range m.Sections {
		keys = append(keys, s.Key)
		if s.First > s.Last || s.Title == "" || i > 0 && s.First < m.Sections[i-1].Last {
			t.Errorf("section %+v after %+v", s, m.Sections[max(i-1, 0)])
		}
	}
	if !slices.Equal(keys, []string{"links", "attachments", "proof", "renditions"}) || m.Sections[0].Facts != 7 {
		t.Errorf("sections %+v", m.Sections)
	}
	if last := m.Sections[3]; last.Last-last.First != 6 { // its own page, and six of the documents
		t.Errorf("the documents stand on %+v", last)
	}
	if !slices.ContainsFunc(m.Files, func(f struct{ Name, Record string }) bool {
		return f.Name == "evidence/RAP-2026-0001_résultats.csv" && f.Record == "RAP-2026-0001"
	}) {
		t.Errorf("files %+v", m.Files)
	}
}

func TestWrite_FailsWhereTheVaultHandsOutAnotherRendition(t *testing.T) {
	t.Parallel()
	c := withRenditions(t)
	c.Files[c.Renditions[0].File].SHA256[0] ^= 1
	d, err := Prepare(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), io.Discard, testKey(t), nil); err == nil || !strings.Contains(err.Error(), "MO-001") {
		t.Errorf("written: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(d.pdf); !errors.Is(err, os.ErrNotExist) {
		t.Error("a temporary file is left")
	}
}
