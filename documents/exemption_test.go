package documents

import (
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store/storetest"
)

func held(allows Allowance, from, until int) *Exemption {
	e := &Exemption{Row: qms.Row{ID: qms.ID("e-" + string(allows))}, Allows: allows, FromDate: dayOf(from)}
	if until != 0 {
		e.UntilDate = dayOf(until)
	}
	return e
}

func TestExemption_LetsTwoPartsBeOnePersonAndNeverThree(t *testing.T) {
	t.Parallel()
	both := []*Exemption{held(AuthorVerifies, 0, 0), held(VerifierApproves, 0, 0)}
	for _, c := range []struct {
		what               string
		verifier, approver qms.ID
		held               []*Exemption
		used               qms.ID
		key                string
	}{
		{"three people under none", verifier, approver, nil, "", ""},
		{"three people under both", verifier, approver, both, "", ""},
		{"the author verifies", author, approver, both, "e-author-verifier", ""},
		{"the author verifies under the other", author, approver, both[1:], "", "version.verifier_is_author"},
		{"one verifies and approves", verifier, verifier, both, "e-verifier-approver", ""},
		{"one verifies and approves under the other", verifier, verifier, both[:1], "", "version.approver_is_verifier"},
		{"the author does all", author, author, both, "", "version.approver_is_author"},
		{"the author approves", verifier, author, both, "", "version.approver_is_author"},
		{"before it begins", author, approver, []*Exemption{held(AuthorVerifies, 1, 0)}, "", "version.verifier_is_author"},
		{"on the day it no longer holds", author, approver, []*Exemption{held(AuthorVerifies, -5, 0), held(AuthorVerifies, -9, -1)}, "e-author-verifier", ""},
		{"after it", author, approver, []*Exemption{held(AuthorVerifies, -9, 0+-1)}, "", "version.verifier_is_author"},
	} {
		v := newDraft(1, 0)
		err := v.Submit(author, c.verifier, c.approver, 0, onDay(0), c.held...)
		switch {
		case c.key == "" && (err != nil || v.Exemption != c.used || v.State != InReview):
			t.Errorf("%s: %v, under %q, %s", c.what, err, v.Exemption, v.State)
		case c.key != "" && (len(fieldsOf(err)) != 1 || fieldsOf(err)[0].Key != c.key || v.State != Draft):
			t.Errorf("%s: %v, want %s", c.what, err, c.key)
		}
	}
}

func TestExemption_IsRecordedWithReasonAndSignatoryAndEndedByAnAct(t *testing.T) {
	each(t, func(r room) {
		_, err := r.Exempt(writer, Exempt{Platform: mic, Allows: AuthorVerifies, Reason: "two people"})
		r.refused("an exemption by a member", err, qms.CodeRefused, "right.missing")
		_, err = r.Exempt(stranger, Exempt{Platform: mic, Allows: AuthorVerifies, Reason: "two people"})
		r.refused("an exemption by a stranger", err, qms.CodeNotFound, "platform.not_found")
		_, err = r.Exempt(lead, Exempt{Platform: mic, Allows: "everything", Reason: " \x00 "})
		r.refused("an unknown allowance", err, qms.CodeInvalid, "exemption.allows")
		r.refused("no reason", err, qms.CodeInvalid, "act.reason_missing")
		today := r.db.Today()
		_, err = r.Exempt(lead, Exempt{Platform: mic, Allows: AuthorVerifies, Reason: "x", From: today.AddDays(-1), Until: today.AddDays(-2)})
		r.refused("for the past", err, qms.CodeInvalid, "exemption.from_past")
		r.refused("the wrong way round", err, qms.CodeInvalid, "exemption.until_before")
		e, err := r.Exempt(lead, Exempt{Platform: mic, Allows: AuthorVerifies, Reason: "two people", Until: today.AddDays(30)})
		r.must(err)
		if e.SignedBy != storetest.AgentID(5) || e.SignedName != "Agent 05" || e.FromDate != today || !e.Holds(today) || e.Holds(today.AddDays(30)) {
			t.Errorf("recorded as %+v", e)
		}
		_, err = r.Exempt(lead, Exempt{Platform: mic, Allows: AuthorVerifies, Reason: "again", From: today.AddDays(29)})
		r.refused("the same again", err, qms.CodeInvalid, "exemption.held")
		_, err = r.EndExemption(stranger, EndExemption{Platform: cyt, Exemption: e.ID, Reason: "x"})
		r.refused("another platform's", err, qms.CodeNotFound, "exemption.not_found")
		_, err = r.EndExemption(lead, EndExemption{Platform: mic, Exemption: e.ID})
		r.refused("ended without a reason", err, qms.CodeInvalid, "act.reason_missing")
		_, err = r.EndExemption(lead, EndExemption{Platform: mic, Exemption: e.ID, Revision: 9, Reason: "x"})
		r.refused("ended at another revision", err, qms.CodeConflict, "record.changed")
		r.days(3)
		e, err = r.EndExemption(lead, EndExemption{Platform: mic, Exemption: e.ID, Reason: "we are four now"})
		r.must(err)
		if e.Holds(r.db.Today()) || !e.Holds(r.db.Today().AddDays(-1)) || e.EndedName != "Agent 05" || e.Reason != "two people" {
			t.Errorf("ended as %+v", e)
		}
		_, err = r.EndExemption(lead, EndExemption{Platform: mic, Exemption: e.ID, Reason: "again"})
		r.refused("ended twice", err, qms.CodeConflict, "exemption.ended")
		all, err := r.Exemptions(reader, mic)
		r.must(err)
		if len(all) != 1 || all[0].EndReason != "we are four now" {
			t.Errorf("on record: %+v", all)
		}
		_, err = r.Exempt(lead, Exempt{Platform: mic, Allows: AuthorVerifies, Reason: "two again"})
		r.must(err)
	})
}

