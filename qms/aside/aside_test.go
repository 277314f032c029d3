package aside

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// childEnv holds the folder under which the process that is to be killed takes a room.
const childEnv = "MAILLON_ASIDE_CHILD"

func TestMain(m *testing.M) {
	folder := os.Getenv(childEnv)
	if folder == "" {
		os.Exit(m.Run())
	}
	r, err := Enter(folder)
	if err == nil {
		err = r.Inhabit()
	}
	var file *os.File
	if err == nil {
		file, err = File("pack")
	}
	if err == nil {
		_, err = Folder("", "print")
	}
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Stdout.WriteString(r.Name + "\n" + file.Name() + "\n")
	bufio.NewReader(os.Stdin).ReadString('\n') // until it is killed, or told to end
	os.Exit(0)
}

// neighbour is another process with a room under the folder.
type neighbour struct {
	name, file string
	kill       func()
}

func live(t *testing.T, folder string) neighbour {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+folder)
	child.Stderr = os.Stderr
	in, err := child.StdinPipe() // held open, so that the child waits
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var n neighbour
	lines := bufio.NewScanner(out)
	for _, to := range []*string{&n.name, &n.file} {
		if !lines.Scan() {
			t.Fatal("the neighbour says nothing")
		}
		*to = lines.Text()
	}
	var once sync.Once
	n.kill = func() {
		once.Do(func() {
			child.Process.Kill()
			child.Wait()
			in.Close()
		})
	}
	t.Cleanup(n.kill)
	return n
}

func exists(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}

func TestEnter_ClearsWhatAKilledProcessLeftAndNothingOfALivingOne(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "tmp")
	dead, living := live(t, folder), live(t, folder)
	if filepath.Dir(dead.file) != filepath.Join(folder, dead.name) {
		t.Fatalf("the neighbour keeps %s aside, outside of its room", dead.file)
	}
	dead.kill()
	if !exists(t, dead.file) {
		t.Fatal("nothing was left: this test saw nothing")
	}
	r, err := Enter(folder)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.Gone, []string{dead.name}) {
		t.Errorf("cleared %v, want %s", r.Gone, dead.name)
	}
	if exists(t, filepath.Join(folder, dead.name)) || exists(t, filepath.Join(folder, dead.name+lockSuffix)) {
		t.Error("what the killed process left is still there")
	}
	if !exists(t, living.file) || !exists(t, r.Path) {
		t.Error("a living process lost its files")
	}
	living.kill()
	if gone, err := Clear(folder); err != nil || !slices.Equal(gone, []string{living.name}) {
		t.Errorf("once it is dead too: %v, %v", gone, err)
	}
	if err := r.Leave(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestEnter_SparesAnotherRoomOfTheSameProcess(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first, err := Enter(folder)
	if err != nil {
		t.Fatal(err)
	}
	file, err := first.File("put")
	if err != nil {
		t.Fatal(err)
	}
	second, err := Enter(folder)
	if err != nil || len(second.Gone) > 0 || second.Name == first.Name || !exists(t, file.Name()) {
		t.Errorf("the second cleared %v, %v", second.Gone, err)
	}
}

func TestEnter_ByManyAtOnceGivesEachARoom(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var all sync.WaitGroup
	rooms := make([]*Room, 40)
	for i := range rooms {
		all.Go(func() {
			r, err := Enter(folder)
			if err != nil {
				t.Error(err)
				return
			}
			rooms[i] = r
		})
	}
	all.Wait()
	for _, r := range rooms {
		if r == nil || !exists(t, r.Path) {
			t.Fatalf("a room is gone while it is lived in: %+v", r)
		}
	}
}

func TestClear_TouchesNothingElse(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"put-1", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("kept"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(folder, "a.lock"), 0o700); err != nil {
		t.Fatal(err)
	}
	if gone, err := Clear(folder); err != nil || len(gone) > 0 {
		t.Errorf("cleared %v, %v", gone, err)
	}
	left, err := os.ReadDir(folder)
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	if err != nil || strings.Join(names, " ") != "a.lock notes.txt put-1" {
		t.Errorf("left: %v, %v", names, err)
	}
	if gone, err := Clear(filepath.Join(folder, "none")); err != nil || gone != nil {
		t.Errorf("no folder: %v, %v", gone, err)
	}
}
