package trace

import (
	"strconv"

	"maillon/qms"
	"maillon/qms/store"
)

// whole is every record of one chain in full, void and later ones included, with what stands behind
// its reports.
type whole struct {
	chain    Chain
	samples  []Sample
	evidence map[qms.ID][]Evidence // files of its records, in the order in which they came
	signed   []store.Endorsed      // that released its reports
	request  string                // the number that its records share
	orphans  map[string]bool       // invoices that name a quote which does not exist as of the day
	facts    *facts
}

func itoa(n int) string { return strconv.Itoa(n) }

// add takes one row of the statement of a dossier, see partsOf.
func (w *whole) add(s *scanner, platform qms.ID) {
	row := qms.Row{ID: qms.ID(s.text(1)), Platform: platform, Revision: s.integer(2)}
	number, request, date := s.text(3), s.text(4), s.date(6)
	switch s.integer(0) {
	case evidenceRow:
		w.addFile(s, row)
		return
	case signatureRow:
		w.addSignature(s, row)
		return
	}
	w.request = request
	switch s.integer(0) {
	case ofChain + requestRow:
		w.chain.Request = requestOf(s, row)
	case ofChain + quoteRow:
		w.chain.Quotes = append(w.chain.Quotes, Quote{Row: row, Number: number, Request: request, Date: date,
			AcceptedOn: s.date(8), RefusedOn: s.date(9), ValidUntil: s.date(10), Total: qms.Money(s.integer(totalColumn)), Void: s.text(12),
			PriceList: s.text(13), Lines: s.text(14), Mention: s.text(15), Conditions: s.text(16)})
	case ofChain + reportRow:
		w.chain.Reports = append(w.chain.Reports, Report{Row: row, Number: number, Request: request, Date: date,
			AnalysedOn: s.date(8), Operator: qms.ID(s.text(5)), Equipment: qms.ID(s.text(9)), Instruction: s.text(10),
			InstructionVersion: s.text(11), DataPlace: s.text(13), ReleasedBy: qms.ID(s.text(14)), ReleasedOn: s.date(15), Void: s.text(12)})
	case ofChain + invoiceRow:
		i := Invoice{Row: row, Number: number, Request: request, Date: date, Quote: s.text(5), Total: qms.Money(s.integer(totalColumn)),
			External: s.text(10), Void: s.text(12)}
		w.chain.Invoices = append(w.chain.Invoices, i)
		if s.text(9) != "" {
			w.orphans[number] = true
		}
	case sampleRow:
		w.samples = append(w.samples, Sample{Row: row, Number: number, Request: request, ReceivedOn: date, ReceivedBy: qms.ID(s.text(5)),
			FateOn: s.date(8), Description: s.text(9), Quantity: s.text(10), Condition: s.text(11), Void: s.text(12), Place: s.text(13),
			Fate: Fate(s.text(14)), FateBy: qms.ID(s.text(15)), FateNote: s.text(16)})
	}
}

func requestOf(s *scanner, row qms.Row) Request {
	return Request{Row: row, Number: s.text(3), Date: s.date(6), Client: s.text(5), ClientStatus: s.text(9), Subject: s.text(10),
		Samples: s.text(11), Feasible: s.text(13), ReviewedBy: qms.ID(s.text(14)), ReviewedOn: s.date(8), ReviewNote: s.text(15),
		ContactName: s.text(16), ContactEmail: s.text(17), Description: s.text(18), WishedOn: s.date(19), Origin: Origin(s.text(20)),
		Submission: qms.ID(s.text(21)), ClosedOn: s.date(22), ClosedAs: Ending(s.text(23)), ClosedReason: s.text(24), Void: s.text(12)}
}

func (w *whole) addFile(s *scanner, row qms.Row) {
	e := Evidence{Row: row, Name: s.text(3), Subject: qms.ID(s.text(4)), AddedBy: qms.ID(s.text(5)), AddedOn: s.date(6), Size: s.integer(totalColumn),
		Kind: EvidenceKind(s.text(9)), MediaType: s.text(10), Void: s.text(12), Remark: s.text(13)}
	if err := e.Content.UnmarshalText([]byte(s.text(11))); err != nil {
		s.fail(11)
	}
	if err := store.Instant(&e.AddedAt).Scan(s.values[8]); err != nil {
		s.fail(8)
	}
	w.evidence[e.Subject] = append(w.evidence[e.Subject], e)
}
