package documents

import (
	"context"
	"strings"
	"unicode/utf8"

	"maillon/qms"
	"maillon/qms/store"
)

// Look is a look for a new edition of a document of external origin, taken on a day.
type Look struct {
	Platform qms.ID
	Document qms.ID
	Revision int64    // 0 does not check
	Date     qms.Date // today when none
	Outcome  WatchOutcome
	Edition  string // the new one, when one was found
	Remark   string
}

// Look records a look for a new edition. The next one is due so many months later. A new edition is
// noted on the document until a version of ours is of it.
func (s *Service) Look(ctx context.Context, cmd Look) (*Document, error) {
	var d *Document
	act := qms.Act{Name: "document.watch", Needs: qms.WriteDocuments.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Document}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if d, err = documentByID(ctx, tx, cmd.Platform, cmd.Document); err != nil {
			return err
		}
		if err := unchanged(d, cmd.Revision); err != nil {
			return err
		}
		kinds, err := kindsOf(ctx, tx, cmd.Platform)
		if err != nil {
			return err
		}
		w, err := d.look(cmd, isExternal(kinds, d.Kind), tx.Today())
		if err != nil {
			return err
		}
		w.Person, w.Name, w.NotedAt = tx.Actor().ID, tx.Actor().Name, tx.Now()
		if err := tx.Insert(ctx, w); err != nil {
			return err
		}
		return tx.Update(ctx, d)
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

func isExternal(kinds []Kind, code string) bool {
	for _, k := range kinds {
		if k.Code == code {
			return k.External
		}
	}
	return false
}

// look notes what was found on the document, and makes the line of its history.
func (d *Document) look(cmd Look, external bool, today qms.Date) (*Watch, error) {
	w := &Watch{Document: d.ID, Date: cmd.Date, Outcome: cmd.Outcome, Edition: d.Edition, Remark: tidy(cmd.Remark)}
	if w.Date == 0 {
		w.Date = today
	}
	var wrong []qms.Field
	switch {
	case !external:
		return nil, qms.Conflict("watch.not_external", d.Code)
	case w.Date > today:
		wrong = append(wrong, qms.Wrong("date", "watch.to_come"))
	case w.Date < d.WatchedOn:
		wrong = append(wrong, qms.Wrong("date", "watch.before_last", d.WatchedOn))
	}
	switch w.Outcome {
	case WatchedSame:
	case WatchedNew:
		w.Edition = strings.Join(strings.Fields(printable(cmd.Edition)), " ")
		switch {
		case w.Edition == "":
			wrong = append(wrong, qms.Wrong("edition", "watch.edition_missing"))
		case utf8.RuneCountInString(w.Edition) > maxTitle:
			wrong = append(wrong, qms.Wrong("edition", "document.title_long", maxTitle))
		case fold(w.Edition) == fold(d.Edition):
			wrong = append(wrong, qms.Wrong("edition", "watch.edition_same", d.Edition))
		}
		d.NewEdition = w.Edition
	default:
		wrong = append(wrong, qms.Wrong("outcome", "watch.outcome_missing"))
	}
	if utf8.RuneCountInString(w.Remark) > maxReason {
		wrong = append(wrong, qms.Wrong("remark", "act.reason_long", maxReason))
	}
	d.WatchedOn = w.Date
	d.plan(today)
	return w, qms.InvalidFields(wrong...)
}

// ExternalFilter narrows the list of documents of external origin.
type ExternalFilter struct {
	Late  bool   // the look for a new edition should have been taken
	New   bool   // a new edition was found and is not ours yet
	Query string // in code, title or publisher; case and accents aside
	Sort  string // code, watch or watched, a minus in front for the other way round; code when empty
}

// External is one document of external origin, as it stands today.
type External struct {
	Document
	Number  Number // of the version in force
	InForce bool
	Late    bool
}

// order is the column asked for, and whether it goes down.
func (f ExternalFilter) order() (column string, down bool, err error) {
	column, down = strings.CutPrefix(f.Sort, "-")
	switch column {
	case "":
		return "code", down, nil
	case "code", "watch", "watched":
		return column, down, nil
	}
	return "", false, qms.Invalid("sort.unknown", f.Sort)
}

// key is what the line is sorted by, as the query compares it.
func (e External) key(column string) string {
	switch column {
	case "watch":
		return orFirstDay(e.WatchOn)
	case "watched":
		return orFirstDay(e.WatchedOn)
	}
	return e.Code
}

// Externals is one page of the documents of external origin: those of a kind that is.
func (s *Service) Externals(ctx context.Context, platform qms.ID, f ExternalFilter, c qms.Cursor) (page qms.Page[External], err error) {
	after, err := parsePosition(c.After)
	if err != nil {
		return page, err
	}
	column, down, err := f.order()
	if err != nil {
		return page, err
	}
	if after != nil && column != "code" {
		if _, err := qms.ParseDate(after.Key); err != nil {
			return page, qms.Invalid("cursor.malformed")
		}
	}
	f.Query = tidy(f.Query)
	err = s.db.View(ctx, readRecords.On(platform), func(r store.Reader) error {
		lines, err := externals(ctx, r, platform, f, column, down, after, c.Limit())
		page = qms.PageOf(lines, c.Limit(), func(e External) string {
			return position{Key: e.key(column), Code: e.Code, ID: e.ID}.cursor()
		})
		return err
	})
	return page, err
}

// Watches are the looks for a new edition of a document, the latest first; none for who may not read
// records.
func (s *Service) Watches(ctx context.Context, platform, document qms.ID) (all []Watch, err error) {
	if !qms.ActorFrom(ctx).Can(readRecords.On(platform)) {
		return nil, nil
	}
	err = s.db.View(ctx, readRecords.On(platform), func(r store.Reader) error {
		all, err = watchesOf(ctx, r, platform, document)
		return err
	})
	return all, err
}

// WatchDueBy lists the looks for a new edition that fall due by the day, the late ones first.
func (s *Service) WatchDueBy(ctx context.Context, platform qms.ID, until qms.Date) (due []Review, err error) {
	err = s.db.View(ctx, readRecords.On(platform), func(r store.Reader) error {
		due, err = WatchDueIn(ctx, r, platform, until)
		return err
	})
	return due, err
}

// WatchDueIn is WatchDueBy within a transaction that the caller holds.
func WatchDueIn(ctx context.Context, r store.Reader, platform qms.ID, until qms.Date) (due []Review, err error) {
	documents, err := watchedUntil(ctx, r, []qms.ID{platform}, until)
	codes := map[qms.ID]string{}
	for _, d := range documents {
		codes[d.ID] = d.Code
	}
	for _, d := range WatchDue(documents, until) {
		due = append(due, Review{d, codes[d.Subject]})
	}
	return due, err
}
