package minio

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	s3 "github.com/minio/minio-go/v7"

	"maillon/documents/vault"
	"maillon/qms"
)

const (
	probes        = "probe/"         // the folder of what Prove puts; no content has such a key
	probeHold     = 30 * time.Second // how long the one that is locked is locked
	probesGoAfter = 10 * time.Minute // of an earlier Prove, which another server may be at
)

// trial is one Prove.
type trial struct {
	*Vault
	key           string
	first, second []byte
	version       string // of the first
	proof         vault.Proof
}

// Prove implements vault.Vault. It leaves one version of some bytes behind where the lock works, until the
// lock is over: the next Prove takes it away.
func (v *Vault) Prove(ctx context.Context) (vault.Proof, error) {
	t := &trial{Vault: v, key: probes + strings.ToLower(rand.Text())}
	t.first, t.second = []byte("the first content of "+t.key), []byte("another content of "+t.key)
	if err := t.firstPut(ctx); err != nil {
		return t.proof, err
	}
	t.proof.Add(vault.Checksum, t.refusesWrong(ctx))
	t.proof.Add(vault.Listing, t.listsOnce(ctx))
	if versioned := t.proof.Add(vault.Versioning, t.versions(ctx)); !versioned {
		t.proof.Leave(vault.Untried, vault.Overwrite, vault.LockOn, vault.Retention, vault.Deletion, vault.Shortening)
		return t.proof, t.tidy(ctx)
	}
	t.locks(ctx)
	t.proof.Add(vault.Overwrite, t.overwrites(ctx))
	return t.proof, t.tidy(ctx)
}

// firstPut puts and reads back. Where not even that can be tried there is nothing to prove.
func (t *trial) firstPut(ctx context.Context) error {
	info, err := t.put(ctx, t.first, s3.PutObjectOptions{Checksum: s3.ChecksumSHA256})
	if err != nil {
		if translated := translate(ctx, err, vault.Digest{}); ctx.Err() != nil || errors.Is(translated, qms.Busy("vault.unreachable")) {
			return translated
		}
		t.proof.Add(vault.RoundTrip, fmt.Errorf("put with a SHA-256 checksum: %w", err))
		info, err = t.put(ctx, t.first, s3.PutObjectOptions{DisableContentSha256: false})
		if err != nil {
			return fmt.Errorf("put: %w", err)
		}
		t.version = info.VersionID
		return nil
	}
	t.version = info.VersionID
	t.proof.Add(vault.RoundTrip, t.reads(ctx, t.version, t.first))
	return nil
}

func (t *trial) put(ctx context.Context, content []byte, o s3.PutObjectOptions) (s3.UploadInfo, error) {
	o.DisableMultipart = true
	return t.client.PutObject(ctx, t.bucket, t.key, bytes.NewReader(content), int64(len(content)), o)
}

// reads looks whether a version, the newest when none is named, holds these bytes.
func (t *trial) reads(ctx context.Context, version string, want []byte) error {
	core := s3.Core{Client: t.client}
	object, _, _, err := core.GetObject(ctx, t.bucket, t.key, s3.GetObjectOptions{VersionID: version})
	if err != nil {
		return err
	}
	defer object.Close()
	got, err := io.ReadAll(object)
	if err == nil && !bytes.Equal(got, want) {
		err = fmt.Errorf("%d bytes were read that are not the %d that were put", len(got), len(want))
	}
	return err
}

// refusesWrong puts under a second key with the SHA-256 of something else.
func (t *trial) refusesWrong(ctx context.Context) error {
	wrong := sha256.Sum256(t.second)
	core := s3.Core{Client: t.client}
	options := s3.PutObjectOptions{UserMetadata: map[string]string{"x-amz-checksum-sha256": base64.StdEncoding.EncodeToString(wrong[:])}}
	_, err := core.PutObject(ctx, t.bucket, t.key+"-wrong", bytes.NewReader(t.first), int64(len(t.first)), "", "", options)
	if err == nil {
		return errors.New("bytes with the SHA-256 of others were taken")
	}
	if answer(err).StatusCode < 400 || answer(err).StatusCode >= 500 {
		return err
	}
	stat, err := t.client.StatObject(ctx, t.bucket, t.key, s3.StatObjectOptions{Checksum: true})
	if err != nil {
		return err
	}
	right := sha256.Sum256(t.first)
	if stat.ChecksumSHA256 != base64.StdEncoding.EncodeToString(right[:]) {
		return fmt.Errorf("the service states the SHA-256 %q of what was put", stat.ChecksumSHA256)
	}
	return nil
}

func (t *trial) listsOnce(ctx context.Context) error {
	var keys []string
	for object := range t.client.ListObjectsIter(ctx, t.bucket, s3.ListObjectsOptions{Prefix: t.key, Recursive: true}) {
		if object.Err != nil {
			return object.Err
		}
		if object.Size != int64(len(t.first)) {
			return fmt.Errorf("%s is listed with %d bytes", object.Key, object.Size)
		}
		keys = append(keys, object.Key)
	}
	if len(keys) != 1 || keys[0] != t.key {
		return fmt.Errorf("listed were %q", keys)
	}
	return nil
}

