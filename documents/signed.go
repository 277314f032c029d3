package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// SignedExemption is the kind of the signature under an exemption.
const SignedExemption = "exemption"

// signed is what the signature under an exemption covers: what it allows, why and from when until when.
func (e *Exemption) signed() string {
	return qms.Digest(struct {
		Allows, Reason string
		From, Until    qms.Date
	}{string(e.Allows), e.Reason, e.FromDate, e.UntilDate})
}

// CoveredIn is what the signatures under exemptions of the platform would cover now.
func CoveredIn(ctx context.Context, r store.Reader, platform qms.ID) (map[string]map[qms.ID]string, error) {
	all, err := exemptionsOf(ctx, r, platform)
	return Covered(all), err
}

// Covered is what the signatures under those exemptions would cover now.
func Covered(all []*Exemption) map[string]map[qms.ID]string {
	now := map[string]map[qms.ID]string{SignedExemption: {}}
	for _, e := range all {
		now[SignedExemption][e.ID] = e.signed()
	}
	return now
}

// Standing is how a signature under a content stands now.
type Standing string

// The standings.
const (
	Holds   Standing = "holds"
	Broken  Standing = "broken" // what it covers is something else now
	Lapsed  Standing = "lapsed" // its round was rejected or recalled: it stays on record and counts no more
	Unnamed Standing = "unnamed"
)

// SignedContent is a signature under the content of a version, with what is on record of that version now.
type SignedContent struct {
	Signature
	Code  string
	Title string
	Of    Version // its round, its state and its content; nothing else is read
}

// Taken reports whether the version was approved at some time: whoever reads the library may open its page.
func (s *SignedContent) Taken() bool { return wasApproved(&s.Of, s.Of.State) }

// Standing judges the signature. It holds as long as the version names the content that was signed, and its
// signatory for that part. One of a round that was taken back counts no more; a review or a reading does not
// belong to a round, and nothing takes an approval back.
func (s *SignedContent) Standing() Standing {
	v := &s.Of
	signatory, at := s.Person, s.SignedAt
	switch s.Meaning {
	case Authored:
		signatory, at = v.Author, v.SubmittedAt
	case Verified:
		signatory, at = v.Verifier, v.VerifiedAt
	case ApprovedBy:
		signatory, at = v.Approver, v.ApprovedAt
	}
	of := at.Equal(s.SignedAt)
	switch {
	case s.Content.IsZero():
		return Unnamed
	case s.Meaning == Rejected, !of && s.Meaning != ApprovedBy:
		return Lapsed
	case !of, signatory != s.Person, s.Content != v.Content:
		return Broken
	}
	return Holds
}
