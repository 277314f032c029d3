package minio_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	s3 "github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"maillon/documents/vault"
	"maillon/documents/vault/minio"
	"maillon/documents/vault/minio/miniotest"
	"maillon/documents/vault/vaulttest"
	"maillon/qms"
)

func TestMain(m *testing.M) {
	vaulttest.Main(func(ctx context.Context, address string) (vault.Vault, error) { return minio.Open(ctx, address) })
	os.Exit(m.Run())
}

func TestMinIO_KeepsTheContractOfAVault(t *testing.T) {
	s := miniotest.Start(t)
	vaulttest.Run(t, func(t *testing.T) vaulttest.Subject {
		address, raw := bucket(t, s)
		return vaulttest.Subject{
			Vault:     open(t, address),
			Alter:     func(t *testing.T, d vault.Digest) { raw.alter(t, d) },
			Leftovers: func(t *testing.T) []string { return raw.leftovers(t) },
			Address:   address,
			Large:     100_000_000,
		}
	})
}

func TestPut_InPartsLeavesNoneWhenInterrupted(t *testing.T) {
	s := miniotest.Start(t)
	address, raw := bucket(t, s)
	v := open(t, address)
	minio.SendInPartsOver(v, 1<<20)
	content := strings.Repeat("procédure ", 4<<20) // some parts of 16 MiB
	d := vault.DigestOf([]byte(content))

	ctx, cancel := context.WithCancel(t.Context())
	go func() { // as soon as the service knows of the upload
		defer cancel()
		for ctx.Err() == nil && len(raw.uploads(t, d.Path())) == 0 {
			time.Sleep(time.Millisecond)
		}
	}()
	if _, err := v.Put(ctx, strings.NewReader(content)); !errors.Is(err, context.Canceled) {
		t.Fatalf("put = %v, want %v", err, context.Canceled)
	}
	if left := raw.uploads(t, d.Path()); len(left) != 0 {
		t.Errorf("unfinished uploads: %v", left)
	}

	info, err := v.Put(t.Context(), strings.NewReader(content))
	if err != nil || info.Digest != d {
		t.Fatalf("put in parts = %+v, %v", info, err)
	}
	if err := vault.Check(t.Context(), v, d); err != nil {
		t.Error(err)
	}
}

func TestPut_DoesNotSendAgainWhatIsThereButRenewsIt(t *testing.T) {
	s := miniotest.Start(t)
	address, raw := bucket(t, s)
	v := open(t, address)
	first := put(t, v, "procédure")
	time.Sleep(1100 * time.Millisecond) // the service counts in seconds
	second := put(t, v, "procédure")
	if !second.StoredAt.After(first.StoredAt) {
		t.Errorf("stored at %v, then %v", first.StoredAt, second.StoredAt)
	}
	if err := vault.Check(t.Context(), v, first.Digest); err != nil {
		t.Error(err)
	}
	if left := raw.leftovers(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSweep_RemovesOldOrphans(t *testing.T) {
	s := miniotest.Start(t)
	address, _ := bucket(t, s)
	v := open(t, address)
	named, orphan := put(t, v, "named"), put(t, v, "orphan")
	keep := func(_ context.Context, d vault.Digest) (bool, error) { return d == named.Digest, nil }
	if swept, err := v.Sweep(t.Context(), orphan.StoredAt.Add(-time.Hour), keep); err != nil || swept.Contents != 0 {
		t.Errorf("swept too early: %+v, %v", swept, err)
	}
	swept, err := v.Sweep(t.Context(), orphan.StoredAt.Add(time.Hour), keep)
	if want := (vault.Swept{Contents: 1, Bytes: 6}); err != nil || swept != want {
		t.Errorf("swept = %+v, %v, want %+v", swept, err, want)
	}
	if err := vault.Check(t.Context(), v, named.Digest); err != nil {
		t.Error(err)
	}
	if _, err := v.Stat(t.Context(), orphan.Digest); !errors.Is(err, qms.NotFound("content.missing")) {
		t.Errorf("orphan: %v", err)
	}
}

func TestOpen_RefusesAServiceThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	_, err := minio.Open(t.Context(), "s3://key:secret@"+miniotest.FreeAddress()+"/vault?secure=false")
	if !errors.Is(err, qms.Busy("vault.unreachable")) {
		t.Errorf("open = %v, want vault.unreachable", err)
	}
}

func TestOpen_RefusesWrongCredentials(t *testing.T) {
	s := miniotest.Start(t)
	stranger := *s
	stranger.Secret = "not the secret"
	if _, err := minio.Open(t.Context(), strings.ReplaceAll(stranger.Address("vault"), " ", "-")); err == nil || qms.CodeOf(err) != "" {
		t.Errorf("open = %v, want an error for the log", err)
	}
}

func TestPut_IntoAFullServiceIsRefused(t *testing.T) {
	t.Parallel()
	full := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPut:
			io.Copy(io.Discard, r.Body)
			w.WriteHeader(http.StatusInsufficientStorage)
			io.WriteString(w, `<Error><Code>XMinioStorageFull</Code><Message>no room</Message></Error>`)
		case http.MethodHead:
			if strings.Contains(strings.Trim(r.URL.Path, "/"), "/") {
				w.WriteHeader(http.StatusNotFound)
			}
		}
	}))
	defer full.Close()
	v, err := minio.Open(t.Context(), "s3://key:secret@"+full.Listener.Addr().String()+"/vault?secure=false")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Put(t.Context(), strings.NewReader("procédure")); !errors.Is(err, qms.Busy("vault.full")) {
		t.Errorf("put = %v, want vault.full", err)
	}
}

