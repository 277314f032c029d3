package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"maillon/qms"
	"maillon/qms/trail"
)

func TestSince_AcceptsOnlyTheTrailThatWasContinued(t *testing.T) {
	t.Parallel()
	c := sample(t)
	later, err := verify(made(t, c))
	if err != nil {
		t.Fatal(err)
	}
	continued := later.Earlier[0]
	kept := Report{Number: continued.Number, Checkpoint: continued.Checkpoint, KeyFingerprint: later.KeyFingerprint}
	for what, trial := range map[string]struct {
		alter func(*Report)
		key   string
	}{
		"the pack that was kept":              {func(*Report) {}, ""},
		"it under another number":             {func(r *Report) { r.Number = "PACK-2025-070" }, ""},
		"itself":                              {func(r *Report) { r.Number, r.Checkpoint = later.Number, later.Checkpoint }, ""},
		"one of a trail rewritten since":      {func(r *Report) { r.Checkpoint.Root[0] ^= 1 }, "pack.past_rewritten"},
		"one of a trail cut short since":      {func(r *Report) { r.Checkpoint.Size = later.Checkpoint.Size + 1 }, "pack.since_shorter"},
		"one that it does not know":           {func(r *Report) { r.Number = "PACK-2025-008"; r.Checkpoint.Size-- }, "pack.since_unknown"},
		"one of another platform":             {func(r *Report) { r.Checkpoint.Origin = trail.Origin("maillon.example", "other") }, "pack.since_another_trail"},
		"one that another key signed":         {func(r *Report) { r.KeyFingerprint = "0000" }, "pack.since_another_key"},
		"another of its own number and trail": {func(r *Report) { r.Number = later.Number; r.Checkpoint = later.Checkpoint; r.Checkpoint.Root[0] ^= 1 }, "pack.past_rewritten"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			before := kept
			trial.alter(&before)
			err := later.Since(before)
			if trial.key == "" && err != nil || trial.key != "" && !errors.Is(err, qms.Invalid(trial.key)) {
				t.Errorf("want %q, got %v", trial.key, err)
			}
		})
	}
}

func TestSignedBy_WantsTheVeryKey(t *testing.T) {
	t.Parallel()
	r, err := verify(smallPack())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.SignedBy([]byte(testKey(t, 1).Verifier() + "\n")); err != nil {
		t.Error(err)
	}
	if err := r.SignedBy([]byte(testKey(t, 2).Verifier())); !errors.Is(err, qms.Invalid("pack.another_key")) {
		t.Errorf("another key: %v", err)
	}
	if err := r.SignedBy([]byte("PK\x03\x04")); !errors.Is(err, qms.Invalid("pack.given_key_unreadable")) {
		t.Errorf("no key at all: %v", err)
	}
}

// TestVerify_ReadsTheFormatBefore makes a pack as they were when a manifest named one earlier pack at most.
func TestVerify_ReadsTheFormatBefore(t *testing.T) {
	t.Parallel()
	for what, trial := range map[string]struct {
		alter func(*manifest)
		key   string
	}{
		"as it was":               {func(m *manifest) { m.Previous, m.Earlier = &m.Earlier[0], nil }, ""},
		"with what it had not":    {func(*manifest) {}, "pack.manifest_unreadable"},
		"of a past that was not":  {func(m *manifest) { m.Earlier[0].Checkpoint.Root[0] ^= 1; m.Previous, m.Earlier = &m.Earlier[0], nil }, "pack.past_rewritten"},
		"of a format to come":     {func(m *manifest) { m.Format = "maillon-pack/4" }, "pack.manifest_unreadable"},
		"of the second":           {func(m *manifest) { m.Format = formatSecond }, ""},
		"second with sections":    {func(m *manifest) { m.Format, m.Sections = formatSecond, []Section{{Key: "links"}} }, "pack.manifest_unreadable"},
		"second with evidence":    {func(m *manifest) { m.Format, m.Files[len(m.Files)-1].Record = formatSecond, "RAP-1" }, "pack.manifest_unreadable"},
		"today's with the former": {func(m *manifest) { m.Format = format; m.Previous = &m.Earlier[0] }, "pack.manifest_unreadable"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := parts(t, smallPack())
			data, err := io.ReadAll(open(t, s[0]))
			if err != nil {
				t.Fatal(err)
			}
			var m manifest
			if err := json.Unmarshal(data, &m); err != nil {
				t.Fatal(err)
			}
			m.Format = formatBefore
			trial.alter(&m)
			if data, err = m.encode(); err != nil {
				t.Fatal(err)
			}
			signed, err := testKey(t, 1).SignText(statement(data, m.Checkpoint.checkpoint()))
			if err != nil {
				t.Fatal(err)
			}
			s[0], s[1] = part(manifestName, string(data)), part(signatureName, string(bytes.Clone(signed)))
			r, err := verify(together(t, s))
			if trial.key != "" {
				if !errors.Is(err, qms.Invalid(trial.key)) {
					t.Errorf("want %s, got %v", trial.key, err)
				}
				return
			}
			if err != nil || len(r.Earlier) != 1 || r.Earlier[0].Number != "PACK-2025-007" {
				t.Errorf("%+v, %v", r.Earlier, err)
			}
		})
	}
}