func TestExemption_IsNamedByTheVersionAndSaidInASentence(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "text")
		submit := Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(2), Approver: storetest.AgentID(4)}
		_, err := r.Submit(writer, submit)
		r.refused("the author verifies without an exemption", err, qms.CodeInvalid, "version.verifier_is_author")
		e, err := r.Exempt(lead, Exempt{Platform: mic, Allows: AuthorVerifies, Reason: "deux personnes"})
		r.must(err)
		_, err = r.Submit(writer, submit)
		r.must(err)
		_, err = r.Verify(checker, Verify{Platform: mic, Version: v.ID})
		r.refused("verified by another", err, qms.CodeRefused, "version.not_verifier")
		_, err = r.Verify(writer, Verify{Platform: mic, Version: v.ID})
		r.must(err)
		_, err = r.Approve(writer, Approve{Platform: mic, Version: v.ID})
		r.refused("approved by the author", err, qms.CodeRefused, "version.own_approval")
		_, err = r.Approve(chief, Approve{Platform: mic, Version: v.ID})
		r.must(err)
		entry := r.sheet(reader, "PR-ACH-001").InForce
		if entry.Version.Exemption != e.ID || entry.Exempt == nil {
			t.Fatalf("the version names %q, the entry %v", entry.Version.Exemption, entry.Exempt)
		}
		for _, lang := range locale.Languages() {
			if s := entry.Exempt.Sentence(locale.For(lang)); !strings.Contains(s, "deux personnes") || !strings.Contains(s, "Agent 05") || strings.Contains(s, "{") {
				t.Errorf("%s: %s", lang, s)
			}
		}
	})
}

func TestExemption_EndedMeanwhileStopsTheSignatureItMadePossible(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "text")
		e, err := r.Exempt(lead, Exempt{Platform: mic, Allows: VerifierApproves, Reason: "two people"})
		r.must(err)
		_, err = r.Submit(writer, Submit{Platform: mic, Version: v.ID, Verifier: storetest.AgentID(4), Approver: storetest.AgentID(4)})
		r.must(err)
		_, err = r.Verify(chief, Verify{Platform: mic, Version: v.ID})
		r.must(err)
		_, err = r.EndExemption(lead, EndExemption{Platform: mic, Exemption: e.ID, Reason: "we are three"})
		r.must(err)
		_, err = r.Approve(chief, Approve{Platform: mic, Version: v.ID})
		r.refused("approved under what has ended", err, qms.CodeConflict, "exemption.no_longer")
		_, err = r.Reassign(writer, Reassign{Platform: mic, Version: v.ID, Approver: storetest.AgentID(5), Reason: "a third one"})
		r.must(err)
		done, err := r.Approve(lead, Approve{Platform: mic, Version: v.ID})
		r.must(err)
		if done.Exemption != "" {
			t.Errorf("three people under exemption %s", done.Exemption)
		}
	})
}
