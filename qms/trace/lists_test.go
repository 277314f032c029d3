package trace

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// imported is a platform that holds the registers of testdata.
func imported(t testing.TB, db *store.DB) *Service {
	t.Helper()
	batch, people, instructions := registers(t)
	s := New(db, members{people, instructions}, members{people, instructions})
	taken(t, db, s, batch)
	return s
}

func TestServices_ListsEveryChainOnceInAnyOrderAndFilter(t *testing.T) {
	t.Parallel()
	_, right := key(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := imported(t, db), storetest.As(qms.Auditor, platform)
		walk := func(f ServiceFilter, size int) (numbers []string) {
			t.Helper()
			for after, pages := "", 0; ; pages++ {
				page := must(s.Services(ctx, platform, f, qms.Cursor{After: after, Size: size}))(t)
				for _, l := range page.Items {
					numbers = append(numbers, l.Request.Number)
				}
				if after = page.Next; after == "" || pages > 300 {
					return numbers
				}
			}
		}
		for _, sort := range []string{"", "date", "number", "-number", "client", "-client"} {
			if got := walk(ServiceFilter{Sort: sort}, 37); len(got) != 240 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 240 {
				t.Errorf("sorted by %q: %d lines", sort, len(got))
			}
		}
		if diff := cmp.Diff(right.Open, walk(ServiceFilter{State: Open, Sort: "number"}, 5)); diff != "" {
			t.Errorf("open chains:\n%s", diff)
		}
		var broken []string
		for _, b := range right.Broken {
			broken = append(broken, b.Request)
		}
		if diff := cmp.Diff(broken, walk(ServiceFilter{State: Broken, Sort: "number"}, 50)); diff != "" {
			t.Errorf("broken chains:\n%s", diff)
		}
		if got := walk(ServiceFilter{Check: S10}, 3); len(got) != right.Defects.S10 {
			t.Errorf("S10 fires in %v", got)
		}
		if got := walk(ServiceFilter{Text: "client 03"}, 50); len(got) == 0 || len(got) > 20 {
			t.Errorf("of one client: %v", got)
		}
		if got := walk(ServiceFilter{Text: "100%"}, 50); len(got) != 0 {
			t.Errorf("a percent sign matches anything: %v", got)
		}
		if got := walk(ServiceFilter{From: day("2024-03-16"), To: day("2024-03-16"), ClientStatus: Internal}, 50); !slices.Contains(got, "DEM-2024-0001") {
			t.Errorf("of one day: %v", got)
		}
	})
}

func TestLists_TakeAsManyStatementsWhateverTheSize(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := imported(t, db)
		base := storetest.As(qms.Auditor, platform)
		for _, c := range []struct {
			name string
			most int
			do   func(ctx context.Context) error
		}{
			{"services", 3, func(ctx context.Context) error {
				return second(s.Services(ctx, platform, ServiceFilter{}, qms.Cursor{}))
			}},
			{"broken services", 3, func(ctx context.Context) error {
				return second(s.Services(ctx, platform, ServiceFilter{State: Broken}, qms.Cursor{}))
			}},
			{"uses", 2, func(ctx context.Context) error { return second(s.Uses(ctx, platform, UseFilter{}, qms.Cursor{})) }},
			{"trainings", 1, func(ctx context.Context) error {
				return second(s.Trainings(ctx, platform, TrainingFilter{}, qms.Cursor{}))
			}},
			{"matrix", 1, func(ctx context.Context) error { return second(s.Matrix(ctx, platform, 0, "")) }},
			{"equipment", 2, func(ctx context.Context) error {
				_, _, err := s.EquipmentList(ctx, platform, EquipmentFilter{}, qms.Cursor{})
				return err
			}},
			{"piece", 10, func(ctx context.Context) error { return second(s.Piece(ctx, platform, "EQ-031", 0)) }},
			{"dossier", 2, func(ctx context.Context) error { return second(s.Dossier(ctx, platform, "FAC-2024-0001", 0)) }},
			{"search", 1, func(ctx context.Context) error { return second(s.Find(ctx, platform, "dem-2024")) }},
			{"full check", 7, func(ctx context.Context) error { return second(s.FullCheck(ctx, platform, day("2026-06-30"))) }},
		} {
			ctx, counter := store.CountStatements(base)
			if err := c.do(ctx); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if n := counter.Count(); n > c.most || n == 0 {
				t.Errorf("%s took %d statements, want at most %d", c.name, n, c.most)
			}
		}
	})
}

func TestUses_AreFoundUncoveredAsTheKeySays(t *testing.T) {
	t.Parallel()
	_, right := key(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := imported(t, db), storetest.As(qms.Auditor, platform)
		var got []UncoveredUse
		for after := ""; ; {
			page := must(s.Uses(ctx, platform, UseFilter{Uncovered: true, Sort: "number"}, qms.Cursor{After: after}))(t)
			for _, l := range page.Items {
				got = append(got, UncoveredUse{l.Use.Number, l.Check})
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if diff := cmp.Diff(right.Uncovered, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTrainingStatus_AnswersForADay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		for on, want := range map[string]Check{"2026-01-01": U03, "2026-01-02": "", "2027-01-01": "", "2027-01-02": U02} {
			got := must(s.TrainingStatus(ctx, platform, AskStatus{"p2", string(s.equipment.ID)}, day(on)))(t)
			if got.Check != want {
				t.Errorf("on %s: %+v, want %q", on, got, want)
			}
		}
		if got := must(s.TrainingStatus(ctx, platform, AskStatus{"p01", "eq-1"}, 0))(t); got.Check != U01 || got.Cover.Standing != None {
			t.Errorf("of who was never trained: %+v", got)
		}
		if _, err := s.TrainingStatus(ctx, platform, AskStatus{"p1", "elsewhere"}, 0); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("on unknown equipment: %v", err)
		}
	})
}

// insert writes a history past the acts, which would refuse most of it.
func (h history) insert(db *store.DB, platform qms.ID) error {
	ctx := storetest.AsSystem()
	return db.Change(ctx, qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}, func(tx *store.Tx) error {
		var rows []qms.Record
		add := func(row qms.Record) { rows = append(rows, row) }
		for _, v := range h.Requests {
			add(&v)
		}
		for _, v := range h.Quotes {
			add(&v)
		}
		for _, v := range h.Reports {
			add(&v)
		}
		for _, v := range h.Invoices {
			add(&v)
		}
		for _, v := range h.Trainings {
			add(&v)
		}
		for _, v := range h.Calibrations {
			add(&v)
		}
		for _, v := range h.Uses {
			add(&v)
		}
		for _, v := range h.Trainers {
			add(&v)
		}
		for _, v := range h.Files {
			v.AddedAt, v.Content = v.AddedOn.Time(), vault.DigestOf([]byte(v.ID))
			add(&v)
		}
		settings := h.Settings
		add(&settings)
		return tx.Insert(ctx, rows...)
	})
}
