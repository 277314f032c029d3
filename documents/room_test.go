package documents

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"maillon/documents/vault"
	"maillon/documents/vault/dir"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

const (
	mic = qms.ID("00000000-0000-7000-9000-000000000001")
	cyt = qms.ID("00000000-0000-7000-9000-000000000002")
)

// crew stands for the room of people, which this one does not know: Agent 01 to 09 are everybody's staff.
type crew struct{ later []Holding }

func (crew) Staff(context.Context, store.Reader, qms.ID, qms.Date) (staff []Person, err error) {
	for n := 1; n < 10; n++ {
		staff = append(staff, Person{storetest.AgentID(n), fmt.Sprintf("Agent %02d", n)})
	}
	return staff, nil
}

func (crew) Names(_ context.Context, _ store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	names := map[qms.ID]string{}
	for _, id := range persons {
		names[id] = "Agent " + string(id[len(id)-2:])
	}
	return names, nil
}

// Holdings says that Agent 02 to 05 and 08 hold their roles of old, and what is said of those who came
// later.
func (c crew) Holdings(context.Context, store.Reader, qms.ID) ([]Holding, error) {
	held := func(n int, role qms.Role) Holding {
		return Holding{Person: storetest.AgentID(n), Name: fmt.Sprintf("Agent %02d", n), Role: role, Period: qms.Period{From: qms.MustDate("2020-01-01")}}
	}
	return append([]Holding{held(2, qms.Member), held(3, qms.Member), held(4, qms.Manager), held(5, qms.QualityLead), held(8, qms.User)}, c.later...), nil
}

func (c crew) HoldingsOn(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID][]Holding, error) {
	all, err := c.Holdings(ctx, r, mic)
	of := map[qms.ID][]Holding{}
	for _, p := range platforms {
		of[p] = all
	}
	return of, err
}

func (c crew) HeldBy(ctx context.Context, r store.Reader, person qms.ID, platforms []qms.ID) (map[qms.ID][]Holding, error) {
	all, err := c.Holdings(ctx, r, mic)
	return map[qms.ID][]Holding{mic: slices.DeleteFunc(all, func(h Holding) bool { return h.Person != person })}, err
}

// room is a service on a database of its own, and the people who use it.
type room struct {
	*Service
	t   *testing.T
	db  *store.DB
	dir vault.Vault
}

// Agent 02, 03 and 04 are members of the platform who write, verify and approve; Agent 05 leads, Agent 06
// may only read what was approved, and Agent 08 uses the equipment.
var (
	writer   = storetest.AsPerson(storetest.AgentID(2), "Agent 02", qms.Grant{Role: qms.Member, Platform: mic})
	checker  = storetest.AsPerson(storetest.AgentID(3), "Agent 03", qms.Grant{Role: qms.Member, Platform: mic})
	chief    = storetest.AsPerson(storetest.AgentID(4), "Agent 04", qms.Grant{Role: qms.Manager, Platform: mic})
	lead     = storetest.AsPerson(storetest.AgentID(5), "Agent 05", qms.Grant{Role: qms.QualityLead, Platform: mic})
	reader   = storetest.AsPerson(storetest.AgentID(6), "Agent 06", qms.Grant{Role: qms.Auditor, Platform: mic})
	trainee  = storetest.AsPerson(storetest.AgentID(8), "Agent 08", qms.Grant{Role: qms.User, Platform: mic})
	stranger = storetest.AsPerson(storetest.AgentID(7), "Agent 07", qms.Grant{Role: qms.Manager, Platform: cyt})
)

func each(t *testing.T, f func(r room)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v, err := dir.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		f(room{New(db, v, crew{}), t, db, v})
	})
}

func (r room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r room) refused(what string, err error, code qms.Code, key string) {
	r.t.Helper()
	var e *qms.Error
	if !errors.As(err, &e) || e.Code != code {
		r.t.Errorf("%s: got %v, want %s %s", what, err, code, key)
		return
	}
	for _, f := range e.Fields {
		if f.Key == key {
			return
		}
	}
	if e.Key != key {
		r.t.Errorf("%s: got %v, want %s %s", what, err, code, key)
	}
}

func (r room) file(name, body string) *File {
	r.t.Helper()
	f, err := r.Receive(writer, mic, name, strings.NewReader(body))
	r.must(err)
	return &f
}

func (r room) create(kind, process, title, body string) (*Document, *Version) {
	r.t.Helper()
	d, v, err := r.Create(writer, Create{Platform: mic, Kind: kind, Process: process, Title: title, Reason: "first", File: r.file(title+".md", body)})
	r.must(err)
	return d, v
}

func (r room) submit(v *Version) {
	r.t.Helper()
	_, err := r.Submit(writer, Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(3), Approver: storetest.AgentID(4)})
	r.must(err)
}

func (r room) approve(v *Version, from qms.Date) *Version {
	r.t.Helper()
	r.submit(v)
	storetest.ClockOf(r.db).Advance(time.Second)
	_, err := r.Verify(checker, Verify{Platform: mic, Version: v.ID})
	r.must(err)
	storetest.ClockOf(r.db).Advance(time.Second)
	done, err := r.Approve(chief, Approve{Platform: mic, Version: v.ID, EffectiveFrom: from})
	r.must(err)
	return done
}

func (r room) next(d *Document, body string) *Version {
	r.t.Helper()
	v, err := r.NewVersion(writer, NewVersion{Platform: mic, Document: d.ID, Reason: "better", File: r.file("next.md", body)})
	r.must(err)
	return v
}

func (r room) sheet(ctx context.Context, code string) *Sheet {
	r.t.Helper()
	s, err := r.SheetByCode(ctx, mic, code, 0)
	r.must(err)
	return s
}

func (r room) days(n int) { storetest.ClockOf(r.db).Advance(time.Duration(n) * 24 * time.Hour) }
