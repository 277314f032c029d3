package app

import "maillon/scheduler"

// maintenance is what runs by itself, at night in Europe.
func (h *House) maintenance() []scheduler.Job {
	return []scheduler.Job{
		{Name: "sweep the vault", At: "30 2 * * *", Run: h.Sweep},
		{Name: "make renditions", At: "*/2 * * * *", Run: h.Documents.MakeRenditions},
		{Name: "keep checkpoints", At: "*/5 * * * *", Run: h.Witness.Tick}, // what is on record decides
		{Name: "remind", At: "*/5 * * * *", Run: h.Reminders.Tick},         // it only asks: what was done decides
		{Name: "scrub", At: "*/10 * * * *", Run: h.Scrubs.Tick},            // the same
		{Name: "hold contents", At: "*/5 * * * *", Run: h.Scrubs.HoldContents},
		{Name: "prolong holds", At: "40 3 * * *", Run: h.Scrubs.ProlongHolds},
		{Name: "clear what the dead kept aside", At: "*/10 * * * *", Run: h.clearAside},
		{Name: "tend packs", At: "* * * * *", Run: h.Audits.TendPacks},
		{Name: "note what auditors opened", At: "* * * * *", Run: h.Auditors.Flush},
		{Name: "write again after a change of key", At: "*/5 * * * *", Run: h.renewInvitations}, // what is on record decides
	}
}
