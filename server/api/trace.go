package api

import (
	"context"
	"github.com/danielgtaylor/huma/v2"
	"net/http"

	"maillon/qms"
	"maillon/qms/trace"
)

// traces are the services, the equipment, the trainings and the uses of a platform.
func (a *API) traces() {
	a.services()
	a.tariffs()
	a.equipment()
	a.trainings()
	a.trainingStatuses()
	a.trainingSessions()
	a.trainers()
	a.uses()
	a.impacts()
	a.bookings()
	a.checks()
	a.evidence()
}

// stated is a body that may say why it corrects what was stated before.
type stated interface{ why() string }

// Why is embedded in what a client states of a record.
type Why struct {
	Reason string `json:"reason,omitempty" maxLength:"4000" doc:"Why; required to correct"`
}

func (w Why) why() string { return w.Reason }

// Voiding says why a record is a mistake.
type Voiding struct {
	Reason string `json:"reason" minLength:"1" maxLength:"4000" doc:"Why the record is a mistake"`
}

// kind is how the records of one kind, which are known by a number, are read and written: B is what a
// client states, R the record of the room, T what a client is shown.
type kind[B stated, R, T any] struct {
	plural, noun, subject string
	read                  func(ctx context.Context, platform qms.ID, number string) (*R, error)
	make                  func(ctx context.Context, platform qms.ID, body B) (*R, error)
	correct               func(ctx context.Context, target trace.Target, body B) (*R, error)
	void                  func(ctx context.Context, target trace.Target) (*R, error)
	render                func(R) T
	row                   func(*R) qms.Row
	said                  func(context.Context, R) T // of a new record, when it is more than render says
}

type readRecord struct {
	InPlatform
	Number string `path:"number" maxLength:"100" doc:"Number or code, in any case"`
}

type newRecord[B any] struct {
	InPlatform
	Body B
}

type changeRecord[B any] struct {
	InPlatform
	IfMatch
	Number string `path:"number" maxLength:"100"`
	Body   B
}

// records registers the four operations of a kind of record.
func records[B stated, R, T any](a *API, k kind[B, R, T]) {
	all := "/platforms/{platform}/" + k.plural
	number := all + "/{number}"
	register(a, get(number, "get-"+k.noun, "One "+k.noun, k.subject), k.get(a))
	register(a, created(post(all, "record-"+k.noun, "Record "+article(k.noun), k.subject)), k.add(a))
	register(a, patch(number, "correct-"+k.noun, "Correct what was stated of "+article(k.noun), k.subject), k.change(a))
	register(a, atRevision(post(number+"/void", "void-"+k.noun, "Declare "+article(k.noun)+" a mistake", k.subject)), k.annul(a))
}

func article(noun string) string {
	switch noun[0] {
	case 'a', 'e', 'i', 'o':
		return "an " + noun
	}
	return "a " + noun
}

// atRevision marks an act that wants If-Match.
func atRevision(o huma.Operation) huma.Operation {
	o.Errors = append(o.Errors, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	return o
}

func (k kind[B, R, T]) shown(r *R, err error) (*One[T], error) {
	if err != nil {
		return nil, err
	}
	return one(k.row(r).Revision, k.render(*r)), nil
}

func (k kind[B, R, T]) get(a *API) func(context.Context, *readRecord) (*One[T], error) {
	return func(ctx context.Context, in *readRecord) (*One[T], error) {
		p, err := a.platform(ctx, in.Platform)
		if err != nil {
			return nil, err
		}
		return k.shown(k.read(ctx, p.ID, in.Number))
	}
}

func (k kind[B, R, T]) add(a *API) func(context.Context, *newRecord[B]) (*One[T], error) {
	return func(ctx context.Context, in *newRecord[B]) (*One[T], error) {
		p, err := a.platform(ctx, in.Platform)
		if err != nil {
			return nil, err
		}
		r, err := k.make(ctx, p.ID, in.Body)
		if err == nil && k.said != nil {
			return one(k.row(r).Revision, k.said(ctx, *r)), nil
		}
		return k.shown(r, err)
	}
}

// target is the record of that number, at the revision the client knows.
func (k kind[B, R, T]) target(ctx context.Context, a *API, platform, number, reason string, m *IfMatch) (trace.Target, error) {
	p, err := a.platform(ctx, platform)
	if err != nil {
		return trace.Target{}, err
	}
	revision, err := m.Revision()
	if err != nil {
		return trace.Target{}, err
	}
	r, err := k.read(ctx, p.ID, number)
	if err != nil {
		return trace.Target{}, err
	}
	return trace.Target{Platform: p.ID, ID: k.row(r).ID, Revision: revision, Reason: reason}, nil
}

func (k kind[B, R, T]) change(a *API) func(context.Context, *changeRecord[B]) (*One[T], error) {
	return func(ctx context.Context, in *changeRecord[B]) (*One[T], error) {
		target, err := k.target(ctx, a, in.Platform, in.Number, in.Body.why(), &in.IfMatch)
		if err != nil {
			return nil, err
		}
		return k.shown(k.correct(ctx, target, in.Body))
	}
}

func (k kind[B, R, T]) annul(a *API) func(context.Context, *changeRecord[Voiding]) (*One[T], error) {
	return func(ctx context.Context, in *changeRecord[Voiding]) (*One[T], error) {
		target, err := k.target(ctx, a, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
		if err != nil {
			return nil, err
		}
		return k.shown(k.void(ctx, target))
	}
}
