package documents

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"maillon/qms"
)

// Page is some of Readings, after the cursor of the page before: by person and then by document.
func (m *ReadingMatrix) Page(c qms.Cursor) (qms.Page[Reading], error) {
	return pageAfter(m.Readings(), c, func(r Reading) string {
		return strings.Join([]string{fold(r.Reader.Name), string(r.Reader.Person), r.Document.Code}, "\x00")
	})
}

// PeoplePage is some of the people, after the cursor of the page before.
func (m *ReadingMatrix) PeoplePage(c qms.Cursor) (qms.Page[PersonReads], error) {
	return pageAfter(m.People, c, func(p PersonReads) string { return fold(p.Name) + "\x00" + string(p.ID) })
}

// ReadingsOf are those of one person: what they still owe, the longest asked first, then what they have
// signed for.
func (m *ReadingMatrix) ReadingsOf(person qms.ID) (all []Reading) {
	for _, d := range m.Documents {
		if r := m.Cell(person, d.ID); r != nil {
			all = append(all, *r)
		}
	}
	slices.SortFunc(all, func(a, b Reading) int { return cmp.Compare(owed(a), owed(b)) })
	return all
}

// PageOfPerson is some of ReadingsOf, after the cursor of the page before.
func (m *ReadingMatrix) PageOfPerson(person qms.ID, c qms.Cursor) (qms.Page[Reading], error) {
	return pageAfter(m.ReadingsOf(person), c, owed)
}

// owed is what the readings of one person are sorted by.
func owed(r Reading) string {
	if r.State == HasRead {
		return "1\x00" + r.Document.Code
	}
	return fmt.Sprintf("0\x00%08d\x00%s", int(r.Until), r.Document.Code)
}

// DocumentsFrom are at most so many of the documents, the first of them the one of that code or the next
// after it, and how many stand before them.
func (m *ReadingMatrix) DocumentsFrom(code string, most int) (some []DocumentRead, before int) {
	before, _ = slices.BinarySearchFunc(m.Documents, code, func(d DocumentRead, code string) int { return cmp.Compare(d.Code, code) })
	if before == len(m.Documents) { // the filters have left none there
		before = max(0, len(m.Documents)-1) / most * most
	}
	return m.Documents[before:min(before+most, len(m.Documents))], before
}

// pageAfter cuts a page out of rows that are sorted by their keys and already read.
func pageAfter[T any](rows []T, c qms.Cursor, key func(T) string) (qms.Page[T], error) {
	after, err := base64.RawURLEncoding.DecodeString(c.After)
	if err != nil {
		return qms.Page[T]{}, qms.Invalid("cursor.malformed")
	}
	from := 0
	for len(after) > 0 && from < len(rows) && key(rows[from]) <= string(after) {
		from++
	}
	return qms.PageOf(rows[from:], c.Limit(), func(row T) string { return base64.RawURLEncoding.EncodeToString([]byte(key(row))) }), nil
}
