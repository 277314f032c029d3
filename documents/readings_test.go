package documents

import (
	"context"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func (r room) read(ctx context.Context, v *Version) error {
	storetest.ClockOf(r.db).Advance(time.Second)
	_, err := r.Acknowledge(ctx, Acknowledge{Platform: mic, Version: v.ID})
	return err
}

// readings says how everybody stands on the document on the day: "02 read 04 to-read".
func (r room) readings(code string, day qms.Date) string {
	r.t.Helper()
	s, err := r.SheetByCode(lead, mic, code, day)
	r.must(err)
	var words []string
	for _, one := range s.Readings {
		words = append(words, string(one.Reader.Person[len(one.Reader.Person)-2:])+" "+string(one.State))
	}
	return strings.Join(words, " ")
}

func (r room) minor(d *Document, rereads bool) *Version {
	r.t.Helper()
	v, err := r.NewVersion(writer, NewVersion{Platform: mic, Document: d.ID, Minor: true, Reason: "spelling", File: r.file("next.md", "spelt")})
	r.must(err)
	r.submit(v)
	_, err = r.Verify(checker, Verify{Platform: mic, Version: v.ID})
	r.must(err)
	v, err = r.Approve(chief, Approve{Platform: mic, Version: v.ID, Rereads: rereads})
	r.must(err)
	return v
}

func TestDistribution_EachAcknowledgesHavingReadAVersion(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Procedure", "text")
		r.address(d, qms.Member, storetest.AgentID(8))
		r.refused("before it is in force", r.read(writer, v), qms.CodeConflict, "reading.not_in_force")
		r.refused("a draft, by who may not see it", r.read(trainee, v), qms.CodeNotFound, "version.not_found")
		v = r.approve(v, 0)
		if got := r.readings(d.Code, 0); got != "02 to-read 03 to-read 08 to-read" {
			t.Fatalf("asked: %q", got)
		}
		r.must(r.read(trainee, v))
		s := r.sheet(lead, d.Code)
		last := s.InForce.Signatures[len(s.InForce.Signatures)-1]
		if last.Meaning != ReadBy || last.Person != storetest.AgentID(8) || last.Content != v.Content || last.SignedOn != r.db.Today() {
			t.Errorf("signed %+v", last)
		}
		if got := r.readings(d.Code, 0); got != "02 to-read 03 to-read 08 read" || s.Reading != (Tally{Asked: 3, Read: 1}) {
			t.Errorf("%q, %+v", got, s.Reading)
		}
		r.refused("twice", r.read(trainee, v), qms.CodeConflict, "reading.already")
		r.refused("by whom it is not addressed to", r.read(chief, v), qms.CodeRefused, "reading.not_addressed")
		r.refused("by an auditor", r.read(reader, v), qms.CodeRefused, "right.missing")
		r.refused("by another platform's", r.read(stranger, v), qms.CodeNotFound, "platform.not_found")
		r.refused("by nobody", r.read(context.Background(), v), qms.CodeUnauthenticated, "right.sign_in")
		_, err := r.Acknowledge(writer, Acknowledge{Platform: mic, Version: v.ID, Revision: v.Revision + 1})
		r.refused("of another revision", err, qms.CodeConflict, "record.changed")
	})
}

