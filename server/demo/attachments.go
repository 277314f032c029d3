package demo

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/trace"
)

// attachments plans the files that stand behind sessions, deliverables, the label of another body and an
// evaluation: who reads of these in a pack finds them in its archive.
func (y *year) attachments(micro, spectro qms.ID) {
	y.on(41, 2, func(ctx context.Context) error {
		labels, err := y.h.Label.OtherLabels(ctx, micro)
		for _, l := range labels {
			if err == nil {
				err = y.proven(ctx, micro, trace.OfOtherLabel, l.ID, "certificat-"+l.Number+".txt")
			}
		}
		return err
	})
	for _, day := range []int{120, 300} {
		y.on(day, 2, func(ctx context.Context) error { return y.followed(ctx, micro) })
	}
	y.on(173, 10, func(ctx context.Context) error {
		missions, err := y.h.Label.Missions(ctx, spectro, label.MissionFilter{}, qms.Cursor{})
		for _, m := range missions.Items {
			if err == nil {
				err = y.proven(ctx, spectro, trace.OfMission, m.ID, "feuille-de-presence-"+m.Number+".txt")
			}
		}
		return err
	})
}

// followed adds the attendance list of the last session that was held, and what was brought for the last
// deliverable that was accepted.
func (y *year) followed(ctx context.Context, platform qms.ID) error {
	held, err := y.h.Label.Meetings(ctx, platform, label.MeetingFilter{State: label.Held}, qms.Cursor{Size: 1})
	if err != nil {
		return err
	}
	for _, m := range held.Items {
		if err := y.proven(ctx, platform, trace.OfMeeting, m.ID, "feuille-de-presence-"+m.Number+".txt"); err != nil {
			return err
		}
	}
	asked, err := y.h.Label.Deliverables(ctx, platform, label.DeliverableFilter{Newest: true}, qms.Cursor{Size: qms.MaxPageSize})
	if err != nil {
		return err
	}
	for _, d := range asked.Page.Items {
		if d.State == label.Accepted {
			return y.proven(ctx, platform, trace.OfDeliverable, d.ID, "livrable-"+d.Number+".txt")
		}
	}
	return nil
}
