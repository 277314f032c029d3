package trace

import (
	"context"
	"database/sql"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// passSize is how many requests a pass holds in memory at once, with the records that name them.
const passSize = 20_000

// pass reads every service chain of a platform once, with what the checks need of it, in ranges of
// request numbers: the requests of a range in the order of their index, then the records of each kind
// that name one of the range, in no order. So no engine has to sort or merge, the bounds are compared by
// the database alone, whatever its collation, and each table is read from the index that holds all it
// takes. It is four statements for every passSize chains.
//
// Few columns cost less than many: the two dates of a record come as one text, and so do the operator and
// the equipment.
type pass struct {
	ctx      context.Context // lives as long as the call it serves
	r        store.Reader
	platform qms.ID
	asOf     qms.Date
	size     int  // of a range
	filed    bool // S11 is made: the identifiers of the records are needed too

	chains []Chain        // of the range; their slices are reused
	place  map[string]int // by the number of the request
	loose  []Chain        // records of the range whose request does not exist, one each
}

// each hands over every chain as of the day, and every record without one as a chain without a request.
// What it hands over is reused for the next range.
func (p *pass) each(visit func(*Chain) error) error {
	p.place = make(map[string]int, p.size)
	from := ""
	for begun := false; ; begun = true {
		to, err := p.requests(from, begun)
		if err != nil {
			return err
		}
		last := len(p.place) < p.size
		in := span{from: from, to: to, lower: begun, upper: !last}
		for _, read := range []func(span) error{p.quotes, p.reports, p.invoices} {
			if err := read(in); err != nil {
				return err
			}
		}
		for _, chains := range [][]Chain{p.chains[:len(p.place)], p.loose} {
			for i := range chains {
				if err := visit(&chains[i]); err != nil {
					return err
				}
			}
		}
		if last {
			return nil
		}
		from = to
	}
}

// span is a range of request numbers: after from and up to to, each where it bounds.
type span struct {
	from, to     string
	lower, upper bool
}

// where adds the bounds of the column to a condition.
func (s span) where(column string, args []any) (string, []any) {
	condition := ""
	if s.lower {
		condition += " AND " + column + " > ?"
		args = append(args, s.from)
	}
	if s.upper {
		condition += " AND " + column + " <= ?"
		args = append(args, s.to)
	}
	return condition, args
}

// requests begins the next range and tells the number it ends with.
func (p *pass) requests(from string, begun bool) (last string, err error) {
	clear(p.place)
	p.loose = p.loose[:0]
	rows, err := p.read("number, CAST(date AS TEXT)", "requests", "number", span{from: from, lower: begun}, " ORDER BY number LIMIT ?", p.size)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	scan, n := p.scanner(rows, 2), 0
	for scan.next() {
		if n == len(p.chains) {
			p.chains = append(p.chains, Chain{})
		}
		c := &p.chains[n]
		last = scan.text(0)
		c.Request = Request{Row: p.row(scan, 2), Number: last, Date: scan.date(1)}
		c.Quotes, c.Reports, c.Invoices = c.Quotes[:0], c.Reports[:0], c.Invoices[:0]
		p.place[last] = n
		n++
	}
	return last, scan.done()
}

// read asks for the columns of what counts in a range of one table.
func (p *pass) read(columns, table, request string, in span, end string, more ...any) (*sql.Rows, error) {
	if p.filed {
		columns += ", id"
	}
	bounds, args := in.where(request, []any{p.platform})
	args = append(append(args, p.asOf), more...)
	return p.r.Query(p.ctx, "SELECT "+columns+" FROM "+table+" WHERE platform = ?"+bounds+" AND date <= ? AND void = ''"+end, args...)
}

func (p *pass) scanner(rows *sql.Rows, columns int) *scanner {
	if p.filed {
		columns++
	}
	return newScanner(rows, columns)
}

// row is the identity of the record, where it was asked for.
func (p *pass) row(s *scanner, column int) (row qms.Row) {
	if p.filed {
		row.ID = qms.ID(s.text(column))
	}
	return row
}

// of is the chain of the request, or a new one for a record whose request does not exist.
func (p *pass) of(request string) *Chain {
	if at, ok := p.place[request]; ok {
		return &p.chains[at]
	}
	p.loose = append(p.loose, Chain{})
	return &p.loose[len(p.loose)-1]
}

// dates cuts the text that holds a date and one that may be missing.
func (s *scanner) dates(column int) (first, second qms.Date) {
	text := s.text(column)
	at := min(len("2006-01-02"), len(text))
	return s.civil(column, text[:at]), s.civil(column, text[at:])
}

func (p *pass) quotes(in span) error {
	rows, err := p.read("request, number, CAST(date AS TEXT) || COALESCE(CAST(accepted_on AS TEXT), ''), total", "quotes", "request", in, "")
	if err != nil {
		return err
	}
	defer rows.Close()
	scan := p.scanner(rows, 4)
	for scan.next() {
		q := Quote{Row: p.row(scan, 4), Request: scan.text(0), Number: scan.text(1), Total: qms.Money(scan.integer(3))}
		q.Date, q.AcceptedOn = scan.dates(2)
		if q.AcceptedOn > p.asOf {
			q.AcceptedOn = 0
		}
		c := p.of(q.Request)
		c.Quotes = append(c.Quotes, q)
	}
	return scan.done()
}

func (p *pass) reports(in span) error {
	rows, err := p.read("request, number, CAST(date AS TEXT) || CAST(analysed_on AS TEXT), operator || ' ' || equipment, instruction, instruction_version",
		"reports", "request", in, "")
	if err != nil {
		return err
	}
	defer rows.Close()
	scan := p.scanner(rows, 6)
	for scan.next() {
		operator, equipment, _ := strings.Cut(scan.text(3), " ")
		r := Report{Row: p.row(scan, 6), Request: scan.text(0), Number: scan.text(1), Operator: qms.ID(operator), Equipment: qms.ID(equipment),
			Instruction: scan.text(4), InstructionVersion: scan.text(5)}
		r.Date, r.AnalysedOn = scan.dates(2)
		c := p.of(r.Request)
		c.Reports = append(c.Reports, r)
	}
	return scan.done()
}

func (p *pass) invoices(in span) error {
	rows, err := p.read("request, number, CAST(date AS TEXT), quote, total", "invoices", "request", in, "")
	if err != nil {
		return err
	}
	defer rows.Close()
	scan := p.scanner(rows, 5)
	for scan.next() {
		i := Invoice{Row: p.row(scan, 5), Request: scan.text(0), Number: scan.text(1), Date: scan.date(2), Quote: scan.text(3), Total: qms.Money(scan.integer(4))}
		c := p.of(i.Request)
		c.Invoices = append(c.Invoices, i)
	}
	return scan.done()
}
