package minio

import (
	"context"
	"fmt"
	"time"

	s3 "github.com/minio/minio-go/v7"

	"maillon/documents/vault"
)

// Sweep removes, among what is older than before, the contents that keep does not know and what a server
// that died had sent of contents in parts. Which such uploads there are the service tells: S3 all of them,
// MinIO those begun since it started itself, and it drops its own after a day. What is in the bucket under
// other names than contents have is somebody else's. Sweep stops at the first error and tells what it removed
// by then.
func (v *Vault) Sweep(ctx context.Context, before time.Time, keep vault.Keep) (vault.Swept, error) {
	var swept vault.Swept
	for orphan, err := range vault.Orphans(ctx, v, before, keep) {
		removed := false
		if err == nil {
			removed, err = v.remove(ctx, orphan.Digest, before)
		}
		if err != nil {
			return swept, fmt.Errorf("sweep: %w", err)
		}
		if removed {
			swept.Contents++
			swept.Bytes += orphan.Size
		}
	}
	err := v.sweepUploads(ctx, before, &swept)
	return swept, err
}

// sweepUploads gives up each upload by its own identifier: another one of the same content may be young.
func (v *Vault) sweepUploads(ctx context.Context, before time.Time, swept *vault.Swept) error {
	listing, stop := context.WithCancel(ctx)
	uploads := v.client.ListIncompleteUploads(listing, v.bucket, "", true)
	defer func() {
		stop()
		for range uploads { // the client waits until its last word was heard
		}
	}()
	core := s3.Core{Client: v.client}
	for upload := range uploads {
		if upload.Err != nil {
			return fmt.Errorf("sweep: %w", translate(ctx, upload.Err, vault.Digest{}))
		}
		if _, ours := vault.ParsePath(upload.Key); !ours || upload.Initiated.IsZero() || !upload.Initiated.Before(before) {
			continue
		}
		err := core.AbortMultipartUpload(ctx, v.bucket, upload.Key, upload.UploadID)
		switch {
		case err == nil:
			swept.Unfinished++
		case answer(err).Code != s3.NoSuchUpload: // else another server was faster
			return fmt.Errorf("sweep: %w", translate(ctx, err, vault.Digest{}))
		}
	}
	return nil
}

// remove looks at the age again, since a Put may have renewed the object in the meantime.
func (v *Vault) remove(ctx context.Context, d vault.Digest, before time.Time) (bool, error) {
	info, err := v.Stat(ctx, d)
	if err != nil || !info.StoredAt.Before(before) {
		return false, err
	}
	err = v.client.RemoveObject(ctx, v.bucket, d.Path(), s3.RemoveObjectOptions{})
	return err == nil, translate(ctx, err, d)
}

// abort gives up the parts that were sent of an object.
func (v *Vault) abort(ctx context.Context, key string) error {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	return v.client.RemoveIncompleteUpload(ctx, v.bucket, key)
}
