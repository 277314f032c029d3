package documents

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"maillon/qms"
	"maillon/qms/store"
)

// The bounds of what is said about a version.
const (
	maxComment  = 4000 // characters of one
	maxComments = 500  // on one version
)

// Comment is what somebody of the team says about a version. It is never changed: a correction is
// another comment. It can be marked resolved, once.
type Comment struct {
	qms.Row
	Document     qms.ID
	Version      qms.ID
	Author       qms.ID
	Name         string // as it was
	Body         string // plain text
	SaidAt       time.Time
	SaidOn       qms.Date
	ResolvedBy   qms.ID
	ResolvedName string
	ResolvedAt   time.Time `bun:",nullzero"`
	ResolvedOn   qms.Date
}

// Resolvable reports whether the person may mark the comment on the version resolved: whoever made
// it, and the author of the version.
func (c Comment) Resolvable(by qms.ID, v Version) bool {
	return c.ResolvedOn == 0 && by != "" && (by == c.Author || by == v.Author)
}

// AddComment asks to say something about a version, in plain text.
type AddComment struct {
	Platform qms.ID
	Version  qms.ID
	Text     string
}

// ResolveComment marks a comment resolved.
type ResolveComment struct {
	Platform qms.ID
	Version  qms.ID
	Comment  qms.ID
	Revision int64
}

// tidyComment is the text as it is kept: without control characters, its lines kept.
func tidyComment(s string) (string, error) {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s))
	switch {
	case s == "":
		return "", qms.InvalidFields(qms.Wrong("text", "comment.empty"))
	case utf8.RuneCountInString(s) > maxComment:
		return "", qms.InvalidFields(qms.Wrong("text", "comment.long", maxComment))
	}
	return s, nil
}

// AddComment says something about a version, whatever its state, by whoever may read drafts.
func (s *Service) AddComment(ctx context.Context, cmd AddComment) (*Comment, error) {
	c := &Comment{Version: cmd.Version}
	act := qms.Act{Name: "comment.add", Needs: qms.ReadDrafts.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Version}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		v, err := versionByID(ctx, tx, cmd.Platform, cmd.Version)
		if err != nil {
			return err
		}
		if c.Body, err = tidyComment(cmd.Text); err != nil {
			return err
		}
		n, err := commentsOn(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		if n >= maxComments {
			return qms.Conflict("comment.too_many", maxComments)
		}
		c.Document, c.Author, c.Name, c.SaidAt, c.SaidOn = v.Document, tx.Actor().ID, tx.Actor().Name, tx.Now(), tx.Today()
		return tx.Insert(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// ResolveComment marks a comment resolved, by its author or the version's.
func (s *Service) ResolveComment(ctx context.Context, cmd ResolveComment) (*Comment, error) {
	var c *Comment
	act := qms.Act{Name: "comment.resolve", Needs: qms.ReadDrafts.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Version}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		v, err := versionByID(ctx, tx, cmd.Platform, cmd.Version)
		if err != nil {
			return err
		}
		if c, err = commentByID(ctx, tx, cmd.Platform, v.ID, cmd.Comment); err != nil {
			return err
		}
		if err := unchanged(c, cmd.Revision); err != nil {
			return err
		}
		switch {
		case c.ResolvedOn != 0:
			return qms.Conflict("comment.resolved")
		case !c.Resolvable(tx.Actor().ID, *v):
			return qms.Refuse("comment.not_yours")
		}
		c.ResolvedBy, c.ResolvedName, c.ResolvedAt, c.ResolvedOn = tx.Actor().ID, tx.Actor().Name, tx.Now(), tx.Today()
		return tx.Update(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Comments are what was said about one version as of the day, in its order; for who may read drafts.
func (s *Service) Comments(ctx context.Context, platform, version qms.ID) (all []Comment, err error) {
	err = s.db.View(ctx, qms.ReadDrafts.On(platform), func(r store.Reader) error {
		v, err := versionByID(ctx, r, platform, version)
		if err != nil {
			return err
		}
		all, err = commentsOf(ctx, r, []qms.ID{v.ID})
		return err
	})
	return all, err
}

// discuss gives the entries what had been said about them by the day, if the reader may see drafts.
func (s *Sheet) discuss(ctx context.Context, r store.Reader) error {
	if !r.Actor().Can(qms.ReadDrafts.On(s.Platform)) {
		return nil
	}
	all, err := commentsOf(ctx, r, s.ids())
	for _, c := range all {
		if c.SaidOn > s.AsOf {
			continue
		}
		if c.ResolvedOn > s.AsOf {
			c.ResolvedBy, c.ResolvedName, c.ResolvedAt, c.ResolvedOn = "", "", time.Time{}, 0
		}
		e := s.entry(c.Version)
		e.Comments = append(e.Comments, c)
	}
	return err
}
