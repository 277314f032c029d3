package documents

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// KitHeld is a template with its versions, the newest first, those withdrawn among them.
type KitHeld struct {
	KitTemplate
	Versions []*KitVersion
}

func kitTemplateByCode(ctx context.Context, r store.Reader, code string) (*KitTemplate, error) {
	tidy, err := TidyCode(code)
	if err != nil {
		return nil, qms.NotFound("template.not_found")
	}
	var t KitTemplate
	return one(ctx, r.Select(&t).Where("code = ?", tidy), &t, qms.NotFound("template.not_found"))
}

// kitVersions are the versions of some templates, the newest first within each; of all when none is named.
func kitVersions(ctx context.Context, r store.Reader, templates ...qms.ID) ([]*KitVersion, error) {
	var all []*KitVersion
	q := r.Select(&all)
	if len(templates) > 0 {
		q = q.Where("template IN (?)", bun.List(templates))
	}
	err := q.Order("template", "major DESC", "minor DESC").Scan(ctx)
	return all, err
}

// kitHeld is the whole kit in its order, in two statements.
func kitHeld(ctx context.Context, r store.Reader) ([]*KitHeld, error) {
	var templates []*KitTemplate
	if err := r.Select(&templates).Order("place", "code").Scan(ctx); err != nil || len(templates) == 0 {
		return nil, err
	}
	versions, err := kitVersions(ctx, r)
	if err != nil {
		return nil, err
	}
	of := map[qms.ID][]*KitVersion{}
	for _, v := range versions {
		of[v.Template] = append(of[v.Template], v)
	}
	kit := make([]*KitHeld, len(templates))
	for i, t := range templates {
		kit[i] = &KitHeld{*t, of[t.ID]}
	}
	return kit, nil
}

// kitCopies are the copies that hold of the platforms, of all when none is named, the oldest first.
func kitCopies(ctx context.Context, r store.Reader, platforms []qms.ID) ([]*KitCopy, error) {
	var all []*KitCopy
	err := onPlatforms(r.Select(&all), platforms).Order("copied_at", "id").Scan(ctx)
	return all, err
}

// kitCopiesOf are the copies of the platform that were made of some templates.
func kitCopiesOf(ctx context.Context, r store.Reader, platform, template qms.ID) ([]*KitCopy, error) {
	var all []*KitCopy
	err := r.Select(&all).Where("platform = ? AND template = ?", platform, template).Order("copied_at", "id").Scan(ctx)
	return all, err
}

// kitCopyOf is the copy that the document is and has not ceased to be, nil when it is none.
func kitCopyOf(ctx context.Context, r store.Reader, platform, document qms.ID) (*KitCopy, error) {
	var all []*KitCopy
	err := r.Select(&all).Where("platform = ? AND document = ? AND ended_on IS NULL", platform, document).Limit(1).Scan(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// kitAnswers are the answers of the platforms, of all when none is named, the oldest first.
func kitAnswers(ctx context.Context, r store.Reader, platforms []qms.ID) ([]*KitAnswer, error) {
	var all []*KitAnswer
	err := onPlatforms(r.Select(&all), platforms).Order("answered_at", "id").Scan(ctx)
	return all, err
}

// kitAnswersTo are the answers of a platform about one template.
func kitAnswersTo(ctx context.Context, r store.Reader, platform, template qms.ID) ([]*KitAnswer, error) {
	var all []*KitAnswer
	err := r.Select(&all).Where("platform = ? AND template = ?", platform, template).Order("answered_at", "id").Scan(ctx)
	return all, err
}

func onPlatforms(q *bun.SelectQuery, platforms []qms.ID) *bun.SelectQuery {
	if len(platforms) > 0 {
		q = q.Where("platform IN (?)", bun.List(platforms))
	}
	return q
}

// kitDocuments are the documents of the platforms, of all when none is named, that are copies.
func kitDocuments(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID]*Document, error) {
	var all []*Document
	err := onPlatforms(r.Select(&all), platforms).Where("id IN (SELECT document FROM kit_copies)").Scan(ctx)
	byID := make(map[qms.ID]*Document, len(all))
	for _, d := range all {
		byID[d.ID] = d
	}
	return byID, err
}

// copiedDocument is a document that is a copy, and how far it is on a day.
type copiedDocument struct {
	id      qms.ID
	code    string
	title   string
	inForce bool
	alive   bool // some version is neither withdrawn nor superseded
}

// copiedDocuments are the copies' documents of the platforms, of all when none is named, in one statement.
func copiedDocuments(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) (map[qms.ID]*copiedDocument, error) {
	const alive = "SELECT 1 FROM versions AS v WHERE v.document = d.id AND v.state <> ?"
	query := `SELECT d.id, d.code, d.title, CASE WHEN EXISTS (` + alive + ` AND v.effective_from <= ? AND (v.effective_until IS NULL OR v.effective_until > ?)) THEN 1 ELSE 0 END,
CASE WHEN EXISTS (` + alive + `) THEN 1 ELSE 0 END FROM documents AS d WHERE d.id IN (SELECT document FROM kit_copies)`
	args := []any{Withdrawn, day, day, Withdrawn}
	if len(platforms) > 0 {
		query, args = query+" AND d.platform IN (?)", append(args, bun.List(platforms))
	}
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[qms.ID]*copiedDocument{}
	for rows.Next() {
		var d copiedDocument
		var inForce, alive int
		if err := rows.Scan(&d.id, &d.code, &d.title, &inForce, &alive); err != nil {
			return nil, err
		}
		d.inForce, d.alive = inForce == 1, alive == 1
		all[d.id] = &d
	}
	return all, rows.Err()
}

// kitContent is the text of a template's content.
func kitContent(ctx context.Context, r store.Reader, digest vault.Digest) (*KitContent, error) {
	var all []*KitContent
	err := r.Select(&all).Where("digest = ?", digest).Limit(1).Scan(ctx)
	if err != nil || len(all) == 0 {
		return &KitContent{}, err
	}
	return all[0], nil
}

// keepKitContent makes the row of a template's text, once for each content.
func keepKitContent(ctx context.Context, tx *store.Tx, f *File) error {
	known, err := kitContent(ctx, tx, f.Digest)
	if err != nil || known.ID != "" {
		return err
	}
	c := f.content()
	return tx.Insert(ctx, &KitContent{Digest: c.Digest, Format: c.Format, Title: c.Title, Body: c.Body})
}
