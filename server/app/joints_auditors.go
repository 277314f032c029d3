package app

import (
	"context"
	"crypto/sha256"
	"fmt"
	"mime"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/audits/auditors"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trail"
	"maillon/scheduler"
	"maillon/scheduler/digest"
	"maillon/scheduler/smtp"
	"maillon/server/web"
)

// auditorPost writes to auditors through the outbox of reminders.
type auditorPost struct{ h *House }

// Welcome queues the letter within the act.
func (p auditorPost) Welcome(ctx context.Context, tx *store.Tx, w auditors.Welcome) (qms.ID, bool, error) {
	row := &scheduler.Welcome{Person: w.Person, Name: w.Name, Address: w.Address, Language: w.Language, Chooses: w.Chooses, OverAt: w.Over,
		Told: scheduler.Call{Subject: w.Subject, Heading: w.Heading, Intro: w.Intro, Facts: w.Facts, Platform: w.Platform, Parts: []string{"audit"}}}
	leaves, err := p.h.Reminders.Welcome(ctx, tx, row)
	return row.ID, leaves, err
}

// linkKey is the secret of the links of letters to auditors. It follows from the key of the site, so that
// every replica makes the same ones.
func linkKey(k trail.Key) auditors.LinkKey {
	signed, err := k.SignText("the key of the letters to auditors of this site\n")
	if err != nil {
		return nil // links are then refused
	}
	digest := sha256.Sum256(signed)
	return digest[:]
}

// welcome puts the letter to an auditor into words: this is where its link is made.
// A server whose key was replaced leaves it to the others: its links open nothing.
func (h *House) welcome(ctx context.Context, l scheduler.Letter) (smtp.Message, error) {
	w := l.Welcome
	if w.Chooses {
		err := h.DB.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error { return h.Witness.Signs(ctx, r) })
		if err != nil {
			return smtp.Message{}, fmt.Errorf("%w: %w", scheduler.ErrNotByUs, err)
		}
	}
	mail := digest.Welcome{ID: l.ID, Name: w.Name, Address: w.Address, Language: w.Language, Subject: w.Told.Subject, Heading: w.Told.Heading,
		Intro: w.Told.Intro, Facts: w.Told.Facts, Platform: w.Told.Platform}
	if w.Chooses {
		mail.Link = string(w.ID) + "/" + h.Auditors.LinkKey().Token(w.ID)
	}
	return digest.Let(digest.Site{URL: h.url, Due: duePage, Preferences: preferencesPage}, mail)
}

// renewInvitations writes again to auditors whose link was made with an earlier key. Where no mail leaves,
// links are handed over by hand, and the page says which ones open nothing any more.
func (h *House) renewInvitations(ctx context.Context) error {
	if !h.Reminders.Leaves() {
		return nil
	}
	return h.Auditors.Renew(ctx)
}

// watch notes what auditors open, once it is answered: pages, files and what programs read. It is the same
// for every door, so that no page can forget it.
func (h *House) watch(c *fiber.Ctx) error {
	err := c.Next()
	if err != nil || c.Method() != fiber.MethodGet || c.Response().StatusCode() >= fiber.StatusMultipleChoices {
		return err
	}
	actor := qms.ActorFrom(c.UserContext())
	on := auditedBy(actor)
	if len(on) == 0 {
		return nil
	}
	code, path, kind := placeOf(c.Path())
	if code == "" || c.Get("HX-Request") != "" {
		return nil
	}
	title, _ := c.Locals(web.OpenedTitle).(string)
	if file := c.GetRespHeader(fiber.HeaderContentDisposition); file != "" && kind == auditors.PageKind {
		kind = auditors.FileKind
		if _, named, err := mime.ParseMediaType(file); err == nil && title == "" {
			title = named["filename"]
		}
	}
	h.Auditors.Saw(auditors.Sight{Code: people.NormalCode(code), Audits: on, Person: actor.ID, Name: actor.Name, Kind: kind, Path: path, Title: title})
	return nil
}

// auditedBy are the platforms that the actor looks into as an auditor.
func auditedBy(a qms.Actor) (on []qms.ID) {
	for _, g := range a.Grants {
		if g.Role == qms.Auditor {
			on = append(on, g.Platform)
		}
	}
	return on
}

// placeOf is the platform of an address, what is opened of it, and by which door.
func placeOf(path string) (code, rest string, kind auditors.Kind) {
	kind = auditors.PageKind
	rest, ok := strings.CutPrefix(path, "/p/")
	if !ok {
		if rest, ok = strings.CutPrefix(path, "/api/v1/platforms/"); !ok {
			return "", "", ""
		}
		kind = auditors.APIKind
	}
	code, rest, _ = strings.Cut(rest, "/")
	if plain, err := url.PathUnescape(rest); err == nil {
		rest = plain
	}
	if plain, err := url.PathUnescape(code); err == nil {
		code = plain
	}
	return code, rest, kind
}

// noteOpenings puts on record, at a stop, what auditors opened since the last minute.
func (h *House) noteOpenings() error {
	if h.Auditors == nil {
		return nil
	}
	return h.Auditors.Flush(context.Background())
}
