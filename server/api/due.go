package api

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/scheduler"
	"maillon/server/request"
)

// due is what falls due, and the feeds that calendar programs fetch it from.
func (a *API) due() {
	const own, of = "/due/feeds", "/platforms/{platform}/due/feeds"
	register(a, get("/due", "list-due", "What falls due on every platform that you may look into", "due"), a.listDue)
	register(a, get("/platforms/{platform}/due", "list-platform-due", "What falls due on a platform", "due"), a.listPlatformDue)
	register(a, get(own, "list-own-feeds", "Your own calendar feeds", "due"), a.listOwnFeeds)
	register(a, created(post(own, "make-own-feed", "Make a calendar feed of what concerns you; its address is told once", "due")), a.makeOwnFeed)
	register(a, post(own+"/{feed}/revoke", "revoke-own-feed", "Close one of your calendar feeds for ever", "due"), a.revokeOwnFeed)
	register(a, get(of, "list-platform-feeds", "The calendar feeds of a platform", "due"), a.listPlatformFeeds)
	register(a, created(post(of, "make-platform-feed", "Make a calendar feed of a platform; its address is told once", "due")), a.makePlatformFeed)
	register(a, post(of+"/{feed}/revoke", "revoke-platform-feed", "Close a calendar feed of a platform for ever", "due"), a.revokePlatformFeed)
}

// DueItem is one thing that falls due.
type DueItem struct {
	Key      string          `json:"key" doc:"Stable for one obligation, whatever day it is asked on"`
	Kind     string          `json:"kind" example:"calibration"`
	Name     string          `json:"kind_name" doc:"The kind in your language"`
	Platform string          `json:"platform" doc:"The code of the platform" example:"PLT"`
	Subject  qms.ID          `json:"subject,omitempty" doc:"The record it is about"`
	Title    string          `json:"title" doc:"In your language"`
	On       qms.Date        `json:"on" format:"date"`
	Group    scheduler.Group `json:"group" enum:"late,week,month,later"`
	Person   qms.ID          `json:"person,omitempty" doc:"Who is concerned; absent for the platform as a whole"`
	Who      []string        `json:"who" nullable:"false" doc:"The person, else those who manage and lead the platform"`
	Path     []string        `json:"path" nullable:"false" doc:"Of the page where it is done, within the platform" example:"[\"equipment\",\"EQ-001\"]"`
}

// FilterDue is embedded in the input of both lists. What is read by reflection has to be exported.
type FilterDue struct {
	Paged
	AsOf
	Until  string `query:"until" format:"date" doc:"The last day; 90 days ahead when absent"`
	Person string `query:"person" maxLength:"36" doc:"What concerns that person, by ID; me for yourself"`
	Kind   string `query:"kind" maxLength:"40"`
	Late   bool   `query:"late" doc:"Only what is late"`
}

type (
	listDue         struct{ FilterDue }
	listPlatformDue struct {
		InPlatform
		FilterDue
	}
)

func (a *API) listDue(ctx context.Context, in *listDue) (*List[DueItem], error) {
	return a.dueList(ctx, &in.FilterDue, "")
}

func (a *API) listPlatformDue(ctx context.Context, in *listPlatformDue) (*List[DueItem], error) {
	p, err := a.readPlatform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.dueList(ctx, &in.FilterDue, p.ID)
}

// readPlatform is the platform for who reads its lists.
func (a *API) readPlatform(ctx context.Context, code string) (*people.Platform, error) {
	p, err := a.platform(ctx, code)
	if err != nil {
		return nil, err
	}
	return p, qms.Authorise(qms.ActorFrom(ctx), qms.ReadPlatform.On(p.ID))
}

