package web

import (
	"maillon/qms"
	"maillon/qms/trace"
)

// FailedOn is the day of the check that ended the calibration by finding it out of tolerance, none when it holds or
// ended by its term: "expired" would hide that what was measured before is to be looked at.
func (v PieceView) FailedOn() qms.Date { return failedOn(v.Piece) }

func failedOn(piece *trace.Piece) qms.Date {
	if !piece.Calibrated || piece.Calibration.Standing != trace.Expired {
		return 0
	}
	for _, c := range piece.Calibrations { // the latest first
		if c.Void == "" {
			if c.Outcome == trace.Nonconforming {
				return c.Date
			}
			return 0
		}
	}
	return 0
}
