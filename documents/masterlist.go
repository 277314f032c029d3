package documents

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// stateOn is Version.StateOn in SQL, "" for a version that did not exist by then; a test holds the
// two to each other. Every ? is the day.
const stateOn = `CASE
	WHEN NOT v.taken_over AND v.created_on > ? THEN ''
	WHEN v.withdrawn_on IS NOT NULL AND v.withdrawn_on <= ? THEN 'withdrawn'
	WHEN v.effective_from IS NOT NULL AND (v.taken_over OR v.approved_on <= ?) THEN CASE
		WHEN v.effective_until IS NOT NULL AND v.effective_until <= ? AND v.effective_from <= ? THEN 'superseded'
		WHEN v.effective_from <= ? THEN 'effective'
		WHEN v.taken_over AND v.created_on > ? THEN ''
		ELSE 'approved' END
	WHEN v.submitted_on IS NOT NULL AND v.submitted_on <= ? THEN 'in-review'
	ELSE 'draft' END`

const stateOnDays = 8

// query is a SELECT in the making, its values beside it.
type query struct {
	text strings.Builder
	args []any
}

func (q *query) add(text string, args ...any) *query {
	q.text.WriteString(text)
	q.args = append(q.args, args...)
	return q
}

// lines begins a query over the versions of the platform as they stood on the day, as table l, with
// their documents. What the state asked for rules out by its dates is left out before anything is
// joined or computed: most versions of an old platform are superseded.
func lines(platform qms.ID, f Filter) *query {
	q := &query{}
	q.add(`WITH l AS MATERIALIZED (SELECT v.id, v.document, v.major, v.minor, v.taken_over, v.content IS NOT NULL AS has_content,
		v.effective_from, v.effective_until, v.review_on, d.code, d.title, d.title_key, d.kind, d.process, d.owner,
		` + stateOn + ` AS state
		FROM versions AS v JOIN documents AS d ON d.id = v.document WHERE v.platform = ?`)
	q.days(f.AsOf).values(platform)
	if f.State != Superseded {
		q.add(` AND (v.effective_until IS NULL OR v.effective_until > ? OR v.effective_from > ? OR v.withdrawn_on <= ?)`, f.AsOf, f.AsOf, f.AsOf)
	}
	return q.add(")")
}

// values adds values for the next ?.
func (q *query) values(args ...any) *query {
	q.args = append(q.args, args...)
	return q
}

// days adds the day for every ? of stateOn.
func (q *query) days(day qms.Date) *query {
	for range stateOnDays {
		q.args = append(q.args, day)
	}
	return q
}

// where adds the filter. Without the right to read drafts there are none.
func (q *query) where(f Filter, drafts bool) *query {
	q.add(" WHERE l.state <> ''")
	if !drafts {
		q.add(" AND l.state NOT IN ('draft', 'in-review') AND l.effective_from IS NOT NULL")
	}
	switch f.State {
	case "":
		q.add(` AND l.state <> 'superseded' AND (l.state <> 'withdrawn' OR NOT EXISTS (SELECT 1 FROM versions AS o
			WHERE o.document = l.document AND (o.major > l.major OR o.major = l.major AND o.minor > l.minor)
			AND (o.taken_over OR o.created_on <= ?)))`, f.AsOf)
	default:
		q.add(" AND l.state = ?", f.State)
	}
	if f.Kind != "" {
		q.add(" AND l.kind = ?", f.Kind)
	}
	if f.Process != "" {
		q.add(" AND l.process = ?", f.Process)
	}
	if f.Owner != "" {
		q.add(" AND l.owner = ?", f.Owner)
	}
	if f.Late {
		q.add(" AND l.state = 'effective' AND l.review_on < ?", f.AsOf)
	}
	if text := fold(f.Query); text != "" {
		pattern := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
		q.add(` AND (l.title_key LIKE ? ESCAPE '!' OR lower(l.code) LIKE ? ESCAPE '!')`, pattern, pattern)
	}
	return q
}

// sortBy is the expression that the key of Listed.key mirrors. Texts are ordered by their bytes on
// both engines.
func sortBy(s Sort, e store.Engine) string {
	bytes := ""
	if e == store.PostgreSQL {
		bytes = ` COLLATE "C"`
	}
	switch s {
	case SortTitle:
		return "l.title_key" + bytes
	case SortState:
		return `CASE l.state WHEN 'draft' THEN '0' WHEN 'in-review' THEN '1' WHEN 'approved' THEN '2'
			WHEN 'effective' THEN '3' WHEN 'superseded' THEN '4' WHEN 'withdrawn' THEN '5' ELSE '9' END`
	case SortProcess:
		return "l.process" + bytes
	case SortEffective:
		return "COALESCE(l.effective_from, '0001-01-01')"
	case SortReview:
		return "CASE WHEN l.state = 'effective' AND l.review_on IS NOT NULL THEN l.review_on ELSE '0001-01-01' END"
	}
	return "l.code" + bytes
}

