package importer

import (
	"context"
	"errors"
	"strings"
	"time"

	"maillon/qms"
)

// run does a job on its own, when its turn comes.
func (s *Service) run(j *job, dry bool) {
	s.jobs.ended.Go(func() {
		var err error
		select {
		case s.jobs.turn <- struct{}{}:
			err = s.do(j, dry)
			<-s.jobs.turn
		case <-j.ctx.Done():
			err = j.ctx.Err()
		}
		s.end(j, dry, err)
	})
}

// do runs the import that a job is about.
func (s *Service) do(j *job, dry bool) error {
	reason := strings.Join(j.Names, ", ")
	if letters := []rune(reason); len(letters) > 200 {
		reason = string(letters[:199]) + "…"
	}
	if j.Kind == OfDocuments {
		return s.doDocuments(j, dry, reason)
	}
	files, err := j.staging.Files()
	if err != nil {
		return err
	}
	result, err := s.Registers(j.ctx, ImportRegisters{Platform: j.Platform, Files: files, DryRun: dry, Reason: reason, Progress: s.tellJob(j),
		Options: ReadOptions{Mappings: j.mappings}})
	if err != nil {
		return err
	}
	s.jobs.mu.Lock()
	j.Job.Registers = result
	s.jobs.mu.Unlock()
	return nil
}

func (s *Service) doDocuments(j *job, dry bool, reason string) (err error) {
	tree, err := j.staging.Tree()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tree.Close()) }()
	result, err := s.Documents(j.ctx, ImportDocuments{Platform: j.Platform, Tree: tree, Mapping: j.staging.mapping, DryRun: dry, Reason: reason, Progress: s.tellJob(j)})
	if err != nil {
		return err
	}
	s.jobs.mu.Lock()
	j.Job.Documents = result
	s.jobs.mu.Unlock()
	return nil
}

// tellJob notes how far a job is, now and then.
func (s *Service) tellJob(j *job) Progress {
	var last time.Time
	return func(stage Stage, done, total int64) {
		now := s.db.Now()
		if stage == j.Stage && done != total && now.Sub(last) < shownProgress {
			return
		}
		last = now
		s.jobs.mu.Lock()
		j.Stage, j.Done, j.Total = stage, done, total
		s.jobs.mu.Unlock()
	}
}

// end notes how a job ended. The files are kept while it waits to be confirmed, or to be told how
// its sheets are read.
func (s *Service) end(j *job, dry bool, err error) {
	s.jobs.mu.Lock()
	defer s.jobs.mu.Unlock()
	j.Changed = s.db.Now()
	var refusal *qms.Error
	switch {
	case j.ctx.Err() != nil && err != nil, errors.Is(err, context.Canceled):
		j.State = Cancelled
	case errors.As(err, &refusal):
		j.State, j.Failure = Failed, refusal
	case err != nil:
		j.State, j.Failure = Failed, qms.Busy("import.failed")
		if s.log != nil {
			s.log.Error("import failed", "job", j.ID, "platform", j.Platform, "error", err)
		}
	case j.wrong() > 0:
		if j.State = Refused; j.Kind == OfRegisters {
			return
		}
	case dry:
		j.State = Ready
		return
	default:
		j.State = Done
	}
	j.drop()
}

func (j *job) wrong() int {
	switch {
	case j.Job.Registers != nil:
		return j.Job.Registers.Wrong
	case j.Job.Documents != nil:
		return j.Job.Documents.Wrong
	}
	return 0
}
