package trace

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"maillon/qms"
	"maillon/qms/store"
)

// The kinds of row that servicePage yields.
const (
	requestRow = iota
	quoteRow
	reportRow
	invoiceRow
)

// quotesAmong tells which of the numbers are of quotes that exist as of the day.
func quotesAmong(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date, numbers map[string]bool) (map[string]bool, error) {
	rows, err := r.Query(ctx, "SELECT number FROM quotes WHERE platform = ? AND date <= ? AND void = ''", platform, asOf)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]bool{}
	scan := newScanner(rows, 1)
	for scan.next() {
		if number := scan.text(0); numbers[number] {
			found[number] = true
		}
	}
	return found, scan.done()
}

// useRows reads what the checks need of every use.
func useRows(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) (*sql.Rows, error) {
	return r.Query(ctx, `SELECT number, person, equipment, CAST(date AS TEXT), began, minutes FROM uses
WHERE platform = ? AND date <= ? AND void = ''`, platform, asOf)
}

// rowSource is *sql.Rows, or rows from elsewhere in a test.
type rowSource interface {
	Columns() ([]string, error)
	Next() bool
	Scan(dest ...any) error
	Err() error
}

// scanner reads rows of known columns without reflection: what the driver made is taken as it is.
type scanner struct {
	rows   rowSource
	values []any
	into   []any
	err    error
}

func newScanner(rows rowSource, columns int) *scanner {
	s := &scanner{rows: rows, values: make([]any, columns), into: make([]any, columns)}
	for i := range s.values {
		s.into[i] = &s.values[i]
	}
	return s
}

// scannerOf reads all columns that rows have.
func scannerOf(rows rowSource) (*scanner, error) {
	columns, err := rows.Columns()
	return newScanner(rows, len(columns)), err
}

// next moves to the next row; false at the end or after an error, which done returns.
func (s *scanner) next() bool {
	if s.err != nil || !s.rows.Next() {
		return false
	}
	if err := s.rows.Scan(s.into...); err != nil {
		s.err = err
		return false
	}
	return true
}

func (s *scanner) done() error {
	if s.err != nil {
		return s.err
	}
	return s.rows.Err()
}

func (s *scanner) text(i int) string {
	switch v := s.values[i].(type) {
	case string:
		return v
	case []byte:
		return string(v)
	case nil:
		return ""
	}
	s.fail(i)
	return ""
}

func (s *scanner) integer(i int) int64 {
	switch v := s.values[i].(type) {
	case int64:
		return v
	case []byte:
		return s.parse(i, string(v))
	case string:
		return s.parse(i, v)
	}
	s.fail(i)
	return 0
}

func (s *scanner) parse(i int, text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		s.fail(i)
	}
	return n
}

// date reads a date in the form 2006-01-02; an empty text is no date.
func (s *scanner) date(i int) qms.Date { return s.civil(i, s.text(i)) }

// civil is the date that a part of column i holds.
func (s *scanner) civil(i int, text string) qms.Date {
	if text == "" {
		return 0
	}
	d, ok := civil(text)
	if !ok {
		s.fail(i)
	}
	return d
}

func (s *scanner) fail(column int) {
	if s.err == nil {
		s.err = fmt.Errorf("column %d holds %v", column, s.values[column])
	}
}

// civil is qms.ParseDate for what the database wrote, ten times as fast: days are counted from
// 1 March of year 0 (Hinnant, "chrono-compatible low-level date algorithms").
func civil(text string) (qms.Date, bool) {
	if len(text) != len("2006-01-02") || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	digits := func(from, to int) (n int) {
		for _, c := range []byte(text[from:to]) {
			if c < '0' || c > '9' {
				return -1 << 20
			}
			n = n*10 + int(c-'0')
		}
		return n
	}
	y, m, d := digits(0, 4), digits(5, 7), digits(8, 10)
	if y < 1 || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	if m <= 2 {
		y--
		m += 12
	}
	era, of := y/400, y%400
	return qms.Date(era*146097 + of*365 + of/4 - of/100 + (153*(m-3)+2)/5 + d - 306), true
}

