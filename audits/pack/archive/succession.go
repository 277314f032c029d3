package archive

import (
	"errors"
	"io"
	"slices"

	"maillon/qms"
	"maillon/qms/trail"
)

// HistoryName is the file with the statements by which each key of the site took over from the one before,
// six lines each, see trail.ParseSuccession. A pack may have none: it then proves its own key alone.
const HistoryName = "keys/history.txt"

// succession reads the statements of the keys. Their last key is the one that signed the pack.
func (e *examination) succession() error {
	at := slices.IndexFunc(e.pack.entries, func(one entry) bool { return one.name == HistoryName })
	if at < 0 || e.verifier == nil {
		return nil
	}
	one := e.pack.entries[at]
	if one.size > maxSmall {
		e.wrong(KindKey, HistoryName, qms.Invalid("pack.file_too_large", HistoryName))
		return nil
	}
	data := make([]byte, one.size)
	if _, err := io.ReadFull(e.pack.section(one), data); err != nil {
		return err
	}
	keys, err := trail.ParseSuccession(data)
	switch {
	case err != nil:
		e.wrong(KindKey, HistoryName, qms.Invalid("pack.keys_refused", HistoryName))
		return nil
	case keys[len(keys)-1].Key.Line() != e.verifier.Line():
		e.wrong(KindKey, HistoryName, qms.Invalid("pack.keys_of_another", HistoryName))
		return nil
	}
	e.Keys = keys
	e.sound(KindKey, HistoryName, "verify.keys_sound", len(keys))
	return nil
}

// leads reports why the keys of the pack do not lead from that key to the one that signed it; nil when they
// do, or when it is the same. Lost is the sentence for a key that was lost on the way, other the one for a
// key that has nothing to do with it.
func (r Report) leads(from string, lost, other *qms.Error) error {
	err := r.Keys.LeadsByPrint(from, r.KeyFingerprint)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, trail.ErrNewBeginning):
		return lost
	}
	return other
}
