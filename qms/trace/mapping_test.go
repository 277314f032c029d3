package trace

import (
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestMapping_IsRememberedOncePerHeadingsAndForgottenWithItsReason(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, members{}, members{})
		lead := storetest.As(qms.QualityLead, platform)
		said := RegisterMapping{Signature: "abc", Sheet: "Feuil1", Register: "quotes", Headings: []string{"Réf", "Prix"}, Columns: map[string]int{"number": 0, "total": 1}}
		first, err := s.RememberMapping(lead, platform, said)
		if err != nil {
			t.Fatal(err)
		}
		said.Register, said.Dates = "invoices", MonthFirst
		second, err := s.RememberMapping(lead, platform, said)
		if err != nil || second.ID != first.ID || second.Revision != 2 {
			t.Fatalf("%+v, %v", second, err)
		}
		all, err := s.Mappings(lead, platform, false)
		if err != nil || len(all) != 1 || all[0].Register != "invoices" || all[0].Columns["total"] != 1 || all[0].Headings[0] != "Réf" || all[0].RememberedBy == "" {
			t.Fatalf("%+v, %v", all, err)
		}
		target := Target{Platform: platform, ID: first.ID, Revision: 2}
		if _, err := s.ForgetMapping(lead, target); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("forgotten without a reason: %v", err)
		}
		target.Reason = "autre classeur"
		if _, err := s.ForgetMapping(lead, target); err != nil {
			t.Fatal(err)
		}
		if all, err = s.Mappings(lead, platform, false); err != nil || len(all) != 0 {
			t.Errorf("%+v, %v", all, err)
		}
		if all, err = s.Mappings(lead, platform, true); err != nil || len(all) != 1 || all[0].Void != "autre classeur" {
			t.Errorf("%+v, %v", all, err)
		}
		if third, err := s.RememberMapping(lead, platform, said); err != nil || third.ID == first.ID {
			t.Errorf("said again: %+v, %v", third, err)
		}
	})
}

func TestMapping_IsRefusedToWhoMayNotImportAndWhenItIsNone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, members{}, members{})
		said := RegisterMapping{Signature: "abc", Register: "quotes"}
		if _, err := s.RememberMapping(storetest.As(qms.Member, platform), platform, said); qms.CodeOf(err) != qms.CodeRefused {
			t.Errorf("a member: %v", err)
		}
		if _, err := s.Mappings(storetest.As(qms.Manager, "other"), platform, true); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("another platform: %v", err)
		}
		said.Columns, said.Dates = map[string]int{"number": -1}, "ymd"
		if _, err := s.RememberMapping(storetest.As(qms.Manager, platform), platform, said); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("no column: %v", err)
		}
	})
}
