package trace

import (
	"context"
	"io"
	"strings"
	"testing"

	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// proving is a fixture whose evidence files are kept in a folder.
func proving(t *testing.T, db *store.DB) fixture {
	t.Helper()
	f := furnished(t, db)
	f.KeepIn(must(dir.Open(t.TempDir()))(t))
	return f
}

func (f fixture) receive(ctx context.Context, t *testing.T, name, content string) *EvidenceFile {
	t.Helper()
	return must(f.Receive(ctx, platform, name, strings.NewReader(content)))(t)
}

func TestEvidence_IsKeptAsGivenAndStaysReadableWhenVoid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := proving(t, db), storetest.As(qms.QualityLead, platform)
		file := f.receive(ctx, t, `C:\scans\certificat\`+"\u202E"+`.pdf`, "%PDF-1.7 certificate")
		e := must(f.AddEvidence(ctx, AddEvidence{platform, OfEquipment, f.equipment.ID, file, " signé "}))(t)
		if e.Name != ".pdf" || e.MediaType != "application/pdf" || e.Size != 20 || e.Remark != "signé" || e.AddedOn != db.Today() {
			t.Errorf("kept as %+v", e)
		}
		e = must(f.VoidEvidence(ctx, Target{platform, e.ID, e.Revision, "wrong certificate"}))(t)
		again, content, err := f.OpenEvidence(ctx, platform, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		if text, _ := io.ReadAll(content); string(text) != "%PDF-1.7 certificate" || again.Void != "wrong certificate" {
			t.Errorf("read back %q, void %q", text, again.Void)
		}
		if kept, err := f.Keeps(storetest.AsSystem(), file.Content); !kept || err != nil {
			t.Errorf("the sweep may take the content of a void file: %v, %v", kept, err)
		}
	})
}

func TestEvidence_IsRefusedWithItsReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := proving(t, db), storetest.As(qms.QualityLead, platform)
		file := f.receive(ctx, t, "a.txt", "a")
		add := AddEvidence{platform, OfEquipment, f.equipment.ID, file, ""}
		must(f.AddEvidence(ctx, add))(t)
		if got := wrong(second(f.AddEvidence(ctx, add)))["file"]; got != "evidence.already" {
			t.Errorf("the same file twice: %q", got)
		}
		if got := wrong(second(f.Receive(ctx, platform, "empty.txt", strings.NewReader(""))))["file"]; got != "file.empty" {
			t.Errorf("an empty file: %q", got)
		}
		for name, cmd := range map[string]AddEvidence{
			"unknown kind":              {platform, "person", f.equipment.ID, file, ""},
			"unknown record":            {platform, OfReport, f.equipment.ID, file, ""},
			"record of another":         {qms.ID("00000000-0000-7000-9000-000000000002"), OfEquipment, f.equipment.ID, file, ""},
			"kind of an act of its own": {platform, OfExercise, f.equipment.ID, file, ""},
		} {
			if err := second(f.AddEvidence(ctx, cmd)); qms.CodeOf(err) != qms.CodeNotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		member := storetest.As(qms.Member, platform)
		if err := second(f.AddEvidence(member, add)); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a member adds a file to equipment: %v", err)
		}
		if err := second(f.Receive(storetest.As(qms.Auditor, platform), platform, "a.txt", strings.NewReader("a"))); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("an auditor brings a file: %v", err)
		}
		must(f.VoidEquipment(ctx, Target{platform, f.equipment.ID, f.equipment.Revision, "doubled"}))(t)
		cmd := AddEvidence{platform, OfEquipment, f.equipment.ID, f.receive(ctx, t, "b.txt", "b"), ""}
		if err := second(f.AddEvidence(ctx, cmd)); qms.CodeOf(err) != qms.CodeConflict {
			t.Errorf("a file for a void record: %v", err)
		}
	})
}
