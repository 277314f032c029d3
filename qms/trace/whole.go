package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// whole is every record of one chain in full, void and later ones included.
type whole struct {
	chain   Chain
	request string          // the number that its records share
	orphans map[string]bool // invoices that name a quote which does not exist as of the day
}

// wholeChain reads, in one statement, the chain of the record with that number. Where registers count
// every kind of record from 1, a request goes before a quote, that before a report, and so on.
func wholeChain(ctx context.Context, r store.Reader, platform qms.ID, number string, asOf qms.Date) (*whole, error) {
	var args []any
	for range 4 {
		args = append(args, platform, number)
	}
	args = append(args, platform, platform, platform, platform, asOf, platform)
	rows, err := r.Query(ctx, `
WITH target AS (SELECT request FROM (
SELECT 0 AS place, number AS request FROM requests WHERE platform = ? AND number = ?
UNION ALL SELECT 1, request FROM quotes WHERE platform = ? AND number = ?
UNION ALL SELECT 2, request FROM reports WHERE platform = ? AND number = ?
UNION ALL SELECT 3, request FROM invoices WHERE platform = ? AND number = ?
ORDER BY place LIMIT 1) AS first_found)
SELECT 0 AS kind, id, revision, number, number AS chain, CAST(date AS TEXT) AS date, COALESCE(CAST(reviewed_on AS TEXT), '') AS d2,
'' AS d3, '' AS d4, 0 AS total, client AS a, client_status AS b, subject AS c, samples AS d, feasible AS e,
COALESCE(reviewed_by, '') AS f, review_note AS g, void FROM requests
WHERE platform = ? AND number = (SELECT request FROM target)
UNION ALL SELECT 1, id, revision, number, request, CAST(date AS TEXT), COALESCE(CAST(accepted_on AS TEXT), ''),
COALESCE(CAST(refused_on AS TEXT), ''), COALESCE(CAST(valid_until AS TEXT), ''), total, '', '', '', '', '', '', '', void FROM quotes
WHERE platform = ? AND request = (SELECT request FROM target)
UNION ALL SELECT 2, id, revision, number, request, CAST(date AS TEXT), CAST(analysed_on AS TEXT), '', '', 0,
operator, equipment, instruction, instruction_version, data_place, COALESCE(released_by, ''), '', void FROM reports
WHERE platform = ? AND request = (SELECT request FROM target)
UNION ALL SELECT 3, id, revision, number, request, CAST(date AS TEXT), '', '', '', total, quote,
CASE WHEN quote = '' OR EXISTS (SELECT 1 FROM quotes AS named WHERE named.platform = ? AND named.number = invoices.quote
AND named.date <= ? AND named.void = '') THEN '' ELSE 'orphan' END, '', '', '', '', '', void FROM invoices
WHERE platform = ? AND request = (SELECT request FROM target)
ORDER BY 1, 6, 4`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	scan, err := scannerOf(rows)
	if err != nil {
		return nil, err
	}
	w := &whole{orphans: map[string]bool{}}
	for scan.next() {
		w.add(scan, platform)
	}
	return w, scan.done()
}

func (w *whole) add(s *scanner, platform qms.ID) {
	row := qms.Row{ID: qms.ID(s.text(1)), Platform: platform, Revision: s.integer(2)}
	number, request, date := s.text(3), s.text(4), s.date(5)
	w.request = request
	switch s.integer(0) {
	case requestRow:
		w.chain.Request = Request{Row: row, Number: number, Date: date, Client: s.text(10), ClientStatus: s.text(11),
			Subject: s.text(12), Samples: s.text(13), Feasible: s.text(14), ReviewedBy: qms.ID(s.text(15)),
			ReviewedOn: s.date(6), ReviewNote: s.text(16), Void: s.text(17)}
	case quoteRow:
		w.chain.Quotes = append(w.chain.Quotes, Quote{Row: row, Number: number, Request: request, Date: date,
			AcceptedOn: s.date(6), RefusedOn: s.date(7), ValidUntil: s.date(8), Total: qms.Money(s.integer(9)), Void: s.text(17)})
	case reportRow:
		w.chain.Reports = append(w.chain.Reports, Report{Row: row, Number: number, Request: request, Date: date,
			AnalysedOn: s.date(6), Operator: qms.ID(s.text(10)), Equipment: qms.ID(s.text(11)), Instruction: s.text(12),
			InstructionVersion: s.text(13), DataPlace: s.text(14), ReleasedBy: qms.ID(s.text(15)), Void: s.text(17)})
	case invoiceRow:
		i := Invoice{Row: row, Number: number, Request: request, Date: date, Quote: s.text(10), Total: qms.Money(s.integer(9)), Void: s.text(17)}
		w.chain.Invoices = append(w.chain.Invoices, i)
		if s.text(11) != "" {
			w.orphans[number] = true
		}
	}
}
