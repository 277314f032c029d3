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

// Endorsements are the signatures on records of a platform that were given by the day, the newest first.
func Endorsements(ctx context.Context, r Reader, platform qms.ID, day qms.Date) (all []qms.Endorsement, err error) {
	err = r.Select(&all).Where("platform = ? AND signed_on <= ?", platform, day).Order("signed_at DESC", "id DESC").Scan(ctx)
	return all, err
}

// EndorsementsOn are the signatures on some records of a platform, the newest first.
func EndorsementsOn(ctx context.Context, r Reader, platform qms.ID, records []qms.ID) (all []qms.Endorsement, err error) {
	if len(records) == 0 {
		return nil, nil
	}
	err = r.Select(&all).Where("platform = ? AND subject IN (?)", platform, bun.List(records)).Order("signed_at DESC", "id DESC").Scan(ctx)
	return all, err
}