func TestDistribution_ANewVersionAsksAgainAndAMinorOneOnlyWhenItsApprovalSaysSo(t *testing.T) {
	each(t, func(r room) {
		d, v1 := r.create("PR", "ACH", "Procedure", "text")
		r.address(d, qms.Member)
		r.approve(v1, 0)
		r.must(r.read(writer, v1))
		r.days(1)
		v2 := r.minor(d, false)
		if got := r.readings(d.Code, 0); got != "02 read 03 to-read" {
			t.Errorf("after a minor version: %q", got)
		}
		r.refused("the version before", r.read(checker, v1), qms.CodeConflict, "reading.not_in_force")
		r.must(r.read(checker, v2))
		r.days(1)
		v3 := r.minor(d, true)
		if got := r.readings(d.Code, 0); got != "02 to-read 03 to-read" {
			t.Errorf("after a minor version that asks: %q", got)
		}
		r.must(r.read(writer, v3))
		r.days(1)
		r.minor(d, false)
		if got := r.readings(d.Code, 0); got != "02 read 03 to-read" {
			t.Errorf("after one more: %q", got)
		}
		r.days(1)
		r.approve(r.next(d, "all new"), 0)
		if got := r.readings(d.Code, 0); got != "02 to-read 03 to-read" {
			t.Errorf("after a major version: %q", got)
		}
		if got := r.readings(d.Code, r.db.Today().AddDays(-3)); got != "02 read 03 read" {
			t.Errorf("as it stood three days ago: %q", got)
		}
	})
}

func TestDistribution_WhoHasNotReadIsSeenAndLateAfterTheDaysOfTheRule(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Procedure", "text")
		r.address(d, qms.Member)
		r.approve(v, 0)
		asked := r.db.Today()
		r.must(r.read(writer, v))
		r.days(DefaultLateDays)
		if got := r.readings(d.Code, 0); got != "02 read 03 to-read" {
			t.Errorf("on the last day: %q", got)
		}
		r.days(1)
		if got := r.readings(d.Code, 0); got != "02 read 03 late" {
			t.Errorf("the day after: %q", got)
		}
		mine, err := r.ToReadBy(checker, []qms.ID{mic, cyt})
		r.must(err)
		if len(mine) != 1 || mine[0].Since != asked || mine[0].Until != asked.AddDays(DefaultLateDays) || mine[0].State != ReadLate {
			t.Errorf("the reader's own: %+v", mine)
		}
		for who, ctx := range map[string]context.Context{"who has read": writer, "who is not asked": chief, "an auditor": reader} {
			if mine, err := r.ToReadBy(ctx, []qms.ID{mic}); err != nil || len(mine) != 0 {
				t.Errorf("%s: %+v, %v", who, mine, err)
			}
		}
		var due []qms.Due
		r.must(r.db.View(lead, qms.ReadDocuments.On(mic), func(rd store.Reader) (err error) {
			due, err = r.ReadingsDueIn(lead, rd, mic)
			return err
		}))
		if len(due) != 1 || due[0].Kind != "reading" || due[0].Person != storetest.AgentID(3) || due[0].On != asked.AddDays(DefaultLateDays) ||
			due[0].Key != "reading:"+string(v.ID)+":"+string(storetest.AgentID(3)) {
			t.Errorf("falls due: %+v", due)
		}
		_, err = r.SetReadingRule(lead, SetReadingRule{Platform: mic, LateDays: 30})
		r.must(err)
		if got := r.readings(d.Code, 0); got != "02 read 03 to-read" {
			t.Errorf("with thirty days: %q", got)
		}
		rule, err := r.ReadingRule(reader, mic)
		r.must(err)
		_, err = r.SetReadingRule(lead, SetReadingRule{Platform: mic, LateDays: 10, Revision: rule.Revision + 1})
		r.refused("a rule changed by another", err, qms.CodeConflict, "record.changed")
		for _, days := range []int64{0, -1, 731} {
			_, err = r.SetReadingRule(lead, SetReadingRule{Platform: mic, LateDays: days})
			r.refused("days", err, qms.CodeInvalid, "reading.late_days")
		}
		_, err = r.SetReadingRule(writer, SetReadingRule{Platform: mic, LateDays: 10})
		r.refused("by a member", err, qms.CodeRefused, "right.missing")
	})
}

