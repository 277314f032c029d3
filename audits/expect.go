package audits

import (
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
)

// The links that an item is expected to have; link.LINK names each in qms/locale.
const (
	linkRequest     = "request"
	linkQuote       = "quote"
	linkReport      = "report"
	linkInvoice     = "invoice"
	linkTraining    = "training"
	linkInstruction = "instruction"
	linkCalibration = "calibration"
	linkData        = "data"
	linkEquipment   = "equipment"
)

// proposal is what Maillon proposes for one expected link.
type proposal struct {
	link   string
	target string // number or code at the other end; empty when there is none
	answer Answer
	checks []trace.Check // that are behind the answer
}

// expectation proposes the links of one chain from its dossier.
type expectation struct{ *trace.Dossier }

// from is what is expected of the chain when it is entered by the record of that number.
func (e expectation) from(number string, d Direction) []proposal {
	switch {
	case e.Dangles():
		return []proposal{{link: linkRequest, target: e.stated(), answer: Missing, checks: []trace.Check{trace.S07}}}
	case d == Downstream:
		return e.proved(e.downstream())
	}
	return e.proved(e.upstream(number))
}

// proved has a stage that was found and cannot show a file as incoherent, where S11 is made.
func (e expectation) proved(links []proposal) []proposal {
	for i := range links {
		p := &links[i]
		bare := slices.ContainsFunc(strings.Fields(p.target), func(number string) bool { return slices.Contains(e.Unfiled, number) })
		if !bare || !slices.Contains([]string{linkRequest, linkQuote, linkReport, linkInvoice}, p.link) {
			continue
		}
		if p.checks = append(p.checks, trace.S11); p.answer == Found {
			p.answer = Incoherent
		}
	}
	return links
}

// stated is the number of the request that a dangling record names.
func (e expectation) stated() string {
	switch c := e.Chain; {
	case len(c.Quotes) > 0:
		return c.Quotes[0].Request
	case len(c.Reports) > 0:
		return c.Reports[0].Request
	case len(c.Invoices) > 0:
		return c.Invoices[0].Request
	}
	return ""
}

