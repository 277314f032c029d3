package store_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// crashURL is the database that a process of this test writes to until it is killed.
const crashURL = "MAILLON_STORE_CRASH_URL"

func TestMain(m *testing.M) {
	if url := os.Getenv(crashURL); url != "" {
		writeUntilKilled(url)
		return
	}
	os.Exit(m.Run())
}

// writeUntilKilled says the number of each act once it is committed.
func writeUntilKilled(url string) {
	ctx := storetest.As(qms.Manager, platformA)
	db, err := store.Open(ctx, store.Options{URL: url})
	if err != nil {
		panic(err)
	}
	for i := 1; ; i++ {
		rows := make([]qms.Record, 20)
		for j := range rows {
			rows[j] = &Specimen{Name: fmt.Sprint(os.Getpid(), "/", i, "/", j), Body: strings.Repeat("corps ", 200)}
		}
		if err := db.Change(ctx, add(platformA), func(tx *store.Tx) error { return tx.Insert(ctx, rows...) }); err != nil {
			panic(err)
		}
		fmt.Println(i)
	}
}

// TestChange_SurvivesTheKillOfItsProcess kills a writer at some moment: what it said is there, each
// act is there as a whole or not at all, and the trail holds.
func TestChange_SurvivesTheKillOfItsProcess(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		for round := range 3 {
			before := sizeOf(t, db, string(platformA))
			said := killed(t, storetest.URL(db), time.Duration(150+70*round)*time.Millisecond)
			settled := func(*store.Tx) error { return nil } // waits for the lock of the act that was cut off
			if err := db.Change(storetest.AsSystem(), add(platformA), settled); err != nil {
				t.Fatal(err)
			}
			if size := sizeOf(t, db, string(platformA)) - before; size < said || size > said+1 {
				t.Errorf("%d acts are there, %d were said to be", size, said)
			}
			report, found := verified(t, db)
			if !report.OK() || report.Rows != 20*report.Entries {
				t.Errorf("%+v %v", report, found)
			}
		}
	})
}

// killed runs the writer for some time after its first act, and returns the last number it said.
func killed(t *testing.T, url string, after time.Duration) int64 {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashURL+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said int64
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if said == 0 {
			time.AfterFunc(after, func() { cmd.Process.Kill() }) //nolint:errcheck // Wait tells
		}
		if said, err = strconv.ParseInt(lines.Text(), 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the writer ended by itself")
	}
	if said == 0 {
		t.Fatal("the writer said nothing")
	}
	return said
}
