package auditors

import (
	"context"
	"slices"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// About is what a note is about.
type About string

// What a note can be about.
const (
	AboutPlatform About = "platform"
	AboutDocument About = "document"
	AboutDossier  About = "dossier"
	AboutExercise About = "exercise"
)

// Abouts lists them.
func Abouts() []About { return []About{AboutPlatform, AboutDocument, AboutDossier, AboutExercise} }

// AuditNote is what an auditor notes for themselves. The trail keeps its digest alone, so that it proves
// what was noted when without telling it; who writes it decides whether the platform reads it.
type AuditNote struct {
	qms.Row
	Author     qms.ID
	AuthorName string // as it was
	About      About
	Subject    qms.ID // the record; the platform itself where it is about that
	Label      string // its code or number
	Words      string `trail:"digest"`
	NotedAt    time.Time
	HandedAt   time.Time `bun:",nullzero"` // since when the platform reads it
	Void       string    `trail:"digest"`  // why it is a mistake
}

// Parts is the address of what the note is about, within the platform.
func (n *AuditNote) Parts() []any {
	switch n.About {
	case AboutDocument:
		return []any{"documents", n.Label}
	case AboutDossier:
		return []any{"services", n.Label}
	case AboutExercise:
		return []any{"exercises", n.Label}
	}
	return nil
}

// WriteNote states a note.
type WriteNote struct {
	Platform qms.ID
	About    About
	Label    string // code of the document, number of a record of the dossier or of the exercise
	Words    string
}

// WriteNote keeps a note of an auditor's own.
func (s *Service) WriteNote(ctx context.Context, cmd WriteNote) (*AuditNote, error) {
	n := &AuditNote{Row: qms.Row{ID: qms.NewID(s.db.Now())}, About: cmd.About}
	act := qms.Act{Name: "audit-note.write", Needs: qms.ReadTrail.On(cmd.Platform), Platform: cmd.Platform, Subject: n.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		if !IsAuditor(tx.Actor(), cmd.Platform) {
			return qms.Refuse("auditor.notes_are_theirs")
		}
		in := &stating{}
		n.Words = in.needed("words", cmd.Words, maxNote)
		if err := n.place(ctx, tx, in, cmd); err != nil {
			return err
		}
		if err := in.outcome(); err != nil {
			return err
		}
		n.Author, n.AuthorName, n.NotedAt = tx.Actor().ID, tx.Actor().Name, tx.Now()
		return tx.Insert(ctx, n)
	})
	if err != nil {
		return nil, err
	}
	return n, nil
}

// place finds what the note is about.
func (n *AuditNote) place(ctx context.Context, r store.Reader, in *stating, cmd WriteNote) (err error) {
	label := strings.TrimSpace(cut(cmd.Label, 200))
	switch cmd.About {
	case AboutPlatform:
		n.Subject = cmd.Platform
		return nil
	case AboutDocument:
		n.Subject, n.Label, err = titleOf(ctx, r, "SELECT id, code FROM documents WHERE platform = ? AND code = ?", cmd.Platform, label)
	case AboutExercise:
		n.Subject, n.Label, err = titleOf(ctx, r, "SELECT id, number FROM exercises WHERE platform = ? AND number = ?", cmd.Platform, strings.ToUpper(label))
	case AboutDossier:
		var found trace.Subject
		if found, err = trace.ChainSubject(ctx, r, cmd.Platform, label); qms.CodeOf(err) == qms.CodeNotFound {
			err = nil
		}
		n.Subject, n.Label = found.ID, found.Code
	default:
		in.fail("about", "input.unknown_choice")
		return nil
	}
	if err == nil && n.Subject == "" {
		in.fail("label", "auditor.note_about_nothing", label)
	}
	return err
}

// onNote changes a note of the actor's own that is not handed over, within one act.
func (s *Service) onNote(ctx context.Context, name string, on On, change func(*store.Tx, *stating, *AuditNote)) (*AuditNote, error) {
	var n *AuditNote
	act := qms.Act{Name: name, Needs: qms.ReadTrail.On(on.Platform), Platform: on.Platform, Subject: on.ID}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		n, err = noteByID(ctx, tx, on.Platform, on.ID)
		switch {
		case err != nil:
			return err
		case n.Author != tx.Actor().ID && n.HandedAt.IsZero():
			return qms.NotFound("record.not_found") // it is its author's alone
		case n.Author != tx.Actor().ID:
			return qms.Refuse("auditor.note_not_yours")
		case n.Void != "":
			return qms.Conflict("record.void")
		case !n.HandedAt.IsZero():
			return qms.Conflict("auditor.note_handed")
		case n.Revision != on.Revision:
			return qms.Conflict("record.changed")
		}
		in := &stating{}
		change(tx, in, n)
		if err := in.outcome(); err != nil {
			return err
		}
		return tx.Update(ctx, n)
	})
	if err != nil {
		return nil, err
	}
	return n, nil
}

// CorrectNote states the words of a note anew, as long as it is the author's alone.
func (s *Service) CorrectNote(ctx context.Context, on On, words string) (*AuditNote, error) {
	return s.onNote(ctx, "audit-note.correct", on, func(_ *store.Tx, in *stating, n *AuditNote) {
		n.Words = in.needed("words", words, maxNote)
	})
}

// HandNote lets the platform read a note. It does not change any more from then on.
func (s *Service) HandNote(ctx context.Context, on On) (*AuditNote, error) {
	return s.onNote(ctx, "audit-note.hand-over", on, func(tx *store.Tx, _ *stating, n *AuditNote) { n.HandedAt = tx.Now() })
}

// VoidNote declares a note that was not handed over a mistake.
func (s *Service) VoidNote(ctx context.Context, on On) (*AuditNote, error) {
	return s.onNote(ctx, "audit-note.void", on, func(_ *store.Tx, in *stating, n *AuditNote) {
		n.Void = in.needed("reason", on.Reason, maxReason)
	})
}

// NoteFilter narrows a list of notes. Its zero fields do not.
type NoteFilter struct {
	Platform qms.ID
	About    About
	Subject  qms.ID
	Own      bool // the actor's own alone
}

// Notes lists what the actor may read, the newest first: their own notes, and those handed over.
func (s *Service) Notes(ctx context.Context, f NoteFilter, c qms.Cursor) (page qms.Page[AuditNote], err error) {
	if _, err := qms.ParseID(c.After); c.After != "" && err != nil {
		return page, qms.Invalid("cursor.malformed")
	}
	if f.About != "" && !slices.Contains(Abouts(), f.About) {
		return page, qms.Invalid("input.unknown_choice")
	}
	err = s.db.View(ctx, qms.ReadTrail.On(f.Platform), func(r store.Reader) error {
		all, err := notesFor(ctx, r, f, c)
		page = qms.PageOf(all, c.Limit(), func(n AuditNote) string { return string(n.ID) })
		return err
	})
	return page, err
}

// Note is one note that the actor may read.
func (s *Service) Note(ctx context.Context, platform, id qms.ID) (n *AuditNote, err error) {
	err = s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) (err error) {
		if n, err = noteByID(ctx, r, platform, id); err == nil && n.Author != r.Actor().ID && n.HandedAt.IsZero() {
			err = qms.NotFound("record.not_found")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return n, nil
}
