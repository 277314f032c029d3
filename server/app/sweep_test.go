package app

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/documents/vault/minio/miniotest"
	"maillon/qms"
	"maillon/qms/store/storetest"
)

// What a server that died had sent of a content in parts is given up after three days.
func TestSweep_GivesUpUploadsOfDeadServersAfterThreeDays(t *testing.T) {
	t.Parallel()
	service := miniotest.Built(t)
	bucket, began := service.Bucket(), qms.SystemClock() // the clock of the service is that of the machine
	now := began
	settings := Settings{Data: t.TempDir(), Origin: "maillon", Zone: "Europe/Paris", Vault: service.Address(bucket)}
	storetest.Lay(t, settings.Data)
	s := openSiteWith(t, settings, Options{Clock: func() time.Time { return now }})
	uploads := service.Unfinished(t, bucket)
	left := []string{uploads.Begin(t, vault.DigestOf([]byte("a content")).Path())}
	for _, trial := range []struct {
		after  time.Duration
		left   []string
		metric string
	}{
		{71 * time.Hour, left, "maillon_vault_swept_unfinished_total 0\n"},
		{73 * time.Hour, nil, "maillon_vault_swept_unfinished_total 1\n"},
	} {
		now = began.Add(trial.after)
		if err := s.Sweep(asSystem(t)); err != nil {
			t.Fatal(err)
		}
		if got := uploads.Left(t); !slices.Equal(got, trial.left) {
			t.Errorf("after %v: left %v, want %v", trial.after, got, trial.left)
		}
		if a := s.ask(t, http.MethodGet, "/metrics", "", "text/plain", nil); !strings.Contains(string(a.body), trial.metric) {
			t.Errorf("after %v the metrics lack %q", trial.after, trial.metric)
		}
	}
}
