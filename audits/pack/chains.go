package pack

import "strings"

// services prints the register of services, then every broken chain with what is wrong with it.
func (p *paper) services(c *Contents) {
	p.opens("services", true, 40)
	if len(c.Services) == 0 {
		p.empty(p.say.T("pack.services_none"))
	} else {
		e := c.Exercise
		p.paragraph(p.say.T("pack.services_text", len(c.Services), p.say.LongDate(c.AsOf)), body)
		p.paragraph(p.say.T("pack.services_states", e.Complete, e.Open, e.Broken), body)
		if n, there := p.parts["exercise"]; there {
			p.paragraph(p.say.T("pack.services_checks", n), body)
		}
		p.register(c.Services)
	}
	p.broken(c.Services)
	p.dangling(c.Dangling)
}

func (p *paper) register(services []Service) {
	rows := make([][]cell, 0, len(services))
	for _, s := range services {
		number := bold(s.Number)
		number.below, number.mark = p.say.Date(s.Date), ServiceMark(s.Number)
		client := text(s.Client)
		client.below = s.Subject
		rows = append(rows, []cell{number, client, p.stages(s.Quotes), p.stages(s.Reports), p.stages(s.Invoices), p.standing(s)})
	}
	p.table([]column{{title: p.say.T("pack.col.request"), width: 32}, {title: p.say.T("pack.col.client"), width: 62},
		{title: p.say.T("pack.col.quotes"), width: 50}, {title: p.say.T("pack.col.reports"), width: 32},
		{title: p.say.T("pack.col.invoices"), width: 42}, {title: p.say.T("pack.col.state"), width: 49}}, rows)
}

// stages lists the records of one stage: number, what came of it, date and amount.
func (p *paper) stages(stages []Stage) cell {
	var c cell
	for _, s := range stages {
		facts := p.say.Date(s.Date)
		if s.State != "" {
			facts = p.say.T("pack.quote."+s.State) + ", " + facts
		}
		if s.Amount != 0 {
			facts += ", " + p.say.Money(s.Amount)
		}
		c.pairs = append(c.pairs, [2]string{s.Number, facts})
	}
	return c
}

// standing is the state of a chain, what is missing in it and the checks that fire.
func (p *paper) standing(s Service) cell {
	c := p.state(s.State)
	if len(s.Missing) > 0 {
		names := make([]string, len(s.Missing))
		for i, m := range s.Missing {
			names[i] = p.say.T("pack.stage." + m)
		}
		c.lines = append(c.lines, p.say.T("pack.missing", strings.Join(names, ", ")))
	}
	if codes := checks(s.Findings); codes != "" {
		c.text = p.say.T("pack.check_line", c.text, codes)
	}
	return c
}

// checks lists the codes of the checks, each once.
func checks(findings []Finding) string {
	var codes []string
	seen := map[string]bool{}
	for _, f := range findings {
		if !seen[f.Check] {
			seen[f.Check] = true
			codes = append(codes, f.Check)
		}
	}
	return strings.Join(codes, ", ")
}

// broken prints each broken chain with the checks that fire and what they mean.
func (p *paper) broken(services []Service) {
	p.turn(false)
	p.heading(1, p.say.T("pack.broken"), 40)
	var rows [][]cell
	chains := 0
	for _, s := range services {
		if s.State != "broken" {
			continue
		}
		chains++
		var what cell
		for _, f := range s.Findings {
			what.pairs = append(what.pairs, p.finding(f))
		}
		number := bold(s.Number)
		number.below = p.say.Date(s.Date)
		client := text(s.Client)
		client.below = s.Subject
		rows = append(rows, []cell{number, client, what})
	}
	if chains == 0 {
		p.empty(p.say.T("pack.broken_none"))
		return
	}
	p.paragraph(p.say.T("pack.broken_text", chains), body)
	p.table([]column{{title: p.say.T("pack.col.request"), width: 28}, {title: p.say.T("pack.col.client"), width: 42},
		{title: p.say.T("pack.col.wrong"), width: 100}}, rows)
}

// finding names the check and the record, and says below what is wrong.
func (p *paper) finding(f Finding) [2]string {
	name := f.Check + " " + p.say.T("check."+f.Check+".title")
	if f.Record != "" {
		name = p.say.T("pack.check_line", name, f.Record)
	}
	wrong := p.say.T("check." + f.Check + ".why")
	if f.Detail != "" {
		wrong += " (" + f.Detail + ")"
	}
	return [2]string{name, wrong}
}

func (p *paper) dangling(records []Dangling) {
	p.heading(1, p.say.T("pack.dangling"), 30)
	if len(records) == 0 {
		p.empty(p.say.T("pack.dangling_none"))
		return
	}
	p.paragraph(p.say.T("pack.dangling_text", len(records)), body)
	rows := make([][]cell, 0, len(records))
	for _, d := range records {
		rows = append(rows, []cell{bold(d.Number), text(d.Parent)})
	}
	p.table([]column{{title: p.say.T("pack.col.record"), width: 40}, {title: p.say.T("pack.col.parent"), width: 130}}, rows)
}
