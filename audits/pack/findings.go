package pack

import (
	"strconv"
)

// exercise prints the full exercise and the sampled ones.
func (p *paper) exercise(c *Contents) {
	p.opens("exercise", false, 60)
	e := c.Exercise
	p.heading(1, p.say.T("pack.exercise_full"), 40)
	p.paragraph(p.say.T("pack.exercise_text", p.say.LongDate(c.AsOf), e.Chains, e.Uses), body)
	p.table([]column{{title: p.say.T("pack.col.state"), width: 60}, {title: p.say.T("pack.col.chains"), width: 30, right: true},
		{title: p.say.T("pack.col.share"), width: 30, right: true}}, [][]cell{
		{p.state("complete"), text(p.say.Number(int64(e.Complete))), text(p.say.Percent(e.Complete, e.Chains))},
		{p.state("open"), text(p.say.Number(int64(e.Open))), text(p.say.Percent(e.Open, e.Chains))},
		{p.state("broken"), text(p.say.Number(int64(e.Broken))), text(p.say.Percent(e.Broken, e.Chains))},
	})
	p.heading(1, p.say.T("pack.by_check"), 40)
	rows := make([][]cell, 0, len(e.Checks))
	for _, n := range e.Checks {
		rows = append(rows, []cell{bold(n.Check), {text: p.say.T("check." + n.Check + ".title"), below: p.say.T("check." + n.Check + ".why")},
			text(p.say.Number(int64(n.Times)))})
	}
	p.table([]column{{title: p.say.T("pack.col.check"), width: 18}, {title: p.say.T("pack.col.meaning"), width: 130},
		{title: p.say.T("pack.col.times"), width: 22, right: true}}, rows)
	p.brokenList(c.Services)
	p.samples(c.Samples)
	for i := range c.Panels["exercise"] {
		p.panel(&c.Panels["exercise"][i])
	}
}

// brokenList lists the broken chains of the exercise by number, with their checks.
func (p *paper) brokenList(services []Service) {
	p.heading(1, p.say.T("pack.exercise_broken"), 30)
	var items []string
	for _, s := range services {
		if s.State == "broken" {
			items = append(items, p.say.T("pack.check_line", s.Number, checks(s.Findings)))
		}
	}
	if len(items) == 0 {
		p.empty(p.say.T("pack.broken_none"))
		return
	}
	const columns = 3
	width := p.width() / columns
	for i := 0; i < len(items); i += columns {
		p.need(small.Lead())
		for n, item := range items[i:min(i+columns, len(items))] {
			p.At(p.left()+float64(n)*width, p.y+small.Lead()*0.76, p.Short(item, width-2, small), small)
		}
		p.y += small.Lead()
	}
	p.y += 4
}

// samples prints each sampled exercise: the draw that can be done again, and what was found.
func (p *paper) samples(samples []Sample) {
	p.heading(1, p.say.T("pack.samples"), 40)
	if len(samples) == 0 {
		p.empty(p.say.T("pack.samples_none"))
		return
	}
	for _, s := range samples {
		p.need(70)
		p.At(p.left(), p.y+4, p.say.T("pack.sample_title", s.Number, p.say.T("pack.kind."+s.Kind), p.say.T("pack.direction."+s.Direction)), strong)
		p.y += 7
		p.pairs([][2]string{
			{p.say.T("pack.sample_draw"), p.say.T("pack.sample_seed", s.Seed, len(s.Items), s.Population)},
			{p.say.T("pack.sample_population"), s.Digest},
			{p.say.T("pack.sample_evaluator"), p.say.T("pack.sample_by", s.Evaluator, s.Concluded)},
			{p.say.T("pack.sample_score"), p.say.T("pack.sample_found", s.Found, s.Expected) + ", " + p.word(s.Verdict)},
			{p.say.T("pack.sample_remark"), orDash(s.Remark)},
		})
		p.y += 3
		rows := make([][]cell, 0, len(s.Items))
		for i, item := range s.Items {
			rows = append(rows, []cell{text(strconv.Itoa(i + 1)), bold(item.Number),
				text(p.say.T("pack.sample_found", item.Found, item.Expected)), {lines: item.Notes}})
		}
		p.table([]column{{title: p.say.T("pack.col.rank"), width: 12}, {title: p.say.T("pack.col.record"), width: 36},
			{title: p.say.T("pack.col.links"), width: 40}, {title: p.say.T("pack.col.notes"), width: 82}}, rows)
	}
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// journal prints the digest of the trail and its latest acts.
func (p *paper) journal(c *Contents) {
	p.opens("journal", false, 40)
	for i := range c.Panels["journal"] {
		p.panel(&c.Panels["journal"][i])
	}
	p.heading(1, p.say.T("pack.journal_latest"), 40)
	j := c.Journal
	if len(j.Entries) == 0 {
		p.empty(p.say.T("pack.journal_none"))
		return
	}
	p.paragraph(p.say.T("pack.journal_text", len(j.Entries), j.Total), body)
	rows := make([][]cell, 0, len(j.Entries))
	for _, e := range j.Entries {
		who := e.ActorName
		if e.Actor == "" {
			who = p.say.SystemActor(who)
		}
		act := text(e.Act)
		if p.say.Has("act." + e.Act) {
			act = cell{text: p.say.T("act." + e.Act), below: e.Act}
		}
		if e.Reason != "" {
			act.lines = append(act.lines, p.say.T("pack.reason", e.Reason))
		}
		rows = append(rows, []cell{text(p.say.Number(e.Seq)), text(p.say.Instant(e.At)), text(who), act,
			text(p.say.Number(e.Changes))})
	}
	p.table([]column{{title: p.say.T("pack.col.leaf"), width: 15, right: true}, {title: p.say.T("pack.col.instant"), width: 28},
		{title: p.say.T("pack.col.actor"), width: 42}, {title: p.say.T("pack.col.act"), width: 65},
		{title: p.say.T("pack.col.changes"), width: 20, right: true}}, rows)
}

// proof says what stands behind the pack and how to check it without the server.
func (p *paper) proof(c *Contents) {
	if p.wide {
		p.turn(false)
	}
	p.need(110)
	if p.y > p.top() {
		p.y += 4
	}
	p.begins("proof", 80)
	p.paragraph(p.say.T("pack.proof_text"), body)
	p.pairs([][2]string{
		{p.say.T("pack.checkpoint"), p.say.T("pack.checkpoint_size", c.Checkpoint.Size)},
		{p.say.T("pack.origin"), c.Checkpoint.Origin},
		{p.say.T("pack.root"), c.Checkpoint.Root.String()},
	})
	p.fingerprint(p.say.T("pack.fingerprint"), c.Checkpoint.Fingerprint())
	if len(c.Earlier) > 0 {
		before := c.Earlier[0]
		p.paragraph(p.say.T("pack.continues", before.Number, before.Checkpoint.Size), body)
		p.fingerprint(p.say.T("pack.fingerprint_of"), before.Checkpoint.Fingerprint())
	}
	p.paragraph(p.say.T("pack.proof_how"), body)
	p.commands(c)
	p.paragraph(p.say.T("pack.proof_compare"), body)
	p.attested(c)
}
