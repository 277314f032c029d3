package documents

import (
	"context"
	"database/sql"
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/documents/words"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

var textsFlag = flag.Int("texts", 20_000, "how many version texts the search benchmark makes; 250000 takes some minutes")

// lexicon makes texts that are distributed as real ones: a few little words everywhere, and a long tail
// (Zipf) of French and English ones.
type lexicon struct {
	random     *rand.Rand
	vocabulary [2][]string // French, English, the commonest first
	weights    []float64   // cumulated, of ranks
	in         map[string]int
	texts      int
}

func newLexicon() *lexicon {
	c := &lexicon{random: rand.New(rand.NewPCG(3, 8)), in: map[string]int{}}
	little := [2][]string{
		strings.Fields("de la le les des et en du une un à pour par dans est sur que qui au avec sont ou ce il se"),
		strings.Fields("the of and to in a is for that are be with by on as or this from at it an not which was"),
	}
	syllables := strings.Fields("ba be bi bo ca ce ci co cu da de di do du fa fe fi fo ga ge go la le li lo lu ma me mi mo mu na ne ni no pa pe pi po ra re ri ro ru sa se si so su ta te ti to tra tri tro va ve vi vo cha che pro pré con com per")
	endings := [2][]string{strings.Fields("tion ment eur ence age ité ure ique er é ée és able"), strings.Fields("tion ment er ence ing ity ure ic ed able ness ly s")}
	for language := range 2 {
		c.vocabulary[language] = slices.Clone(little[language])
		for len(c.vocabulary[language]) < 30_000 {
			word := ""
			for range 1 + c.random.IntN(3) {
				word += syllables[c.random.IntN(len(syllables))]
			}
			c.vocabulary[language] = append(c.vocabulary[language], word+endings[language][c.random.IntN(len(endings[language]))])
		}
	}
	total := 0.0
	for rank := range 30_000 {
		total += 1 / math.Pow(float64(rank)+2.7, 1.05)
		c.weights = append(c.weights, total)
	}
	return c
}

func (c *lexicon) word(language int) string {
	at, _ := slices.BinarySearch(c.weights, c.random.Float64()*c.weights[len(c.weights)-1])
	return c.vocabulary[language][min(at, len(c.weights)-1)]
}

// text is a text of some 300 words, most of them those of the version before.
func (c *lexicon) text(before []string, language int) []string {
	text := slices.Clone(before)
	if text == nil {
		text = make([]string, 100+c.random.IntN(400))
		for i := range text {
			text[i] = c.word(language)
		}
	}
	for range len(text) / 10 {
		text[c.random.IntN(len(text))] = c.word(language)
	}
	seen := map[string]bool{}
	for _, w := range text {
		if !seen[w] {
			seen[w] = true
			c.in[w]++
		}
	}
	c.texts++
	return text
}

func inLines(text []string) string {
	var b strings.Builder
	for line := range slices.Chunk(text, 14) {
		b.WriteString(strings.Join(line, " "))
		b.WriteByte('\n')
	}
	return b.String()
}

const perDocument = 10 // versions, the last in force

// fill writes documents with their versions through the pen, and so into the index.
func (c *lexicon) fill(b *testing.B, db *store.DB, texts int) {
	b.Helper()
	ctx := storetest.AsSystem()
	act := qms.Act{Name: "documents.import", Needs: qms.ImportRegisters.On(mic), Platform: mic}
	day := qms.MustDate("2016-01-04")
	number := 0
	for done := 0; done < texts; done += 100 * perDocument {
		err := db.Change(ctx, act, func(tx *store.Tx) error {
			for range 100 {
				number++
				if err := tx.Insert(ctx, c.document(tx, number, day)...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func (c *lexicon) document(tx *store.Tx, number int, day qms.Date) (rows []qms.Record) {
	language := number % 2
	d := &Document{
		Code: fmt.Sprintf("PR-%s-%05d", []string{"ACH", "MES", "QUA", "RES"}[number%4], number), Kind: []string{"PR", "MO", "FO"}[number%3],
		Process: []string{"ACH", "MES", "QUA", "RES"}[number%4], Title: c.word(language) + " " + c.word(language) + " " + c.word(language), Confidentiality: Internal,
	}
	d.ID = qms.NewID(tx.Now())
	rows = append(rows, d)
	var text []string
	for n := range perDocument {
		text = c.text(text, language)
		var digest vault.Digest
		binary.BigEndian.PutUint64(digest[:], uint64(number))
		binary.BigEndian.PutUint64(digest[8:], uint64(n)+1)
		v := &Version{
			Document: d.ID, Major: int64(n) + 1, State: Approved, TakenOver: true, FileName: "a.txt", Content: digest,
			CreatedOn: day, EffectiveFrom: day.AddMonths(qms.Months(12 * n)),
		}
		if n < perDocument-1 {
			v.EffectiveUntil = day.AddMonths(qms.Months(12 * (n + 1)))
		}
		rows = append(rows, v, &Content{Digest: digest, Format: "txt", Body: inLines(text)})
	}
	return rows
}

// near are words that stand in about the share of the texts.
func (c *lexicon) near(share float64, n int) []string {
	type counted struct {
		word string
		off  float64
	}
	var all []counted
	for w, in := range c.in {
		if l := words.New().Lemma(w); l != nil && !l.Little() {
			all = append(all, counted{w, math.Abs(math.Log(float64(in) / float64(c.texts) / share))})
		}
	}
	slices.SortFunc(all, func(a, b counted) int {
		return slices.Compare([]string{fmt.Sprintf("%9.6f", a.off), a.word}, []string{fmt.Sprintf("%9.6f", b.off), b.word})
	})
	found := make([]string, 0, n)
	for _, w := range all[:min(n, len(all))] {
		found = append(found, w.word)
	}
	return found
}

// asked are questions of every kind: rare and common words, alone and together, and beginnings.
func (c *lexicon) asked() map[string][]string {
	rare, seldom, common, all := c.near(0.0002, 12), c.near(0.01, 12), c.near(0.10, 12), c.near(0.30, 8)
	asked := map[string][]string{}
	for i := range 12 {
		asked["a rare word"] = append(asked["a rare word"], rare[i]+" ")
		asked["a word of 1 %"] = append(asked["a word of 1 %"], seldom[i]+" ")
		asked["a word of 10 %"] = append(asked["a word of 10 %"], common[i]+" ")
		asked["a word of 30 %"] = append(asked["a word of 30 %"], all[i%len(all)]+" ")
		asked["two of 30 %"] = append(asked["two of 30 %"], all[i%len(all)]+" "+all[(i+1)%len(all)]+" ")
		asked["1 % and 30 %"] = append(asked["1 % and 30 %"], seldom[i]+" "+all[i%len(all)]+" ")
		asked["three words"] = append(asked["three words"], common[i]+" "+seldom[(i+5)%12]+" "+all[i%len(all)]+" ")
		asked["a beginning"] = append(asked["a beginning"], string([]rune(seldom[i])[:4]))
	}
	return asked
}

// BenchmarkSearch measures searches of a reader over the versions in force, with rights and in order,
// beside the bare question to FTS5 in the same database and the same run: the same words, ranked by
// FTS5, the best twenty. The first figures are of the queries alone, as those of FTS5 are; the whole
// search shows the words in their texts as well.
func BenchmarkSearch(b *testing.B) {
	db := storetest.Open(b, store.SQLite)
	unwatchedBy(b, db)
	s := New(db, nil, crew{})
	c := newLexicon()
	start := time.Now()
	c.fill(b, db, *textsFlag)
	b.Logf("%d texts written and indexed in %s, at most %s resident", c.texts, time.Since(start).Round(time.Second), resident())
	raw := storetest.Raw(b, db)
	sizes(b, raw)
	asked := c.asked()
	kinds := sortedKeys(asked)
	all := map[string]*timings{}
	for _, kind := range kinds {
		all[kind] = &timings{}
	}
	for b.Loop() {
		for _, kind := range kinds {
			for _, typed := range asked[kind] {
				all[kind].measure(b, s, raw, typed)
			}
		}
	}
	sum := &timings{}
	for _, kind := range kinds {
		b.Logf("%-16s %s", kind, all[kind])
		sum.add(all[kind])
	}
	b.Logf("%-16s %s", "all", sum)
	b.ReportMetric(quantile(sum.found, 0.5)/quantile(sum.bare, 0.5), "times-bare-median")
	b.ReportMetric(quantile(sum.found, 0.99)/quantile(sum.bare, 0.99), "times-bare-p99")
}

// unwatchedBy takes the triggers of tests away, which would weigh on what is measured.
func unwatchedBy(b *testing.B, db *store.DB) {
	b.Helper()
	raw := storetest.Raw(b, db)
	for _, table := range []string{"documents", "versions", "contents"} {
		for _, event := range []string{"INSERT", "UPDATE", "DELETE"} {
			if _, err := raw.Exec("DROP TRIGGER shadow_" + table + "_" + event); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// timings are how long searches took, in milliseconds: the bare question in FTS5's order, the same in
// no order, ours, and ours with the words shown.
type timings struct{ bare, plain, found, whole []float64 }

func (t *timings) add(o *timings) {
	t.bare, t.plain = append(t.bare, o.bare...), append(t.plain, o.plain...)
	t.found, t.whole = append(t.found, o.found...), append(t.whole, o.whole...)
}

func (t *timings) String() string {
	return fmt.Sprintf("median/p99 ms: bare %s, unordered %s, with rights %s (%.2f and %.2f times), with texts %s", pair(t.bare), pair(t.plain), pair(t.found),
		quantile(t.found, 0.5)/quantile(t.bare, 0.5), quantile(t.found, 0.99)/quantile(t.bare, 0.99), pair(t.whole))
}

func pair(ms []float64) string {
	return fmt.Sprintf("%.2f/%.2f", quantile(ms, 0.5), quantile(ms, 0.99))
}

func quantile(ms []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(ms))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func (t *timings) measure(b *testing.B, s *Service, raw *sql.DB, typed string) {
	b.Helper()
	q := words.New().Ask(typed)
	last := q.Clauses(string(mic))[3]
	_, match := store.Wanted{All: last.All[1:]}.Match(store.SQLite)
	t.bare = append(t.bare, took(b, func() error {
		return rowsOf(raw, "SELECT rowid FROM search_words WHERE search_words MATCH ? ORDER BY rank LIMIT 20", match)
	}))
	t.plain = append(t.plain, took(b, func() error {
		return rowsOf(raw, "SELECT rowid FROM search_words WHERE search_words MATCH ? LIMIT 20", match)
	}))
	t.found = append(t.found, took(b, func() error {
		return s.db.View(reader, qms.ReadDocuments.On(mic), func(r store.Reader) error {
			all, err := candidates(context.Background(), r, searchedFor(r, Search{Platform: mic}, q), nil, maxHits+1)
			if err == nil && len(all) <= maxHits {
				err = labelled(context.Background(), r, all)
			}
			return err
		})
	}))
	t.whole = append(t.whole, took(b, func() error {
		_, err := s.Search(reader, Search{Platform: mic, Query: typed}, qms.Cursor{Size: 20})
		return err
	}))
}

func took(b *testing.B, f func() error) float64 {
	b.Helper()
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return float64(time.Since(start).Microseconds()) / 1000
}

func rowsOf(raw *sql.DB, query string, args ...any) error {
	rows, err := raw.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number int64
		if err := rows.Scan(&number); err != nil {
			return err
		}
	}
	return rows.Err()
}

// sizes tells how much of the database is index.
func sizes(b *testing.B, raw *sql.DB) {
	b.Helper()
	var all, index, texts float64
	err := raw.QueryRow(`SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size),
		(SELECT SUM(LENGTH(block)) FROM search_words_data), (SELECT SUM(LENGTH(CAST(body AS BLOB))) FROM contents)`).Scan(&all, &index, &texts)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("database %.0f MB, texts %.0f MB, words of the index %.0f MB (%.0f %% of the texts)", all/1e6, texts/1e6, index/1e6, 100*index/texts)
}

// resident is the most memory that the process had, as the system counts it.
func resident() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "?"
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	peak, _, _ = strings.Cut(peak, "\n")
	return strings.TrimSpace(peak)
}

// BenchmarkIndexing is what the index costs the acts that write it: the same act with the mirror and
// without, in turns, each on a database of its own. One document with a file of 2,000 words is made,
// then its version put in review, which leaves its words alone; and 50 such files are taken at once.
func BenchmarkIndexing(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			with, without := &acting{room: benchRoom(b, engine)}, &acting{room: benchRoom(b, engine)}
			was := mirror()
			without.room.db.Mirror(store.Mirror{Kind: was.Kind})
			c := newLexicon()
			for n := 0; b.Loop(); n++ {
				text := make([]string, 2000)
				for i := range text {
					text[i] = c.word(n % 2)
				}
				for _, a := range []*acting{with, without} {
					a.act(b, n, text)
				}
			}
			b.Logf("median/p99 ms with the index and without: create %s, %s; submit %s, %s; import of 50 %s, %s",
				pair(with.create), pair(without.create), pair(with.submit), pair(without.submit), pair(with.take), pair(without.take))
		})
	}
}

type acting struct {
	room                 *Service
	create, submit, take []float64
}

func benchRoom(b *testing.B, engine store.Engine) *Service {
	return New(storetest.Open(b, engine), nil, crew{})
}

func (a *acting) act(b *testing.B, n int, text []string) {
	b.Helper()
	file := func(k int) File {
		var digest vault.Digest
		binary.BigEndian.PutUint64(digest[:], uint64(n)+1)
		binary.BigEndian.PutUint64(digest[8:], uint64(k)+1)
		f := File{Name: "a.txt", Size: 1, Digest: digest}
		f.Text.Format, f.Text.Body = "txt", inLines(text)
		return f
	}
	var v *Version
	one := file(0)
	a.create = append(a.create, took(b, func() (err error) {
		_, v, err = a.room.Create(writer, Create{Platform: mic, Kind: "PR", Process: "ACH", Title: fmt.Sprintf("Titre %d", n), Reason: "first", File: &one})
		return err
	}))
	a.submit = append(a.submit, took(b, func() error {
		_, err := a.room.Submit(writer, Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(3), Approver: storetest.AgentID(4)})
		return err
	}))
	if n%10 != 0 {
		return
	}
	files := make([]ImportedFile, 50)
	for k := range files {
		files[k] = ImportedFile{Path: fmt.Sprintf("%d/%d.txt", n, k), GuessedKind: "FO", GuessedProcess: "QUA", File: file(k + 1)}
	}
	a.take = append(a.take, took(b, func() error {
		act := qms.Act{Name: "documents.import", Needs: qms.ImportRegisters.On(cyt), Platform: cyt}
		ctx := storetest.AsSystem()
		return a.room.db.Change(ctx, act, func(tx *store.Tx) error { _, _, err := TakeFiles(ctx, tx, files); return err })
	}))
}
