package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// TaskKind is what a task asks for.
type TaskKind string

// The kinds of tasks.
const (
	ToVerify  TaskKind = "verify"  // sign as the verifier
	ToApprove TaskKind = "approve" // sign as the approver
	ToRework  TaskKind = "rework"  // a draft of one's own came back from its review
	ToAnswer  TaskKind = "answer"  // comments of others on a version of one's own
	ToReview  TaskKind = "review"  // the periodic review of a document one owns
)

// Task is one thing that waits for the actor. It follows from the state of the records: nothing is
// stored for it, and it is gone when what it asks for is done.
type Task struct {
	Kind     TaskKind
	Document Document
	Version  Version
	Since    qms.Date // when it came up; none for a review
	On       qms.Date // when it is due; only of a review
	Count    int      // of comments
}

// Tasks lists what waits for the actor on the platforms, in as many statements whatever their number.
// Platforms on which the actor may not read drafts have none.
func (s *Service) Tasks(ctx context.Context, platforms []qms.ID) (tasks []Task, err error) {
	actor := qms.ActorFrom(ctx)
	platforms = slices.DeleteFunc(slices.Clone(platforms), func(p qms.ID) bool { return !actor.Can(qms.ReadDrafts.On(p)) })
	if len(platforms) == 0 || actor.ID == "" {
		return nil, nil
	}
	err = s.db.View(ctx, qms.SignedIn.OnSite(), func(r store.Reader) error {
		tasks, err = tasksIn(ctx, r, platforms)
		return err
	})
	return tasks, err
}

func tasksIn(ctx context.Context, r store.Reader, platforms []qms.ID) (tasks []Task, err error) {
	me, today := r.Actor().ID, r.Today()
	signing, err := awaiting(ctx, r, platforms, me)
	if err != nil {
		return nil, err
	}
	for _, v := range signing {
		kind := ToVerify
		if _, meaning := v.Next(); meaning == ApprovedBy {
			kind = ToApprove
		}
		tasks = append(tasks, Task{Kind: kind, Version: *v, Since: v.SubmittedOn})
	}
	drafts, err := sentBack(ctx, r, platforms, me)
	if err != nil {
		return nil, err
	}
	for _, v := range drafts {
		tasks = append(tasks, Task{Kind: ToRework, Version: *v})
	}
	counts, err := unanswered(ctx, r, platforms, me, today)
	if err != nil {
		return nil, err
	}
	discussed, err := versionsByID(ctx, r, sortedKeys(counts))
	if err != nil {
		return nil, err
	}
	for _, v := range discussed {
		tasks = append(tasks, Task{Kind: ToAnswer, Version: *v, Count: counts[v.ID]})
	}
	reviews, err := owned(ctx, r, platforms, me, today, today.AddDays(SoonDays))
	if err != nil {
		return nil, err
	}
	for _, v := range reviews {
		tasks = append(tasks, Task{Kind: ToReview, Version: *v, On: v.ReviewOn})
	}
	return tasks, titled(ctx, r, tasks)
}

// titled gives the tasks their documents.
func titled(ctx context.Context, r store.Reader, tasks []Task) error {
	ids := map[qms.ID]bool{}
	for _, t := range tasks {
		ids[t.Version.Document] = true
	}
	documents, err := documentsOfAny(ctx, r, sortedKeys(ids))
	if err != nil {
		return err
	}
	for i := range tasks {
		tasks[i].Document = *documents[tasks[i].Version.Document]
	}
	return nil
}
