package documents

import (
	"context"
	"strings"
	"unicode/utf8"

	"maillon/qms"
	"maillon/qms/store"
)

// Create makes a document with its first draft. The code is the one adopted, or given out by the
// platform's pattern in the same transaction.
func (s *Service) Create(ctx context.Context, cmd Create) (*Document, *Version, error) {
	var d *Document
	var v *Version
	act := qms.Act{
		Name: "document.create", Needs: qms.WriteDocuments.On(cmd.Platform), Platform: cmd.Platform,
		Subject: qms.NewID(s.db.Now()), Reason: tidy(cmd.Reason),
	}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if d, v, err = s.newDocument(ctx, tx, cmd); err != nil {
			return err
		}
		if err := tx.Insert(ctx, d); err != nil {
			return err
		}
		v.Document = d.ID
		if err := insertVersion(ctx, tx, v, cmd.File); err != nil {
			return err
		}
		return relinkAround(ctx, tx, v.ID, Target{d.ID, d.Code, d.Title})
	})
	return d, v, err
}

// newDocument checks what was asked for and makes the two rows.
func (s *Service) newDocument(ctx context.Context, tx *store.Tx, cmd Create) (*Document, *Version, error) {
	d, v := cmd.rows(tx)
	wrong := append(d.check(), v.checkDraft(cmd.Number)...)
	more, err := s.checkStaff(ctx, tx, staffed{"owner", cmd.Owner})
	if err != nil {
		return nil, nil, err
	}
	wrong = append(wrong, more...)
	if more, err = s.begin(ctx, tx, v, cmd.Round); err != nil {
		return nil, nil, err
	}
	wrong = append(wrong, more...)
	codes, err := codesOf(ctx, tx, cmd.Platform)
	if err != nil {
		return nil, nil, err
	}
	if more, err = codes.assign(ctx, tx, d, cmd.Code); err != nil {
		return nil, nil, err
	}
	wrong = append(wrong, append(more, codes.open(d, tx.Today())...)...)
	if len(wrong) > 0 {
		return nil, nil, qms.InvalidFields(once(wrong)...)
	}
	if cmd.ReviewMonths == nil {
		d.ReviewMonths = codes.review(d.Kind)
	}
	return d, v, codes.ensureProcess(ctx, tx, d.Process)
}

func (cmd Create) rows(tx *store.Tx) (*Document, *Version) {
	me := tx.Actor().ID
	d := &Document{
		Row:  qms.Row{ID: tx.Act().Subject},
		Kind: tidyWord(cmd.Kind), Process: tidyWord(cmd.Process), Title: cmd.Title, Owner: cmd.Owner,
		Confidentiality: cmd.Confidentiality, ReviewMonths: DefaultReviewMonths, Retention: cmd.Retention,
		Publisher: cmd.Publisher, Edition: cmd.Edition, Watch: cmd.Watch, RetentionMonths: cmd.RetentionMonths,
	}
	d.WatchMonths = cmd.WatchMonths
	d.plan(tx.Today())
	if d.Owner == "" {
		d.Owner = me
	}
	if cmd.ReviewMonths != nil {
		d.ReviewMonths = *cmd.ReviewMonths
	}
	v := &Version{Major: 1, State: Draft, Reason: tidy(cmd.Reason), Author: me, CreatedOn: tx.Today()}
	if cmd.File != nil {
		v.attach(*cmd.File)
	}
	return d, v
}

// checkDraft takes the number asked for, if one is, and says what is wrong with a draft to be made.
func (v *Version) checkDraft(number string) (wrong []qms.Field) {
	if number = strings.TrimSpace(number); number != "" {
		n, err := ParseNumber(number)
		if err != nil {
			wrong = append(wrong, qms.Wrong("number", "version.number_malformed", number))
		}
		v.Major, v.Minor = n.Major, n.Minor
	}
	if utf8.RuneCountInString(v.Reason) > maxReason {
		wrong = append(wrong, qms.Wrong("reason", "act.reason_long", maxReason))
	}
	return wrong
}

