// Package scheduler runs the work that nobody asks for: maintenance at its hour.
//
// It promises that a job never runs twice at once in one process, that a job that fails or panics is
// logged and asked again at its next hour, and that Stop waits for what is running.
//
// It refuses to decide what is due: a tick only asks, and the job looks at the state. A tick that was
// missed, because the machine slept or the clock jumped, is therefore made up for by the next one.
package scheduler

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/robfig/cron/v3"

	"maillon/qms"
)

// Job is one piece of maintenance. At is a cron line with five fields, in UTC, which knows no spring
// hour to skip jobs in.
type Job struct {
	Name string
	At   string
	Run  func(ctx context.Context) error
}

// Scheduler runs jobs between Start and Stop.
type Scheduler struct {
	cron   *cron.Cron
	cancel context.CancelFunc
}

// Start begins to run the jobs, as Maillon itself. It refuses a cron line that cannot be read.
func Start(ctx context.Context, log *slog.Logger, jobs ...Job) (*Scheduler, error) {
	ctx, cancel := context.WithCancel(qms.WithActor(ctx, qms.System("scheduler")))
	s := &Scheduler{cron: cron.New(cron.WithLocation(qms.SystemClock().Location())), cancel: cancel}
	skip := cron.SkipIfStillRunning(cron.DiscardLogger)
	for _, job := range jobs {
		run := skip(cron.FuncJob(func() { job.run(ctx, log) }))
		if _, err := s.cron.AddJob(job.At, run); err != nil {
			cancel()
			return nil, fmt.Errorf("job %s: %w", job.Name, err)
		}
	}
	s.cron.Start()
	return s, nil
}

// Stop starts nothing more, tells what is running to end, and waits for it.
func (s *Scheduler) Stop() {
	running := s.cron.Stop()
	s.cancel()
	<-running.Done()
}

func (j Job) run(ctx context.Context, log *slog.Logger) {
	defer func() {
		if fault := recover(); fault != nil {
			log.ErrorContext(ctx, "job failed", "job", j.Name, "panic", fault)
		}
	}()
	if err := j.Run(ctx); err != nil {
		log.ErrorContext(ctx, "job failed", "job", j.Name, "error", err)
		return
	}
	log.DebugContext(ctx, "job done", "job", j.Name)
}
