package store

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
)

// tableShape is a business table as the engine describes it, so that its rows can be read without
// their structs.
type tableShape struct {
	name     string
	columns  []columnShape // by name
	id       int           // the place of the column of that name, -1 when there is none
	revision int           // likewise
}

// columnShape is a column as the engine describes it.
type columnShape struct {
	name    string
	member  []byte // how it begins in what the trail keeps of a row
	kind    string // its type, in upper case
	initial string // the literal of its DEFAULT; empty when it has none
}

// businessTables are those with an id and a revision: what rooms keep. The kernel's and bun's have not.
func businessTables(ctx context.Context, r Reader) (map[string]*tableShape, error) {
	query := "SELECT m.name, i.name, i.type, COALESCE(i.dflt_value, '') FROM sqlite_master AS m, pragma_table_info(m.name) AS i WHERE m.type = 'table' ORDER BY i.name"
	if r.Engine() == PostgreSQL {
		query = "SELECT table_name, column_name, data_type, COALESCE(column_default, '') FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY column_name COLLATE \"C\""
	}
	rows, err := r.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	shapes := map[string]*tableShape{}
	for rows.Next() {
		var table, column, kind, initial string
		if err := rows.Scan(&table, &column, &kind, &initial); err != nil {
			return nil, err
		}
		if shapes[table] == nil {
			shapes[table] = &tableShape{name: table, id: -1, revision: -1}
		}
		shapes[table].add(columnShape{column, []byte(`"` + column + `":`), strings.ToUpper(kind), initial})
	}
	maps.DeleteFunc(shapes, func(_ string, s *tableShape) bool { return s.id < 0 || s.revision < 0 })
	return shapes, rows.Err()
}

// has reports whether there is a column of that name.
func (s *tableShape) has(column string) bool {
	return slices.ContainsFunc(s.columns, func(c columnShape) bool { return c.name == column })
}

// add takes columns in the order of their names.
func (s *tableShape) add(c columnShape) {
	switch c.name {
	case "id":
		s.id = len(s.columns)
	case "revision":
		s.revision = len(s.columns)
	}
	s.columns = append(s.columns, c)
}

// between appends the rows of the range to all.
func (s *tableShape) between(ctx context.Context, r Reader, of idRange, all []businessRow) ([]businessRow, error) {
	err := s.each(ctx, r, func(row businessRow) error {
		all = append(all, row)
		return nil
	}, " WHERE id >= ? AND id <= ?", of.first, of.last)
	return all, err
}

// each reads the rows, all of them where nothing is asked of them.
func (s *tableShape) each(ctx context.Context, r Reader, f func(businessRow) error, where string, args ...any) error {
	names := make([]bun.Ident, len(s.columns))
	for i, c := range s.columns {
		names[i] = bun.Ident(c.name)
	}
	rows, err := r.Query(ctx, "SELECT ? FROM ?"+where, append([]any{bun.List(names), bun.Ident(s.name)}, args...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	into, room := make([]any, len(s.columns)), []any(nil)
	for rows.Next() {
		if len(room) < len(s.columns) {
			room = make([]any, 64*len(s.columns))
		}
		values := room[:len(s.columns):len(s.columns)]
		room = room[len(s.columns):]
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, c := range s.columns {
			values[i] = c.value(values[i])
		}
		id, _ := values[s.id].(string)
		if err := f(businessRow{s, qms.ID(id), values}); err != nil {
			return err
		}
	}
	return translate(ctx, rows.Err())
}

// value is what the driver handed over, as columnValue has it: by the declared type of the column.
func (c columnShape) value(v any) any {
	switch typed := v.(type) {
	case time.Time:
		if c.kind == "DATE" {
			return typed.Format(time.DateOnly)
		}
	case int64:
		if strings.HasPrefix(c.kind, "BOOL") {
			return typed != 0
		}
		if strings.HasPrefix(c.kind, "DOUBLE") || c.kind == "REAL" {
			return float64(typed)
		}
	case string:
		if strings.HasPrefix(c.kind, "TIMESTAMP") {
			var t time.Time
			if err := Instant(&t).Scan(typed); err != nil {
				return typed // no instant at all: it will differ
			}
			return t
		}
	case []byte:
		if c.kind == "TEXT" {
			return string(typed)
		}
		return bytes.Clone(typed)
	}
	return v
}

// differing names the columns of a row that are not as after says. A column that after does not know
// was added by a later migration: it must be NULL or hold its DEFAULT.
func (s *tableShape) differing(after json.RawMessage, row []any) []string {
	if s.follows(after, row) {
		return nil
	}
	var sealed map[string]json.RawMessage
	if err := json.Unmarshal(after, &sealed); err != nil {
		return []string{"*"}
	}
	var columns []string
	for i, c := range s.columns {
		want, known := sealed[c.name]
		delete(sealed, c.name)
		if !known && c.begins(row[i]) {
			continue
		}
		got, err := appendValue(nil, row[i], isDigest(want))
		if err != nil || !bytes.Equal(got, want) {
			columns = append(columns, c.name)
		}
	}
	for name := range sealed {
		columns = append(columns, name)
	}
	slices.Sort(columns)
	return columns
}

// follows compares without taking after to pieces: its members stand in the order of the columns, as
// canonical JSON has them. Where it says no, differing looks closer.
func (s *tableShape) follows(after []byte, row []any) bool {
	rest, begun := bytes.CutPrefix(after, []byte("{"))
	if !begun {
		return false
	}
	var value []byte
	for i, c := range s.columns {
		of, known := bytes.CutPrefix(rest, c.member)
		if !known {
			if !c.begins(row[i]) {
				return false
			}
			continue
		}
		var err error
		if value, err = appendValue(value[:0], row[i], isDigest(of)); err != nil {
			return false
		}
		if rest, known = bytes.CutPrefix(of, value); !known || len(rest) == 0 || rest[0] != ',' && len(rest) > 1 {
			return false
		}
		if rest[0] == ',' {
			rest = rest[1:]
		}
	}
	return string(rest) == "}"
}

// isDigest reports whether the trail keeps a digest of a value and not the value.
func isDigest(value []byte) bool { return bytes.HasPrefix(value, []byte(`{"sha256":`)) }

// begins reports whether v is what the column holds in rows older than itself.
func (c columnShape) begins(v any) bool {
	literal, _, _ := strings.Cut(c.initial, "::") // PostgreSQL says 'A'::text
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return literal == "'"+strings.ReplaceAll(v, "'", "''")+"'"
	case bool:
		return strings.EqualFold(literal, strconv.FormatBool(v)) || v && literal == "1" || !v && literal == "0"
	case int64:
		return literal == strconv.FormatInt(v, 10)
	}
	return false
}
