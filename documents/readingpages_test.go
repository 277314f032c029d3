package documents

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"maillon/qms"
)

// someReadings are those of four people and seven documents; Agent 2 has read every other one.
func someReadings() (all []Reading) {
	for p := range 4 {
		for d := range 7 {
			r := Reading{Document: &Document{Code: fmt.Sprintf("PR-%d", d)}, Version: &Version{}, State: ToRead, Until: qms.Date(100 - d)}
			r.Document.ID = qms.ID(r.Document.Code)
			r.Reader.Person, r.Reader.Name = qms.ID(fmt.Sprint(p)), fmt.Sprintf("Agent %d", p)
			if p == 2 && d%2 == 0 {
				r.State = HasRead
			}
			all = append(all, r)
		}
	}
	return all
}

func TestMatrixPages_ShowEverybodyOnceInOrder(t *testing.T) {
	t.Parallel()
	m := matrixOf(someReadings(), nil, ReadingFilter{AsOf: 90})
	var names, codes []string
	for c := (qms.Cursor{Size: 3}); ; {
		page, err := m.PeoplePage(c)
		if err != nil || len(page.Items) > 3 {
			t.Fatalf("%d, %v", len(page.Items), err)
		}
		for _, p := range page.Items {
			names = append(names, p.Name)
		}
		if c.After = page.Next; c.After == "" {
			break
		}
	}
	if got := strings.Join(names, ","); got != "Agent 0,Agent 1,Agent 2,Agent 3" {
		t.Error(got)
	}
	for c := (qms.Cursor{Size: 2}); ; {
		page, err := m.PageOfPerson("2", c)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Items {
			codes = append(codes, r.Document.Code)
		}
		if c.After = page.Next; c.After == "" {
			break
		}
	}
	if got := strings.Join(codes, ","); got != "PR-5,PR-3,PR-1,PR-0,PR-2,PR-4,PR-6" {
		t.Errorf("not what is owed first: %s", got)
	}
	if _, err := m.PeoplePage(qms.Cursor{After: "!!"}); qms.CodeOf(err) != qms.CodeInvalid {
		t.Errorf("a cursor that nobody made: %v", err)
	}
}

func TestMatrixColumns_BeginAtACodeThatMayBeGone(t *testing.T) {
	t.Parallel()
	m := matrixOf(someReadings(), nil, ReadingFilter{AsOf: 90})
	for from, want := range map[string]string{"": "0 PR-0 PR-1 PR-2", "PR-3": "3 PR-3 PR-4 PR-5", "PR-2bis": "3 PR-3 PR-4 PR-5", "PR-6": "6 PR-6", "ZZ": "6 PR-6", "\x00": "0 PR-0 PR-1 PR-2"} {
		some, before := m.DocumentsFrom(from, 3)
		got := fmt.Sprint(before)
		for _, d := range some {
			got += " " + d.Code
		}
		if got != want {
			t.Errorf("from %q: %s, want %s", from, got, want)
		}
	}
	if some, before := (&ReadingMatrix{}).DocumentsFrom("PR-1", 3); len(some) != 0 || before != 0 {
		t.Errorf("of none: %v, %d", some, before)
	}
	if !slices.IsSortedFunc(m.Documents, func(a, b DocumentRead) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("not by code")
	}
}
