package documents

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// ofPlatforms is the end of a condition that keeps to the platforms; nothing when none is named.
func ofPlatforms(column string, platforms []qms.ID) (string, []any) {
	if len(platforms) == 0 {
		return "", nil
	}
	args := make([]any, len(platforms))
	for n, p := range platforms {
		args[n] = p
	}
	return " AND " + column + " IN (?" + strings.Repeat(", ?", len(args)-1) + ")", args
}

// byIDs are documents by their identifiers.
func byIDs(all []*Document) map[qms.ID]*Document {
	documents := make(map[qms.ID]*Document, len(all))
	for _, d := range all {
		documents[d.ID] = d
	}
	return documents
}

// reviewedDocuments are the documents of reviewsUntil, in one statement however many they are.
func reviewedDocuments(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) (map[qms.ID]*Document, error) {
	var all []*Document
	of, ids := ofPlatforms("platform", platforms)
	err := r.Select(&all).Where("id IN (SELECT document FROM versions WHERE "+reviewed+of+")", append(reviewedBy(day, until), ids...)...).Scan(ctx)
	return byIDs(all), err
}

// signing are the versions that were in review by the day, and signedDocuments what they are of.
const signed = "state = ? AND submitted_on <= ?"

func toSign(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) ([]*Version, error) {
	var all []*Version
	of, ids := ofPlatforms("platform", platforms)
	err := r.Select(&all).Where(signed+of, append([]any{InReview, day}, ids...)...).Order("submitted_on", "id").Scan(ctx)
	return all, err
}

func signedDocuments(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) (map[qms.ID]*Document, error) {
	var all []*Document
	of, ids := ofPlatforms("platform", platforms)
	err := r.Select(&all).Where("id IN (SELECT document FROM versions WHERE "+signed+of+")", append([]any{InReview, day}, ids...)...).Scan(ctx)
	return byIDs(all), err
}

// addressed is the condition that a document is addressed to somebody, and answered that a version of
// one counts for its reading on a day: it is in force, or a minor one is that may be covered by it.
const (
	addressed = `EXISTS (SELECT 1 FROM addressees AS a WHERE a.platform = document.platform AND (a.document = document.id OR a.kind = document.kind))`
	answered  = `v.effective_from <= ? AND EXISTS (SELECT 1 FROM documents AS d JOIN addressees AS a ON a.platform = d.platform AND (a.document = d.id OR a.kind = d.kind)
		WHERE d.id = v.document) AND (v.effective_until IS NULL OR v.effective_until > ? OR EXISTS (SELECT 1 FROM versions AS n WHERE n.document = v.document
		AND n.minor > 0 AND NOT n.rereads AND n.effective_from <= ? AND (n.effective_until IS NULL OR n.effective_until > ?)))`
)

func addresseesOn(ctx context.Context, r store.Reader, platforms []qms.ID) ([]Addressee, error) {
	var all []Addressee
	of, ids := ofPlatforms("platform", platforms)
	err := r.Select(&all).Where("1 = 1"+of, ids...).Order("from_date", "id").Scan(ctx)
	return all, err
}

func addressedDocuments(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID]*Document, error) {
	var all []*Document
	of, ids := ofPlatforms("document.platform", platforms)
	err := r.Select(&all).Where(addressed+of, ids...).Scan(ctx)
	return byIDs(all), err
}

// answeredVersions are the versions whose reading counts on the day, newest first within each document.
func answeredVersions(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) ([]*Version, error) {
	var all []*Version
	of, ids := ofPlatforms("v.platform", platforms)
	err := r.Select(&all).Where("id IN (SELECT v.id FROM versions AS v WHERE "+answered+of+")", append([]any{day, day, day, day}, ids...)...).
		Order("document", "major DESC", "minor DESC").Scan(ctx)
	return all, err
}

// eachReading hands over who had signed by the day for having read those versions, platform by platform.
func eachReading(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date, visit func(Signature)) error {
	of, ids := ofPlatforms("v.platform", platforms)
	args := append([]any{day, day, day, day}, ids...)
	rows, err := r.Query(ctx, `SELECT v.platform, s.version, s.person, s.signed_on FROM versions AS v JOIN signatures AS s ON s.version = v.id
		WHERE `+answered+of+` AND s.meaning = ? AND s.signed_on <= ? ORDER BY v.platform`, append(args, ReadBy, day)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		s := Signature{Meaning: ReadBy}
		if err := rows.Scan(&s.Platform, &s.Version, &s.Person, &s.SignedOn); err != nil {
			return err
		}
		visit(s)
	}
	return rows.Err()
}

// readingRules are the rules about readings of the platforms that have one.
func readingRules(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID]*ReadingRule, error) {
	var all []*ReadingRule
	of, ids := ofPlatforms("platform", platforms)
	err := r.Select(&all).Where("1 = 1"+of, ids...).Scan(ctx)
	rules := make(map[qms.ID]*ReadingRule, len(all))
	for _, rule := range all {
		rules[rule.Platform] = rule
	}
	return rules, err
}

func retentionsOn(ctx context.Context, r store.Reader, platforms []qms.ID) (stated []qms.Months, err error) {
	of, ids := ofPlatforms("platform", platforms)
	err = r.Select((*Document)(nil)).Distinct().Column("retention_months").Where("retention_months > 0"+of, ids...).Order("retention_months").Scan(ctx, &stated)
	return stated, err
}

// ending is some contents of a platform whose retention is alike.
type ending struct {
	platform qms.ID
	kept     Kept // of the first of them
	count    int64
	label    string // the first one
}

// endings are the contents whose retention will have passed on the day until, alike ones together.
func endings(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) (all []ending, err error) {
	stated, err := retentionsOn(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	label := "p.label"
	if r.Engine() == store.PostgreSQL {
		label = `p.label COLLATE "C"`
	}
	q := passedBy(platforms, day, until, stated, "p.platform, p.retention_months, p.keep_until, CAST(MIN(p.ended) AS TEXT), COUNT(*), MIN("+label+")")
	q.add(" GROUP BY p.platform, p.retention_months, p.keep_until")
	rows, err := r.Query(ctx, q.text.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var e ending
		if err := rows.Scan(&e.platform, &e.kept.Months, &e.kept.KeepUntil, &e.kept.From, &e.count, &e.label); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, rows.Err()
}

// trailLengths are how many acts each platform has behind it.
func trailLengths(ctx context.Context, r store.Reader) (map[qms.ID]int64, error) {
	rows, err := r.Query(ctx, "SELECT log, size FROM trail_heads")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	lengths := map[qms.ID]int64{}
	for rows.Next() {
		var log qms.ID // the identifier of the platform, see trail.LogOf
		var size int64
		if err := rows.Scan(&log, &size); err != nil {
			return nil, err
		}
		lengths[log] = size
	}
	return lengths, rows.Err()
}
