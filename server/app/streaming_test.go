package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

const (
	largeFile = 500 << 20
	growth    = 64 << 20
)

// made is a file of a given size that nobody keeps: it notes the highest heap while it is read.
type made struct {
	left, sinceLook int64
	heap            *peak
}

func (m *made) Read(p []byte) (int, error) {
	if m.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), m.left)
	for i := range p[:n] {
		p[i] = byte(m.left - int64(i)*7)
	}
	m.left -= n
	if m.sinceLook += n; m.sinceLook > 8<<20 {
		m.sinceLook = 0
		m.heap.look()
	}
	return int(n), nil
}

// peak is the highest size of the heap, in bytes, that look has seen.
type peak struct{ bytes uint64 }

func (p *peak) look() {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	p.bytes = max(p.bytes, s.HeapInuse)
}

// heapNow is the size of the heap without garbage.
func heapNow() uint64 {
	runtime.GC()
	var p peak
	p.look()
	return p.bytes
}

// serve lets the house answer on a free port until the test ends.
func (s *site) serve(t *testing.T) (base string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.app.Listener(listener) //nolint:errcheck // ends with the test
	t.Cleanup(func() {
		if err := s.app.ShutdownWithTimeout(10 * time.Second); err != nil {
			t.Error(err)
		}
	})
	return "http://" + listener.Addr().String()
}

func send(t *testing.T, method, address, token, revision string, body io.Reader) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if revision != "" {
		r.Header.Set("If-Match", revision)
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	if response.StatusCode >= 300 {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 2000))
		t.Fatalf("%s %s: %d %s", method, address, response.StatusCode, text)
	}
	return response
}

// The file goes in through the interface, to the vault, and out again. It does not run beside other
// tests: they would share its heap.
func TestUploadAndDownload_OfLargeFilesDoNotGrowMemory(t *testing.T) { //nolint:paralleltest // measures the heap of the process
	s := openSite(t)
	token := s.token(t, qms.QualityLead, s.platform["PLT"])
	documents := s.serve(t) + "/api/v1/platforms/PLT/documents"
	response := send(t, http.MethodPost, documents, token, "", strings.NewReader(`{"title":"Images brutes","kind":"EN","process":"MIC"}`))
	var document struct {
		Code     string
		Versions []struct {
			Number   string
			Revision int64
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&document); err != nil || len(document.Versions) != 1 {
		t.Fatalf("%+v, %v", document, err)
	}
	content := documents + "/" + document.Code + "/versions/" + document.Versions[0].Number + "/content"

	before := heapNow()
	heap := &peak{}
	response = send(t, http.MethodPatch, content+"?name=images.bin", token, `"1"`, &made{left: largeFile, heap: heap})
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	if heap.bytes > before+growth {
		t.Errorf("the upload grew the heap by %d MB", (heap.bytes-before)>>20)
	}

	before, heap.bytes = heapNow(), 0
	want, got := sha256.New(), sha256.New()
	if _, err := io.Copy(want, &made{left: largeFile, heap: &peak{}}); err != nil {
		t.Fatal(err)
	}
	response = send(t, http.MethodGet, content, token, "", nil)
	var size int64
	for {
		n, err := io.CopyN(got, response.Body, 8<<20)
		heap.look()
		if size += n; err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if size != largeFile || hex.EncodeToString(got.Sum(nil)) != hex.EncodeToString(want.Sum(nil)) {
		t.Errorf("%d bytes came back, and not those that went in", size)
	}
	if heap.bytes > before+growth {
		t.Errorf("the download grew the heap by %d MB", (heap.bytes-before)>>20)
	}
}
