package documents

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store/storetest"
)

func (r room) search(ctx context.Context, typed string) []string {
	r.t.Helper()
	return r.searched(ctx, Search{Query: typed})
}

func (r room) searched(ctx context.Context, cmd Search) (codes []string) {
	r.t.Helper()
	cmd.Platform = mic
	found, err := r.Search(ctx, cmd, qms.Cursor{})
	r.must(err)
	for _, h := range found.Items {
		codes = append(codes, h.Code+" "+h.Number.String())
	}
	if int(found.Count) != len(codes) && found.Next == "" {
		r.t.Errorf("%q: %d counted, %d found", cmd.Query, found.Count, len(codes))
	}
	return codes
}

func (r room) finds(ctx context.Context, typed string, want ...string) {
	r.t.Helper()
	if diff := cmp.Diff(want, r.search(ctx, typed)); diff != "" {
		r.t.Errorf("%q: %s", typed, diff)
	}
}

func TestSearch_ReadersFindWhatIsInForceAndTheTeamDrafts(t *testing.T) {
	each(t, func(r room) {
		t := r.t
		d, v := r.create("PR", "ACH", "Achats de réactifs", "Les commandes passent par le service financier.")
		r.finds(writer, "commande financière", "PR-ACH-001 1.0")
		r.finds(reader, "commande financière")
		r.approve(v, 0)
		r.finds(reader, "commande financière", "PR-ACH-001 1.0")
		r.finds(reader, "pr-ach-001", "PR-ACH-001 1.0")
		r.finds(reader, "reactif", "PR-ACH-001 1.0")
		v2 := r.next(d, "Les commandes passent par le gestionnaire. Oléoduc.")
		r.finds(writer, "gestionnaires")
		r.finds(reader, "gestionnaires")
		r.approve(v2, qms.MustDate("2026-07-05"))
		r.finds(reader, "gestionnaires")
		r.finds(reader, "financier", "PR-ACH-001 1.0")
		r.days(5)
		r.finds(reader, "gestionnaires", "PR-ACH-001 2.0")
		r.finds(reader, "financier")
		if diff := cmp.Diff([]string{"PR-ACH-001 1.0"}, r.searched(reader, Search{Query: "financier", Old: true})); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"PR-ACH-001 2.0", "PR-ACH-001 1.0"}, r.searched(reader, Search{Query: "commandes", Old: true})); diff != "" {
			t.Error(diff)
		}
		_, err := r.Search(stranger, Search{Platform: mic, Query: "commandes"}, qms.Cursor{})
		r.refused("a stranger", err, qms.CodeNotFound, "platform.not_found")
	})
}

func TestSearch_UsersOfEquipmentFindWhatIsAddressedToThem(t *testing.T) {
	each(t, func(r room) {
		user := storetest.AsPerson(storetest.AgentID(8), "Agent 08", qms.Grant{Role: qms.User, Platform: mic})
		d, v := r.create("MO", "MES", "Pesée", "La balance est tarée.")
		_, other := r.create("MO", "MES", "Pipetage", "La balance contrôle la pipette.")
		r.approve(v, 0)
		r.approve(other, 0)
		r.finds(user, "balance")
		r.address(d, storetest.AgentID(8))
		r.finds(user, "balance", "MO-MES-001 1.0")
		if diff := cmp.Diff([]string{"MO-MES-001 1.0"}, r.searched(user, Search{Query: "balance", Old: true})); diff != "" {
			r.t.Error(diff)
		}
		r.finds(reader, "balance", "MO-MES-001 1.0", "MO-MES-002 1.0")
		found, err := r.Search(user, Search{Platform: mic, Query: "balance"}, qms.Cursor{})
		r.must(err)
		if found.Count != 1 || found.AtLeast {
			r.t.Errorf("%d counted", found.Count)
		}
	})
}

func TestSearch_FindsNothingOfAnotherPlatform(t *testing.T) {
	each(t, func(r room) {
		_, _, err := r.Create(stranger, Create{Platform: cyt, Kind: "PR", Process: "ACH", Title: "Cytométrie", Reason: "first"})
		r.must(err)
		r.create("PR", "ACH", "Microscopie", "corps")
		r.finds(writer, "cytometrie")
		r.finds(writer, "ach", "PR-ACH-001 1.0")
		found, err := r.Search(stranger, Search{Platform: cyt, Query: "cytométrie"}, qms.Cursor{})
		r.must(err)
		if len(found.Items) != 1 {
			r.t.Errorf("%d found at home", len(found.Items))
		}
	})
}

func TestSearch_NarrowsByKindProcessAndState(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "commande")
		r.create("FO", "ACH", "Bon", "commande")
		_, gone := r.create("FO", "QUA", "Fiche", "commande")
		r.approve(v, 0)
		r.approve(gone, 0)
		_, err := r.Withdraw(chief, Withdraw{Platform: mic, Version: gone.ID, Reason: "useless"})
		r.must(err)
		for want, cmd := range map[string]Search{
			"FO-ACH-001 1.0 FO-QUA-001 1.0": {Kind: "FO"},
			"FO-ACH-001 1.0 PR-ACH-001 1.0": {Process: "ACH"},
			"PR-ACH-001 1.0":                {State: Effective},
			"FO-ACH-001 1.0":                {State: Draft, Kind: "FO"},
			"FO-QUA-001 1.0":                {State: Withdrawn},
			"":                              {State: Superseded},
		} {
			cmd.Query = "commandes"
			if got := strings.Join(r.searched(writer, cmd), " "); got != want {
				r.t.Errorf("%+v: %s, want %s", cmd, got, want)
			}
		}
	})
}
