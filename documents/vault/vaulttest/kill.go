package vaulttest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"maillon/documents/vault"
)

// childEnv holds the address of the vault in the process that is to be killed.
const childEnv = "MAILLON_VAULTTEST_CHILD"

// Main begins the TestMain of an implementation's tests. It does nothing, but in the process that
// the suite starts to kill: there it opens the vault at the Subject's Address and puts for ever.
func Main(open func(ctx context.Context, address string) (vault.Vault, error)) {
	address := os.Getenv(childEnv)
	if address == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // should nobody kill it
	defer cancel()
	v, err := open(ctx, address)
	for seed := int64(os.Getpid()) << 20; err == nil; seed++ {
		var info vault.Info
		if info, err = v.Put(ctx, content(seed, 200_000+seed%7*100_000)); err == nil {
			fmt.Println(info.Digest) // what was announced must outlive the kill
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// survivesAKill kills a process in the middle of its puts, again and again: what it was told is
// kept must be there, and what is there must be whole.
func survivesAKill(t *testing.T, s Subject) {
	announced := map[vault.Digest]bool{}
	for round := range 6 {
		for _, d := range putUntilKilled(t, s.Address, 3+round*4, time.Duration(round)*3*time.Millisecond) {
			announced[d] = true
		}
	}
	if len(announced) < 6*3 {
		t.Fatalf("only %d contents were put: this test saw nothing", len(announced))
	}
	listed := map[vault.Digest]bool{}
	for _, info := range list(t, s) {
		listed[info.Digest] = true
		if err := vault.Check(t.Context(), s.Vault, info.Digest); err != nil {
			t.Errorf("after the kill: %v", err)
		}
	}
	for d := range announced {
		if !listed[d] {
			t.Errorf("%s was put and is gone", d)
		}
	}
	t.Logf("%d contents announced, %d listed, left behind: %v", len(announced), len(listed), s.Leftovers(t))
}

// putUntilKilled starts the child, waits for some puts and a moment more, and kills it (SIGKILL).
func putUntilKilled(t *testing.T, address string, puts int, moment time.Duration) []vault.Digest {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+address)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatalf("start the child: %v", err)
	}
	var announced []vault.Digest
	for lines := bufio.NewScanner(out); lines.Scan(); {
		d, err := vault.ParseDigest(lines.Text())
		if err != nil {
			break // the kill cut the line short
		}
		if announced = append(announced, d); len(announced) == puts {
			time.AfterFunc(moment, func() { child.Process.Kill() })
		}
	}
	cancel()
	child.Wait()
	return announced
}

// PutUntilKilled has another process put into the vault at the address, and kills it a moment after some puts.
func PutUntilKilled(t *testing.T, address string, puts int, moment time.Duration) {
	t.Helper()
	if len(putUntilKilled(t, address, puts, moment)) < puts {
		t.Fatal("the other process put nothing")
	}
}
