package web

import (
	"mime"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/trace"
)

// sheetPage is a sampled exercise with one of its items in hand.
type sheetPage struct {
	*audits.Sheet
	Item    *audits.SheetItem // nil when nothing could be drawn
	Next    *audits.SheetItem // whose clock starts when this one is saved; nil for none
	Done    int               // items whose links are all answered
	Form    *Form
	Answers []Option
	Judges  bool // the reader is an evaluator, and the exercise is not over
	Joins   bool // the reader could be one
	Percent string
	now     time.Time
}

// Clock is what the clock of an item shows.
func (v sheetPage) Clock(i audits.SheetItem) time.Duration {
	return time.Duration(i.SecondsAt(v.now)) * time.Second
}

// Ticking is the seconds on the clock of the item in hand.
func (v sheetPage) Ticking() int64 { return v.Item.SecondsAt(v.now) }

// Whole is the time of all items together.
func (v sheetPage) Whole() time.Duration { return time.Duration(v.Seconds(v.now)) * time.Second }

// ItemState is how far an item is.
func (v sheetPage) ItemState(i audits.SheetItem) string {
	switch {
	case i.Ticks():
		return "running"
	case !i.Answered():
		return "todo"
	case i.Gaps() > 0:
		return "remarks"
	}
	return "done"
}

// sheetOf reads the exercise of the path; a full one has no sheet.
func (s *Site) sheetOf(p *Page) (*audits.Sheet, error) {
	sheet, err := s.Audits.Sheet(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return nil, err
	}
	if sheet.Exercise.Scope == audits.FullScope {
		return nil, qms.NotFound("exercise.not_found", sheet.Exercise.Number)
	}
	return sheet, nil
}

func (s *Site) showExercise(p *Page) error {
	sheet, err := s.Audits.Sheet(p.Context(), p.Platform.ID, p.number("number"))
	if err != nil {
		return err
	}
	p.openExercise(sheet.Exercise)
	if sheet.Exercise.Scope == audits.FullScope {
		return s.showFull(p, sheet.Exercise)
	}
	return p.Render("exercises_sheet", s.sheetPage(p, sheet, p.Form()))
}

func (p *Page) openExercise(e audits.Exercise) {
	p.Title, p.Wide = e.Number, true
	p.Crumb(p.T("page.exercises.title"), p.To("exercises"))
}

// under is the page of an act on an exercise.
func (p *Page) under(e audits.Exercise, title string) {
	p.Title = title
	p.Crumb(p.T("page.exercises.title"), p.To("exercises"))
	p.Crumb(e.Number, p.To("exercises", e.Number))
}

// sheetPage takes the item that the query names, else the first that is not answered.
func (s *Site) sheetPage(p *Page, sheet *audits.Sheet, f *Form) *sheetPage {
	e := sheet.Exercise
	page := &sheetPage{Sheet: sheet, Form: f, Percent: p.Percent(int(sheet.Score().Percent()), 100), now: s.Clock(),
		Answers: p.options("state.", audits.Found, audits.Missing, audits.Incoherent, audits.NotApplicable)}
	right := qms.EvaluatePlatform
	if e.Practice {
		right = qms.RunExercises
	}
	page.Joins = p.Can(right) && e.State != audits.Concluded
	page.Judges = page.Joins && sheet.Judges(p.Actor.ID)
	asked, _ := strconv.Atoi(p.Query("item"))
	for i := range sheet.Items {
		item := &sheet.Items[i]
		if item.Answered() {
			page.Done++
		} else if page.Item == nil && asked == 0 && (item.Assigned == "" || item.Assigned == p.Actor.ID) {
			page.Item = item
		}
		if item.Position == int64(asked) {
			page.Item = item
		}
	}
	if page.Item == nil && len(sheet.Items) > 0 {
		page.Item = &sheet.Items[0]
	}
	for i := range sheet.Items {
		next := &sheet.Items[i]
		if page.Item != nil && next.ID != page.Item.ID && !next.Answered() && !next.Ticks() && (next.Assigned == "" || next.Assigned == p.Actor.ID) &&
			(page.Next == nil || page.Next.Position < page.Item.Position && next.Position > page.Item.Position) {
			page.Next = next
		}
	}
	return page
}

