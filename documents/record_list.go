package documents

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// RecordFilter narrows the list of records; its zero fields do not. Without a state, void ones are
// left out.
type RecordFilter struct {
	Form      string // code of a document
	AboutKind About
	AboutCode string
	From, To  qms.Date // of the record's date, both included
	State     RecordState
	Query     string // in number or title; case and accents aside
	Sort      string // date, number, title or form, a minus in front for the other way round; -date when empty
}

// RecordLine is one line of the list of records.
type RecordLine struct {
	Record               // what the list shows of it
	FormCode  string     // code of the form
	FormTitle string     //
	Months    qms.Months // how long the form's records are kept
	On        Number     // the version it was filled on
	State     RecordState
}

// KeptUntil is the first day on which its disposal may be decided; none when it is kept without limit.
func (l RecordLine) KeptUntil() qms.Date {
	end, _ := l.Kept(l.Months).End()
	return end
}

// order is the column asked for, and whether it goes down.
func (f RecordFilter) order() (column string, down bool, err error) {
	if f.Sort == "" {
		return "date", true, nil
	}
	column, down = strings.CutPrefix(f.Sort, "-")
	switch column {
	case "date", "number", "title", "form":
		return column, down, nil
	}
	return "", false, qms.Invalid("sort.unknown", f.Sort)
}

// key is what the line is sorted by, as the query compares it.
func (l RecordLine) key(column string) string {
	switch column {
	case "number":
		return l.Number
	case "title":
		return l.TitleKey
	case "form":
		return l.FormCode
	}
	return l.Date.String()
}

func (f RecordFilter) tidied() RecordFilter {
	f.Form, f.AboutKind, f.AboutCode = tidyWord(tidy(f.Form)), About(tidy(string(f.AboutKind))), tidy(f.AboutCode)
	f.State, f.Query = RecordState(tidy(string(f.State))), tidy(f.Query)
	return f
}

// Records is one page of the list of records, in one statement.
func (s *Service) Records(ctx context.Context, platform qms.ID, f RecordFilter, c qms.Cursor) (page qms.Page[RecordLine], err error) {
	after, err := parsePosition(c.After)
	if err != nil {
		return page, err
	}
	f = f.tidied()
	err = s.db.View(ctx, readRecords.On(platform), func(r store.Reader) error {
		lines, err := recordPage(ctx, r, platform, f, after, c.Limit())
		if err != nil {
			return err
		}
		column, _, _ := f.order() //nolint:errcheck // recordPage has refused an unknown sort
		page = qms.PageOf(lines, c.Limit(), func(l RecordLine) string {
			return position{Key: l.key(column), Code: l.Number, ID: l.ID}.cursor()
		})
		return nil
	})
	return page, err
}

// recordsShown is how many records the page of another thing shows.
const recordsShown = 20

// RecordsAbout are the newest records about one thing: none for who may not read records.
func (s *Service) RecordsAbout(ctx context.Context, platform qms.ID, kind About, codes ...string) (lines []RecordLine, err error) {
	if !qms.ActorFrom(ctx).Can(readRecords.On(platform)) {
		return nil, nil
	}
	err = s.db.View(ctx, readRecords.On(platform), func(r store.Reader) error {
		lines, err = recordsAbout(ctx, r, platform, kind, codes, recordsShown)
		return err
	})
	return lines, err
}

// RecordCount is how many records were filled on a form: 0 for who may not read records.
func (s *Service) RecordCount(ctx context.Context, platform, form qms.ID) (n int64, err error) {
	if !qms.ActorFrom(ctx).Can(readRecords.On(platform)) {
		return 0, nil
	}
	err = s.db.View(ctx, readRecords.On(platform), func(r store.Reader) error {
		n, err = recordCount(ctx, r, platform, form)
		return err
	})
	return n, err
}

// Forms are the documents that can be filled: those with a version that was approved, the ones whose
// kind is a form first.
func (s *Service) Forms(ctx context.Context, platform qms.ID) (all []*Document, err error) {
	err = s.db.View(ctx, qms.WriteDocuments.On(platform), func(r store.Reader) error {
		all, err = forms(ctx, r, platform)
		return err
	})
	return all, err
}

