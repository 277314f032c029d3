package web

import (
	"fmt"
	"strings"
	"time"

	"maillon/documents"
	"maillon/qms"
)

// DocumentView is one document as of a day.
type DocumentView struct {
	*documents.Sheet
	Form      *Form
	Past      bool
	Round     []RoundStep
	Sign      *ActView // the act that waits for the reader, nil when none does
	Graph     LinkGraph
	Journal   []documents.Written
	Filing    Filing // records filled on it, and its watch
	Late      bool
	Soon      bool
	Renews    bool             // the reader may make a new version
	Recalls   *documents.Entry // what the reader may recall, nil when nothing
	Withdraws *documents.Entry // what the reader may withdraw, nil when nothing
	Gap       bool             // nothing is in force and nothing is under way
	Offers    RoundOffers
	Kit       *documents.KitOrigin // nil for who may not read it
}

// RoundStep is one of the three people of a version in review.
type RoundStep struct {
	Role, Name string
	State      string
	Word       string
	At         time.Time
	Days       int // waited for
}

func (s *Site) document(p *Page) error {
	day, err := p.AsOf()
	if err != nil {
		return err
	}
	sheet, err := s.sheet(p, day)
	if err != nil {
		return err
	}
	if sheet.Process != "" {
		p.Crumb(processName(sheet.ProcessOf), p.To("documents")+"?"+Query("process", sheet.Process))
	}
	data := DocumentView{Sheet: sheet, Form: p.Form(), Past: day != p.Today}
	if data.Journal, err = s.Documents.Journal(p.Context(), sheet); err != nil {
		return err
	}
	if data.Filing, err = s.filing(p, sheet); err != nil {
		return err
	}
	if p.Can(qms.ReadLabel) {
		if data.Kit, err = s.Documents.KitOriginOf(p.Context(), p.Platform.ID, sheet.ID); err != nil {
			return err
		}
	}
	data.fill(p)
	return p.Render("documents_sheet", data)
}

func (v *DocumentView) fill(p *Page) {
	v.Graph = graphOf(p, v.Sheet)
	if f := v.InForce; f != nil && f.ReviewOn != 0 {
		v.Late = f.ReviewOn < v.AsOf
		v.Soon = !v.Late && v.AsOf.DaysUntil(f.ReviewOn) <= documents.SoonDays
	}
	if v.Past {
		return
	}
	v.Gap = v.InForce == nil && v.Open == nil && (v.Current == nil || v.Current.StateThen != documents.Approved)
	v.offer(p)
	if v.Open == nil || v.Open.StateThen != documents.InReview {
		return
	}
	v.Round = roundOf(p, v.Sheet, v.Open)
	if person, meaning := v.Open.Next(); person == p.Actor.ID && p.Can(qms.ApproveDocuments) {
		for _, a := range versionActs {
			if a.name == "verify" && meaning == documents.Verified || a.name == "approve" && meaning == documents.ApprovedBy {
				view := a.view(p, a.prefill(p, v.Open), v.Sheet, v.Open)
				v.Sign = &view
			}
		}
	}
}

// offer tells which acts the reader may do.
func (v *DocumentView) offer(p *Page) {
	v.Offers = offersOf(p, v.Sheet)
	controls := p.Can(qms.ControlDocuments)
	v.Renews = v.Open == nil && p.Can(qms.WriteDocuments)
	if v.Open != nil && v.Open.StateThen == documents.InReview && (controls || v.Open.Author == p.Actor.ID) {
		v.Recalls = v.Open
	}
	switch {
	case !controls:
	case v.InForce != nil:
		v.Withdraws = v.InForce
	case v.Current != nil && (v.Current.StateThen == documents.Approved || v.Current.StateThen == documents.InReview):
		v.Withdraws = v.Current
	}
}

