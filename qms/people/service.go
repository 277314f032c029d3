package people

import (
	"context"
	"strings"
	"sync"

	"github.com/alexedwards/argon2id"

	"maillon/qms"
	"maillon/qms/store"
)

// Options tune a Service; its zero value is for production.
type Options struct {
	Hash *argon2id.Params // of new passwords; OWASP's least (19 MiB, two passes) when nil
}

// Service does the acts of the room. Its methods are safe for concurrent use.
type Service struct {
	db       *store.DB
	hashing  *hashing
	attempts *throttle
	codes    sync.Map // of platforms, to their identifiers
}

// New makes the service on db.
func New(db *store.DB, o Options) *Service {
	return &Service{db: db, hashing: newHashing(o.Hash), attempts: newThrottle()}
}

// AddPlatform makes a platform. Its code must be free.
func (s *Service) AddPlatform(ctx context.Context, cmd AddPlatform) (*Platform, error) {
	cmd, err := cmd.clean()
	if err != nil {
		return nil, err
	}
	p := &Platform{Code: cmd.Code, Name: cmd.Name}
	act := qms.Act{Name: "platform.add", Needs: qms.ManagePlatforms.OnSite()}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		taken, err := platformByCode(ctx, tx, cmd.Code)
		if err != nil {
			return err
		}
		if taken != nil {
			return qms.InvalidFields(qms.Wrong("code", "platform.code_taken", cmd.Code))
		}
		p.MadeAt = tx.Now()
		return tx.Insert(ctx, p)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Platforms lists the platforms that the actor may look into, by name, in one statement.
func (s *Service) Platforms(ctx context.Context) ([]Platform, error) {
	var seen []Platform
	err := s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		all, err := platforms(ctx, r)
		for _, p := range all {
			if sees(r.Actor(), p.ID) {
				seen = append(seen, p)
			}
		}
		return err
	})
	return seen, err
}

// PlatformByCode is the platform of that code, in any case and with spaces around. It is not found
// when the actor may not look into it.
func (s *Service) PlatformByCode(ctx context.Context, code string) (*Platform, error) {
	var p *Platform
	err := s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) (err error) {
		p, err = platformByCode(ctx, r, NormalCode(code))
		return err
	})
	if err != nil {
		return nil, err
	}
	if p == nil || !sees(qms.ActorFrom(ctx), p.ID) {
		return nil, qms.NotFound("platform.not_found")
	}
	return p, nil
}

// sees reports whether the actor may look into the platform at all: users of equipment read
// documents and have no dashboard.
func sees(a qms.Actor, platform qms.ID) bool {
	return a.Can(qms.ReadPlatform.On(platform)) || a.Can(qms.ReadDocuments.On(platform))
}

// Members lists the members of a platform, of all times, by code.
func (s *Service) Members(ctx context.Context, platform qms.ID) ([]Member, error) {
	var all []Member
	err := s.db.View(ctx, qms.ReadPlatform.On(platform), func(r store.Reader) (err error) {
		all, err = MembersOf(ctx, r, platform)
		return err
	})
	return all, err
}

// AddMember makes somebody a member of a platform. A person whom the site knows by the e-mail
// address is not made twice.
type AddMember struct {
	Platform qms.ID
	Code     string
	Name     string
	Email    string // may be empty
	Trainer  bool
	From     qms.Date // none: today
	Until    qms.Date // none: open
	Role     qms.Role // held for the same days; empty for none
	Reason   string
}

func (c AddMember) clean() (AddMember, error) {
	c.Code, c.Name, c.Email = NormalCode(c.Code), strings.TrimSpace(readable(c.Name)), NormalEmail(c.Email)
	wrong := checkMemberCode("code", c.Code)
	wrong = append(wrong, checkName("name", c.Name)...)
	wrong = append(wrong, checkEmail("email", c.Email, false)...)
	wrong = append(wrong, checkPeriod("until", c.From, c.Until)...)
	if c.Role != "" {
		wrong = append(wrong, checkRole(c.Role, c.Platform, c.Until)...)
	}
	return c, qms.InvalidFields(wrong...)
}

// AddMember records a membership, see the command.
func (s *Service) AddMember(ctx context.Context, cmd AddMember) (*Member, error) {
	cmd, err := cmd.clean()
	if err != nil {
		return nil, err
	}
	var m Member
	act := qms.Act{Name: "member.add", Needs: qms.ManageMembers.On(cmd.Platform), Platform: cmd.Platform, Reason: cmd.Reason}
	err = s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if cmd.From == 0 {
			cmd.From = tx.Today()
		}
		m, err = addMember(ctx, tx, cmd)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &m, nil
}

func addMember(ctx context.Context, tx *store.Tx, cmd AddMember) (Member, error) {
	taken, err := membershipByCode(ctx, tx, cmd.Platform, cmd.Code)
	if err != nil {
		return Member{}, err
	}
	if taken != nil {
		return Member{}, qms.InvalidFields(qms.Wrong("code", "member.code_taken", cmd.Code))
	}
	person, err := personFor(ctx, tx, cmd.Name, cmd.Email)
	if err != nil {
		return Member{}, err
	}
	already, err := membershipOf(ctx, tx, cmd.Platform, person.ID)
	if err != nil {
		return Member{}, err
	}
	if already != nil {
		return Member{}, qms.InvalidFields(qms.Wrong("email", "member.already", already.Code))
	}
	m := &Membership{Person: person.ID, Code: cmd.Code, Trainer: cmd.Trainer, FromDate: cmd.From, UntilDate: cmd.Until}
	if err := tx.Insert(ctx, m); err != nil {
		return Member{}, err
	}
	if cmd.Role != "" {
		g := &RoleGrant{Person: person.ID, Role: cmd.Role, FromDate: cmd.From, UntilDate: cmd.Until}
		if err := tx.Insert(ctx, g); err != nil {
			return Member{}, err
		}
	}
	return memberOf(m, person), nil
}

// personFor is the person of that address, made when the site knows none.
func personFor(ctx context.Context, tx *store.Tx, name, email string) (*Person, error) {
	if email != "" {
		known, err := personByEmail(ctx, tx, email)
		if err != nil || known != nil {
			return known, err
		}
	}
	p := &Person{Name: name, Email: email}
	return p, tx.Insert(ctx, p)
}

func memberOf(m *Membership, p *Person) Member {
	return Member{Membership: m.ID, Person: p.ID, Code: m.Code, Name: p.Name, Email: p.Email,
		Trainer: m.Trainer, From: m.FromDate, Until: m.UntilDate, Revision: m.Revision}
}
