package minio

import (
	"context"
	"fmt"
	"io"
	"time"

	s3 "github.com/minio/minio-go/v7"

	"maillon/documents/vault"
)

// retainedUntil is the header that says until when a version is retained.
const (
	retainedMode  = "X-Amz-Object-Lock-Mode"
	retainedUntil = "X-Amz-Object-Lock-Retain-Until-Date"
)

// heldUntil is until when an object is under a retention that nobody can end; zero when it is not.
func heldUntil(stat s3.ObjectInfo) time.Time {
	if stat.Metadata.Get(retainedMode) != string(s3.Compliance) {
		return time.Time{}
	}
	until, err := time.Parse(time.RFC3339, stat.Metadata.Get(retainedUntil))
	if err != nil {
		return time.Time{}
	}
	return until.UTC()
}

// Hold implements vault.Vault by a retention in COMPLIANCE mode on the version that it has read. On a bucket
// without object lock it is refused by the service, whose words are in the error: Prove tells beforehand.
func (v *Vault) Hold(ctx context.Context, d vault.Digest, until time.Time) (vault.Held, error) {
	stat, err := v.client.StatObject(ctx, v.bucket, d.Path(), s3.StatObjectOptions{})
	if err != nil {
		return vault.Held{}, translate(ctx, err, d)
	}
	until = until.UTC().Truncate(time.Second) // S3 counts in seconds
	if held := heldUntil(stat); !held.Before(until) {
		return vault.Held{Until: held}, nil
	}
	if err := v.checkVersion(ctx, d, stat.VersionID); err != nil {
		return vault.Held{}, err
	}
	if err := v.retain(ctx, d.Path(), stat.VersionID, until); err != nil {
		return vault.Held{}, translate(ctx, err, d)
	}
	held, err := v.retained(ctx, d.Path(), stat.VersionID)
	switch {
	case err != nil:
		return vault.Held{}, fmt.Errorf("%w: %w", vault.ErrNotHeld, translate(ctx, err, d))
	case held.Before(until):
		return vault.Held{}, fmt.Errorf("%w: until %s and not %s", vault.ErrNotHeld, held.Format(time.RFC3339), until.Format(time.RFC3339))
	}
	return vault.Held{Until: held}, nil
}

// checkVersion reads one version of a content to its end.
func (v *Vault) checkVersion(ctx context.Context, d vault.Digest, version string) error {
	core := s3.Core{Client: v.client}
	object, _, _, err := core.GetObject(ctx, v.bucket, d.Path(), s3.GetObjectOptions{VersionID: version})
	if err != nil {
		return translate(ctx, err, d)
	}
	defer object.Close()
	_, err = io.Copy(io.Discard, vault.Verified(object, d))
	return err
}

func (v *Vault) retain(ctx context.Context, key, version string, until time.Time) error {
	mode := s3.Compliance
	return v.client.PutObjectRetention(ctx, v.bucket, key, s3.PutObjectRetentionOptions{Mode: &mode, RetainUntilDate: &until, VersionID: version})
}

// retained is until when a version is under a retention that nobody can end, as the service says.
func (v *Vault) retained(ctx context.Context, key, version string) (time.Time, error) {
	mode, until, err := v.client.GetObjectRetention(ctx, v.bucket, key, version)
	switch {
	case err != nil:
		return time.Time{}, err
	case mode == nil || until == nil || *mode != s3.Compliance:
		return time.Time{}, fmt.Errorf("%w: the service names no retention in COMPLIANCE mode", vault.ErrNotHeld)
	}
	return until.UTC(), nil
}
