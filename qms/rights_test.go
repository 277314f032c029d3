package qms_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"maillon/qms"
)

// matrix says who holds what, once more and by hand: whoever changes the table changes it here too.
const matrix = `
accompany-platform quality-officer
acknowledge-documents quality-officer manager quality-lead member user
approve-documents  quality-officer manager quality-lead member
control-documents  quality-officer manager quality-lead
evaluate-platform  quality-officer
import-registers   quality-officer manager quality-lead
make-packs         quality-officer manager quality-lead auditor
manage-accounts    administrator
manage-equipment   quality-officer manager quality-lead
manage-members     administrator quality-officer manager
manage-prices      quality-officer manager quality-lead
manage-platforms   administrator quality-officer
operate-site       administrator
read-documents     quality-officer manager quality-lead member user auditor
read-drafts        quality-officer manager quality-lead member
read-exercises     quality-officer manager quality-lead member auditor
read-label         quality-officer manager quality-lead member auditor
read-library       quality-officer manager quality-lead member auditor
read-platform      administrator quality-officer manager quality-lead member auditor
read-trace         quality-officer manager quality-lead member auditor
read-trail         administrator quality-officer manager quality-lead auditor
run-exercises      quality-officer manager quality-lead
write-documents    quality-officer manager quality-lead member
write-label        quality-officer manager quality-lead
write-trace        quality-officer manager quality-lead member
`

func holders(t *testing.T) map[qms.Right][]qms.Role {
	t.Helper()
	all := map[qms.Right][]qms.Role{}
	for line := range strings.Lines(strings.TrimSpace(matrix)) {
		words := strings.Fields(line)
		for _, role := range words[1:] {
			all[qms.Right(words[0])] = append(all[qms.Right(words[0])], qms.Role(role))
		}
	}
	return all
}

func TestMatrix_IsDecidedAsWritten(t *testing.T) {
	t.Parallel()
	const here, there = qms.ID("here"), qms.ID("there")
	want := holders(t)
	if len(want) != len(qms.Rights()) {
		t.Errorf("%d rights are written down, the table has %d", len(want), len(qms.Rights()))
	}
	for _, right := range qms.Rights() {
		for _, role := range qms.Roles() {
			ofSite := role == qms.Administrator || role == qms.QualityOfficer
			holds := slices.Contains(want[right], role)
			cases := map[string]struct {
				grant qms.Grant
				needs qms.Permission
				want  bool
				code  qms.Code // of the refusal
			}{
				"on the platform":         {qms.Grant{Role: role, Platform: here}, right.On(here), holds, qms.CodeRefused},
				"on another platform":     {qms.Grant{Role: role, Platform: there}, right.On(here), false, qms.CodeNotFound},
				"on the site, for one":    {qms.Grant{Role: role}, right.On(here), holds && ofSite, refusal(ofSite)},
				"on the site":             {qms.Grant{Role: role}, right.OnSite(), holds && ofSite, qms.CodeRefused},
				"on a platform, for site": {qms.Grant{Role: role, Platform: here}, right.OnSite(), false, qms.CodeRefused},
			}
			for name, c := range cases {
				actor := qms.Actor{ID: "a", Grants: []qms.Grant{c.grant}}
				err := qms.Authorise(actor, c.needs)
				if actor.Can(c.needs) != c.want || (err == nil) != c.want || err != nil && qms.CodeOf(err) != c.code {
					t.Errorf("%s %s %s: %v, want %v", role, name, right, err, c.want)
				}
			}
		}
	}
}

// refusal is what somebody is told who holds a role that reaches every platform, or none at all.
func refusal(reaches bool) qms.Code {
	if reaches {
		return qms.CodeRefused
	}
	return qms.CodeNotFound
}

func TestAuthorise_TellsNobodyToSignIn(t *testing.T) {
	t.Parallel()
	for _, right := range qms.Rights() {
		for _, needs := range []qms.Permission{right.OnSite(), right.On("here")} {
			if err := qms.Authorise(qms.Actor{}, needs); qms.CodeOf(err) != qms.CodeUnauthenticated {
				t.Errorf("%v: %v", needs, err)
			}
			if err := qms.Authorise(qms.System("test"), needs); err != nil {
				t.Errorf("the system, %v: %v", needs, err)
			}
		}
	}
}

func TestAuthorise_KnowsThePublicAndTheSignedIn(t *testing.T) {
	t.Parallel()
	somebody := qms.Actor{ID: "a"}
	if qms.Authorise(qms.Actor{}, qms.Public.OnSite()) != nil || qms.Authorise(somebody, qms.SignedIn.OnSite()) != nil {
		t.Error("refused")
	}
	if err := qms.Authorise(qms.Actor{}, qms.SignedIn.OnSite()); qms.CodeOf(err) != qms.CodeUnauthenticated {
		t.Errorf("nobody is signed in: %v", err)
	}
	unknown := qms.Right("unknown")
	everything := qms.Actor{ID: "a"}
	for _, role := range qms.Roles() {
		everything.Grants = append(everything.Grants, qms.Grant{Role: role}, qms.Grant{Role: role, Platform: "here"})
	}
	if everything.Can(unknown.On("here")) || everything.Can(unknown.OnSite()) {
		t.Error("a right that is not in the table was granted")
	}
}

func TestActorFrom_IsNobodyWithoutOne(t *testing.T) {
	t.Parallel()
	if !qms.ActorFrom(context.Background()).IsZero() {
		t.Error("somebody acts")
	}
	ctx := qms.WithActor(context.Background(), qms.Actor{ID: "a", Name: "Agent 01"})
	if actor := qms.ActorFrom(ctx); actor.ID != "a" || actor.Name != "Agent 01" {
		t.Errorf("%+v", actor)
	}
}
