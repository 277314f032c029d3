package importer

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"maillon/qms"
)

// JobKind is what a job imports.
type JobKind string

// The kinds of job.
const (
	OfRegisters JobKind = "registers"
	OfDocuments JobKind = "documents"
)

// JobState is where a job stands.
type JobState string

// The states of a job.
const (
	Checking  JobState = "checking"  // a dry run is under way
	Ready     JobState = "ready"     // nothing is wrong: it waits to be confirmed
	Refused   JobState = "refused"   // something is wrong
	Applying  JobState = "applying"  // it is being written
	Done      JobState = "done"      // it was written
	Failed    JobState = "failed"    // it could not be done
	Cancelled JobState = "cancelled" // somebody ended it
)

// Job is an import that somebody follows: a dry run, then, once it is confirmed, the import itself.
// This server keeps it in memory for some hours; what was written is in the trail for ever.
type Job struct {
	ID        string
	Kind      JobKind
	Platform  qms.ID
	By        string // name of who began it
	Names     []string
	State     JobState
	Stage     Stage
	Done      int64
	Total     int64
	Registers *RegistersResult // once it is known
	Documents *DocumentsResult
	Failure   *qms.Error // of a failed job
	Began     time.Time
	Changed   time.Time
}

// Running reports whether somebody has to wait.
func (j Job) Running() bool { return j.State == Checking || j.State == Applying }

// The bounds of jobs in memory.
const (
	jobLife       = 4 * time.Hour // after its last change
	maxJobs       = 200           // the oldest that do not run go first
	jobsAtOnce    = 2             // others wait for their turn
	shownProgress = 100 * time.Millisecond
)

// jobs are those of one server.
type jobs struct {
	mu     sync.Mutex
	all    map[string]*job
	turn   chan struct{}
	ended  sync.WaitGroup
	closed bool
}

type job struct {
	Job
	ctx     context.Context //nolint:containedctx // outlives the request that began it
	cancel  context.CancelFunc
	staging *Staging

	mappings []Mapping // how people said that sheets are read
}

func newJobs() *jobs { return &jobs{all: map[string]*job{}, turn: make(chan struct{}, jobsAtOnce)} }

// LogTo says where faults of jobs are logged; nowhere unless it is called.
func (s *Service) LogTo(log *slog.Logger) *Service {
	s.log = log
	return s
}

// runFor gives the job a context of its own, on behalf of who answers for it: it outlives the request.
func (j *job) runFor(actor qms.Actor) {
	j.ctx, j.cancel = context.WithCancel(qms.WithActor(context.Background(), actor)) //nolint:gosec // cancelled at its end
}

// Begin starts a dry run of what was staged, on the actor's behalf, and returns at once. The staging
// is the job's from then on, also when it is refused.
func (s *Service) Begin(ctx context.Context, platform qms.ID, kind JobKind, staging *Staging) (Job, error) {
	actor := qms.ActorFrom(ctx)
	if err := qms.Authorise(actor, qms.ImportRegisters.On(platform)); err != nil {
		return Job{}, errors.Join(err, staging.Close())
	}
	if len(staging.names) == 0 {
		return Job{}, errors.Join(qms.InvalidFields(qms.Wrong("files", "import.no_file")), staging.Close())
	}
	now := s.db.Now()
	j := &job{staging: staging, Job: Job{ID: strings.ToLower(rand.Text()), Kind: kind, Platform: platform, By: actor.Name,
		Names: staging.Names(), State: Checking, Began: now, Changed: now}}
	j.runFor(actor)
	if err := s.jobs.add(j, now); err != nil {
		return Job{}, errors.Join(err, staging.Close())
	}
	begun := j.Job // before it runs: from then on it changes under the lock
	s.run(j, true)
	return begun, nil
}

