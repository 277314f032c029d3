package documents

import (
	"context"
	"slices"
	"time"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// Allowance is what an exemption allows.
type Allowance string

// The allowances. Nobody ever approves alone what they wrote: there is none for that.
const (
	AuthorVerifies   Allowance = "author-verifier"   // the author may be the verifier
	VerifierApproves Allowance = "verifier-approver" // one person may verify and approve
)

// Allowances lists them.
func Allowances() []Allowance { return []Allowance{AuthorVerifies, VerifierApproves} }

// Exemption is a platform's recorded exemption from the rule of three people (a small team): its
// signatory says why, and what it allows, from a day on. It is ended with a reason, never deleted.
type Exemption struct {
	qms.Row
	Allows     Allowance
	Reason     string
	SignedBy   qms.ID
	SignedName string // as it was
	SignedAt   time.Time
	FromDate   qms.Date // first day on which it holds
	UntilDate  qms.Date // first day on which it no longer holds; none while nothing limits it
	EndedOn    qms.Date // the day it was ended before that; from this day on it does not hold
	EndedBy    qms.ID
	EndedName  string
	EndedAt    time.Time `bun:",nullzero"`
	EndReason  string
}

// Holds reports whether the exemption holds on the day.
func (e *Exemption) Holds(day qms.Date) bool {
	return qms.Period{From: e.FromDate, Until: e.UntilDate}.Contains(day) && (e.EndedOn == 0 || day < e.EndedOn)
}

// Ended reports whether it will never hold again, seen from the day.
func (e *Exemption) Ended(day qms.Date) bool {
	return e.EndedOn != 0 && day >= e.EndedOn || e.UntilDate != 0 && day >= e.UntilDate
}

// Sentence is what the cover page says of a version that made use of the exemption.
func (e *Exemption) Sentence(p *locale.Printer) string {
	day := qms.DateOf(e.SignedAt, time.UTC)
	return p.T("exemption.sentence_"+string(e.Allows), p.LongDate(day), e.SignedName, e.Reason)
}

// holding is the exemption that allows it on the day, none when none does.
func holding(held []*Exemption, allows Allowance, day qms.Date) qms.ID {
	for _, e := range held {
		if e.Allows == allows && e.Holds(day) {
			return e.ID
		}
	}
	return ""
}

// covered refuses a signature that only an exemption makes possible once that has ended.
func (v *Version) covered(m Meaning, held []*Exemption, day qms.Date) error {
	twice := m == Verified && v.Verifier == v.Author || m == ApprovedBy && v.Approver == v.Verifier
	if !twice || slices.ContainsFunc(held, func(e *Exemption) bool { return e.ID == v.Exemption && e.Holds(day) }) {
		return nil
	}
	return qms.Conflict("exemption.no_longer", v.Number().String())
}

// Exempt asks for an exemption to be put on record. Its door asks for the password again: it is a
// signature.
type Exempt struct {
	Platform qms.ID
	Allows   Allowance
	Reason   string
	From     qms.Date // today when none; never before
	Until    qms.Date // first day on which it no longer holds; may be none
}

// EndExemption ends one from today on.
type EndExemption struct {
	Platform  qms.ID
	Exemption qms.ID
	Revision  int64
	Reason    string
}

// Exempt puts an exemption of the platform on record.
func (s *Service) Exempt(ctx context.Context, cmd Exempt) (*Exemption, error) {
	e := &Exemption{
		Row:    qms.Row{ID: qms.NewID(s.db.Now())},
		Allows: cmd.Allows, Reason: tidy(cmd.Reason), FromDate: cmd.From, UntilDate: cmd.Until,
	}
	act := qms.Act{Name: "exemption.record", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform, Subject: e.ID, Reason: e.Reason}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		held, err := exemptionsOf(ctx, tx, cmd.Platform)
		if err != nil {
			return err
		}
		if e.FromDate == 0 {
			e.FromDate = tx.Today()
		}
		if wrong := e.check(held, tx.Today()); len(wrong) > 0 {
			return qms.InvalidFields(wrong...)
		}
		e.SignedBy, e.SignedName, e.SignedAt = tx.Actor().ID, tx.Actor().Name, tx.Now()
		if err := tx.Insert(ctx, e); err != nil {
			return err
		}
		return tx.Endorse(ctx, SignedExemption, e.ID, string(e.Allows), qms.MeansExempt, e.signed())
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// check says what is wrong with an exemption beside those that the platform has.
func (e *Exemption) check(held []*Exemption, today qms.Date) (wrong []qms.Field) {
	if !slices.Contains(Allowances(), e.Allows) {
		wrong = append(wrong, qms.Wrong("allows", "exemption.allows", string(e.Allows)))
	}
	wrong = append(wrong, fieldsOf(checkReason(e.Reason))...)
	if e.FromDate < today {
		wrong = append(wrong, qms.Wrong("from", "exemption.from_past"))
	}
	if e.UntilDate != 0 && e.UntilDate <= e.FromDate {
		wrong = append(wrong, qms.Wrong("until", "exemption.until_before"))
	}
	for _, o := range held {
		if o.Allows == e.Allows && !o.Ended(max(today, e.FromDate)) && (e.UntilDate == 0 || o.FromDate < e.UntilDate) {
			return append(wrong, qms.Wrong("allows", "exemption.held", o.FromDate))
		}
	}
	return wrong
}

// EndExemption ends an exemption from today on. Versions submitted under it keep its name.
func (s *Service) EndExemption(ctx context.Context, cmd EndExemption) (*Exemption, error) {
	var e *Exemption
	act := qms.Act{Name: "exemption.end", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Exemption, Reason: tidy(cmd.Reason)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if e, err = exemptionByID(ctx, tx, cmd.Platform, cmd.Exemption); err != nil {
			return err
		}
		if err := unchanged(e, cmd.Revision); err != nil {
			return err
		}
		if e.Ended(tx.Today()) {
			return qms.Conflict("exemption.ended")
		}
		if err := checkReason(act.Reason); err != nil {
			return err
		}
		e.EndedOn, e.EndedBy, e.EndedName, e.EndedAt, e.EndReason = tx.Today(), tx.Actor().ID, tx.Actor().Name, tx.Now(), act.Reason
		return tx.Update(ctx, e)
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Exemptions lists all exemptions of the platform, the newest first.
func (s *Service) Exemptions(ctx context.Context, platform qms.ID) (all []*Exemption, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		all, err = exemptionsOf(ctx, r, platform)
		return err
	})
	return all, err
}

// Exemption is one of the platform's exemptions.
func (s *Service) Exemption(ctx context.Context, platform, id qms.ID) (e *Exemption, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		e, err = exemptionByID(ctx, r, platform, id)
		return err
	})
	return e, err
}

// exempt gives the entries the exemptions that they were submitted under.
func (s *Sheet) exempt(ctx context.Context, r store.Reader) error {
	if !slices.ContainsFunc(s.Versions, func(e Entry) bool { return e.Version.Exemption != "" }) {
		return nil
	}
	held, err := exemptionsOf(ctx, r, s.Platform)
	for i := range s.Versions {
		for _, x := range held {
			if x.ID == s.Versions[i].Version.Exemption {
				s.Versions[i].Exempt = x
			}
		}
	}
	return err
}
