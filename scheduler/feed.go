package scheduler

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/scheduler/calendar"
)

// Feed is a secret address under which calendar programs fetch what falls due: of a person over all
// their platforms, or of a platform as those who lead it see it.
type Feed struct {
	qms.Row
	Person     qms.ID // none of a platform's
	Name       string
	Language   string
	SecretHash []byte `trail:"digest"` // SHA-256 of the secret, which is shown once
	MadeBy     qms.ID
	MadeAt     time.Time
	RevokedAt  time.Time `bun:",nullzero"`
	FetchedOn  qms.Date  // the last day on which it was fetched
}

// The bounds of feeds.
const (
	maxFeeds    = 20 // that are not revoked, of one owner
	maxFeedName = 100
	feedDays    = 366 // how far ahead a feed tells
)

// newSecret is 256 random bits that an address ends in, and what the database keeps.
func newSecret() (secret string, hash []byte) {
	var b [32]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	secret = base64.RawURLEncoding.EncodeToString(b[:])
	return secret, hashSecret(secret)
}

func hashSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func tidyName(name string) (string, []qms.Field) {
	name = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(name, ""), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if utf8.RuneCountInString(name) > maxFeedName {
		return name, []qms.Field{qms.Wrong("name", "input.too_long", maxFeedName)}
	}
	return name, nil
}

// Fetched is what a feed tells at one moment.
type Fetched struct {
	Feed  Feed
	Title string // whose it is
	Items []DueItem
	At    time.Time
}

// Tag is the same for as long as the feed tells the same under that address.
func (f *Fetched) Tag(base string) string {
	h := sha256.New()
	part := func(text string) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(text)))
		h.Write(n[:])
		h.Write([]byte(text))
	}
	part(base)
	part(f.Feed.Language)
	part(f.Title)
	for _, i := range f.Items {
		for _, text := range append([]string{i.Key, i.Kind, i.Title, i.Form, i.On.String(), i.Code, string(binary.AppendVarint(nil, i.Revision))}, i.Parts...) {
			part(text)
		}
	}
	return `"` + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18]) + `"`
}

// Calendar is the feed as calendar programs read it, with addresses below base. An obligation keeps its
// identifier for as long as it keeps its key, and its sequence rises with the revision of its record.
func (f *Fetched) Calendar(p *locale.Printer, base string, place func(DueItem) string) calendar.Calendar {
	c := calendar.Calendar{Method: calendar.Publish, Name: p.T("feed.title", f.Title), Refresh: time.Hour}
	for _, i := range f.Items {
		code, name := i.Code, i.Name
		if i.OfSite() {
			code = p.T("page.trail.site")
			name = code
		}
		c.Events = append(c.Events, calendar.Event{
			UID: calendar.UID(i.Key), Sequence: i.Revision, Stamp: f.At, Day: i.On, Summary: p.T("feed.event", code, p.T("due."+i.Kind), Heading(p, i.Due)),
			Description: p.T("feed.where", name), URL: base + place(i), Categories: []string{p.T("due." + i.Kind)},
		})
	}
	return c
}
