package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/scheduler/smtp"
)

// told1 is one reminder as the ledger and the mail server know it.
type told1 struct {
	Person     qms.ID
	Obligation string
	DueOn      string
	Step       int
}

// world is a site with a life of its own: platforms whose obligations appear, move and are done.
type world struct {
	t       *testing.T
	rng     *rand.Rand
	zone    *time.Location
	now     time.Time
	places  map[qms.ID]*Place
	site    []qms.ID // quality officers
	wishes  map[qms.ID]Wish
	open    map[string]*qms.Due
	serial  int
	armed   string // where the replica that ticks dies
	refuses bool   // the mail server has a bad day

	inbox map[string]string // first text of each Message-ID
	doubles,
	deaths, takeovers, refusals int
}

var errDied = errors.New("the process died")

// die is a crash: nothing after it runs, deferred roll-backs aside, which a database does too.
func (w *world) die(at string) {
	if w.armed == at {
		w.armed = ""
		panic(errDied)
	}
}

func (w *world) Dues(_ context.Context, _ store.Reader, _ []qms.ID, _, until qms.Date) ([]qms.Due, error) {
	w.die("asking")
	var all []qms.Due
	for _, d := range w.open {
		if d.On <= until {
			all = append(all, *d)
		}
	}
	qms.SortDues(all)
	return all, nil
}

func (w *world) Staff(context.Context, store.Reader, qms.Date) (Staff, error) {
	return Staff{Places: w.places, Officers: w.site}, nil
}

func (w *world) Contacts(_ context.Context, _ store.Reader, persons []qms.ID) (map[qms.ID]Contact, error) {
	all := map[qms.ID]Contact{}
	for _, p := range persons {
		all[p] = Contact{Name: "Agent", Address: string(p) + "@plateforme.example", SignsIn: true}
	}
	return all, nil
}

func (w *world) compose(_ context.Context, l Letter) (smtp.Message, error) {
	var all []told1
	for _, i := range l.Items {
		all = append(all, told1{l.Person, i.Obligation, i.DueOn.String(), i.Step})
	}
	text, err := json.Marshal(all)
	return smtp.Message{ID: l.ID, Address: l.Address, Text: string(text)}, err
}

func (w *world) Dial(context.Context) (Outgoing, error) {
	w.die("dialling")
	if w.rng.IntN(40) == 0 {
		return nil, errors.New("no route to host")
	}
	return w, nil
}

func (w *world) Close() error { return nil }

func (w *world) Send(_ context.Context, m smtp.Message) error {
	w.die("sending")
	switch n := w.rng.IntN(60); {
	case n == 0 || w.refuses && n < 30:
		return errors.New("closed in the middle of DATA")
	case n == 1:
		w.refusals++
		return fmt.Errorf("550 no such user: %w", smtp.ErrRefused)
	}
	if before, ok := w.inbox[m.ID]; ok {
		w.doubles++
		if before != m.Text {
			w.t.Errorf("%s came with another text", m.ID)
		}
	}
	w.inbox[m.ID] = m.Text
	if w.rng.IntN(3) == 0 {
		w.die("noting")
	}
	return nil
}

// newWorld makes platforms with two who lead them, three officers, and wishes of every kind.
func newWorld(t *testing.T, zone *time.Location, platforms int) *world {
	w := &world{t: t, rng: rand.New(rand.NewPCG(1, 2026)), zone: zone, places: map[qms.ID]*Place{}, wishes: map[qms.ID]Wish{},
		open: map[string]*qms.Due{}, inbox: map[string]string{}}
	for i := range 3 {
		w.site = append(w.site, storetest.AgentID(9000+i))
	}
	for i := range platforms {
		id := storetest.AgentID(100 + i)
		p := &Place{ID: id, Asked: []qms.ID{storetest.AgentID(1000 + i), storetest.AgentID(2000 + i)}}
		p.Present = append(slices.Clone(p.Asked), storetest.AgentID(3000+i))
		if i%4 != 0 {
			p.Officer = w.site[i%3]
		}
		w.places[id] = p
		for j, person := range p.Present {
			w.wishes[person] = []Wish{{Mode: Daily}, {}, {Mode: Weekly, Weekday: 1 + (i+j)%7}, {Mode: None}}[(i+j)%4]
		}
	}
	w.wishes[storetest.AgentID(1001)], w.wishes[storetest.AgentID(3002)] = Wish{Mode: Immediate}, Wish{Mode: Immediate}
	return w
}

