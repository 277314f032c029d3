package documents

import (
	"database/sql"
	"strconv"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// The master list of a platform with ten years of life (900 documents, 9,000 versions) as of a past
// day, beside the bare query, in one run:
//
//   - bare is the plainest single SELECT of the same lines: documents joined to their versions, the state
//     of each on the day, in the order of the list, as many lines as a page has. It counts nothing, offers
//     no filters, names nobody and asks for no rights.
//   - first is the page as the first reader gets it after a write: lines, figures, filters, names.
//   - again is the same page for whoever comes next, turns to the next page or sorts otherwise.
//
// Under whole, bare is the same SELECT without a limit, and list every line through the service, as the
// exports read it. Under corrected, the titles of some hundreds of documents were corrected after the day.
//
// TestMasterList_IssuesAtMostSixStatementsWhateverTheSize bounds the statements.
func BenchmarkMasterList(b *testing.B) {
	for _, engine := range storetest.Engines() {
		db := storetest.Open(b, engine)
		decade(b, db, 900, 10)
		raw := storetest.Raw(b, db)
		for _, f := range []Filter{{Sort: "code"}, {Sort: "title"}, {Sort: "-review"}, {Group: GroupProcess}} {
			f.AsOf = qms.MustDate("2022-06-30")
			name := string(engine) + "/" + strings.TrimPrefix(f.Sort+f.Group, "-")
			b.Run(name+"/bare", func(b *testing.B) { bareList(b, raw, engine, f, qms.DefaultPageSize+1) })
			b.Run(name+"/first", func(b *testing.B) { listPages(b, db, f, true) })
			b.Run(name+"/again", func(b *testing.B) { listPages(b, db, f, false) })
		}
		f := Filter{AsOf: qms.MustDate("2022-06-30")}
		b.Run(string(engine)+"/whole/bare", func(b *testing.B) { bareList(b, raw, engine, f, 900) })
		b.Run(string(engine)+"/whole/list", func(b *testing.B) { wholeList(b, db, f) })
		retitle(b, db, 300)
		b.Run(string(engine)+"/corrected/first", func(b *testing.B) { listPages(b, db, f, true) })
		b.Run(string(engine)+"/corrected/again", func(b *testing.B) { listPages(b, db, f, false) })
		b.Run(string(engine)+"/corrected/whole", func(b *testing.B) { wholeList(b, db, f) })
	}
}

// retitle corrects the titles of documents after the day of the list, which puts each of them back.
func retitle(b *testing.B, db *store.DB, n int) {
	s := New(db, nil, crew{})
	list, err := s.MasterList(lead, mic, Filter{}, qms.Cursor{Size: n})
	if err != nil || len(list.Items) != min(n, qms.MaxPageSize) {
		b.Fatal(err)
	}
	for _, l := range list.Items {
		title := "Retitled " + l.Title
		if _, err := s.Revise(lead, Revise{Platform: mic, Document: l.Document, Title: &title}); err != nil {
			b.Fatal(err)
		}
	}
}

func wholeList(b *testing.B, db *store.DB, f Filter) {
	s := New(db, nil, crew{})
	for b.Loop() {
		if page, err := s.Lines(lead, mic, f, ""); err != nil || len(page.Items) != 900 || page.Next != "" {
			b.Fatal(err)
		}
	}
}

func listPages(b *testing.B, db *store.DB, f Filter, forget bool) {
	s := New(db, nil, crew{})
	for b.Loop() {
		list, err := s.MasterList(lead, mic, f, qms.Cursor{})
		if err != nil || len(list.Items) != qms.DefaultPageSize || list.Counts.Matching != 900 {
			b.Fatal(err)
		}
		if forget {
			s.surveys.kept, s.corrections.kept = nil, nil
		}
	}
}

func bareList(b *testing.B, raw *sql.DB, engine store.Engine, f Filter, limit int) {
	sort, down, err := f.order()
	if err != nil {
		b.Fatal(err)
	}
	keys, way := []string{sortBy(sort, engine), sortBy(SortCode, engine), "l.id"}, ""
	if f.Group != "" {
		keys[0] = sortBy(SortProcess, engine)
	}
	if down {
		way = " DESC"
	}
	text := `SELECT * FROM (SELECT d.code, d.title, d.kind, d.process, d.owner, v.id, v.document, v.major, v.minor, v.effective_from,
		v.effective_until, v.review_on, d.title_key, ` + stateOn + ` AS state FROM documents AS d JOIN versions AS v ON v.document = d.id
		WHERE d.platform = '` + string(mic) + `') AS l WHERE l.state NOT IN ('', 'superseded') ORDER BY ` + strings.Join(keys, way+", ") + way + " LIMIT " + strconv.Itoa(limit)
	text = strings.ReplaceAll(text, "?", "'"+f.AsOf.String()+"'")
	for b.Loop() {
		rows, err := raw.Query(text)
		if err != nil {
			b.Fatal(err)
		}
		n, cells := 0, make([]any, 14)
		for i := range cells {
			cells[i] = new(any)
		}
		for ; rows.Next(); n++ {
			if err := rows.Scan(cells...); err != nil {
				b.Fatal(err)
			}
		}
		if rows.Close(); n != limit {
			b.Fatal(n, rows.Err())
		}
	}
}
