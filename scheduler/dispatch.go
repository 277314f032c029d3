package scheduler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// Dispatch is a mail that is not about what falls due, in the words of its reader, as it was written: it
// never changes. One is about one thing to one address, and there is never a second.
type Dispatch struct {
	qms.Row  `trail:"site"`
	About    string // what it tells, for the machine
	Person   qms.ID // of the house; none for an address outside of it
	Name     string
	Address  string
	Language string
	Words    Wording
	MadeAt   time.Time
}

// Wording is what a dispatch says.
type Wording struct {
	Subject     string           `json:"subject"`
	Heading     string           `json:"heading"`
	Greeting    string           `json:"greeting,omitempty"`
	Intro       []string         `json:"intro"`
	Facts       [][2]string      `json:"facts,omitempty"`  // what, and how it is
	Blocks      []Block          `json:"blocks,omitempty"` // texts that are kept line by line
	Button      string           `json:"button,omitempty"`
	Path        string           `json:"path,omitempty"` // of the page that the button opens, from the root of the site
	Attached    string           `json:"attached,omitempty"`
	Why         string           `json:"why"`
	Attachments []DispatchedFile `json:"attachments,omitempty"`
	Checkpoints []qms.ID         `json:"checkpoints,omitempty"` // that it tells
}

// Block is a text that is shown as it is, under its title.
type Block struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// DispatchedFile is a small text that goes with a mail.
type DispatchedFile struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Dispatch queues mails within an act; one about the same to the same address as before is left out.
// Without a mail server they are kept, and can be read.
func (s *Service) Dispatch(ctx context.Context, tx *store.Tx, all ...*Dispatch) error {
	var rows []qms.Record
	taken := map[[2]string]bool{}
	for _, d := range all {
		known, err := dispatched(ctx, tx, d.About, d.Address)
		if err != nil {
			return err
		}
		if known || taken[[2]string{d.About, d.Address}] {
			continue
		}
		taken[[2]string{d.About, d.Address}] = true
		d.ID, d.MadeAt = qms.NewID(tx.Now()), tx.Now()
		rows = append(rows, d, s.mailOf(tx, d))
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.Insert(ctx, rows...)
}

// mailOf is the mail that carries a dispatch. Who is no person of the house stands in it as the dispatch.
func (s *Service) mailOf(tx *store.Tx, d *Dispatch) *Mail {
	digest := sha256.Sum256(fmt.Appendf(nil, "%q %q\n", d.About, d.Address))
	m := &Mail{Row: qms.Row{ID: qms.NewID(tx.Now())}, Person: d.Person, Dispatch: d.ID, Day: tx.Today(), State: Queued, Address: d.Address,
		QueuedAt: tx.Now(), NextAt: tx.Now(), Message: "dispatch-" + hex.EncodeToString(digest[:16]) + "@" + s.o.Domain}
	if m.Person == "" {
		m.Person = d.ID
	}
	if s.o.Mailer == nil {
		m.settle(Kept, tx.Now())
	}
	return m
}

// dispatchesIn reads what mails carry.
func dispatchesIn(ctx context.Context, r store.Reader, mails []Mail) (map[qms.ID]*Dispatch, error) {
	var ids []qms.ID
	for i := range mails {
		if mails[i].Dispatch != "" {
			ids = append(ids, mails[i].Dispatch)
		}
	}
	return dispatchesByID(ctx, r, ids)
}

// carry makes the letter one that says what was written. It goes to the address that a person of the house
// has now.
func (q *queued) carry(d *Dispatch) {
	l := &q.letter
	l.Dispatch, l.Language = d, d.Language
	if d.Person == "" || l.Address == "" {
		l.Name, l.Address = d.Name, d.Address
	}
}

// Leaves reports whether mails leave the house.
func (s *Service) Leaves() bool { return s.o.Mailer != nil }
