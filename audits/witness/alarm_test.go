package witness_test

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// eachTampered is each for tests that write past the store, whose trail is not verified at the end.
func eachTampered(t *testing.T, f func(t *testing.T, w *watch, raw *sql.DB)) {
	t.Helper()
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := storetest.Open(t, engine)
			f(t, newWatch(t, db, witness.Options{}), storetest.Raw(t, db))
		})
	}
}

func mark(db *store.DB, n string) string {
	if db.Engine() == store.PostgreSQL {
		return "$" + n
	}
	return "?"
}

// rollBack sets the log of the platform back to what it was at that size.
func rollBack(t *testing.T, w *watch, raw *sql.DB, size int64, peaks []byte) {
	t.Helper()
	log := w.platform.String()
	for _, q := range []string{"DELETE FROM trail_changes WHERE log = " + mark(w.db, "1") + " AND seq >= " + mark(w.db, "2"),
		"DELETE FROM trail_entries WHERE log = " + mark(w.db, "1") + " AND seq >= " + mark(w.db, "2")} {
		if _, err := raw.Exec(q, log, size); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := raw.Exec("UPDATE trail_heads SET size = "+mark(w.db, "1")+", peaks = "+mark(w.db, "2")+" WHERE log = "+mark(w.db, "3"), size, peaks, log); err != nil {
		t.Fatal(err)
	}
}

func headOf(t *testing.T, w *watch, raw *sql.DB) (size int64, peaks []byte) {
	t.Helper()
	if err := raw.QueryRow("SELECT size, peaks FROM trail_heads WHERE log = "+mark(w.db, "1"), w.platform.String()).Scan(&size, &peaks); err != nil {
		t.Fatal(err)
	}
	return size, peaks
}

func TestTick_SignsNothingOverALogThatWasRolledBack(t *testing.T) {
	eachTampered(t, func(t *testing.T, w *watch, raw *sql.DB) {
		admin, clock := storetest.As(qms.Administrator), storetest.ClockOf(w.db)
		if _, err := w.AddAddress(admin, witness.AddAddress{Address: "archives@institution.example", Language: "fr"}); err != nil {
			t.Fatal(err)
		}
		w.grow()
		size, peaks := headOf(t, w, raw)
		w.grow()
		w.grow()
		kept := w.keep()
		rollBack(t, w, raw, size, peaks)
		clock.Set(time.Date(2026, 7, 1, 7, 0, 0, 0, time.UTC))
		w.tick()
		w.tick()
		alarms, err := w.Alarms(w.manager(), w.platform)
		if err != nil || len(alarms) != 1 || alarms[0].KeptSize != kept.Size || alarms[0].FoundSize != size || alarms[0].Settled != "" {
			t.Fatalf("%+v, %v", alarms, err)
		}
		if all := w.kept(); len(all) != 1 {
			t.Errorf("%d are kept over it", len(all))
		}
		told := 0
		for _, m := range w.box.mails {
			if m.Alarm != nil {
				told++
			}
		}
		if told != 1 {
			t.Errorf("%d mails tell of the alarm", told)
		}
		if open, err := w.OpenAlarms(w.manager(), []qms.ID{w.platform, storetest.AgentID(70)}); err != nil || len(open) != 1 {
			t.Errorf("%d alarms stand, %v", len(open), err)
		}
		if open, err := w.OpenAlarms(storetest.As(qms.Manager, storetest.AgentID(70)), []qms.ID{w.platform}); err != nil || len(open) != 0 {
			t.Errorf("a stranger reads %d alarms, %v", len(open), err)
		}
		due := func(platforms ...qms.ID) (all []qms.Due) {
			err := w.db.View(storetest.AsSystem(), qms.OperateSite.OnSite(), func(r store.Reader) (err error) {
				all, err = w.Dues(t.Context(), r, platforms, r.Today(), r.Today())
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		for _, all := range [][]qms.Due{due(), due(w.platform, storetest.AgentID(70))} {
			if len(all) != 1 || all[0].Platform != w.platform || all[0].Form != "alarm" || all[0].On != w.db.Today() {
				t.Errorf("due: %+v", all)
			}
		}
		if all := due(storetest.AgentID(70)); len(all) != 0 {
			t.Errorf("due on another platform: %+v", all)
		}
		settle(t, w, alarms[0])
		if all := due(); len(all) != 0 {
			t.Errorf("due although settled: %+v", all)
		}
		w.grow()
		if c, err := w.Keep(w.manager(), w.platform); err != nil || c.Size >= kept.Size {
			t.Errorf("after it was settled: %+v, %v", c, err)
		}
	})
}

func settle(t *testing.T, w *watch, a witness.CheckpointAlarm) {
	t.Helper()
	admin := storetest.As(qms.Administrator)
	if err := w.Settle(w.manager(), witness.Settle{Alarm: a.ID, Reason: "Rien"}); !errors.Is(err, qms.Refuse("right.missing")) {
		t.Errorf("a manager settles it: %v", err)
	}
	if err := w.Settle(admin, witness.Settle{Alarm: a.ID, Revision: a.Revision + 1, Reason: "Sauvegarde d’hier restaurée"}); !errors.Is(err, qms.Conflict("record.changed")) {
		t.Errorf("another revision: %v", err)
	}
	if err := w.Settle(admin, witness.Settle{Alarm: a.ID, Revision: a.Revision}); qms.CodeOf(err) != qms.CodeInvalid {
		t.Errorf("without a reason: %v", err)
	}
	storetest.ClockOf(w.db).Advance(time.Minute)
	if err := w.Settle(admin, witness.Settle{Alarm: a.ID, Revision: a.Revision, Reason: "Sauvegarde d’hier restaurée"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Settle(admin, witness.Settle{Alarm: a.ID, Reason: "Encore"}); !errors.Is(err, qms.Conflict("checkpoint.alarm_settled")) {
		t.Errorf("a second time: %v", err)
	}
	storetest.ClockOf(w.db).Advance(time.Minute)
}

// A log that was rolled back and went on to the same length is another one.
func TestKeep_RefusesALogThatWasRewritten(t *testing.T) {
	eachTampered(t, func(t *testing.T, w *watch, raw *sql.DB) {
		w.grow()
		size, peaks := headOf(t, w, raw)
		w.grow()
		kept := w.keep()
		rollBack(t, w, raw, size, peaks)
		w.members = 50 // others than before
		for range 4 {
			w.grow()
		}
		_, err := w.Keep(w.manager(), w.platform)
		if !errors.Is(err, qms.Conflict("checkpoint.past_lost")) {
			t.Fatalf("the rewritten log is signed: %v", err)
		}
		if _, err := w.Keep(w.manager(), w.platform); !errors.Is(err, qms.Conflict("checkpoint.past_lost")) || errors.Is(err, qms.Conflict("record.exists")) {
			t.Errorf("asked again while the alarm stands: %v", err)
		}
		alarms, err := w.Alarms(storetest.As(qms.QualityOfficer), "")
		if err != nil || len(alarms) != 1 || alarms[0].Checkpoint != kept.ID || alarms[0].FoundSize <= kept.Size {
			t.Errorf("%+v, %v", alarms, err)
		}
	})
}
