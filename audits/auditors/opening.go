package auditors

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
)

// Kind is what was opened.
type Kind string

// The kinds of what is opened.
const (
	PageKind Kind = "page"
	FileKind Kind = "file" // a download: a file, an export, a pack
	APIKind  Kind = "api"  // by a program
)

// Opening says that an auditor opened something on a day: for the first time that day, however often.
type Opening struct {
	qms.Row
	Person     qms.ID
	PersonName string // as it was
	Day        qms.Date
	Kind       Kind
	Path       string // within the platform: documents/PR-ACH-001
	Title      string // of the page or file, in its reader's words; may be empty
	OpenedAt   time.Time
}

// Sight is one answered request of an auditor, as the door saw it.
type Sight struct {
	Code   string   // of the platform
	Audits []qms.ID // the platforms that the person audits
	Person qms.ID
	Name   string
	Kind   Kind
	Path   string
	Title  string
}

const (
	maxSights = 5000 // that wait to be put on record; what comes beyond is counted and logged
	maxKnown  = 50000
	maxPath   = 300
	maxTitle  = 300
	atOnce    = 200 // of one act
)

// sight is what makes a line of the record.
type sight struct {
	code   string
	person qms.ID
	day    qms.Date
	path   string
}

// seen is a line to be put on record, and the platforms on which its person is an auditor.
type seen struct {
	Opening
	audits []qms.ID
}

// sights are what was seen and is not on record yet, and what is already: nobody's request waits for them.
type sights struct {
	mu      sync.Mutex
	waiting map[sight]seen
	known   map[sight]bool
	lost    int
}

func newSights() *sights {
	return &sights{waiting: map[sight]seen{}, known: map[sight]bool{}}
}

// Saw notes in memory that an auditor opened something; Flush puts it on record. It takes no transaction,
// waits for nothing and cannot fail: the answer is on its way already.
func (s *Service) Saw(v Sight) {
	at := s.db.Now()
	day := s.db.Today()
	key := sight{v.Code, v.Person, day, cut(v.Path, maxPath)}
	w := s.seen
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known[key] {
		return
	}
	if _, waits := w.waiting[key]; waits {
		return
	}
	if len(w.waiting) >= maxSights {
		w.lost++
		return
	}
	w.waiting[key] = seen{Opening{Person: v.Person, PersonName: cut(v.Name, maxTitle), Day: day, Kind: v.Kind, Path: key.path, Title: cut(v.Title, maxTitle), OpenedAt: at}, v.Audits}
}

// take hands out what waits.
func (w *sights) take() (map[sight]seen, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	some, lost := w.waiting, w.lost
	w.waiting, w.lost = map[sight]seen{}, 0
	return some, lost
}

// back takes what could not be put on record back, as long as there is room.
func (w *sights) back(some map[sight]seen) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, o := range some {
		if len(w.waiting) >= maxSights {
			w.lost++
			continue
		}
		w.waiting[key] = o
	}
}

// kept remembers what is on record. Days gone by are forgotten when it grows.
func (w *sights) kept(some map[sight]seen) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.known)+len(some) > maxKnown {
		w.known = map[sight]bool{}
	}
	for key := range some {
		w.known[key] = true
	}
}

// Flush puts on record what auditors opened since the last time. What fails is tried again the next time.
func (s *Service) Flush(ctx context.Context) error {
	some, lost := s.seen.take()
	if lost > 0 {
		s.o.Log.WarnContext(ctx, "openings of auditors not put on record: too many at once", "count", lost)
	}
	if len(some) == 0 {
		return nil
	}
	ctx = qms.WithActor(ctx, qms.System("maillon"))
	codes, err := s.codes(ctx)
	if err != nil {
		s.seen.back(some)
		return err
	}
	byPlatform := map[qms.ID]map[sight]seen{}
	for key, o := range some {
		if id := codes[key.code]; slices.Contains(o.audits, id) { // it may be one that they see in another part
			if byPlatform[id] == nil {
				byPlatform[id] = map[sight]seen{}
			}
			byPlatform[id][key] = o
		}
	}
	var failed error
	for _, platform := range slices.Sorted(maps.Keys(byPlatform)) {
		if err := s.record(ctx, platform, byPlatform[platform]); err != nil {
			s.seen.back(byPlatform[platform])
			failed = errors.Join(failed, err)
			continue
		}
		s.seen.kept(byPlatform[platform])
	}
	return failed
}

