package documents

import (
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store/storetest"
)

func TestReassign_KeepsTheVerificationWhenTheApproverChangesAndDropsItWithTheVerifier(t *testing.T) {
	t.Parallel()
	const other, lead = qms.ID("other"), qms.ID("lead")
	review := func() *Version {
		v := newDraft(1, 0)
		if err := v.Submit(author, verifier, approver, 0, onDay(0)); err != nil {
			t.Fatal(err)
		}
		if err := v.Verify(verifier, onDay(0)); err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		what               string
		verifier, approver qms.ID
		by                 qms.ID
		controls, kept     bool
		reason, key        string
	}{
		{what: "another approver", approver: other, by: author, reason: "away", kept: true},
		{what: "another approver, said in full", verifier: verifier, approver: other, by: author, reason: "away", kept: true},
		{what: "another verifier", verifier: other, by: author, reason: "away"},
		{what: "both others", verifier: other, approver: "third", by: author, reason: "away"},
		{what: "by who controls documents", approver: other, by: lead, controls: true, reason: "away", kept: true},
		{what: "they change places", verifier: approver, approver: verifier, by: author, reason: "away"},
		{what: "by the verifier", approver: other, by: verifier, reason: "away", key: "version.not_author"},
		{what: "the same people", verifier: verifier, approver: approver, by: author, reason: "away", key: "version.same_people"},
		{what: "nobody new", by: author, reason: "away", key: "version.same_people"},
		{what: "the author verifies", verifier: author, by: author, reason: "away", key: "version.verifier_is_author"},
		{what: "the author approves", approver: author, by: author, reason: "away", key: "version.approver_is_author"},
		{what: "one for both", approver: verifier, by: author, reason: "away", key: "version.approver_is_verifier"},
		{what: "without a reason", approver: other, by: author, reason: " ", key: "act.reason_missing"},
	} {
		v := review()
		before := *v
		err := v.Reassign(c.by, c.controls, c.verifier, c.approver, c.reason, onDay(1))
		if c.key != "" {
			if !saysKey(err, c.key) || *v != before {
				t.Errorf("%s: %v, want %s and nothing changed", c.what, err, c.key)
			}
			continue
		}
		if err != nil || v.VerifiedAt.IsZero() == c.kept || v.State != InReview {
			t.Errorf("%s: %v, verified %v", c.what, err, v.VerifiedAt)
		}
	}
	if err := newDraft(1, 0).Reassign(author, true, other, "", "away", onDay(0)); qms.CodeOf(err) != qms.CodeConflict {
		t.Errorf("the signatories of a draft: %v", err)
	}
}

// saysKey reports whether the error, or one of its fields, has the key.
func saysKey(err error, key string) bool {
	for _, f := range fieldsOf(err) {
		if f.Key == key {
			return true
		}
	}
	e, ok := err.(*qms.Error) //nolint:errorlint // a rule's own
	return ok && e.Key == key
}

func TestReassign_LetsARoundGoOnWithWhoIsThere(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "text")
		r.submit(v)
		_, err := r.Verify(checker, Verify{Platform: mic, Version: v.ID})
		r.must(err)
		_, err = r.Reassign(checker, Reassign{Platform: mic, Version: v.ID, Approver: storetest.AgentID(5), Reason: "x"})
		r.refused("by the verifier", err, qms.CodeRefused, "version.not_author")
		_, err = r.Reassign(stranger, Reassign{Platform: cyt, Version: v.ID, Approver: storetest.AgentID(5), Reason: "x"})
		r.refused("from another platform", err, qms.CodeNotFound, "version.not_found")
		_, err = r.Reassign(writer, Reassign{Platform: mic, Version: v.ID, Approver: storetest.AgentID(77), Reason: "x"})
		r.refused("somebody from elsewhere", err, qms.CodeInvalid, "person.not_of_platform")
		seen := r.sheet(writer, "PR-ACH-001").Open
		_, err = r.Reassign(writer, Reassign{Platform: mic, Version: v.ID, Revision: seen.Revision - 1, Approver: storetest.AgentID(5), Reason: "x"})
		r.refused("at another revision", err, qms.CodeConflict, "record.changed")
		_, err = r.Reassign(writer, Reassign{Platform: mic, Version: v.ID, Approver: storetest.AgentID(5), Reason: "Agent 04 is away"})
		r.must(err)
		_, err = r.Approve(chief, Approve{Platform: mic, Version: v.ID})
		r.refused("by the one who was to", err, qms.CodeRefused, "version.not_approver")
		storetest.ClockOf(r.db).Advance(time.Second)
		_, err = r.Reassign(lead, Reassign{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(6), Reason: "Agent 03 is away"})
		r.must(err)
		_, err = r.Approve(lead, Approve{Platform: mic, Version: v.ID})
		r.refused("before the new verifier", err, qms.CodeConflict, "version.not_verified")
		six := storetest.AsPerson(storetest.AgentID(6), "Agent 06", qms.Grant{Role: qms.Member, Platform: mic})
		_, err = r.Verify(six, Verify{Platform: mic, Version: v.ID})
		r.must(err)
		_, err = r.Approve(lead, Approve{Platform: mic, Version: v.ID})
		r.must(err)
		e := r.sheet(writer, "PR-ACH-001").InForce
		visas := e.Visas()
		if len(e.Signatures) != 4 || len(visas) != 3 || visas[1].Name != "Agent 06" {
			t.Errorf("signatures %+v, of which count %+v", e.Signatures, visas)
		}
	})
}

func TestHandOver_GivesADraftToAnotherAuthor(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "text")
		hand := func(by int, reason string) HandOver {
			return HandOver{Platform: mic, Version: v.ID, Author: storetest.AgentID(by), Reason: reason}
		}
		_, err := r.HandOver(checker, hand(3, "mine"))
		r.refused("by another member", err, qms.CodeRefused, "version.not_author")
		_, err = r.HandOver(writer, hand(2, "x"))
		r.refused("to the same", err, qms.CodeInvalid, "version.same_author")
		_, err = r.HandOver(writer, hand(77, "x"))
		r.refused("to somebody from elsewhere", err, qms.CodeInvalid, "person.not_of_platform")
		_, err = r.HandOver(writer, HandOver{Platform: mic, Version: v.ID})
		r.refused("to nobody", err, qms.CodeInvalid, "version.author_missing")
		r.refused("without a reason", err, qms.CodeInvalid, "act.reason_missing")
		_, err = r.HandOver(lead, hand(3, "Agent 02 has left"))
		r.must(err)
		_, err = r.Submit(writer, Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(5), Approver: storetest.AgentID(4)})
		r.refused("submitted by who was the author", err, qms.CodeRefused, "version.not_author")
		_, err = r.Submit(checker, Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(3), Approver: storetest.AgentID(4)})
		r.refused("verified by who is", err, qms.CodeInvalid, "version.verifier_is_author")
		_, err = r.Submit(checker, Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(2), Approver: storetest.AgentID(4)})
		r.must(err)
		_, err = r.HandOver(checker, hand(2, "back"))
		r.refused("in review", err, qms.CodeConflict, "version.not_draft")
	})
}
