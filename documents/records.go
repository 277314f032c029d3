package documents

import (
	"context"
	"fmt"

	"maillon/qms"
	"maillon/qms/store"
)

// Enter asks for a record to be kept: a filled form with its file.
type Enter struct {
	Platform  qms.ID
	Form      string // code of the document
	Version   string // number; the one in force on the date when empty
	Date      qms.Date
	Title     string
	Remark    string
	AboutKind About
	AboutCode string
	KeepUntil qms.Date // beyond what the form's retention says; may be none
	File      *File    // from Receive
}

// CorrectRecord corrects what was stated of a record; nil fields stay. Its form and its file stay too.
type CorrectRecord struct {
	Platform  qms.ID
	Record    qms.ID
	Revision  int64 // 0 does not check
	Version   *string
	Date      *qms.Date
	Title     *string
	Remark    *string
	AboutKind *About
	AboutCode *string
	KeepUntil *qms.Date
	Reason    string
}

// VoidRecord declares a record a mistake. It stays readable.
type VoidRecord struct {
	Platform qms.ID
	Record   qms.ID
	Revision int64
	Reason   string
}

// EnterRecord keeps a filled form. Its number is given out in the same transaction, without a gap. A
// version that was not in force on the record's date is taken: the record then says so for ever.
func (s *Service) EnterRecord(ctx context.Context, cmd Enter) (*Record, error) {
	row := &Record{Row: qms.Row{ID: qms.NewID(s.db.Now()), Platform: cmd.Platform}, Date: cmd.Date, Title: cmd.Title, Remark: cmd.Remark}
	row.KeepUntil = cmd.KeepUntil
	act := qms.Act{Name: "record.enter", Needs: qms.WriteDocuments.On(cmd.Platform), Platform: cmd.Platform, Subject: row.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		if err := s.enter(ctx, tx, row, cmd); err != nil {
			return err
		}
		if err := tx.Insert(ctx, row); err != nil {
			return err
		}
		return keepContent(ctx, tx, cmd.File)
	})
	if err != nil {
		return nil, err
	}
	return row, nil
}

func (s *Service) enter(ctx context.Context, tx *store.Tx, row *Record, cmd Enter) error {
	wrong := row.check(tx.Today())
	form, err := formByCode(ctx, tx, cmd.Platform, cmd.Form)
	switch {
	case err != nil:
		return err
	case form == nil:
		wrong = append(wrong, qms.Wrong("form", "record.form_unknown", cmd.Form))
	default:
		row.Form = form.ID
		more, err := s.bind(ctx, tx, row, cmd.Version)
		if err != nil {
			return err
		}
		wrong = append(wrong, more...)
	}
	more, err := s.aim(ctx, tx, row, cmd.AboutKind, cmd.AboutCode)
	if err != nil {
		return err
	}
	wrong = append(wrong, more...)
	if cmd.File == nil {
		wrong = append(wrong, qms.Wrong("file", "record.file_missing"))
	}
	if len(wrong) > 0 {
		return qms.InvalidFields(once(wrong)...)
	}
	row.attach(*cmd.File)
	row.EnteredBy, row.EnteredAt, row.EnteredOn = tx.Actor().ID, tx.Now(), tx.Today()
	row.Number, err = nextRecord(ctx, tx)
	return err
}

// nextRecord gives out the next number of the platform's series for the year of entry. Five digits
// keep numbers in their order as texts, up to 99,999 a year.
func nextRecord(ctx context.Context, tx *store.Tx) (string, error) {
	year := tx.Today().Year()
	n, err := tx.Next(ctx, fmt.Sprintf("record-%d", year))
	return fmt.Sprintf("ENR-%d-%05d", year, n), err
}

// formByCode is the document of that code, nil when there is none.
func formByCode(ctx context.Context, r store.Reader, platform qms.ID, code string) (*Document, error) {
	tidy, err := TidyCode(code)
	if err != nil {
		return nil, nil //nolint:nilerr // what is no code is no document's
	}
	d, err := documentByCode(ctx, r, platform, tidy)
	if qms.CodeOf(err) == qms.CodeNotFound {
		return nil, nil
	}
	return d, err
}

// bind ties the record to the version of its form.
func (s *Service) bind(ctx context.Context, r store.Reader, row *Record, stated string) ([]qms.Field, error) {
	if row.Date == 0 {
		return nil, nil // said already
	}
	versions, err := versionsOf(ctx, r, row.Form)
	if err != nil {
		return nil, err
	}
	_, wrong := row.choose(versions, stated)
	return wrong, nil
}

