package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// maxStatements is what a page of a list may ask of the database, the reader and the frame included.
const maxStatements = 6

// TestLists_AskTheDatabaseLittle counts the statements of every list of a platform, whatever stands in
// it: what the router shows without a further parameter and is no form.
func TestLists_AskTheDatabaseLittle(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i := range 60 {
		cmd := people.AddMember{Platform: s.platform["MIC"], Code: fmt.Sprintf("P%02d", i), Name: fmt.Sprintf("Agent %02d", i), Role: qms.Member}
		if _, err := s.People.AddMember(s.system(), cmd); err != nil {
			t.Fatal(err)
		}
	}
	b := s.holding(qms.QualityLead, "MIC")
	for _, path := range []string{"members", "documents", "services", "equipment", "uses", "people", "exercises", "trail", "packs", "imports"} {
		path = "/p/MIC/" + path
		a, count := b.counted(path)
		if a.status == http.StatusNotFound {
			continue // not there yet, or not for this role: the walk of the routes holds that
		}
		t.Logf("%s: %d statements", path, count)
		if a.status != http.StatusOK || count > maxStatements {
			t.Errorf("%s: %d statements, status %d", path, count, a.status)
		}
	}
}

// counted asks for a page and counts what it asks of the database.
func (b *browser) counted(path string) (answer, int) {
	b.t.Helper()
	var counter *store.Counter
	outer := fiber.New(fiber.Config{Immutable: true, StreamRequestBody: true, DisablePreParseMultipartForm: true})
	outer.Use(func(c *fiber.Ctx) error {
		ctx, n := store.CountStatements(c.UserContext())
		counter = n
		c.SetUserContext(ctx)
		return c.Next()
	})
	outer.Mount("/", b.fiber)
	inner := b.fiber
	b.fiber = outer
	defer func() { b.fiber = inner }()
	a := b.send(httptest.NewRequest(http.MethodGet, path, nil))
	if strings.Contains(path, "members") && !strings.Contains(a.body, "Agent 59") {
		b.t.Errorf("%s does not list the members", path)
	}
	return a, counter.Count()
}
