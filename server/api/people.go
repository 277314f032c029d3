package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/people"
)

// people are sessions, platforms, their members and roles, and accounts.
func (a *API) people() {
	signIn := created(post("/sessions", "sign-in", "Open a session; its token is shown once", "people"))
	signIn.Security = []map[string][]string{}
	register(a, signIn, a.signIn)
	register(a, post("/sessions/end", "sign-out", "End the session that asks", "people"), a.signOut)
	register(a, get("/me", "get-me", "Who asks, and the roles in force today", "people"), a.me)
	register(a, post("/me/password", "change-password", "Replace one's own password; other sessions end", "people"), a.changePassword)
	register(a, get("/platforms", "list-platforms", "List the platforms one may look into", "people"), a.listPlatforms)
	register(a, created(post("/platforms", "add-platform", "Make a platform", "people")), a.addPlatform)
	register(a, get("/platforms/{platform}", "get-platform", "One platform", "people"), a.getPlatform)
	register(a, get("/platforms/{platform}/members", "list-members", "List the members, of all times, by code", "people"), a.listMembers)
	register(a, created(post("/platforms/{platform}/members", "add-member", "Make somebody a member", "people")), a.addMember)
	register(a, patch("/platforms/{platform}/members/{member}", "change-member", "Correct a membership, or end it on a day", "people"), a.changeMember)
	register(a, get("/platforms/{platform}/roles", "list-roles", "List the roles, of all times", "people"), a.listRoles)
	register(a, created(post("/platforms/{platform}/roles", "give-role", "Give a role from a day until a day", "people")), a.giveRole)
	register(a, post("/platforms/{platform}/roles/{role}/end", "end-role", "End a role on a day", "people"), a.endRole)
	register(a, get("/accounts", "list-accounts", "List who may sign in", "people"), a.listAccounts)
	register(a, created(post("/accounts", "open-account", "Make somebody able to sign in", "people")), a.openAccount)
	register(a, post("/accounts/{person}/password", "reset-password", "Make a new password for somebody; sessions end, a closed account opens again", "people"), a.resetPassword)
	register(a, post("/accounts/{person}/close", "close-account", "Take an account away", "people"), a.closeAccount)
}

// asked is embedded where the request itself matters: its token and where it comes from.
type asked struct{ c *fiber.Ctx }

// Resolve keeps the request.
func (r *asked) Resolve(ctx huma.Context) []error {
	r.c = humafiber.Unwrap(ctx)
	return nil
}

type signIn struct {
	asked
	Body struct {
		Email    string `json:"email" maxLength:"254" example:"agent01@plateforme.example"`
		Password string `json:"password" maxLength:"1024"`
	}
}

// Session is a session just opened.
type Session struct {
	Token     string    `json:"token" doc:"For Authorization: Bearer TOKEN; shown here and never again"`
	ExpiresAt time.Time `json:"expires_at"`
	Person    qms.ID    `json:"person"`
	Name      string    `json:"name" example:"Agent 01"`
}

type sessionAnswer struct{ Body Session }

func (a *API) signIn(ctx context.Context, in *signIn) (*sessionAnswer, error) {
	opened, err := a.s.People.SignIn(ctx, people.SignIn{Email: in.Body.Email, Password: in.Body.Password, Address: a.s.Guard.Address(in.c)})
	if err != nil {
		return nil, err
	}
	return &sessionAnswer{Session{opened.Token, opened.Expires, opened.Person, opened.Name}}, nil
}

// nothing is the answer that says only that it was done (204).
type nothing struct{}

func (a *API) signOut(ctx context.Context, in *struct{ asked }) (*nothing, error) {
	return nil, a.s.People.SignOut(ctx, a.s.Guard.Token(in.c))
}

// Me is who asks.
type Me struct {
	ID    qms.ID `json:"id"`
	Name  string `json:"name" example:"Agent 01"`
	Roles []Hold `json:"roles" nullable:"false"`
}

// Hold is a role in force today.
type Hold struct {
	Role     qms.Role `json:"role" example:"manager"`
	Platform string   `json:"platform,omitempty" doc:"The code of the platform; absent for a role on the site" example:"PLT"`
}

type meAnswer struct{ Body Me }

func (a *API) me(ctx context.Context, _ *struct{}) (*meAnswer, error) {
	all, err := a.s.People.Platforms(ctx)
	if err != nil {
		return nil, err
	}
	actor := qms.ActorFrom(ctx)
	out := Me{ID: actor.ID, Name: actor.Name, Roles: []Hold{}}
	for _, g := range actor.Grants {
		i := slices.IndexFunc(all, func(p people.Platform) bool { return p.ID == g.Platform })
		hold := Hold{Role: g.Role}
		if i >= 0 {
			hold.Platform = all[i].Code
		}
		out.Roles = append(out.Roles, hold)
	}
	return &meAnswer{out}, nil
}

type changePassword struct {
	asked
	Body struct {
		Password string `json:"password" maxLength:"1024" doc:"The present one"`
		New      string `json:"new" maxLength:"1024" doc:"At least 12 characters"`
	}
}

func (a *API) changePassword(ctx context.Context, in *changePassword) (*nothing, error) {
	cmd := people.ChangePassword{Current: in.Body.Password, New: in.Body.New, Token: a.s.Guard.Token(in.c)}
	return nil, a.s.People.ChangePassword(ctx, cmd)
}

// Platform is a core facility.
type Platform struct {
	ID   qms.ID `json:"id"`
	Code string `json:"code" example:"PLT"`
	Name string `json:"name" example:"Plateforme de microscopie"`
}

func renderPlatform(p people.Platform) Platform { return Platform{p.ID, p.Code, p.Name} }

func (a *API) listPlatforms(ctx context.Context, in *struct{ Paged }) (*List[Platform], error) {
	all, err := a.s.People.Platforms(ctx)
	if err != nil {
		return nil, err
	}
	key := func(p people.Platform) string { return p.Code }
	return list(&in.Paged, slicePage(sorted(all, key), in.Cursor(), key), renderPlatform), nil
}

func sorted[T any](all []T, key func(T) string) []T {
	return slices.SortedFunc(slices.Values(all), func(x, y T) int { return strings.Compare(key(x), key(y)) })
}

// slicePage is the page that the cursor asks for of a list that is short and already read, sorted by
// key.
func slicePage[T any](all []T, c qms.Cursor, key func(T) string) qms.Page[T] {
	if c.After != "" {
		from := slices.IndexFunc(all, func(t T) bool { return key(t) > c.After })
		if from < 0 {
			from = len(all)
		}
		all = all[from:]
	}
	return qms.PageOf(all, c.Limit(), key)
}

type addPlatform struct {
	Body struct {
		Code string `json:"code" maxLength:"20" example:"PLT"`
		Name string `json:"name" maxLength:"200" example:"Plateforme de microscopie"`
	}
}

func (a *API) addPlatform(ctx context.Context, in *addPlatform) (*One[Platform], error) {
	p, err := a.s.People.AddPlatform(ctx, people.AddPlatform{Code: in.Body.Code, Name: in.Body.Name})
	if err != nil {
		return nil, err
	}
	return one(p.Revision, renderPlatform(*p)), nil
}

func (a *API) getPlatform(ctx context.Context, in *InPlatform) (*One[Platform], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return one(p.Revision, renderPlatform(*p)), nil
}
