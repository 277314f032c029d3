package audits

import (
	"errors"
	"testing"

	"maillon/audits/pack/archive"
	"maillon/qms"
)

// What is wrong with what was given is told from what is wrong with the pack.
func TestMisgiven_NamesThePartThatWasGivenWrongly(t *testing.T) {
	t.Parallel()
	for key, part := range map[string]string{
		"pack.not_a_pack":           SentPack,
		"verify.since_no_pack":      SentSince,
		"pack.since_swapped":        SentSince,
		"pack.since_another_trail":  SentSince,
		"pack.given_key_unreadable": "key",
		"pack.file_altered":         "",
		"pack.truncated":            "",
		"pack.since_shorter":        "",
		"pack.past_rewritten":       "",
		"pack.another_key":          "",
		"pack.since_another_key":    "",
		"verify.since_not_sound":    "",
		"pack.since_new_beginning":  "",
		"pack.key_new_beginning":    "",
		"pack.signature_refused":    "",
		"pack.manifest_unreadable":  "",
		"pack.facts_missing":        "",
		"pack.since_unknown":        "",
	} {
		found := Examined{Report: archive.Report{Wrong: 1, Lines: []archive.Line{{Verdict: archive.Wrong, Key: key, Args: []any{"PACK-2026-001", "PACK-2026-002"}}}}}
		err := found.Misgiven()
		var e *qms.Error
		if part == "" {
			if err != nil {
				t.Errorf("%s is said to be given wrongly: %v", key, err)
			}
			continue
		}
		if !errors.As(err, &e) || e.Code != qms.CodeInvalid || len(e.Fields) != 1 || e.Fields[0].Name != part || e.Fields[0].Key != key {
			t.Errorf("%s: %v, want %s", key, err, part)
		}
	}
}

func TestOfPart_NamesThePartThatIsTooLarge(t *testing.T) {
	t.Parallel()
	var e *qms.Error
	if err := ofPart(SentSince, qms.Invalid("body.too_large", int64(2048))); !errors.As(err, &e) || e.Key != "body.too_large" || len(e.Fields) != 1 || e.Fields[0].Name != SentSince {
		t.Errorf("%v", err)
	}
	lost := errors.New("disk")
	if err := ofPart(SentSince, lost); err != lost { //nolint:errorlint // the very error
		t.Errorf("%v", err)
	}
}