func TestDistribution_WhoJoinsIsAskedFromThenOnAndWhoLeavesNoMore(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Procedure", "text")
		members := r.address(d, qms.Member)[0]
		r.address(d, storetest.AgentID(8))
		r.approve(v, 0)
		r.days(20)
		joined := r.db.Today()
		newcomer := storetest.AsPerson(storetest.AgentID(9), "Agent 09", qms.Grant{Role: qms.Member, Platform: mic})
		r.Service.people = crew{[]Holding{{Person: storetest.AgentID(9), Name: "Agent 09", Role: qms.Member, Period: qms.Period{From: joined}}}}
		if got := r.readings(d.Code, 0); got != "02 late 03 late 08 late 09 to-read" {
			t.Errorf("today: %q", got)
		}
		if got := r.readings(d.Code, joined.AddDays(-1)); got != "02 late 03 late 08 late" {
			t.Errorf("yesterday: %q", got)
		}
		mine, err := r.ToReadBy(newcomer, []qms.ID{mic})
		r.must(err)
		if len(mine) != 1 || mine[0].Since != joined {
			t.Errorf("the newcomer is asked %+v", mine)
		}
		r.must(r.read(newcomer, v))
		_, err = r.EndAddress(lead, EndAddress{Platform: mic, Addressee: members.ID, Reason: "members learn it otherwise"})
		r.must(err)
		if got := r.readings(d.Code, 0); got != "08 late" {
			t.Errorf("after the end: %q", got)
		}
		if got := r.readings(d.Code, joined.AddDays(-1)); got != "02 late 03 late 08 late" {
			t.Errorf("the end changes the past: %q", got)
		}
		if got := len(r.sheet(lead, d.Code).InForce.Signatures); got != 4 {
			t.Errorf("%d signatures: what was signed stays on record", got)
		}
	})
}

func TestDistribution_IsEndedWithAReasonAndNeverDeleted(t *testing.T) {
	each(t, func(r room) {
		d, _ := r.create("PR", "ACH", "Procedure", "text")
		a := r.address(d, qms.Member)[0]
		end := EndAddress{Platform: mic, Addressee: a.ID}
		_, err := r.EndAddress(lead, end)
		r.refused("without a reason", err, qms.CodeInvalid, "act.reason_missing")
		end.Reason, end.Until = "why", r.db.Today().AddDays(-1)
		_, err = r.EndAddress(lead, end)
		r.refused("in the past", err, qms.CodeInvalid, "distribution.past")
		end.Until = 0
		for who, ctx := range map[string]context.Context{"a member": writer, "an auditor": reader} {
			_, err = r.EndAddress(ctx, end)
			r.refused(who, err, qms.CodeRefused, "right.missing")
		}
		_, err = r.EndAddress(stranger, EndAddress{Platform: cyt, Addressee: a.ID, Reason: "why"})
		r.refused("by way of another platform", err, qms.CodeNotFound, "addressee.not_found")
		_, err = r.EndAddress(lead, end)
		r.must(err)
		_, err = r.EndAddress(lead, end)
		r.refused("twice", err, qms.CodeConflict, "distribution.ended")
		s := r.sheet(lead, d.Code)
		if len(s.Addressees) != 1 || s.Addressees[0].Ending != "why" || s.Readers != 0 {
			t.Errorf("on record: %+v", s.Addressees)
		}
		r.address(d, qms.Member) // may be addressed again
	})
}

