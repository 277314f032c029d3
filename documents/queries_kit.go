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

// copyInUse is a copy with what its document is called and how far that is on a day.
type copyInUse struct {
	KitCopy
	code    string
	title   string
	inForce bool
	alive   bool // some version was not withdrawn
}

// copiesInUse are the copies that the platforms have made by the day and not ended, of all when none is
// named, the oldest first, in one statement. Who copied them and why is left out.
func copiesInUse(ctx context.Context, r store.Reader, platforms []qms.ID, day qms.Date) ([]*copyInUse, error) {
	const alive = "SELECT 1 FROM versions AS v WHERE v.document = d.id AND v.state <> ?"
	query := `SELECT c.id, c.platform, c.revision, c.document, c.template, c.version, CASE WHEN c.linked THEN 1 ELSE 0 END, c.copied_on, d.code, d.title,
CASE WHEN EXISTS (` + alive + ` AND v.effective_from <= ? AND (v.effective_until IS NULL OR v.effective_until > ?)) THEN 1 ELSE 0 END,
CASE WHEN EXISTS (` + alive + `) THEN 1 ELSE 0 END
FROM kit_copies AS c JOIN documents AS d ON d.id = c.document WHERE c.copied_on <= ? AND (c.ended_on IS NULL OR c.ended_on > ?)`
	args := []any{Withdrawn, day, day, Withdrawn, day, day}
	if len(platforms) > 0 {
		query, args = query+" AND c.platform IN (?)", append(args, bun.List(platforms))
	}
	rows, err := r.Query(ctx, query+" ORDER BY c.copied_at, c.id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []*copyInUse
	for rows.Next() {
		var c copyInUse
		var linked, inForce, alive int
		if err := rows.Scan(&c.ID, &c.Platform, &c.Revision, &c.Document, &c.Template, &c.Version, &linked, &c.CopiedOn, &c.code, &c.title, &inForce, &alive); err != nil {
			return nil, err
		}
		c.Linked, c.inForce, c.alive = linked == 1, inForce == 1, alive == 1
		all = append(all, &c)
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