// answerExercise keeps the answers on one item. Of its buttons "accept" takes every proposal as it is,
// "start" and "stop" are of the clock, and saving goes on to the next item.
func (s *Site) answerExercise(p *Page) error {
	sheet, err := s.sheetOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	page := s.sheetPage(p, sheet, f)
	if page.Item == nil {
		return qms.NotFound("exercise.item_not_found")
	}
	act := f.Text("act")
	cmd := page.decision(p, f, act)
	if err = f.Err(); err == nil {
		_, err = s.Audits.Decide(p.Context(), cmd)
	}
	if err == nil && act == "start" {
		_, err = s.Audits.StartClock(p.Context(), audits.Clock{Platform: p.Platform.ID, Exercise: cmd.Exercise, Item: cmd.Item})
	}
	if err != nil {
		p.openExercise(sheet.Exercise)
		return p.Again("exercises_sheet", f, err, page)
	}
	to := p.To("exercises", cmd.Exercise)
	switch {
	case act == "start":
		return p.Done(to+"?"+Query("item", text(page.Item.Position)), "page.exercises.clock_started", page.Item.Number)
	case act == "stop":
		return p.Done(to+"?"+Query("item", text(page.Item.Position)), "page.exercises.clock_stopped", page.Item.Number)
	case page.Next != nil:
		to += "?" + Query("item", text(page.Next.Position))
	}
	return p.Done(to, "page.exercises.answered", page.Item.Number)
}

func (v *sheetPage) decision(p *Page, f *Form, act string) audits.Decide {
	cmd := audits.Decide{Platform: p.Platform.ID, Exercise: v.Exercise.Number, Item: v.Item.ID, Revision: int64(f.Int("revision"))}
	mine := v.Item.Ticks() && v.Item.RunningBy == p.Actor.ID
	cmd.Stop = act == "stop" || act != "start" && mine
	for _, l := range v.Item.Links {
		answer := audits.Answer(f.Text("answer-" + l.ID.String()))
		if act == "accept" {
			answer = l.Proposal
		}
		if answer != "" {
			cmd.Decisions = append(cmd.Decisions, audits.Decision{Link: l.ID, Answer: answer, Note: f.Text("note-" + l.ID.String())})
		}
	}
	if mine && act != "start" && act != "stop" && v.Next != nil {
		cmd.Next = v.Next.ID
	}
	return cmd
}

// Behind is where the records at the end of a link are.
func (p *Page) Behind(l audits.ExerciseLink) []Option {
	var to []Option
	add := func(label string, parts ...any) { to = append(to, Option{p.To(parts...), label}) }
	words := strings.Fields(l.Target)
	switch {
	case l.Proposal == audits.Missing: // what is stated there does not exist
	case len(words) == 0:
	case l.Link == "request" || l.Link == "quote" || l.Link == "report" || l.Link == "invoice":
		for _, number := range words {
			add(number, "services", number)
		}
	case l.Link == "equipment" || l.Link == "calibration":
		add(l.Target, "equipment", l.Target)
	case l.Link == "instruction":
		add(l.Target, "documents", words[0])
	}
	return to
}

// ItemHref is the page of the record that an item is.
func (p *Page) ItemHref(e audits.Exercise, number string) string {
	if e.Kind == audits.Access {
		return p.To("uses", number)
	}
	return p.To("services", number)
}

// Stratum is the name of a stratum in the reader's words.
func (p *Page) Stratum(name string) string {
	words := strings.SplitN(name, " ", 2)
	for i, w := range words {
		if words[i] = p.clientStatus(w); w == "-" {
			words[i] = p.T("report.exercise.unstated")
		}
	}
	return strings.Join(words, ", ")
}

// FileList are the files of one item or link.
func (v sheetPage) FileList(subject qms.ID) []trace.Evidence { return v.Files[subject] }

