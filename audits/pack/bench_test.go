package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"maillon/audits/pack/archive"
)

// scan is a PDF of one page with a picture of that many bytes, which nothing packs.
func scan(n, size int) []byte {
	side := 1
	for (side+1)*(side+1) <= size {
		side++
	}
	noise := make([]byte, side*side)
	rand.NewChaCha8(sha256.Sum256([]byte(strconv.Itoa(n)))).Read(noise)
	const drawn = "q 500 0 0 500 40 40 cm /I Do Q"
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(drawn), drawn),
		fmt.Sprintf("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Length %d>>\nstream\n%s\nendstream", side, side, len(noise), noise)}
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n")
	var table bytes.Buffer
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 6\n0000000000 65535 f \n%strailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", table.String(), start)
	return out.Bytes()
}

// fullPack is a pack of some five hundred generated pages and of 200 documents of 1.5 MB on disk.
func fullPack(b *testing.B) (c *Contents, paths []string) {
	b.Helper()
	c = sample(b, "fr", 3600)
	c.Renditions = []Rendition{}
	folder := b.TempDir()
	for i := range 200 {
		data := scan(i, 1_500_000)
		path := filepath.Join(folder, fmt.Sprintf("%03d.pdf", i))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			b.Fatal(err)
		}
		paths = append(paths, path)
		code := fmt.Sprintf("MO-%03d", i)
		c.Files = append(c.Files, File{Folder: archive.Renditions, Code: code, Version: "1.0", Name: code + ".pdf", Size: int64(len(data)), SHA256: sha256.Sum256(data),
			Open: func(context.Context) (io.ReadCloser, error) { return os.Open(path) }})
		c.Renditions = append(c.Renditions, Rendition{Code: code, Title: "Scan", Version: "1.0", Pages: 1, File: len(c.Files) - 1, Given: -1})
	}
	return c, paths
}

// BenchmarkWrite_FiveHundredPagesAndTwoHundredDocuments makes a whole pack. Beside it stand, from the same
// run, qpdf setting the same pages into one file and sha256sum over the same files, and how far the heap
// grew at most.
func BenchmarkWrite_FiveHundredPagesAndTwoHundredDocuments(b *testing.B) {
	c, paths := fullPack(b)
	out, err := os.Create(filepath.Join(b.TempDir(), "pack.zip"))
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	write := func() {
		for i := range c.Files {
			c.Files[i].Measured = nil
		}
		if _, err := out.Seek(0, io.SeekStart); err != nil {
			b.Fatal(err)
		}
		if err := Write(b.Context(), out, c, testKey(b), nil); err != nil {
			b.Fatal(err)
		}
	}
	front, err := printSections(c)
	if err != nil {
		b.Fatal(err)
	}
	peak := heapOf(write)
	if peak > 256<<20 {
		b.Errorf("the heap grew by %d MB", peak>>20)
	}
	for b.Loop() {
		write()
	}
	b.ReportMetric(float64(front.pages), "pages")
	b.ReportMetric(float64(peak)/1e6, "heap-MB")
	per := b.Elapsed() / time.Duration(b.N)
	path := filepath.Join(b.TempDir(), "front.pdf")
	if err := os.WriteFile(path, front.pdf, 0o600); err != nil {
		b.Fatal(err)
	}
	if took, ok := beside(b, append([]string{path}, paths...)); ok {
		b.ReportMetric(took.Seconds(), "qpdf+sha256sum-s")
		b.ReportMetric(per.Seconds()/took.Seconds(), "times")
	}
}

// beside is the faster of two runs of qpdf and sha256sum over the files.
func beside(b *testing.B, paths []string) (fastest time.Duration, ok bool) {
	b.Helper()
	for _, name := range []string{"qpdf", "sha256sum"} {
		if _, err := exec.LookPath(name); err != nil {
			b.Logf("%s is not installed: nothing to compare with", name)
			return 0, false
		}
	}
	merged := filepath.Join(b.TempDir(), "merged.pdf")
	for range 2 {
		began := time.Now()
		args := append([]string{"--empty", "--pages"}, paths...)
		for _, run := range []*exec.Cmd{exec.Command("qpdf", append(args, "--", merged)...), exec.Command("sha256sum", paths...)} {
			if out, err := run.CombinedOutput(); err != nil {
				b.Fatalf("%v: %v\n%s", run.Args[0], err, out)
			}
		}
		if took := time.Since(began); fastest == 0 || took < fastest {
			fastest = took
		}
	}
	return fastest, true
}

// heapOf is how many bytes the heap had at most above what it had before.
func heapOf(act func()) (most uint64) {
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, done, over := m.HeapAlloc, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc-min(before, m.HeapAlloc))
			}
		}
	}()
	act()
	close(done)
	<-over
	return most
}

// BenchmarkPrint_PagesASecond prints the register of services; beside it Chromium prints the same table.
func BenchmarkPrint_PagesASecond(b *testing.B) {
	c := sample(b, "fr", 2000)
	c.Sections = []string{"services"}
	pages := 0
	for b.Loop() {
		out, err := printSections(c)
		if err != nil {
			b.Fatal(err)
		}
		pages = out.pages
	}
	b.ReportMetric(float64(pages)/(b.Elapsed()/time.Duration(b.N)).Seconds(), "pages/s")
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		b.Log("Chromium is not installed: nothing to compare with")
		return
	}
	folder := b.TempDir()
	page, made := filepath.Join(folder, "register.html"), filepath.Join(folder, "register.pdf")
	if err := os.WriteFile(page, registerPage(c), 0o600); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	run := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir="+filepath.Join(folder, "profile"), "--no-pdf-header-footer", "--print-to-pdf="+made, "file://"+page)
	if out, err := run.CombinedOutput(); err != nil {
		b.Logf("Chromium: %v\n%s", err, out)
		return
	}
	took := time.Since(began)
	data, err := os.ReadFile(made)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(bytes.Count(data, []byte("/Type /Page\n")))/took.Seconds(), "chromium-pages/s")
}

// registerPage is the register as a page of HTML.
func registerPage(c *Contents) []byte {
	var out bytes.Buffer
	out.WriteString("<!doctype html><meta charset=utf-8><style>@page{size:A4 landscape;margin:15mm}body{font:7.5pt sans-serif}td{border-top:.2mm solid #ccc;padding:1mm;vertical-align:top}</style><table><thead><tr><th>Demande<th>Client<th>Devis<th>Rapports<th>Factures<th>État</thead>")
	stages := func(all []Stage) {
		out.WriteString("<td>")
		for _, s := range all {
			fmt.Fprintf(&out, "%s<br><small>%s, %s</small><br>", html.EscapeString(s.Number), s.Date, s.Amount)
		}
	}
	for _, s := range c.Services {
		fmt.Fprintf(&out, "<tr><td><b>%s</b><br>%s<td>%s<br><small>%s</small>", s.Number, s.Date, html.EscapeString(s.Client), html.EscapeString(s.Subject))
		stages(s.Quotes)
		stages(s.Reports)
		stages(s.Invoices)
		fmt.Fprintf(&out, "<td>%s %s", s.State, checks(s.Findings))
	}
	out.WriteString("</table>")
	return out.Bytes()
}
