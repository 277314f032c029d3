package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"

	"maillon/qms"
)

var update = flag.Bool("update", false, "write the golden files anew")

func whole(t *testing.T) *huma.OpenAPI {
	t.Helper()
	clock := qms.FixedClock(time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC))
	return New(fiber.New(), Services{Clock: clock}).Description()
}

// Clients rely on the description: what changes in it is reviewed, not found out.
func TestDescription_IsTheReviewedOne(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(whole(t))
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, text, "", " "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	golden := filepath.Join("testdata", "openapi.json")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("the description changed; review it and run with -update (-reviewed +present):\n%.4000s", diff)
	}
}

func TestDescription_FollowsTheRulesOfTheHouse(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	for path, item := range whole(t).Paths {
		if !strings.HasPrefix(path, Base+"/") {
			t.Errorf("%s is not under %s", path, Base)
		}
		if item.Delete != nil {
			t.Errorf("%s deletes: nothing is deleted", path)
		}
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch} {
			switch {
			case o == nil:
			case !name.MatchString(o.OperationID), o.Summary == "", len(o.Tags) != 1:
				t.Errorf("%s %s: identifier %q, sentence %q, subjects %v", o.Method, path, o.OperationID, o.Summary, o.Tags)
			}
		}
	}
}
