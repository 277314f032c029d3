package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun/schema"
)

// copiedRows is how many rows of one table there are at least for PostgreSQL to take them by COPY, in a bit
// more than half the time that it takes over an INSERT of as many.
const copiedRows = 50

// bulk gathers rows of one table: as the values of one INSERT, or as the lines of one COPY.
type bulk struct {
	gen     schema.QueryGen
	into    string // the table and its columns, as both state them
	copied  bool
	text    []byte
	rows    int
	columns int // of the row that is open
	scratch []byte
}

// begin empties b for rows of the table.
func (b *bulk) begin(into string, copied bool) {
	b.into, b.copied, b.text, b.rows = into, copied, b.text[:0], 0
}

// open begins a row.
func (b *bulk) open() {
	switch {
	case b.copied:
	case b.rows == 0:
		b.text = append(append(append(b.text, "INSERT INTO "...), b.into...), " VALUES ("...)
	default:
		b.text = append(b.text, ", ("...)
	}
	b.columns = 0
}

// value adds a column of the open row.
func (b *bulk) value(v any) error { return b.literal(b.gen.AppendQuery(b.scratch[:0], "?", v)) }

// literal adds a column as SQL states it; b.scratch may hold it.
func (b *bulk) literal(sql []byte) (err error) {
	b.scratch = sql
	b.columns++
	switch {
	case !b.copied && b.columns > 1:
		b.text = append(b.text, ", "...)
	case b.columns > 1:
		b.text = append(b.text, '\t')
	}
	if !b.copied {
		b.text = append(b.text, sql...)
		return nil
	}
	b.text, err = appendCopied(b.text, sql)
	return err
}

// close ends a row.
func (b *bulk) close() {
	if b.copied {
		b.text = append(b.text, '\n')
	} else {
		b.text = append(b.text, ')')
	}
	b.rows++
}

// appendCopied states an SQL literal as COPY does: quoted texts bare, with what ends a column or a line
// behind a backslash (PostgreSQL, COPY, text format).
func appendCopied(text, literal []byte) ([]byte, error) {
	switch quoted := len(literal) > 1 && literal[0] == '\''; {
	case string(literal) == "NULL":
		return append(text, `\N`...), nil
	case !quoted:
		return append(text, literal...), nil
	case literal[len(literal)-1] != '\'':
		return nil, fmt.Errorf("store: %.40q is no literal that COPY can state", literal)
	}
	inside := literal[1 : len(literal)-1]
	if bytes.IndexByte(inside, '\'') < 0 && !bytes.ContainsAny(inside, "\\\t\n\r") {
		return append(text, inside...), nil
	}
	for i := 0; i < len(inside); i++ {
		switch c := inside[i]; c {
		case '\'':
			i++ // doubled
			text = append(text, c)
		case '\\':
			text = append(text, `\\`...)
		case '\t':
			text = append(text, `\t`...)
		case '\n':
			text = append(text, `\n`...)
		case '\r':
			text = append(text, `\r`...)
		default:
			text = append(text, c)
		}
	}
	return text, nil
}

// sendRows hands the gathered rows over and does not wait for them; b is empty after it.
func (tx *Tx) sendRows(ctx context.Context, b *bulk) error {
	if b.rows == 0 {
		return tx.failed
	}
	text, into, copied := bytes.Clone(b.text), b.into, b.copied
	b.begin(into, copied)
	if !copied {
		return tx.send(ctx, string(text))
	}
	if err := tx.settle(); err != nil {
		return err
	}
	count(ctx)
	tx.conn.ahead.send(ctx, func() error { return copyRows(ctx, tx.own, into, text) })
	return nil
}

// copyRows speaks COPY on the connection that the transaction has for itself.
func copyRows(ctx context.Context, own *sql.Conn, into string, lines []byte) error {
	return own.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().PgConn().CopyFrom(ctx, bytes.NewReader(lines), "COPY "+into+" FROM STDIN")
		return err
	})
}