// begin puts a version that is about to be made in review, when a round is asked for.
func (s *Service) begin(ctx context.Context, tx *store.Tx, v *Version, round *Round) ([]qms.Field, error) {
	if round == nil {
		return nil, nil
	}
	held, err := exemptionsOf(ctx, tx, tx.Act().Platform)
	if err != nil {
		return nil, err
	}
	err = v.Submit(tx.Actor().ID, round.Verifier, round.Approver, round.PlannedFrom, present(tx), held...)
	if err != nil && len(fieldsOf(err)) == 0 {
		return nil, err
	}
	more, failed := s.checkStaff(ctx, tx, staffed{"verifier", round.Verifier}, staffed{"approver", round.Approver})
	return append(fieldsOf(err), more...), failed
}

// once keeps the first thing that is wrong with each field.
func once(wrong []qms.Field) (first []qms.Field) {
	said := map[string]bool{}
	for _, f := range wrong {
		if !said[f.Name] {
			said[f.Name] = true
			first = append(first, f)
		}
	}
	return first
}

// insertVersion writes a new version with its content; in review, with its author's signature.
func insertVersion(ctx context.Context, tx *store.Tx, v *Version, f *File) error {
	if err := tx.Insert(ctx, v); err != nil {
		return err
	}
	if v.State == InReview {
		if err := sign(ctx, tx, v, Authored); err != nil {
			return err
		}
	}
	return keepContent(ctx, tx, f)
}

// staffed is a person named in a field.
type staffed struct {
	field  string
	person qms.ID
}

// checkStaff says which of the named persons do not belong to the platform today. One may always
// name oneself, and name nobody.
func (s *Service) checkStaff(ctx context.Context, tx *store.Tx, named ...staffed) (wrong []qms.Field, err error) {
	var known map[qms.ID]bool
	for _, n := range named {
		if n.person == "" || n.person == tx.Actor().ID {
			continue
		}
		if known == nil {
			staff, err := s.people.Staff(ctx, tx, tx.Act().Platform, tx.Today())
			if err != nil {
				return nil, err
			}
			known = map[qms.ID]bool{}
			for _, p := range staff {
				known[p.ID] = true
			}
		}
		if !known[n.person] {
			wrong = append(wrong, qms.Wrong(n.field, "person.not_of_platform"))
		}
	}
	return wrong, nil
}

// keepContent makes the row of a content, once for each platform.
func keepContent(ctx context.Context, tx *store.Tx, f *File) error {
	if f == nil {
		return nil
	}
	return keepContents(ctx, tx, []*File{f})
}

// NewVersion makes the draft of a document's next version. There is one draft or round at a time.
func (s *Service) NewVersion(ctx context.Context, cmd NewVersion) (*Version, error) {
	var v *Version
	act := qms.Act{
		Name: "version.create", Needs: qms.WriteDocuments.On(cmd.Platform), Platform: cmd.Platform,
		Subject: cmd.Document, Reason: tidy(cmd.Reason),
	}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		d, err := documentByID(ctx, tx, cmd.Platform, cmd.Document)
		if err != nil {
			return err
		}
		versions, err := versionsOf(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		v = &Version{Document: d.ID, State: Draft, Reason: tidy(cmd.Reason), Author: cmd.Author, CreatedOn: tx.Today()}
		if v.Author == "" {
			v.Author = tx.Actor().ID
		}
		wrong, err := s.checkStaff(ctx, tx, staffed{"author", cmd.Author})
		if err != nil {
			return err
		}
		more, err := v.follow(versions, cmd)
		if err != nil {
			return err
		}
		wrong = append(wrong, more...)
		if more, err = s.begin(ctx, tx, v, cmd.Round); err != nil {
			return err
		}
		if wrong = append(wrong, more...); len(wrong) > 0 {
			return qms.InvalidFields(once(wrong)...)
		}
		if err := insertVersion(ctx, tx, v, cmd.File); err != nil || cmd.File == nil {
			return err
		}
		return relinkVersion(ctx, tx, v, cmd.File.Text.Body)
	})
	return v, err
}

// follow numbers a draft after the document's versions, newest first.
func (v *Version) follow(versions []*Version, cmd NewVersion) (wrong []qms.Field, err error) {
	v.Major, v.Minor = 1, 0
	if len(versions) == 0 {
		wrong = v.checkDraft(cmd.Number)
	} else {
		newest := versions[0]
		if newest.State == Draft || newest.State == InReview {
			return nil, qms.Conflict("version.open_exists", newest.Number().String())
		}
		n := newest.Number().Next(cmd.Minor)
		v.Major, v.Minor = n.Major, n.Minor
		wrong = v.checkDraft(cmd.Number)
		if v.Number().Compare(newest.Number()) <= 0 {
			wrong = append(wrong, qms.Wrong("number", "version.number_before", v.Number().String(), newest.Number().String()))
		}
		if v.Reason == "" {
			wrong = append(wrong, qms.Wrong("reason", "version.reason_missing"))
		}
	}
	if cmd.File != nil {
		v.attach(*cmd.File)
	}
	return wrong, nil
}

