package documents

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// documentsConcerned are the documents of the rows written, in the order they were written.
func documentsConcerned(ctx context.Context, r store.Reader, written []store.WrittenRow) (ids []qms.ID, err error) {
	byTable := map[string][]qms.ID{}
	for _, w := range written {
		byTable[w.Table] = append(byTable[w.Table], w.Row)
	}
	seen := map[qms.ID]bool{}
	add := func(id qms.ID) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, id := range byTable["documents"] {
		add(id)
	}
	for table, query := range map[string]string{
		"versions": "SELECT v.id, v.document FROM versions AS v WHERE v.id IN (?)",
		"contents": "SELECT c.id, v.document FROM contents AS c JOIN versions AS v ON v.platform = c.platform AND v.content = c.digest WHERE c.id IN (?)",
	} {
		for some := range slices.Chunk(byTable[table], batch) {
			found, err := documentsOfRows(ctx, r, query, some)
			if err != nil {
				return nil, err
			}
			for _, row := range some {
				for _, id := range found[row] {
					add(id)
				}
			}
		}
	}
	return ids, nil
}

func documentsOfRows(ctx context.Context, r store.Reader, query string, rows []qms.ID) (map[qms.ID][]qms.ID, error) {
	found := map[qms.ID][]qms.ID{}
	result, err := r.Query(ctx, query, bun.List(rows))
	if err != nil {
		return nil, err
	}
	defer result.Close()
	for result.Next() {
		var row, document qms.ID
		if err := result.Scan(&row, &document); err != nil {
			return nil, err
		}
		found[row] = append(found[row], document)
	}
	return found, result.Err()
}

// documentsNamed are some documents, whatever their platform.
func documentsNamed(ctx context.Context, r store.Reader, ids []qms.ID) (map[qms.ID]*Document, error) {
	var some []*Document
	err := r.Select(&some).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	byID := make(map[qms.ID]*Document, len(some))
	for _, d := range some {
		byID[d.ID] = d
	}
	return byID, err
}

// indexedVersions tells of the versions of some documents what the index has of them.
func indexedVersions(ctx context.Context, r store.Reader, documents []qms.ID) (map[qms.ID]indexed, error) {
	rows, err := r.Query(ctx, `SELECT v.id, c.id, COALESCE(c.revision, 0), COALESCE(e.mark, ''), COALESCE(e.shown, '')
		FROM versions AS v LEFT JOIN contents AS c ON c.platform = v.platform AND c.digest = v.content
		LEFT JOIN search_entries AS e ON e.subject = v.id AND e.kind = ? WHERE v.document IN (?)`, entryKind, bun.List(documents))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[qms.ID]indexed{}
	for rows.Next() {
		var id qms.ID
		var k indexed
		if err := rows.Scan(&id, &k.content, &k.revision, &k.mark, &k.shown); err != nil {
			return nil, err
		}
		all[id] = k
	}
	return all, rows.Err()
}

// contentBody is the text of a content; none of none.
func contentBody(ctx context.Context, r store.Reader, content qms.ID) (body string, err error) {
	if content == "" {
		return "", nil
	}
	err = r.Select((*Content)(nil)).Column("body").Where("id = ?", content).Scan(ctx, &body)
	return body, err
}

// everyDocument lists the documents of every platform, by code.
func everyDocument(ctx context.Context, r store.Reader) (platforms []qms.ID, of map[qms.ID][]qms.ID, err error) {
	rows, err := r.Query(ctx, "SELECT platform, id, code FROM documents")
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	type coded struct {
		platform, id qms.ID
		code         string
	}
	var all []coded
	for rows.Next() {
		var c coded
		if err := rows.Scan(&c.platform, &c.id, &c.code); err != nil {
			return nil, nil, err
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b coded) int { return cmp.Or(cmp.Compare(a.platform, b.platform), cmp.Compare(a.code, b.code)) })
	of = map[qms.ID][]qms.ID{}
	for _, c := range all {
		if len(of[c.platform]) == 0 {
			platforms = append(platforms, c.platform)
		}
		of[c.platform] = append(of[c.platform], c.id)
	}
	return platforms, of, rows.Err()
}

// candidate is one entry that holds the words asked for.
type candidate struct {
	rank   int // of the clause that it fits
	number int64
	label  string
}

