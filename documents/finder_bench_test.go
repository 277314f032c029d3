package documents

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

// realDocuments are the texts of a folder of real documents, each by its title and with a code, and
// their text together. The folder is beside the repository where there is one.
func realDocuments(b *testing.B) (targets []Target, texts []string, bytes int) {
	b.Helper()
	root := filepath.Join("..", "..", "shared", "real", "documents")
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		f, err := Inspect(context.Background(), e.Name(), file, info.Size())
		if err != nil {
			return err
		}
		title := f.Text.Title
		if title == "" {
			title = stem(path)
		}
		id := qms.ID(fmt.Sprint(len(targets)))
		targets = append(targets, Target{id, fmt.Sprintf("PR-SMQ-%03d", len(targets)+1), title})
		texts = append(texts, f.Text.Body)
		bytes += len(f.Text.Body)
		return nil
	})
	if err != nil {
		b.Skipf("no real documents: %v", err)
	}
	return targets, texts, bytes
}

// BenchmarkFind reads real documents for each other's codes and titles, as an import does, and prints
// the time per MB of text beside that of two plain ways in the same run: cutting the text into words,
// and asking for each code and title in turn.
func BenchmarkFind(b *testing.B) {
	targets, texts, bytes := realDocuments(b)
	f := NewFinder(MustPattern(DefaultPattern), Vocabulary{Kinds: []string{"PR", "FO", "MO", "LI"}}, targets)
	b.SetBytes(int64(bytes))
	found := 0
	finding := timed(b, func() {
		found = 0
		for i, text := range texts {
			found += len(f.Find(text, targets[i].ID))
		}
	})
	b.StopTimer()
	words := once10(func() {
		for _, text := range texts {
			_ = strings.Fields(strings.ToLower(text))
		}
	})
	each := once10(func() {
		for _, text := range texts {
			lower := strings.ToLower(text)
			for _, t := range targets {
				_ = strings.Count(lower, strings.ToLower(t.Code)) + strings.Count(lower, strings.ToLower(t.Title))
			}
		}
	})
	perMB := func(d time.Duration) float64 { return d.Seconds() * 1000 / (float64(bytes) / 1e6) }
	b.ReportMetric(perMB(finding), "ms/MB")
	b.ReportMetric(perMB(words), "ms/MB-words")
	b.ReportMetric(perMB(each), "ms/MB-each-in-turn")
	b.ReportMetric(float64(len(targets)), "documents")
	b.ReportMetric(float64(found), "links")
}

// timed runs the benchmark and is how long one pass took.
func timed(b *testing.B, pass func()) time.Duration {
	begun, passes := time.Now(), 0
	for b.Loop() {
		pass()
		passes++
	}
	return time.Since(begun) / time.Duration(passes)
}

// once10 is how long one of ten passes took.
func once10(pass func()) time.Duration {
	begun := time.Now()
	for range 10 {
		pass()
	}
	return time.Since(begun) / 10
}