// Attach gives a draft its content, or another one, and a version that was taken over without a
// content the file it always had. The content of any other version stays as it was signed.
func (s *Service) Attach(ctx context.Context, cmd Attach) (*Version, error) {
	return s.change(ctx, "version.attach", qms.WriteDocuments, target{cmd.Platform, cmd.Version, cmd.Revision}, "",
		func(tx *store.Tx, v *Version) error {
			if v.State != Draft && (!v.TakenOver || v.HasContent()) {
				return qms.Conflict("version.content_fixed", v.Number().String())
			}
			v.attach(cmd.File)
			if err := keepContent(ctx, tx, &cmd.File); err != nil {
				return err
			}
			if err := tx.Update(ctx, v); err != nil {
				return err
			}
			return relinkVersion(ctx, tx, v, cmd.File.Text.Body)
		})
}

// Revise corrects what is said about a document. Its code stays, and so do its versions.
func (s *Service) Revise(ctx context.Context, cmd Revise) (*Document, error) {
	var d *Document
	act := qms.Act{
		Name: "document.revise", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform,
		Subject: cmd.Document, Reason: tidy(cmd.Reason),
	}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if d, err = documentByID(ctx, tx, cmd.Platform, cmd.Document); err != nil {
			return err
		}
		if err := unchanged(d, cmd.Revision); err != nil {
			return err
		}
		before := *d
		if err := s.revise(ctx, tx, d, cmd); err != nil {
			return err
		}
		if err := tx.Update(ctx, d); err != nil {
			return err
		}
		if d.ReviewMonths != before.ReviewMonths {
			if err := moveReview(ctx, tx, d); err != nil {
				return err
			}
		}
		if d.Title == before.Title {
			return nil
		}
		return relinkAround(ctx, tx, "", Target{d.ID, d.Code, before.Title}, Target{d.ID, d.Code, d.Title})
	})
	return d, err
}

func (s *Service) revise(ctx context.Context, tx *store.Tx, d *Document, cmd Revise) error {
	set(&d.Title, cmd.Title)
	set(&d.Owner, cmd.Owner)
	set(&d.Confidentiality, cmd.Confidentiality)
	set(&d.ReviewMonths, cmd.ReviewMonths)
	set(&d.Retention, cmd.Retention)
	set(&d.Publisher, cmd.Publisher)
	set(&d.Edition, cmd.Edition)
	set(&d.Watch, cmd.Watch)
	set(&d.RetentionMonths, cmd.RetentionMonths)
	d.watch(cmd.WatchMonths, tx.Today())
	if cmd.Kind != nil {
		d.Kind = tidyWord(*cmd.Kind)
	}
	if cmd.Process != nil {
		d.Process = tidyWord(*cmd.Process)
	}
	wrong := d.check()
	if cmd.Owner != nil {
		more, err := s.checkStaff(ctx, tx, staffed{"owner", *cmd.Owner})
		if err != nil {
			return err
		}
		wrong = append(wrong, more...)
	}
	codes, err := codesOf(ctx, tx, cmd.Platform)
	if err != nil {
		return err
	}
	if wrong = append(wrong, codes.check(d)...); len(wrong) > 0 {
		return qms.InvalidFields(wrong...)
	}
	return codes.ensureProcess(ctx, tx, d.Process)
}

func set[T any](field, given *T) {
	if given != nil {
		*field = *given
	}
}

// moveReview sets the next review anew where a version still waits for one.
func moveReview(ctx context.Context, tx *store.Tx, d *Document) error {
	versions, err := versionsOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v.stands() && (v.EffectiveUntil == 0 || v.EffectiveUntil > tx.Today()) {
			v.setReview(d.ReviewMonths)
			if err := tx.Update(ctx, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// unchanged refuses when the caller saw another revision; 0 does not ask.
func unchanged(row qms.Record, revision int64) error {
	if revision != 0 && row.Head().Revision != revision {
		return qms.Conflict("record.changed")
	}
	return nil
}