// live lets one day's life happen.
func (w *world) live(today qms.Date) {
	ids := slices.Sorted(maps.Keys(w.places))
	for _, id := range ids {
		if w.rng.IntN(9) == 0 {
			w.serial++
			d := &qms.Due{Key: fmt.Sprintf("thing:%d", w.serial), Kind: []string{"review", "training", "deliverable"}[w.rng.IntN(3)], Platform: id,
				Title: "Thing", On: today.AddDays(w.rng.IntN(140) - 20)}
			if w.rng.IntN(3) == 0 {
				d.Person = w.places[id].Present[2]
			}
			w.open[d.Key] = d
		}
	}
	for _, key := range slices.Sorted(maps.Keys(w.open)) {
		d := w.open[key]
		switch n := w.rng.IntN(300); {
		case n < 2:
			moved := *d
			moved.On = d.On.AddDays(w.rng.IntN(90) - 20)
			w.open[key] = &moved
		case n < 6, d.On < today && n < 20:
			delete(w.open, key)
		}
	}
}

// replica is one process: its clock is wrong by ahead, and its memory is lost when it dies.
type replica struct {
	name  string
	db    *store.DB
	ahead time.Duration
	s     *Service
}

func (w *world) start(r *replica) {
	began := w.now
	w.serial++
	r.s = New(r.db, Options{People: w, Sources: []Source{w}, Mailer: w, Compose: w.compose, Zone: w.zone, Morning: 2, Holder: fmt.Sprint(r.name, w.serial),
		Elapsed: func() time.Duration { return w.now.Sub(began) }})
}

// replay is the world, its replicas, and the ledger of what the rule demanded.
type replay struct {
	*world
	replicas []*replica
	ledger   map[told1]int
	told     map[Teller]qms.Date // until which step, by the ledger
	asked    qms.Date
	slots    int64
	last     *Slot
}

// demanded is the rule once more, as one would do it by hand: walk over every day on which a step is
// reached, and take the last.
func (w *replay) demanded(day qms.Date, morning bool) map[told1]qms.Date {
	found := map[told1]qms.Date{}
	for _, d := range w.open {
		for person, escalated := range w.who(d) {
			wish, ahead := w.wishes[person], 0
			switch wish.Mode {
			case Immediate:
			case Weekly:
				issue := day
				for (int(issue.Time().Weekday())+6)%7+1 != wish.Weekday {
					issue--
				}
				if !morning || w.asked >= issue {
					continue
				}
				ahead = int(issue + 6 - day)
			default:
				if !morning {
					continue
				}
			}
			step, reached := 0, qms.Date(0)
			for _, offset := range []int{90, 30, 7, 0} {
				if at := d.On - qms.Date(offset); at <= day+qms.Date(ahead) {
					step, reached = offset, at
				}
			}
			for late := 7; d.On+qms.Date(late) <= day; late += 7 {
				step, reached = -late, d.On+qms.Date(late)
			}
			if reached == 0 || escalated && step > -14 {
				continue
			}
			if told, ok := w.told[Teller{d.Key, person}]; !ok || told < reached {
				found[told1{person, d.Key, d.On.String(), step}] = max(day, reached)
			}
		}
	}
	return found
}

// who is asked, by hand: the person named, else who leads the platform and listens; and the officer.
func (w *replay) who(d *qms.Due) map[qms.ID]bool {
	who, place := map[qms.ID]bool{}, w.places[d.Platform]
	officers := w.site
	if place.Officer != "" {
		officers = []qms.ID{place.Officer}
	}
	for _, o := range officers {
		who[o] = true
	}
	if d.Person != "" {
		who[d.Person] = false
		return who
	}
	silent := 0
	for _, p := range place.Asked {
		if w.wishes[p].Mode == None {
			silent++
		}
	}
	for _, p := range place.Asked {
		if w.wishes[p].Mode != None || silent == len(place.Asked) {
			who[p] = false
		}
	}
	return who
}

