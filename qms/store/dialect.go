package store

import (
	"reflect"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
)

// utcDialect is bun's dialect of an engine, except that instants are read in UTC: SQLite's driver
// hands them over as text, which would come back in a zone that is equal to UTC but is not UTC.
type utcDialect struct {
	schema.Dialect
	tables *schema.Tables
}

func dialectOf(e Engine) schema.Dialect {
	d := &utcDialect{Dialect: sqlitedialect.New()}
	if e == PostgreSQL {
		d.Dialect = pgdialect.New()
	}
	d.tables = schema.NewTables(d)
	return d
}

// Tables are those of this dialect, so that bun calls its OnTable.
func (d *utcDialect) Tables() *schema.Tables { return d.tables }

// AppendJSON states a JSON text as the text it is: columns are TEXT on both engines. bun's own takes the six
// characters \u0000 that somebody typed for an escaped NUL, and writes others.
func (d *utcDialect) AppendJSON(b, json []byte) []byte { return d.AppendString(b, string(json)) }

// OnTable wraps the scanners of instants.
func (d *utcDialect) OnTable(table *schema.Table) {
	d.Dialect.OnTable(table)
	for _, field := range table.FieldMap {
		if field.IndirectType == reflect.TypeFor[time.Time]() {
			field.Scan = scanUTC(field.Scan)
		}
	}
}

func scanUTC(scan schema.ScannerFunc) schema.ScannerFunc {
	return func(dest reflect.Value, src any) error {
		if err := scan(dest, src); err != nil {
			return err
		}
		switch t := dest.Addr().Interface().(type) {
		case *time.Time:
			*t = t.UTC()
		case **time.Time:
			if *t != nil {
				**t = (*t).UTC()
			}
		}
		return nil
	}
}