func TestDistribution_RefusesWhoAndWhatCannotBeAddressed(t *testing.T) {
	each(t, func(r room) {
		d, _ := r.create("PR", "ACH", "Procedure", "text")
		r.address(d, qms.Member, storetest.AgentID(4))
		base := Address{Platform: mic, Document: d.ID}
		for what, c := range map[string]struct {
			change func(*Address)
			code   qms.Code
			key    string
		}{
			"nobody":              {func(*Address) {}, qms.CodeInvalid, "distribution.nobody"},
			"a role twice":        {func(c *Address) { c.Roles = []qms.Role{qms.Member} }, qms.CodeInvalid, "distribution.role_already"},
			"a person twice":      {func(c *Address) { c.Persons = []qms.ID{storetest.AgentID(4)} }, qms.CodeInvalid, "distribution.person_already"},
			"auditors":            {func(c *Address) { c.Roles = []qms.Role{qms.Auditor} }, qms.CodeInvalid, "input.unknown_choice"},
			"a role there is not": {func(c *Address) { c.Roles = []qms.Role{"\x00' OR 1=1"} }, qms.CodeInvalid, "input.unknown_choice"},
			"an auditor":          {func(c *Address) { c.Persons = []qms.ID{storetest.AgentID(6)} }, qms.CodeInvalid, "person.not_of_platform"},
			"another platform's":  {func(c *Address) { c.Persons = []qms.ID{storetest.AgentID(7)} }, qms.CodeInvalid, "person.not_of_platform"},
			"no person at all":    {func(c *Address) { c.Persons = []qms.ID{"x\x00"} }, qms.CodeInvalid, "person.not_of_platform"},
			"yesterday":           {func(c *Address) { c.Roles, c.From = []qms.Role{qms.User}, r.db.Today().AddDays(-1) }, qms.CodeInvalid, "distribution.past"},
			"a crowd":             {func(c *Address) { c.Persons = make([]qms.ID, 201) }, qms.CodeInvalid, "distribution.too_many"},
			"a long reason":       {func(c *Address) { c.Roles, c.Reason = []qms.Role{qms.User}, strings.Repeat("é", 2001) }, qms.CodeInvalid, "act.reason_long"},
			"no document":         {func(c *Address) { c.Document = storetest.AgentID(1) }, qms.CodeNotFound, "document.not_found"},
			"no kind":             {func(c *Address) { c.Document, c.Kind = "", "ZZ" }, qms.CodeInvalid, "input.unknown_choice"},
			"nothing":             {func(c *Address) { c.Document = "" }, qms.CodeInvalid, "input.unknown_choice"},
		} {
			cmd := base
			c.change(&cmd)
			_, err := r.Address(lead, cmd)
			r.refused(what, err, c.code, c.key)
		}
		_, err := r.Address(writer, Address{Platform: mic, Document: d.ID, Roles: []qms.Role{qms.User}})
		r.refused("by a member", err, qms.CodeRefused, "right.missing")
		_, err = r.Address(stranger, Address{Platform: cyt, Document: d.ID, Roles: []qms.Role{qms.User}})
		r.refused("another platform's document", err, qms.CodeNotFound, "document.not_found")
		twice, err := r.Address(lead, Address{Platform: mic, Document: d.ID, Roles: []qms.Role{qms.User, qms.User}, Reason: "a\x00b\x07"})
		r.must(err)
		if len(twice) != 1 {
			t.Errorf("named twice, made %d times", len(twice))
		}
	})
}

