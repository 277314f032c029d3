package documents

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// tasks are what waits for the actor, as KIND CODE.
func (r room) tasks(ctx context.Context, platforms ...qms.ID) []string {
	r.t.Helper()
	found, err := r.Tasks(ctx, platforms)
	r.must(err)
	all := []string{}
	for _, f := range found {
		all = append(all, string(f.Kind)+" "+f.Document.Code)
	}
	slices.Sort(all)
	return all
}

func (r room) waits(who string, ctx context.Context, want ...string) {
	r.t.Helper()
	if got := r.tasks(ctx, mic, cyt); !slices.Equal(got, want) {
		r.t.Errorf("%s: %v waits, want %v", who, got, want)
	}
}

func TestTasks_FollowTheRoundFromHandToHand(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "text")
		r.waits("the author of a draft", writer)
		r.submit(v)
		r.waits("the verifier", checker, "verify PR-ACH-001")
		r.waits("the approver, too early", chief)
		_, err := r.Verify(checker, Verify{Platform: mic, Version: v.ID})
		r.must(err)
		r.waits("the verifier who signed", checker)
		r.waits("the approver", chief, "approve PR-ACH-001")
		_, err = r.Reassign(lead, Reassign{Platform: mic, Version: v.ID, Approver: storetest.AgentID(5), Reason: "away"})
		r.must(err)
		r.waits("the approver who was", chief)
		r.waits("the approver who is", lead, "approve PR-ACH-001")
		_, err = r.Reject(lead, Reject{Platform: mic, Version: v.ID, Reason: "figure 2"})
		r.must(err)
		r.waits("the author of what came back", writer, "rework PR-ACH-001")
		found, err := r.Tasks(writer, []qms.ID{mic})
		r.must(err)
		if found[0].Version.Remark != "figure 2" || found[0].Document.Title != "Achats" {
			t.Errorf("it says %+v", found[0])
		}
		c, err := r.AddComment(checker, AddComment{Platform: mic, Version: v.ID, Text: "figure 3 too"})
		r.must(err)
		_, err = r.AddComment(writer, AddComment{Platform: mic, Version: v.ID, Text: "my own"})
		r.must(err)
		r.waits("the author of what is discussed", writer, "answer PR-ACH-001", "rework PR-ACH-001")
		r.waits("who comments", checker)
		_, err = r.ResolveComment(writer, ResolveComment{Platform: mic, Version: v.ID, Comment: c.ID})
		r.must(err)
		r.approve(v, 0)
		r.waits("the author of what is in force", writer)
		r.days(24*30 + 60)
		r.waits("the owner of what is to be reviewed", writer, "review PR-ACH-001")
		r.waits("who does not own it", lead)
		_, err = r.ReviewUnchanged(writer, ReviewUnchanged{Platform: mic, Version: v.ID})
		r.must(err)
		r.waits("the owner of what was reviewed", writer)
	})
}

func TestTasks_AreOfPlatformsThatTheActorReads(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "text")
		_, err := r.Submit(writer, Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(7), Approver: storetest.AgentID(4)})
		r.must(err)
		r.waits("a verifier who holds a role elsewhere only", stranger)
		if got := r.tasks(storetest.AsPerson(storetest.AgentID(7), "Agent 07", qms.Grant{Role: qms.Member, Platform: mic}), mic); len(got) != 1 {
			t.Errorf("and with one here: %v", got)
		}
		if got := r.tasks(context.Background(), mic); len(got) != 0 {
			t.Errorf("nobody is told %v", got)
		}
		if got := r.tasks(stranger, cyt); len(got) != 0 {
			t.Errorf("on another platform: %v", got)
		}
	})
}

func TestTasks_TakeAsManyStatementsForTenPlatformsAsForOne(t *testing.T) {
	each(t, func(r room) {
		for i := range 30 {
			_, v := r.create("PR", "ACH", fmt.Sprint("Achats ", i), fmt.Sprint("text ", i))
			r.submit(v)
		}
		ctx, one := store.CountStatements(checker)
		if got := r.tasks(ctx, mic); len(got) != 30 {
			t.Errorf("%d wait", len(got))
		}
		many := []qms.ID{mic}
		grants := []qms.Grant{{Role: qms.Member, Platform: mic}}
		for i := range 20 {
			id := qms.ID(fmt.Sprintf("00000000-0000-7000-9000-0000000001%02d", i))
			many, grants = append(many, id), append(grants, qms.Grant{Role: qms.Member, Platform: id})
		}
		ctx, ten := store.CountStatements(storetest.AsPerson(storetest.AgentID(3), "Agent 03", grants...))
		if got := r.tasks(ctx, many...); len(got) != 30 {
			t.Errorf("over many platforms %d wait", len(got))
		}
		if one.Count() > 6 || ten.Count() != one.Count() {
			t.Errorf("%d statements for one platform, %d for many", one.Count(), ten.Count())
		}
	})
}
