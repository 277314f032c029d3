package pack

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
	"maillon/qms/locale"
)

// ExerciseReport is the report of a concluded exercise. It is plain data, like Contents; the same
// report gives the same bytes.
type ExerciseReport struct {
	Language       string
	Platform       string // its name
	PlatformCode   string
	Number         string
	Practice       bool
	Kind           string // prestation or mise-a-disposition
	Direction      string // upstream or downstream
	Chosen         bool   // the items were named, not drawn
	From, To, AsOf qms.Date
	Seed           string
	StrataBy       string
	Strata         []ReportStratum
	Population     int64
	Digest         string // of the population
	Evaluators     []string
	StartedAt      time.Time
	ConcludedAt    time.Time
	Seconds        int64
	Found          int64
	Expected       int64
	Verdict        string
	Remark         string
	Signatory      string // empty for one of before signatures
	Signed         string // SHA-256 of what was signed
	SignedZone     string // where the site was; empty where nobody noted it
	Shell          string // draws the items again
	Items          []ReportItem
}

// ReportStratum is one stratum of the draw.
type ReportStratum struct {
	Name        string
	Size, Drawn int64
	Digest      string
}

// ReportItem is one item with its answers.
type ReportItem struct {
	Number    string
	Digest    string // that gave it its rank
	Stratum   string
	Label     string
	Seconds   int64
	Cut       bool   // a stretch of the clock was too long and was cut
	ClockNote string // why the clock was corrected
	Links     []ReportLink
	Files     []ReportFile
}

// ReportLink is one expected link and how it was answered.
type ReportLink struct {
	Link, Target     string
	Proposal, Answer string
	Checks           []string
	Note             string
	By               string
	At               time.Time
}

// ReportFile is a file that was added to an item.
type ReportFile struct {
	Name   string
	Size   int64
	SHA256 string
}

// PrintExercise writes the report as a PDF.
func PrintExercise(w io.Writer, r *ExerciseReport) error {
	total := 0
	for range 3 { // the first time to count the pages
		p := r.compose(total)
		if err := p.PDF.Error(); err != nil {
			return fmt.Errorf("print exercise: %w", err)
		}
		if total != p.PDF.PageNo() {
			total = p.PDF.PageNo()
			continue
		}
		var out bytes.Buffer
		if err := p.PDF.Output(&out); err != nil {
			return fmt.Errorf("print exercise: %w", err)
		}
		_, err := w.Write(countChildren(out.Bytes(), p.done))
		return err
	}
	return fmt.Errorf("print exercise: %d pages do not settle", total)
}

func (r *ExerciseReport) compose(total int) *paper {
	p := newPaper(locale.For(r.Language))
	p.total = total
	title := p.say.T("report.exercise.title_" + r.Direction)
	p.head = [2]string{r.Platform, title + " " + r.Number}
	p.foot = [2]string{p.say.T("report.exercise.foot", r.AsOf, r.ConcludedAt), ""}
	if r.Practice {
		p.foot[1] = p.say.T("report.exercise.practice")
	} else if r.Signed != "" {
		p.foot[1] = p.say.T("report.exercise.foot_signed", r.Signed)
	}
	p.PDF.SetTitle(typeface.Plain(title+" "+r.Number+", "+r.Platform), true)
	p.PDF.SetSubject(typeface.Plain(p.say.T("pack.as_of_long", p.say.LongDate(r.AsOf))), true)
	p.PDF.SetAuthor(typeface.Plain(r.Platform), true)
	p.PDF.SetCreator("Maillon", true)
	p.PDF.SetProducer("Maillon", true)
	p.PDF.SetCreationDate(r.ConcludedAt.UTC())
	p.PDF.SetModificationDate(r.ConcludedAt.UTC())
	p.reportCover(r, title)
	p.reportFindings(r)
	p.reportItems(r)
	p.reportFiles(r)
	p.reportDraw(r)
	return p
}

