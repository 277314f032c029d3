package documents

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"maillon/qms"
)

func TestComment_IsKeptAsItWasSaid(t *testing.T) {
	each(t, func(r room) {
		d, v := r.create("PR", "ACH", "Achats", "text")
		say := func(text string) *Comment {
			c, err := r.AddComment(checker, AddComment{Platform: mic, Version: v.ID, Text: text})
			r.must(err)
			return c
		}
		first := say("figure 2 is missing\r\nand so is 3\x00\x1b[31m")
		r.submit(v)
		say("in review as well")
		_, err := r.Verify(checker, Verify{Platform: mic, Version: v.ID})
		r.must(err)
		_, err = r.Approve(chief, Approve{Platform: mic, Version: v.ID})
		r.must(err)
		r.days(1)
		say("and after")
		if first.Body != "figure 2 is missing\nand so is 3[31m" {
			t.Errorf("kept %q", first.Body)
		}
		for _, hostile := range []string{"", " \n\t ", "\x00\x07", strings.Repeat("é", maxComment+1)} {
			if _, err := r.AddComment(checker, AddComment{Platform: mic, Version: v.ID, Text: hostile}); qms.CodeOf(err) != qms.CodeInvalid {
				t.Errorf("%.20q: %v", hostile, err)
			}
		}
		_, err = r.AddComment(reader, AddComment{Platform: mic, Version: v.ID, Text: "x"})
		r.refused("by who may not read drafts", err, qms.CodeRefused, "right.missing")
		_, err = r.AddComment(stranger, AddComment{Platform: cyt, Version: v.ID, Text: "x"})
		r.refused("on another platform's version", err, qms.CodeNotFound, "version.not_found")
		_, err = r.Comments(reader, mic, v.ID)
		r.refused("read by who may not", err, qms.CodeRefused, "right.missing")
		if s := r.sheet(reader, d.Code); len(s.InForce.Comments) != 0 {
			t.Errorf("a reader is shown %+v", s.InForce.Comments)
		}
		if s := r.sheet(writer, d.Code); len(s.InForce.Comments) != 3 || s.InForce.Unresolved() != 3 {
			t.Errorf("the team is shown %+v", s.InForce.Comments)
		}
		past, err := r.SheetByCode(writer, mic, d.Code, r.db.Today().AddDays(-1))
		r.must(err)
		if len(past.Current.Comments) != 2 {
			t.Errorf("as of yesterday: %+v", past.Current.Comments)
		}
	})
}

func TestComment_IsResolvedOnceByItsAuthorOrTheVersions(t *testing.T) {
	each(t, func(r room) {
		_, v := r.create("PR", "ACH", "Achats", "text")
		add := func() ResolveComment {
			c, err := r.AddComment(checker, AddComment{Platform: mic, Version: v.ID, Text: "figure 2"})
			r.must(err)
			return ResolveComment{Platform: mic, Version: v.ID, Comment: c.ID, Revision: c.Revision}
		}
		one, two := add(), add()
		_, err := r.ResolveComment(lead, one)
		r.refused("by another of the team", err, qms.CodeRefused, "comment.not_yours")
		c, err := r.ResolveComment(writer, one)
		r.must(err)
		if c.ResolvedName != "Agent 02" || c.Body != "figure 2" || c.Name != "Agent 03" {
			t.Errorf("resolved as %+v", c)
		}
		_, err = r.ResolveComment(checker, one)
		r.refused("at another revision", err, qms.CodeConflict, "record.changed")
		one.Revision = 0
		_, err = r.ResolveComment(checker, one)
		r.refused("twice", err, qms.CodeConflict, "comment.resolved")
		_, err = r.ResolveComment(checker, two)
		r.must(err)
		_, other := r.create("PR", "ACH", "Autre", "text")
		_, err = r.ResolveComment(writer, ResolveComment{Platform: mic, Version: other.ID, Comment: one.Comment})
		r.refused("through another version", err, qms.CodeNotFound, "comment.not_found")
	})
}

func TestTidyComment_LeavesPlainText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "typed")
		kept, err := tidyComment(typed)
		if err != nil {
			return
		}
		if !utf8.ValidString(kept) || kept != strings.TrimSpace(kept) || strings.ContainsAny(kept, "\x00\r\x1b\u202e\u2066") {
			t.Fatalf("%q is kept as %q", typed, kept)
		}
		if again, err := tidyComment(kept); err != nil || again != kept {
			t.Fatalf("%q tidied again is %q, %v", kept, again, err)
		}
	})
}
