package qms_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillon/qms"
)

func TestMoney_ReadsWhatItWrote(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := qms.Money(rapid.Int64Range(-1e17+1, 1e17-1).Draw(t, "cents"))
		for _, s := range []string{m.String(), strings.Replace(m.String(), ".", ",", 1)} {
			if got, err := qms.ParseMoney(s); err != nil || got != m {
				t.Fatalf("%d is %q, read as %d, %v", m, s, got, err)
			}
		}
	})
	if s := qms.Money(math.MinInt64).String(); s != "-92233720368547758.08" {
		t.Errorf("the smallest amount is %q", s)
	}
}

func TestParseMoney_ReadsPlainAmountsOnly(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]qms.Money{"1250.5": 125050, "-3,20": -320, "0": 0, ".5": 50, "7.": 700, "007": 700, "-0.01": -1} {
		if got, err := qms.ParseMoney(s); err != nil || got != want {
			t.Errorf("%q is %d, %v, want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "-", ".", ",", "1.234", "1 250", "1.2.3", "1,2.3", "--1", "+1", "1e3", "٣", "9999999999999999", "12€"} {
		if got, err := qms.ParseMoney(s); !errors.Is(err, qms.Invalid("money.malformed")) {
			t.Errorf("%q is %d, %v", s, got, err)
		}
	}
}

func TestNewID_IsAVersion7ThatSortsByTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMilli(rapid.Int64Range(0, 1<<47).Draw(t, "ms"))
		id := qms.NewID(at)
		if id[14] != '7' || !strings.ContainsRune("89ab", rune(id[19])) || len(id) != 36 {
			t.Fatalf("%s is not of version 7", id)
		}
		if parsed, err := qms.ParseID(strings.ToUpper(string(id))); err != nil || parsed != id {
			t.Fatalf("%s parses as %s, %v", id, parsed, err)
		}
		if later := qms.NewID(at.Add(time.Millisecond)); later <= id {
			t.Fatalf("%s is not after %s", later, id)
		}
		if qms.NewID(at) == id {
			t.Fatal("twice the same")
		}
	})
}

func TestParseID_RefusesAllElse(t *testing.T) {
	t.Parallel()
	good := string(qms.NewID(time.Unix(0, 0)))
	for _, s := range []string{"", "x", good[:35], good + "0", strings.ReplaceAll(good, "-", "0"), "g" + good[1:], "{" + good[1:35] + "}", " " + good[1:]} {
		if id, err := qms.ParseID(s); !errors.Is(err, qms.Invalid("id.malformed")) {
			t.Errorf("%q parses as %s, %v", s, id, err)
		}
	}
}

func TestID_NoneIsNull(t *testing.T) {
	t.Parallel()
	value, err := qms.ID("").Value()
	if value != nil || err != nil {
		t.Errorf("the empty ID is %v, %v", value, err)
	}
	for src, want := range map[any]qms.ID{nil: "", "a": "a"} {
		id := qms.ID("before")
		if err := id.Scan(src); err != nil || id != want {
			t.Errorf("%v scans as %q, %v", src, id, err)
		}
	}
	if err := new(qms.ID).Scan(3); err == nil {
		t.Error("a number scans")
	}
}

func TestError_MatchesByCodeAndKey(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("approve: %w", qms.Conflict("version.not_in_review", "1.0"))
	if !errors.Is(err, qms.Conflict("version.not_in_review")) || !errors.Is(err, &qms.Error{Code: qms.CodeConflict}) {
		t.Error("does not match its own code and key")
	}
	if errors.Is(err, qms.Conflict("other")) || errors.Is(err, qms.Refuse("version.not_in_review")) {
		t.Error("matches another key or code")
	}
	if qms.CodeOf(err) != qms.CodeConflict || qms.CodeOf(errors.New("x")) != "" || qms.CodeOf(nil) != "" {
		t.Error("CodeOf")
	}
	if qms.InvalidFields() != nil {
		t.Error("no wrong field is an error")
	}
	fields := qms.InvalidFields(qms.Wrong("code", "code.malformed", "X"))
	if qms.CodeOf(fields) != qms.CodeInvalid || !strings.Contains(fields.Error(), "code.malformed") {
		t.Errorf("wrong field: %v", fields)
	}
}

func TestPageOf_NamesWhereTheNextBegins(t *testing.T) {
	t.Parallel()
	key := func(i int) string { return fmt.Sprint("after ", i) }
	rapid.Check(t, func(t *rapid.T) {
		total, size := rapid.IntRange(0, 30).Draw(t, "total"), rapid.IntRange(1, 10).Draw(t, "size")
		var all []int
		for next := 0; ; {
			rows := make([]int, 0, size+1)
			for i := next; i < min(total, next+size+1); i++ {
				rows = append(rows, i)
			}
			page := qms.PageOf(rows, size, key)
			all = append(all, page.Items...)
			if page.Next == "" {
				break
			}
			if next += size; page.Next != key(next-1) {
				t.Fatalf("next is %q", page.Next)
			}
		}
		for i, n := range all {
			if i != n {
				t.Fatalf("read %v", all)
			}
		}
		if len(all) != total {
			t.Fatalf("read %d of %d", len(all), total)
		}
	})
	for size, want := range map[int]int{-1: 50, 0: 50, 1: 1, 200: 200, 201: 200} {
		if got := (qms.Cursor{Size: size}).Limit(); got != want {
			t.Errorf("a page of %d has %d rows", size, got)
		}
	}
}

func TestInstant_IsUTCInWholeMicroseconds(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 30, 12, 0, 0, 123456789, time.FixedZone("", 7200))
	if got := qms.FixedClock(at)(); got != time.Date(2026, 6, 30, 10, 0, 0, 123456000, time.UTC) {
		t.Errorf("got %v", got)
	}
	if now := qms.SystemClock(); now.Location() != time.UTC || now.Nanosecond()%1000 != 0 {
		t.Errorf("the system's clock says %v", now)
	}
}
