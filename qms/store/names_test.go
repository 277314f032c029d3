package store_test

import (
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// Process is a record of the table of that name, with the columns that say what it is called.
type Process struct {
	qms.Row
	Code, Name, Type, Purpose string
	Place                     int64
}

func TestCalled_TellsTheNameOfTheDayOfTheAct(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		clock, ctx := storetest.ClockOf(db), storetest.As(qms.QualityLead, platformA)
		process := &Process{Code: "ACH", Name: "Achats"}
		change := func(fn func(tx *store.Tx) error) time.Time {
			t.Helper()
			act := qms.Act{Name: "process.change", Needs: qms.WriteDocuments.On(platformA), Platform: platformA}
			if err := db.Change(ctx, act, fn); err != nil {
				t.Fatal(err)
			}
			at := db.Now()
			clock.Advance(time.Hour)
			return at
		}
		made := change(func(tx *store.Tx) error { return tx.Insert(ctx, process) })
		process.Name = "Achats et réception"
		renamed := change(func(tx *store.Tx) error { return tx.Update(ctx, process) })
		key, _ := signer(t)
		doors := store.NewTrail(db, key)
		for _, ask := range []func() (store.Names, error){
			func() (store.Names, error) { return doors.Called(ctx, platformA, []qms.ID{process.ID, "unknown"}) },
			func() (store.Names, error) { return doors.CalledBriefly(ctx, platformA, []qms.ID{process.ID}) },
		} {
			names, err := ask()
			if err != nil {
				t.Fatal(err)
			}
			for at, want := range map[time.Time]string{made.Add(-time.Hour): "ACH Achats", made: "ACH Achats", renamed.Add(-time.Minute): "ACH Achats",
				renamed: "ACH Achats et réception", renamed.Add(time.Hour): "ACH Achats et réception"} {
				if got := names.On(process.ID, at); got != want {
					t.Errorf("at %v it is %q, want %q", at, got, want)
				}
			}
			if names.Latest(process.ID) != "ACH Achats et réception" || names.Table(process.ID) != "processes" || names.On("unknown", made) != "" || names.Table("unknown") != "" {
				t.Errorf("names: %+v", names)
			}
		}
		if names, err := doors.Called(storetest.As(qms.QualityLead, platformB), platformB, []qms.ID{process.ID}); err != nil || len(names) != 0 {
			t.Errorf("from another platform: %v, %v", names, err)
		}
		if _, err := doors.Called(storetest.As(qms.QualityLead, platformB), platformA, []qms.ID{process.ID}); qms.CodeOf(err) == "" {
			t.Error("a stranger is told names")
		}
	})
}
