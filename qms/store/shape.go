package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
)

// tableShape is a business table as the engine describes it, so that its rows can be read without
// their structs.
type tableShape struct {
	name    string
	columns []string
	types   []string // upper case, as the engine spells them
}

// businessTables are those with an id and a revision: what rooms keep. The kernel's and bun's have not.
func businessTables(ctx context.Context, r Reader) (map[string]*tableShape, error) {
	query := "SELECT m.name, i.name, i.type FROM sqlite_master AS m, pragma_table_info(m.name) AS i WHERE m.type = 'table' ORDER BY m.name, i.cid"
	if r.Engine() == PostgreSQL {
		query = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
	}
	rows, err := r.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	shapes := map[string]*tableShape{}
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			return nil, err
		}
		if shapes[table] == nil {
			shapes[table] = &tableShape{name: table}
		}
		shapes[table].columns = append(shapes[table].columns, column)
		shapes[table].types = append(shapes[table].types, strings.ToUpper(kind))
	}
	for name, shape := range shapes {
		if !slices.Contains(shape.columns, "id") || !slices.Contains(shape.columns, "revision") {
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
			if row[name], err = s.value(name, values[i]); err != nil {
				return fmt.Errorf("%s.%s: %w", s.name, name, err)
			}
		}
		id, _ := row["id"].(string)
		if err := f(qms.ID(id), row); err != nil {
			return err
		}
	}
	return translate(ctx, rows.Err())
}

// value is what the driver handed over, as columnValue has it: by the declared type of the column.
func (s *tableShape) value(column string, v any) (any, error) {
	kind := ""
	if i := slices.Index(s.columns, column); i >= 0 {
		kind = s.types[i]
	}
	switch typed := v.(type) {
	case time.Time:
		if kind == "DATE" {
			return typed.Format(time.DateOnly), nil
		}
	case int64:
		if strings.HasPrefix(kind, "BOOL") {
			return typed != 0, nil
		}
		if strings.HasPrefix(kind, "DOUBLE") || kind == "REAL" {
			return float64(typed), nil
		}
	case string:
		if strings.HasPrefix(kind, "TIMESTAMP") {
			var t time.Time
			if err := Instant(&t).Scan(typed); err != nil {
				return typed, nil // no instant at all: it will differ
			}
			return t, nil
		}
	case []byte:
		if kind == "TEXT" {
			return string(typed), nil
		}
		return bytes.Clone(typed), nil
	}
	return v, nil
}

// differing names the columns of a row that are not as after says. A column that after does not know
// was added by a later migration: it must be empty.
func differing(after json.RawMessage, row map[string]any) ([]string, error) {
	var sealed map[string]json.RawMessage
	if err := json.Unmarshal(after, &sealed); err != nil {
		return []string{"*"}, nil //nolint:nilerr // an unreadable change is a difference, not a failure to look
	}
	var columns []string
	for name, value := range row {
		want, known := sealed[name]
		delete(sealed, name)
		if !known && empty(value) {
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
	return columns, nil
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case int64:
		return v == 0
	case float64:
		return v == 0
	case bool:
		return !v
	}
	return false
}
