package documents

import (
	"context"
	"regexp"

	"maillon/qms"
	"maillon/qms/store"
)

// PrintStatus is what the status page of a print says.
type PrintStatus struct {
	AsOf     qms.Date
	InForce  bool
	Platform qms.ID // with Document, for a reader who may read it; empty for everybody else
	Code     string
}

// tokenForm is what rand.Text makes: 26 letters for 128 bits.
var tokenForm = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// StatusOf says, to anybody, whether the version that a print with the token is of is in force today,
// and nothing else. A token that no print has is qms.NotFound("print.unknown").
func (s *Service) StatusOf(ctx context.Context, token string) (*PrintStatus, error) {
	var status PrintStatus
	err := s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) error {
		if !tokenForm.MatchString(token) {
			return qms.NotFound("print.unknown")
		}
		v, err := printedBy(ctx, r, token)
		if err != nil {
			return err
		}
		status.AsOf = r.Today()
		state, _ := v.StateOn(status.AsOf)
		status.InForce = state == Effective
		if !r.Actor().Can(qms.ReadDocuments.On(v.Platform)) || !mayRead(r, v, state) {
			return nil
		}
		d, err := documentByID(ctx, r, v.Platform, v.Document)
		switch {
		case qms.CodeOf(err) == qms.CodeNotFound: // beyond the reader's reach
			return nil
		case err != nil:
			return err
		}
		status.Platform, status.Code = v.Platform, d.Code
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &status, nil
}
