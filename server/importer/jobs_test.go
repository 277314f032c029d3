package importer

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func staged(t *testing.T, files ...File) *Staging {
	t.Helper()
	s, err := NewStaging()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		content, err := bytesOf(f)
		if err == nil {
			err = s.Add(t.Context(), f.Name, strings.NewReader(string(content)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// waited is the job once nobody has to wait for it any more.
func waited(t *testing.T, s *Service, ctx context.Context, id string) Job {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		j, err := s.JobByID(ctx, platform, id)
		if err != nil {
			t.Fatal(err)
		}
		if !j.Running() {
			return j
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatal("the job does not end")
	return Job{}
}

func TestJobs_ShowThenWriteOnceConfirmed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		defer s.Close()
		ctx := storetest.As(qms.Manager, platform)
		staging := staged(t, textFile("personnel.csv", "Code agent;Nom", "P01;Agent 01"))
		j, err := s.Begin(ctx, platform, OfRegisters, staging)
		if err != nil {
			t.Fatal(err)
		}
		j = waited(t, s, ctx, j.ID)
		if j.State != Ready || j.Registers.Counts[People].Added != 1 || leaves(t, db) != 0 {
			t.Fatalf("%+v, %d leaves", j, leaves(t, db))
		}
		if _, err := s.Confirm(ctx, platform, j.ID); err != nil {
			t.Fatal(err)
		}
		if j = waited(t, s, ctx, j.ID); j.State != Done || leaves(t, db) != 1 {
			t.Errorf("%+v, %d leaves", j, leaves(t, db))
		}
		if _, err := s.Confirm(ctx, platform, j.ID); qms.CodeOf(err) != qms.CodeConflict {
			t.Errorf("confirmed twice: %v", err)
		}
		if _, err := os.Stat(staging.dir); !os.IsNotExist(err) {
			t.Errorf("the files are still there: %v", err)
		}
	})
}

func TestJobs_OfDocumentsTakeFilesOrAnArchive(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		defer s.Close()
		ctx := storetest.As(qms.Manager, platform)
		for i, files := range [][]File{
			{textFile("a.md", "# First of all"), textFile("b.md", "# Second of all")},
			{file("d.zip", zipOf(t, "achats/c.md", "# Third of all\n"))},
		} {
			j, err := s.Begin(ctx, platform, OfDocuments, staged(t, files...))
			if err != nil {
				t.Fatal(err)
			}
			if j = waited(t, s, ctx, j.ID); j.State != Ready {
				t.Fatalf("%+v %v", j, j.Failure)
			}
			if _, err := s.Confirm(ctx, platform, j.ID); err != nil {
				t.Fatal(err)
			}
			if j = waited(t, s, ctx, j.ID); j.State != Done || j.Documents.Counts.Added != 2-i || leaves(t, db) != int64(i+1) {
				t.Errorf("%+v %+v", j, j.Documents)
			}
		}
	})
}

func TestJobs_SayWhatIsWrongAndCanBeCancelled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := service(t, db, t.TempDir())
		ctx := storetest.As(qms.Manager, platform)
		j, err := s.Begin(ctx, platform, OfRegisters, staged(t, textFile("personnel.csv", "Code agent;Nom", "P01;")))
		if err != nil {
			t.Fatal(err)
		}
		if j = waited(t, s, ctx, j.ID); j.State != Refused || j.Registers.Wrong != 1 {
			t.Errorf("%+v", j)
		}
		j, err = s.Begin(ctx, platform, OfDocuments, staged(t, file("a.zip", []byte("none"))))
		if err != nil {
			t.Fatal(err)
		}
		if j = waited(t, s, ctx, j.ID); j.State != Failed || j.Failure.Key != "file.damaged" {
			t.Errorf("%+v", j)
		}
		j, err = s.Begin(ctx, platform, OfRegisters, staged(t, textFile("personnel.csv", "Code agent;Nom", "P01;Agent 01")))
		if err != nil {
			t.Fatal(err)
		}
		waited(t, s, ctx, j.ID)
		if j, err = s.CancelJob(ctx, platform, j.ID); err != nil || j.State != Cancelled {
			t.Errorf("%+v %v", j, err)
		}
		if _, err := s.Begin(ctx, platform, OfRegisters, staged(t)); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("an empty upload begins: %v", err)
		}
		other := storetest.As(qms.Manager, "00000000-0000-7000-8000-0000000000bb")
		if _, err := s.JobByID(other, "00000000-0000-7000-8000-0000000000bb", j.ID); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("another platform sees the job: %v", err)
		}
		s.Close()
		if _, err := s.Begin(ctx, platform, OfRegisters, staged(t, textFile("a.csv", "x"))); qms.CodeOf(err) != qms.CodeBusy {
			t.Errorf("a job begins after the end: %v", err)
		}
	})
}
