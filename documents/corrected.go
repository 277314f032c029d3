package documents

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// corrected is what lists as of a past day put back: how documents were described at the end of it that
// were corrected later, and when versions were to be reviewed of which a later review, or another
// interval, moved the date. Each is a JSON array for the query, empty when there is nothing to put back,
// as on most days. The stated days of a version are facts: when these were wrong and corrected, the
// list of every day says them as corrected.
type corrected struct{ documents, versions string }

// documentThen is a document as it was described.
type documentThen struct {
	ID qms.ID `json:"id"`
	classified
	TitleKey string `json:"title_key"`
}

// classified is what the list says of a document beside its code, which never changes. Nobody may answer
// for it: then the owner is null.
type classified struct {
	Title   string  `json:"title"`
	Kind    string  `json:"kind"`
	Process string  `json:"process"`
	Owner   *qms.ID `json:"owner"`
}

func (l classified) same(as classified) bool {
	owners := l.Owner == nil && as.Owner == nil || l.Owner != nil && as.Owner != nil && *l.Owner == *as.Owner
	return owners && l.Title == as.Title && l.Kind == as.Kind && l.Process == as.Process
}

// versionThen is when a version was to be reviewed, not at all when zero.
type versionThen struct {
	ID       qms.ID   `json:"id"`
	ReviewOn qms.Date `json:"review_on,omitzero"`
}

// datedThen is what the trail keeps of a version's state and dates.
type datedThen struct {
	State         State    `json:"state"`
	EffectiveFrom qms.Date `json:"effective_from"`
	ReviewOn      qms.Date `json:"review_on"`
}

// putBack gathers what to put back from changes, those of one row oldest first.
type putBack struct {
	day       qms.Date
	documents []documentThen
	versions  []versionThen
	done      map[qms.ID]bool
}

