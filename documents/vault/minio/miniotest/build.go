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

	"maillon/qms/qmstest"
)

// program is a server that tests run: a tool of a module of its own beside the vault.
type program struct {
	name   string // of the binary, and of the requirement in qms/qmstest
	folder string // of its module
	module string
	tool   string // the package
}

var (
	minio   = program{qmstest.MinIO, "testserver", "github.com/minio/minio", "github.com/minio/minio"}
	gateway = program{qmstest.VersityGW, "testgateway", "github.com/versity/versitygw", "github.com/versity/versitygw/cmd/versitygw"}
)

// binary is the program in the user's cache, compiled when it is not there and the caller would: a minute
// before the tests run out of time that is given up, and what was compiled by then is not compiled again.
func (p program) binary(compiles bool, deadline time.Time) (string, error) {
	source, err := p.source()
	if err != nil {
		return "", err
	}
	module, err := os.ReadFile(filepath.Join(source, "go.mod"))
	if err != nil {
		return "", err
	}
	version := regexp.MustCompile(`(?m)^\s*(?:require )?` + regexp.QuoteMeta(p.module) + ` (v\S+)`).FindSubmatch(module)
	if version == nil {
		return "", fmt.Errorf("%s/go.mod names no %s", p.folder, p.module)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(cache, "maillon", p.name+"-"+string(version[1]), p.name)
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
	if err := p.compile(source, unfinished, deadline); err != nil {
		return "", err
	}
	return binary, os.Rename(unfinished, binary)
}

// source is the folder of the program's module: tests run in the folder of their package.
func (p program) source() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		source := filepath.Join(dir, "documents", "vault", "minio", p.folder)
		if _, missing := os.Stat(source); missing == nil {
			return source, nil
		}
		if dir == filepath.Dir(dir) {
			err = errors.New("the tests do not run in the folders of Maillon")
		}
	}
	return "", err
}

func (p program) compile(source, binary string, deadline time.Time) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	if !deadline.IsZero() {
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-time.Minute))
		defer cancel()
	}
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, p.tool)
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