// add keeps a job and forgets old ones.
func (js *jobs) add(j *job, now time.Time) error {
	js.mu.Lock()
	defer js.mu.Unlock()
	if js.closed {
		return qms.Busy("import.stopping")
	}
	js.all[j.ID] = j
	byAge := make([]*job, 0, len(js.all))
	for _, other := range js.all {
		byAge = append(byAge, other)
	}
	slices.SortFunc(byAge, func(a, b *job) int { return a.Changed.Compare(b.Changed) })
	for i, old := range byAge {
		if !old.Running() && (now.Sub(old.Changed) > jobLife || len(byAge)-i > maxJobs) {
			old.drop()
			delete(js.all, old.ID)
		}
	}
	return nil
}

// drop takes the files of a job away.
func (j *job) drop() {
	j.cancel()
	if j.staging != nil {
		_ = j.staging.Close() // a folder for temporary files, which the system clears too
		j.staging = nil
	}
}

// Confirm writes what a job that is ready has shown.
func (s *Service) Confirm(ctx context.Context, platform qms.ID, id string) (Job, error) {
	if _, err := s.JobByID(ctx, platform, id); err != nil {
		return Job{}, err
	}
	s.jobs.mu.Lock()
	j := s.jobs.all[id]
	if j == nil || j.State != Ready || s.jobs.closed {
		s.jobs.mu.Unlock()
		return Job{}, qms.Conflict("import.not_ready")
	}
	actor := qms.ActorFrom(ctx) // who confirms answers for it
	j.cancel()
	j.runFor(actor)
	j.State, j.Changed, j.By = Applying, s.db.Now(), actor.Name
	shown := j.Job
	s.jobs.mu.Unlock()
	s.run(j, false)
	return shown, nil
}

// CancelJob ends a job; what it was writing is undone.
func (s *Service) CancelJob(ctx context.Context, platform qms.ID, id string) (Job, error) {
	if _, err := s.JobByID(ctx, platform, id); err != nil {
		return Job{}, err
	}
	s.jobs.mu.Lock()
	defer s.jobs.mu.Unlock()
	j := s.jobs.all[id]
	switch {
	case j == nil:
		return Job{}, qms.NotFound("import.not_found")
	case j.State == Done || j.State == Cancelled:
		return j.Job, nil
	case j.Running():
		j.cancel() // run says how it ended
	default:
		j.State, j.Changed = Cancelled, s.db.Now()
		j.drop()
	}
	return j.Job, nil
}

// JobByID is one job of the platform.
func (s *Service) JobByID(ctx context.Context, platform qms.ID, id string) (Job, error) {
	if err := qms.Authorise(qms.ActorFrom(ctx), qms.ImportRegisters.On(platform)); err != nil {
		return Job{}, err
	}
	s.jobs.mu.Lock()
	defer s.jobs.mu.Unlock()
	j := s.jobs.all[id]
	if j == nil || j.Platform != platform {
		return Job{}, qms.NotFound("import.not_found")
	}
	return j.Job, nil
}

// Jobs lists the jobs of the platform that this server remembers, the newest first.
func (s *Service) Jobs(ctx context.Context, platform qms.ID) ([]Job, error) {
	if err := qms.Authorise(qms.ActorFrom(ctx), qms.ImportRegisters.On(platform)); err != nil {
		return nil, err
	}
	s.jobs.mu.Lock()
	defer s.jobs.mu.Unlock()
	var all []Job
	for _, j := range s.jobs.all {
		if j.Platform == platform {
			all = append(all, j.Job)
		}
	}
	slices.SortFunc(all, func(a, b Job) int { return b.Began.Compare(a.Began) })
	return all, nil
}

// Close ends the jobs under way, waits for them and takes their files away.
func (s *Service) Close() {
	s.jobs.mu.Lock()
	s.jobs.closed = true
	for _, j := range s.jobs.all {
		j.cancel()
	}
	s.jobs.mu.Unlock()
	s.jobs.ended.Wait()
	s.jobs.mu.Lock()
	defer s.jobs.mu.Unlock()
	for _, j := range s.jobs.all {
		j.drop()
	}
}
