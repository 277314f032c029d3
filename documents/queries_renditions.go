package documents

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// renditionsOf are the renditions of some versions, newest first within each.
func renditionsOf(ctx context.Context, r store.Reader, versions ...qms.ID) ([]*Rendition, error) {
	var all []*Rendition
	for len(versions) > 0 {
		n := min(batch, len(versions))
		var some []*Rendition
		if err := r.Select(&some).Where("version IN (?)", bun.List(versions[:n])).Order("version", "edition DESC").Scan(ctx); err != nil {
			return nil, err
		}
		all, versions = append(all, some...), versions[n:]
	}
	return all, nil
}

func renditionByID(ctx context.Context, r store.Reader, platform, id qms.ID) (*Rendition, error) {
	var row Rendition
	return one(ctx, r.Select(&row).Where("platform = ? AND id = ?", platform, id), &row, qms.NotFound("print.none"))
}

// dueRenditions are the renditions of the whole site that wait to be made now, those that have waited
// longest first.
func dueRenditions(ctx context.Context, r store.Reader, now time.Time, most int64) ([]*Rendition, error) {
	var all []*Rendition
	err := r.Select(&all).Where("state = ? AND next_at <= ?", RenditionPending, now).Order("next_at", "id").Limit(most).Scan(ctx)
	return all, err
}

// printedBy is the version that a print with the token is of.
func printedBy(ctx context.Context, r store.Reader, token string) (*Version, error) {
	var v Version
	q := r.Select(&v).Where("id = (SELECT version FROM renditions WHERE token = ?)", token)
	return one(ctx, q, &v, qms.NotFound("print.unknown"))
}

// renditionLines are the newest renditions of the platform's versions that f asks for, those asked for
// last first.
func renditionLines(ctx context.Context, r store.Reader, platform qms.ID, f RenditionFilter, after qms.ID, most int64) ([]*Rendition, error) {
	var all []*Rendition
	q := r.Select(&all).Where("rendition.platform = ?", platform).
		Where("NOT EXISTS (SELECT 1 FROM renditions AS n WHERE n.version = rendition.version AND n.edition > rendition.edition)")
	switch f {
	case RenditionsEnclosed:
		q = q.Where("rendition.state = ? AND rendition.how = ?", RenditionDone, Enclosed)
	case RenditionsFailed:
		q = q.Where("rendition.state = ?", RenditionFailed)
	case RenditionsMade:
		q = q.Where("rendition.state = ?", RenditionDone)
	default:
		q = q.Where("rendition.state IN (?)", bun.List([]RenditionState{RenditionPending, RenditionFailed}))
	}
	if after != "" {
		q = q.Where("rendition.id < ?", after)
	}
	err := q.Order("rendition.id DESC").Limit(most).Scan(ctx)
	return all, err
}

// settingsOf are the document settings of a platform, as they are before anybody sets them when there
// is no row.
func settingsOf(ctx context.Context, r store.Reader, platform qms.ID) (*DocumentSettings, error) {
	var rows []*DocumentSettings
	err := r.Select(&rows).Where("platform = ?", platform).Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return defaultSettings(), err
	}
	return rows[0], nil
}