// aim resolves what the record is about. What nobody knows is refused: the link would lead nowhere.
func (s *Service) aim(ctx context.Context, r store.Reader, row *Record, kind About, code string) ([]qms.Field, error) {
	kind, code = About(tidy(string(kind))), tidy(code)
	row.AboutKind, row.AboutCode, row.AboutID = kind, code, ""
	switch {
	case kind == AboutNothing && code == "":
		return nil, nil
	case kind == AboutNothing:
		return []qms.Field{qms.Wrong("about_kind", "record.about_kind_missing")}, nil
	case code == "":
		return []qms.Field{qms.Wrong("about", "record.about_missing")}, nil
	case len([]rune(code)) > maxTitle:
		return []qms.Field{qms.Wrong("about", "document.title_long", maxTitle)}, nil
	}
	found, err := s.subject(ctx, r, row, kind, code)
	switch {
	case qms.CodeOf(err) == qms.CodeNotFound:
		return []qms.Field{qms.Wrong("about", unknownAbout(kind), code)}, nil
	case err != nil:
		return nil, err
	}
	row.AboutCode, row.AboutID = found.Code, found.ID
	return nil, nil
}

func (s *Service) subject(ctx context.Context, r store.Reader, row *Record, kind About, code string) (Subject, error) {
	platform := row.Platform
	if kind == AboutDocument {
		d, err := formByCode(ctx, r, platform, code)
		if err == nil && d == nil {
			err = qms.NotFound("document.not_found")
		}
		if err != nil {
			return Subject{}, err
		}
		return Subject{kind, d.Code, d.ID, d.Title}, nil
	}
	if s.subjects == nil {
		return Subject{}, qms.NotFound("record.unknown")
	}
	return s.subjects.Subject(ctx, r, platform, kind, code, row.Date)
}

// unknownAbout is the sentence for a thing that the platform does not have.
func unknownAbout(kind About) string {
	switch kind {
	case AboutService:
		return "record.no_service"
	case AboutEquipment:
		return "record.no_equipment"
	case AboutTraining:
		return "record.no_training"
	case AboutUse:
		return "record.no_use"
	case AboutPerson:
		return "record.no_person"
	case AboutDocument:
		return "record.no_document"
	}
	return "record.about_kind_unknown"
}

// CorrectRecord corrects what was stated, with the reason. The trail keeps what was stated before.
func (s *Service) CorrectRecord(ctx context.Context, cmd CorrectRecord) (*Record, error) {
	cmd.Reason = tidy(cmd.Reason)
	return s.changeRecord(ctx, "record.correct", cmd.Platform, cmd.Record, cmd.Revision, cmd.Reason, func(tx *store.Tx, row *Record) error {
		if row.Void != "" {
			return qms.Conflict("record.voided", row.Number)
		}
		if err := checkReason(cmd.Reason); err != nil {
			return err
		}
		set(&row.Date, cmd.Date)
		set(&row.Title, cmd.Title)
		set(&row.Remark, cmd.Remark)
		set(&row.KeepUntil, cmd.KeepUntil)
		wrong := row.check(tx.Today())
		if cmd.Version != nil {
			more, err := s.bind(ctx, tx, row, *cmd.Version)
			if err != nil {
				return err
			}
			wrong = append(wrong, more...)
		}
		more, err := s.aimAgain(ctx, tx, row, cmd)
		if err != nil {
			return err
		}
		if wrong = append(wrong, more...); len(wrong) > 0 {
			return qms.InvalidFields(once(wrong)...)
		}
		return tx.Update(ctx, row)
	})
}

// aimAgain resolves what the record is about when that is corrected; what stays is not asked again.
func (s *Service) aimAgain(ctx context.Context, tx *store.Tx, row *Record, cmd CorrectRecord) ([]qms.Field, error) {
	kind, code := row.AboutKind, row.AboutCode
	set(&kind, cmd.AboutKind)
	set(&code, cmd.AboutCode)
	if kind == row.AboutKind && tidy(code) == row.AboutCode {
		return nil, nil
	}
	return s.aim(ctx, tx, row, kind, code)
}

// VoidRecord declares a record a mistake, with the reason. It stays readable, marked.
func (s *Service) VoidRecord(ctx context.Context, cmd VoidRecord) (*Record, error) {
	cmd.Reason = tidy(cmd.Reason)
	return s.changeRecord(ctx, "record.void", cmd.Platform, cmd.Record, cmd.Revision, cmd.Reason, func(tx *store.Tx, row *Record) error {
		if row.Void != "" {
			return qms.Conflict("record.voided", row.Number)
		}
		if err := checkReason(cmd.Reason); err != nil {
			return err
		}
		row.Void, row.VoidedOn = cmd.Reason, tx.Today()
		return tx.Update(ctx, row)
	})
}

// changeRecord runs one act on one record, in one transaction.
func (s *Service) changeRecord(ctx context.Context, name string, platform, id qms.ID, revision int64, reason string, fn func(*store.Tx, *Record) error) (*Record, error) {
	var row *Record
	act := qms.Act{Name: name, Needs: qms.WriteDocuments.On(platform), Platform: platform, Subject: id, Reason: reason}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if row, err = recordByID(ctx, tx, platform, id); err != nil {
			return err
		}
		if err := unchanged(row, revision); err != nil {
			return err
		}
		return fn(tx, row)
	})
	if err != nil {
		return nil, err
	}
	return row, nil
}