// RecordSheet is one record with all that a reader may know of it.
type RecordSheet struct {
	RecordLine
	Entered   string   // who entered it
	On        *Version // the version it was filled on
	InForce   *Version // the form's version in force on the record's date; nil when none was
	Now       *Version // the form's version in force today; nil when none is
	Disposals []Disposal
	Journal   []Written // empty for who may not read the trail
}

// Closed reports whether the file is closed for reading.
func (s *RecordSheet) Closed() bool { return s.Disposal == Eliminate }

// RecordSheet reads a record by its number.
func (s *Service) RecordSheet(ctx context.Context, platform qms.ID, number string) (*RecordSheet, error) {
	var sheet *RecordSheet
	err := s.db.View(ctx, readRecords.On(platform), func(r store.Reader) error {
		row, err := recordByNumber(ctx, r, platform, tidyWord(tidy(number)))
		if err != nil {
			return err
		}
		sheet, err = s.recordSheet(ctx, r, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	return sheet, s.recordJournal(ctx, sheet)
}

func (s *Service) recordSheet(ctx context.Context, r store.Reader, row *Record) (*RecordSheet, error) {
	form, err := documentByID(ctx, r, row.Platform, row.Form)
	if err != nil {
		return nil, err
	}
	versions, err := versionsOf(ctx, r, form.ID)
	if err != nil {
		return nil, err
	}
	sheet := &RecordSheet{InForce: InForce(versions, row.Date), Now: InForce(versions, r.Today())}
	for _, v := range versions {
		if v.ID == row.Version {
			sheet.On = v
		}
	}
	if sheet.On == nil {
		return nil, qms.NotFound("version.not_found")
	}
	sheet.RecordLine = RecordLine{Record: *row, FormCode: form.Code, FormTitle: form.Title, Months: form.RetentionMonths,
		On: sheet.On.Number(), State: row.State(sheet.On)}
	if sheet.Disposals, err = disposalsOf(ctx, r, row.ID); err != nil {
		return nil, err
	}
	names, err := s.people.Names(ctx, r, []qms.ID{row.EnteredBy})
	sheet.Entered = names[row.EnteredBy]
	return sheet, err
}

// recordJournal adds what was done to the record, the latest first.
func (s *Service) recordJournal(ctx context.Context, sheet *RecordSheet) error {
	needs := qms.ReadLibrary.On(sheet.Platform) // whoever reads the record reads its trail
	if !qms.ActorFrom(ctx).Can(needs) {
		return nil
	}
	return s.db.View(ctx, needs, func(r store.Reader) error {
		page, err := store.Journal(ctx, r, trail.LogOf(sheet.Platform), store.JournalFilter{Row: sheet.ID}, qms.Cursor{Size: journalled})
		for _, e := range page.Items {
			sheet.Journal = append(sheet.Journal, written(e))
		}
		return err
	})
}

// OpenedRecord is the file of a record, being read. Close it.
type OpenedRecord struct {
	io.ReadCloser
	Record Record
}

// SaveAs is what the file is called on the disk of who downloads it: the record's number.
func (o *OpenedRecord) SaveAs() string { return o.Record.Number + filepath.Ext(o.Record.FileName) }

// OpenRecord reads the file of a record. One that was eliminated is closed.
func (s *Service) OpenRecord(ctx context.Context, platform qms.ID, number string) (*OpenedRecord, error) {
	var o OpenedRecord
	err := s.db.View(ctx, readRecords.On(platform), func(r store.Reader) error {
		row, err := recordByNumber(ctx, r, platform, tidyWord(tidy(number)))
		if err != nil {
			return err
		}
		if row.EliminatedOn(r.Today()) {
			return qms.NotFound("disposal.eliminated", row.DisposedOn)
		}
		o.Record = *row
		return nil
	})
	if err != nil {
		return nil, err
	}
	o.ReadCloser, err = s.vault.Open(ctx, o.Record.Content)
	return &o, err
}
