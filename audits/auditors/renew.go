package auditors

import (
	"context"
	"errors"
	"time"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// Keys says since when the key of this server signs for the site. A server whose key was replaced gets a
// conflict: links that it makes open nothing.
type Keys interface {
	Since(ctx context.Context, r store.Reader) (time.Time, error)
}

// Renew writes again to everybody whose password is still to be chosen and whose link was made with an
// earlier key of the site: a key that was given up, or lost, opens nothing any more. It is for a site whose
// mails leave; each letter is written again once, in the name of who invited.
func (s *Service) Renew(ctx context.Context) error {
	if s.o.Keys == nil {
		return nil
	}
	var stale []Admission
	err := s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		since, err := s.o.Keys.Since(ctx, r)
		if qms.CodeOf(err) == qms.CodeConflict { // not by this server
			return nil
		}
		if err == nil {
			stale, err = madeBefore(ctx, r, since)
		}
		return err
	})
	if err != nil {
		return err
	}
	reason := locale.For(locale.French).T("auditor.key_changed")
	for _, a := range stale {
		_, one := s.Again(ctx, On{Platform: a.Platform, ID: a.ID, Revision: a.Revision, Reason: reason})
		if qms.CodeOf(one) != qms.CodeConflict { // its access is over, or another server was faster
			err = errors.Join(err, one)
		}
	}
	return err
}

// overtaken reports whether the link of the letter was made before the instant, and opens nothing.
func (a *Admission) overtaken(since time.Time) bool {
	return a.Letter != "" && a.LetterUntil.Before(overtakenUntil(since))
}

// overtakenUntil is what links were good until that were made before the instant, or within its second:
// keys begin on whole seconds.
func overtakenUntil(since time.Time) time.Time { return since.Add(linkLasts + time.Second) }
