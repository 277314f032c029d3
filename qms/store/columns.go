package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"

	"maillon/qms"
	"maillon/qms/trail"
)

// Column is a column of a business table.
type Column struct {
	Table, Name string
	Bytes       bool // it holds bytes, such as a digest, and no text
}

// Columns lists every column of every business table, as the engine describes them.
func Columns(ctx context.Context, r Reader) ([]Column, error) {
	tables, err := businessTables(ctx, r)
	if err != nil {
		return nil, err
	}
	var all []Column
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		for _, c := range tables[name].columns {
			all = append(all, Column{name, c.name, c.kind == "BYTEA" || c.kind == "BLOB"})
		}
	}
	return all, nil
}

// callings are the columns by which people call a record, best first.
var callings = []string{"number", "code", "reference", "label", "title", "name", "file_name", "subject"}

// CalledIn tells how people call a row and whose it is, from the last change of it that the trail knows: also of
// a row that is gone. What the trail does not know has no words.
func CalledIn(ctx context.Context, r Reader, table string, row qms.ID) (words string, log string, err error) {
	rows, err := r.Query(ctx, "SELECT log, after FROM trail_changes WHERE row_id = ? AND row_table = ? ORDER BY revision DESC LIMIT 1", row, table)
	if err != nil {
		return "", "", err
	}
	defer rows.Close()
	var after []byte
	if rows.Next() {
		if err := rows.Scan(&log, &after); err != nil {
			return "", "", err
		}
	}
	return calledBy(after), log, translate(ctx, rows.Err())
}

// calledBy is the first two of the callings in a row as the trail keeps it. A value of which the trail keeps a
// digest says nothing.
func calledBy(after []byte) string {
	var values map[string]json.RawMessage
	if json.Unmarshal(after, &values) != nil {
		return ""
	}
	var words []string
	for _, name := range callings {
		var text string
		if json.Unmarshal(values[name], &text) != nil || text == "" || len(words) == 2 {
			continue
		}
		words = append(words, plain(text))
	}
	return strings.Join(words, " ")
}

// plain is a text on one line, bounded.
func plain(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if letters := []rune(text); len(letters) > 120 {
		return string(letters[:119]) + "…"
	}
	return text
}

// PlatformOf is the platform of a log, empty for the site's.
func PlatformOf(log string) qms.ID {
	if log == trail.SiteLog {
		return ""
	}
	return qms.ID(log)
}
