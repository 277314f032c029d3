package pack

import (
	"io"
	"time"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
	"maillon/qms/locale"
)

// Sheet is a record on paper: what is known of it, then tables. The sheet of a person and the attendance
// list of a training session are of this form. It is plain data, like Contents; the same Sheet gives
// the same bytes.
type Sheet struct {
	Language   string
	Platform   string // its name
	Title      string // what kind of sheet it is
	Name       string // of whom or what
	AsOf       qms.Date
	MadeAt     time.Time
	Checkpoint string // where the trail stood, in words; empty for who may not know
	Facts      [][2]string
	Sections   []LifeSection
	Signed     bool   // lines leave room to sign in the last column
	Note       string // said at the end
}

// PrintSheet writes the sheet as a PDF on A4: heads of tables on every page, page n/N.
func PrintSheet(w io.Writer, s *Sheet) error {
	return settle(w, "sheet", s.compose)
}

func (s *Sheet) compose(total int) *paper {
	say := locale.For(s.Language)
	p := newPaper(say)
	p.total = total
	p.head = [2]string{s.Platform, s.Title + ", " + s.Name}
	p.foot = [2]string{say.T("pack.foot_dates", s.AsOf, s.MadeAt), s.Checkpoint}
	describe(p, s.Title+" "+s.Name, s.Platform, s.MadeAt)
	p.page()
	p.lines(s.Title, note)
	p.lines(s.Name, typeface.Of("bold", 16, accent))
	p.y += 3
	p.pairs(s.Facts)
	p.y += 3
	for _, section := range s.Sections {
		p.section(section, s.Signed)
	}
	if s.Note != "" {
		p.paragraph(s.Note, note)
	}
	return p
}

// blank holds a line open.
const blank = "\u00a0"

// section sets a table under its title; lines that are signed are as high as a signature.
func (p *paper) section(s LifeSection, signed bool) {
	p.subtitle(s.Title, 30)
	if len(s.Lines) == 0 {
		p.empty(s.Empty)
		return
	}
	columns := make([]column, len(s.Columns))
	for i, c := range s.Columns {
		columns[i] = column{c.Title, c.Width, c.Right}
	}
	rows := make([][]cell, len(s.Lines))
	for i, line := range s.Lines {
		for _, c := range line {
			rows[i] = append(rows[i], cell{text: c.Text, state: c.State, strong: c.Strong})
		}
		if signed && len(rows[i]) > 0 {
			rows[i][len(rows[i])-1].lines = []string{blank, blank, blank}
		}
	}
	p.table(columns, rows)
}

// Skills is the skills matrix alone on paper.
type Skills struct {
	Language   string
	Platform   string // its name
	AsOf       qms.Date
	MadeAt     time.Time
	Checkpoint string
	Facts      []string // below the title: the filters
	Matrix     Matrix
}

// PrintSkills writes the matrix as a PDF on sides of A4 turned on their sides.
func PrintSkills(w io.Writer, s *Skills) error {
	return settle(w, "skills matrix", s.compose)
}

func (s *Skills) compose(total int) *paper {
	say := locale.For(s.Language)
	p := newPaper(say)
	p.total, p.wide = total, true
	title := say.T("pack.section.matrix")
	p.head = [2]string{s.Platform, title}
	p.foot = [2]string{say.T("pack.foot_dates", s.AsOf, s.MadeAt), s.Checkpoint}
	describe(p, title+", "+s.Platform, s.Platform, s.MadeAt)
	p.page()
	p.lines(title, typeface.Of("bold", 15, accent))
	p.y += 1.5
	for _, fact := range s.Facts {
		p.paragraph(fact, note)
	}
	p.skills(s.Matrix, s.AsOf)
	return p
}
