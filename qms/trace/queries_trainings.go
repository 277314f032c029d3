package trace

import (
	"context"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// trainingsOfSession reads the trainings of a group session, void ones included.
func trainingsOfSession(ctx context.Context, r store.Reader, platform, session qms.ID) ([]*Training, error) {
	var all []*Training
	err := r.Select(&all).Where("platform = ? AND session = ?", platform, session).Order("id").Scan(ctx)
	return all, err
}

// trainingsOfSessions reads those of several sessions.
func trainingsOfSessions(ctx context.Context, r store.Reader, platform qms.ID, sessions []qms.ID) ([]Training, error) {
	var all []Training
	err := r.Select(&all).Where("platform = ? AND session IN (?)", platform, bun.List(sessions)).Scan(ctx)
	return all, err
}

// trainingsByID reads trainings of the platform, void ones included.
func trainingsByID(ctx context.Context, r store.Reader, platform qms.ID, ids []qms.ID) ([]Training, error) {
	var all []Training
	err := r.Select(&all).Where("platform = ? AND id IN (?)", platform, bun.List(ids)).Order("id").Scan(ctx)
	return all, err
}

// sessionPage reads the sessions of one page of the list.
func sessionPage(ctx context.Context, r store.Reader, platform qms.ID, f SessionFilter, o order, after []string, limit int) ([]GroupSession, error) {
	var all []GroupSession
	q := r.Select(&all).Where("platform = ? AND date <= ? AND void = ''", platform, f.AsOf)
	if after != nil {
		q = q.Where("1 = 1"+o.after("number"), after[0], after[0], after[1])
	}
	err := q.OrderExpr(o.sql("number")).Limit(int64(limit)).Scan(ctx)
	return all, err
}

// decisionOn reads the decision on one version of a procedure.
func decisionOn(ctx context.Context, r store.Reader, platform qms.ID, procedure, version string) (*Requalification, error) {
	row := new(Requalification)
	return one(ctx, r.Select(row).Where("platform = ? AND procedure = ? AND version = ?", platform, procedure, version), row, "record.not_found")
}

// useCounts sums the uses of a person by equipment, the most used first.
func useCounts(ctx context.Context, r store.Reader, platform, person qms.ID, asOf qms.Date, equipment map[qms.ID]Equipment) ([]UseCount, error) {
	rows, err := r.Query(ctx, `SELECT equipment, COUNT(*), CAST(SUM(minutes) AS BIGINT), CAST(MAX(date) AS TEXT) FROM uses
WHERE platform = ? AND person = ? AND date <= ? AND void = '' GROUP BY equipment ORDER BY 2 DESC, 1`, platform, person, asOf)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var counts []UseCount
	scan := newScanner(rows, 4)
	for scan.next() {
		counts = append(counts, UseCount{Equipment: equipment[qms.ID(scan.text(0))], Count: int(scan.integer(1)), Minutes: scan.integer(2), Last: scan.date(3)})
	}
	return counts, scan.done()
}

// reportsOperated reads the latest reports that a person operated.
func reportsOperated(ctx context.Context, r store.Reader, platform, person qms.ID, asOf qms.Date, limit int64) ([]Report, error) {
	var all []Report
	err := r.Select(&all).Where("platform = ? AND operator = ? AND date <= ? AND void = ''", platform, person, asOf).
		Order("date DESC", "number DESC").Limit(limit).Scan(ctx)
	return all, err
}

// platformsTrainedOn are those of the platforms where the person has a training that counts.
func platformsTrainedOn(ctx context.Context, r store.Reader, person qms.ID, platforms []qms.ID) (map[qms.ID]bool, error) {
	here := map[qms.ID]bool{}
	if len(platforms) == 0 {
		return here, nil
	}
	rows, err := r.Query(ctx, "SELECT DISTINCT platform FROM trainings WHERE platform IN (?) AND person = ? AND void = ''", bun.List(platforms), person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	scan := newScanner(rows, 1)
	for scan.next() {
		here[qms.ID(scan.text(0))] = true
	}
	return here, scan.done()
}
