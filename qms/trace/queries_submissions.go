package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// formOf reads the form of the platform; one that receives nothing where none was set.
func formOf(ctx context.Context, r store.Reader, platform qms.ID) (*RequestForm, error) {
	form := new(RequestForm)
	found, err := one(ctx, r.Select(form).Where("platform = ?", platform), form, "submission.no_form")
	if qms.CodeOf(err) == qms.CodeNotFound {
		return &RequestForm{Row: qms.Row{Platform: platform}}, nil
	}
	return found, err
}

func submissionByReference(ctx context.Context, r store.Reader, platform qms.ID, reference string) (*Submission, error) {
	sub := new(Submission)
	return one(ctx, r.Select(sub).Where("platform = ? AND reference = ?", platform, reference), sub, "record.not_found")
}

// submittedOf counts what waits and what came on the day.
func submittedOf(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (waiting, today int64, err error) {
	rows, err := r.Query(ctx, `SELECT (SELECT COUNT(*) FROM submissions WHERE platform = ? AND state = ?),
(SELECT COUNT(*) FROM submissions WHERE platform = ? AND received_on = ?)`, platform, Waiting, platform, day)
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	scan := newScanner(rows, 2)
	for scan.next() {
		waiting, today = scan.integer(0), scan.integer(1)
	}
	return waiting, today, scan.done()
}

// inboxOf counts what waits, and tells whether the form is open.
func inboxOf(ctx context.Context, r store.Reader, platform qms.ID) (waiting int64, open bool, err error) {
	rows, err := r.Query(ctx, `SELECT (SELECT COUNT(*) FROM submissions WHERE platform = ? AND state = ?),
(SELECT COUNT(*) FROM request_forms WHERE platform = ? AND receives)`, platform, Waiting, platform)
	if err != nil {
		return 0, false, err
	}
	defer rows.Close()
	scan := newScanner(rows, 2)
	for scan.next() {
		waiting, open = scan.integer(0), scan.integer(1) > 0
	}
	return waiting, open, scan.done()
}

// submissionPage reads submissions by the order in which they came, the latest first: identifiers grow
// with time.
func submissionPage(ctx context.Context, r store.Reader, platform qms.ID, f SubmissionFilter, after []string, limit int) ([]Submission, error) {
	var rows []Submission
	q := r.Select(&rows).Where("platform = ?", platform).Order("id DESC").Limit(int64(limit))
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	} else {
		q = q.Where("state <> ?", Spam)
	}
	if after != nil {
		q = q.Where("id < ?", after[0])
	}
	err := q.Scan(ctx)
	return rows, err
}