func TestMatrix_ShowsWhoHasReadWhat(t *testing.T) {
	each(t, func(r room) {
		a, v1 := r.create("PR", "ACH", "First", "text")
		b, v2 := r.create("MO", "ANA", "Second", "text")
		c, v3 := r.create("FO", "ANA", "Addressed to nobody", "text")
		for _, v := range []*Version{v1, v2, v3} {
			r.approve(v, 0)
		}
		_, draft := r.create("PR", "ANA", "A draft", "text")
		_, err := r.Address(lead, Address{Platform: mic, Kind: "PR", Roles: []qms.Role{qms.Member}})
		r.must(err)
		r.address(b, storetest.AgentID(3), qms.User)
		r.must(r.read(writer, v1))
		r.must(r.read(trainee, v2))
		show := func(ctx context.Context, f ReadingFilter) string {
			t.Helper()
			m, err := r.ReadingMatrix(ctx, mic, f)
			r.must(err)
			var words []string
			for _, one := range m.Readings() {
				words = append(words, string(one.Reader.Person[len(one.Reader.Person)-2:])+" "+one.Document.Code+" "+string(one.State))
			}
			return strings.Join(words, ", ")
		}
		all := "02 " + a.Code + " read, 03 " + b.Code + " to-read, 03 " + a.Code + " to-read, 08 " + b.Code + " read"
		for what, one := range map[string]struct {
			who  context.Context
			f    ReadingFilter
			want string
		}{
			"everything":                   {lead, ReadingFilter{}, all},
			"an auditor":                   {reader, ReadingFilter{}, all},
			"a member":                     {writer, ReadingFilter{}, all},
			"one with training only":       {trainee, ReadingFilter{}, "08 " + b.Code + " read"},
			"another's, with training":     {trainee, ReadingFilter{Person: storetest.AgentID(3)}, "08 " + b.Code + " read"},
			"a process":                    {lead, ReadingFilter{Process: "ACH"}, "02 " + a.Code + " read, 03 " + a.Code + " to-read"},
			"a kind":                       {lead, ReadingFilter{Kind: "MO"}, "03 " + b.Code + " to-read, 08 " + b.Code + " read"},
			"a role":                       {lead, ReadingFilter{Role: qms.User}, "08 " + b.Code + " read"},
			"a person":                     {lead, ReadingFilter{Person: storetest.AgentID(2)}, "02 " + a.Code + " read"},
			"only what is missing":         {lead, ReadingFilter{Missing: true}, "03 " + b.Code + " to-read, 03 " + a.Code + " to-read"},
			"before anything is addressed": {lead, ReadingFilter{AsOf: r.db.Today().AddDays(-1)}, ""},
			"no such process":              {lead, ReadingFilter{Process: "' OR 1=1"}, ""},
		} {
			if got := show(one.who, one.f); got != one.want {
				t.Errorf("%s: %q, want %q", what, got, one.want)
			}
		}
		m, err := r.ReadingMatrix(lead, mic, ReadingFilter{})
		r.must(err)
		if m.Tally != (Tally{Asked: 4, Read: 2}) || len(m.People) != 3 || len(m.Documents) != 2 || m.Cell(storetest.AgentID(2), c.ID) != nil || m.Cell(storetest.AgentID(2), draft.Document) != nil {
			t.Errorf("%+v", m)
		}
		missing, err := r.ReadingMatrix(lead, mic, ReadingFilter{Missing: true})
		r.must(err)
		if len(missing.People) != 1 || missing.People[0].Tally != (Tally{Asked: 2}) || missing.Documents[1].Tally != (Tally{Asked: 2, Read: 1}) {
			t.Errorf("what is missing counts without what is read: %+v, %+v", missing.People, missing.Documents)
		}
		tally, err := r.ReadingTally(reader, mic)
		r.must(err)
		if tally != m.Tally {
			t.Errorf("tally %+v", tally)
		}
		_, err = r.ReadingMatrix(stranger, mic, ReadingFilter{})
		r.refused("another platform's", err, qms.CodeNotFound, "platform.not_found")
		r.refused("a document of a kind", r.read(checker, v3), qms.CodeRefused, "reading.not_addressed")
	})
}

func TestSheet_ShowsPeopleWithTrainingOnlyTheirOwnReading(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Procedure", "text")
		r.address(d, qms.Member, qms.User)
		r.approve(v, 0)
		r.must(r.read(writer, v))
		s := r.sheet(trainee, d.Code)
		if s.Mine == nil || s.Mine.State != ToRead || s.Readings != nil || s.Addressees != nil || s.Reading.Asked != 0 {
			t.Errorf("%+v", s.Distribution)
		}
		for _, sig := range s.InForce.Signatures {
			if sig.Meaning == ReadBy {
				t.Errorf("shows that %s has read", sig.Name)
			}
		}
		r.must(r.read(trainee, v))
		s = r.sheet(trainee, d.Code)
		if n := len(s.InForce.Signatures); s.Mine.State != HasRead || s.InForce.Signatures[n-1].Meaning != ReadBy {
			t.Errorf("their own is not shown: %+v", s.Mine)
		}
		if s := r.sheet(lead, d.Code); s.Mine != nil || s.Reading != (Tally{Asked: 3, Read: 2}) {
			t.Errorf("to the lead: %+v, %+v", s.Mine, s.Reading)
		}
	})
}
