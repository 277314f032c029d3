package minio_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/documents/vault/minio"
	"maillon/qms"
)

func TestParseAddress_ReadsAllOfIt(t *testing.T) {
	t.Parallel()
	tests := map[string]minio.Address{
		"s3://key:secret@127.0.0.1:9000/vault?secure=false&region=eu-west-3": {
			Key: "key", Secret: "secret", Host: "127.0.0.1:9000", Bucket: "vault", Region: "eu-west-3",
		},
		"s3://key:a%2Fb%40c@s3.plateforme.example/vault/": {
			Key: "key", Secret: "a/b@c", Host: "s3.plateforme.example", Bucket: "vault", Region: "us-east-1", Secure: true,
		},
	}
	for address, want := range tests {
		got, err := minio.ParseAddress(address)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", address, err, diff)
		}
	}
}

func TestParseAddress_RefusesWithoutRepeatingTheSecret(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "file:data", "http://key:hidden@host/vault", "s3://host/vault", "s3://key@host/vault", "s3://key:hidden@host",
		"s3://key:hidden@host/vault/folder", "s3://key:hidden@host/vault?secure=perhaps", "s3://key:hidden@host/vault?colour=red",
		"s3://key:hidden@ho st/vault", "s3://:hidden@host/vault",
	} {
		_, err := minio.ParseAddress(address)
		if qms.CodeOf(err) != qms.CodeInvalid || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := minio.ParseAddress("s3://key:hidden@host/vault?colour=red"); !errors.Is(err, qms.Invalid("vault.address_setting")) {
		t.Errorf("a setting that does not exist: %v", err)
	}
}
