package label

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// gridInForce is the referential that holds on the day, as the rows of a grid.
func gridInForce(ctx context.Context, r store.Reader, day qms.Date) (title string, rows []MissionFinding, err error) {
	return "", nil, nil
}
