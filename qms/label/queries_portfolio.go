package label

import (
	"context"
	"encoding/json"

	"maillon/qms"
	"maillon/qms/store"
)

// portfolioQuery reads what the programme knows of every platform, in one statement: which table it is of,
// the platform, the record, and up to seven texts that gathering.take gives their meaning. What was still to be
// brought on the day is read by that day, see owedThen.
const portfolioQuery = `SELECT 0 AS kind, '' AS platform, id AS id, short_name AS a, name AS b, COALESCE(CAST(partner_from AS TEXT), '') AS c,
COALESCE(CAST(partner_until AS TEXT), '') AS d, '' AS e, '' AS f, '' AS g, '' AS at FROM institutions WHERE void = ''
UNION ALL SELECT 1, platform, id, COALESCE(person, ''), CAST(from_day AS TEXT), '', '', '', '', '', CAST(from_day AS TEXT) FROM officers WHERE void = ''
UNION ALL SELECT 2, platform, id, CAST(received_on AS TEXT), institutions, signatories, decision, COALESCE(CAST(decided_on AS TEXT), ''),
COALESCE(CAST(ended_on AS TEXT), ''), CASE WHEN direct THEN 'direct' ELSE '' END, CAST(received_on AS TEXT) FROM candidacies WHERE void = ''
UNION ALL SELECT 3, platform, id, CAST(start AS TEXT), CAST(months AS TEXT), officer, COALESCE(CAST(ended_on AS TEXT), ''), outcome, '', '',
CAST(start AS TEXT) FROM accompaniments WHERE void = ''
UNION ALL SELECT 4, platform, id, accompaniment, number, CAST(day AS TEXT), state, '', '', '', CAST(day AS TEXT) FROM meetings
WHERE void = '' AND state <> 'cancelled'
UNION ALL SELECT 5, platform, id, accompaniment, number, title, CAST(asked_on AS TEXT), CAST(due_on AS TEXT), CAST(first_due AS TEXT), CAST(carried AS TEXT),
CAST(due_on AS TEXT) FROM deliverables WHERE void = '' AND asked_on <= ? AND (` + owedThen + `)
UNION ALL SELECT 6, platform, id, number, kind, COALESCE(label, ''), CAST(opened_on AS TEXT), COALESCE(CAST(visit_from AS TEXT), ''),
COALESCE(CAST(report_on AS TEXT), ''), COALESCE(CAST(observations_on AS TEXT), ''), CAST(opened_on AS TEXT) FROM missions WHERE void = ''
UNION ALL SELECT 7, platform, id, mission, outcome, CAST(date AS TEXT), '', '', '', '', CAST(date AS TEXT) FROM mission_decisions WHERE void = ''
UNION ALL SELECT 8, platform, id, number, CAST(awarded_on AS TEXT), COALESCE(renews, ''), COALESCE(decision, ''), COALESCE(mission, ''),
COALESCE(CAST(followed_first AS TEXT), ''), COALESCE(CAST(followed_second AS TEXT), ''), CAST(awarded_on AS TEXT) FROM labels WHERE void = ''
UNION ALL SELECT 9, platform, id, label, kind, CAST(date AS TEXT), '', '', '', '', CAST(date AS TEXT) FROM award_events WHERE void = ''
UNION ALL SELECT 10, platform, id, mission, decision, CAST(position AS TEXT), CAST(due_on AS TEXT), COALESCE(CAST(lifted_on AS TEXT), ''), words, '',
CAST(due_on AS TEXT) FROM award_conditions WHERE void = ''
UNION ALL SELECT 11, platform, id, kind, name, body, number, CAST(from_date AS TEXT), COALESCE(CAST(until_date AS TEXT), ''), closed,
CAST(from_date AS TEXT) FROM other_labels WHERE void = ''
ORDER BY kind, platform, at, id`

// owedThen is whether a deliverable was still to be brought at the end of a day, which it takes three times:
// it was delivered later, or dropped later, or sent back by then.
const owedThen = `state = 'expected' OR delivered_on > ? OR state = 'dropped' AND delivered_on IS NULL AND judged_on > ?
OR state = 'redo' AND (judged_on IS NULL OR judged_on <= ?)`

// portfolioRow is one row of it.
type portfolioRow struct {
	kind          int
	platform      qms.ID
	id            qms.ID
	a, b, c, d, e string
	f, g          string
}

// portfolioRows hands every row of it over.
func portfolioRows(ctx context.Context, r store.Reader, day qms.Date, each func(portfolioRow) error) error {
	rows, err := r.Query(ctx, portfolioQuery, day, day, day, day)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var w portfolioRow
		var at string
		if err := rows.Scan(&w.kind, &w.platform, &w.id, &w.a, &w.b, &w.c, &w.d, &w.e, &w.f, &w.g, &at); err != nil {
			return err
		}
		if err := each(w); err != nil {
			return err
		}
	}
	return rows.Err()
}

// unpacked reads what a column keeps as JSON.
func unpacked[T any](text string) (all []T, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &all)
	}
	return all, err
}
