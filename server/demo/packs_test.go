package demo_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/audits"
	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/qmstest"
	"maillon/server/app"
)

// packed holds that the packs of the year print every document in force that has a file, enclose what proves
// what they tell, and that the second continues the first.
func packed(t *testing.T, h *app.House, platform qms.ID) {
	t.Helper()
	ctx := qms.WithActor(t.Context(), qms.System("test"))
	packs, err := h.Audits.Packs(ctx, platform, qms.Cursor{})
	if err != nil || len(packs.Items) != 2 {
		t.Fatalf("%d packs, %v", len(packs.Items), err)
	}
	var reports []archive.Report
	for i, proofs := range [][]string{{"SEA-", "LIV-010_", "IB-0042_", "CONF-1_"}, {"SEA-", "LIV-004_", "IB-0042_", "SES-"}} { // the newest first
		_, kept, err := h.Audits.OpenPack(ctx, platform, packs.Items[i].Number)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(kept)
		if err = errorOf(err, kept.Close()); err != nil {
			t.Fatal(err)
		}
		report, err := archive.Examine(bytes.NewReader(data), int64(len(data)))
		if err != nil || !report.Sound() {
			t.Errorf("%s: %v, %+v", packs.Items[i].Number, err, report)
		}
		reports = append(reports, report)
		given, printed, evidence := foldersOf(t, data)
		if len(given) < 11 || len(printed) != len(given) {
			t.Errorf("%s prints %d of %d documents", packs.Items[i].Number, len(printed), len(given))
		}
		for _, proof := range proofs {
			if !slices.ContainsFunc(evidence, func(name string) bool { return strings.HasPrefix(name, "evidence/"+proof) }) {
				t.Errorf("%s does not enclose %s: %v", packs.Items[i].Number, proof, evidence)
			}
		}
	}
	reports[0].Hold(nil, &reports[1])
	if !reports[0].Sound() {
		t.Errorf("the second pack does not continue the first: %+v", reports[0])
	}
}

// yearLater makes another pack a year after the last one: both verifiers say that nothing between the two was
// rewritten, and neither says so of the two the other way round.
func yearLater(t *testing.T, h *app.House, platform qms.ID) {
	t.Helper()
	ctx := qms.WithActor(t.Context(), qms.System("test"))
	dir := t.TempDir()
	kept, later := filepath.Join(dir, "kept.zip"), filepath.Join(dir, "later.zip")
	packs, err := h.Audits.Packs(ctx, platform, qms.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	_, content, err := h.Audits.OpenPack(ctx, platform, packs.Items[0].Number)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(content)
	if err = errorOf(err, content.Close(), os.WriteFile(kept, data, 0o600)); err != nil {
		t.Fatal(err)
	}
	var made bytes.Buffer
	if _, err := h.Audits.MakePack(ctx, audits.PreparePack{Platform: platform, AsOf: h.DB.Today(), Language: locale.English}, &made); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(later, made.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, asked := range []struct {
		archive.Asked
		sound bool
	}{{archive.Asked{Pack: later, Since: kept}, true}, {archive.Asked{Pack: kept, Since: later}, false}} {
		report, err := asked.Examine()
		if err != nil || report.Sound() != asked.sound {
			t.Errorf("%s since %s: %v, %+v", filepath.Base(asked.Pack), filepath.Base(asked.Since), err, report)
		}
		if said, accepted := inShell(t, asked.Pack, asked.Since); accepted != asked.sound {
			t.Errorf("%s since %s in shell: %s", filepath.Base(asked.Pack), filepath.Base(asked.Since), said)
		}
	}
}

// inShell asks the verifier that is written in shell.
func inShell(t *testing.T, files ...string) (said string, accepted bool) {
	t.Helper()
	for _, program := range []string{"bash", "unzip", "jq", "sha256sum", "openssl", "basenc"} {
		if _, err := exec.LookPath(program); err != nil {
			qmstest.Without(t, qmstest.CoreUtils, "%v", err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	script := filepath.Join("..", "..", "audits", "pack", "archive", "testdata", "verify.sh")
	out, err := exec.CommandContext(ctx, "bash", append([]string{script}, files...)...).CombinedOutput()
	return string(out), err == nil
}

func errorOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// foldersOf are the names of the originals, renditions and evidence of an archive.
func foldersOf(t *testing.T, data []byte) (given, printed, evidence []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		switch {
		case strings.HasPrefix(f.Name, "files/"):
			given = append(given, f.Name)
		case strings.HasPrefix(f.Name, "renditions/"):
			printed = append(printed, f.Name)
		case strings.HasPrefix(f.Name, "evidence/"):
			evidence = append(evidence, f.Name)
		}
	}
	return given, printed, evidence
}
