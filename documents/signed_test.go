package documents

import (
	"testing"
	"time"

	"maillon/documents/vault"
)

func TestStanding_BreaksWhenTheContentOrTheSignatoryIsAnotherOne(t *testing.T) {
	t.Parallel()
	one, other := vault.Digest{1}, vault.Digest{2}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	by := func(m Meaning, change func(v *Version)) SignedContent {
		s := SignedContent{Signature: Signature{Person: "a", Meaning: m, Content: one, SignedAt: at}}
		s.Of = Version{Content: one, State: Approved, Author: "a", Verifier: "a", Approver: "a", SubmittedAt: at, VerifiedAt: at, ApprovedAt: at}
		change(&s.Of)
		return s
	}
	unnamed := by(ApprovedBy, func(*Version) {})
	unnamed.Content = vault.Digest{}
	for what, c := range map[string]struct {
		signed SignedContent
		want   Standing
	}{
		"as it was":               {by(ApprovedBy, func(*Version) {}), Holds},
		"replaced":                {by(ApprovedBy, func(v *Version) { v.Content = other }), Broken},
		"another approver":        {by(ApprovedBy, func(v *Version) { v.Approver = "b" }), Broken},
		"approved another day":    {by(ApprovedBy, func(v *Version) { v.ApprovedAt = at.AddDate(0, 0, -9) }), Broken},
		"another verifier":        {by(Verified, func(v *Version) { v.Verifier = "b" }), Broken},
		"a verifier reassigned":   {by(Verified, func(v *Version) { v.Verifier, v.VerifiedAt = "b", time.Time{} }), Lapsed},
		"a round taken back":      {by(Verified, func(v *Version) { v.State, v.VerifiedAt, v.Content = Draft, time.Time{}, other }), Lapsed},
		"an earlier round":        {by(Authored, func(v *Version) { v.SubmittedAt = at.Add(time.Hour) }), Lapsed},
		"a rejection":             {by(Rejected, func(*Version) {}), Lapsed},
		"a review":                {by(Reviewed, func(v *Version) { v.SubmittedAt, v.Approver = at.Add(-time.Hour), "b" }), Holds},
		"a reading":               {by(ReadBy, func(v *Version) { v.Author = "b" }), Holds},
		"a reading of other text": {by(ReadBy, func(v *Version) { v.Content = other }), Broken},
		"nothing named":           {unnamed, Unnamed},
	} {
		if got := c.signed.Standing(); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}
