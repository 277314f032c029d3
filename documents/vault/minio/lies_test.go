package minio_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	"maillon/documents/vault"
	"maillon/documents/vault/minio/miniotest"
)

// lies are what a service might answer that says it has a lock, and which trial must find it out. Each stands
// between the vault and a MinIO that tells the truth.
var lies = map[string]struct {
	trial vault.Trial
	tells func(w http.ResponseWriter, r *http.Request) bool // false: the truth is told
}{
	"a deletion that was only said to be done": {vault.Deletion, func(w http.ResponseWriter, r *http.Request) bool {
		lie := r.Method == http.MethodDelete && r.URL.Query().Get("versionId") != ""
		if lie {
			w.WriteHeader(http.StatusNoContent)
		}
		return lie
	}},
	"a retention that ends sooner than it was set": {vault.Retention, func(w http.ResponseWriter, r *http.Request) bool {
		return retention(w, r, http.MethodGet, `<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2026-01-01T00:00:00Z</RetainUntilDate></Retention>`)
	}},
	"a retention that may be lifted": {vault.Retention, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut && r.URL.Query().Has("retention") {
			order, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(order))
			ordered = strings.ReplaceAll(string(order), "COMPLIANCE", "GOVERNANCE")
		}
		return retention(w, r, http.MethodGet, ordered)
	}},
	"a byte that was flipped": {vault.RoundTrip, func(w http.ResponseWriter, r *http.Request) bool {
		lie := r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/probe/") && !r.URL.Query().Has("retention")
		if lie {
			w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
			w.Header().Set("ETag", `"e"`)
			io.WriteString(w, "the firsT content")
		}
		return lie
	}},
	"no object lock": {vault.LockOn, func(w http.ResponseWriter, r *http.Request) bool {
		lie := r.Method == http.MethodGet && r.URL.Query().Has("object-lock")
		if lie {
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, `<Error><Code>ObjectLockConfigurationNotFoundError</Code><Message>none</Message></Error>`)
		}
		return lie
	}},
	"a listing with somebody else's object": {vault.Listing, func(w http.ResponseWriter, r *http.Request) bool {
		lie := r.Method == http.MethodGet && r.URL.Query().Get("list-type") == "2"
		if lie {
			io.WriteString(w, `<ListBucketResult><Name>b</Name><KeyCount>1</KeyCount><Contents><Key>else</Key><Size>1</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"e"</ETag></Contents></ListBucketResult>`)
		}
		return lie
	}},
}

// ordered is the retention that was asked for last, in another mode.
var ordered string

func retention(w http.ResponseWriter, r *http.Request, method, answer string) bool {
	lie := r.Method == method && r.URL.Query().Has("retention")
	if lie {
		io.WriteString(w, answer)
	}
	return lie
}

func TestProve_FindsOutAServiceThatLies(t *testing.T) {
	s := miniotest.Start(t)
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			truth := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: s.Host})
			liar := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !lie.tells(w, r) {
					truth.ServeHTTP(w, r)
				}
			}))
			defer liar.Close()
			at := *s
			at.Host = liar.Listener.Addr().String()
			v := open(t, at.Address(at.Bucket())+"&lock=true")
			p, err := v.Prove(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			found := slices.ContainsFunc(p.Findings, func(f vault.Finding) bool { return f.Trial == lie.trial && f.Outcome == vault.Lacking })
			if !found || p.Sound() || p.Locks() != (lie.trial == vault.Listing) {
				t.Errorf("it is relied on: %t, %+v", p.Locks(), p.Findings)
			}
		})
	}
}
