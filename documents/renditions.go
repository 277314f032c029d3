package documents

import (
	"context"
	"crypto/rand"
	"io"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// askRendition asks for the rendition of a version as it must be today, in the act that makes it
// needed: the approval stands whatever becomes of it.
func (s *Service) askRendition(ctx context.Context, tx *store.Tx, v *Version) error {
	im, ok := v.imprintOn(tx.Today())
	if !ok {
		return nil
	}
	before, err := renditionsOf(ctx, tx, v.ID)
	if err != nil {
		return err
	}
	_, err = ask(ctx, tx, v, im, before, "", baseOf(before, im.source))
	return err
}

// ask asks for a rendition that says im. Before are the version's renditions, newest first: one of
// them that is not made, and says something that no longer holds, is made to say im instead. Base is
// the PDF that comes under cover and marks, zero to begin with the original.
func ask(ctx context.Context, tx *store.Tx, v *Version, im imprint, before []*Rendition, how How, base vault.Digest) (*Rendition, error) {
	if len(before) > 0 && before[0].State != RenditionDone {
		r := before[0]
		r.say(im)
		r.again(tx.Now(), how)
		return r, tx.Update(ctx, r)
	}
	r := &Rendition{Document: v.Document, Version: v.ID, Edition: 1, Token: rand.Text(), AskedAt: tx.Now()}
	if len(before) > 0 {
		r.Edition = before[0].Edition + 1
	}
	r.say(im)
	r.Base = base
	r.again(tx.Now(), how)
	return r, tx.Insert(ctx, r)
}

// OpenedRendition is the PDF of a version, being read. Close it.
type OpenedRendition struct {
	io.ReadCloser
	Rendition
	Document Document
	Version  Version
	State    State // of the version today
}

// SaveAs is what the PDF is called on the disk of who downloads it; word names the state of what is
// not in force.
func (o *OpenedRendition) SaveAs(word string) string {
	name := o.Document.Code + " v" + o.Version.Number().String()
	if o.State != Effective {
		name += " (" + word + ")"
	}
	return name + ".pdf"
}

// renditionNow is what there is of a version's rendition as it must be today.
type renditionNow struct {
	Opened
	imprint imprint
	newest  *Rendition // nil when nobody has asked for it
	made    *Rendition // nil when none is made
}

// OpenRendition reads the PDF of a version as it must be today: marked when it is superseded or
// withdrawn. One that nobody has asked for yet is made while the reader waits, for a while: after
// that, and while somebody else is at it, it is qms.Busy("print.in_preparation"). One that could not
// be made is qms.Conflict("print.failed"): the original is there.
func (s *Service) OpenRendition(ctx context.Context, platform, version qms.ID) (*OpenedRendition, error) {
	now, err := s.renditionNow(ctx, platform, version)
	if err != nil {
		return nil, err
	}
	if now.made == nil {
		if now, err = s.makeNow(ctx, platform, version, now); err != nil {
			return nil, err
		}
	}
	o := &OpenedRendition{Rendition: *now.made, Document: now.Document, Version: now.Version, State: now.State}
	o.ReadCloser, err = s.vault.Open(ctx, now.made.Content)
	return o, err
}

// renditionNow finds the version, if the reader may have it, and its renditions.
func (s *Service) renditionNow(ctx context.Context, platform, version qms.ID) (*renditionNow, error) {
	var now renditionNow
	err := s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		v, err := versionByID(ctx, r, platform, version)
		if err != nil {
			return err
		}
		now.State, _ = v.StateOn(r.Today())
		if !mayRead(r, v, now.State) {
			return qms.NotFound("version.not_found")
		}
		if v.EliminatedOn(r.Today()) {
			return qms.NotFound("disposal.eliminated", v.DisposedOn)
		}
		var ok bool
		if now.imprint, ok = v.imprintOn(r.Today()); !ok {
			return qms.NotFound("print.none")
		}
		d, err := documentByID(ctx, r, platform, v.Document)
		if err != nil {
			return err
		}
		now.Document, now.Version = *d, *v
		all, err := renditionsOf(ctx, r, v.ID)
		now.newest, now.made = latest(all, now.imprint)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &now, nil
}

// makeNow makes the rendition that a reader waits for.
func (s *Service) makeNow(ctx context.Context, platform, version qms.ID, now *renditionNow) (*renditionNow, error) {
	inPreparation := qms.Busy("print.in_preparation")
	house := qms.WithActor(ctx, qms.System("printer"))
	if now.newest == nil {
		var err error
		if now.newest, err = s.askFirst(house, platform, version); err != nil {
			return nil, err
		}
	}
	switch {
	case now.newest.State == RenditionFailed:
		return nil, qms.Conflict("print.failed")
	case s.press.Printer == nil || !now.newest.Due(s.db.Now()):
		return nil, inPreparation
	}
	patient, cancel := context.WithTimeout(house, s.press.Patience)
	defer cancel()
	if err := s.makeRendition(patient, platform, now.newest.ID); err != nil && patient.Err() == nil {
		return nil, err
	}
	again, err := s.renditionNow(ctx, platform, version)
	if err != nil {
		return nil, err
	}
	if again.made == nil {
		s.press.want()
		return nil, inPreparation
	}
	return again, nil
}

// askFirst asks for the rendition of a version that nobody asked for: of one taken over, or one that
// is no longer in force.
func (s *Service) askFirst(ctx context.Context, platform, version qms.ID) (asked *Rendition, err error) {
	act := qms.Act{Name: "rendition.ask", Needs: qms.OperateSite.On(platform), Platform: platform, Subject: version}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		v, err := versionByID(ctx, tx, platform, version)
		if err != nil {
			return err
		}
		im, ok := v.imprintOn(tx.Today())
		if !ok {
			return qms.NotFound("print.none")
		}
		all, err := renditionsOf(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		if asked, _ = latest(all, im); asked != nil { // somebody else was first
			return nil
		}
		asked, err = ask(ctx, tx, v, im, all, "", baseOf(all, im.source))
		return err
	})
	return asked, err
}