// versions looks whether the bucket keeps versions.
func (t *trial) versions(ctx context.Context) error {
	config, err := t.client.GetBucketVersioning(ctx, t.bucket)
	if err != nil {
		return err
	}
	if !config.Enabled() {
		return fmt.Errorf("the versioning of the bucket is %q", config.Status)
	}
	if t.version == "" || t.version == "null" {
		return errors.New("what was put has no version of its own")
	}
	return nil
}

// locks tries the lock on the first version.
func (t *trial) locks(ctx context.Context) {
	state, _, _, _, err := t.client.GetObjectLockConfig(ctx, t.bucket)
	if err == nil && state != "Enabled" {
		err = fmt.Errorf("the object lock of the bucket is %q", state)
	}
	if !t.proof.Add(vault.LockOn, err) {
		t.proof.Leave(vault.Untried, vault.Retention, vault.Deletion, vault.Shortening)
		return
	}
	until, err := t.retains(ctx)
	if !t.proof.Add(vault.Retention, err) {
		t.proof.Leave(vault.Untried, vault.Deletion, vault.Shortening)
		return
	}
	t.proof.Add(vault.Deletion, t.keeps(ctx))
	t.proof.Add(vault.Shortening, t.staysAsLong(ctx, until))
}

// retains sets a retention, counted from the clock of the service, and reads it back.
func (t *trial) retains(ctx context.Context) (time.Time, error) {
	stat, err := t.client.StatObject(ctx, t.bucket, t.key, s3.StatObjectOptions{VersionID: t.version})
	if err != nil {
		return time.Time{}, err
	}
	until := stat.LastModified.UTC().Truncate(time.Second).Add(probeHold)
	if err := t.retain(ctx, t.key, t.version, until); err != nil {
		return time.Time{}, fmt.Errorf("set: %w", err)
	}
	held, err := t.retained(ctx, t.key, t.version)
	switch {
	case err != nil:
		return time.Time{}, fmt.Errorf("read back: %w", err)
	case !held.Equal(until):
		return time.Time{}, fmt.Errorf("until %s was set and %s is read back", until.Format(time.RFC3339), held.Format(time.RFC3339))
	}
	return until, nil
}

// keeps tries to delete the version that is held.
func (t *trial) keeps(ctx context.Context) error {
	err := t.client.RemoveObject(ctx, t.bucket, t.key, s3.RemoveObjectOptions{VersionID: t.version, GovernanceBypass: true})
	if err == nil {
		return errors.New("it was deleted")
	}
	if code := answer(err).StatusCode; code < 400 || code >= 500 {
		return err
	}
	return t.reads(ctx, t.version, t.first)
}

// staysAsLong tries to end the retention sooner.
func (t *trial) staysAsLong(ctx context.Context, until time.Time) error {
	if err := t.retain(ctx, t.key, t.version, until.Add(-probeHold/2)); err == nil {
		return errors.New("it was shortened")
	}
	held, err := t.retained(ctx, t.key, t.version)
	if err == nil && !held.Equal(until) {
		err = fmt.Errorf("it ends on %s now", held.Format(time.RFC3339))
	}
	return err
}

// overwrites puts other bytes under the key and looks for both.
func (t *trial) overwrites(ctx context.Context) error {
	info, err := t.put(ctx, t.second, s3.PutObjectOptions{})
	switch {
	case err != nil:
		return err
	case info.VersionID == t.version:
		return errors.New("both have the same version")
	}
	return errors.Join(t.reads(ctx, t.version, t.first), t.reads(ctx, info.VersionID, t.second))
}

// tidy takes away what this Prove put, and what earlier ones had to leave. What is still held is in the proof.
func (t *trial) tidy(ctx context.Context) error {
	t.proof.InOrder()
	now, err := t.clock(ctx)
	if err != nil {
		return err
	}
	for object := range t.client.ListObjectsIter(ctx, t.bucket, s3.ListObjectsOptions{Prefix: probes, Recursive: true, WithVersions: true}) {
		if object.Err != nil {
			return object.Err
		}
		if !strings.HasPrefix(object.Key, t.key) && now.Sub(object.LastModified) < probesGoAfter {
			continue
		}
		err := t.client.RemoveObject(ctx, t.bucket, object.Key, s3.RemoveObjectOptions{VersionID: object.VersionID})
		if err == nil {
			continue
		}
		until, unknown := t.retained(ctx, object.Key, object.VersionID)
		if unknown != nil {
			until = time.Time{}
		}
		t.proof.Left = append(t.proof.Left, vault.Leftover{Name: object.Key + " " + object.VersionID, Until: until})
	}
	return nil
}

// clock is the time at the service, as it dated what was put last.
func (t *trial) clock(ctx context.Context) (time.Time, error) {
	stat, err := t.client.StatObject(ctx, t.bucket, t.key, s3.StatObjectOptions{})
	return stat.LastModified, err
}
