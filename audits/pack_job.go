package audits

import (
	"context"
	"sync"
	"time"

	"maillon/audits/pack"
	"maillon/qms"
)

// The steps of a pack besides those of writing it.
const (
	StepWait   pack.Step = "wait"   // others are being made
	StepGather pack.Step = "gather" // reading the rooms
	StepCheck  pack.Step = "check"  // verifying the archive
	StepKeep   pack.Step = "keep"   // putting it into the vault
)

// PackSteps lists the steps in their order.
func PackSteps() []pack.Step {
	return []pack.Step{StepGather, pack.StepFacts, pack.StepPrint, pack.StepBind, pack.StepFiles, pack.StepWrite, StepCheck, StepKeep}
}

// Progress is how far the making of a pack is; Total is zero when it is not known.
type Progress struct {
	Step  pack.Step
	Done  int
	Total int

	Term       int  // how many servers began to make it, those aside that stopped in order
	Waits      bool // nobody is making it at the moment
	Cancelling bool // it is to be stopped
}

// atomicProgress is the latest progress, told on.
type atomicProgress struct {
	mu   sync.Mutex
	at   Progress
	tell pack.Progress
}

func (p *atomicProgress) store(step pack.Step, done, total int) {
	p.mu.Lock()
	p.at = Progress{Step: step, Done: done, Total: total}
	p.mu.Unlock()
	if p.tell != nil {
		p.tell(step, done, total)
	}
}

func (p *atomicProgress) load() Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}

// packsAtOnce bounds how many packs one server makes at a time; others wait for their turn.
const packsAtOnce = 2

// jobs are the packs being made by this server.
type jobs struct {
	mu     sync.Mutex
	all    map[qms.ID]*job
	turns  chan struct{}
	wait   sync.WaitGroup
	closed bool
	pulse  time.Duration // between two looks whether a pack is still to be made
	grace  time.Duration // see packGrace
}

type job struct {
	progress Progress
	cancel   context.CancelCauseFunc
}

func newJobs() *jobs {
	return &jobs{all: map[qms.ID]*job{}, turns: make(chan struct{}, packsAtOnce), pulse: packPulse, grace: packGrace}
}

// start runs work with the values of ctx, above all its actor, but not its end. After leave the work
// is run at once with a context that has ended, so that it lets go of the pack.
func (j *jobs) start(ctx context.Context, id qms.ID, work func(context.Context, pack.Progress)) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	one := &job{progress: Progress{Step: StepWait}, cancel: cancel}
	j.mu.Lock()
	j.all[id] = one
	if j.closed {
		cancel(errPackStopped)
	}
	j.wait.Add(1)
	j.mu.Unlock()
	go func() {
		defer j.wait.Done()
		defer j.end(id)
		select {
		case j.turns <- struct{}{}:
			defer func() { <-j.turns }()
		case <-ctx.Done():
		}
		work(ctx, func(step pack.Step, done, total int) {
			j.mu.Lock()
			one.progress = Progress{Step: step, Done: done, Total: total}
			j.mu.Unlock()
		})
	}()
}

func (j *jobs) end(id qms.ID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.all[id].cancel(nil)
	delete(j.all, id)
}

func (j *jobs) progress(id qms.ID) (Progress, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	one, ok := j.all[id]
	if !ok {
		return Progress{}, false
	}
	return one.progress, true
}

func (j *jobs) cancel(id qms.ID, why error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if one, ok := j.all[id]; ok {
		one.cancel(why)
	}
}

// leave tells all that is being made to let go, and what is begun later too.
func (j *jobs) leave() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
	for _, one := range j.all {
		one.cancel(errPackStopped)
	}
}

func (j *jobs) left() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.closed
}

func (j *jobs) close() {
	j.leave()
	j.wait.Wait()
}
