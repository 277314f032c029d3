package documents

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"maillon/documents/words"
	"maillon/qms"
	"maillon/qms/store"
)

// Search asks for the documents that hold all words typed, in code, title or text: case, accents,
// plurals and conjugations aside. Words between quotes follow each other, and so do the parts of a
// code; a minus leaves out what holds a word; the last word may be a beginning.
type Search struct {
	Platform qms.ID
	Query    string
	Kind     string
	Process  string
	State    State
	Old      bool // versions that are not in force any more too, each a hit of its own
}

// Hit is one thing found: of each document the version that the reader meets today, in force or else
// the newest they may see; with Old every version they may see.
type Hit struct {
	Document      qms.ID
	Version       qms.ID
	Code          string
	Title         string
	Kind          string
	Process       string
	Number        Number
	State         State
	EffectiveFrom qms.Date
	Heading       Fragment   // the title, with the words marked
	Snippets      []Fragment // of the text, with the words marked; none when they only stand in the title
}

// Found is one page of hits. Codes come first that hold all words, then titles, then texts that often
// have them, then the others; within each by code, and the newest version first. When there are more
// hits than maxHits, the latest written come first instead.
type Found struct {
	qms.Page[Hit]
	Count     int64 // hits from the beginning; 0 on later pages
	AtLeast   bool  // there are more than Count
	Kinds     []Kind
	Processes []Process
}

const (
	maxHits   = 1000      // of which all are known and put in order
	maxPhrase = 32 << 20  // bytes of texts read for one page in which words must follow each other
	maxMarked = 1_000_000 // characters of a text in which words are marked
	textStep  = 20        // texts read by one statement
)

