package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"maillon/qms"
)

func TestStart_RefusesACronLineThatCannotBeRead(t *testing.T) {
	t.Parallel()
	if _, err := Start(t.Context(), slog.New(slog.DiscardHandler), Job{Name: "sweep", At: "at noon"}); err == nil || !strings.Contains(err.Error(), "sweep") {
		t.Errorf("got %v", err)
	}
}

func TestStop_WaitsForTheJobAndTellsItToEnd(t *testing.T) {
	t.Parallel()
	running, ended := make(chan qms.Actor), make(chan error, 1)
	var once sync.Once
	s, err := Start(t.Context(), slog.New(slog.DiscardHandler), Job{Name: "wait", At: "@every 1s", Run: func(ctx context.Context) error {
		once.Do(func() {
			running <- qms.ActorFrom(ctx)
			<-ctx.Done()
			ended <- ctx.Err()
		})
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if actor := <-running; !actor.System || actor.Name != "scheduler" {
		t.Errorf("the job runs as %+v", actor)
	}
	s.Stop()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the job ended with %v", err)
		}
	default:
		t.Error("Stop returned while the job was running")
	}
}

func TestJob_LogsAFailureAndAPanic(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	log := slog.New(slog.NewTextHandler(&text, nil))
	Job{Name: "fail", Run: func(context.Context) error { return errors.New("no disk") }}.run(t.Context(), log)
	Job{Name: "fall", Run: func(context.Context) error { panic("no memory") }}.run(t.Context(), log)
	for _, part := range []string{"job=fail", "no disk", "job=fall", "no memory"} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("the log lacks %q: %s", part, text.String())
		}
	}
}