// reportCover is the page that is signed.
func (p *paper) reportCover(r *ExerciseReport, title string) {
	p.bare = true
	p.page()
	p.bare = false
	p.logo(p.left()-1, 26, 16)
	p.At(p.left()+18, 36.5, "Maillon", typeface.Of("bold", 15, accent))
	p.FlushRight(p.right(), 36.5, r.Number, typeface.Of("bold", 11, soft))
	p.Rule(p.left(), 46, p.right(), accent, 0.6)
	p.y = 56
	p.lines(title, typeface.Of("bold", 24, black))
	p.y += 1
	p.lines(p.Short(r.Platform, 2.5*p.width(), typeface.Of("sans", 16, accent)), typeface.Of("sans", 16, accent))
	p.At(p.left(), p.y+4, r.PlatformCode, typeface.Of("bold", 10, soft))
	p.y += 9
	if r.Practice {
		p.lines(p.say.T("report.exercise.practice"), typeface.Of("bold", 11, warn))
	}
	p.y += 3
	p.verdict(r)
	p.pairs(r.facts(p.say))
	p.y += 5
	p.signature(r)
}

// verdict prints how the exercise ended, with the figures.
func (p *paper) verdict(r *ExerciseReport) {
	const height = 17.0
	p.Fill(p.left(), p.y, p.width(), height, sunken)
	p.sign(p.left()+5, p.y+6, 5, r.Verdict)
	p.At(p.left()+13, p.y+10.4, p.word(r.Verdict), typeface.Of("bold", 15, tone(r.Verdict)))
	p.FlushRight(p.right()-5, p.y+8, p.say.T("report.exercise.score", r.Found, r.Expected), typeface.Of("bold", 11, black))
	p.FlushRight(p.right()-5, p.y+13, p.say.T("report.exercise.time", len(r.Items), p.say.Duration(seconds(r.Seconds))), note)
	p.y += height + 4
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// facts are what was examined, and how it was drawn.
func (r *ExerciseReport) facts(say *locale.Printer) [][2]string {
	from, to := r.From, r.To
	if to == 0 {
		to = r.AsOf
	}
	period := say.T("report.exercise.until", say.LongDate(to))
	if from != 0 {
		period = say.T("report.exercise.from_until", say.LongDate(from), say.LongDate(to))
	}
	draw := say.T("report.exercise.drawn", len(r.Items), r.Population)
	if r.Chosen {
		draw = say.T("report.exercise.chosen", len(r.Items), r.Population)
	}
	facts := [][2]string{
		{say.T("report.exercise.kind"), say.T("pack.kind."+r.Kind) + ", " + say.T("pack.direction."+r.Direction)},
		{say.T("report.exercise.period"), period},
		{say.T("report.exercise.as_of"), say.LongDate(r.AsOf)},
		{say.T("report.exercise.draw"), draw},
	}
	if !r.Chosen {
		facts = append(facts, [2]string{say.T("report.exercise.seed"), r.Seed})
	}
	facts = append(facts, [2]string{say.T("report.exercise.digest"), r.Digest})
	if r.StrataBy != "" {
		facts = append(facts, [2]string{say.T("report.exercise.strata"), r.strata(say)})
	}
	return append(facts,
		[2]string{say.T("report.exercise.evaluators"), orDash(strings.Join(r.Evaluators, ", "))},
		[2]string{say.T("report.exercise.dates"), say.T("report.exercise.started_concluded", say.FullInstant(r.StartedAt), say.FullInstant(r.ConcludedAt))},
		[2]string{say.T("report.exercise.remark"), orDash(r.Remark)})
}

func (r *ExerciseReport) strata(say *locale.Printer) string {
	parts := make([]string, 0, len(r.Strata))
	for _, s := range r.Strata[:min(6, len(r.Strata))] {
		parts = append(parts, say.T("report.exercise.stratum", stratumName(say, s.Name), s.Drawn, s.Size))
	}
	if len(r.Strata) > 6 {
		parts = append(parts, "…")
	}
	return strings.Join(parts, "; ")
}

// stratumName says a stratum in words: "2025 academic" is a year and a client's status.
func stratumName(say *locale.Printer, name string) string {
	words := strings.SplitN(name, " ", 2)
	for i, w := range words {
		switch key := "client_status." + w; {
		case w == "-":
			words[i] = say.T("report.exercise.unstated")
		case say.Has(key):
			words[i] = say.T(key)
		}
	}
	return strings.Join(words, ", ")
}

// signature states who signed, when, with which meaning, and what the signature covers.
func (p *paper) signature(r *ExerciseReport) {
	const height = 24.0
	p.need(height)
	p.PDF.SetDrawColor(soft[0], soft[1], soft[2])
	p.PDF.SetLineWidth(0.25)
	p.PDF.Rect(p.left(), p.y, p.width(), height, "D")
	x, y := p.left()+4, p.y+6
	if r.Signatory == "" {
		p.At(x, y, p.say.T("report.exercise.unsigned"), strong)
		p.y += height
		return
	}
	p.At(x, y, p.say.T("report.exercise.signed", r.Signatory), typeface.Of("bold", 10.5, black))
	p.At(x, y+5, p.say.T("report.exercise.meaning", p.say.SignedAt(r.ConcludedAt, r.SignedZone)), note)
	p.At(x, y+10, p.say.T("report.exercise.covers"), note)
	p.At(x, y+14.6, r.Signed, typeface.Of("mono", 8, black))
	p.y += height
}

// reportFindings lists what was not found.
func (p *paper) reportFindings(r *ExerciseReport) {
	p.page()
	p.heading(0, p.numbered(1, "report.exercise.findings"), 30)
	var rows [][]cell
	for _, i := range r.Items {
		for _, l := range i.Links {
			if l.Answer != "found" && l.Answer != "not-applicable" {
				rows = append(rows, []cell{bold(i.Number), {text: p.say.T("link." + l.Link), below: l.Target}, p.answer(l.Answer), p.noted(l)})
			}
		}
	}
	if len(rows) == 0 {
		p.empty(p.say.T("report.exercise.no_findings"))
		return
	}
	p.table([]column{{title: p.say.T("report.exercise.item"), width: 34}, {title: p.say.T("report.exercise.link"), width: 50},
		{title: p.say.T("report.exercise.answer"), width: 26}, {title: p.say.T("report.exercise.note"), width: 60}}, rows)
}

// answer is an answer in words; none counts as missing.
func (p *paper) answer(a string) cell {
	if a == "" {
		return cell{text: p.say.T("report.exercise.unanswered"), state: "missing"}
	}
	return p.state(a)
}

// noted is the note of the evaluator, and the checks behind the proposal.
func (p *paper) noted(l ReportLink) cell {
	c := cell{text: l.Note}
	for _, check := range l.Checks {
		c.lines = append(c.lines, p.say.T("pack.check_line", check, p.say.T("check."+check+".title")))
	}
	if l.By != "" {
		c.below = p.say.T("report.exercise.by", l.By, l.At)
	}
	return c
}

// reportItems prints every item with its links.
func (p *paper) reportItems(r *ExerciseReport) {
	p.y += 4
	p.heading(0, p.numbered(2, "report.exercise.items"), 50)
	for n, i := range r.Items {
		title := strconv.Itoa(n+1) + ". " + i.Number
		if i.Label != "" {
			title += ", " + i.Label
		}
		p.subtitle(title, 30)
		time := p.say.T("report.exercise.item_time", p.say.Duration(seconds(i.Seconds)))
		if i.Cut {
			time += " " + p.say.T("report.exercise.cut")
		}
		if i.ClockNote != "" {
			time += " " + p.say.T("report.exercise.corrected", i.ClockNote)
		}
		p.paragraph(time, note)
		rows := make([][]cell, 0, len(i.Links))
		for _, l := range i.Links {
			rows = append(rows, []cell{{text: p.say.T("link." + l.Link), below: l.Target}, p.state(l.Proposal), p.answer(l.Answer), p.noted(l)})
		}
		p.table([]column{{title: p.say.T("report.exercise.link"), width: 52}, {title: p.say.T("report.exercise.proposal"), width: 25},
			{title: p.say.T("report.exercise.answer"), width: 25}, {title: p.say.T("report.exercise.note"), width: 68}}, rows)
	}
}

// reportFiles lists the files with their digests.
func (p *paper) reportFiles(r *ExerciseReport) {
	var rows [][]cell
	for _, i := range r.Items {
		for _, f := range i.Files {
			rows = append(rows, []cell{bold(i.Number), {text: f.Name, below: p.say.Size(f.Size)}, {text: f.SHA256}})
		}
	}
	p.y += 4
	p.heading(0, p.numbered(3, "report.exercise.files"), 30)
	if len(rows) == 0 {
		p.empty(p.say.T("report.exercise.no_files"))
		return
	}
	p.table([]column{{title: p.say.T("report.exercise.item"), width: 34}, {title: p.say.T("report.exercise.file"), width: 42}, {title: "SHA-256", width: 98}}, rows)
}

// reportDraw says how to draw the same items again.
func (p *paper) reportDraw(r *ExerciseReport) {
	p.y += 4
	p.heading(0, p.numbered(4, "report.exercise.draw_again"), 50)
	if r.Chosen {
		p.paragraph(p.say.T("report.exercise.chosen_text"), body)
	} else {
		p.paragraph(p.say.T("report.exercise.draw_text"), body)
		p.shell(r.Shell)
	}
	if len(r.Strata) > 0 {
		p.paragraph(p.say.T("report.exercise.strata_text"), body)
		rows := make([][]cell, 0, len(r.Strata))
		for _, s := range r.Strata {
			rows = append(rows, []cell{bold(stratumName(p.say, s.Name)), text(p.say.Number(s.Size)), text(p.say.Number(s.Drawn)), text(s.Digest)})
		}
		p.table([]column{{title: p.say.T("report.exercise.stratum_head"), width: 30}, {title: p.say.T("report.exercise.population"), width: 22, right: true},
			{title: p.say.T("report.exercise.drawn_head"), width: 18, right: true}, {title: p.say.T("report.exercise.digest"), width: 104}}, rows)
	}
	rows := make([][]cell, 0, len(r.Items))
	for n, i := range r.Items {
		rows = append(rows, []cell{text(strconv.Itoa(n + 1)), bold(i.Number), text(orDash(stratumName(p.say, i.Stratum))), text(orDash(i.Digest))})
	}
	p.table([]column{{title: p.say.T("pack.col.rank"), width: 12}, {title: p.say.T("report.exercise.item"), width: 32},
		{title: p.say.T("report.exercise.stratum_head"), width: 26}, {title: p.say.T("report.exercise.rank_digest"), width: 100}}, rows)
}

// shell prints lines as they are typed, each wrapped where it must be.
func (p *paper) shell(lines string) {
	f := typeface.Of("mono", 7.5, black)
	for l := range strings.Lines(lines) {
		text := strings.TrimRight(l, "\n")
		inset := float64(len(text)-len(strings.TrimLeft(text, " "))) * 1.6
		for _, part := range p.Wrap(strings.TrimLeft(text, " "), p.width()-8-inset, f) {
			p.need(f.Lead())
			p.Fill(p.left(), p.y, p.width(), f.Lead()+0.1, sunken)
			p.At(p.left()+4+inset, p.y+f.Lead()*0.76, part, f)
			p.y += f.Lead()
		}
	}
	p.y += 4
}
