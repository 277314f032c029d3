package documents

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// survey is what stands round a page of the master list: the figures over the whole list and what its
// filters offer. It is the same for every page and every order of one list.
type survey struct {
	counts    Counts
	kinds     []Kind
	processes []Process
	owners    []qms.ID
}

// surveyOf asks for the survey in one statement that reads the versions once, in the index of their
// dates.
func surveyOf(platform qms.ID, f Filter, drafts bool, e store.Engine) *query {
	was := f.corrected
	q := was.tables(e)
	q.add(q.with() + "l AS MATERIALIZED (SELECT v.id, v.document, v.major, v.minor, v.effective_from, " + was.reviewOn() + ", ")
	if of := " FROM versions AS v" + dated(e); f.ofDocuments() {
		q.add("d.code, " + was.described() + ", ").state(f.AsOf).add(of + " JOIN documents AS d ON d.id = v.document" + was.ofDocuments())
	} else {
		q.state(f.AsOf).add(of)
	}
	q.add(was.ofVersions()+" WHERE v.platform = ?", platform).narrow(f)
	q.add(`) SELECT 'state' AS what, l.state, '', '', COUNT(*), SUM(CASE WHEN l.state = 'effective' AND l.review_on < ? THEN 1 ELSE 0 END)
		FROM l WHERE`, f.AsOf).seen(drafts).add(" GROUP BY l.state")
	q.add(` UNION ALL SELECT 'documents', '', '', '', COUNT(*), 0 FROM documents AS d WHERE d.platform = ? AND EXISTS (
		SELECT 1 FROM (SELECT v.id, v.document, v.effective_from, `, platform).state(f.AsOf).
		add(" FROM versions AS v WHERE v.document = d.id").narrow(Filter{AsOf: f.AsOf, State: Superseded, reach: f.reach}).add(") AS l WHERE").seen(drafts).add(")")
	q.add(` UNION ALL SELECT 'kind', code, french, english, 0, 0 FROM kinds WHERE platform = ?
		UNION ALL SELECT 'process', code, name, '', 0, 0 FROM processes WHERE platform = ?
		UNION ALL SELECT DISTINCT 'owner', o.owner, '', '', 0, 0 FROM (SELECT `+was.described()+" FROM documents AS d"+was.ofDocuments()+
		" WHERE d.platform = ?", platform, platform, platform).reaching(f.reach, "d.id").add(") AS o WHERE o.owner IS NOT NULL")
	return q.add(" UNION ALL SELECT 'matching', '', '', '', COUNT(*), 0 FROM l").where(f, drafts)
}

// ofDocuments reports whether the filter asks something of the documents beside their versions.
func (f Filter) ofDocuments() bool {
	return f.Kind != "" || f.Process != "" || f.Owner != "" || fold(f.Query) != ""
}

func (q *query) survey(ctx context.Context, r store.Reader) (*survey, error) {
	rows, err := r.Query(ctx, q.text.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	s := &survey{counts: Counts{ByState: map[State]int64{}}}
	for rows.Next() {
		var what, code, first, second string
		var n, late int64
		if err := rows.Scan(&what, &code, &first, &second, &n, &late); err != nil {
			return nil, err
		}
		switch what {
		case "state":
			s.counts.ByState[State(code)] = n
			s.counts.Late += late
		case "documents":
			s.counts.Documents = n
		case "matching":
			s.counts.Matching = n
		case "kind":
			s.kinds = append(s.kinds, Kind{Code: code, French: first, English: second})
		case "process":
			s.processes = append(s.processes, Process{Code: code, Name: first})
		default:
			s.owners = append(s.owners, qms.ID(code))
		}
	}
	if len(s.kinds) == 0 {
		s.kinds = DefaultKinds()
	}
	slices.SortFunc(s.kinds, func(a, b Kind) int { return cmp.Compare(a.Code, b.Code) })
	slices.SortFunc(s.processes, func(a, b Process) int { return cmp.Compare(a.Code, b.Code) })
	return s, rows.Err()
}

// survey answers from memory while nothing was written, see memory: whoever turns the pages of a list,
// sorts it or comes back to it asks for the same figures.
func (s *Service) survey(ctx context.Context, r store.Reader, platform qms.ID, f Filter, drafts bool, written int64) (*survey, error) {
	f.Sort, f.Group, f.reach = "", "", reachOf(r, platform)
	q := surveyOf(platform, f, drafts, r.Engine())
	return s.surveys.of(q.text.String()+fmt.Sprintf("%q", q.args), written, func() (*survey, error) { return q.survey(ctx, r) })
}
