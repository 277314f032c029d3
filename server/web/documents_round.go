package web

import (
	"context"

	"maillon/audits"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/locale"
)

// roundPages are the page of one version, with what is said about it. Acts on it have pages of their
// own: see versionActs.
func (s *Site) roundPages() {
	const version = Prefix + "/documents/:code/versions/:number"
	s.page(version, qms.ReadDocuments, s.version)
	s.act(version, qms.ReadDrafts, s.comment)
	s.act(version+"/comments/:comment/resolve", qms.ReadDrafts, s.resolveComment)
}

// roundActs are the acts that keep a round going, and the one that ends a periodic review.
var roundActs = []versionAct{
	{name: "reassign", needs: qms.WriteDocuments, reason: true, do: (*Site).reassignVersion, say: sayReassign},
	{name: "hand-over", needs: qms.WriteDocuments, reason: true, do: (*Site).handOverVersion, say: sayHandOver},
	{name: "review", needs: qms.ApproveDocuments, signs: true, do: (*Site).reviewVersion, say: sayReview},
}

// VersionView is one version of a document.
type VersionView struct {
	Form   *Form
	Sheet  *documents.Sheet
	Entry  *documents.Entry
	Offers RoundOffers
	Parts  []PartView
	Talks  bool // the reader may say something about it
}

// Stands is the look of how a signature under the version stands.
func (v VersionView) Stands(s documents.Signature) string {
	return audits.SignatureShape(audits.SignatureState(v.Entry.Standing(s)))
}

// PartView is one of the three people of a version.
type PartView struct{ Role, Name string }

// RoundOffers are the acts of rounds and reviews that the reader may do; nil where none.
type RoundOffers struct {
	Reassigns, HandsOver, Reviews *documents.Entry
	Late, Soon                    bool // the periodic review of the version in force
}

func offersOf(p *Page, s *documents.Sheet) (o RoundOffers) {
	controls := p.Can(qms.ControlDocuments)
	if e := s.Open; e != nil && p.Can(qms.WriteDocuments) && (controls || e.Author == p.Actor.ID) {
		if e.StateThen == documents.InReview {
			o.Reassigns = e
		} else {
			o.HandsOver = e
		}
	}
	if e := s.InForce; e != nil {
		if e.HasContent() && e.ReviewedOn < p.Today && p.Can(qms.ApproveDocuments) && e.Reviewers(&s.Document, p.Actor.ID, controls) {
			o.Reviews = e
		}
		o.Late = e.ReviewOn != 0 && e.ReviewOn < p.Today
		o.Soon = !o.Late && e.ReviewOn != 0 && p.Today.DaysUntil(e.ReviewOn) <= documents.SoonDays
	}
	return o
}

func (s *Site) versionView(p *Page, f *Form) (VersionView, error) {
	sheet, entry, err := s.entry(p)
	if err != nil {
		return VersionView{}, err
	}
	p.Title = p.T("page.rounds.version", entry.Number()) + p.T("mark.colon") + sheet.Code
	v := VersionView{Form: f, Sheet: sheet, Entry: entry, Offers: offersOf(p, sheet), Talks: p.Can(qms.ReadDrafts)}
	for _, part := range []struct {
		role   string
		person qms.ID
	}{{"author", entry.Author}, {"verifier", entry.Verifier}, {"approver", entry.Approver}} {
		name := sheet.Names[part.person]
		if name == "" {
			name = p.T("page.rounds.unset")
		}
		v.Parts = append(v.Parts, PartView{p.T("page.documents." + part.role), name})
	}
	return v, nil
}

func (s *Site) version(p *Page) error {
	data, err := s.versionView(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("documents_one_version", data)
}

// comment says something about the version of the page.
func (s *Site) comment(p *Page) error {
	form := p.Form()
	data, err := s.versionView(p, form)
	if err != nil {
		return err
	}
	_, err = s.Documents.AddComment(p.Context(), documents.AddComment{Platform: p.Platform.ID, Version: data.Entry.ID, Text: form.Raw("text")})
	if err != nil {
		return p.Again("documents_one_version", form, err, data)
	}
	return p.Done(p.To("documents", data.Sheet.Code, "versions", data.Entry.Number())+"#comments", "page.rounds.commented")
}

func (s *Site) resolveComment(p *Page) error {
	sheet, entry, err := s.entry(p)
	if err != nil {
		return err
	}
	id, err := p.ID("comment")
	if err != nil {
		return err
	}
	if _, err := s.Documents.ResolveComment(p.Context(), documents.ResolveComment{Platform: p.Platform.ID, Version: entry.ID, Comment: id}); err != nil {
		return err
	}
	return p.Done(p.To("documents", sheet.Code, "versions", entry.Number())+"#comments", "page.rounds.resolved")
}

func (s *Site) reassignVersion(ctx context.Context, t versionTarget, f *Form) error {
	cmd := documents.Reassign{Platform: t.platform, Version: t.version, Revision: t.revision,
		Verifier: f.ID("verifier"), Approver: f.ID("approver"), Reason: f.Text("reason")}
	if err := f.Err(); err != nil {
		return err
	}
	_, err := s.Documents.Reassign(ctx, cmd)
	return err
}

func (s *Site) handOverVersion(ctx context.Context, t versionTarget, f *Form) error {
	cmd := documents.HandOver{Platform: t.platform, Version: t.version, Revision: t.revision, Author: f.ID("author"), Reason: f.Text("reason")}
	if err := f.Err(); err != nil {
		return err
	}
	_, err := s.Documents.HandOver(ctx, cmd)
	return err
}

func (s *Site) reviewVersion(ctx context.Context, t versionTarget, f *Form) error {
	_, err := s.Documents.ReviewUnchanged(ctx, documents.ReviewUnchanged{Platform: t.platform, Version: t.version, Revision: t.revision, Note: f.Text("note")})
	return err
}

func sayReassign(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	if !e.VerifiedAt.IsZero() {
		return p.T("page.documents.will_reassign_verified", e.Number(), s.Names[e.Verifier])
	}
	return p.T("page.documents.will_reassign", e.Number())
}

func sayHandOver(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	return p.T("page.documents.will_hand_over", e.Number(), s.Names[e.Author])
}

func sayReview(p *locale.Printer, s *documents.Sheet, e *documents.Entry) string {
	if s.ReviewMonths == 0 {
		return p.T("page.documents.will_review_once", e.Number())
	}
	return p.T("page.documents.will_review", e.Number(), p.LongDate(s.AsOf.AddMonths(s.ReviewMonths)))
}
