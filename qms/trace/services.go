package trace

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// ServiceFilter narrows and orders the list of services. Its zero fields do not narrow.
type ServiceFilter struct {
	AsOf         qms.Date // today when none
	State        State
	Check        Check // chains in which this check fires
	ClientStatus string
	From, To     qms.Date // of the request, both days included
	Text         string   // in number, client or subject
	Step         Awaited  // chains that wait for that
	Sort         string   // "date", "number" or "client", a minus before it for descending; "-date" when empty
}

// ServiceLine is one chain in a list.
type ServiceLine struct {
	Request  Request // of the row: ID, number, date, client, status and subject
	State    State
	Fired    []Fired
	Closed   bool // ended without a report
	Quotes   int
	Reports  int
	Invoices int
	Accepted qms.Date // of the first accepted quote
	Quoted   qms.Money
	Invoiced qms.Money
}

// Services lists the service chains of a platform, 3 statements whatever its size.
func (s *Service) Services(ctx context.Context, platform qms.ID, f ServiceFilter, c qms.Cursor) (page qms.Page[ServiceLine], err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		page, err = s.services(ctx, r, platform, f, c)
		return err
	})
	return page, err
}

var errEnough = errors.New("the page is full")

func (s *Service) services(ctx context.Context, r store.Reader, platform qms.ID, f ServiceFilter, c qms.Cursor) (page qms.Page[ServiceLine], err error) {
	if f.AsOf == 0 {
		f.AsOf = r.Today()
	}
	order, err := orderOf(f.Sort, "-date", "date", "number", "client")
	if err != nil {
		return page, err
	}
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return page, err
	}
	g, err := s.Ground(ctx, r, platform, f.AsOf)
	if err != nil {
		return page, err
	}
	limit := c.Limit()
	var filed map[qms.ID]bool
	if g.evidence {
		filed = map[qms.ID]bool{}
		g.Filed = func(record qms.ID) bool { return filed[record] }
	}
	rows, err := servicePage(ctx, r, platform, f, order, after, limit+1, g.evidence)
	if err != nil {
		return page, err
	}
	defer rows.Close()
	lines, err := f.lines(rows, g, filed, limit)
	if err != nil {
		return page, err
	}
	return qms.PageOf(lines, limit, func(l ServiceLine) string {
		return qms.EncodeAfter(map[string]string{"date": l.Request.Date.String(), "number": l.Request.Number, "client": l.Request.Client}[order.column], l.Request.Number)
	}), nil
}

// lines are the services of the rows that the filter keeps, one more than limit at most.
func (f ServiceFilter) lines(rows *sql.Rows, g *Ground, filed map[qms.ID]bool, limit int) (lines []ServiceLine, err error) {
	err = eachChain(rows, f.AsOf, filed, func(chain *Chain) error {
		if chain.Request.Number == "" {
			return nil // an invoice whose quote does not exist: a finding, not a chain
		}
		if line := lineOf(chain, g); f.keeps(line) {
			lines = append(lines, line)
		}
		if len(lines) > limit {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return lines, err
}

func (f ServiceFilter) keeps(line ServiceLine) bool {
	if f.State != "" && f.State != line.State {
		return false
	}
	return f.Check == "" || Verdict{Fired: line.Fired}.Fires(f.Check)
}

func lineOf(c *Chain, g *Ground) ServiceLine {
	v := judge(c, g, nil)
	line := ServiceLine{
		Request: c.Request, State: v.State, Closed: c.Request.ClosedOn != 0, Fired: v.Fired, Quotes: len(c.Quotes), Reports: len(c.Reports),
		Invoices: len(c.Invoices), Quoted: c.Quoted(), Invoiced: c.Invoiced(),
	}
	if q := c.accepted(); q != nil {
		line.Accepted = q.AcceptedOn
	}
	return line
}

// order is a column to sort by, and its direction.
type order struct {
	column     string
	descending bool
}

// orderOf reads the order a door asks for; only the columns named are allowed.
func orderOf(asked, standard string, columns ...string) (order, error) {
	if asked == "" {
		asked = standard
	}
	column, descending := strings.CutPrefix(asked, "-")
	for _, c := range columns {
		if c == column {
			return order{column, descending}, nil
		}
	}
	return order{}, qms.InvalidFields(qms.Wrong("sort", "input.unknown_choice"))
}

// sql is the ORDER BY of the column and the one that breaks ties.
func (o order) sql(tie string) string {
	if o.descending {
		return o.column + " DESC, " + tie + " DESC"
	}
	return o.column + ", " + tie
}

// after is the condition that a row comes after the cursor's, which is its column's value and its tie.
func (o order) after(tie string) string {
	sign := " > ?"
	if o.descending {
		sign = " < ?"
	}
	return " AND (" + o.column + sign + " OR " + o.column + " = ? AND " + tie + sign + ")"
}
