package people

import (
	"testing"

	"maillon/qms"
)

func TestRolesDue_IsTheLastDayOfARoleThatDoesNotGoOn(t *testing.T) {
	t.Parallel()
	day := qms.MustDate
	held := func(grant, person string, role qms.Role, from, until string) Held {
		h := Held{Grant: qms.ID(grant), Person: qms.ID(person), Name: "Agent " + person, Role: role, Platform: "mic", From: day(from)}
		if until != "" {
			h.Until = day(until)
		}
		return h
	}
	all := []Held{
		held("ends", "1", qms.Member, "2025-01-01", "2026-07-15"),
		held("open", "2", qms.Member, "2025-01-01", ""),
		held("renewed", "3", qms.Manager, "2024-01-01", "2026-07-20"), held("again", "3", qms.Manager, "2026-07-20", "2028-07-20"),
		held("gap", "4", qms.Manager, "2024-01-01", "2026-07-20"), held("later", "4", qms.Manager, "2026-08-20", ""),
		held("other", "5", qms.Member, "2024-01-01", "2026-07-21"), held("lead", "5", qms.QualityLead, "2024-01-01", ""),
		held("auditor", "6", qms.Auditor, "2026-06-01", "2026-06-30"),
		held("over", "7", qms.Member, "2024-01-01", "2026-06-29"),
		held("far", "8", qms.Member, "2024-01-01", "2027-06-29"),
		{Grant: "site", Person: "9", Role: qms.Administrator, From: day("2025-01-01"), Until: day("2026-07-01")},
	}
	var got []string
	for _, d := range RolesDue(all, day("2026-06-30"), day("2026-09-30")) {
		got = append(got, d.Key+" "+d.On.String()+" "+string(d.Person)+" "+d.Parts[0])
	}
	want := []string{"role:ends 2026-07-15 1 members", "role:gap 2026-07-20 4 members", "role:other 2026-07-21 5 members", "role:auditor 2026-06-30  audit"}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("got %s, want %s", got[n], want[n])
		}
	}
}