// codes are the identifiers of the platforms by their codes.
func (s *Service) codes(ctx context.Context) (map[string]qms.ID, error) {
	codes := map[string]qms.ID{}
	err := s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		all, err := people.PlatformsIn(ctx, r)
		for id, p := range all {
			codes[p.Code] = id
		}
		return err
	})
	return codes, err
}

// record puts on record what was opened on one platform and is not yet, by another replica or before a
// restart.
func (s *Service) record(ctx context.Context, platform qms.ID, some map[sight]seen) error {
	list := slices.SortedFunc(maps.Values(some), func(a, b seen) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Day, b.Day), a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.Path, b.Path))
	})
	for chunk := range slices.Chunk(list, atOnce) {
		act := qms.Act{Name: "opening.note", Needs: qms.ReadTrail.On(platform), Platform: platform}
		err := s.db.Change(ctx, act, func(tx *store.Tx) error { return recordNew(ctx, tx, platform, chunk) })
		if err != nil {
			return err
		}
	}
	return nil
}

func recordNew(ctx context.Context, tx *store.Tx, platform qms.ID, list []seen) error {
	var rows []qms.Record
	for len(list) > 0 { // by person and day, which they are sorted by
		n := 1
		for n < len(list) && list[n].Person == list[0].Person && list[n].Day == list[0].Day {
			n++
		}
		paths := make([]string, n)
		for i := range n {
			paths[i] = list[i].Path
		}
		there, err := known(ctx, tx, platform, list[0].Person, list[0].Day, paths)
		if err != nil {
			return err
		}
		for i := range n {
			if o := &list[i].Opening; !there[o.Path] {
				rows = append(rows, o)
			}
		}
		list = list[n:]
	}
	return tx.Insert(ctx, rows...)
}

// OpeningFilter narrows what was opened. Its zero fields do not.
type OpeningFilter struct {
	Platform    qms.ID
	Person      qms.ID
	From, Until qms.Date // both included
}

// Openings lists what was opened, the newest first: to who manages the members everything, to an auditor
// what they opened themselves, to others nothing.
func (s *Service) Openings(ctx context.Context, f OpeningFilter, c qms.Cursor) (page qms.Page[Opening], err error) {
	after, err := openingAfter(c.After)
	if err != nil {
		return page, err
	}
	if err := s.Flush(ctx); err != nil { // the page is not refused for it
		s.o.Log.WarnContext(ctx, "openings of auditors not put on record yet", "error", err)
	}
	err = s.db.View(ctx, qms.ReadTrail.On(f.Platform), func(r store.Reader) error {
		switch actor := r.Actor(); {
		case actor.Can(qms.ManageMembers.On(f.Platform)):
		case IsAuditor(actor, f.Platform) && (f.Person == "" || f.Person == actor.ID):
			f.Person = actor.ID
		default:
			return qms.Refuse("auditor.openings_are_theirs")
		}
		all, err := openingPage(ctx, r, f, after, c.Limit())
		page = qms.PageOf(all, c.Limit(), func(o Opening) string { return qms.EncodeAfter(o.OpenedAt.Format(time.RFC3339Nano), string(o.ID)) })
		return err
	})
	return page, err
}

func openingAfter(after string) (*Opening, error) {
	parts, err := qms.DecodeAfter(after, 2)
	if err != nil || parts == nil {
		return nil, err
	}
	at, err := time.Parse(time.RFC3339Nano, parts[0])
	id, wrong := qms.ParseID(parts[1])
	if err != nil || wrong != nil {
		return nil, qms.Invalid("cursor.malformed")
	}
	return &Opening{Row: qms.Row{ID: id}, OpenedAt: qms.Instant(at)}, nil
}
