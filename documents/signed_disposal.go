package documents

import (
	"context"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// SignedDisposal is a decision of disposal with what its signature would cover now.
type SignedDisposal struct {
	Disposal
	Now vault.Digest // the content that the version or the record names now
}

// signed is what the signature under a decision covers: what was decided, of which content, why and by whom.
func (d *Disposal) signed(content vault.Digest) string {
	return qms.Digest(struct {
		Number, Kind   string
		Item           qms.ID
		Label, Title   string
		Decision       string
		Due, KeepUntil qms.Date
		Place, Reason  string
		Content        string
		Person         qms.ID
		Name           string
		On             qms.Date
	}{d.Number, string(d.Kind), d.Item, d.Label, d.Title, string(d.Decision), d.DueOn, d.KeepUntil, d.Place, d.Reason, content.String(), d.Person, d.Name, d.DecidedOn})
}

// Covers is the SHA-256 that the signature names: of the whole decision, or of the content alone where it is
// older than that; empty where it names neither.
func (d *Disposal) Covers() string {
	if d.SignedDigest != "" || d.Content.IsZero() {
		return d.SignedDigest
	}
	return d.Content.String()
}

// Standing is how the signature stands: it breaks when the decision or the content is another one.
func (d *SignedDisposal) Standing() Standing {
	switch {
	case d.Covers() == "":
		return Unnamed
	case d.SignedDigest != "" && d.SignedDigest != d.signed(d.Now), d.Content != d.Now:
		return Broken
	}
	return Holds
}

// DisposalsSigned are the decisions of disposal of the platform that were taken by the day, the latest first,
// each with the content that it is about as that is named now. Two statements.
func DisposalsSigned(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]SignedDisposal, error) {
	var rows []Disposal
	if err := r.Select(&rows).Where("platform = ? AND decided_on <= ?", platform, day).Order("decided_at DESC", "id DESC").Scan(ctx); err != nil || len(rows) == 0 {
		return nil, err
	}
	now, err := disposedNow(ctx, r, platform)
	all := make([]SignedDisposal, 0, len(rows))
	for _, d := range rows {
		all = append(all, SignedDisposal{d, now[d.ID]})
	}
	return all, err
}