func TestOpen_TellsALineThatWasCutFromAnAlteredContent(t *testing.T) {
	t.Parallel()
	cutting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		w.Header().Set("ETag", `"e"`)
		if r.Method == http.MethodGet {
			w.Header().Set("Content-Length", "9")
			io.WriteString(w, "proc")
		}
	}))
	defer cutting.Close()
	v, err := minio.Open(t.Context(), "s3://key:secret@"+cutting.Listener.Addr().String()+"/vault?secure=false")
	if err != nil {
		t.Fatal(err)
	}
	err = vault.Check(t.Context(), v, vault.DigestOf([]byte("procedure")))
	if err == nil || errors.Is(err, vault.ErrAltered) {
		t.Errorf("check = %v, want an error of the line", err)
	}
}

// bucket is a new bucket's address, and a client that reaches it behind the vault's back.
func bucket(t *testing.T, s *miniotest.Server) (string, raw) {
	name := s.Bucket()
	client, err := s3.New(s.Host, &s3.Options{Creds: credentials.NewStaticV4(s.Key, s.Secret, "")})
	if err != nil {
		t.Fatal(err)
	}
	return s.Address(name), raw{client, name}
}

type raw struct {
	client *s3.Client
	bucket string
}

// alter puts other bytes under the same key: the service serves them as if nothing were wrong.
func (r raw) alter(t *testing.T, d vault.Digest) {
	object, err := r.client.GetObject(t.Context(), r.bucket, d.Path(), s3.GetObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(object)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	_, err = r.client.PutObject(t.Context(), r.bucket, d.Path(), bytes.NewReader(content), int64(len(content)), s3.PutObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

func (r raw) leftovers(t *testing.T) []string {
	names := r.uploads(t, "")
	for object := range r.client.ListObjectsIter(t.Context(), r.bucket, s3.ListObjectsOptions{Recursive: true}) {
		if _, ours := vault.ParsePath(object.Key); !ours {
			names = append(names, object.Key)
		}
		names = append(names, r.uploads(t, object.Key)...)
	}
	return names
}

func (r raw) uploads(t *testing.T, key string) (names []string) {
	for upload := range r.client.ListIncompleteUploads(t.Context(), r.bucket, key, true) {
		names = append(names, upload.Key+" "+upload.UploadID)
	}
	return names
}

func open(t *testing.T, address string) *minio.Vault {
	v, err := minio.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func put(t *testing.T, v vault.Vault, content string) vault.Info {
	t.Helper()
	info, err := v.Put(t.Context(), strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return info
}
