package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// kitDue lists the answers to new versions of templates that fall due by the day until and were not
// given as of day: a platform that has a copy says within KitAnswerDays whether it took over what is
// new, or why that does not concern it. It is pure.
func kitDue(kit map[qms.ID]*KitHeld, copies []*KitCopy, answers []*KitAnswer, documents map[qms.ID]*Document, day, until qms.Date) (due []qms.Due) {
	of := answersByCopy(answers)
	for _, c := range copies {
		d, t := documents[c.Document], kit[c.Template]
		if d == nil || t == nil || c.CopiedOn > day || !c.HeldOn(day) {
			continue
		}
		k := c.standOn(&t.KitTemplate, t.Versions, of[c.ID], day)
		if !k.Behind || k.DueOn() > until {
			continue
		}
		due = append(due, qms.Due{
			Key: "kit:" + string(c.ID) + ":" + string(k.Newest.ID), Kind: "kit", Platform: c.Platform, Subject: d.ID,
			Title: d.Code + " " + d.Title, On: k.DueOn(), Person: d.Owner, Parts: []string{"documents", d.Code, "kit"},
			Revision: c.Revision + k.Newest.Revision,
		})
	}
	qms.SortDues(due)
	return due
}

func answersByCopy(answers []*KitAnswer) map[qms.ID][]*KitAnswer {
	of := map[qms.ID][]*KitAnswer{}
	for _, a := range answers {
		of[a.Copy] = append(of[a.Copy], a)
	}
	return of
}

// kitDues reads what kitDue judges, of the platforms or of all when none is named, in five statements
// however many there are.
func kitDues(ctx context.Context, r store.Reader, platforms []qms.ID, day, until qms.Date) ([]qms.Due, error) {
	kit, err := kitHeld(ctx, r)
	if err != nil || len(kit) == 0 {
		return nil, err
	}
	copies, err := kitCopies(ctx, r, platforms)
	if err != nil || len(copies) == 0 {
		return nil, err
	}
	answers, err := kitAnswers(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	byID := map[qms.ID]*KitHeld{}
	for _, t := range kit {
		byID[t.ID] = t
	}
	documents, err := kitDocuments(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	return kitDue(byID, copies, answers, documents, day, until), nil
}
