// Package app joins the house: it reads the settings, opens the database and the vault, makes the
// rooms and hands them to each other and to the doors, and serves.
//
// It is the only package that knows every type; what one room needs of another is joined here, in
// joints.go, by small adapters.
//
// It promises that nothing is served before the schema is up to date, that a stop lets requests under
// way end, and that the signing key is made once and never written over.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"maillon/audits"
	"maillon/audits/auditors"
	"maillon/audits/integrity"
	"maillon/audits/witness"
	"maillon/documents"
	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/documents/vault/minio"
	"maillon/qms"
	"maillon/qms/aside"
	"maillon/qms/label"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
	"maillon/qms/trail"
	"maillon/scheduler"
	"maillon/scheduler/smtp"
	"maillon/server/importer"
)

// House is an open site: every room, over one database, one vault and one key.
type House struct {
	DB        *store.DB
	Vault     Vault
	Key       trail.Key
	People    *people.Service
	Documents *documents.Service
	Trace     *trace.Service
	Label     *label.Service
	Agenda    *scheduler.Agenda
	Audits    *audits.Service
	Witness   *witness.Service
	Importer  *importer.Service
	Trail     *store.Trail
	Reminders *scheduler.Service
	Scrubs    *integrity.Service
	Auditors  *auditors.Service

	clock   qms.Clock
	keyFile string
	mails   *smtp.Server // nil: no mail is sent
	url     string       // where people reach the site; empty to say where it listens
	log     *slog.Logger
	vaultAt string // the address of the vault

	verifiers string // the folder that auditors download from
	room      *aside.Room
	swept     sweeps
}

// Vault is a vault that can be swept; both kinds can.
type Vault interface {
	vault.Vault
	Sweep(ctx context.Context, before time.Time, keep vault.Keep) (vault.Swept, error)
}

// Options are what a House takes besides its settings.
type Options struct {
	Clock  qms.Clock      // SystemClock when nil
	Log    *slog.Logger   // discards when nil
	People people.Options // how costly password hashes are
	Room   *aside.Room    // where this process keeps files aside; nil: where the system does
}

// Open opens the site of the settings, makes what a first start needs, and brings its schema up to date.
func Open(ctx context.Context, s Settings, o Options) (_ *House, err error) {
	if o.Clock == nil {
		o.Clock = qms.SystemClock
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(s.Folder(), 0o700); err != nil {
		return nil, err
	}
	key, err := openKey(s.key(), s.Origin)
	if err != nil {
		return nil, err
	}
	contents, err := openVault(ctx, s.vault())
	if err != nil {
		return nil, err
	}
	zone, err := s.location()
	if err != nil {
		return nil, err
	}
	db, err := openStore(ctx, s, o, zone)
	if err != nil {
		return nil, err
	}
	h := &House{DB: db, Vault: contents, clock: o.Clock, keyFile: s.key(), log: o.Log, vaultAt: s.vault(), verifiers: s.Verifiers, room: o.Room}
	if h.Key, err = finishKey(ctx, db, h.keyFile, key, o.Log); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := h.witnessBy(s, zone); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	h.join(o)
	if err := h.furnish(ctx, s, o, zone); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// openStore opens the database and brings its schema up to date.
func openStore(ctx context.Context, s Settings, o Options, zone *time.Location) (*store.DB, error) {
	db, err := store.Open(ctx, store.Options{URL: s.database(), Clock: o.Clock, Location: zone, Logger: o.Log})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("bring the schema up to date: %w", err), db.Close())
	}
	return db, nil
}

// furnish gives the rooms what they work with: the scrub, the printer, the post, the rules of imports; and clears
// away what a process that was killed left behind.
func (h *House) furnish(ctx context.Context, s Settings, o Options, zone *time.Location) error {
	h.scrubBy(s)
	if err := h.printWith(s, zone, o.Log); err != nil {
		return err
	}
	if err := h.postBy(s); err != nil {
		return err
	}
	h.remindBy(zone)
	h.Witness.PostBy(h.Reminders)
	if err := h.enrolled(ctx); err != nil {
		return err
	}
	h.Auditors = auditors.New(h.DB, auditors.Options{Accounts: h.People, Post: auditorPost{h}, Key: linkKey(h.Key), Keys: h.Witness, Log: o.Log})
	rules, err := importer.LoadRules(filepath.Join(s.Folder(), "import-rules.json"))
	if err != nil {
		return err
	}
	h.Importer.GuessBy(rules)
	return errors.Join(h.index(ctx), h.bury(ctx, o.Room))
}

// join makes the rooms, the ones that others need first.
func (h *House) join(o Options) {
	h.Trail = store.NewTrail(h.DB, h.Key).SignIf(h.Witness.Signs)
	h.People = people.New(h.DB, o.People)
	h.Documents = documents.New(h.DB, h.Vault, staff{}).LookUp(subjects{})
	h.Trace = trace.New(h.DB, members{}, h.Documents).FindPeopleBy(members{}).KeepIn(h.Vault).SignFormsWith(formKey(h.Key))
	h.Label = label.New(h.DB, programme{}).HostedBy(hosts{}).ProveBy(evidences{})
	h.Agenda = scheduler.NewAgenda(h.DB, h.sources()...)
	h.Importer = importer.New(h.DB, h.Vault, h.Trace).LogTo(o.Log)
	h.Audits = audits.New(h.DB, audits.Options{Trace: h.Trace, Documents: h.Documents, Label: h.Label, Rooms: h.rooms(),
		Vault: h.Vault, Key: h.Key, Witness: h.Witness, Registers: h.Importer, Holder: holderOf(o.Room), Log: o.Log})
}

// Close ends what Open began: imports under way are undone and packs in the making left to who takes them
// up.
func (h *House) Close() error {
	h.Importer.Close()
	h.Audits.Close()
	return errors.Join(h.noteOpenings(), h.DB.Close())
}

func openVault(ctx context.Context, address string) (Vault, error) {
	switch scheme, rest := cutScheme(address); scheme {
	case "file":
		return dir.Open(rest)
	case "s3":
		return minio.Open(ctx, address)
	default:
		return nil, fmt.Errorf("the vault %q is neither file:FOLDER nor s3://...", scheme)
	}
}