// label says in a few words what the chain is about.
func (e expectation) label() string {
	words := []string{}
	for _, w := range []string{e.Chain.Request.Client, e.Chain.Request.Subject} {
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// upstream is what is expected behind an invoice or a report: back to the accepted quote and the
// request, and from the analysis to what it rested on.
func (e expectation) upstream(number string) []proposal {
	for i, r := range e.Chain.Reports {
		if r.Number == number {
			return append([]proposal{e.toQuote(), e.toRequest()}, e.behind(e.Reports[i:i+1], e.Chain.Reports[i:i+1])...)
		}
	}
	links := []proposal{e.toReport(), e.toQuote(), e.toRequest()}
	return append(links, e.behind(e.Reports, e.Chain.Reports)...)
}

// downstream is what is expected to follow a request.
func (e expectation) downstream() []proposal {
	links := []proposal{e.toQuote(), e.toReport()}
	links = append(links, e.behind(e.Reports, e.Chain.Reports)...)
	return append(links, e.toInvoice())
}

// of is the answer when one of the checks fires, otherwise Found; it names those that fire.
func (e expectation) of(p proposal, answer Answer, checks ...trace.Check) proposal {
	p.answer = Found
	for _, check := range checks {
		if e.Verdict.Fires(check) {
			p.answer = answer
			p.checks = append(p.checks, check)
		}
	}
	return p
}

func (e expectation) toRequest() proposal {
	return e.of(proposal{link: linkRequest, target: e.Chain.Request.Number}, Incoherent, trace.S04)
}

func (e expectation) toQuote() proposal {
	var accepted []string
	for _, q := range e.Chain.Quotes {
		if q.AcceptedOn != 0 {
			accepted = append(accepted, q.Number)
		}
	}
	p := proposal{link: linkQuote, target: strings.Join(accepted, " ")}
	switch {
	case len(accepted) > 0:
		return e.of(p, Incoherent, trace.S05, trace.S06)
	case e.Verdict.Fires(trace.S01):
		return e.of(p, Missing, trace.S01)
	}
	p.answer = NotApplicable // nothing was done yet that needs an accepted quote
	return p
}

func (e expectation) toReport() proposal {
	p := proposal{link: linkReport}
	if n := len(e.Chain.Reports); n == 0 {
		if len(e.Chain.Invoices) == 0 {
			p.answer = NotApplicable
			return p
		}
		return e.of(p, Missing, trace.S02)
	}
	var numbers []string
	for _, r := range e.Chain.Reports {
		numbers = append(numbers, r.Number)
	}
	p.target, p.answer = strings.Join(numbers, " "), Found
	return p
}

func (e expectation) toInvoice() proposal {
	p := proposal{link: linkInvoice}
	switch {
	case len(e.Chain.Invoices) > 0:
		var numbers []string
		for _, i := range e.Chain.Invoices {
			numbers = append(numbers, i.Number)
		}
		p.target = strings.Join(numbers, " ")
		return e.of(p, Incoherent, trace.S04, trace.S05, trace.S06)
	case e.Verdict.Fires(trace.S03):
		return e.of(p, Missing, trace.S03)
	}
	p.answer = NotApplicable // not due yet
	return p
}

// behind is what the analyses of the reports rested on, with the facts beside them. Of several reports
// the worst counts.
func (e expectation) behind(facts []trace.ReportFacts, reports []trace.Report) []proposal {
	if len(reports) == 0 {
		return nil
	}
	links := []proposal{
		{link: linkTraining, answer: NotApplicable}, {link: linkInstruction, answer: NotApplicable},
		{link: linkCalibration, answer: NotApplicable}, {link: linkData, answer: NotApplicable},
	}
	for n, r := range reports {
		for i, p := range []proposal{e.training(r, facts[n]), instruction(r, facts[n]), calibration(facts[n]), data(r)} {
			if links[i].target == "" && links[i].answer == NotApplicable || weight[p.answer] > weight[links[i].answer] {
				links[i] = p
			}
		}
	}
	return links
}

// weight orders the answers from the best to the worst.
var weight = map[Answer]int{NotApplicable: 0, Found: 1, Incoherent: 2, Missing: 3}

func (e expectation) training(r trace.Report, f trace.ReportFacts) proposal {
	p := proposal{link: linkTraining, target: strings.TrimSpace(e.People[r.Operator].Name + ", " + f.Equipment.Code), answer: Found}
	switch {
	case f.Trained:
		return p
	case f.Training == nil:
		p.answer = Missing
	default:
		p.answer = Incoherent
	}
	p.checks = []trace.Check{trace.S08}
	return p
}

func instruction(r trace.Report, f trace.ReportFacts) proposal {
	p := proposal{link: linkInstruction, target: strings.TrimSpace(r.Instruction + " " + r.InstructionVersion), answer: Found}
	switch {
	case f.InForce:
		return p
	case f.Known:
		p.answer = Incoherent
	default:
		p.answer = Missing
	}
	p.checks = []trace.Check{trace.S09}
	return p
}

func calibration(f trace.ReportFacts) proposal {
	p := proposal{link: linkCalibration, target: f.Equipment.Code, answer: NotApplicable}
	switch {
	case !f.Calibrates:
	case f.Calibrated:
		p.answer = Found
	default:
		p.answer, p.checks = Incoherent, []trace.Check{trace.S10}
	}
	return p
}

func data(r trace.Report) proposal {
	p := proposal{link: linkData, target: r.DataPlace, answer: Found}
	if r.DataPlace == "" {
		p.answer = Missing
	}
	return p
}

// behindUse is what is expected of a use: the training that covers it, and equipment in service.
func behindUse(u trace.Use, e trace.Equipment, check trace.Check) []proposal {
	training := proposal{link: linkTraining, answer: Found}
	switch check {
	case trace.U01:
		training.answer = Missing
	case trace.U02, trace.U03, trace.U04:
		training.answer = Incoherent
	}
	if check != "" {
		training.checks = []trace.Check{check}
	}
	equipment := proposal{link: linkEquipment, target: e.Code, answer: Found}
	service := qms.Period{From: e.Commissioned, Until: e.Retired}
	if !service.Contains(u.Date) {
		equipment.answer = Incoherent
	}
	return []proposal{training, equipment}
}
