package documents

import (
	"testing"
	"time"

	"maillon/documents/vault"
)

func TestStanding_BreaksWhenTheContentIsAnotherOne(t *testing.T) {
	t.Parallel()
	one, other := vault.Digest{1}, vault.Digest{2}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for what, c := range map[string]struct {
		signed SignedContent
		want   Standing
	}{
		"as it was":               {SignedContent{Meaning: ApprovedBy, Content: one, Now: one, State: Approved, SignedAt: at, Submitted: at}, Holds},
		"replaced":                {SignedContent{Meaning: ApprovedBy, Content: one, Now: other, State: Approved, SignedAt: at, Submitted: at}, Broken},
		"a round taken back":      {SignedContent{Meaning: Verified, Content: one, Now: other, State: Draft, SignedAt: at}, Lapsed},
		"an earlier round":        {SignedContent{Meaning: Authored, Content: one, Now: one, State: InReview, SignedAt: at, Submitted: at.Add(time.Hour)}, Lapsed},
		"a review":                {SignedContent{Meaning: Reviewed, Content: one, Now: one, State: Approved, SignedAt: at, Submitted: at.Add(-time.Hour)}, Holds},
		"a reading of other text": {SignedContent{Meaning: ReadBy, Content: one, Now: other, State: Approved, SignedAt: at}, Broken},
		"nothing named":           {SignedContent{Meaning: ApprovedBy, Now: other, State: Approved}, Unnamed},
	} {
		if got := c.signed.Standing(); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}
