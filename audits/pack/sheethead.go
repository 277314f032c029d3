package pack

import (
	"time"

	"maillon/documents/rendition/typeface"
	"maillon/qms"
	"maillon/qms/locale"
)

// sheetHead is what the sheet of one record of the programme begins with.
type sheetHead struct {
	Language string
	Title    string // key of the title, which names the number
	Number   string
	Platform string
	Kind     string // under the title; may be empty
	On       qms.Date
	MadeAt   time.Time
	State    string
	Status   string // State in words
	Facts    [][2]string
}

// paper is the first page with the head on it.
func (h sheetHead) paper(total int) *paper {
	say := locale.For(h.Language)
	p := newPaper(say)
	p.total = total
	title := say.T(h.Title, h.Number)
	p.head = [2]string{h.Platform, title}
	p.foot = [2]string{say.T("pack.session.foot", title, say.Date(h.On)), say.T("pack.offer.printed", say.Instant(h.MadeAt))}
	describe(p, title, h.Platform, h.MadeAt)
	p.page()
	p.lines(h.Platform, note)
	p.lines(title, typeface.Of("bold", 16, accent))
	if h.Kind != "" {
		p.lines(h.Kind, typeface.Of("sans", 11, black))
	}
	status := typeface.Of("bold", 9, tone(h.State))
	p.sign(p.left(), p.y+0.8, 2.8, h.State)
	p.At(p.left()+4.2, p.y+status.Lead()*0.76, h.Status, status)
	p.y += status.Lead() + 3
	p.pairs(h.Facts)
	p.y += 3
	return p
}
