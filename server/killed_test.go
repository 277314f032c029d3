package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"maillon/audits/pack/archive"
	"maillon/documents/vault"
	"maillon/documents/vault/minio/miniotest"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// A pack is asked for over the API of a real server, which is killed (SIGKILL) at moments that cover the
// whole of the job, and started again.
func TestServe_KilledAtAnyMomentMakesEachPackOnce(t *testing.T) {
	t.Run("sqlite and a folder", func(t *testing.T) {
		s := openMortal(t)
		s.livesThrough(t, 9)
		s.isGivenUp(t)
		s.isSpared(t)
		s.losesFiles(t)
		s.isCutShort(t)
		s.isWhole(t)
	})
	t.Run("postgresql and minio", func(t *testing.T) {
		if len(storetest.Engines()) < 2 {
			t.Skip("SQLite alone is asked for")
		}
		service := miniotest.Built(t)
		s := openMortal(t, "--database", storetest.URL(storetest.Open(t, store.PostgreSQL)), "--vault", service.Address(service.Bucket()))
		s.livesThrough(t, 3)
		s.isWhole(t)
	})
}

// mortal is a site whose server is killed and started again.
type mortal struct {
	*process
	data     string
	settings []string
	day      string
	took     time.Duration // for a pack that nobody disturbs
	made     map[string]packSeen
	last     int // the number of the last pack, without its year
	resumed  int // packs that another term made
	left     int // rooms that a kill left behind
}

// packSeen is a pack as the API shows it.
type packSeen struct {
	Number, State, Failure, SHA256 string
	FailureSays                    string `json:"failure_says"`
	Size                           int64
	Progress                       *struct{ Step string }
}

