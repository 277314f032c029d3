package app

import (
	"time"

	"maillon/audits/witness"
)

// witnessBy makes the room that keeps checkpoints and keys, with the time-stamp authority of the settings.
func (h *House) witnessBy(s Settings, zone *time.Location) (err error) {
	options := witness.Options{Key: h.Key, Morning: morning, Zone: zone, Log: h.log}
	if s.TSA != "" {
		if options.Authority, err = witness.NewAuthority(s.TSA, s.TSARoots); err != nil {
			return err
		}
	}
	h.Witness = witness.New(h.DB, options)
	return nil
}
