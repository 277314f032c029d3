package web

import (
	"bytes"
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/scheduler"
	"maillon/scheduler/calendar"
)

// FeedsView is the feeds of a platform, or one's own.
type FeedsView struct {
	Feeds []scheduler.Feed
	Form  *Form
	Made  *MadeFeed // shown once, on the page that answers its making
}

// MadeFeed is the address of a feed that was just made.
type MadeFeed struct {
	Name    string
	Address string
	Webcal  string // the same for programs that subscribe by a link
}

func (p *Page) feedsOn() (platform qms.ID) {
	if p.Platform != nil {
		return p.Platform.ID
	}
	p.Crumb(p.T("page.due.title"), p.dueHere())
	return ""
}

// FeedsHref is the page of these feeds.
func (p *Page) FeedsHref(parts ...any) string { return p.dueHere(append([]any{"feeds"}, parts...)...) }

// FeedsOf says whose feeds these are: "own" or "platform".
func (p *Page) FeedsOf() string {
	if p.Platform != nil {
		return "platform"
	}
	return "own"
}

// WebcalHref lets the address through that the site itself made; templates know no such scheme.
func (p *Page) WebcalHref(address string) template.URL { return template.URL(address) } //nolint:gosec // made of our own address and a secret of ours

func (s *Site) feedsView(p *Page, f *Form) (view FeedsView, err error) {
	p.Title = p.T("page.feeds.title")
	view.Form = f
	view.Feeds, err = s.Agenda.Feeds(p.Context(), p.feedsOn())
	return view, err
}

func (s *Site) feeds(p *Page) error {
	view, err := s.feedsView(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("due_feeds", view)
}

func (s *Site) makeFeed(p *Page) error {
	f := p.Form()
	cmd := scheduler.MakeFeed{Name: f.Text("name"), Language: p.Lang()}
	if p.Platform != nil {
		cmd.Platform = p.Platform.ID
	}
	err := f.Err()
	var feed *scheduler.Feed
	var secret string
	if err == nil {
		feed, secret, err = s.Agenda.MakeFeed(p.Context(), cmd)
	}
	view, wrong := s.feedsView(p, f)
	if wrong != nil {
		return wrong
	}
	if err != nil {
		return p.Again("due_feeds", f, err, view)
	}
	address := p.c.BaseURL() + feedPath(secret)
	_, bare, _ := strings.Cut(address, "://")
	view.Form, view.Made = &Form{printer: p.Printer}, &MadeFeed{feed.Name, address, "webcal://" + bare}
	return p.Render("due_feeds", view)
}

func feedPath(secret string) string { return "/calendar/" + secret + ".ics" }

// RevokeFeedView asks before a feed is closed.
type RevokeFeedView struct {
	Feed scheduler.Feed
	Form *Form
}

func (s *Site) feedOf(p *Page) (*scheduler.Feed, error) {
	id, err := p.ID("feed")
	if err != nil {
		return nil, err
	}
	all, err := s.Agenda.Feeds(p.Context(), p.feedsOn())
	for n := range all {
		if all[n].ID == id {
			return &all[n], nil
		}
	}
	if err == nil {
		err = qms.NotFound("feed.not_found")
	}
	return nil, err
}

func (s *Site) revokingFeed(p *Page) error {
	feed, err := s.feedOf(p)
	if err != nil {
		return err
	}
	p.Title = p.T("page.feeds.revoke")
	p.Crumb(p.T("page.feeds.title"), p.FeedsHref())
	return p.Render("due_feed_revoke", RevokeFeedView{*feed, p.Form()})
}

func (s *Site) revokeFeed(p *Page) error {
	feed, err := s.feedOf(p)
	if err != nil {
		return err
	}
	var platform qms.ID
	if p.Platform != nil {
		platform = p.Platform.ID
	}
	if _, err := s.Agenda.RevokeFeed(p.Context(), platform, feed.ID); err != nil {
		return err
	}
	return p.Done(p.FeedsHref(), "page.feeds.revoked")
}

// fetchFeed answers a calendar program, which signs in to nothing: the address is the secret.
func (s *Site) fetchFeed(p *Page) error {
	p.c.Set("X-Robots-Tag", "noindex")
	secret, named := strings.CutSuffix(p.c.Params("secret"), ".ics")
	if !named || len(secret) > 100 {
		secret = "" // the work of any other wrong one
	}
	told, err := s.Agenda.Fetch(p.Context(), secret, s.Guard.Address(p.c))
	if err != nil {
		s.retryAfter(p, err)
		return err
	}
	base := p.c.BaseURL()
	tag := told.Tag(base)
	s.secureHeaders(p.c)
	p.c.Set(fiber.HeaderCacheControl, "private, no-cache")
	p.c.Set(fiber.HeaderETag, tag)
	if known := p.c.Get(fiber.HeaderIfNoneMatch); known == "*" || strings.Contains(known, tag) {
		return p.c.SendStatus(fiber.StatusNotModified)
	}
	var b bytes.Buffer
	if err := calendar.Write(&b, told.Calendar(locale.For(told.Feed.Language), base, duePath)); err != nil {
		return err
	}
	p.c.Set(fiber.HeaderContentType, calendar.ContentType)
	p.c.Set(fiber.HeaderContentDisposition, `inline; filename="maillon.ics"`)
	return p.c.Send(b.Bytes())
}
