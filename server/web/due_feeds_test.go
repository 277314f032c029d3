package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	ical "github.com/emersion/go-ical"

	"maillon/qms"
)

var feedAddress = regexp.MustCompile(`value="[^"]*(/calendar/[A-Za-z0-9_-]+\.ics)"`)

// fed asks for a feed as a calendar program does, signed in to nothing.
func (s *site) fed(path string, header ...string) (int, http.Header, string) {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for n := 0; n+1 < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
	}
	a := s.nobody().send(r)
	return a.status, a.header, a.body
}

func TestFeed_IsReadByItsAddressAloneUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.filled("MIC")
	b := s.holding(qms.QualityLead, "MIC")
	a := b.post("/p/MIC/due/feeds", url.Values{"name": {"Salle"}})
	found := feedAddress.FindStringSubmatch(a.body)
	if a.status != http.StatusOK || found == nil {
		t.Fatalf("making a feed: %d", a.status)
	}
	address := found[1]
	if again := b.get("/p/MIC/due/feeds"); strings.Contains(again.body, address) {
		t.Error("the address is shown a second time")
	}
	status, header, body := s.fed(address)
	if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/calendar") || !strings.Contains(header.Get("Cache-Control"), "private") {
		t.Fatalf("fetched: %d %v", status, header)
	}
	c, err := ical.NewDecoder(strings.NewReader(body)).Decode()
	if err != nil || len(c.Events()) == 0 {
		t.Fatalf("%v in %s", err, body)
	}
	if status, _, body := s.fed(address, "If-None-Match", header.Get("ETag")); status != http.StatusNotModified || body != "" {
		t.Errorf("the same again: %d", status)
	}
	revoke := regexp.MustCompile(`href="(/p/MIC/due/feeds/[^"]+/revoke)"`).FindStringSubmatch(b.get("/p/MIC/due/feeds").body)
	if revoke == nil {
		t.Fatal("nothing revokes the feed")
	}
	b.post(revoke[1], url.Values{})
	gone, _, said := s.fed(address)
	guessed, _, same := s.fed("/calendar/" + strings.Repeat("A", 43) + ".ics")
	reference := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
	path := regexp.MustCompile(`/calendar/[^"&]*`)
	plain := func(html string) string {
		return path.ReplaceAllString(reference.ReplaceAllString(html, ""), "")
	}
	if gone != http.StatusNotFound || guessed != http.StatusNotFound || plain(said) != plain(same) {
		t.Errorf("revoked %d, guessed %d, told alike: %t", gone, guessed, plain(said) == plain(same))
	}
}