// wholeSheet is every item with its answers on one page, for reading and printing.
func (s *Site) wholeSheet(p *Page) error {
	sheet, err := s.sheetOf(p)
	if err != nil {
		return err
	}
	p.under(sheet.Exercise, sheet.Exercise.Number+p.T("mark.colon")+p.T("page.exercises.whole_sheet"))
	p.Wide = true
	return p.Render("exercises_whole", s.sheetPage(p, sheet, p.Form()))
}

// population hands out the list that was drawn from.
func (s *Site) population(p *Page) error {
	stratum, err := strconv.Atoi(p.Query("stratum"))
	if err != nil {
		stratum = 0
	}
	e, list, err := s.Audits.OpenPopulation(p.Context(), p.Platform.ID, p.number("number"), stratum)
	if err != nil {
		return err
	}
	c := p.Ctx()
	c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": e.PopulationFile(stratum)}))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Context().SetBodyStream(list, -1)
	return nil
}

// exerciseReport shows the report as a PDF, or keeps it when the query says so.
func (s *Site) exerciseReport(p *Page) error {
	language := p.Query("language")
	if language == "" {
		language = p.Lang()
	}
	report, pdf, err := s.Audits.OpenReport(p.Context(), p.Platform.ID, p.number("number"), language)
	if err != nil {
		return err
	}
	body, err := settled(pdf, report.Size)
	if err != nil {
		return err
	}
	disposition := "inline"
	if p.Query("keep") != "" {
		disposition = "attachment"
	}
	c := p.Ctx()
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType(disposition, map[string]string{"filename": p.number("number") + "-" + report.Language + ".pdf"}))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentSecurityPolicy, pdfPolicy)
	c.Set(fiber.HeaderETag, `"`+report.Content.String()+`"`)
	c.Context().SetBodyStream(body, int(report.Size))
	return nil
}

// conclusionPage asks for the verdict and the signature.
type conclusionPage struct {
	*audits.Sheet
	Form     *Form
	Open     int64 // links without an answer
	Ticking  int   // clocks that run
	Gaps     []audits.Finding
	Verdicts []Option
	Name     string // of who signs
}

func (s *Site) askConclusion(p *Page) error {
	sheet, err := s.sheetOf(p)
	if err != nil {
		return err
	}
	f := p.Form().Set("verdict", sheet.Score().Verdict()).Set("revision", sheet.Exercise.Revision)
	return p.Render("exercises_conclude", p.conclusionPage(sheet, f))
}

func (p *Page) conclusionPage(sheet *audits.Sheet, f *Form) *conclusionPage {
	p.under(sheet.Exercise, p.T("page.exercises.conclude_title", sheet.Exercise.Number))
	page := &conclusionPage{Sheet: sheet, Form: f, Verdicts: p.options("state.", audits.Passed, audits.Remarks, audits.Failed), Name: p.Actor.Name}
	for _, i := range sheet.Items {
		page.Open += i.Unanswered()
		if i.Ticks() {
			page.Ticking++
		}
	}
	page.Gaps = sheet.Findings()
	return page
}

func (s *Site) concludeExercise(p *Page) error {
	f := p.Form()
	f.Need("verdict")
	cmd := audits.Conclude{Platform: p.Platform.ID, Exercise: p.number("number"), Verdict: audits.Verdict(f.Text("verdict")),
		Remark: f.Text("remark"), Revision: int64(f.Int("revision"))}
	err := f.Err()
	if err == nil {
		err = s.People.Confirm(p.Context(), f.Raw("password"))
	}
	if err == nil {
		_, err = s.Audits.Conclude(p.Context(), cmd)
	}
	if err == nil {
		return p.Done(p.To("exercises", cmd.Exercise), "page.exercises.concluded", cmd.Exercise)
	}
	sheet, lost := s.sheetOf(p)
	if lost != nil {
		return lost
	}
	return p.Again("exercises_conclude", f, err, p.conclusionPage(sheet, f))
}
