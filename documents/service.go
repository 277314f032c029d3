package documents

import (
	"context"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// Person is somebody of a platform, as the documents name people.
type Person struct {
	ID   qms.ID
	Name string
}

// People tells who belongs to a platform; server/app joins it to the room of people.
type People interface {
	// Staff lists who may write, verify or approve documents of the platform on the day, by name.
	Staff(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]Person, error)
	// Names gives the names of persons, whether they are still there or not.
	Names(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error)
	// Holdings lists who may acknowledge readings on the platform and through which role, of all times.
	Holdings(ctx context.Context, r store.Reader, platform qms.ID) ([]Holding, error)
	// HoldingsOn is Holdings of every platform, of those alone that are named when any is.
	HoldingsOn(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID][]Holding, error)
	// HeldBy is the part of Holdings that is the person's, on each of the platforms.
	HeldBy(ctx context.Context, r store.Reader, person qms.ID, platforms []qms.ID) (map[qms.ID][]Holding, error)
}

// Service holds the acts of the room. Its methods are safe for concurrent use.
type Service struct {
	db     *store.DB
	vault  vault.Vault
	people People

	surveys     memory[*survey]
	corrections memory[corrected]
	press       *press
	subjects    Subjects
}

// New makes the room's service.
func New(db *store.DB, v vault.Vault, people People) *Service {
	db.Mirror(mirror())
	return &Service{db: db, vault: v, people: people, press: newPress()}
}

// Create asks for a new document with a first draft.
type Create struct {
	Platform        qms.ID
	Kind            string
	Process         string
	Code            string // adopted; empty to be given one by the pattern
	Title           string
	Owner           qms.ID // the actor when empty
	Confidentiality Confidentiality
	ReviewMonths    *qms.Months // DefaultReviewMonths when nil
	Retention       string
	Publisher       string
	Edition         string
	Watch           string
	WatchMonths     qms.Months // how often to look for a new edition; 0: not watched
	RetentionMonths qms.Months // how long what has ended is kept; 0: not stated
	Number          string     // of the first version; 1.0 when empty
	Reason          string
	File            *File // from Receive; may come later
	Round           *Round
}

// NewVersion asks for a draft of the next version.
type NewVersion struct {
	Platform qms.ID
	Document qms.ID
	Minor    bool
	Number   string // instead of the next one
	Reason   string
	Author   qms.ID // the actor when empty
	File     *File
	Round    *Round
}

// Round puts a new version in review at once; without one it stays a draft.
type Round struct {
	Verifier    qms.ID
	Approver    qms.ID
	PlannedFrom qms.Date // proposed day of effect, may be none
}

// Attach gives a draft its content, or a version taken over without one.
type Attach struct {
	Platform qms.ID
	Version  qms.ID
	Revision int64 // 0 does not check
	File     File
}

// Submit puts a draft in review.
type Submit struct {
	Platform    qms.ID
	Version     qms.ID
	Revision    int64
	Verifier    qms.ID
	Approver    qms.ID
	PlannedFrom qms.Date // proposed day of effect, may be none
}

// Verify is the verifier's signature.
type Verify struct {
	Platform qms.ID
	Version  qms.ID
	Revision int64
}

// Approve is the approver's signature with the day of effect.
type Approve struct {
	Platform      qms.ID
	Version       qms.ID
	Revision      int64
	EffectiveFrom qms.Date // the planned day, or today when that has passed or there is none
	Rereads       bool     // a minor version too is to be read again by everybody to whom it is addressed
}

// Reject sends a version in review back to draft, by its verifier or approver.
type Reject struct {
	Platform qms.ID
	Version  qms.ID
	Revision int64
	Reason   string
}

// Recall takes a version in review back to draft, by its author or who controls documents.
type Recall struct {
	Platform qms.ID
	Version  qms.ID
	Revision int64
	Reason   string
}

// Withdraw ends a version for good, whatever its state but draft.
type Withdraw struct {
	Platform qms.ID
	Version  qms.ID
	Revision int64
	Reason   string
}

// Revise corrects what is said about a document; nil fields stay as they are.
type Revise struct {
	Platform        qms.ID
	Document        qms.ID
	Revision        int64
	Title           *string
	Process         *string
	Kind            *string
	Owner           *qms.ID
	Confidentiality *Confidentiality
	ReviewMonths    *qms.Months
	Retention       *string
	Publisher       *string
	Edition         *string
	Watch           *string
	WatchMonths     *qms.Months
	RetentionMonths *qms.Months
	Reason          string
}
