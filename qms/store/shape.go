package store

import (
	"bytes"
	"context"
	"encoding/json"
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
	name    string
	columns map[string]columnShape
}

// columnShape is a column as the engine describes it.
type columnShape struct {
	kind    string // its type, in upper case
	initial string // the literal of its DEFAULT; empty when it has none
}

// businessTables are those with an id and a revision: what rooms keep. The kernel's and bun's have not.
func businessTables(ctx context.Context, r Reader) (map[string]*tableShape, error) {
	query := "SELECT m.name, i.name, i.type, COALESCE(i.dflt_value, '') FROM sqlite_master AS m, pragma_table_info(m.name) AS i WHERE m.type = 'table'"
	if r.Engine() == PostgreSQL {
		query = "SELECT table_name, column_name, data_type, COALESCE(column_default, '') FROM information_schema.columns WHERE table_schema = current_schema()"
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
			shapes[table] = &tableShape{name: table, columns: map[string]columnShape{}}
		}
		shapes[table].columns[column] = columnShape{strings.ToUpper(kind), initial}
	}
	for name, shape := range shapes {
		if shape.columns["id"] == (columnShape{}) || shape.columns["revision"] == (columnShape{}) {
			delete(shapes, name)
		}
	}
	return shapes, rows.Err()
}

// each reads the rows of the IDs, as the values of their columns.
func (s *tableShape) each(ctx context.Context, r Reader, ids []qms.ID, f func(qms.ID, map[string]any) error) error {
	rows, err := r.Query(ctx, "SELECT * FROM ? WHERE id IN (?)", bun.Ident(s.name), bun.List(ids))
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]any, len(names))
	into := make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		row := make(map[string]any, len(names))
		for i, name := range names {
			row[name] = s.columns[name].value(values[i])
		}
		id, _ := row["id"].(string)
		if err := f(qms.ID(id), row); err != nil {
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
func (s *tableShape) differing(after json.RawMessage, row map[string]any) []string {
	var sealed map[string]json.RawMessage
	if err := json.Unmarshal(after, &sealed); err != nil {
		return []string{"*"}
	}
	var columns []string
	for name, value := range row {
		want, known := sealed[name]
		delete(sealed, name)
		if !known && s.columns[name].begins(value) {
			continue
		}
		got, err := appendValue(nil, value, bytes.HasPrefix(want, []byte(`{"sha256":`)))
		if err != nil || !bytes.Equal(got, want) {
			columns = append(columns, name)
		}
	}
	for name := range sealed {
		columns = append(columns, name)
	}
	slices.Sort(columns)
	return columns
}

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
