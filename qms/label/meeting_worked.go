package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// WorkedDocument is a document that a session worked on, with what stands behind its code. One that is no
// document of the platform, or not one yet, has no Parts: it is the words that somebody wrote.
type WorkedDocument struct {
	WorkedOn
	Title string
	Parts []string // of its address within the platform
}

// workedAt finds the documents that a session worked on. A version that nobody stated is the one in force
// on the day of the session. Who does not read the library sees what was written.
func (s *Service) workedAt(ctx context.Context, r store.Reader, m *Meeting) ([]WorkedDocument, error) {
	all := make([]WorkedDocument, len(m.Worked))
	var links []Link
	var at []int
	for i, w := range m.Worked {
		all[i].WorkedOn = w
		if w.Code != "" {
			links, at = append(links, Link{Kind: LinkDocument, Code: w.Code}), append(at, i)
		}
	}
	if len(links) == 0 || !r.Actor().Can(qms.ReadLibrary.On(m.Platform)) {
		return all, nil
	}
	found, err := s.stand(ctx, r, m.Platform, links, m.Day)
	for n, f := range found {
		if w := &all[at[n]]; f.Standing != EvidenceUnknown {
			w.Code, w.Title, w.Parts = f.Code, f.Title, f.Parts
			if w.Version == "" {
				w.Version = f.Version
			}
		}
	}
	return all, err
}
