package people

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// SessionLength is how long a sign-in lasts, whatever is done in it.
const SessionLength = 12 * time.Hour

// SignIn opens a session.
type SignIn struct {
	Email    string
	Password string
	Address  string // of the network, to slow guessing down
}

// Opened is a session just opened. The token is shown here and never again.
type Opened struct {
	Token   string
	Expires time.Time
	Person  qms.ID
	Name    string
}

// SignIn opens a session for who knows the password. It does the same work and says the same whether
// the account is unknown, closed or the password wrong; after a few wrong attempts from one address
// it refuses for a while and says for how long.
func (s *Service) SignIn(ctx context.Context, cmd SignIn) (*Opened, error) {
	email, now := NormalEmail(cmd.Email), s.db.Now()
	key := email + " " + cmd.Address
	if len(email) > 254 {
		key = cmd.Address
	}
	if _, err := s.attempts.begin(cmd.Address, perAddress, now); err != nil {
		return nil, err
	}
	left, err := s.attempts.begin(key, perAccount, now)
	if err != nil {
		return nil, err
	}
	person, err := s.check(ctx, email, cmd.Password)
	if err != nil {
		return nil, err
	}
	if person == nil {
		return nil, qms.Unauthenticated("signin.wrong", left)
	}
	s.attempts.forgive(key)
	s.attempts.takeBack(cmd.Address)
	return s.open(ctx, person)
}

// check is the person whose account the address and the password open, nobody when they do not.
func (s *Service) check(ctx context.Context, email, password string) (*Person, error) {
	var account *Account
	var person *Person
	err := s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) (err error) {
		if account, err = accountByEmail(ctx, r, email); err != nil || account == nil {
			return err
		}
		person, err = personByID(ctx, r, account.Person)
		return err
	})
	if err != nil {
		return nil, err
	}
	hash := ""
	if account != nil && account.ClosedAt.IsZero() && person != nil {
		hash = account.PasswordHash
	}
	ok, err := s.hashing.matches(ctx, password, hash)
	if err != nil || !ok {
		return nil, err
	}
	return person, nil
}

func (s *Service) open(ctx context.Context, p *Person) (*Opened, error) {
	token, hash := newToken()
	session := &Session{Person: p.ID, TokenHash: hash}
	who := qms.Actor{ID: p.ID, Name: p.Name, RequestID: qms.ActorFrom(ctx).RequestID}
	act := qms.Act{Name: "session.open", Needs: qms.SignedIn.OnSite(), Subject: p.ID}
	err := s.db.Change(qms.WithActor(ctx, who), act, func(tx *store.Tx) error {
		session.OpenedAt, session.ExpiresAt = tx.Now(), tx.Now().Add(SessionLength)
		return tx.Insert(ctx, session)
	})
	if err != nil {
		return nil, err
	}
	return &Opened{Token: token, Expires: session.ExpiresAt, Person: p.ID, Name: p.Name}, nil
}

// Authenticate is who holds the session of the token, with the roles in force today. It is nobody,
// and no error, when the token opens nothing: unknown, ended, expired, account closed.
func (s *Service) Authenticate(ctx context.Context, token string) (qms.Actor, error) {
	if token == "" || len(token) > 100 {
		return qms.Actor{}, nil
	}
	var a qms.Actor
	err := s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) (err error) {
		a, err = actorByToken(ctx, r, hashToken(token))
		return err
	})
	return a, err
}

// SignOut ends the session of the token. A session that is over stays so without a word.
func (s *Service) SignOut(ctx context.Context, token string) error {
	act := qms.Act{Name: "session.end", Needs: qms.SignedIn.OnSite(), Subject: qms.ActorFrom(ctx).ID}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		session, err := sessionByHash(ctx, tx, hashToken(token))
		if err != nil || session == nil || !session.EndedAt.IsZero() {
			return err
		}
		if session.Person != tx.Actor().ID {
			return qms.NotFound("session.not_found")
		}
		session.EndedAt = tx.Now()
		return tx.Update(ctx, session)
	})
}

// Confirm asks the actor for the password again, before a signature. A wrong one is an error of the
// field "password"; too many are refused for a while.
func (s *Service) Confirm(ctx context.Context, password string) error {
	actor := qms.ActorFrom(ctx)
	if actor.ID == "" {
		return qms.Unauthenticated("right.sign_in")
	}
	if password == "" {
		return qms.InvalidFields(qms.Wrong("password", "input.required"))
	}
	key := "confirm " + string(actor.ID)
	left, err := s.attempts.begin(key, perAccount, s.db.Now())
	if err != nil {
		return err
	}
	var account *Account
	err = s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) (err error) {
		account, err = accountOf(ctx, r, actor.ID)
		return err
	})
	if err != nil {
		return err
	}
	hash := ""
	if account != nil && account.ClosedAt.IsZero() {
		hash = account.PasswordHash
	}
	ok, err := s.hashing.matches(ctx, password, hash)
	if err != nil {
		return err
	}
	if !ok {
		return qms.InvalidFields(qms.Wrong("password", "confirm.wrong", left))
	}
	s.attempts.forgive(key)
	return nil
}