// candidates finds entries that fit the clauses, those of the first clause first, the latest written
// first within each; beyond the one named, when there is one. Rights are part of the query.
func candidates(ctx context.Context, r store.Reader, f searched, after *candidate, limit int) ([]candidate, error) {
	q := &query{}
	q.add("SELECT rank, number FROM (")
	first := true
	for rank, clause := range f.clauses {
		if after != nil && rank < after.rank {
			continue
		}
		if !first {
			q.add(" UNION ALL ")
		}
		first = false
		f.fitting(q, r.Engine(), rank, clause)
		_, number := store.FromWords(r.Engine())
		if after != nil && rank == after.rank {
			q.add(" AND "+number+" < ?", after.number)
		}
		q.add(" ORDER BY "+number+" DESC LIMIT ?) AS ranked", limit)
	}
	q.add(") AS hits LIMIT ?", limit)
	rows, err := r.Query(ctx, q.text.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []candidate
	for rows.Next() {
		var c candidate
		if err := rows.Scan(&c.rank, &c.number); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// fitting begins the query for the entries that fit one clause and that the reader may see.
func (f searched) fitting(q *query, e store.Engine, rank int, clause store.Wanted) {
	table, number := store.FromWords(e)
	condition, value := clause.Match(e)
	q.add("SELECT * FROM (SELECT ? AS rank, "+number+" AS number FROM "+table, rank)
	if !f.old {
		q.add(" CROSS JOIN search_shown AS s")
	}
	if f.joined() || !f.reach.whole {
		q.add(" CROSS JOIN search_entries AS e")
	}
	if f.joined() {
		q.add(" CROSS JOIN versions AS v CROSS JOIN documents AS d")
	}
	q.add(" WHERE "+condition, value)
	if !f.old {
		q.add(" AND s.team = ? AND s.number = "+number+" AND s.since <= ? AND (s.until IS NULL OR s.until > ?)", f.team, f.today, f.today)
	}
	if f.joined() || !f.reach.whole {
		q.add(" AND e.number = "+number).reaching(f.reach, "e.parent")
	}
	if !f.joined() {
		return
	}
	q.add(" AND v.id = e.subject AND d.id = v.document")
	if f.kind != "" {
		q.add(" AND d.kind = ?", f.kind)
	}
	if f.process != "" {
		q.add(" AND d.process = ?", f.process)
	}
	if f.old && !f.team {
		q.add(" AND v.effective_from IS NOT NULL AND " + stateOn + " NOT IN ('', 'draft', 'in-review')").onDay(f.today)
	}
	if f.state != "" {
		q.add(" AND " + stateOn + " = ?").onDay(f.today).values(f.state)
	}
}

// onDay adds the day for every ? of stateOn.
func (q *query) onDay(day qms.Date) *query {
	for range stateOnDays {
		q.args = append(q.args, day)
	}
	return q
}

// labelled reads the labels of candidates.
func labelled(ctx context.Context, r store.Reader, all []candidate) error {
	numbers := make([]int64, len(all))
	at := make(map[int64]int, len(all))
	for i, c := range all {
		numbers[i], at[c.number] = c.number, i
	}
	rows, err := r.Query(ctx, "SELECT number, label FROM search_entries WHERE number IN (?)", bun.List(numbers))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number int64
		var label string
		if err := rows.Scan(&number, &label); err != nil {
			return err
		}
		all[at[number]].label = label
	}
	return rows.Err()
}

// eachFound hands over what the candidates are, with as much of their texts as is asked for, in any
// order and one text at a time. The text of what was eliminated is closed.
func eachFound(ctx context.Context, r store.Reader, today qms.Date, numbers []int64, characters int, visit func(number int64, h Hit, body string) error) error {
	q := &query{}
	q.add(`SELECT e.number, d.id, v.id, d.code, d.title, d.kind, d.process, v.major, v.minor, v.effective_from, ` + stateOn + `, substr(c.body, 1, ?)
		FROM search_entries AS e JOIN versions AS v ON v.id = e.subject JOIN documents AS d ON d.id = v.document
		LEFT JOIN contents AS c ON c.platform = v.platform AND c.digest = v.content AND v.disposal <> 'eliminate' WHERE e.number IN (?)`)
	q.onDay(today).values(characters, bun.List(numbers))
	rows, err := r.Query(ctx, q.text.String(), q.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var h Hit
		var number int64
		var body sql.NullString
		err := rows.Scan(&number, &h.Document, &h.Version, &h.Code, &h.Title, &h.Kind, &h.Process,
			&h.Number.Major, &h.Number.Minor, &h.EffectiveFrom, &h.State, &body)
		if err != nil {
			return err
		}
		if err := visit(number, h, body.String); err != nil {
			return err
		}
	}
	return rows.Err()
}
