package pack

import (
	"io"
	"time"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
	"maillon/qms/locale"
)

// LifeSheet is the life of a piece of equipment (fiche de vie) on paper. It is plain data, like
// Contents; the same LifeSheet gives the same bytes.
type LifeSheet struct {
	Language   string
	Platform   string // its name
	Code, Name string
	AsOf       qms.Date
	MadeAt     time.Time
	Checkpoint string // where the trail stood, in words; empty for who may not know
	Address    string // of its page, as a QR code
	State      string // whose shape stands before Status
	Status     string
	Facts      [][2]string // what is known of it, by name
	Sections   []LifeSection
}

// LifeSection is one part of the sheet: a table, or a sentence where there is nothing.
type LifeSection struct {
	Title   string
	Columns []ListColumn
	Lines   [][]ListCell
	Empty   string
}

// PrintLifeSheet writes the sheet as a PDF on A4: heads of tables on every page, page n/N.
func PrintLifeSheet(w io.Writer, l *LifeSheet) error {
	return settle(w, "life sheet", l.compose)
}

func (l *LifeSheet) compose(total int) *paper {
	say := locale.For(l.Language)
	p := newPaper(say)
	p.total = total
	title := say.T("pack.life.title")
	p.head = [2]string{l.Platform, title + ", " + l.Code}
	p.foot = [2]string{say.T("pack.foot_dates", l.AsOf, l.MadeAt), l.Checkpoint}
	describe(p, title+" "+l.Code, l.Platform, l.MadeAt)
	p.page()
	p.lifeHead(l, title)
	for _, s := range l.Sections {
		p.section(s, false)
	}
	return p
}

// lifeHead sets the name of the equipment, how it stands, and what is known of it beside its code.
func (p *paper) lifeHead(l *LifeSheet, title string) {
	const side = 26.0
	top, width := p.y, p.width()
	if p.Code(l.Address, p.right()-side, p.y-1, side) {
		width -= side + 4
	}
	set := func(text string, f face) {
		for _, line := range p.Wrap(text, width, f) {
			p.At(p.left(), p.y+f.Lead()*0.76, line, f)
			p.y += f.Lead()
		}
	}
	set(title, note)
	set(l.Code, typeface.Of("bold", 17, accent))
	set(l.Name, typeface.Of("bold", 11, black))
	p.y += 2
	status := typeface.Of("bold", 9, tone(l.State))
	p.sign(p.left(), p.y+0.8, 2.8, l.State)
	p.At(p.left()+4.2, p.y+status.Lead()*0.76, p.say.T("pack.life.as_of", l.Status, p.say.LongDate(l.AsOf)), status)
	p.y = max(p.y+status.Lead()+3, top+side+1)
	p.pairs(l.Facts)
	p.y += 3
}
