package demo

import (
	"context"
	"fmt"

	"maillon/qms"
	"maillon/qms/trace"
)

// lab is what services of a platform are made with.
type lab struct {
	platform              qms.ID
	recorder              int // the agent who records requests, quotes and invoices
	equipment             map[string]qms.ID
	operator              func(analysed int) int
	instrument            func(i int) string
	instruction, versions string // code; "1.0", and "2.0" once the second is in force
	second                int    // day from which it is; 0 for never
}

// service is the course of one service. Days are counted from its request; 0 is never.
type service struct {
	quote, accept, refuse, analyse, report, invoice int
	billed                                          qms.Money // over or under the quote
	twice                                           bool      // invoiced twice
	amended                                         bool      // a second quote replaces the first
	operator                                        int       // instead of the lab's
	instrument, version                             string    // instead of the lab's
}

// usual is a service without a fault.
var usual = service{quote: 3, accept: 6, analyse: 12, report: 15, invoice: 25}

// planted are the services that differ, by their position in the year.
func planted() map[int]service {
	all := map[int]service{}
	differ := func(i int, change func(s *service)) {
		s := usual
		change(&s)
		all[i] = s
	}
	differ(3, func(s *service) { s.accept = 0 })                              // S01
	differ(5, func(s *service) { s.amended, s.billed = true, 80_00 })         // nothing wrong
	differ(7, func(s *service) { s.analyse, s.report = 0, 0 })                // S02
	differ(11, func(s *service) { s.invoice = 0 })                            // S03
	differ(13, func(s *service) { s.version = "1.0" })                        // S09
	differ(14, func(s *service) { s.accept = 14 })                            // S04
	differ(16, func(s *service) { s.billed = 120_00 })                        // S05
	differ(18, func(s *service) { s.operator = 4 })                           // S08
	differ(20, func(s *service) { s.twice = true })                           // S06
	differ(22, func(s *service) { s.instrument = "MEB-1" })                   // S10
	differ(24, func(s *service) { *s = service{quote: 3, refuse: 9} })        // refused, hence open
	differ(29, func(s *service) { s.invoice = 0 })                            // still to be invoiced
	differ(30, func(s *service) { s.analyse, s.report, s.invoice = 0, 0, 0 }) // under way
	differ(31, func(s *service) { *s = service{quote: 2} })                   // waiting for an answer
	return all
}

var clients = []struct{ name, status string }{
	{"Laboratoire A (exemple)", trace.Academic},
	{"Équipe B (exemple)", trace.Internal},
	{"Société C (exemple)", trace.Industrial},
	{"Institut D (exemple)", trace.Academic},
}

var subjects = []string{"Imagerie de coupes marquées", "Colocalisation de deux protéines", "Morphologie de poudres",
	"Suivi de cellules vivantes", "Cartographie de fluorescence"}

// serve plans one service from its request to its invoice.
func (y *year) serve(l *lab, i, day int, s service) {
	request := new(string)
	total := qms.Money(300_00 + int64(i)*45_00)
	y.on(day, l.recorder, func(ctx context.Context) error { return y.request(ctx, l, i, day, request) })
	if s.quote > 0 {
		y.quote(l, day, s, request, total)
	}
	if s.report > 0 {
		y.report(l, i, day, s, request)
	}
	if s.invoice == 0 {
		return
	}
	for n := range 1 + map[bool]int{true: 1}[s.twice] {
		y.on(day+s.invoice+n, l.recorder, func(ctx context.Context) error {
			_, err := y.h.Trace.RecordInvoice(ctx, trace.RecordInvoice{Platform: l.platform, Request: *request,
				Date: y.date(day + s.invoice + n), Total: total + s.billed})
			return err
		})
	}
}

func (y *year) request(ctx context.Context, l *lab, i, day int, number *string) error {
	client := clients[i%len(clients)]
	r, err := y.h.Trace.RecordRequest(ctx, trace.RecordRequest{Platform: l.platform, Date: y.date(day), Client: client.name,
		ClientStatus: client.status, Subject: subjects[i%len(subjects)], Samples: fmt.Sprintf("%d échantillons, rendus après l’analyse", 2+i%7)})
	if err != nil {
		return err
	}
	*number = r.Number
	_, err = y.h.Trace.ReviewRequest(ctx, trace.ReviewRequest{Target: trace.Target{Platform: l.platform, ID: r.ID, Revision: r.Revision},
		Feasible: trace.Feasible, By: qms.ActorFrom(ctx).ID, On: y.date(day)})
	return err
}

func (y *year) quote(l *lab, day int, s service, request *string, total qms.Money) {
	last := new(*trace.Quote)
	state := func(on int, total qms.Money) {
		y.on(on, l.recorder, func(ctx context.Context) (err error) {
			*last, err = y.quoted(ctx, trace.RecordQuote{Platform: l.platform, Request: *request,
				Date: y.date(on), Total: total, ValidUntil: y.date(on + 60)})
			return err
		})
	}
	state(day+s.quote, total)
	if s.amended {
		state(day+s.quote, total+s.billed)
	}
	answer := func(on int, act func(context.Context, trace.AnswerQuote) (*trace.Quote, error)) {
		y.on(on, l.recorder, func(ctx context.Context) error {
			target := trace.Target{Platform: l.platform, ID: (*last).ID, Revision: (*last).Revision}
			_, err := act(ctx, trace.AnswerQuote{Target: target, On: y.date(on)})
			return err
		})
	}
	if s.accept > 0 {
		answer(day+s.accept, y.h.Trace.AcceptQuote)
	}
	if s.refuse > 0 {
		answer(day+s.refuse, y.h.Trace.RefuseQuote)
	}
}

func (y *year) report(l *lab, i, day int, s service, request *string) {
	analysed := day + s.analyse
	operator, instrument, version := l.operator(analysed), l.instrument(i), "1.0"
	if l.second > 0 && analysed >= l.second {
		version = "2.0"
	}
	if s.operator != 0 {
		operator = s.operator
	}
	if s.instrument != "" {
		instrument = s.instrument
	}
	if s.version != "" {
		version = s.version
	}
	var recorded *trace.Report
	releaser := y.releaser(l, i)
	y.on(day+s.report, operator, func(ctx context.Context) (err error) {
		recorded, err = y.h.Trace.RecordReport(ctx, trace.RecordReport{Platform: l.platform, Request: *request, Date: y.date(day + s.report),
			AnalysedOn: y.date(analysed), Operator: y.agents[operator].ID, Equipment: l.equipment[instrument],
			Instruction: l.instruction, InstructionVersion: version, DataPlace: "//stockage/images/" + *request, ReleasedBy: releaser()})
		return err
	})
	if i%3 == 0 {
		y.on(day+s.report+1, l.recorder, func(ctx context.Context) error { return y.release(ctx, recorded) })
	}
}
