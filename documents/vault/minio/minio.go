// Package minio keeps contents as objects of a bucket, in MinIO or any other S3 service, so that
// several servers share one vault.
//
// The key of an object is the path of its digest, the same as in a dir vault. The digest is known
// only when all has been read, so Put spools to an unnamed temporary file while hashing: memory stays
// bounded, an object that is there already is not sent again, and the service is told size and SHA-256
// beforehand. What fits in one request (5 GiB, the limit of S3) goes in one, so an interrupted Put
// leaves no parts behind; what is larger goes in parts, which are aborted when it fails.
//
// The service is not trusted with integrity: everything read is hashed. It is not trusted to answer
// either: requests are retried a few times and then refused as vault.unreachable.
package minio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	s3 "github.com/minio/minio-go/v7"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/aside"
)

// Vault is a bucket of contents.
type Vault struct {
	client   *s3.Client
	bucket   string
	onePiece int64 // bytes that go in one request; more go in parts
}

var _ vault.Vault = (*Vault)(nil)

// limitOfOneRequest is the largest object that S3 takes in one PUT.
const limitOfOneRequest = 5 << 30

// Open takes the bucket of an address (see ParseAddress) as a vault and makes it when missing.
func Open(ctx context.Context, address string) (*Vault, error) {
	a, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	client, err := a.client()
	if err != nil {
		return nil, fmt.Errorf("open vault: %w", err)
	}
	v := &Vault{client: client, bucket: a.Bucket, onePiece: limitOfOneRequest}
	if err := v.makeBucket(ctx, a); err != nil {
		return nil, fmt.Errorf("open vault: %w", translate(ctx, err, vault.Digest{}))
	}
	return v, nil
}

func (v *Vault) makeBucket(ctx context.Context, a Address) error {
	there, err := v.client.BucketExists(ctx, v.bucket)
	if err != nil || there {
		return err
	}
	err = v.client.MakeBucket(ctx, v.bucket, s3.MakeBucketOptions{Region: a.Region, ObjectLocking: a.Lock})
	if answer(err).Code == "BucketAlreadyOwnedByYou" { // another server was faster
		return nil
	}
	return err
}

// Put implements vault.Vault.
func (v *Vault) Put(ctx context.Context, r io.Reader) (vault.Info, error) {
	spool, err := newSpool()
	if err != nil {
		return vault.Info{}, fmt.Errorf("put content: %w", vault.WriteError(err))
	}
	defer spool.discard()
	info, err := vault.Copy(ctx, spool.file, r)
	if err != nil {
		return vault.Info{}, err
	}
	if err := v.settle(ctx, spool.file, info); err != nil {
		return vault.Info{}, fmt.Errorf("put content: %w", translate(ctx, err, info.Digest))
	}
	return v.Stat(ctx, info.Digest)
}

// settle sends the content, or renews the date of the object that is there, so that no sweep takes
// it before its row is written.
func (v *Vault) settle(ctx context.Context, spool *os.File, info vault.Info) error {
	stat, err := v.client.StatObject(ctx, v.bucket, info.Digest.Path(), s3.StatObjectOptions{})
	switch {
	case err == nil && stat.Size == info.Size && !heldUntil(stat).IsZero():
		return nil // a row names it, so that no sweep takes it: another version would not be held
	case err == nil && stat.Size == info.Size:
		return v.renew(ctx, info.Digest)
	case err != nil && !isMissing(err):
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return v.send(ctx, spool, info)
}

func (v *Vault) send(ctx context.Context, spool *os.File, info vault.Info) error {
	options := s3.PutObjectOptions{
		ContentType:      "application/octet-stream",
		Checksum:         s3.ChecksumSHA256,
		DisableMultipart: info.Size <= v.onePiece,
	}
	_, err := v.client.PutObject(ctx, v.bucket, info.Digest.Path(), spool, info.Size, options)
	if err != nil && !options.DisableMultipart {
		err = errors.Join(err, v.abort(context.WithoutCancel(ctx), info.Digest.Path()))
	}
	return err
}

// renew copies the object onto itself: S3 has no other way to say that it was put again.
func (v *Vault) renew(ctx context.Context, d vault.Digest) error {
	from := s3.CopySrcOptions{Bucket: v.bucket, Object: d.Path()}
	to := s3.CopyDestOptions{Bucket: v.bucket, Object: d.Path(), ReplaceMetadata: true}
	_, err := v.client.ComposeObject(ctx, to, from)
	return err
}

// Open implements vault.Vault.
func (v *Vault) Open(ctx context.Context, d vault.Digest) (io.ReadCloser, error) {
	core := s3.Core{Client: v.client}
	object, _, _, err := core.GetObject(ctx, v.bucket, d.Path(), s3.GetObjectOptions{})
	if err != nil {
		return nil, translate(ctx, err, d)
	}
	return vault.Verified(object, d), nil
}

// Stat implements vault.Vault.
func (v *Vault) Stat(ctx context.Context, d vault.Digest) (vault.Info, error) {
	stat, err := v.client.StatObject(ctx, v.bucket, d.Path(), s3.StatObjectOptions{})
	if err != nil {
		return vault.Info{}, translate(ctx, err, d)
	}
	return vault.Info{Digest: d, Size: stat.Size, StoredAt: stat.LastModified.UTC()}, nil
}

// List implements vault.Vault.
func (v *Vault) List(ctx context.Context) iter.Seq2[vault.Info, error] {
	return func(yield func(vault.Info, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		for object := range v.client.ListObjectsIter(ctx, v.bucket, s3.ListObjectsOptions{Recursive: true}) {
			if object.Err != nil {
				yield(vault.Info{}, translate(ctx, object.Err, vault.Digest{}))
				return
			}
			d, ours := vault.ParsePath(object.Key)
			info := vault.Info{Digest: d, Size: object.Size, StoredAt: object.LastModified.UTC()}
			if ours && !yield(info, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(vault.Info{}, err)
		}
	}
}

// translate turns the client's errors into those of the vault.
func translate(ctx context.Context, err error, d vault.Digest) error {
	if err == nil || qms.CodeOf(err) != "" {
		return err
	}
	response := answer(err)
	var network net.Error
	var address *url.Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case isMissing(err):
		return vault.Missing(d)
	case response.StatusCode == http.StatusInsufficientStorage || strings.Contains(response.Code, "StorageFull"):
		return vault.Full(err)
	case response.StatusCode >= 500 || errors.As(err, &network) || errors.As(err, &address):
		return vault.Unreachable(err)
	}
	return err
}

func isMissing(err error) bool { return answer(err).Code == s3.NoSuchKey }

// answer is what the service said; s3.ToErrorResponse does not look into wrapped errors.
func answer(err error) (response s3.ErrorResponse) {
	errors.As(err, &response)
	return response
}

// spool is a temporary file without a name, so that not even a crash leaves it behind.
type spool struct{ file *os.File }

func newSpool() (spool, error) {
	file, err := aside.File("put")
	if err != nil {
		return spool{}, err
	}
	os.Remove(file.Name()) // where the system refuses that while it is open, discard does it
	return spool{file}, nil
}

func (s spool) discard() {
	s.file.Close()
	os.Remove(s.file.Name())
}

// patience bounds what is done after a failure, when the caller's context may have ended.
const patience = 10 * time.Second