// tick lets one replica tick, and holds what it queued against the rule.
func (w *replay) tick(r *replica) {
	if w.armed == "" && w.rng.IntN(25) == 0 { // stays armed until a replica comes by
		w.armed = []string{"asking", "dialling", "sending", "noting"}[w.rng.IntN(4)]
	}
	day := qms.DateOf(w.now.Add(r.ahead), w.zone)
	local := w.now.Add(r.ahead).In(w.zone)
	morning := day > w.asked && local.Hour() >= 2
	blocked := w.held()
	died := w.run(r)
	slot := w.lastSlot()
	w.last = slot
	if slot == nil || slot.Number == w.slots {
		if want := w.demanded(day, morning); !blocked && !died && (morning || len(want) > 0) {
			w.t.Fatalf("%s: %s asked nothing, and should have asked %d", local, r.name, len(want))
		}
		return
	}
	w.slots = slot.Number
	w.settle(r, slot, day, morning)
}

// settle holds the reminders of a new run against the rule, and enters them in the ledger.
func (w *replay) settle(r *replica, slot *Slot, day qms.Date, morning bool) {
	if morning != (slot.Day == day) {
		w.t.Fatalf("%s at %s: slot of day %s, morning %v", r.name, w.now, slot.Day, morning)
	}
	want := w.demanded(day, morning)
	var made []Reminder
	w.read(func(ctx context.Context, q store.Reader) error {
		return q.Select(&made).Where("mail IN (SELECT id FROM mails WHERE slot = ?)", slot.Number).Scan(ctx)
	})
	if len(made) != len(want) {
		w.t.Errorf("%s on %s: %d reminders made, %d demanded", r.name, day, len(made), len(want))
	}
	for _, m := range made {
		key := told1{m.Person, m.Obligation, m.DueOn.String(), m.Step}
		through, ok := want[key]
		if !ok {
			w.t.Errorf("%s on %s: nobody demanded %+v", r.name, day, key)
		}
		w.ledger[key]++
		w.told[Teller{m.Obligation, m.Person}] = max(through, w.told[Teller{m.Obligation, m.Person}])
	}
	if morning {
		w.asked = day
	}
}

// run is one tick of a process that may die of it, and is then started again.
func (w *replay) run(r *replica) (died bool) {
	defer func() {
		if fault := recover(); fault != nil {
			if fault != errDied {
				panic(fault)
			}
			died = true
			w.deaths++
			w.start(r)
		}
	}()
	if err := r.s.Tick(storetest.AsSystem()); err != nil {
		w.t.Fatalf("%s at %s: %v", r.name, w.now, err)
	}
	return false
}

