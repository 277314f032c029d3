package archive

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"maillon/qms/locale"
	"maillon/qms/trail"
)

// namesOf are the names that a type has in JSON, those of what it holds included.
func namesOf(t reflect.Type) (names []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" {
			names = append(append(names, name), namesOf(t.Field(i).Type)...)
		}
	}
	return names
}

// TestFormat_DescribesAllThatIsWritten wants every name of the JSON in a pack, every file and every folder to
// be in the description: whoever writes another verifier has nothing else.
func TestFormat_DescribesAllThatIsWritten(t *testing.T) {
	t.Parallel()
	quoted := slices.Concat(namesOf(reflect.TypeFor[manifest]()), namesOf(reflect.TypeFor[trail.Entry]()), namesOf(reflect.TypeFor[trail.Change]()))
	var fact map[string]any
	line, err := trail.FactProof{}.MarshalJSON()
	if err == nil {
		err = json.Unmarshal(line, &fact)
	}
	if err != nil || len(fact) < 5 || len(quoted) < 40 {
		t.Fatalf("%d names, %d of a fact, %v", len(quoted), len(fact), err)
	}
	for name := range fact {
		quoted = append(quoted, name)
	}
	plain := append(fixedNames(), format, formatSecond, formatBefore, HistoryName)
	for _, folder := range Folders() {
		plain = append(plain, string(folder))
	}
	for _, lang := range locale.Languages() {
		text := textIn("format", lang)
		for _, name := range quoted {
			if !strings.Contains(text, `"`+name+`"`) {
				t.Errorf("%s does not tell of %q", lang, name)
			}
		}
		for _, name := range plain {
			if !strings.Contains(text, name) {
				t.Errorf("%s does not tell of %s", lang, name)
			}
		}
	}
}

// TestFormat_OfWhatIsReallyWritten holds a pack as it is written to sentences of the description that a type
// does not tell: the order of the names of a fact, and a list that is empty rather than none.
func TestFormat_OfWhatIsReallyWritten(t *testing.T) {
	t.Parallel()
	d, _ := busy(t, "PACK-2026-001", 3, nil)
	written := readSource(t, parts(t, made(t, d))[6])
	for line := range strings.Lines(written) {
		at := 0
		for _, name := range []string{`{"change":"`, `","index":`, `,"change_proof":[`, `],"entry":"`, `","entry_proof":[`} {
			next := strings.Index(line[at:], name)
			if next < 0 {
				t.Fatalf("without %s behind the others: %s", name, line)
			}
			at += next
		}
		if strings.ContainsAny(line, "<>&") {
			t.Errorf("not escaped: %s", line)
		}
	}
	first, _, _ := strings.Cut(written, "\n")
	if !strings.Contains(first, `"index":0,"change_proof":[],`) {
		t.Errorf("the only leaf of its act has the proof %s", first)
	}
}
