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

// existed leaves out, by its dates alone, every version that did not exist by the day: what stateOn
// says at more cost.
const existed = ` AND (v.created_on <= ? OR v.taken_over AND (v.effective_from IS NULL OR v.effective_from <= ? OR v.withdrawn_on <= ?))`

// unended leaves out, by its dates alone, what was superseded by the day: most versions of an old
// platform.
const unended = ` AND (v.effective_until IS NULL OR v.effective_until > ? OR v.effective_from > ? OR v.withdrawn_on <= ?)`

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

// values adds values for the next ?.
func (q *query) values(args ...any) *query {
	q.args = append(q.args, args...)
	return q
}

// state adds stateOn for the day, as the column state.
func (q *query) state(day qms.Date) *query {
	q.text.WriteString(stateOn + " AS state")
	for range stateOnDays {
		q.args = append(q.args, day)
	}
	return q
}

// narrow rules out what is beyond the reader's reach, and by dates what the filter would rule out by the
// state.
func (q *query) narrow(f Filter) *query {
	q.reaching(f.reach, "v.document").add(existed, f.AsOf, f.AsOf, f.AsOf)
	if f.State != Superseded {
		q.add(unended, f.AsOf, f.AsOf, f.AsOf)
	}
	return q
}

// seen keeps of the versions, as table l, those that the reader may see. Without the right to read
// drafts there are none. Every query of the list asks it.
func (q *query) seen(drafts bool) *query {
	q.add(" l.state <> ''")
	if !drafts {
		q.add(" AND l.state NOT IN ('draft', 'in-review') AND l.effective_from IS NOT NULL")
	}
	return q
}

// where keeps what the reader may see and what the filter asks for.
func (q *query) where(f Filter, drafts bool) *query {
	q.add(" WHERE").seen(drafts)
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
	switch s {
	case SortTitle:
		return "l.title_key" + bytewise(e)
	case SortState:
		return `CASE l.state WHEN 'draft' THEN '0' WHEN 'in-review' THEN '1' WHEN 'approved' THEN '2'
			WHEN 'effective' THEN '3' WHEN 'superseded' THEN '4' WHEN 'withdrawn' THEN '5' ELSE '9' END`
	case SortProcess:
		return "l.process" + bytewise(e)
	case SortEffective:
		return "CASE WHEN l.state IN ('draft', 'in-review') OR l.effective_from IS NULL THEN '0001-01-01' ELSE l.effective_from END"
	case SortReview:
		return "CASE WHEN l.state = 'effective' AND l.review_on IS NOT NULL THEN l.review_on ELSE '0001-01-01' END"
	}
	return "l.code" + bytewise(e)
}

func bytewise(e store.Engine) string {
	if e == store.PostgreSQL {
		return ` COLLATE "C"`
	}
	return ""
}

// order adds the condition that comes after the position, and the order asked for. What is sorted by
// code says so without another expression: then an index gives the page, and the rest is never read.
func (q *query) order(f Filter, sort Sort, down bool, after *position, e store.Engine) *query {
	keys, code := []string{sortBy(sort, e)}, sortBy(SortCode, e)
	if sort != SortCode {
		keys = append(keys, code)
	}
	keys = append(keys, "l.id")
	way, beyond, group := " ASC", ">", ""
	if down {
		way, beyond = " DESC", "<"
	}
	if f.Group != "" {
		group = "(CASE l.process WHEN '' THEN '" + noProcess + "' ELSE l.process END)" + bytewise(e)
	}
	if after != nil {
		last := []any{after.Key, after.Code, after.ID}
		last = last[len(last)-len(keys):]
		rest := "(" + strings.Join(keys, ", ") + ") " + beyond + " (?" + strings.Repeat(", ?", len(keys)-1) + ")"
		switch {
		case group != "":
			q.add(" AND ("+group+" > ? OR "+group+" = ? AND "+rest+")", after.Group, after.Group).values(last...)
		case sort == SortCode:
			q.add(" AND "+code+" "+beyond+"= ? AND "+rest, after.Code).values(last...)
		default:
			q.add(" AND "+rest, last...)
		}
	}
	q.add(" ORDER BY ")
	if group != "" {
		q.add(group + ", ")
	}
	return q.add(strings.Join(keys, way+", ") + way)
}

// page is the query of one page of the list, one line more than asked for. The platform is said of the
// documents when these come in the order of an index, and of the versions when all are read anyway.
func page(platform qms.ID, f Filter, sort Sort, down, drafts bool, after *position, limit int, e store.Engine) *query {
	q := f.corrected.tables(e).add(` SELECT l.document, l.id, l.code, l.title, l.title_key, l.kind, l.process, l.owner, l.major, l.minor,
		l.state, l.taken_over, l.has_content, l.effective_from, l.effective_until, l.review_on
		FROM (SELECT v.id, v.document, v.major, v.minor, v.taken_over, v.content IS NOT NULL AS has_content, v.effective_from,
		v.effective_until, ` + f.corrected.reviewOn() + ", d.code, " + f.corrected.described() + ", ").state(f.AsOf)
	then := f.corrected.ofDocuments() + f.corrected.ofVersions()
	if (sort == SortCode || sort == SortTitle) && f.Group == "" {
		q.add(" FROM documents AS d JOIN versions AS v ON v.document = d.id"+then+" WHERE d.platform = ?", platform)
	} else {
		q.add(" FROM versions AS v"+dated(e)+" JOIN documents AS d ON d.id = v.document"+then+" WHERE v.platform = ?", platform)
	}
	return q.narrow(f).add(") AS l").where(f, drafts).order(f, sort, down, after, e).add(" LIMIT ?", limit+1)
}

// dated has SQLite, which knows nothing of how values spread, read the index that holds every date.
func dated(e store.Engine) string {
	if e == store.SQLite {
		return " INDEXED BY versions_dated"
	}
	return ""
}

// listed reads one page of the master list, one line more than asked for.
func listed(ctx context.Context, r store.Reader, platform qms.ID, f Filter, drafts bool, after *position, limit int) ([]Listed, error) {
	f.reach = reachOf(r, platform)
	sort, down, err := f.order()
	if err != nil {
		return nil, err
	}
	if err := after.suits(sort); err != nil {
		return nil, err
	}
	q := page(platform, f, sort, down, drafts, after, limit, r.Engine())
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
		if l.State == Draft || l.State == InReview { // what it is now may have been approved since
			l.EffectiveFrom, l.EffectiveUntil = 0, 0
		}
		l.Late = l.ReviewOn != 0 && l.ReviewOn < f.AsOf
		l.Soon = l.ReviewOn != 0 && !l.Late && f.AsOf.DaysUntil(l.ReviewOn) <= SoonDays
		all = append(all, l)
	}
	return all, rows.Err()
}
