// Package vaulttest is the contract of a vault, as a suite that every implementation runs.
//
// An implementation gives a Subject: the vault, hooks that do behind its back what a bad disk or a
// bad service would do, and an address at which another process opens the same vault. That process
// is the test binary itself, run again: it puts contents until the suite kills it.
//
// What the suite asserts is what rooms rely on: a content is whole or it is not there, it is read as
// it was put or not at all, and no size of file makes memory grow.
package vaulttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/documents/vault"
	"maillon/qms"
)

// Subject is a vault under test, empty at first.
type Subject struct {
	Vault vault.Vault

	// Alter changes one byte of a kept content behind the vault's back.
	Alter func(t *testing.T, d vault.Digest)

	// Leftovers names what lies about that is no content: temporary files, unfinished uploads.
	Leftovers func(t *testing.T) []string

	// Address is where the Main of this test binary opens the same vault.
	Address string

	// Large is how many bytes the streaming test puts and reads.
	Large int64
}

// MaxGrowth is how many bytes a Put or a reading of Large bytes may allocate, all told.
const MaxGrowth = 64 << 20

// Run holds the vault to its contract. Every test opens a vault of its own.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	tests := []struct {
		name string
		run  func(*testing.T, Subject)
	}{
		{"KeepsWhatIsPut", keepsWhatIsPut},
		{"KeepsTheEmptyContent", keepsTheEmptyContent},
		{"KeepsTheSameContentOnce", keepsTheSameContentOnce},
		{"TakesConcurrentPutsOfOneContent", takesConcurrentPuts},
		{"KeepsNothingOfATruncatedInput", keepsNothingOfATruncatedInput},
		{"StopsWhenTheContextEnds", stopsWhenTheContextEnds},
		{"TellsWhatIsMissing", tellsWhatIsMissing},
		{"DetectsAnAlteredContent", detectsAnAlteredContent},
		{"ListsEveryContentOnce", listsEveryContentOnce},
		{"FindsOrphans", findsOrphans},
		{"StreamsInBoundedMemory", streamsInBoundedMemory},
		{"SurvivesAKill", survivesAKill},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

func keepsWhatIsPut(t *testing.T, s Subject) {
	for _, size := range []int64{1, 17, 1 << 16, 3<<20 + 5} {
		info := put(t, s, content(size, size))
		want := vault.Info{Digest: digestOf(content(size, size)), Size: size, StoredAt: info.StoredAt}
		if diff := cmp.Diff(want, info); diff != "" {
			t.Errorf("put of %d bytes: %s", size, diff)
		}
		stat, err := s.Vault.Stat(t.Context(), info.Digest)
		if err != nil || stat != info || stat.StoredAt.IsZero() || stat.StoredAt.Location().String() != "UTC" {
			t.Errorf("stat = %+v, %v, want %+v", stat, err, info)
		}
		if got := read(t, s, info.Digest); digestOf(bytes.NewReader(got)) != info.Digest {
			t.Errorf("read %d bytes that differ from the %d put", len(got), size)
		}
	}
	noLeftovers(t, s)
}

func keepsTheEmptyContent(t *testing.T, s Subject) {
	for range 2 {
		info := put(t, s, bytes.NewReader(nil))
		if info.Digest != vault.DigestOf(nil) || info.Size != 0 {
			t.Fatalf("put = %+v", info)
		}
		if got := read(t, s, info.Digest); len(got) != 0 {
			t.Errorf("read %d bytes of nothing", len(got))
		}
	}
}

func keepsTheSameContentOnce(t *testing.T, s Subject) {
	first, second := put(t, s, content(1, 1000)), put(t, s, content(1, 1000))
	if first.Digest != second.Digest || second.StoredAt.Before(first.StoredAt) {
		t.Errorf("puts = %+v, %+v", first, second)
	}
	if listed := list(t, s); len(listed) != 1 || listed[0].Digest != first.Digest {
		t.Errorf("list = %+v, want one content", listed)
	}
}

func takesConcurrentPuts(t *testing.T, s Subject) {
	const size, puts = 300_000, 12
	var all sync.WaitGroup
	for range puts {
		all.Go(func() {
			info, err := s.Vault.Put(t.Context(), content(2, size))
			if err != nil {
				t.Errorf("put: %v", err)
			} else if err := vault.Check(t.Context(), s.Vault, info.Digest); err != nil {
				t.Errorf("check: %v", err)
			}
		})
	}
	all.Wait()
	if listed := list(t, s); len(listed) != 1 || listed[0].Size != size {
		t.Errorf("list = %+v, want one content", listed)
	}
	noLeftovers(t, s)
}

var errCut = errors.New("the line was cut")

func keepsNothingOfATruncatedInput(t *testing.T, s Subject) {
	for _, failure := range []error{errCut, io.ErrUnexpectedEOF} {
		_, err := s.Vault.Put(t.Context(), io.MultiReader(content(3, 2<<20), failing{failure}))
		if !errors.Is(err, failure) {
			t.Errorf("put = %v, want %v", err, failure)
		}
	}
	keptNothing(t, s)
}

func stopsWhenTheContextEnds(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Vault.Put(ctx, io.MultiReader(content(4, 1<<20), calling{cancel}, content(5, 1<<40)))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("put = %v, want %v", err, context.Canceled)
	}
	keptNothing(t, s)
	d := put(t, s, content(4, 10)).Digest
	if _, err := s.Vault.Open(ctx, d); !errors.Is(err, context.Canceled) {
		t.Errorf("open = %v, want %v", err, context.Canceled)
	}
	if _, err := s.Vault.Stat(ctx, d); !errors.Is(err, context.Canceled) {
		t.Errorf("stat = %v, want %v", err, context.Canceled)
	}
}

