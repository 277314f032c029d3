package documents

import (
	"context"
	"time"

	"maillon/documents/vault"
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
	now := map[string]map[qms.ID]string{SignedExemption: {}}
	all, err := exemptionsOf(ctx, r, platform)
	for _, e := range all {
		now[SignedExemption][e.ID] = e.signed()
	}
	return now, err
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

// SignedContent is a signature under the content of a version, or under a decision of disposal, with what
// the record names now.
type SignedContent struct {
	ID        qms.ID
	Version   qms.ID // or the content's record
	Meaning   Meaning
	Code      string
	Number    string // of the version
	Title     string
	Person    qms.ID
	Name      string
	Content   vault.Digest // that was signed
	Now       vault.Digest // that the version names now
	State     State        // of the version
	SignedAt  time.Time
	SignedOn  qms.Date
	Submitted time.Time // when the version was last put in review
}

// Standing judges the signature: it holds as long as the version names the content that was signed. A
// signature of a round that was taken back counts no more; a review or a reading does not belong to one.
func (s *SignedContent) Standing() Standing {
	round := s.Meaning == Authored || s.Meaning == Verified || s.Meaning == ApprovedBy || s.Meaning == Rejected
	switch {
	case s.Content.IsZero():
		return Unnamed
	case round && (s.State == Draft || s.SignedAt.Before(s.Submitted) || s.Meaning == Rejected):
		return Lapsed
	case s.Content != s.Now:
		return Broken
	}
	return Holds
}
