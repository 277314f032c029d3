package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/people"
)

// changedOften is a membership with so many changes after the one that made it.
func (s *site) changedOften(t *testing.T, changes int) qms.ID {
	t.Helper()
	m, err := s.People.AddMember(asSystem(t), people.AddMember{Platform: s.platform["PLT"], Code: "P01", Name: "Agent 02", Role: qms.Member})
	for n := 0; n < changes && err == nil; n++ {
		m, err = s.People.ChangeMember(asSystem(t), people.ChangeMember{Platform: s.platform["PLT"], Membership: m.Membership, Revision: m.Revision,
			Trainer: n%2 == 0, From: m.From, Reason: fmt.Sprintf("change %d", n+1)})
	}
	if err != nil {
		t.Fatal(err)
	}
	return m.Membership
}

func TestTrailAPI_GivesTheHistoryOfARowByPages(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	const changes = 6
	path := "/platforms/PLT/trail/rows/" + string(s.changedOften(t, changes))
	token := s.entered(t, qms.QualityLead)
	type page struct {
		Items []struct {
			Seq      int64
			Act      string
			Revision int64
		}
		Next string
	}
	var whole page
	s.call(t, "GET", path, token, "", http.StatusOK, &whole)
	if len(whole.Items) != changes+1 || whole.Next != "" || whole.Items[0].Act != "member.add" {
		t.Fatalf("the whole history: %+v", whole)
	}
	var revisions []int64
	pages, next := 0, "?limit=3"
	for next != "" && pages <= changes {
		status, header, _ := s.page(t, "/api/v1"+path+next, token)
		var some page
		s.call(t, "GET", path+next, token, "", http.StatusOK, &some)
		for _, c := range some.Items {
			revisions = append(revisions, c.Revision)
		}
		link := header.Get("Link")
		if status != http.StatusOK || (some.Next == "") != (link == "") || !strings.Contains(link, some.Next) {
			t.Errorf("page %d answers %d, goes on at %q and links to %q", pages+1, status, some.Next, link)
		}
		if next = some.Next; next != "" {
			next = "?limit=3&after=" + next
		}
		pages++
	}
	if got := fmt.Sprint(revisions); got != "[1 2 3 4 5 6 7]" || pages != 3 {
		t.Errorf("%d pages with the revisions %s", pages, got)
	}
	s.call(t, "GET", path+"?after=x", token, "", http.StatusUnprocessableEntity, nil)
	s.call(t, "GET", "/platforms/PLT/trail/rows/019f0000-0000-7000-8000-000000000000?limit=3", token, "", http.StatusNotFound, nil)
}
