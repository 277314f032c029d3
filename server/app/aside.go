package app

import (
	"context"
	"os"

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
	if len(room.Gone) == 0 {
		return nil
	}
	dead := make([]string, len(room.Gone))
	for i, name := range room.Gone {
		dead[i] = called(name)
	}
	h.log.InfoContext(ctx, "cleared what dead processes kept aside", "processes", dead)
	return h.Audits.ReleasePacks(qms.WithActor(ctx, qms.System("scheduler")), dead)
}

// takeUp goes on at once with the packs that nobody makes, rather than at the next full minute.
func (h *House) takeUp(ctx context.Context) error {
	return h.Audits.TendPacks(qms.WithActor(context.WithoutCancel(ctx), qms.System("scheduler")))
}
