package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"maillon/qms"
)

func TestDue_ListsWhatFallsDueAsOfADay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, line := range [][]string{{"platform", "add", "PLT", "--name", "Platform"}, {"platform", "add", "AUT", "--name", "Other"},
		{"user", "add", "a@b.example", "--name", "Agent 01", "--role", "auditor", "--platform", "PLT"},
		{"user", "add", "b@b.example", "--name", "Agent 02", "--role", "manager", "--platform", "PLT"}} {
		if status, _, fault := typed(t, "C", append(line, "--data", dir)...); status != done {
			t.Fatalf("%v ends with %d: %s", line, status, fault)
		}
	}
	today := qms.DateOf(qms.SystemClock(), time.UTC)
	listed := func(args ...string) (asOf string, items []dueLine) {
		t.Helper()
		status, out, fault := typed(t, "C", append([]string{"due", "--json", "--data", dir}, args...)...)
		var list struct {
			AsOf  string    `json:"as_of"`
			Items []dueLine `json:"items"`
		}
		if err := json.Unmarshal([]byte(out), &list); status != done || err != nil {
			t.Fatalf("%v ends with %d, %v: %s%s", args, status, err, out, fault)
		}
		return list.AsOf, list.Items
	}
	asOf, items := listed("--as-of", today.String(), "--until", today.AddDays(200).String(), "--platform", "plt")
	if asOf != today.String() || len(items) != 1 || items[0].Kind != "role" || items[0].Platform != "PLT" || items[0].Path != "/p/PLT/audit" || items[0].Late ||
		!strings.Contains(items[0].Title, "Agent 01") || len(items[0].Who) != 1 || items[0].Who[0] != "Agent 02" {
		t.Errorf("as of %s: %+v", asOf, items)
	}
	if _, items := listed("--as-of", today.String(), "--until", today.AddDays(200).String(), "--platform", "AUT"); len(items) != 0 {
		t.Errorf("on another platform: %+v", items)
	}
	if _, items := listed("--as-of", today.AddDays(300).String(), "--platform", "plt"); len(items) != 0 {
		t.Errorf("once it is over: %+v", items)
	}
	if status, out, _ := typed(t, "fr_FR.UTF-8", "due", "--as-of", today.String(), "--until", today.AddDays(200).String(), "--data", dir); status != done || !strings.Contains(out, "Agent 01") ||
		!strings.Contains(out, "PLT") {
		t.Errorf("in words it ends with %d: %s", status, out)
	}
	for line, want := range map[string]int{"due": misuse, "due --as-of 2026-06-31": misuse, "due --as-of demain": misuse, "due --as-of 2026-06-30 --until x": misuse,
		"due --as-of 2026-06-30 --platform NONE": refused} {
		if status, out, fault := typed(t, "C", append(strings.Fields(line), "--data", dir)...); status != want || out != "" || fault == "" {
			t.Errorf("%s ends with %d: %s%s", line, status, out, fault)
		}
	}
}