// servicePage reads what the checks need of the chains of one page of requests, in the order of the
// list, with what the list shows of the request. Without a filter that only the checks can answer, limit
// bounds the requests; with one the reader stops when it has enough. Few columns cost less than many: the
// second holds the kind, the date and the second date, which have one length, and one column names the
// operator and the equipment. Where files are asked for, the last column names a record that has one.
func servicePage(ctx context.Context, r store.Reader, platform qms.ID, f ServiceFilter, o order, after []string, limit int, files bool) (*sql.Rows, error) {
	where, args := serviceWhere(platform, f)
	if after != nil {
		where += o.after("number")
		args = append(args, after[0], after[0], after[1])
	}
	where += " ORDER BY " + o.sql("number")
	if f.State == "" && f.Check == "" {
		where += " LIMIT " + strconv.Itoa(limit)
	}
	sorted := map[string]string{"date": "CAST(p.date AS TEXT)", "number": "p.number", "client": "p.client"}[o.column]
	direction := ""
	if o.descending {
		direction = " DESC"
	}
	here := []any{platform, f.AsOf}
	filed := func(id string) string {
		if !files {
			return "''"
		}
		args = append(args, here...)
		return "CASE WHEN EXISTS (SELECT 1 FROM evidences AS e WHERE e.platform = ? AND e.subject = " + id +
			" AND e.void = '' AND e.added_on <= ?) THEN " + id + " ELSE '' END"
	}
	args = append(args, f.AsOf)
	query := `
WITH page AS (SELECT id, number, date, client, client_status, subject, closed_on FROM requests WHERE ` + where + `)
SELECT p.number AS chain, '0' || CAST(p.date AS TEXT) || p.id AS head, p.number AS number,
p.client AS a, p.client_status AS b, p.subject AS c, CAST(CASE WHEN p.closed_on <= ? THEN 1 ELSE 0 END AS BIGINT) AS total, ` + sorted + ` AS sorted, ` + filed("p.id") + ` AS filed FROM page AS p
UNION ALL
SELECT p.number, '1' || CAST(q.date AS TEXT) || COALESCE(CAST(q.accepted_on AS TEXT), ''), q.number, '', '', '', q.total, ` + sorted + `, ` + filed("q.id") + `
FROM page AS p JOIN quotes AS q ON q.request = p.number WHERE q.platform = ? AND q.date <= ? AND q.void = ''`
	args = append(args, here...)
	query += `
UNION ALL
SELECT p.number, '2' || CAST(q.date AS TEXT) || COALESCE(CAST(q.analysed_on AS TEXT), ''), q.number, q.operator || ' ' || q.equipment, q.instruction, q.instruction_version, CAST(0 AS BIGINT), ` + sorted + `, ` + filed("q.id") + `
FROM page AS p JOIN reports AS q ON q.request = p.number WHERE q.platform = ? AND q.date <= ? AND q.void = ''`
	args = append(append(args, here...), here...)
	query += `
UNION ALL
SELECT p.number, '3' || CAST(q.date AS TEXT), q.number, q.quote, CASE WHEN q.quote = '' OR EXISTS (
SELECT 1 FROM quotes AS named WHERE named.platform = ? AND named.number = q.quote AND named.date <= ? AND named.void = '')
THEN '' ELSE 'orphan' END, '', q.total, ` + sorted + `, ` + filed("q.id") + `
FROM page AS p JOIN invoices AS q ON q.request = p.number WHERE q.platform = ? AND q.date <= ? AND q.void = ''
ORDER BY 8` + direction + `, 1` + direction
	return r.Query(ctx, query, append(args, here...)...)
}

func serviceWhere(platform qms.ID, f ServiceFilter) (string, []any) {
	where, args := "platform = ? AND date <= ? AND void = ''", []any{platform, f.AsOf}
	add := func(condition string, values ...any) {
		where += " AND " + condition
		args = append(args, values...)
	}
	if f.From != 0 {
		add("date >= ?", f.From)
	}
	if f.To != 0 {
		add("date <= ?", f.To)
	}
	if condition, values := stepWhere(f.Step, f.AsOf); condition != "" {
		add(condition, values...)
	}
	if f.ClientStatus != "" {
		add("client_status = ?", askable(f.ClientStatus))
	}
	if f.Text != "" {
		like := containing(strings.ToLower(askable(f.Text)))
		add(`(lower(number) LIKE ? ESCAPE '\' OR lower(client) LIKE ? ESCAPE '\' OR lower(subject) LIKE ? ESCAPE '\')`, like, like, like)
	}
	return where, args
}

// containing is a pattern of LIKE for texts that hold s.
func containing(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s) + "%"
}

// usePage reads uses in the order of the list; like servicePage, without a limit where only the checks
// can answer the filter.
func usePage(ctx context.Context, r store.Reader, platform qms.ID, f UseFilter, o order, after []string, limit int) (*sql.Rows, error) {
	where, args := "platform = ? AND date <= ? AND void = ''", []any{platform, f.AsOf}
	add := func(condition string, values ...any) {
		where += " AND " + condition
		args = append(args, values...)
	}
	if f.Person != "" {
		add("person = ?", f.Person)
	}
	if f.Equipment != "" {
		add("equipment = ?", f.Equipment)
	}
	if f.From != 0 {
		add("date >= ?", f.From)
	}
	if f.To != 0 {
		add("date <= ?", f.To)
	}
	if after != nil {
		where += o.after("number")
		args = append(args, after[0], after[0], after[1])
	}
	where += " ORDER BY " + o.sql("number")
	if !f.Uncovered && f.Check == "" {
		where += " LIMIT " + strconv.Itoa(limit)
	}
	return r.Query(ctx, `SELECT id, revision, number, person, equipment, CAST(date AS TEXT) AS day, minutes, project, began FROM uses WHERE `+where, args...)
}

func findRows(ctx context.Context, r store.Reader, platform qms.ID, number string, limit int) (*sql.Rows, error) {
	begins, args := beginning(r.Engine(), number)
	of := func(kind, place, column, title, table string) string {
		return "SELECT '" + kind + "' AS kind, " + place + " AS place, " + column + " AS number, " + title + " AS title FROM " + table +
			" WHERE platform = ?0 AND " + strings.ReplaceAll(begins, "number", column)
	}
	return r.Query(ctx, "SELECT kind, number, title FROM ("+strings.Join([]string{
		of("request", "0", "number", "subject", "requests"), of("quote", "1", "number", "request", "quotes"),
		of("report", "2", "number", "request", "reports"), of("invoice", "3", "number", "request", "invoices"),
		of("equipment", "4", "code", "name", "equipment"), of("use", "5", "number", "project", "uses"),
	}, " UNION ALL ")+") AS found ORDER BY CASE WHEN number = ?1 THEN 0 ELSE 1 END, place, number LIMIT ?2",
		append([]any{platform, number, limit}, args...)...)
}

// beginning is the condition that a number begins with the text, its values from ?3 on. SQLite answers
// a range from the index of numbers, which it keeps in the order of bytes; PostgreSQL from one of its own
// (uses_by_beginning), since the others follow the language of the database.
func beginning(e store.Engine, text string) (condition string, args []any) {
	if e == store.SQLite {
		return "number >= ?3 AND number < ?4", []any{text, text + string(utf8.MaxRune)}
	}
	return `number LIKE ?3 ESCAPE '\'`, []any{strings.TrimPrefix(containing(text), "%")}
}
