package minio_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	s3 "github.com/minio/minio-go/v7"

	"maillon/documents/vault"
	"maillon/documents/vault/minio"
	"maillon/documents/vault/minio/miniotest"
	"maillon/documents/vault/vaulttest"
	"maillon/qms"
)

// locked is the address of a bucket that is made with object lock.
func locked(t *testing.T, s *miniotest.Server) (string, raw) {
	address, raw := bucket(t, s)
	return address + "&lock=true", raw
}

// A vault that holds contents keeps the whole contract.
func TestMinIO_WithObjectLockKeepsTheContractOfAVault(t *testing.T) {
	s := miniotest.Start(t)
	vaulttest.Run(t, func(t *testing.T) vaulttest.Subject {
		address, raw := locked(t, s)
		return vaulttest.Subject{
			Vault:     open(t, address),
			Alter:     func(t *testing.T, d vault.Digest) { raw.alter(t, d) },
			Leftovers: func(t *testing.T) []string { return raw.leftovers(t) },
			Address:   address,
			Large:     20_000_000,
		}
	})
}

func outcomes(p vault.Proof) (all []string) {
	for _, f := range p.Findings {
		all = append(all, string(f.Trial)+" "+string(f.Outcome))
	}
	return all
}

func TestProve_FindsTheLockOfMinIO(t *testing.T) {
	s := miniotest.Start(t)
	address, raw := locked(t, s)
	v := open(t, address)
	p, err := v.Prove(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !p.Locks() || !p.Sound() || len(p.Findings) != 9 || slices.ContainsFunc(p.Findings, func(f vault.Finding) bool { return f.Outcome != vault.Proved }) {
		t.Errorf("%+v", p.Findings)
	}
	if left := p.Left; len(left) != 1 || left[0].Until.IsZero() || time.Until(left[0].Until) > time.Minute {
		t.Errorf("left behind %+v", left)
	}
	for info, err := range v.List(t.Context()) {
		t.Errorf("a content is listed: %v, %v", info, err)
	}
	versions := 0
	for object := range raw.client.ListObjectsIter(t.Context(), raw.bucket, s3.ListObjectsOptions{Recursive: true, WithVersions: true}) {
		if !object.IsDeleteMarker {
			versions++
		}
	}
	if versions != 1 {
		t.Errorf("%d versions are left", versions)
	}
}

func TestProve_SaysWhatABucketWithoutLockLacks(t *testing.T) {
	s := miniotest.Start(t)
	address, raw := bucket(t, s)
	v := open(t, address)
	p, err := v.Prove(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"round-trip proved", "checksum proved", "listing proved", "versioning lacking", "overwrite untried", "lock untried", "retention untried", "deletion untried", "shortening untried"}
	if got := outcomes(p); !slices.Equal(got, want) || p.Locks() || p.Sound() || len(p.Left) != 0 {
		t.Errorf("%q, left %v", got, p.Left)
	}
	if err := raw.client.EnableVersioning(t.Context(), raw.bucket); err != nil {
		t.Fatal(err)
	}
	if p, err = v.Prove(t.Context()); err != nil {
		t.Fatal(err)
	}
	want = []string{"round-trip proved", "checksum proved", "listing proved", "versioning proved", "overwrite proved", "lock lacking", "retention untried", "deletion untried", "shortening untried"}
	if got := outcomes(p); !slices.Equal(got, want) || p.Locks() || len(p.Left) != 0 {
		t.Errorf("with versions: %q, left %v", got, p.Left)
	}
	for object := range raw.client.ListObjectsIter(t.Context(), raw.bucket, s3.ListObjectsOptions{Recursive: true, WithVersions: true}) {
		t.Errorf("left behind %s %s", object.Key, object.VersionID)
	}
}

// The service has versions and a lock of its own, whose words the client cannot read: it is not relied on.
func TestProve_RefusesToRelyOnAServiceWhoseRetentionItCannotRead(t *testing.T) {
	s := miniotest.Gateway(t)
	address, _ := locked(t, s)
	p, err := open(t, address).Prove(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p.Locks() || p.Sound() {
		t.Errorf("it is relied on: %+v", p.Findings)
	}
	for trial, said := range map[vault.Trial]string{vault.RoundTrip: "SHA-256 checksum", vault.Checksum: "SHA-256", vault.Retention: "read back"} {
		i := slices.IndexFunc(p.Findings, func(f vault.Finding) bool { return f.Trial == trial })
		if i < 0 || p.Findings[i].Outcome != vault.Lacking || !strings.Contains(p.Findings[i].Said, said) {
			t.Errorf("%s: %+v", trial, p.Findings)
		}
	}
}

func TestProve_EndsWhereTheServiceDoesNotAnswer(t *testing.T) {
	s := miniotest.Start(t)
	address, _ := bucket(t, s)
	v := open(t, address)
	minio.Disconnect(v)
	if _, err := v.Prove(t.Context()); !errors.Is(err, qms.Busy("vault.unreachable")) {
		t.Errorf("prove = %v", err)
	}
}

func TestHold_KeepsAContentFromEverybodyAndIsProlonged(t *testing.T) {
	s := miniotest.Start(t)
	address, raw := locked(t, s)
	v := open(t, address)
	info := put(t, v, "procédure approuvée")
	until := time.Now().Add(time.Minute).UTC().Truncate(time.Second)
	held, err := v.Hold(t.Context(), info.Digest, until)
	if err != nil || !held.Locked() || !held.Until.Equal(until) {
		t.Fatalf("hold = %+v, %v", held, err)
	}
	version := raw.version(t, info.Digest)
	if err := raw.client.RemoveObject(t.Context(), raw.bucket, info.Digest.Path(), s3.RemoveObjectOptions{VersionID: version, GovernanceBypass: true}); err == nil {
		t.Error("what is held was deleted")
	}
	if held, err = v.Hold(t.Context(), info.Digest, until.Add(-30*time.Second)); err != nil || !held.Until.Equal(until) {
		t.Errorf("a shorter hold: %+v, %v", held, err)
	}
	if held, err = v.Hold(t.Context(), info.Digest, until.Add(time.Minute)); err != nil || !held.Until.Equal(until.Add(time.Minute)) {
		t.Errorf("a longer hold: %+v, %v", held, err)
	}
	again := put(t, v, "procédure approuvée")
	if now := raw.version(t, info.Digest); now != version || again.Digest != info.Digest {
		t.Errorf("putting it again made the version %s of %s, which is not held", now, version)
	}
	raw.alter(t, info.Digest) // somebody with all rights puts another version over it
	if _, err := v.Hold(t.Context(), info.Digest, until.Add(time.Hour)); !errors.Is(err, vault.ErrAltered) {
		t.Errorf("what is altered is held: %v", err)
	}
	object, err := raw.client.GetObject(t.Context(), raw.bucket, info.Digest.Path(), s3.GetObjectOptions{VersionID: version})
	if err != nil {
		t.Fatal(err)
	}
	var kept bytes.Buffer
	if _, err := kept.ReadFrom(object); err != nil || vault.DigestOf(kept.Bytes()) != info.Digest {
		t.Errorf("the version that is held reads %q, %v", kept.String(), err)
	}
}

func TestHold_OnABucketWithoutLockIsAnErrorAndNoHold(t *testing.T) {
	s := miniotest.Start(t)
	address, _ := bucket(t, s)
	v := open(t, address)
	info := put(t, v, "procédure")
	if held, err := v.Hold(t.Context(), info.Digest, time.Now().Add(time.Hour)); err == nil || held.Locked() {
		t.Errorf("hold = %+v, %v", held, err)
	}
	if _, err := v.Hold(t.Context(), vault.DigestOf([]byte("nobody's")), time.Now().Add(time.Hour)); !errors.Is(err, qms.NotFound("content.missing")) {
		t.Errorf("hold of what is missing = %v", err)
	}
}

func (r raw) version(t *testing.T, d vault.Digest) string {
	t.Helper()
	stat, err := r.client.StatObject(t.Context(), r.bucket, d.Path(), s3.StatObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return stat.VersionID
}