func (a *API) dueList(ctx context.Context, in *FilterDue, platform qms.ID) (*List[DueItem], error) {
	f := scheduler.DueFilter{Platform: platform, Person: qms.ID(in.Person), Kind: in.Kind, Late: in.Late}
	if in.Person == "me" {
		f.Person = qms.ActorFrom(ctx).ID
	}
	var err error
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	if in.Until != "" {
		if f.Until, err = qms.ParseDate(in.Until); err != nil {
			return nil, qms.InvalidFields(qms.Wrong("until", "value.not_a_date"))
		}
	}
	found, err := a.s.Agenda.Due(ctx, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	say := request.From(ctx).Printer()
	return list(&in.Paged, found.Page, func(i scheduler.DueItem) DueItem {
		return DueItem{Key: i.Key, Kind: i.Kind, Name: say.T("due." + i.Kind), Platform: i.Code, Subject: i.Subject, Title: scheduler.Heading(say, i.Due), On: i.On, Group: i.Group,
			Person: i.Person, Who: append([]string{}, i.Who...), Path: append([]string{}, i.Parts...)}
	}), nil
}

// Feed is a calendar feed. Its address ends in a secret, which nothing tells again once it is made.
type Feed struct {
	ID        qms.ID     `json:"id"`
	Revision  int64      `json:"revision"`
	Name      string     `json:"name,omitempty"`
	Language  string     `json:"language" enum:"fr,en"`
	MadeAt    time.Time  `json:"made_at"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
	FetchedOn qms.Date   `json:"fetched_on,omitzero" format:"date" doc:"The last day on which it was fetched"`
	Path      string     `json:"path,omitempty" doc:"Of its address on this site; told once, when it is made" example:"/calendar/….ics"`
}

func renderFeed(f scheduler.Feed) Feed {
	out := Feed{ID: f.ID, Revision: f.Revision, Name: f.Name, Language: f.Language, MadeAt: f.MadeAt, FetchedOn: f.FetchedOn}
	if !f.RevokedAt.IsZero() {
		out.RevokedAt = &f.RevokedAt
	}
	return out
}

// NewFeed is what is stated of a feed.
type NewFeed struct {
	Name string `json:"name,omitempty" maxLength:"100" doc:"To tell it from others"`
}

type (
	ownFeeds      struct{ Paged }
	platformFeeds struct {
		InPlatform
		Paged
	}
	makeOwnFeed      struct{ Body NewFeed }
	makePlatformFeed struct {
		InPlatform
		Body NewFeed
	}
	revokeOwnFeed struct {
		Feed string `path:"feed"`
	}
	revokePlatformFeed struct {
		InPlatform
		Feed string `path:"feed"`
	}
)

func (a *API) feedList(ctx context.Context, in *Paged, platform qms.ID) (*List[Feed], error) {
	all, err := a.s.Agenda.Feeds(ctx, platform)
	if err != nil {
		return nil, err
	}
	key := func(f scheduler.Feed) string { return f.MadeAt.UTC().Format("20060102150405.000000") + string(f.ID) }
	return list(in, slicePage(sorted(all, key), in.Cursor(), key), renderFeed), nil
}

func (a *API) listOwnFeeds(ctx context.Context, in *ownFeeds) (*List[Feed], error) {
	return a.feedList(ctx, &in.Paged, "")
}

func (a *API) listPlatformFeeds(ctx context.Context, in *platformFeeds) (*List[Feed], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.feedList(ctx, &in.Paged, p.ID)
}

func (a *API) makeFeed(ctx context.Context, platform qms.ID, body NewFeed) (*One[Feed], error) {
	f, secret, err := a.s.Agenda.MakeFeed(ctx, scheduler.MakeFeed{Platform: platform, Name: body.Name, Language: request.From(ctx).Printer().Lang()})
	if err != nil {
		return nil, err
	}
	out := renderFeed(*f)
	out.Path = "/calendar/" + secret + ".ics"
	return one(f.Revision, out), nil
}

func (a *API) makeOwnFeed(ctx context.Context, in *makeOwnFeed) (*One[Feed], error) {
	return a.makeFeed(ctx, "", in.Body)
}

func (a *API) makePlatformFeed(ctx context.Context, in *makePlatformFeed) (*One[Feed], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.makeFeed(ctx, p.ID, in.Body)
}

func (a *API) revokeFeed(ctx context.Context, platform qms.ID, id string) (*One[Feed], error) {
	feed, err := qms.ParseID(id)
	if err != nil {
		return nil, qms.NotFound("feed.not_found")
	}
	f, err := a.s.Agenda.RevokeFeed(ctx, platform, feed)
	if err != nil {
		return nil, err
	}
	return one(f.Revision, renderFeed(*f)), nil
}

func (a *API) revokeOwnFeed(ctx context.Context, in *revokeOwnFeed) (*One[Feed], error) {
	return a.revokeFeed(ctx, "", in.Feed)
}

func (a *API) revokePlatformFeed(ctx context.Context, in *revokePlatformFeed) (*One[Feed], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.revokeFeed(ctx, p.ID, in.Feed)
}
