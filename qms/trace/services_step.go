package trace

import "maillon/qms"

// Awaited is what a chain that goes on waits for.
type Awaited string

// What chains wait for. page.services.step_AWAITED names each in qms/locale.
const (
	AwaitsQuote   Awaited = "quote"   // a request without a quote that has not ended
	AwaitsAnswer  Awaited = "answer"  // a quote that the client has not answered, and none is accepted
	AwaitsInvoice Awaited = "invoice" // a report, and no invoice
)

// Steps lists what chains may wait for, upstream first.
func Steps() []Awaited { return []Awaited{AwaitsQuote, AwaitsAnswer, AwaitsInvoice} }

// stepWhere is the condition on a request that its chain waits for the step; empty when none is asked
// for. A step that there is not keeps nothing.
func stepWhere(step Awaited, asOf qms.Date) (condition string, args []any) {
	const of = " AS s WHERE s.platform = requests.platform AND s.request = requests.number AND s.void = '' AND s.date <= ?"
	const goesOn = " AND (closed_on IS NULL OR closed_on > ?)"
	switch step {
	case "":
		return "", nil
	case AwaitsQuote:
		return "feasible <> 'no' AND NOT EXISTS (SELECT 1 FROM quotes" + of + ")" + goesOn, []any{asOf, asOf}
	case AwaitsAnswer:
		return "EXISTS (SELECT 1 FROM quotes" + of + " AND (s.refused_on IS NULL OR s.refused_on > ?)) AND NOT EXISTS (SELECT 1 FROM quotes" + of +
			" AND s.accepted_on <= ?)" + goesOn, []any{asOf, asOf, asOf, asOf, asOf}
	case AwaitsInvoice:
		return "EXISTS (SELECT 1 FROM reports" + of + ") AND NOT EXISTS (SELECT 1 FROM invoices" + of + ")", []any{asOf, asOf}
	}
	return "1 = 0", nil
}