func tellsWhatIsMissing(t *testing.T, s Subject) {
	want := qms.NotFound("content.missing")
	for _, d := range []vault.Digest{digestOf(content(6, 6)), {}} {
		if _, err := s.Vault.Open(t.Context(), d); !errors.Is(err, want) {
			t.Errorf("open = %v, want %v", err, want)
		}
		if _, err := s.Vault.Stat(t.Context(), d); !errors.Is(err, want) {
			t.Errorf("stat = %v, want %v", err, want)
		}
	}
}

func detectsAnAlteredContent(t *testing.T, s Subject) {
	for _, size := range []int64{1, 70_000, 2 << 20} {
		altered, untouched := put(t, s, content(7, size)).Digest, put(t, s, content(8, size)).Digest
		s.Alter(t, altered)
		if err := vault.Check(t.Context(), s.Vault, altered); !errors.Is(err, vault.ErrAltered) {
			t.Errorf("reading %d bytes, one of them altered: %v, want %v", size, err, vault.ErrAltered)
		}
		if err := vault.Check(t.Context(), s.Vault, untouched); err != nil {
			t.Errorf("reading what was not altered: %v", err)
		}
	}
}

func listsEveryContentOnce(t *testing.T, s Subject) {
	want := map[vault.Digest]int64{}
	for i := range int64(40) {
		info := put(t, s, content(100+i, i))
		want[info.Digest] = info.Size
	}
	got := map[vault.Digest]int64{}
	last := ""
	for _, info := range list(t, s) {
		if info.Digest.String() <= last {
			t.Errorf("%s is listed after %s", info.Digest, last)
		}
		last, got[info.Digest] = info.Digest.String(), info.Size
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for range s.Vault.List(t.Context()) {
		break // a reader may stop early
	}
}

func findsOrphans(t *testing.T, s Subject) {
	named, orphan := put(t, s, content(9, 9)), put(t, s, content(10, 10))
	keep := func(_ context.Context, d vault.Digest) (bool, error) { return d == named.Digest, nil }
	var found []vault.Digest
	for info, err := range vault.Orphans(t.Context(), s.Vault, orphan.StoredAt.Add(1e9), keep) {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, info.Digest)
	}
	if diff := cmp.Diff([]vault.Digest{orphan.Digest}, found); diff != "" {
		t.Error(diff)
	}
	for info := range vault.Orphans(t.Context(), s.Vault, named.StoredAt.Add(-1e9), keep) {
		t.Errorf("%s is too young to be an orphan", info.Digest)
	}
	unsure := func(context.Context, vault.Digest) (bool, error) { return false, errCut }
	for _, err := range vault.Orphans(t.Context(), s.Vault, orphan.StoredAt.Add(1e9), unsure) {
		if !errors.Is(err, errCut) {
			t.Errorf("who cannot tell what is kept was not heard: %v", err)
		}
	}
}

func streamsInBoundedMemory(t *testing.T, s Subject) {
	var info vault.Info
	grown := allocated(func() { info = put(t, s, content(11, s.Large)) })
	t.Logf("put of %d MB allocated %d kB", s.Large>>20, grown>>10)
	if info.Size != s.Large || grown > MaxGrowth {
		t.Errorf("put of %d bytes kept %d and allocated %d", s.Large, info.Size, grown)
	}
	var err error
	grown = allocated(func() { err = vault.Check(t.Context(), s.Vault, info.Digest) })
	t.Logf("reading %d MB allocated %d kB", s.Large>>20, grown>>10)
	if err != nil || grown > MaxGrowth {
		t.Errorf("reading %d bytes allocated %d: %v", s.Large, grown, err)
	}
}

// allocated is how many bytes fn allocated, collected since or not: never less than what it held.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func put(t *testing.T, s Subject, r io.Reader) vault.Info {
	t.Helper()
	info, err := s.Vault.Put(t.Context(), r)
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	return info
}

func read(t *testing.T, s Subject, d vault.Digest) []byte {
	t.Helper()
	r, err := s.Vault.Open(t.Context(), d)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	got, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatalf("read: %v", err)
	}
	return got
}

func list(t *testing.T, s Subject) []vault.Info {
	t.Helper()
	var all []vault.Info
	for info, err := range s.Vault.List(t.Context()) {
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		all = append(all, info)
	}
	return all
}

func keptNothing(t *testing.T, s Subject) {
	t.Helper()
	if listed := list(t, s); len(listed) != 0 {
		t.Errorf("the vault kept %+v", listed)
	}
	noLeftovers(t, s)
}

func noLeftovers(t *testing.T, s Subject) {
	t.Helper()
	if left := s.Leftovers(t); len(left) != 0 {
		t.Errorf("the vault left behind %s", fmt.Sprint(left))
	}
}
