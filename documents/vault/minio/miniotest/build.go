package miniotest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// binaryOf is the server of testserver/go.mod in the user's cache, compiled when it is not there and the
// caller would: a minute before the tests run out of time that is given up, and what was compiled by
// then is not compiled again.
func binaryOf(compiles bool, deadline time.Time) (string, error) {
	source, err := sourceOf()
	if err != nil {
		return "", err
	}
	module, err := os.ReadFile(filepath.Join(source, "go.mod"))
	if err != nil {
		return "", err
	}
	version := regexp.MustCompile(`github\.com/minio/minio (v\S+)`).FindSubmatch(module)
	if version == nil {
		return "", errors.New("testserver/go.mod names no MinIO")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(cache, "maillon", "minio-"+string(version[1]), "minio")
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	if !compiles {
		return "", errors.New("it is not compiled yet: the tests of documents/vault/minio do that")
	}
	if err := os.MkdirAll(filepath.Dir(binary), 0o750); err != nil {
		return "", err
	}
	unfinished := fmt.Sprintf("%s.%d", binary, os.Getpid())
	defer os.Remove(unfinished)
	if err := compile(source, unfinished, deadline); err != nil {
		return "", err
	}
	return binary, os.Rename(unfinished, binary)
}

// sourceOf is the folder of the server's module: tests run in the folder of their package.
func sourceOf() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		source := filepath.Join(dir, "documents", "vault", "minio", "testserver")
		if _, missing := os.Stat(source); missing == nil {
			return source, nil
		}
		if dir == filepath.Dir(dir) {
			err = errors.New("the tests do not run in the folders of Maillon")
		}
	}
	return "", err
}

func compile(source, binary string, deadline time.Time) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	if !deadline.IsZero() {
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-time.Minute))
		defer cancel()
	}
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "github.com/minio/minio")
	if nice, err := exec.LookPath("nice"); err == nil {
		command.Path, command.Args = nice, append([]string{"nice", "-n", "15"}, command.Args...)
	}
	command.Dir = source
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-mod=readonly")
	command.WaitDelay = 10 * time.Second
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building it: %w: %s", err, lastLine(out))
	}
	return nil
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
