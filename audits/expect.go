package audits

import (
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

// expectation proposes the links of one chain from what the checks say of it.
type expectation struct {
	chain   trace.Chain // as of the day
	verdict trace.Verdict
	ground  *trace.Ground
}

// upstream is what is expected behind an invoice or a report: back to the accepted quote and the
// request, and from the analysis to what it rested on.
func (e expectation) upstream(number string) []proposal {
	reports, links := e.chain.Reports, []proposal(nil)
	if own := e.report(number); own != nil {
		reports = []trace.Report{*own}
	} else {
		links = append(links, e.toReport())
	}
	links = append(links, e.toQuote(), e.toRequest())
	return append(links, e.behind(reports)...)
}

// downstream is what is expected to follow a request.
func (e expectation) downstream() []proposal {
	links := []proposal{e.toQuote(), e.toReport()}
	links = append(links, e.behind(e.chain.Reports)...)
	return append(links, e.toInvoice())
}

// orphan is what is expected of a record whose request does not exist (S07).
func orphan(request string) []proposal {
	return []proposal{{link: linkRequest, target: request, answer: Missing, checks: []trace.Check{trace.S07}}}
}

func (e expectation) report(number string) *trace.Report {
	for i := range e.chain.Reports {
		if e.chain.Reports[i].Number == number {
			return &e.chain.Reports[i]
		}
	}
	return nil
}

// of is the answer when one of the checks fires, otherwise Found; it names those that fire.
func (e expectation) of(p proposal, answer Answer, checks ...trace.Check) proposal {
	p.answer = Found
	for _, check := range checks {
		if e.verdict.Fires(check) {
			p.answer = answer
			p.checks = append(p.checks, check)
		}
	}
	return p
}

func (e expectation) toRequest() proposal {
	return e.of(proposal{link: linkRequest, target: e.chain.Request.Number}, Incoherent, trace.S04)
}

func (e expectation) toQuote() proposal {
	var accepted []string
	for _, q := range e.chain.Quotes {
		if q.AcceptedOn != 0 {
			accepted = append(accepted, q.Number)
		}
	}
	p := proposal{link: linkQuote, target: strings.Join(accepted, " ")}
	switch {
	case len(accepted) > 0:
		return e.of(p, Incoherent, trace.S05, trace.S06)
	case e.verdict.Fires(trace.S01):
		return e.of(p, Missing, trace.S01)
	}
	p.answer = NotApplicable // nothing was done yet that needs an accepted quote
	return p
}

func (e expectation) toReport() proposal {
	p := proposal{link: linkReport}
	if n := len(e.chain.Reports); n == 0 {
		if len(e.chain.Invoices) == 0 {
			p.answer = NotApplicable
			return p
		}
		return e.of(p, Missing, trace.S02)
	}
	var numbers []string
	for _, r := range e.chain.Reports {
		numbers = append(numbers, r.Number)
	}
	p.target, p.answer = strings.Join(numbers, " "), Found
	return p
}

func (e expectation) toInvoice() proposal {
	p := proposal{link: linkInvoice}
	switch {
	case len(e.chain.Invoices) > 0:
		var numbers []string
		for _, i := range e.chain.Invoices {
			numbers = append(numbers, i.Number)
		}
		p.target = strings.Join(numbers, " ")
		return e.of(p, Incoherent, trace.S04, trace.S05, trace.S06)
	case e.verdict.Fires(trace.S03):
		return e.of(p, Missing, trace.S03)
	}
	p.answer = NotApplicable // not due yet
	return p
}

// behind is what the analyses of the reports rested on. Of several reports the worst counts.
func (e expectation) behind(reports []trace.Report) []proposal {
	if len(reports) == 0 {
		return nil
	}
	links := []proposal{
		{link: linkTraining, answer: NotApplicable}, {link: linkInstruction, answer: NotApplicable},
		{link: linkCalibration, answer: NotApplicable}, {link: linkData, answer: NotApplicable},
	}
	for _, r := range reports {
		for i, p := range []proposal{e.training(r), e.instruction(r), e.calibration(r), data(r)} {
			if weight[p.answer] > weight[links[i].answer] {
				links[i] = p
			}
		}
	}
	return links
}

// weight orders the answers from the best to the worst.
var weight = map[Answer]int{NotApplicable: 0, Found: 1, Incoherent: 2, Missing: 3}

func (e expectation) training(r trace.Report) proposal {
	p := proposal{link: linkTraining, target: r.Number, answer: Found}
	held := e.ground.Trainings[trace.Pair{Person: r.Operator, Equipment: r.Equipment}]
	switch {
	case held.On(r.AnalysedOn):
		return p
	case len(held) == 0:
		p.answer = Missing
	default:
		p.answer = Incoherent
	}
	p.checks = []trace.Check{trace.S08}
	return p
}

func (e expectation) instruction(r trace.Report) proposal {
	p := proposal{link: linkInstruction, target: strings.TrimSpace(r.Instruction + " " + r.InstructionVersion), answer: Found}
	switch period, known := e.ground.Instructions[r.Instruction][r.InstructionVersion]; {
	case known && period.Contains(r.AnalysedOn):
		return p
	case known:
		p.answer = Incoherent
	default:
		p.answer = Missing
	}
	p.checks = []trace.Check{trace.S09}
	return p
}

func (e expectation) calibration(r trace.Report) proposal {
	p := proposal{link: linkCalibration, target: r.Number, answer: NotApplicable}
	held, calibrated := e.ground.Calibrations[r.Equipment]
	switch {
	case !calibrated:
	case held.On(r.AnalysedOn):
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
	case trace.U02, trace.U03:
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
