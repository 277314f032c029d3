package documents

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
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