// roundOf is the three visas of a version in review: given, awaited, or to come.
func roundOf(p *Page, s *documents.Sheet, e *documents.Entry) []RoundStep {
	given := map[documents.Meaning]time.Time{documents.Authored: e.SubmittedAt, documents.Verified: e.VerifiedAt}
	next, meaning := e.Next()
	var steps []RoundStep
	for _, step := range []struct {
		role    string
		person  qms.ID
		meaning documents.Meaning
	}{{"author", e.Author, documents.Authored}, {"verifier", e.Verifier, documents.Verified}, {"approver", e.Approver, documents.ApprovedBy}} {
		r := RoundStep{Role: p.T("page.documents." + step.role), Name: s.Names[step.person], State: "todo", Word: p.T("page.documents.to_come")}
		switch {
		case !given[step.meaning].IsZero():
			r.State, r.Word, r.At = "done", p.T("page.documents.signed"), given[step.meaning]
		case step.meaning == meaning:
			r.State, r.Word = "due", p.T("page.documents.awaited")
			if next == p.Actor.ID {
				r.Word = p.T("page.documents.awaited_you")
			}
			since := e.SubmittedAt
			if !e.VerifiedAt.IsZero() {
				since = e.VerifiedAt
			}
			r.Days = p.Day(since).DaysUntil(p.Today)
		}
		steps = append(steps, r)
	}
	return steps
}

// LinkGraph is the document between those that refer to it and those it refers to, as a drawing whose
// facts also stand in a table.
type LinkGraph struct {
	Height int
	Nodes  []GraphNode
	Lines  []GraphLine
	Hidden int // neighbours that are only in the table
}

// GraphNode is one document of the drawing; Y is the top of its box.
type GraphNode struct {
	X, Y                    int
	Code, Title, Href, Full string
	Here                    bool
}

// CodeY and TitleY are the base lines of the two texts.
func (n GraphNode) CodeY() int { return n.Y + 20 }

// TitleY is the base line of the title.
func (n GraphNode) TitleY() int { return n.Y + 37 }

// TextX is where both begin.
func (n GraphNode) TextX() int { return n.X + 12 }

// GraphLine is one arrow; a dashed one leads to what is not in force or not known.
type GraphLine struct {
	D      string
	Dashed bool
}

const (
	graphShown = 7  // neighbours on a side
	graphStep  = 68 // from one box to the next
	boxHeight  = 46
	titleRunes = 25
)

func graphOf(p *Page, s *documents.Sheet) LinkGraph {
	left, right := s.ReferredBy[:min(len(s.ReferredBy), graphShown)], s.Refers[:min(len(s.Refers), graphShown)]
	g := LinkGraph{Hidden: len(s.ReferredBy) + len(s.Refers) - len(left) - len(right)}
	rows := max(len(left), len(right), 1)
	g.Height = rows*graphStep - (graphStep - boxHeight) + 20
	middle := g.Height / 2
	for i, ref := range left {
		n := nodeOf(p, ref, 8, rowTop(i, len(left), middle))
		end := spread(i, len(left), middle)
		g.Nodes = append(g.Nodes, n)
		g.Lines = append(g.Lines, GraphLine{D: curve(208, n.Y+boxHeight/2, 282, end)})
	}
	g.Nodes = append(g.Nodes, GraphNode{X: 284, Y: middle - boxHeight/2, Code: s.Code, Title: shortTitle(s.Title), Full: s.Title, Here: true, Href: p.To("documents", s.Code)})
	for i, ref := range right {
		n := nodeOf(p, ref, 552, rowTop(i, len(right), middle))
		start := spread(i, len(right), middle)
		g.Nodes = append(g.Nodes, n)
		g.Lines = append(g.Lines, GraphLine{D: curve(484, start, 550, n.Y+boxHeight/2), Dashed: ref.Problem != documents.Sound})
	}
	return g
}

// rowTop is the top of box i of n that stand evenly round the middle.
func rowTop(i, n, middle int) int { return middle + (2*i-n+1)*graphStep/2 - boxHeight/2 }

// spread is where line i of n meets the box in the middle.
func spread(i, n, middle int) int { return middle + (2*i-n+1)*3 }

func curve(x1, y1, x2, y2 int) string {
	bend := (x2 - x1) / 2
	return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+bend, y1, x2-bend, y2, x2, y2)
}

func nodeOf(p *Page, ref documents.Reference, x, y int) GraphNode {
	n := GraphNode{X: x, Y: y, Code: ref.Code, Title: p.T("page.documents.unknown_code")}
	if ref.Other != nil {
		n.Code, n.Title, n.Full = ref.Other.Code, shortTitle(ref.Other.Title), ref.Other.Title
		n.Href = p.To("documents", ref.Other.Code)
		if ref.Problem == documents.Obsolete {
			n.Title = p.T("state." + string(ref.State))
		}
	}
	return n
}

func shortTitle(title string) string {
	runes := []rune(title)
	if len(runes) <= titleRunes {
		return title
	}
	return strings.TrimRight(string(runes[:titleRunes-1]), " ,;:") + "…"
}
