package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// server is the private PostgreSQL of this process, on a socket in a folder of its own.
type server struct {
	dir   string
	admin *sql.DB
	keep  *os.File // while this end of the pipe is open, the server stays
}

// postgres starts the server once a process.
var postgres = sync.OnceValues(startPostgres)

func startPostgres() (*server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	owner, err := ownerOf()
	if err != nil {
		return nil, err
	}
	s := &server{}
	if s.dir, err = os.MkdirTemp(roomInMemory(), "maillon-pg-"); err != nil {
		return nil, err
	}
	if owner != nil {
		err = os.Chown(s.dir, int(owner.Uid), int(owner.Gid))
	}
	if err == nil {
		err = s.start(bin, owner)
	}
	if err != nil {
		os.RemoveAll(s.dir) //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	return s, s.wait()
}

// roomInMemory is a file system in memory with room for the server, where copying a template takes a
// tenth of the time; else the usual place of temporary files.
func roomInMemory() string {
	const shm, enough = "/dev/shm", 2 << 30
	var fs syscall.Statfs_t
	if err := syscall.Statfs(shm, &fs); err != nil || fs.Bavail*uint64(fs.Bsize) < enough {
		return ""
	}
	return shm
}

// binaries is the folder of the newest server that Debian installed, or of the one on the path.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("no initdb in /usr/lib/postgresql/*/bin nor on the path")
	}
	return filepath.Dir(path), nil
}

// ownerOf is whom the server runs as when this process is root, which PostgreSQL refuses to be.
func ownerOf() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("running as root, and no user postgres or nobody to run the server as")
}

// run makes the cluster, starts the server and waits for the end of its input, which comes when the
// process that started it ends in whatever way; then the server goes and its folder with it. What is
// in it need not survive a crash, so nothing is synced.
const run = `
set -e
"$1/initdb" -D "$2/data" -U maillon -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$2/log" 2>&1
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
  -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c shared_buffers=256MB -c max_connections=300 -c autovacuum=off -c dynamic_shared_memory_type=mmap \
  </dev/null >>"$2/log" 2>&1 &
pid=$!
read -r _ || true
kill -QUIT $pid
wait $pid || true
rm -rf "$2"
`

func (s *server) start(bin string, owner *syscall.Credential) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	s.keep = write
	cmd := exec.Command("/bin/sh", "-c", run, "sh", bin, s.dir)
	cmd.Dir, cmd.Stdin = s.dir, read
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Setpgid: true} // an interrupt of the tests is not one of the server
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	go cmd.Wait() //nolint:errcheck // wait below sees whether it came up
	return nil
}

// wait returns when the server answers.
func (s *server) wait() (err error) {
	if s.admin, err = sql.Open("pgx", s.url("postgres")); err != nil {
		return err
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		err = s.admin.PingContext(ctx)
		cancel()
		if err == nil {
			return nil
		}
	}
	said, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	return fmt.Errorf("PostgreSQL did not come up: %w\n%s", err, said)
}

// url is the address of a database of the server.
func (s *server) url(name string) string {
	u := url.URL{Scheme: "postgres", User: url.User("maillon"), Path: "/" + name, RawQuery: url.Values{"host": {s.dir}}.Encode()}
	return u.String()
}

func (s *server) exec(statement string) error {
	_, err := s.admin.Exec(statement)
	return err
}
