package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/people"
	"maillon/qms/store"
)

// asked is a platform whose documents are addressed to everybody, one more every day, and read here and
// there.
type asked struct {
	*site
	now       time.Time
	readers   []context.Context
	documents []documents.FileTaken
	signed    map[string]bool
}

// openAsked makes it with so many people and documents.
func openAsked(t *testing.T, persons, files int) *asked {
	t.Helper()
	s := &asked{now: time.Date(2026, 2, 2, 9, 0, 0, 0, time.UTC), signed: map[string]bool{}}
	s.site = openAt(t, func() time.Time { return s.now })
	mic := s.platform["MIC"]
	for n := range persons {
		added, err := s.People.AddUser(s.system(), people.AddUser{Email: fmt.Sprintf("agent%02d@plateforme.example", n+1), Name: fmt.Sprintf("Agent %02d", n+1),
			Role: qms.Member, Platform: mic, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		s.readers = append(s.readers, qms.WithActor(t.Context(), qms.Actor{ID: added.Person, Name: fmt.Sprintf("Agent %02d", n+1), Grants: []qms.Grant{{Role: qms.Member, Platform: mic}}}))
	}
	s.take(files)
	at := rand.New(rand.NewPCG(1, 2))
	for i, d := range s.documents {
		s.now = s.now.Add(24 * time.Hour)
		if _, err := s.Documents.Address(s.system(), documents.Address{Platform: mic, Document: d.Document, Roles: []qms.Role{qms.Member}}); err != nil {
			t.Fatal(err)
		}
		for range persons / 5 {
			s.sign(at.IntN(persons), s.documents[at.IntN(i+1)])
		}
	}
	return s
}

func (s *asked) take(files int) {
	s.t.Helper()
	var rows []documents.ImportedFile
	for n := range files {
		kind, process := []string{"PR", "MO", "FO"}[n%3], []string{"ACH", "QUA", "EQP", "PRE"}[n%4]
		name := fmt.Sprintf("%s-%s-%03d.md", kind, process, n+1)
		f, err := s.Documents.Receive(s.system(), s.platform["MIC"], name, strings.NewReader("texte de "+name))
		if err != nil {
			s.t.Fatal(err)
		}
		rows = append(rows, documents.ImportedFile{Path: name, Title: "Mode opératoire du poste " + strconv.Itoa(n), File: f})
	}
	act := qms.Act{Name: "documents.import", Needs: qms.ImportRegisters.On(s.platform["MIC"]), Platform: s.platform["MIC"]}
	err := s.DB.Change(s.system(), act, func(tx *store.Tx) (err error) {
		s.documents, _, err = documents.TakeFiles(s.system(), tx, rows)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// sign lets the reader sign for the document, once.
func (s *asked) sign(reader int, d documents.FileTaken) {
	s.t.Helper()
	if key := fmt.Sprint(reader, d.Document); !s.signed[key] {
		s.signed[key] = true
		sheet, err := s.Documents.SheetByCode(s.readers[reader], s.platform["MIC"], d.Code, 0)
		if err == nil {
			_, err = s.Documents.Acknowledge(s.readers[reader], documents.Acknowledge{Platform: s.platform["MIC"], Version: sheet.InForce.ID})
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// packed is how many bytes the page takes on its way.
func packed(t *testing.T, body string) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// The first page of a platform of that size is small (LOOK: 60 kB), and by its links everything is reached.
func TestReadings_OfManyPeopleAndDocumentsAreShownInPages(t *testing.T) {
	t.Parallel()
	const persons, files = 60, 99
	s := openAsked(t, persons, files)
	b := s.nobody()
	b.signIn("agent01@plateforme.example")
	fr := locale.For(locale.French)
	const first = "/p/MIC/documents/reading"
	cell, signed, seen, pages := regexp.MustCompile(`<td data-state="(valid|late|due)">`), 0, 0, 0
	for people := first; people != ""; {
		page := b.get(people)
		next := link(page.body, `rel="next">`+fr.T("page.list.next"))
		for across := people; across != ""; pages++ {
			page = b.get(across)
			b.says(across, page, http.StatusOK, fmt.Sprintf("%d / %d", len(s.signed), persons*files))
			if size := packed(t, page.body); size > 60_000 || len(page.body) > 400_000 {
				t.Errorf("%s: %d bytes, %d as they are sent", across, len(page.body), size)
			}
			found := cell.FindAllStringSubmatch(page.body, -1)
			for seen += len(found); len(found) > 0; found = found[1:] {
				if found[0][1] == "valid" {
					signed++
				}
			}
			across = link(page.body, `rel="next">`+fr.T("page.readings.later"))
		}
		people = next
	}
	if seen != persons*files || signed != len(s.signed) || pages != 2*5 {
		t.Errorf("%d pages show %d readings, %d of them signed; there are %d and %d", pages, seen, signed, persons*files, len(s.signed))
	}
	t.Logf("the first page is %d bytes, %d as they are sent", len(b.get(first).body), packed(t, b.get(first).body))
	last := b.get(first + "?from=" + s.documents[files-1].Code)
	total := 0
	for i := range persons {
		if s.signed[fmt.Sprint(i, s.documents[files-1].Document)] {
			total++
		}
	}
	b.says("one document, over everybody", last, http.StatusOK, fmt.Sprintf("<td>%d/%d</td>", total, persons))
	whole := b.get(first + "?all=1")
	b.says("all of it", whole, http.StatusOK, "Agent 60")
	if n := strings.Count(whole.body, `<span class="nowrap">`); n < persons*files {
		t.Errorf("the lists name %d readings", n)
	}
	if lines := b.lines(first+"?format=csv", ';'); len(lines) != persons+1 || len(lines[1]) != 5+files {
		t.Errorf("the file has %d lines", len(lines))
	}
	for _, wrong := range []string{"?after=%00", "?after=!!", "?from=%00%ff", "?from=" + strings.Repeat("Z", 3000), "?all=x&person=y"} {
		if a := b.get(first + wrong); a.status >= 500 {
			t.Errorf("%.20s: %d", wrong, a.status)
		}
	}
}

// link is the address of the link that ends so.
func link(body, end string) string {
	found := regexp.MustCompile(`href="([^"]*)" ` + regexp.QuoteMeta(end)).FindStringSubmatch(body)
	if found == nil {
		return ""
	}
	return strings.ReplaceAll(found[1], "&amp;", "&")
}
