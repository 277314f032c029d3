package minio_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	s3 "github.com/minio/minio-go/v7"

	"maillon/documents/vault"
	"maillon/documents/vault/minio/miniotest"
)

// keepAll is asked of contents alone.
func keepAll(context.Context, vault.Digest) (bool, error) { return true, nil }

func TestSweep_GivesUpOldUploadsOfContentsByTheirOwnAge(t *testing.T) {
	for name, start := range map[string]func(*testing.T) *miniotest.Server{"MinIO": miniotest.Start, "VersityGW": miniotest.Gateway} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			address, raw := bucket(t, s)
			v := open(t, address)
			uploads := s.Unfinished(t, raw.bucket)
			twice, once := vault.DigestOf([]byte("begun twice")), vault.DigestOf([]byte("begun once"))
			foreign := []string{uploads.Begin(t, "elsewhere/"+twice.String()), uploads.Begin(t, strings.ToUpper(twice.Path()))}
			old := []string{uploads.Begin(t, twice.Path()), uploads.Begin(t, once.Path())}
			time.Sleep(1100 * time.Millisecond) // the service may count in seconds
			young := uploads.Begin(t, twice.Path())
			if left := uploads.Left(t); len(left) != 5 || left[4] != young {
				t.Fatalf("the service lists %v, of which %s is the youngest", left, young)
			}
			limit := initiated(t, raw, young)
			sweeps := func(before time.Time, unfinished int, stay ...string) {
				t.Helper()
				swept, err := v.Sweep(t.Context(), before, keepAll)
				if want := (vault.Swept{Unfinished: unfinished}); err != nil || swept != want {
					t.Errorf("swept %+v, %v, want %+v", swept, err, want)
				}
				left := uploads.Left(t)
				slices.Sort(left)
				slices.Sort(stay)
				if !slices.Equal(left, stay) {
					t.Errorf("left %v, want %v", left, stay)
				}
			}
			sweeps(limit.Add(-time.Hour), 0, append([]string{young, foreign[0], foreign[1]}, old...)...)
			sweeps(limit, 2, young, foreign[0], foreign[1])
			sweeps(limit.Add(time.Hour), 1, foreign...)
			sweeps(limit.Add(time.Hour), 0, foreign...)
		})
	}
}

// initiated is when an upload was begun, on the clock of the service.
func initiated(t *testing.T, r raw, id string) time.Time {
	t.Helper()
	for upload := range r.client.ListIncompleteUploads(t.Context(), r.bucket, "", true) {
		if upload.UploadID == id {
			return upload.Initiated
		}
	}
	t.Fatalf("the service does not list %s", id)
	return time.Time{}
}

// An upload that goes on while others of its content are given up is not hurt by it.
func TestSweep_LetsAYoungUploadComeToItsEnd(t *testing.T) {
	s := miniotest.Start(t)
	address, raw := bucket(t, s)
	v := open(t, address)
	uploads := s.Unfinished(t, raw.bucket)
	content := []byte(strings.Repeat("part ", 1<<20)) // as Begin sends it
	d := vault.DigestOf(content)
	uploads.Begin(t, d.Path())
	time.Sleep(20 * time.Millisecond)
	young := uploads.Begin(t, d.Path())
	if swept, err := v.Sweep(t.Context(), initiated(t, raw, young), keepAll); err != nil || swept.Unfinished != 1 {
		t.Fatalf("swept %+v, %v", swept, err)
	}
	core := s3.Core{Client: raw.client}
	parts, err := core.ListObjectParts(t.Context(), raw.bucket, d.Path(), young, 0, 10)
	if err != nil || len(parts.ObjectParts) != 1 {
		t.Fatalf("the parts of the young one: %+v, %v", parts, err)
	}
	ended := []s3.CompletePart{{PartNumber: 1, ETag: parts.ObjectParts[0].ETag}}
	if _, err := core.CompleteMultipartUpload(t.Context(), raw.bucket, d.Path(), young, ended, s3.PutObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := vault.Check(t.Context(), v, d); err != nil {
		t.Error(err)
	}
}
