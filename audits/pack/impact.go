package pack

import (
	"io"
	"time"

	"maillon/documents/rendition/typeface"
	"maillon/qms/locale"
)

// Impact is the report of an impact dossier: the cause, the window with its reason, what was decided for
// each line, and the conclusion. It is plain data in the reader's words; the same Impact gives the same
// bytes.
type Impact struct {
	Language   string
	Platform   string // its name
	Number     string
	Title      string // the cause
	State      string // the shape of how it stands
	StateWord  string
	Facts      [][2]string // names and values: window, who opened it, what was frozen
	Tallies    []ImpactTally
	Parts      []ImpactPart
	Conclusion string // empty while it is not concluded
	Concluded  string // by whom and when, in words
	Files      [][2]string
	MadeAt     time.Time
	Foot       string // the digest of the list
}

// ImpactTally counts the lines of one kind with one decision.
type ImpactTally struct {
	Kind, State, Word string
	Count             int64
}

// ImpactPart is the lines of one kind.
type ImpactPart struct {
	Title string
	Lines []ImpactLine
}

// ImpactLine is one report, use or training, or a lot of them.
type ImpactLine struct {
	Position      int64
	Number        string
	Chain         string // or project
	Who           string
	Day           string
	State         string // the shape of the decision
	Decision      string
	Note          string
	By            string // who decided and when
	AppearedSince string // in words; empty for a line frozen when the dossier was opened
}

// PrintImpact writes the report as a PDF on A4.
func PrintImpact(w io.Writer, i *Impact) error {
	return settle(w, "impact", i.compose)
}

func (i *Impact) compose(total int) *paper {
	say := locale.For(i.Language)
	p := newPaper(say)
	p.total = total
	p.head = [2]string{i.Platform, say.T("pack.impact.title", i.Number)}
	p.foot = [2]string{say.T("pack.impact.made", i.MadeAt), i.Foot}
	describe(p, say.T("pack.impact.title", i.Number), i.Platform, i.MadeAt)
	p.PDF.SetSubject(typeface.Plain(i.Title), true)
	p.page()
	p.impactHead(i)
	p.impactTallies(i)
	for _, part := range i.Parts {
		p.impactPart(part)
	}
	p.impactFiles(i)
	p.impactConclusion(i)
	return p
}

func (p *paper) impactHead(i *Impact) {
	p.lines(p.say.T("pack.impact.title", i.Number), typeface.Of("bold", 15, accent))
	p.y++
	p.lines(i.Title, typeface.Of("bold", 11, black))
	p.y += 1.5
	p.sign(p.left(), p.y+0.9, 3, i.State)
	p.At(p.left()+4.6, p.y+3.4, i.StateWord, typeface.Of("bold", 9, tone(i.State)))
	p.y += 8
	p.pairs(i.Facts)
	p.y += 4
}

func (p *paper) impactTallies(i *Impact) {
	if len(i.Tallies) == 0 {
		p.empty(p.say.T("page.impact.nothing_touched"))
		return
	}
	rows := make([][]cell, 0, len(i.Tallies))
	for _, t := range i.Tallies {
		rows = append(rows, []cell{text(t.Kind), {text: t.Word, state: t.State}, text(p.say.Number(t.Count))})
	}
	p.heading(1, p.say.T("page.impact.decisions"), 30)
	p.table([]column{{title: p.say.T("page.impact.touched"), width: 40}, {title: p.say.T("page.impact.decision"), width: 60},
		{title: p.say.T("pack.impact.count"), width: 20, right: true}}, rows)
}

func (p *paper) impactPart(part ImpactPart) {
	if len(part.Lines) == 0 {
		return
	}
	rows := make([][]cell, 0, len(part.Lines))
	for _, l := range part.Lines {
		rows = append(rows, []cell{{text: l.Number, strong: true, below: l.Chain}, {text: l.Who, below: l.AppearedSince}, text(l.Day),
			{text: l.Decision, state: l.State, lines: filled(l.Note)}, text(l.By)})
	}
	p.heading(1, part.Title, 30)
	p.table([]column{{title: p.say.T("page.impact.record"), width: 32}, {title: p.say.T("page.impact.who"), width: 36},
		{title: p.say.T("page.impact.date"), width: 22}, {title: p.say.T("page.impact.decision"), width: 54},
		{title: p.say.T("page.impact.decided_by"), width: 26}}, rows)
}

// filled is the text as a paragraph, or none.
func filled(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (p *paper) impactFiles(i *Impact) {
	if len(i.Files) == 0 {
		return
	}
	rows := make([][]cell, 0, len(i.Files))
	for _, f := range i.Files {
		rows = append(rows, []cell{text(f[0]), {below: f[1]}})
	}
	p.heading(1, p.say.T("page.impact.files"), 24)
	p.table([]column{{title: p.say.T("pack.impact.file"), width: 60}, {title: "SHA-256", width: 100}}, rows)
}

func (p *paper) impactConclusion(i *Impact) {
	p.heading(1, p.say.T("page.impact.conclusion"), 24)
	if i.Conclusion == "" {
		p.empty(p.say.T("pack.impact.not_concluded"))
		return
	}
	p.paragraph(i.Conclusion, body)
	p.paragraph(i.Concluded, note)
}
