package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// candidacyDues are the letters of commitment that are not complete, due LetterTerm days after the
// candidacy came, and the decisions that wait, due DecisionTerm days after the letter was complete and
// concerning the quality officer of the platform, else every quality officer of the site.
func (s *Service) candidacyDues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) (due []qms.Due, err error) {
	all, err := candidaciesOf(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	officers, err := s.inCharge(ctx, r, platforms, day)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if d, owed := c.due(day, officers[c.Platform]); owed && d.On <= until {
			due = append(due, d)
		}
	}
	return due, nil
}

// due is what a candidacy waits for as of day, when it waits for something.
func (c *Candidacy) due(day qms.Date, officer qms.ID) (qms.Due, bool) {
	decided := c.Decision != UndecidedCandidacy && c.DecidedOn <= day
	if !c.CurrentOn(day) || decided {
		return qms.Due{}, false
	}
	d := qms.Due{Platform: c.Platform, Subject: c.ID, Title: c.ReceivedOn.String(), Form: "candidacy", Parts: []string{"label", "candidacy"},
		Revision: c.Revision}
	if on, complete := c.LetterOn(); complete && on <= day {
		d.Kind, d.On, d.Person = "eligibility", max(on, c.ReceivedOn).AddDays(DecisionTerm), officer
		d.Programme = true // managers wait for it, they do not decide it
	} else {
		d.Kind, d.On = "letter", c.ReceivedOn.AddDays(LetterTerm)
	}
	d.Key = d.Kind + "|" + string(c.ID)
	return d, true
}
