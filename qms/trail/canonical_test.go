package trail_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/cyberphone/json-canonicalization/go/src/webpki.org/jsoncanonicalizer"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/trail"
)

func drawText(t *rapid.T, label string) string {
	return rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("é\"\\/<>&\x00\x1f\u2028\U0001F600\b\f\n\r\taZ")), 0, 12, -1),
		rapid.Just("")).Filter(utf8.ValidString).Draw(t, label)
}

func drawEntry(t *rapid.T) trail.Entry {
	e := trail.Entry{
		Log: drawText(t, "log"), Seq: rapid.Int64Range(0, 1<<53).Draw(t, "seq"),
		At:    qms.Instant(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))),
		Actor: qms.ID(drawText(t, "actor")), ActorName: drawText(t, "name"), Behalf: qms.ID(drawText(t, "behalf")),
		Act: drawText(t, "act"), Subject: qms.ID(drawText(t, "subject")), Reason: drawText(t, "reason"),
		Request: drawText(t, "request"), Changes: rapid.Int64Range(0, 1<<53).Draw(t, "changes"),
	}
	copy(e.Root[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "root"))
	return e
}

func TestEntry_EncodeIsTheCanonicalFormOfItsJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := drawEntry(t)
		got, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		plain, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		want, err := jsoncanonicalizer.Transform(plain)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatal(diff)
		}
		back, err := trail.DecodeEntry(got)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, back); diff != "" {
			t.Fatal(diff)
		}
	})
}

// drawValue draws a JSON value whose numbers a double can hold.
func drawValue(t *rapid.T, depth int) any {
	kind := rapid.IntRange(0, 7).Draw(t, "kind")
	if depth == 0 && kind > 5 {
		kind = 1
	}
	switch kind {
	case 0:
		return nil
	case 1:
		return drawText(t, "text")
	case 2:
		return rapid.Bool().Draw(t, "bool")
	case 3:
		return rapid.Int64Range(-1<<53, 1<<53).Draw(t, "int")
	case 4:
		return rapid.Float64().Filter(func(f float64) bool { return f != math.Trunc(f) || math.Abs(f) < 1e15 }).Draw(t, "float")
	case 5:
		return rapid.Float64Range(-1e-5, 1e-5).Draw(t, "small")
	case 6:
		list := []any{}
		for range rapid.IntRange(0, 4).Draw(t, "n") {
			list = append(list, drawValue(t, depth-1))
		}
		return list
	}
	return drawObject(t, depth-1)
}

func drawObject(t *rapid.T, depth int) map[string]any {
	object := map[string]any{}
	for range rapid.IntRange(0, 5).Draw(t, "members") {
		object[drawText(t, "member")] = drawValue(t, depth)
	}
	return object
}

func TestChange_EncodeIsTheCanonicalFormOfItsJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, err := json.MarshalIndent(drawObject(t, 3), " ", "\t")
		if err != nil {
			t.Fatal(err)
		}
		after, err := json.Marshal(drawObject(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		c := trail.Change{Table: drawText(t, "table"), ID: qms.ID(drawText(t, "id")), Before: before, After: after}
		if rapid.Bool().Draw(t, "insert") {
			c.Before = nil
		}
		got, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		plain, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		want, err := jsoncanonicalizer.Transform(plain)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatal(diff)
		}
		if _, err := trail.DecodeChange(got); err != nil {
			t.Fatal(err)
		}
	})
}

func TestChange_SortsNamesByUTF16(t *testing.T) {
	t.Parallel()
	// The example of RFC 8785, section 3.2.3.
	raw := "{\"\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"," +
		"\"1\":\"One\",\"\U0001F600\":\"Emoji: Grinning Face\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\"}"
	got, err := trail.Change{Table: "t", ID: "i", After: json.RawMessage(raw)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	last := -1
	for _, value := range []string{"Carriage Return", "One", "Control", "Latin Small", "Euro Sign", "Emoji", "Hebrew"} {
		at := strings.Index(string(got), value)
		if at <= last {
			t.Fatalf("%q is out of order in %s", value, got)
		}
		last = at
	}
}

func TestChange_RefusesWhatHasNoCanonicalForm(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"not JSON":                 `{"a":`,
		"two values":               `{} {}`,
		"a name that stands twice": `{"a":1,"a":1}`,
		"a name twice by escape":   `{"a":1,"\u0061":1}`,
		"text that is not UTF-8":   "{\"a\":\"\xff\"}",
		"half a surrogate pair":    `{"a":"\ud800"}`,
		"the other half":           `{"a":"\udc00x"}`,
		"half, then an escape":     `{"a":"\ud800\u0041"}`,
		"a name that is not UTF-8": "{\"\xff\":1}",
		"a number too exact":       `{"a":9007199254740993}`,
		"a number too large":       `{"a":1e400}`,
	} {
		if got, err := (trail.Change{Table: "t", ID: "i", After: json.RawMessage(raw)}).Encode(); err == nil {
			t.Errorf("%s: encoded as %s", name, got)
		}
	}
	if _, err := (trail.Change{Table: "\xff"}).Encode(); err == nil {
		t.Error("encoded a table name that is not UTF-8")
	}
}

func TestEntry_RefusesWhatHasNoCanonicalForm(t *testing.T) {
	t.Parallel()
	if _, err := (trail.Entry{Act: "note.add", Reason: "\xff"}).Encode(); err == nil {
		t.Error("encoded a reason that is not UTF-8")
	}
	if _, err := (trail.Entry{Act: "note.add", Seq: 1<<53 + 1}).Encode(); err == nil {
		t.Error("encoded a number that a double cannot hold")
	}
}

func TestDecode_RefusesAnotherSpelling(t *testing.T) {
	t.Parallel()
	e := trail.Entry{Log: "site", Act: "platform.add", At: time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC), Changes: 1}
	data, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, altered := range []string{" " + string(data), strings.Replace(string(data), `"act"`, `"Act"`, 1),
		strings.Replace(string(data), `{`, `{"zz":1,`, 1), strings.Replace(string(data), `Z"`, `+00:00"`, 1)} {
		if _, err := trail.DecodeEntry([]byte(altered)); err == nil {
			t.Errorf("decoded %s", altered)
		}
	}
	for _, altered := range []string{`{"after":{},"before":null,"id":"i","table":"t" }`, `{"after":{"b":1,"a":1},"before":null,"id":"i","table":"t"}`, `[]`} {
		if _, err := trail.DecodeChange([]byte(altered)); err == nil {
			t.Errorf("decoded %s", altered)
		}
	}
}

func FuzzChange_EncodesAsTheLibraryOrRefuses(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.50,1e3,-0,{"b":null}],"é":"\u00e9\n"}`, `{"a":"\ud83d\ude00"}`, `{"":{}}`, `[[],[{}]]`,
		`{"a":-12,"b":true,"c":[null,"\"\\\n",{}]}`, `{"b":1,"a":2}`, `{"a":-0}`, `{"a":01}`, `[1,]`, `{"a":1,}`, `{"a":"` + "\x7fé" + `"}`, `[[[[[[[[[1]]]]]]]]]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := trail.Change{After: json.RawMessage(raw)}.Encode()
		if err != nil || raw == "" {
			return
		}
		want, err := jsoncanonicalizer.Transform([]byte(`{"after":` + raw + `,"before":null,"id":"","table":""}`))
		if err != nil {
			t.Fatalf("the library refuses %q, we do not: %v", raw, err)
		}
		if string(want) != string(got) {
			t.Fatalf("%q becomes %s, the library says %s", raw, got, want)
		}
	})
}
