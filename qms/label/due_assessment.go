package label

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// gapDues lists the gaps that are to be closed by until, one for each criterion of the version in effect.
// A gap keeps its key until its criterion is unanswered again. It takes three statements.
func gapDues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error) {
	all, err := referentials(ctx, r)
	if err != nil {
		return nil, err
	}
	version := InEffect(all, day)
	if version == nil {
		return nil, nil
	}
	codes, err := codesOf(ctx, r, version)
	if err != nil {
		return nil, err
	}
	answers, err := gapsDue(ctx, r, platforms, day, until)
	if err != nil {
		return nil, err
	}
	var due []qms.Due
	for i := range answers {
		if a := &answers[i]; codes[a.Code] {
			due = append(due, a.due())
		}
	}
	return due, nil
}

// due is the obligation to close the gap.
func (a *Answer) due() qms.Due {
	line, _, _ := strings.Cut(a.Gap, "\n")
	return qms.Due{Key: "gap:" + string(a.Thread), Kind: "gap", Platform: a.Platform, Subject: a.Thread,
		Title: a.Code + " " + titled(line), On: a.CloseBy, Person: a.Person, Parts: []string{"label", "assessment", a.Code}, Revision: a.Serial}
}

// titled is a text as a title has room for it.
func titled(s string) string {
	if letters := []rune(s); len(letters) > 90 {
		return string(letters[:89]) + "…"
	}
	return s
}