func (w *replay) read(fn func(ctx context.Context, r store.Reader) error) {
	ctx := storetest.AsSystem()
	if err := w.replicas[0].db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error { return fn(ctx, r) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *replay) lastSlot() (slot *Slot) {
	w.read(func(ctx context.Context, r store.Reader) (err error) {
		slot, err = lastSlot(ctx, r)
		return err
	})
	return slot
}

func (w *replay) held() bool { return !w.last.ended() }

// newReplay opens one database three times, by clocks five minutes apart each.
func newReplay(t *testing.T, engine store.Engine, platforms int, from time.Time) *replay {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	w := &replay{world: newWorld(t, zone, platforms), ledger: map[told1]int{}, told: map[Teller]qms.Date{}}
	w.now = from
	first := storetest.Open(t, engine)
	for i, ahead := range []time.Duration{-5 * time.Minute, 0, 5 * time.Minute} {
		db, err := store.Open(t.Context(), store.Options{URL: storetest.URL(first), Location: zone,
			Clock: func() time.Time { return qms.Instant(w.now.Add(ahead)) }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		w.replicas = append(w.replicas, &replica{name: string(rune('A' + i)), db: db, ahead: ahead})
		w.start(w.replicas[i])
	}
	w.prefer(w.replicas[1].db)
	return w
}

// prefer records the wishes as persons do.
func (w *replay) prefer(db *store.DB) {
	s := New(db, Options{People: w})
	for person, wish := range w.wishes {
		if wish.Mode == "" {
			continue
		}
		if _, err := s.Prefer(storetest.AsPerson(person, "Agent"), Prefer{Mode: wish.Mode, Weekday: wish.Weekday, Language: "fr"}); err != nil {
			w.t.Fatal(err)
		}
	}
}

// round lets every replica tick once, in any order.
func (w *replay) round(at time.Time) {
	w.now = at.UTC()
	for _, i := range w.rng.Perm(len(w.replicas)) {
		w.tick(w.replicas[i])
	}
}

// day replays one day: on some around midnight, around the morning (an hour that spring skips and autumn
// has twice), on some in the afternoon after what happened, and every five minutes while a runner is dead.
func (w *replay) day(day qms.Date) {
	at := func(hour, minute int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, w.zone)
	}
	if w.rng.IntN(8) == 0 {
		w.round(at(0, 1))
	}
	w.refuses = w.rng.IntN(30) == 0
	w.round(at(2, 2))
	w.until(at(2, 7), 6)
	w.refuses = false
	w.live(day)
	if w.rng.IntN(8) == 0 {
		w.round(at(15, 0))
		w.until(at(15, 5), 6)
	}
}

// until ticks every five minutes until nobody holds a slot, so long at most.
func (w *replay) until(at time.Time, rounds int) {
	for range rounds {
		if !w.held() {
			return
		}
		w.takeovers++
		w.round(at)
		at = at.Add(5 * time.Minute)
	}
}

// drain has dead letters tried again, and ticks on until all that was queued is settled.
func (w *replay) drain() {
	s := New(w.replicas[1].db, Options{People: w})
	for range 2000 {
		if _, err := s.Retry(storetest.AsSystem(), Retry{Reason: "the addresses are right"}); err != nil {
			w.t.Fatal(err)
		}
		w.round(w.now.Add(5 * time.Minute))
		var left int64
		w.read(func(ctx context.Context, r store.Reader) (err error) {
			left, err = r.Select((*Mail)(nil)).Where("state <> ?", Sent).Count(ctx)
			return err
		})
		if left == 0 && !w.held() {
			return
		}
	}
	w.t.Error("the outbox does not empty")
}

// check holds what the mail server got against what the rule demanded.
func (w *replay) check() {
	got := map[told1]int{}
	for _, text := range w.inbox {
		var all []told1
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			w.t.Fatal(err)
		}
		for _, one := range all {
			got[one]++
		}
	}
	for one, n := range w.ledger {
		if n != 1 || got[one] != 1 {
			w.t.Errorf("%+v was demanded %d times and came %d times", one, n, got[one])
		}
	}
	for one := range got {
		if w.ledger[one] == 0 {
			w.t.Errorf("%+v came and was never demanded", one)
		}
	}
	if w.doubles > w.deaths*notesAtOnce {
		w.t.Errorf("%d mails came twice after %d deaths", w.doubles, w.deaths)
	}
}

func (w *replay) years(from, until qms.Date) {
	for day := from; day < until && !w.t.Failed(); day++ {
		if w.rng.IntN(200) == 0 { // nobody ticks for up to ten days, life goes on
			for range 1 + w.rng.IntN(10) {
				w.live(day)
				day++
			}
		}
		w.day(day)
	}
	w.drain()
	w.check()
	w.t.Logf("%d obligations, %d reminders in %d mails, %d runs, %d deaths, %d rounds until taken over, %d came twice, %d refused",
		w.serial, len(w.ledger), len(w.inbox), w.slots, w.deaths, w.takeovers, w.doubles, w.refusals)
	if w.deaths < 10 || len(w.ledger) < 100 || w.refusals == 0 {
		w.t.Error("too little happened for this test to show anything")
	}
}

func TestReplay_SixYearsOfTwentyPlatformsTellEverythingOnce(t *testing.T) {
	t.Parallel()
	w := newReplay(t, store.SQLite, 20, time.Date(2024, 1, 15, 0, 0, 0, 0, time.UTC))
	w.years(qms.NewDate(2024, 1, 15), qms.NewDate(2030, 1, 15))
}

// TestReplay_TenMonthsTellEverythingOnce is shorter, for the engine that takes longer over each act.
func TestReplay_TenMonthsTellEverythingOnce(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			w := newReplay(t, engine, 6, time.Date(2028, 2, 1, 0, 0, 0, 0, time.UTC))
			w.years(qms.NewDate(2028, 2, 1), qms.NewDate(2028, 12, 1)) // a leap day and both changes of the clocks
		})
	}
}