// Search finds documents of a platform that the reader may see.
func (s *Service) Search(ctx context.Context, cmd Search, c qms.Cursor) (*Found, error) {
	after, err := parseReached(c.After)
	if err != nil {
		return nil, err
	}
	analyser := analysers.Get().(*words.Analyser)
	defer analysers.Put(analyser)
	q := analyser.Ask(printable(cmd.Query))
	found := &Found{}
	err = s.db.View(ctx, qms.ReadDocuments.On(cmd.Platform), func(r store.Reader) error {
		if err := offered(ctx, r, cmd.Platform, found); err != nil || q.Empty() {
			return err
		}
		return finding{r, analyser, q, searchedFor(r, cmd, q), c.Limit(), found}.page(ctx, after)
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// searched is a search as its queries need it.
type searched struct {
	clauses       []store.Wanted
	kind, process string
	state         State
	old, team     bool
	today         qms.Date
	reach         reach
}

func searchedFor(r store.Reader, cmd Search, q words.Question) searched {
	f := searched{
		kind: tidy(cmd.Kind), process: tidy(cmd.Process), state: State(tidy(string(cmd.State))), old: cmd.Old,
		team: r.Actor().Can(qms.ReadDrafts.On(cmd.Platform)), today: r.Today(), reach: reachOf(r, cmd.Platform),
	}
	f.old = f.old || f.state == Superseded
	for _, clause := range q.Clauses(string(cmd.Platform)) {
		f.clauses = append(f.clauses, store.Wanted(clause))
	}
	return f
}

// joined reports whether the query needs more than the index.
func (f searched) joined() bool {
	return f.kind != "" || f.process != "" || f.state != "" || f.old
}

// reached is where a page ends. Late says that hits come by when they were written.
type reached struct {
	candidate
	late bool
}

func (c reached) cursor() string {
	key := string(rune('0' + c.rank))
	if c.late {
		key += "n"
	}
	return position{Key: key, Code: c.label, ID: qms.ID(formatNumber(c.number))}.cursor()
}

// finding is one search under way.
type finding struct {
	r        store.Reader
	analyser *words.Analyser
	question words.Question
	searched searched
	limit    int
	found    *Found
}

// page finds one page of hits.
func (f finding) page(ctx context.Context, after *reached) error {
	var from *candidate
	if after != nil && after.late {
		from = &after.candidate
	}
	all, err := candidates(ctx, f.r, f.searched, from, maxHits+1)
	if err != nil {
		return err
	}
	late := from != nil || len(all) > maxHits
	switch {
	case late && after != nil && !after.late: // there were fewer when the first page was made
		from = &after.candidate
		if all, err = candidates(ctx, f.r, f.searched, from, maxHits+1); err != nil {
			return err
		}
	case !late:
		if all, err = f.inOrder(ctx, all, after); err != nil {
			return err
		}
	}
	if after == nil {
		f.found.Count, f.found.AtLeast = int64(min(len(all), maxHits)), len(all) > maxHits
	}
	return f.take(ctx, all, late)
}

// inOrder puts hits that are all known in order, and leaves out those of pages before.
func (f finding) inOrder(ctx context.Context, all []candidate, after *reached) ([]candidate, error) {
	if err := labelled(ctx, f.r, all); err != nil {
		return nil, err
	}
	slices.SortFunc(all, candidate.compare)
	if after == nil {
		return all, nil
	}
	n, there := slices.BinarySearchFunc(all, after.candidate, candidate.compare)
	if there {
		n++
	}
	return all[n:], nil
}

func (c candidate) compare(o candidate) int {
	return cmp.Or(cmp.Compare(c.rank, o.rank), strings.Compare(c.label, o.label), cmp.Compare(o.number, c.number))
}

// take fills the page with candidates, in their order. Where words must follow each other, texts are
// read until the page is full, or enough was read: then the page ends early and the next one goes on.
func (f finding) take(ctx context.Context, all []candidate, late bool) error {
	reading := 0
	for start := 0; start < len(all); {
		room := f.limit - len(f.found.Items)
		if room == 0 || reading > maxPhrase {
			f.found.Next = reached{all[start-1], late}.cursor()
			break
		}
		some := all[start:min(start+min(textStep, room), len(all))]
		hits, bytes, err := f.read(ctx, some)
		if err != nil {
			return err
		}
		f.found.Items = append(f.found.Items, hits...)
		start += len(some)
		if f.question.HasPhrases() {
			reading += bytes
		}
	}
	if f.question.HasPhrases() && f.found.Count > 0 {
		f.found.Count, f.found.AtLeast = int64(len(f.found.Items)), f.found.Next != ""
	}
	return nil
}

// read reads what the candidates are, marks their words, and leaves out those without a phrase.
func (f finding) read(ctx context.Context, some []candidate) (hits []Hit, bytes int, err error) {
	numbers := make([]int64, len(some))
	for i, c := range some {
		numbers[i] = c.number
	}
	characters := maxMarked
	if f.question.HasPhrases() {
		characters = 1 << 30
	}
	known := map[int64]*Hit{}
	err = eachFound(ctx, f.r, f.searched.today, numbers, characters, func(number int64, h Hit, body string) error {
		bytes += len(body)
		if f.question.Holds(f.analyser, h.Code, h.Title, body) {
			h.Heading = marked(f.analyser, f.question, h.Title)
			h.Snippets = snippets(f.analyser, f.question, body)
			known[number] = &h
		}
		return nil
	})
	for _, n := range numbers {
		if h := known[n]; h != nil {
			hits = append(hits, *h)
		}
	}
	return hits, bytes, err
}

// parseReached reads a cursor of a search.
func parseReached(s string) (*reached, error) {
	p, err := parsePosition(s)
	if p == nil || err != nil {
		return nil, err
	}
	key, late := strings.CutSuffix(p.Key, "n")
	number, err := parseNumber(string(p.ID))
	if err != nil || len(key) != 1 || key[0] < '0' || key[0] > '9' {
		return nil, qms.Invalid("cursor.malformed")
	}
	return &reached{candidate{int(key[0] - '0'), number, p.Code}, late}, nil
}

func formatNumber(n int64) string { return strconv.FormatInt(n, 10) }

func parseNumber(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }

// offered are the kinds and processes that a search can be narrowed to.
func offered(ctx context.Context, r store.Reader, platform qms.ID, found *Found) (err error) {
	if found.Kinds, err = kindsOf(ctx, r, platform); err != nil {
		return err
	}
	found.Processes, err = processesOf(ctx, r, platform)
	return err
}