// listed reads one page of the master list, one line more than asked for.
func listed(ctx context.Context, r store.Reader, platform qms.ID, f Filter, drafts bool, after *position, limit int) ([]Listed, error) {
	sort, down, err := f.order()
	if err != nil {
		return nil, err
	}
	if err := after.suits(sort); err != nil {
		return nil, err
	}
	by, code := sortBy(sort, r.Engine()), sortBy(SortCode, r.Engine())
	way, beyond := "ASC", ">"
	if down {
		way, beyond = "DESC", "<"
	}
	q := lines(platform, f).add(` SELECT l.document, l.id, l.code, l.title, l.title_key, l.kind, l.process, l.owner,
		l.major, l.minor, l.state, l.taken_over, l.has_content, l.effective_from, l.effective_until, l.review_on FROM l`).where(f, drafts)
	if after != nil {
		q.add(" AND ("+by+", "+code+", l.id) "+beyond+" (?, ?, ?)", after.Key, after.Code, after.ID)
	}
	q.add(" ORDER BY "+by+" "+way+", "+code+" "+way+", l.id "+way+" LIMIT ?", limit+1)
	rows, err := r.Query(ctx, q.text.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Listed
	for rows.Next() {
		var l Listed
		err := rows.Scan(&l.Document, &l.Version, &l.Code, &l.Title, &l.TitleKey, &l.Kind, &l.Process, &l.Owner,
			&l.Number.Major, &l.Number.Minor, &l.State, &l.TakenOver, &l.HasContent, &l.EffectiveFrom, &l.EffectiveUntil, &l.ReviewOn)
		if err != nil {
			return nil, err
		}
		if l.State != Effective {
			l.ReviewOn = 0
		}
		l.Late = l.ReviewOn != 0 && l.ReviewOn < f.AsOf
		l.Soon = l.ReviewOn != 0 && !l.Late && f.AsOf.DaysUntil(l.ReviewOn) <= SoonDays
		all = append(all, l)
	}
	return all, rows.Err()
}

// survey asks, in one statement, for the figures over the list and for what its filters offer: kinds,
// processes and owners.
func survey(platform qms.ID, f Filter, drafts bool) *query {
	hidden := ""
	if !drafts {
		hidden = " AND s.state NOT IN ('draft', 'in-review') AND s.effective_from IS NOT NULL"
	}
	q := lines(platform, f)
	q.add(", s AS MATERIALIZED (SELECT v.document, v.review_on, v.effective_from, " + stateOn + " AS state FROM versions AS v WHERE v.platform = ?)")
	q.days(f.AsOf).values(platform)
	return q.add(` SELECT 'state' AS what, s.state, '', '', COUNT(*), SUM(CASE WHEN s.state = 'effective' AND s.review_on < ? THEN 1 ELSE 0 END)
		FROM s WHERE s.state <> ''`+hidden+` GROUP BY s.state
		UNION ALL SELECT 'documents', '', '', '', COUNT(DISTINCT s.document), 0 FROM s WHERE s.state <> ''`+hidden+`
		UNION ALL SELECT 'kind', code, french, english, 0, 0 FROM kinds WHERE platform = ?
		UNION ALL SELECT 'process', code, name, '', 0, 0 FROM processes WHERE platform = ?
		UNION ALL SELECT DISTINCT 'owner', owner, '', '', 0, 0 FROM documents WHERE platform = ? AND owner IS NOT NULL
		UNION ALL SELECT 'matching', '', '', '', COUNT(*), 0 FROM l`, f.AsOf, platform, platform, platform).where(f, drafts)
}

// surveyed reads the answer into the list, and returns the owners.
func surveyed(ctx context.Context, r store.Reader, q *query, list *MasterList) (owners []qms.ID, err error) {
	rows, err := r.Query(ctx, q.text.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list.Counts.ByState = map[State]int64{}
	for rows.Next() {
		var what, code, first, second string
		var n, late int64
		if err := rows.Scan(&what, &code, &first, &second, &n, &late); err != nil {
			return nil, err
		}
		switch what {
		case "state":
			list.Counts.ByState[State(code)] = n
			list.Counts.Late += late
		case "documents":
			list.Counts.Documents = n
		case "matching":
			list.Counts.Matching = n
		case "kind":
			list.Kinds = append(list.Kinds, Kind{Code: code, French: first, English: second})
		case "process":
			list.Processes = append(list.Processes, Process{Code: code, Name: first})
		default:
			owners = append(owners, qms.ID(code))
		}
	}
	return owners, rows.Err()
}
