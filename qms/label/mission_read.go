package label

import "maillon/qms"

// MissionFilter narrows a list of missions.
type MissionFilter struct {
	Kind MissionKind
	Open bool     // only those that nothing is decided of
	AsOf qms.Date // opened by that day; none: all
}
