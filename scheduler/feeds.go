package scheduler

import (
	"context"
	"slices"
	"time"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// manageFeeds is who makes and revokes the feeds of a platform.
const manageFeeds = qms.WriteLabel

// MakeFeed asks for a feed: of the platform, or of the actor when none is named.
type MakeFeed struct {
	Platform qms.ID
	Name     string // to tell it from others; may be empty
	Language string
}

// feedAct is the act on a feed of the platform, or on one's own.
func feedAct(name string, platform, feed qms.ID) qms.Act {
	needs := qms.SignedIn.OnSite()
	if platform != "" {
		needs = manageFeeds.On(platform)
	}
	return qms.Act{Name: name, Needs: needs, Platform: platform, Subject: feed}
}

// MakeFeed makes a feed and tells its secret, once.
func (a *Agenda) MakeFeed(ctx context.Context, cmd MakeFeed) (*Feed, string, error) {
	name, wrong := tidyName(cmd.Name)
	if err := qms.InvalidFields(wrong...); err != nil {
		return nil, "", err
	}
	actor := qms.ActorFrom(ctx)
	if cmd.Platform == "" && actor.ID == "" {
		return nil, "", qms.Unauthenticated("right.sign_in")
	}
	secret, hash := newSecret()
	f := &Feed{Name: name, Language: cmd.Language, SecretHash: hash, MadeBy: actor.ID}
	if cmd.Platform == "" {
		f.Person = actor.ID
	}
	err := a.db.Change(ctx, feedAct("feed.make", cmd.Platform, ""), func(tx *store.Tx) error {
		all, err := feedsOf(ctx, tx, cmd.Platform, f.Person)
		if err != nil {
			return err
		}
		if open := slices.DeleteFunc(all, func(f Feed) bool { return !f.RevokedAt.IsZero() }); len(open) >= maxFeeds {
			return qms.Conflict("feed.too_many", maxFeeds)
		}
		f.MadeAt = tx.Now()
		return tx.Insert(ctx, f)
	})
	if err != nil {
		return nil, "", err
	}
	return f, secret, nil
}

// RevokeFeed closes a feed of the platform, or one of one's own, for ever. To do it again changes
// nothing.
func (a *Agenda) RevokeFeed(ctx context.Context, platform, feed qms.ID) (*Feed, error) {
	var f Feed
	err := a.db.Change(ctx, feedAct("feed.revoke", platform, feed), func(tx *store.Tx) error {
		all, err := feedsOf(ctx, tx, platform, tx.Actor().ID)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(all, func(f Feed) bool { return f.ID == feed })
		if n < 0 {
			return qms.NotFound("feed.not_found")
		}
		if f = all[n]; !f.RevokedAt.IsZero() {
			return nil
		}
		f.RevokedAt = tx.Now()
		return tx.Update(ctx, &f)
	})
	if err != nil {
		return nil, err
	}
	return &f, nil
}

// Feeds lists the feeds of the platform, or one's own when none is named, the newest first.
func (a *Agenda) Feeds(ctx context.Context, platform qms.ID) (all []Feed, err error) {
	err = a.db.View(ctx, feedAct("", platform, "").Needs, func(r store.Reader) error {
		all, err = feedsOf(ctx, r, platform, r.Actor().ID)
		return err
	})
	return all, err
}

// feedsOf reads the feeds of the platform, or of the person when none is named.
func feedsOf(ctx context.Context, r store.Reader, platform, person qms.ID) (all []Feed, err error) {
	q := r.Select(&all)
	if platform != "" {
		q = q.Where("platform = ?", platform)
	} else {
		q = q.Where("person = ? AND platform IS NULL", person)
	}
	return all, q.Order("made_at DESC", "id DESC").Scan(ctx)
}

// Fetch is what the feed of that secret tells now: to nobody signed in, whoever asks from the address. A
// person's tells what that person may see at this moment, and nothing once their account is closed; a
// secret that was revoked and one that never was are told alike. Who keeps guessing is told to wait; a
// right secret is always answered, for many read their calendars from the one address of a university.
func (a *Agenda) Fetch(ctx context.Context, secret, address string) (*Fetched, error) {
	now := a.db.Now()
	ctx = qms.WithActor(ctx, qms.System("feeds"))
	f, reader, err := a.feedBy(ctx, hashSecret(secret))
	if err != nil {
		return nil, err
	}
	if f == nil {
		if wait := a.guesses.wait(address, now); wait > 0 {
			return nil, qms.Busy("feed.too_many_guesses", wait.Truncate(time.Second)+time.Second)
		}
		a.guesses.wrong(address, now)
		return nil, qms.NotFound("feed.not_found")
	}
	told := &Fetched{Feed: *f, At: now}
	err = a.db.View(qms.WithActor(ctx, reader), qms.SignedIn.OnSite(), func(r store.Reader) error {
		filter := DueFilter{Platform: f.Platform, Person: f.Person, Until: r.Today().AddDays(feedDays)}
		list, err := a.read(ctx, r, filter, nil, 0)
		if err != nil {
			return err
		}
		told.Items, told.Title = list.Page.Items, reader.Name
		if f.Platform != "" {
			told.Title = list.Platforms[f.Platform].Name
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return told, a.noteFetch(ctx, f)
}

// feedBy finds the feed and as whom it reads; nobody's when it tells nothing.
func (a *Agenda) feedBy(ctx context.Context, hash []byte) (feed *Feed, reader qms.Actor, err error) {
	err = a.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) error {
		var found []Feed
		if err := r.Select(&found).Where("secret_hash = ?", hash).Limit(1).Scan(ctx); err != nil || len(found) == 0 || !found[0].RevokedAt.IsZero() {
			return err
		}
		if found[0].Platform != "" {
			reader = qms.Actor{ID: found[0].MadeBy, Grants: []qms.Grant{{Role: qms.QualityLead, Platform: found[0].Platform}}}
			feed = &found[0]
			return nil
		}
		if reader, err = people.ActorOf(ctx, r, found[0].Person); err == nil && reader.ID != "" {
			feed = &found[0]
		}
		return err
	})
	return feed, reader, err
}

// noteFetch notes the first fetch of a day.
func (a *Agenda) noteFetch(ctx context.Context, f *Feed) error {
	if f.FetchedOn == a.db.Today() {
		return nil
	}
	act := qms.Act{Name: "feed.fetch", Needs: qms.Public.OnSite(), Platform: f.Platform, Subject: f.ID}
	return a.db.Change(ctx, act, func(tx *store.Tx) error {
		var now []Feed
		if err := tx.Select(&now).Where("id = ?", f.ID).Scan(ctx); err != nil || len(now) == 0 || now[0].FetchedOn >= tx.Today() {
			return err
		}
		now[0].FetchedOn = tx.Today()
		return tx.Update(ctx, &now[0])
	})
}
