package rendition

import (
	"cmp"
	"strings"

	"maillon/documents/rendition/typeface"
)

// Room inside a cell, in millimetres, and how many lines a cell may have.
const (
	padX     = 1.6
	padY     = 1.3
	maxLines = 6
)

// column is one column of a table; share is its part of the width.
type column struct {
	title string
	share float64
	face  typeface.Face
}

// table is a heading, the names of the columns and the rows; all but the rows are repeated on a new page.
type table struct {
	title   string
	columns []column
}

// head prints the heading and the names of the columns.
func (s *sheet) head(t table) {
	f := typeface.Of("bold", 10.5, typeface.Accent)
	s.At(left, s.y+f.Lead()*0.76, t.title, f)
	s.y += f.Lead() + 1
	x := left
	for _, c := range t.columns {
		s.At(x+padX, s.y+3.4, s.Short(c.title, c.share*width-2*padX, headline), headline)
		x += c.share * width
	}
	s.y += 5
	s.Rule(left, s.y, right, typeface.Soft, 0.3)
}

// headHeight is the room that the head takes, with one short row below it.
const headHeight = 18.0

// row prints one line of the table, on a new page with the head repeated when there is no room.
func (s *sheet) row(t table, values []string) {
	cells, high := make([][]string, len(values)), 0.0
	for i, c := range t.columns {
		cells[i] = s.fold(values[i], c.share*width-2*padX, c.face)
		high = max(high, float64(len(cells[i]))*c.face.Lead())
	}
	high += 2 * padY
	if s.y+high > s.limit {
		s.turn()
		s.head(t)
	}
	x := left
	for i, c := range t.columns {
		y := s.y + padY
		for _, l := range cells[i] {
			s.At(x+padX, y+c.face.Lead()*0.76, l, c.face)
			y += c.face.Lead()
		}
		x += c.share * width
	}
	s.y += high
	s.Rule(left, s.y, right, typeface.Line, 0.2)
}

// fold is the text in a few lines at most; what does not fit ends in an ellipsis.
func (s *sheet) fold(value string, wide float64, f typeface.Face) []string {
	lines := s.Wrap(value, wide, f)
	if len(lines) > maxLines {
		lines = append(lines[:maxLines-1], s.Short(strings.Join(lines[maxLines-1:], " "), wide, f))
	}
	return lines
}

// begin prints the head of a table, on a new page when not even one row would fit below it.
func (s *sheet) begin(t table) {
	if s.y+headHeight > s.limit {
		s.turn()
	}
	s.head(t)
}

// people prints who wrote, verified and approved.
func (s *sheet) people() {
	t := table{s.say.T("rendition.people"), []column{
		{s.say.T("rendition.part"), 0.17, strong},
		{s.say.T("rendition.name"), 0.27, text},
		{s.say.T("rendition.meaning"), 0.33, text},
		{s.say.T("rendition.signed"), 0.23, text},
	}}
	s.begin(t)
	for _, p := range s.c.Parts {
		s.row(t, []string{p.Part, p.Name, p.Meaning, cmp.Or(s.signedAt(p), "–")})
	}
	s.y += 6
}

// revisions prints what changed, the newest first, and counts what is too long ago to be listed.
func (s *sheet) revisions() {
	if len(s.c.Revisions) == 0 {
		return
	}
	t := table{s.say.T("rendition.revisions"), []column{
		{s.say.T("rendition.version"), 0.11, strong},
		{s.say.T("rendition.effective"), 0.19, text},
		{s.say.T("rendition.reason"), 0.45, text},
		{s.say.T("rendition.author"), 0.25, text},
	}}
	s.begin(t)
	for _, r := range s.c.Revisions[:min(len(s.c.Revisions), maxRevisions)] {
		effective := s.say.Date(r.EffectiveFrom)
		if effective == "" {
			effective = "–"
		}
		s.row(t, []string{r.Version, effective, r.Reason, r.Author})
	}
	if older := len(s.c.Revisions) - maxRevisions; older > 0 {
		if s.y+6 > s.limit {
			s.turn()
		}
		s.At(left+padX, s.y+4.5, s.say.T("rendition.older", older), label)
		s.y += 6
	}
}

// originHeight is the room at the foot of the first page for the original and the code to scan.
const originHeight = 34.0

// origin prints what the rendition was made of, and where to ask whether it is in force.
func (s *sheet) origin(y float64) {
	s.Rule(left, y, right, typeface.Line, 0.3)
	y += 4
	wide := width
	if s.code(right-28, y, 28) {
		wide -= 34
		at := y + 21
		for _, l := range s.Wrap(s.say.T("rendition.scan"), wide, label) {
			s.At(left, at, l, label)
			at += label.Lead()
		}
		s.At(left, at, s.Short(s.c.Status, wide, label), typeface.Of("sans", 7.5, typeface.Accent))
		s.PDF.LinkString(left, at-3, s.Measure(s.Short(s.c.Status, wide, label), label), 4, s.c.Status)
	}
	o := s.c.Original
	if o.Name == "" && o.SHA256 == "" {
		return
	}
	s.At(left, y+2, s.say.T("rendition.original"), headline)
	name := fileName(o.Name) + "  ·  " + s.say.Size(o.Size)
	s.At(left, y+6.6, s.Short(name, wide, text), text)
	mono := typeface.Of("mono", 7, typeface.Soft)
	digest := typeface.Plain(o.SHA256)
	if len(digest) == 64 {
		s.At(left, y+11, "SHA-256  "+digest[:32], mono)
		s.At(left, y+14.2, "         "+digest[32:], mono)
	} else if digest != "" {
		s.At(left, y+11, s.Short("SHA-256  "+digest, wide, mono), mono)
	}
}
