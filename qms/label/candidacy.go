package label

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// Candidacy is what a platform states when it asks to join the programme: the institutions behind it,
// the letter of commitment of its heads of unit, its perimeter and its team. A platform has one current
// candidacy at most; those before it stay readable.
type Candidacy struct {
	qms.Row
	ReceivedOn   qms.Date
	Institutions []qms.ID
	Signatories  []Signatory // of the letter of commitment: the heads of unit
	Team         []TeamMember
	Staff        int64 // people who work for the platform, in whatever proportion

	Included   string // what the label is asked for, in words
	Excluded   string // what is left out of it
	Equipment  string
	Sites      string
	Activities string

	Direct       bool // it asks to be evaluated without accompaniment
	DirectReason string

	Decision   Receivability
	DecidedOn  qms.Date
	DecidedBy  qms.ID
	DecidedWhy string

	EndedOn  qms.Date // from that day on it is no longer the current one
	EndedWhy string
	Void     string
}

// Signatory is a head of unit who signs the letter of commitment.
type Signatory struct {
	Name     string   `json:"name"`
	Function string   `json:"function"`
	SignedOn qms.Date `json:"signed_on,omitzero"` // none while they have not
}

// TeamMember is one of those who build the quality approach. Who has an account here is named by it.
type TeamMember struct {
	Person qms.ID `json:"person,omitempty"`
	Name   string `json:"name"` // as it was on the day it was stated
	Part   string `json:"part"` // in the quality approach
	Lead   bool   `json:"lead,omitempty"`
}

// Receivability is what the programme decided of a candidacy.
type Receivability string

// The decisions. Undecided candidacies wait for one.
const (
	UndecidedCandidacy Receivability = ""
	Eligible           Receivability = "eligible"
	Ineligible         Receivability = "ineligible"
)

// Receivabilities lists what may be decided.
func Receivabilities() []Receivability { return []Receivability{Eligible, Ineligible} }

// LetterTerm is how many days the heads of unit have to sign, counted from the day the candidacy came;
// DecisionTerm how many the programme has to decide once they have.
const (
	LetterTerm   = 30
	DecisionTerm = 30
)

// LetterOn is the day on which the letter of commitment is complete, that is the last day on which one of
// its signatories signed; false while somebody has not.
func (c *Candidacy) LetterOn() (day qms.Date, complete bool) {
	for _, s := range c.Signatories {
		if s.SignedOn == 0 {
			return 0, false
		}
		day = max(day, s.SignedOn)
	}
	return day, len(c.Signatories) > 0
}

// Unsigned counts the signatories who have not signed.
func (c *Candidacy) Unsigned() int {
	n := 0
	for _, s := range c.Signatories {
		if s.SignedOn == 0 {
			n++
		}
	}
	return n
}

// CurrentOn reports whether it counts and had come but not ended by the day.
func (c *Candidacy) CurrentOn(day qms.Date) bool {
	return c.Void == "" && c.ReceivedOn <= day && (c.EndedOn == 0 || day < c.EndedOn)
}

// CandidateOn reports whether the platform is a candidate by it on the day: the letter of commitment is
// complete and nobody has decided otherwise by then.
func (c *Candidacy) CandidateOn(day qms.Date) bool {
	on, complete := c.LetterOn()
	return c.CurrentOn(day) && complete && on <= day && (c.Decision != Ineligible || c.DecidedOn > day)
}

// EligibleOn reports whether the programme had accepted it by the day.
func (c *Candidacy) EligibleOn(day qms.Date) bool {
	return c.CurrentOn(day) && c.Decision == Eligible && c.DecidedOn <= day
}

// Lead is who leads the quality approach; nobody when none is named.
func (c *Candidacy) Lead() (TeamMember, bool) {
	i := slices.IndexFunc(c.Team, func(m TeamMember) bool { return m.Lead })
	if i < 0 {
		return TeamMember{}, false
	}
	return c.Team[i], true
}

// Partners are those of the institutions behind the platform that are partners of the programme on the day.
func (c *Candidacy) Partners(all []Institution, day qms.Date) (partners []Institution) {
	for _, i := range all {
		if slices.Contains(c.Institutions, i.ID) && i.PartnerOn(day) {
			partners = append(partners, i)
		}
	}
	return partners
}

// Obstacle is one reason for which a candidacy cannot be declared eligible.
type Obstacle string

// The obstacles; page.candidacy.obstacle_OBSTACLE says each in qms/locale.
const (
	NoPartner      Obstacle = "partner"      // none of the institutions is a partner of the programme on that day
	LetterUnsigned Obstacle = "letter"       // the letter of commitment was not complete on that day
	NoLead         Obstacle = "lead"         // nobody leads the quality approach
	NoPerimeter    Obstacle = "perimeter"    // nothing says what is in it
	NotReceived    Obstacle = "not-received" // it came later
)

// Obstacles lists what keeps a candidacy from being eligible on the day; none when it may be.
func (c *Candidacy) Obstacles(all []Institution, day qms.Date) (found []Obstacle) {
	if day < c.ReceivedOn {
		found = append(found, NotReceived)
	}
	if len(c.Partners(all, day)) == 0 {
		found = append(found, NoPartner)
	}
	if on, complete := c.LetterOn(); !complete || on > day {
		found = append(found, LetterUnsigned)
	}
	if _, named := c.Lead(); !named {
		found = append(found, NoLead)
	}
	if c.Included == "" {
		found = append(found, NoPerimeter)
	}
	return found
}

// CandidaciesOf reads the candidacies that count of platforms, of all when none is named: by platform, the
// earliest first, those that have ended too. The days that stages are counted from are ReceivedOn,
// LetterOn, DecidedOn and EndedOn; CurrentIn picks the one that counts on a day.
func CandidaciesOf(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID][]Candidacy, error) {
	all, err := candidaciesOf(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	of := map[qms.ID][]Candidacy{}
	for _, c := range all {
		if c.Void == "" {
			of[c.Platform] = append(of[c.Platform], c)
		}
	}
	return of, nil
}

// CurrentIn is the candidacy of one platform that counts on the day; nil when none does.
func CurrentIn(candidacies []Candidacy, day qms.Date) *Candidacy {
	for i := range slices.Backward(candidacies) {
		if candidacies[i].CurrentOn(day) {
			return &candidacies[i]
		}
	}
	return nil
}
