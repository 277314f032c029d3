package trace

import (
	"context"
	"net/mail"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// RequestDetails is what a request may state besides what it must. All of it is optional.
type RequestDetails struct {
	ContactName  string
	ContactEmail string
	Description  string
	WishedOn     qms.Date
}

func (c RequestDetails) state(in *checking, r *Request) {
	r.ContactName = in.text("contact_name", c.ContactName)
	r.ContactEmail = in.email("contact_email", c.ContactEmail)
	r.Description = in.long("description", c.Description)
	r.WishedOn = in.date("wished_on", c.WishedOn)
}

// email reads an address of the plain form "name@host"; empty is allowed. What could end a line, name
// a second address or a display name is refused.
func (in *input) email(field, s string) string {
	s = in.bounded(field, s, maxEmail)
	if s == "" {
		return ""
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || strings.ContainsAny(s, "\r\n\t <>\",;") {
		in.fail(field, "email.malformed")
		return ""
	}
	return s
}

// maxEmail is the longest address that mail can be sent to (RFC 5321, 4.5.3.1.3, without brackets).
const maxEmail = 254

// CloseRequest ends a request that leads to no report: it cannot be done, or the client no longer asks
// for it. The dossier then asks for nothing more.
type CloseRequest struct {
	Target
	As Ending
	On qms.Date
}

// CloseRequest notes how a request ended. It is refused where a report or an invoice exists: that work
// was done.
func (s *Service) CloseRequest(ctx context.Context, cmd CloseRequest) (*Request, error) {
	act := qms.Act{Name: "request.close", Needs: qms.WriteTrace.On(cmd.Platform)}
	return correct(ctx, s, act, cmd.Target, func(in *checking, r *Request) {
		if r.ClosedOn != 0 {
			in.err = qms.Conflict("request.closed", r.Number)
			return
		}
		if done := in.workOn(r.Number); done != "" {
			in.err = qms.Conflict("request.has_work", r.Number, done)
		}
		if !slices.Contains(Endings(), cmd.As) {
			in.fail("as", "input.unknown_choice")
		}
		if on := in.past("on", cmd.On); on != 0 && on < r.Date {
			in.fail("on", "request.closed_before", r.Date)
		}
		r.ClosedAs, r.ClosedOn, r.ClosedReason = cmd.As, cmd.On, strings.TrimSpace(cmd.Reason)
	})
}

// workOn is the number of a report or an invoice of the request that counts; empty when there is none.
func (in *checking) workOn(request string) string {
	if in.err != nil {
		return ""
	}
	var number string
	number, in.err = workOf(in.ctx, in.tx, in.platform, request)
	return number
}

// ReopenRequest takes back that a request ended.
func (s *Service) ReopenRequest(ctx context.Context, target Target) (*Request, error) {
	act := qms.Act{Name: "request.reopen", Needs: qms.WriteTrace.On(target.Platform)}
	return correct(ctx, s, act, target, func(in *checking, r *Request) {
		if r.ClosedOn == 0 {
			in.err = qms.Conflict("request.not_closed", r.Number)
			return
		}
		r.ClosedAs, r.ClosedOn, r.ClosedReason = "", 0, ""
	})
}

// release takes who released a report when it is recorded together with its release, which is then of
// the day of the report. A person who released it already keeps the day.
func (c RecordReport) release(in *checking, r *Report) {
	by := in.person("released_by", c.ReleasedBy)
	if by == r.ReleasedBy && r.ID != "" && r.Revision > 0 {
		return
	}
	r.ReleasedBy, r.ReleasedOn = by, 0
	if by != "" {
		r.ReleasedOn = r.Date
	}
}

// ReleaseReport authorises that a report goes to the client (ISO 9001, 8.6: the records say who
// authorised the release).
type ReleaseReport struct {
	Target
	By qms.ID // a member of the platform on that day
	On qms.Date

	Signs bool // By acts, and the door has asked for the password again; else it is noted what somebody did
}

// ReleaseReport notes the release of a report; it is released once. Who is not a member of the
// platform on the day does not release.
func (s *Service) ReleaseReport(ctx context.Context, cmd ReleaseReport) (*Report, error) {
	act := qms.Act{Name: "report.release", Needs: qms.WriteTrace.On(cmd.Platform)}
	return revise(ctx, s, act, cmd.Target, func(in *checking, r *Report) {
		if r.ReleasedBy != "" {
			in.err = qms.Conflict("report.released", r.Number)
			return
		}
		if on := in.past("on", cmd.On); on != 0 && on < r.Date {
			in.fail("on", "report.released_before", r.Date)
		}
		r.ReleasedBy, r.ReleasedOn = in.memberOn("by", cmd.By, cmd.On), cmd.On
		if cmd.Signs && in.outcome() == nil {
			in.err = in.tx.Endorse(in.ctx, SignedRelease, r.ID, r.Number, qms.MeansRelease, r.signed())
		}
	})
}

// memberOn wants somebody who belongs to the platform on the day.
func (in *checking) memberOn(field string, id qms.ID, day qms.Date) qms.ID {
	if in.requiredPerson(field, id); id == "" || in.err != nil || !in.people[id] {
		return id
	}
	members, err := in.s.people.PeopleOf(in.ctx, in.tx, in.platform)
	if in.err = err; err != nil {
		return id
	}
	here := slices.ContainsFunc(members, func(m Person) bool {
		return m.ID == id && (qms.Period{From: m.From, Until: m.Until}).Contains(day)
	})
	if !here && day != 0 {
		in.fail(field, "person.not_member_then", day)
	}
	return id
}

// external reads the number that the accounts give an invoice: no other invoice that counts has it.
func (in *checking) external(i *Invoice, number string) {
	i.External = in.code("external", number)
	if i.External == "" || in.err != nil {
		return
	}
	var other string
	if other, in.err = invoiceByExternal(in.ctx, in.tx, in.platform, i.External, i.ID); other != "" {
		in.fail("external", "invoice.external_taken", i.External, other)
	}
}

// workOf is the number of a report or an invoice of the request that counts; empty when there is none.
func workOf(ctx context.Context, r store.Reader, platform qms.ID, request string) (string, error) {
	return firstText(ctx, r, `SELECT number FROM reports WHERE platform = ? AND request = ? AND void = ''
UNION ALL SELECT number FROM invoices WHERE platform = ? AND request = ? AND void = '' LIMIT 1`, platform, request, platform, request)
}

// invoiceByExternal is the number of another invoice that counts and has that number in the accounts.
func invoiceByExternal(ctx context.Context, r store.Reader, platform qms.ID, external string, but qms.ID) (string, error) {
	return firstText(ctx, r, `SELECT number FROM invoices WHERE platform = ? AND external = ? AND void = '' AND id <> ? LIMIT 1`,
		platform, external, but)
}

// firstText is the text that the statement finds first; empty when it finds none.
func firstText(ctx context.Context, r store.Reader, query string, args ...any) (text string, err error) {
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&text)
	}
	if err == nil {
		err = rows.Err()
	}
	return text, err
}

// discreet takes away the address of who asks, for readers who do not answer requests.
func (r *Request) discreet(actor qms.Actor) {
	if !actor.Can(qms.WriteTrace.On(r.Platform)) {
		r.ContactEmail = ""
	}
}
