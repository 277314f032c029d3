package store

import (
	"context"
	"encoding/hex"
	"strings"

	"github.com/uptrace/bun"

	"maillon/qms"
)

// ContentColumn is a column whose rows name contents of the vault by their SHA-256. Every room lists its
// own. What is SQL here is written by a programmer, over the row t.
type ContentColumn struct {
	Table, Column string
	Text          bool   // 64 hexadecimal digits, empty for none; else 32 bytes, NULL for none
	Size          string // the column of the row that states the content's size in bytes; empty: none does
	Words         string // SQL: how people call what the content is; empty: other columns say it
	Under, Page   string // of the address within the platform: segments, then SQL for the last; empty: it has none
	Held          string // SQL: a condition under which the vault must hold the content; empty: it need not
	Lasting       string // SQL: a condition under which that is prolonged, with ? for today; empty: never
	Months        string // SQL: the least number of months it is held; empty: as the site says
}

// digestSize is that of a SHA-256 in bytes.
const digestSize = 32

// bounds are the values between which the column names contents whose first byte is from <= b < until.
func (c ContentColumn) bounds(from, until int) (condition string, args []any) {
	first, past := any([]byte{byte(from)}), any([]byte{byte(until)})
	if c.Text {
		first, past = hex.EncodeToString([]byte{byte(from)}), hex.EncodeToString([]byte{byte(until)})
	}
	condition, args = "t.? >= ?", []any{bun.Ident(c.Column), first}
	if c.Text { // an empty text names nothing
		condition += " AND t.? <> ''"
		args = append(args, bun.Ident(c.Column))
	}
	if until < 256 {
		condition += " AND t.? < ?"
		args = append(args, bun.Ident(c.Column), past)
	}
	return condition, args
}

func (c ContentColumn) key(digest [digestSize]byte) any {
	if c.Text {
		return hex.EncodeToString(digest[:])
	}
	return digest[:]
}

// size is what the rows state; -1 where they state nothing.
func (c ContentColumn) size() bun.Safe {
	if c.Size == "" {
		return "-1"
	}
	return bun.Safe("t." + c.Size)
}

// expression is SQL of the room's, or an empty text.
func expression(sql string) bun.Safe {
	if sql == "" {
		return "''"
	}
	return bun.Safe("COALESCE(" + sql + ", '')")
}

// NamesContent reports whether a row of the columns names the content.
func NamesContent(ctx context.Context, r Reader, columns []ContentColumn, digest [digestSize]byte) (bool, error) {
	parts, args := make([]string, len(columns)), make([]any, 0, 3*len(columns))
	for i, c := range columns {
		parts[i] = "SELECT 1 AS one FROM ? WHERE ? = ?"
		args = append(args, bun.Ident(c.Table), bun.Ident(c.Column), c.key(digest))
	}
	rows, err := r.Query(ctx, strings.Join(parts, " UNION ALL ")+" LIMIT 1", args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	named := rows.Next()
	return named, translate(ctx, rows.Err())
}

// CountNamings is how many rows name a content, of one platform or of all.
func CountNamings(ctx context.Context, r Reader, columns []ContentColumn, platform qms.ID) (all int64, err error) {
	for _, c := range columns {
		n, err := c.count(ctx, r, platform)
		if err != nil {
			return 0, err
		}
		all += n
	}
	return all, nil
}

func (c ContentColumn) count(ctx context.Context, r Reader, platform qms.ID) (n int64, err error) {
	condition, args := c.bounds(0, 256)
	rows, err := r.Query(ctx, "SELECT count(*) FROM ? AS t WHERE "+condition+c.of(platform, &args), append([]any{bun.Ident(c.Table)}, args...)...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&n)
	}
	if err != nil {
		return 0, err
	}
	return n, translate(ctx, rows.Err())
}

// of narrows to a platform, when one is named.
func (c ContentColumn) of(platform qms.ID, args *[]any) string {
	if platform == "" {
		return ""
	}
	*args = append(*args, platform)
	return " AND t.platform = ?"
}

// EachNamed calls f for every row that names a content whose first byte is from <= b < until, with the
// size that the row states, or -1.
func EachNamed(ctx context.Context, r Reader, columns []ContentColumn, platform qms.ID, from, until int, f func(digest [digestSize]byte, size int64)) error {
	for _, c := range columns {
		if err := c.each(ctx, r, platform, from, until, f); err != nil {
			return err
		}
	}
	return nil
}

func (c ContentColumn) each(ctx context.Context, r Reader, platform qms.ID, from, until int, f func(digest [digestSize]byte, size int64)) error {
	condition, args := c.bounds(from, until)
	args = append([]any{bun.Ident(c.Column), c.size(), bun.Ident(c.Table)}, args...)
	rows, err := r.Query(ctx, "SELECT t.?, ? FROM ? AS t WHERE "+condition+c.of(platform, &args), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var value []byte
		var size int64
		if err := rows.Scan(&value, &size); err != nil {
			return err
		}
		digest, ok := c.digest(value)
		if !ok {
			continue // no SHA-256 at all: the trail tells that the row differs
		}
		f(digest, size)
	}
	return translate(ctx, rows.Err())
}

func (c ContentColumn) digest(value []byte) (digest [digestSize]byte, ok bool) {
	if c.Text {
		if len(value) != hex.EncodedLen(digestSize) {
			return digest, false
		}
		_, err := hex.Decode(digest[:], value)
		return digest, err == nil
	}
	return digest, len(value) == digestSize && copy(digest[:], value) == digestSize
}

// Naming is a row that names a content.
type Naming struct {
	Table, Column string
	Row           qms.ID
	Platform      qms.ID // empty: of the site
	Words         string // how people call what the content is; may be empty
	Under, Page   string // see ContentColumn; Page is its value
}

// NamingsOf are the first rows that name the content, at most most of each column, in the order of the columns.
func NamingsOf(ctx context.Context, r Reader, columns []ContentColumn, platform qms.ID, digest [digestSize]byte, most int) ([]Naming, error) {
	var all []Naming
	for _, c := range columns {
		some, err := c.namings(ctx, r, platform, digest, most)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (c ContentColumn) namings(ctx context.Context, r Reader, platform qms.ID, digest [digestSize]byte, most int) ([]Naming, error) {
	args := []any{expression(c.Words), expression(c.Page), bun.Ident(c.Table), bun.Ident(c.Column), c.key(digest)}
	query := "SELECT t.id, COALESCE(t.platform, ''), ?, ? FROM ? AS t WHERE t.? = ?" + c.of(platform, &args)
	rows, err := r.Query(ctx, query+" ORDER BY t.id LIMIT ?", append(args, most)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Naming
	for rows.Next() {
		n := Naming{Table: c.Table, Column: c.Column, Under: c.Under}
		if err := rows.Scan(&n.Row, &n.Platform, &n.Words, &n.Page); err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, translate(ctx, rows.Err())
}
