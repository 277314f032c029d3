package label

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// amongPlatforms narrows a query to platforms, to none when none is named.
func amongPlatforms(q *bun.SelectQuery, platforms []qms.ID) *bun.SelectQuery {
	if len(platforms) == 0 {
		return q
	}
	return q.Where("platform IN (?)", bun.List(platforms))
}

// missionFacts are the columns of a mission that where a platform stands depends on: reports are long.
var missionFacts = []string{"id", "platform", "revision", "number", "kind", "label", "opened_on", "access_from", "access_until",
	"visit_from", "visit_through", "report_on", "observations_on", "void"}

// factsOf reads what is known of the platforms, of all when none is named, in a fixed number of statements.
func factsOf(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID]*Facts, error) {
	all, err := awardFacts(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	candidacies, err := CandidaciesOf(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	accompaniments, err := accompanimentsOf(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	for platform, c := range candidacies {
		factsIn(all, platform).Candidacies = c
	}
	for _, a := range accompaniments {
		f := factsIn(all, a.Platform)
		f.Accompanied = append(f.Accompanied, qms.Period{From: a.Start, Until: a.EndedOn.AddDays(1)})
	}
	return all, nil
}

// factsIn are those of the platform, made when there were none.
func factsIn(all map[qms.ID]*Facts, platform qms.ID) *Facts {
	if all[platform] == nil {
		all[platform] = &Facts{}
	}
	return all[platform]
}

// awardFacts is the part of factsOf that labels and their dates follow from, without the way to the first
// one: four statements.
func awardFacts(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID]*Facts, error) {
	var (
		missions  []Mission
		decisions []MissionDecision
		labels    []Label
		events    []AwardEvent
	)
	for _, q := range []*bun.SelectQuery{
		r.Select(&missions).Column(missionFacts...).Order("opened_on", "id"), r.Select(&decisions).Order("date", "id"),
		r.Select(&labels).Order("awarded_on", "id"), r.Select(&events).Order("date", "id"),
	} {
		if err := amongPlatforms(q, platforms).Where("void = ''").Scan(ctx); err != nil {
			return nil, err
		}
	}
	all := make(map[qms.ID]*Facts, len(platforms))
	for _, p := range platforms {
		factsIn(all, p)
	}
	for _, m := range missions {
		factsIn(all, m.Platform).Missions = append(factsIn(all, m.Platform).Missions, m)
	}
	for _, d := range decisions {
		factsIn(all, d.Platform).Decisions = append(factsIn(all, d.Platform).Decisions, d)
	}
	for _, l := range labels {
		factsIn(all, l.Platform).Labels = append(factsIn(all, l.Platform).Labels, l)
	}
	for _, e := range events {
		factsIn(all, e.Platform).Events = append(factsIn(all, e.Platform).Events, e)
	}
	return all, nil
}

// oneOf is the row that a query scanned into it; qms.NotFound when there is none.
func oneOf[T any](ctx context.Context, q *bun.SelectQuery, row *T) (*T, error) {
	switch err := q.Limit(1).Scan(ctx); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, qms.NotFound("record.not_found")
	case err != nil:
		return nil, err
	}
	return row, nil
}

// ofPlatform reads one record of the platform; qms.NotFound when there is none, be it of another one.
func ofPlatform[T any](ctx context.Context, r store.Reader, platform, id qms.ID) (*T, error) {
	row := new(T)
	return oneOf(ctx, r.Select(row).Where("platform = ? AND id = ?", platform, plain(string(id))), row)
}

// numbered reads the record of that number on the platform.
func numbered[T any](ctx context.Context, r store.Reader, platform qms.ID, number string) (*T, error) {
	row := new(T)
	return oneOf(ctx, r.Select(row).Where("platform = ? AND number = ?", platform, plain(number)), row)
}

// ofMission reads the rows of a mission.
func ofMission[T any](ctx context.Context, r store.Reader, mission qms.ID, order ...string) (all []T, err error) {
	err = r.Select(&all).Where("mission = ?", mission).Order(order...).Scan(ctx)
	return all, err
}

// conditionsOf reads the conditions that count, of the platforms or of all.
func conditionsOf(ctx context.Context, r store.Reader, platforms []qms.ID) (all []AwardCondition, err error) {
	q := amongPlatforms(r.Select(&all), platforms).Where("void = ''").Order("due_on", "mission", "position")
	return all, q.Scan(ctx)
}

// otherLabelsOf reads the labels of other bodies that count, of the platforms or of all.
func otherLabelsOf(ctx context.Context, r store.Reader, platforms []qms.ID) (all []OtherLabel, err error) {
	q := amongPlatforms(r.Select(&all), platforms).Where("void = ''").Order("from_date DESC", "id")
	return all, q.Scan(ctx)
}

// missionPage reads the missions of a platform, the newest first.
func missionPage(ctx context.Context, r store.Reader, platform qms.ID, f MissionFilter, after []string, limit int64) (all []Mission, err error) {
	q := r.Select(&all).Where("platform = ?", platform)
	if f.Kind != "" {
		q = q.Where("kind = ?", plain(string(f.Kind)))
	}
	if f.AsOf != 0 {
		q = q.Where("opened_on <= ?", f.AsOf)
	}
	if f.Open {
		q = q.Where("void = '' AND id NOT IN (SELECT mission FROM mission_decisions WHERE platform = ? AND void = '')", platform)
	}
	if after != nil {
		q = q.Where("(opened_on < ? OR opened_on = ? AND number < ?)", after[0], after[0], after[1])
	}
	err = q.Order("opened_on DESC", "number DESC").Limit(limit).Scan(ctx)
	return all, err
}

// decisionsOf reads the decisions that count of these missions.
func decisionsOf(ctx context.Context, r store.Reader, missions []qms.ID) (all []MissionDecision, err error) {
	if len(missions) == 0 {
		return nil, nil
	}
	err = r.Select(&all).Where("mission IN (?) AND void = ''", bun.List(missions)).Order("date", "id").Scan(ctx)
	return all, err
}

// labelNumber is the next number of a label of the year. Platforms have counters of their own and the
// number is the site's: the unique index decides between two awards made at once.
func labelNumber(ctx context.Context, r store.Reader, year int) (string, error) {
	prefix := fmt.Sprintf("LAB-%d-", year)
	var given []string
	if err := r.Select((*Label)(nil)).Column("number").Where("number LIKE ?", prefix+"%").Scan(ctx, &given); err != nil {
		return "", err
	}
	last := 0
	for _, number := range given {
		if n, err := strconv.Atoi(strings.TrimPrefix(number, prefix)); err == nil {
			last = max(last, n)
		}
	}
	return fmt.Sprintf("%s%03d", prefix, last+1), nil
}

// labelByNumber reads a label of the site.
func labelByNumber(ctx context.Context, r store.Reader, number string) (*Label, error) {
	row := new(Label)
	return oneOf(ctx, r.Select(row).Where("number = ?", plain(number)).OrderExpr("CASE WHEN void = '' THEN 0 ELSE 1 END").Order("id DESC"), row)
}

// numberTaken reports whether a label has the number, or had it and was awarded here: of those that were
// taken over by mistake it may be stated again.
func numberTaken(ctx context.Context, r store.Reader, number string) (bool, error) {
	n, err := r.Select((*Label)(nil)).Where("number = ? AND (void = '' OR decision IS NOT NULL)", number).Count(ctx)
	return n > 0, err
}

// labelsOf reads the labels of a platform, those that are mistakes too.
func labelsOf(ctx context.Context, r store.Reader, platform qms.ID) (all []Label, err error) {
	err = r.Select(&all).Where("platform = ?", platform).Order("awarded_on", "id").Scan(ctx)
	return all, err
}

// evaluatorsOpen reads who is named, of missions of the platforms that nothing is decided of.
func evaluatorsOpen(ctx context.Context, r store.Reader, platforms []qms.ID) (all []MissionEvaluator, err error) {
	q := amongPlatforms(r.Select(&all), platforms).Where("dismissed_on IS NULL").
		Where("mission NOT IN (SELECT mission FROM mission_decisions WHERE void = '')")
	return all, q.Order("named_on", "id").Scan(ctx)
}

// findingsMissing counts the criteria without a finding, by mission.
func findingsMissing(ctx context.Context, r store.Reader, missions []qms.ID) (map[qms.ID]int64, error) {
	missing := map[qms.ID]int64{}
	if len(missions) == 0 {
		return missing, nil
	}
	rows, err := r.Query(ctx, "SELECT mission, COUNT(*) FROM mission_findings WHERE finding = '' AND mission IN (?) GROUP BY mission", bun.List(missions))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id qms.ID
		var n int64
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		missing[id] = n
	}
	return missing, rows.Err()
}

// everyOtherLabel reads the labels of other bodies, those that are mistakes too.
func everyOtherLabel(ctx context.Context, r store.Reader, platform qms.ID) (all []OtherLabel, err error) {
	err = r.Select(&all).Where("platform = ?", platform).Order("from_date DESC", "id").Scan(ctx)
	return all, err
}

// labelOf reads the label of that number on the platform: the one that counts before a mistake.
func labelOf(ctx context.Context, r store.Reader, platform qms.ID, number string) (*Label, error) {
	row := new(Label)
	q := r.Select(row).Where("platform = ? AND number = ?", platform, plain(number))
	return oneOf(ctx, q.OrderExpr("CASE WHEN void = '' THEN 0 ELSE 1 END").Order("id DESC"), row)
}
