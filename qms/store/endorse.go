package store

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
)

// Endorse puts the actor's signature on a record, within the act that the signature is for. The digest is
// qms.Digest of what it covers. The door has asked for the password again.
func (tx *Tx) Endorse(ctx context.Context, kind string, subject qms.ID, label string, meaning qms.Meaning, digest string) error {
	actor := tx.Actor()
	return tx.Insert(ctx, &qms.Endorsement{Kind: kind, Subject: subject, Label: label, Person: actor.ID, Name: actor.Name, Meaning: meaning,
		Digest: digest, SignedAt: tx.Now(), SignedOn: tx.Today(), Zone: tx.db.location.String()})
}

// Zone is where the site is, as the database of time zones names it.
func (tx *Tx) Zone() string { return tx.db.location.String() }

// Endorsed is a signature on a record, with whether an act on the trail changed that record since.
type Endorsed struct {
	qms.Endorsement
	Since bool
}

// Endorsements are the signatures on records of a platform that were given by the day, the newest first.
func Endorsements(ctx context.Context, r Reader, platform qms.ID, day qms.Date) ([]Endorsed, error) {
	return endorsed(ctx, r, "e.platform = ? AND e.signed_on <= ?", platform, day)
}

// EndorsementsOn are the signatures on some records of a platform, the newest first.
func EndorsementsOn(ctx context.Context, r Reader, platform qms.ID, records []qms.ID) ([]Endorsed, error) {
	if len(records) == 0 {
		return nil, nil
	}
	return endorsed(ctx, r, "e.platform = ? AND e.subject IN (?)", platform, bun.List(records))
}

// ChangedSince is the condition that an act on the trail changed what the endorsement e is under, since it was given.
const ChangedSince = `EXISTS (SELECT 1 FROM trail_changes AS own JOIN trail_changes AS later ON later.log = own.log AND later.seq > own.seq
	WHERE own.row_id = e.id AND own.row_table = 'endorsements' AND later.row_id = e.subject)`

func endorsed(ctx context.Context, r Reader, where string, args ...any) (all []Endorsed, err error) {
	rows, err := r.Query(ctx, `SELECT e.id, e.platform, e.revision, e.kind, e.subject, e.label, e.person, e.name, e.meaning, e.digest, e.signed_at, e.signed_on, e.zone, `+ChangedSince+`
		FROM endorsements AS e WHERE `+where+` ORDER BY e.signed_at DESC, e.id DESC`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var e Endorsed
		if err := rows.Scan(&e.ID, &e.Platform, &e.Revision, &e.Kind, &e.Subject, &e.Label, &e.Person, &e.Name, &e.Meaning, &e.Digest,
			Instant(&e.SignedAt), &e.SignedOn, &e.Zone, &e.Since); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, rows.Err()
}
