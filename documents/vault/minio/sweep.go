package minio

import (
	"context"
	"fmt"
	"time"

	s3 "github.com/minio/minio-go/v7"

	"maillon/documents/vault"
)

// Sweep removes, among what is older than before, the contents that keep does not know and the
// unfinished uploads that the service lists (MinIO lists none, and drops its own after a day). It
// stops at the first error and tells what it removed by then.
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
	for upload := range v.client.ListIncompleteUploads(ctx, v.bucket, "", true) {
		if upload.Err != nil {
			return swept, fmt.Errorf("sweep: %w", translate(ctx, upload.Err, vault.Digest{}))
		}
		if upload.Initiated.Before(before) && v.abort(ctx, upload.Key) == nil {
			swept.Unfinished++
		}
	}
	return swept, nil
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