// correctedAfter tells what was corrected after the day, in one statement.
func correctedAfter(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (corrected, error) {
	if day >= r.Today() {
		return corrected{}, nil
	}
	back, err := changedAfter(ctx, r, platform, day)
	if err != nil {
		return corrected{}, err
	}
	var c corrected
	if c.documents, err = array(back.documents); err != nil {
		return c, err
	}
	c.versions, err = array(back.versions)
	return c, err
}

func array[T any](rows []T) (string, error) {
	if len(rows) == 0 {
		return "", nil
	}
	text, err := json.Marshal(rows)
	return string(text), err
}

// changedAfter reads the changes after the day, of documents that were corrected ever and of versions
// that a correction or a review may have moved.
func changedAfter(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (*putBack, error) {
	// What may have been corrected comes first, and is looked up in the trail by its rows, which no other
	// log tells of: mostly there is nothing. Nowhere on Earth does a day end before 10:00 of it in UTC;
	// DayOf says the rest.
	rows, err := r.Query(ctx, `WITH d AS MATERIALIZED (SELECT id FROM documents WHERE platform = ? AND revision > 1),
		i AS MATERIALIZED (SELECT 'documents' AS name, d.id FROM d
			UNION SELECT 'versions', v.id FROM d CROSS JOIN versions AS v WHERE v.document = d.id AND v.revision > 1
			UNION SELECT 'versions', version FROM periodic_reviews WHERE platform = ? AND reviewed_on > ?)
		SELECT was.row_table, was.row_id, was.before, was.after, was.at FROM (
			SELECT c.row_table, c.row_id, c.revision, c.before, c.after,
				(SELECT e.at FROM trail_entries AS e WHERE e.log = c.log AND e.seq = c.seq) AS at
			FROM i CROSS JOIN trail_changes AS c
			WHERE c.row_id = i.id AND c.row_table = i.name AND c.revision > 1 AND c.before IS NOT NULL) AS was
		WHERE was.at >= ? ORDER BY was.row_id, was.revision`,
		platform, platform, day, qms.Instant(day.Time().Add(10*time.Hour)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	back := &putBack{day: day, done: map[qms.ID]bool{}}
	for rows.Next() {
		var table, before, after string
		var row qms.ID
		var at time.Time
		if err := rows.Scan(&table, &row, &before, &after, store.Instant(&at)); err != nil {
			return nil, err
		}
		if back.done[row] || r.DayOf(at) <= day {
			continue
		}
		if err := back.take(table, row, []byte(before), []byte(after)); err != nil {
			return nil, err
		}
	}
	return back, rows.Err()
}

// take puts back what the change replaced, when the list shows any of it. The first change of a row
// that matters tells how it stood.
func (b *putBack) take(table string, row qms.ID, before, after []byte) error {
	switch table {
	case "documents":
		var was, is classified
		if err := readBoth(before, after, &was, &is); err != nil {
			return err
		}
		if !was.same(is) {
			b.documents = append(b.documents, documentThen{row, was, fold(was.Title)})
			b.done[row] = true
		}
	case "versions":
		var was, is datedThen
		if err := readBoth(before, after, &was, &is); err != nil {
			return err
		}
		stood := was.State != Draft && was.State != InReview && was.EffectiveFrom == is.EffectiveFrom
		if stood && was.ReviewOn != is.ReviewOn {
			b.versions = append(b.versions, versionThen{row, was.ReviewOn})
			b.done[row] = true
		}
	}
	return nil
}

// putBack describes the sheet of a past day as the list of that day does.
func (s *Sheet) putBack(back *putBack) {
	for _, was := range back.documents {
		if was.ID == s.ID {
			s.Title, s.TitleKey, s.Kind, s.Process, s.Owner = was.Title, was.TitleKey, was.Kind, was.Process, ""
			if was.Owner != nil {
				s.Owner = *was.Owner
			}
		}
	}
	for _, was := range back.versions {
		for i := range s.Versions {
			if s.Versions[i].ID == was.ID {
				s.Versions[i].ReviewOn = was.ReviewOn
			}
		}
	}
}

func readBoth(before, after []byte, was, is any) error {
	if err := json.Unmarshal(before, was); err != nil {
		return fmt.Errorf("a change in the trail: %w", err)
	}
	return json.Unmarshal(after, is)
}

// tables begins a query with what it puts back, as tables dt and vt. Each goes in as one value, however
// much it is.
func (c corrected) tables(e store.Engine) *query {
	q := &query{}
	if c.documents != "" {
		q.add(q.with()+"dt AS MATERIALIZED ("+recordset(e, "id", "title", "title_key", "kind", "process", "owner")+")", c.documents)
	}
	if c.versions != "" {
		q.add(q.with()+"vt AS MATERIALIZED ("+recordset(e, "id", "review_on")+")", c.versions)
	}
	return q
}

// with begins a table of a query, or goes on after another.
func (q *query) with() string {
	if q.text.Len() == 0 {
		return "WITH "
	}
	return ", "
}

// described is what the list says of the documents, as table d joined with tables.
func (c corrected) described() string {
	if c.documents == "" {
		return "d.title, d.title_key, d.kind, d.process, d.owner"
	}
	return then("title") + ", " + then("title_key") + ", " + then("kind") + ", " + then("process") + ", " + then("owner")
}

func then(column string) string {
	return "CASE WHEN dt.id IS NULL THEN d." + column + " ELSE dt." + column + " END AS " + column
}

// reviewOn is the day of the next review, of the versions as table v joined with tables.
func (c corrected) reviewOn() string {
	if c.versions == "" {
		return "v.review_on"
	}
	return "CASE WHEN vt.id IS NULL THEN v.review_on ELSE vt.review_on END AS review_on"
}

// ofDocuments joins what is put back to the documents as table d, ofVersions to the versions as table v.
func (c corrected) ofDocuments() string {
	if c.documents == "" {
		return ""
	}
	return " LEFT JOIN dt ON dt.id = d.id"
}

func (c corrected) ofVersions() string {
	if c.versions == "" {
		return ""
	}
	return " LEFT JOIN vt ON vt.id = v.id"
}

// recordset selects columns out of a JSON array of objects, the one value that it takes. Those named _on
// are dates.
func recordset(e store.Engine, columns ...string) string {
	if e == store.SQLite {
		for i, column := range columns {
			columns[i] = "value ->> '" + column + "' AS " + column
		}
		return "SELECT " + strings.Join(columns, ", ") + " FROM json_each(?)"
	}
	for i, column := range columns {
		columns[i] += " TEXT"
		if strings.HasSuffix(column, "_on") {
			columns[i] = column + " DATE"
		}
	}
	return "SELECT * FROM jsonb_to_recordset(CAST(? AS jsonb)) AS was(" + strings.Join(columns, ", ") + ")"
}
