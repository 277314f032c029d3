package miniotest

import (
	"bytes"
	"slices"
	"testing"

	s3 "github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Unfinished are the uploads in parts of one bucket that nobody has ended, as a server leaves them that dies.
type Unfinished struct {
	core   s3.Core
	bucket string
}

// Unfinished looks into a bucket that is there already.
func (s *Server) Unfinished(t *testing.T, bucket string) Unfinished {
	t.Helper()
	client, err := s3.New(s.Host, &s3.Options{Creds: credentials.NewStaticV4(s.Key, s.Secret, "")})
	if err != nil {
		t.Fatal(err)
	}
	return Unfinished{s3.Core{Client: client}, bucket}
}

// Begin sends the first part of an object and no other, and names the upload.
func (u Unfinished) Begin(t *testing.T, key string) (id string) {
	t.Helper()
	id, err := u.core.NewMultipartUpload(t.Context(), u.bucket, key, s3.PutObjectOptions{})
	if err == nil {
		part := bytes.Repeat([]byte("part "), 1<<20)
		_, err = u.core.PutObjectPart(t.Context(), u.bucket, key, id, 1, bytes.NewReader(part), int64(len(part)), s3.PutObjectPartOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Left names the uploads that the service lists, the oldest first.
func (u Unfinished) Left(t *testing.T) (ids []string) {
	t.Helper()
	for _, upload := range u.all(t) {
		ids = append(ids, upload.UploadID)
	}
	return ids
}

func (u Unfinished) all(t *testing.T) (all []s3.ObjectMultipartInfo) {
	t.Helper()
	for upload := range u.core.ListIncompleteUploads(t.Context(), u.bucket, "", true) {
		if upload.Err != nil {
			t.Fatal(upload.Err)
		}
		all = append(all, upload)
	}
	slices.SortFunc(all, func(a, b s3.ObjectMultipartInfo) int { return a.Initiated.Compare(b.Initiated) })
	return all
}
