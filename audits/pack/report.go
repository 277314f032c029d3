package pack

import (
	"io"
	"time"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
	"maillon/qms/locale"
)

// ReportCover is the cover page of the report of an analysis: what was asked, what was done with what,
// by whom and by which instruction, and who released it (ISO 9001, 8.5.2 and 8.6). It is plain data, and
// the same ReportCover gives the same bytes.
type ReportCover struct {
	Language     string
	Platform     string // its name
	Number       string
	Date         qms.Date
	Request      string // number
	RequestedOn  qms.Date
	Subject      string
	Client       string
	ClientStatus string // in words
	Quotes       []string
	AnalysedOn   qms.Date
	Operator     string
	Trained      bool   // the operator was validly trained on the equipment that day
	Equipment    string // code, name, serial number
	Calibrates   bool   // the equipment is under calibration
	Calibrated   bool
	Calibration  string // of that day, in words
	Instruction  string // code
	Version      string
	InForce      bool
	DataPlace    string
	ReleasedBy   string // empty while it is not released
	ReleasedOn   qms.Date
	Void         string // why the report does not count
	Files        []CoverFile
	MadeAt       time.Time
	Checkpoint   string // where the trail stood, in words; empty for who may not know
}

// CoverFile is one evidence file of the report or of its chain.
type CoverFile struct {
	Of     string // number of the record that it proves
	Name   string
	Size   int64 // bytes
	SHA256 string
}

// PrintReportCover writes the cover as a PDF on A4, page n/N.
func PrintReportCover(w io.Writer, c *ReportCover) error {
	return settle(w, "cover", c.compose)
}

func (c *ReportCover) compose(total int) *paper {
	say := locale.For(c.Language)
	p := newPaper(say)
	p.total = total
	title := say.T("pack.cover.title")
	p.head = [2]string{c.Platform, title + " " + c.Number}
	p.foot = [2]string{say.T("pack.cover.printed", say.FullInstant(c.MadeAt)), c.Checkpoint}
	describe(p, title+" "+c.Number, c.Platform, c.MadeAt)
	p.page()
	p.y += 6
	p.lines(title, typeface.Of("bold", 24, black))
	p.lines(c.Number, typeface.Of("bold", 13, accent))
	p.y += 2
	p.lines(c.Subject, typeface.Of("sans", 13, black))
	p.y += 5
	if c.Void != "" {
		p.paragraph(say.T("pack.cover.void", c.Void), typeface.Of("bold", 10, bad))
	}
	p.coverPairs(c)
	p.coverFiles(c.Files)
	return p
}

// coverPairs are the facts of the report under their headings.
func (p *paper) coverPairs(c *ReportCover) {
	say := p.say
	p.heading(1, say.T("pack.cover.service"), 30)
	p.pairs(stated([][2]string{
		{say.T("pack.cover.client"), joined(c.Client, c.ClientStatus)},
		{say.T("pack.cover.request"), joined(c.Request, say.LongDate(c.RequestedOn))},
		{say.T("pack.cover.quote"), joined(c.Quotes...)},
		{say.T("pack.cover.date"), say.LongDate(c.Date)},
	}))
	p.heading(1, say.T("pack.cover.analysis"), 30)
	calibration := say.T("pack.cover.not_calibrated")
	if c.Calibrates {
		calibration = joined(p.heldThen(c.Calibrated, "pack.cover.calibration"), c.Calibration)
	}
	p.pairs(stated([][2]string{
		{say.T("pack.cover.analysed_on"), say.LongDate(c.AnalysedOn)},
		{say.T("pack.cover.operator"), joined(c.Operator, p.heldThen(c.Trained, "pack.cover.training"))},
		{say.T("pack.cover.equipment"), c.Equipment},
		{say.T("pack.cover.calibrated"), calibration},
		{say.T("pack.cover.instruction"), joined(say.T("pack.cover.version", c.Instruction, c.Version), p.heldThen(c.InForce, "pack.cover.instruction"))},
		{say.T("pack.cover.data"), c.DataPlace},
	}))
	p.heading(1, say.T("pack.cover.release"), 20)
	if c.ReleasedBy == "" {
		p.paragraph(say.T("pack.cover.not_released"), typeface.Of("bold", 9, warn))
		return
	}
	p.pairs(stated([][2]string{{say.T("pack.cover.released_by"), joined(c.ReleasedBy, say.LongDate(c.ReleasedOn))}}))
}

// heldThen says whether something held on the day of analysis.
func (p *paper) heldThen(held bool, key string) string {
	if held {
		return p.say.T(key + "_held")
	}
	return p.say.T(key + "_not")
}

// stated leaves out what nobody stated.
func stated(pairs [][2]string) (kept [][2]string) {
	for _, pair := range pairs {
		if pair[1] != "" {
			kept = append(kept, pair)
		}
	}
	return kept
}

func joined(parts ...string) (all string) {
	for _, part := range parts {
		if part != "" && all != "" {
			all += ", "
		}
		all += part
	}
	return all
}

func (p *paper) coverFiles(files []CoverFile) {
	p.heading(1, p.say.T("pack.cover.files"), 30)
	if len(files) == 0 {
		p.empty(p.say.T("pack.cover.no_files"))
		return
	}
	rows := make([][]cell, len(files))
	for i, f := range files {
		rows[i] = []cell{bold(f.Of), {text: f.Name, below: f.SHA256}, text(p.say.Size(f.Size))}
	}
	p.table([]column{{title: p.say.T("pack.cover.of"), width: 32}, {title: p.say.T("pack.cover.file"), width: 116},
		{title: p.say.T("pack.cover.size"), width: 22, right: true}}, rows)
	p.paragraph(p.say.T("pack.cover.files_text"), note)
}
