package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"maillon/documents/rendition"
	"maillon/qms"
	"maillon/qms/aside"
)

// hostName is what this machine is called.
func hostName() string {
	name, err := os.Hostname()
	if err != nil {
		return "maillon"
	}
	return name
}

// holderOf names the process that has the room among those that hold work; empty when it has none.
func holderOf(room *aside.Room) string {
	if room == nil {
		return ""
	}
	return called(room.Name)
}

// called names a process of this machine by its room, which no other ever had.
func called(room string) string { return hostName() + " " + room }

// bury lets go of what processes held that were found dead when this one entered its room, so that nobody
// waits for their leases to pass.
func (h *House) bury(ctx context.Context, room *aside.Room) error {
	if room == nil {
		return nil
	}
	if room.Left != nil {
		h.log.WarnContext(ctx, "could not remove what a dead process kept aside", "error", room.Left)
	}
	return h.release(ctx, room.Gone)
}

// clearAside does the same for processes that died since: commands, other servers, and one whose end took
// longer than the start of this one.
func (h *House) clearAside(ctx context.Context) error {
	if h.room == nil {
		return nil
	}
	gone, err := aside.Clear(filepath.Dir(h.room.Path))
	return errors.Join(err, h.release(ctx, gone))
}

// release lets go of what the processes of these rooms held.
func (h *House) release(ctx context.Context, rooms []string) error {
	if len(rooms) == 0 {
		return nil
	}
	dead := make([]string, len(rooms))
	for i, name := range rooms {
		dead[i] = called(name)
		rendition.EndLeft(filepath.Join(filepath.Dir(h.room.Path), name))
	}
	h.log.InfoContext(ctx, "cleared what dead processes kept aside", "processes", dead)
	return h.Audits.ReleasePacks(qms.WithActor(ctx, qms.System("scheduler")), dead)
}

// takeUp goes on at once with the packs that nobody makes, rather than at the next full minute.
func (h *House) takeUp(ctx context.Context) error {
	return h.Audits.TendPacks(qms.WithActor(context.WithoutCancel(ctx), qms.System("scheduler")))
}