// openMortal makes a site with a platform, 12 documents of 100 kB and somebody who may ask for packs.
func openMortal(t *testing.T, settings ...string) *mortal {
	t.Helper()
	s := &mortal{data: t.TempDir(), made: map[string]packSeen{}, day: time.Now().Format(time.DateOnly)}
	s.settings = append([]string{"--data", s.data, "--log-level", "info"}, settings...)
	folder := t.TempDir()
	random := rand.NewChaCha8([32]byte{6})
	for i := range documentsOfMortal {
		text := make([]byte, 50_000)
		random.Read(text)
		name := filepath.Join(folder, fmt.Sprintf("PR-QUA-%03d Procédure %d.md", i+1, i+1))
		if err := os.WriteFile(name, fmt.Appendf(nil, "# Procédure %d\n\n%x\n", i+1, text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.types(t, "platform", "add", "PLT", "--name", "Plateforme")
	said := s.types(t, "user", "add", "agent01@plateforme.example", "--name", "Agent 01", "--role", "quality-lead", "--platform", "PLT")
	s.types(t, "import", "documents", folder, "--platform", "PLT")
	s.start(t)
	password := regexp.MustCompile(`password (\S+)`).FindStringSubmatch(said)
	var session struct{ Token string }
	s.must(http.StatusCreated, "POST", "/sessions", `{"email":"agent01@plateforme.example","password":"`+password[1]+`"}`, &session)
	s.token = session.Token
	s.ask(t, "to warm up")
	began := time.Now()
	s.ask(t, "to time it")
	s.took = time.Since(began)
	return s
}

// types types a command that must succeed.
func (s *mortal) types(t *testing.T, args ...string) string {
	t.Helper()
	status, out, fault := typed(t, "C", append(args, s.settings...)...)
	if status != done {
		t.Fatalf("%v ends with %d: %s%s", args, status, out, fault)
	}
	return out
}

// start starts the server, and holds that what dead ones kept aside is gone.
func (s *mortal) start(t *testing.T) {
	t.Helper()
	before := s.aside(t)
	s.left += len(before)
	token := ""
	if s.process != nil {
		token = s.token
	}
	s.process = serving(t, s.settings...)
	s.token = token
	now := s.aside(t)
	if len(now) != 1 {
		t.Errorf("rooms of temporary files after a start: %v, want that of the server", now)
	}
	for _, dead := range before {
		if len(now) > 0 && dead == now[0] {
			t.Errorf("%s of a dead server is still there", dead)
		}
	}
}

// aside names the rooms of temporary files.
func (s *mortal) aside(t *testing.T) (rooms []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(s.data, "tmp"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			rooms = append(rooms, e.Name())
		}
	}
	return rooms
}

const documentsOfMortal = 12

const packsPath = "/platforms/PLT/packs"

func (s *mortal) wish() string {
	return `{"as_of":"` + s.day + `","language":"fr","sections":["documents"]}`
}

// ask asks for a pack and waits until it has ended.
func (s *mortal) ask(t *testing.T, once string) packSeen {
	t.Helper()
	var p packSeen
	s.must(http.StatusCreated, "POST", packsPath, s.wish(), &p, "Idempotency-Key", once)
	return s.ended(t, p.Number)
}

const packPatience = time.Minute

// ended waits until the pack has ended, and holds it to what it must be.
func (s *mortal) ended(t *testing.T, number string) (p packSeen) {
	t.Helper()
	for deadline := time.Now().Add(packPatience); p.State != "made" && p.State != "failed"; time.Sleep(10 * time.Millisecond) {
		if s.must(http.StatusOK, "GET", packsPath+"/"+number, "", &p); time.Now().After(deadline) {
			t.Fatalf("%s is still %s: %+v\n%s", number, p.State, p.Progress, s.log)
		}
	}
	s.last++
	if want := fmt.Sprintf("PACK-%s-%03d", s.day[:4], s.last); number != want {
		t.Errorf("it is called %s, want %s: a number was used twice or lost", number, want)
	}
	s.made[number] = p
	return p
}

// livesThrough kills the server in each of so many parts of the making of a pack.
func (s *mortal) livesThrough(t *testing.T, kills int) {
	t.Helper()
	random := rand.New(rand.NewPCG(6, 1))
	for i := range kills {
		moment := time.Duration((float64(i) + random.Float64()) / float64(kills) * 1.1 * float64(s.took))
		once := fmt.Sprintf("pack %d", i+1)
		victim := s.process
		go victim.call("POST", packsPath, s.wish(), "Idempotency-Key", once) // answered or not
		time.Sleep(moment)
		s.kill()
		s.start(t)
		p := s.ask(t, once) // whether the request came through before the kill or not
		if p.State != "made" {
			t.Errorf("killed after %v: %s is %s: %s", moment, p.Number, p.State, p.Failure)
			continue
		}
		s.isSound(t, p)
		if strings.Contains(s.log.String(), "took a pack over") {
			s.resumed++
		}
	}
	t.Logf("a pack takes %v; of %d kills %d left a pack that was taken over, %d left files aside", s.took, kills, s.resumed, s.left)
	if s.resumed < kills/4 || s.left < kills {
		t.Error("this test saw nothing")
	}
}

// isSound downloads a pack twice and verifies it as an auditor does.
func (s *mortal) isSound(t *testing.T, p packSeen) {
	t.Helper()
	sent := s.must(http.StatusOK, "GET", packsPath+"/"+p.Number+"/archive", "", nil)
	report, err := archive.Verify(bytes.NewReader(sent), int64(len(sent)))
	if err != nil || report.Number != p.Number || report.Files != documentsOfMortal {
		t.Errorf("%s: %d files, %v", p.Number, report.Files, err)
	}
	if sum := sha256.Sum256(sent); hex.EncodeToString(sum[:]) != p.SHA256 || p.Size != int64(len(sent)) {
		t.Errorf("%s is not what is on record", p.Number)
	}
	if again := s.must(http.StatusOK, "GET", packsPath+"/"+p.Number+"/archive", "", nil); !bytes.Equal(sent, again) {
		t.Errorf("%s is another one the second time", p.Number)
	}
}

// isGivenUp kills every server that begins to make the pack, until that is taken for what brings them down;
// then another one is asked for.
func (s *mortal) isGivenUp(t *testing.T) {
	t.Helper()
	var p packSeen
	s.must(http.StatusCreated, "POST", packsPath, s.wish(), &p, "Idempotency-Key", "deadly")
	for range 3 {
		s.kill()
		s.start(t)
	}
	if p = s.ended(t, p.Number); p.State != "failed" || p.Failure != "pack.gave_up" || p.SHA256 != "" {
		t.Errorf("after three kills: %+v", p)
	}
	if again := s.ask(t, "anew"); again.State != "made" {
		t.Errorf("asked for anew: %+v", again)
	}
}

// isWhole looks, once all is over, at everything that must hold whatever was killed.
func (s *mortal) isWhole(t *testing.T) {
	t.Helper()
	var list struct{ Items []packSeen }
	s.must(http.StatusOK, "GET", packsPath+"?limit=100", "", &list)
	if len(list.Items) != len(s.made) {
		t.Errorf("%d packs are on record, want %d", len(list.Items), len(s.made))
	}
	for _, p := range list.Items {
		if seen := s.made[p.Number]; seen.State != p.State || seen.SHA256 != p.SHA256 {
			t.Errorf("%s was %+v and is %+v", p.Number, seen, p)
		}
		if p.State == "made" {
			s.isSound(t, p)
		}
	}
	s.stop()
	if left := s.aside(t); len(left) > 0 {
		t.Errorf("left aside after a stop: %v", left)
	}
	if said := s.types(t, "trail", "verify"); !strings.Contains(said, "nothing was altered") {
		t.Errorf("trail verify: %s", said)
	}
	s.hasWholeContents(t)
}

// hasWholeContents holds every file of a vault in a folder to its name.
func (s *mortal) hasWholeContents(t *testing.T) {
	t.Helper()
	root, contents := filepath.Join(s.data, "vault"), 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, _ := filepath.Rel(root, path)
		d, ours := vault.ParsePath(filepath.ToSlash(name))
		text, err := os.ReadFile(path)
		if contents++; err == nil && (!ours || vault.DigestOf(text) != d) {
			t.Errorf("%s is no whole content", name)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return // it is elsewhere
	}
	if err != nil || contents < len(s.made) {
		t.Errorf("%d contents, %v", contents, err)
	}
}
