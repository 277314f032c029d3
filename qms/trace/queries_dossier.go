package trace

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// The kinds of row of a dossier that are not facts: those have the kinds of factQuery, which are below.
const (
	ofChain     = 10 // and the kind of record of the chain
	sampleRow   = ofChain + 4
	evidenceRow = ofChain + 5
)

// dossierColumns is how many columns each part of the statement of a dossier has. The facts fill the
// first of them; so the kinds of the parts differ, and what stands in a column does too, but its type
// does not: column 2 and 7 are whole numbers, all others texts.
const dossierColumns = 26

// part is one kind of row of a dossier: what its columns hold, by their place. A column that it does
// not name is empty.
type part struct {
	kind    int
	columns map[int]string
	from    string // FROM and what follows
	args    []any
}

func (p part) write(b *strings.Builder) {
	b.WriteString("\nUNION ALL SELECT ")
	for i := range dossierColumns {
		column, stated := p.columns[i]
		switch {
		case i == 0:
			column = itoa(p.kind)
		case stated:
		case i == totalColumn:
			column = "CAST(0 AS BIGINT)"
		default:
			column = "''"
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(column)
	}
	b.WriteString(" " + p.from)
}

// totalColumn holds the amount of a record, where the facts have their months.
const totalColumn = 7

func optional(column string) string { return "COALESCE(CAST(" + column + " AS TEXT), '')" }

// target names the request whose chain it is: the one that the record with the number is or names.
// Where registers count every kind of record from 1, a request goes before a quote, that before a
// report, and so on.
const target = `WITH target AS (SELECT request FROM (
SELECT 0 AS place, number AS request FROM requests WHERE platform = ? AND number = ?
UNION ALL SELECT 1, request FROM quotes WHERE platform = ? AND number = ?
UNION ALL SELECT 2, request FROM reports WHERE platform = ? AND number = ?
UNION ALL SELECT 3, request FROM invoices WHERE platform = ? AND number = ?
UNION ALL SELECT 4, request FROM samples WHERE platform = ? AND number = ?
ORDER BY place LIMIT 1) AS first_found)
`

// partsOf are the records of the chain.
func partsOf(platform qms.ID, asOf qms.Date) []part {
	named := func(table string) string {
		return "FROM " + table + " WHERE platform = ? AND request = (SELECT request FROM target)"
	}
	one := []any{platform}
	return []part{
		{ofChain + requestRow, map[int]string{1: "id", 2: "revision", 3: "number", 4: "number", 5: "client", 6: "CAST(date AS TEXT)",
			8: optional("reviewed_on"), 9: "client_status", 10: "subject", 11: "samples", 12: "void", 13: "feasible",
			14: "COALESCE(reviewed_by, '')", 15: "review_note", 16: "contact_name", 17: "contact_email", 18: "description",
			19: optional("wished_on"), 20: "origin", 21: "COALESCE(submission, '')", 22: optional("closed_on"), 23: "closed_as", 24: "closed_reason"},
			"FROM requests WHERE platform = ? AND number = (SELECT request FROM target)", one},
		{ofChain + quoteRow, map[int]string{1: "id", 2: "revision", 3: "number", 4: "request", 6: "CAST(date AS TEXT)", 7: "total",
			8: optional("accepted_on"), 9: optional("refused_on"), 10: optional("valid_until"), 12: "void",
			13: "price_list", 14: "lines", 15: "mention", 16: "conditions"}, named("quotes"), one},
		{ofChain + reportRow, map[int]string{1: "id", 2: "revision", 3: "number", 4: "request", 5: "operator", 6: "CAST(date AS TEXT)",
			8: "CAST(analysed_on AS TEXT)", 9: "equipment", 10: "instruction", 11: "instruction_version", 12: "void", 13: "data_place",
			14: "COALESCE(released_by, '')", 15: optional("released_on")}, named("reports"), one},
		{ofChain + invoiceRow, map[int]string{1: "id", 2: "revision", 3: "number", 4: "request", 5: "quote", 6: "CAST(date AS TEXT)", 7: "total",
			9: `CASE WHEN quote = '' OR EXISTS (SELECT 1 FROM quotes AS named WHERE named.platform = ? AND named.number = invoices.quote
AND named.date <= ? AND named.void = '') THEN '' ELSE 'orphan' END`, 10: "external", 12: "void"}, named("invoices"), []any{platform, asOf, platform}},
		{sampleRow, map[int]string{1: "id", 2: "revision", 3: "number", 4: "request", 5: "COALESCE(received_by, '')", 6: "CAST(received_on AS TEXT)",
			8: optional("fate_on"), 9: "description", 10: "quantity", 11: "condition", 12: "void", 13: "place", 14: "fate",
			15: "COALESCE(fate_by, '')", 16: "fate_note"}, named("samples"), one},
	}
}

// filesOf are the evidence files of the records of the chain. Digests and instants have no one form as
// text on both engines.
func filesOf(platform qms.ID, engine store.Engine) part {
	content, at := "lower(hex(content))", "added_at"
	if engine == store.PostgreSQL {
		content, at = "encode(content, 'hex')", `to_char(added_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00:00"')`
	}
	return part{evidenceRow, map[int]string{1: "id", 2: "revision", 3: "name", 4: "subject", 5: "COALESCE(added_by, '')", 6: "CAST(added_on AS TEXT)",
		7: "size", 8: at, 9: "kind", 10: "media_type", 11: content, 12: "void", 13: "remark"},
		`FROM evidences WHERE platform = ? AND subject IN (
SELECT id FROM requests WHERE platform = ? AND number = (SELECT request FROM target)
UNION ALL SELECT id FROM quotes WHERE platform = ? AND request = (SELECT request FROM target)
UNION ALL SELECT id FROM reports WHERE platform = ? AND request = (SELECT request FROM target)
UNION ALL SELECT id FROM invoices WHERE platform = ? AND request = (SELECT request FROM target))`,
		[]any{platform, platform, platform, platform, platform}}
}

// dossierQuery is the one statement that reads a chain and what stands behind its reports.
func dossierQuery(platform qms.ID, number string, asOf qms.Date, engine store.Engine) (string, []any) {
	var b strings.Builder
	var args []any
	for range 5 {
		args = append(args, platform, number)
	}
	b.WriteString(target)
	facts, more := factQuery(platform, scope{behind: true})
	b.WriteString("SELECT behind.*" + strings.Repeat(", ''", dossierColumns-factColumns) + " FROM (" + facts + ") AS behind")
	args = append(args, more...)
	for _, p := range append(partsOf(platform, asOf), filesOf(platform, engine), signaturesOf(platform, engine)) {
		p.write(&b)
		args = append(args, p.args...)
	}
	b.WriteString("\nORDER BY 1, 7, 4")
	return b.String(), args
}

// wholeChain reads, in one statement, the chain of the record with that number.
func wholeChain(ctx context.Context, r store.Reader, platform qms.ID, number string, asOf qms.Date) (*whole, error) {
	query, args := dossierQuery(platform, number, asOf, r.Engine())
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	w := &whole{orphans: map[string]bool{}, facts: newFacts(), evidence: map[qms.ID][]Evidence{}}
	scan, ids := newScanner(rows, dossierColumns), interned{}
	for scan.next() {
		if scan.integer(0) < ofChain {
			w.facts.add(scan, ids, platform)
			continue
		}
		w.add(scan, platform)
	}
	return w, scan.done()
}
