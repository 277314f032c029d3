package qms

import "context"

// Act is what somebody is about to change: one act is one leaf of the trail.
type Act struct {
	Name     string     // noun.verb, for example "version.approve"
	Needs    Permission // decided on Platform
	Platform ID         // whose trail it goes to; empty for the site's
	Subject  ID         // the record it is about, when it is about one
	Reason   string     // why, in the actor's words, where one is asked for
}

// Actor is who acts. The zero Actor is nobody: the public.
type Actor struct {
	ID        ID     // the person
	Name      string // as it is at the time of the act; the trail keeps it
	Behalf    ID     // the person on whose behalf, when it is another one
	System    bool   // Maillon itself: migrations, the scheduler, the command line on the machine
	RequestID string // ties the trail to the logs
	Grants    []Grant
}

// Grant is one role held now. An empty Platform is a role on the site.
type Grant struct {
	Role     Role
	Platform ID
}

// System is Maillon itself acting, named after the part of it that acts.
func System(name string) Actor { return Actor{Name: name, System: true} }

// IsZero reports whether nobody is signed in.
func (a Actor) IsZero() bool { return a.ID == "" && !a.System }

type actorKey struct{}

// WithActor hands the actor to whatever is called with the context.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom is the actor of the context, nobody when there is none.
func ActorFrom(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}
