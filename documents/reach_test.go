package documents

import (
	"context"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/store/storetest"
)

func (r room) address(d *Document, to ...any) []*Addressee {
	r.t.Helper()
	cmd := Address{Platform: mic, Document: d.ID}
	for _, one := range to {
		switch one := one.(type) {
		case qms.ID:
			cmd.Persons = append(cmd.Persons, one)
		case qms.Role:
			cmd.Roles = append(cmd.Roles, one)
		}
	}
	added, err := r.Address(lead, cmd)
	r.must(err)
	return added
}

// sees lists what the reader finds in the master list, and holds every other door to it.
func (r room) sees(ctx context.Context, all ...*Version) string {
	r.t.Helper()
	list, err := r.MasterList(ctx, mic, Filter{}, qms.Cursor{})
	r.must(err)
	var codes []string
	listed := map[qms.ID]bool{}
	for _, l := range list.Items {
		codes, listed[l.Document] = append(codes, l.Code), true
	}
	if int(list.Counts.Matching) != len(list.Items) || int(list.Counts.Documents) != len(list.Items) {
		r.t.Errorf("counts %+v over %d lines", list.Counts, len(list.Items))
	}
	for _, v := range all {
		_, sheet := r.SheetOf(ctx, mic, v.Document, 0)
		file, open := r.Open(ctx, mic, v.ID)
		if open == nil {
			file.Close()
		}
		if (sheet == nil) != listed[v.Document] || (open == nil) != listed[v.Document] {
			r.t.Errorf("listed %t, but its sheet says %v and its file %v", listed[v.Document], sheet, open)
		}
		for _, err := range []error{sheet, open} {
			if err != nil && qms.CodeOf(err) != qms.CodeNotFound {
				r.t.Errorf("what one may not see does not exist: %v", err)
			}
		}
	}
	return strings.Join(codes, " ")
}

func TestReach_UsersOfEquipmentReadTheDocumentsAddressedToThem(t *testing.T) {
	each(t, func(r room) {
		named, v1 := r.create("PR", "ACH", "Addressed by name to one of them", "See FO-ACH-001 and PR-ACH-002.")
		byRole, v2 := r.create("FO", "ACH", "Addressed to their role", "text")
		other, v3 := r.create("PR", "ACH", "Addressed to the members", "See PR-ACH-001.")
		none, v4 := r.create("MO", "ACH", "Addressed to nobody", "text")
		for _, v := range []*Version{v1, v2, v3, v4} {
			r.approve(v, 0)
		}
		all := []*Version{v1, v2, v3, v4}
		if got := r.sees(trainee, all...); got != "" {
			t.Errorf("before anything is addressed: %q", got)
		}
		r.address(named, storetest.AgentID(8))
		r.address(byRole, qms.User)
		r.address(other, qms.Member)
		if got := r.sees(trainee, all...); got != byRole.Code+" "+named.Code {
			t.Errorf("sees %q", got)
		}
		every := strings.Join([]string{byRole.Code, none.Code, named.Code, other.Code}, " ")
		for _, ctx := range []context.Context{writer, chief, lead, reader} {
			if got := r.sees(ctx, all...); got != every {
				t.Errorf("everybody else sees every document, not %q", got)
			}
		}
		s := r.sheet(trainee, named.Code)
		if len(s.Refers) != 1 || s.Refers[0].Code != byRole.Code || len(s.ReferredBy) != 0 {
			t.Errorf("links lead out of reach: %+v, %+v", s.Refers, s.ReferredBy)
		}
		links, err := r.Links(trainee, mic, 0)
		r.must(err)
		if len(links) != 1 {
			t.Errorf("the report tells of documents out of reach: %+v", links)
		}
		list, err := r.MasterList(trainee, mic, Filter{Query: "members"}, qms.Cursor{})
		r.must(err)
		due, err := r.DueBy(trainee, mic, qms.MustDate("2100-01-01"))
		r.must(err)
		if len(list.Items) != 0 || len(due) != 2 {
			t.Errorf("found %d, due %d", len(list.Items), len(due))
		}
	})
}

func TestReach_EndsWithTheDistributionAndFollowsTheRole(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Procedure", "text")
		r.approve(v, 0)
		to := r.address(d, storetest.AgentID(8))
		if got := r.sees(trainee, v); got != d.Code {
			t.Fatalf("sees %q", got)
		}
		r.days(3)
		_, err := r.EndAddress(lead, EndAddress{Platform: mic, Addressee: to[0].ID, Reason: "left the project"})
		r.must(err)
		if got := r.sees(trainee, v); got != "" {
			t.Errorf("after the end: %q", got)
		}
		past, err := r.MasterList(trainee, mic, Filter{AsOf: r.db.Today().AddDays(-2)}, qms.Cursor{})
		r.must(err)
		if len(past.Items) != 0 {
			t.Error("a past day opens what is closed today")
		}
		_, err = r.Address(lead, Address{Platform: mic, Kind: "PR", Roles: []qms.Role{qms.User}, From: r.db.Today().AddDays(5)})
		r.must(err)
		if got := r.sees(trainee, v); got != "" {
			t.Errorf("before its first day: %q", got)
		}
		r.days(5)
		if got := r.sees(trainee, v); got != d.Code {
			t.Errorf("all procedures are addressed to users, and one sees %q", got)
		}
	})
}

func TestReach_ConfidentialityOpensOnlyWhatIsPublic(t *testing.T) {
	each(t, func(r room) {
		var all []*Version
		codes := map[Confidentiality]string{}
		for _, level := range []Confidentiality{Open, Internal, Confidential} {
			d, v, err := r.Create(writer, Create{Platform: mic, Kind: "PR", Process: "ACH", Title: string(level), Confidentiality: level, Reason: "first", File: r.file("a.md", "text")})
			r.must(err)
			r.approve(v, 0)
			all, codes[level] = append(all, v), d.Code
		}
		if got := r.sees(trainee, all...); got != codes[Open] {
			t.Errorf("a user of equipment sees %q", got)
		}
		every := codes[Open] + " " + codes[Internal] + " " + codes[Confidential]
		for who, ctx := range map[string]context.Context{"an auditor": reader, "a member": writer} {
			if got := r.sees(ctx, all...); got != every {
				t.Errorf("%s sees %q", who, got)
			}
		}
		restricted, err := r.SheetByCode(lead, mic, codes[Confidential], 0)
		r.must(err)
		r.address(&restricted.Document, storetest.AgentID(8))
		if got := r.sees(trainee, all...); got != codes[Open]+" "+codes[Confidential] {
			t.Errorf("addressed by name: %q", got)
		}
	})
}

func TestReach_ADraftIsTheTeamsEvenWhenTheDocumentIsAddressed(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Procedure", "text")
		r.address(d, qms.User)
		if got := r.sees(trainee, v); got != "" {
			t.Errorf("sees the draft of %q", got)
		}
	})
}
