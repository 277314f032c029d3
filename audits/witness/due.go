package witness

import (
	"context"
	"strconv"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// Dues is every alarm that stands over the trail of one of the platforms, of every platform and the site when
// none is named: due since it was found, until somebody settles it. An alarm over the trail of the site stands on
// the site's log, which is no platform. It wants no right: the caller has seen to it. It takes one statement.
func (s *Service) Dues(ctx context.Context, r store.Reader, platforms []qms.ID, _, until qms.Date) ([]qms.Due, error) {
	logs := make([]string, 0, len(platforms))
	for _, p := range platforms {
		logs = append(logs, trail.LogOf(p))
	}
	alarms, err := openAlarms(ctx, r, logs)
	var due []qms.Due
	for _, a := range alarms {
		on := r.DayOf(a.FoundAt)
		if on > until {
			continue
		}
		due = append(due, qms.Due{Key: "alarm:" + string(a.ID), Kind: "integrity", Platform: qms.ID(a.Log), Subject: a.ID, Title: strconv.FormatInt(a.KeptSize, 10),
			Form: "alarm", On: on, Parts: []string{"trail", "checkpoints"}, Revision: a.Revision})
	}
	return due, err
}
