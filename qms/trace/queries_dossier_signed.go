package trace

import (
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// signatureRow is a signature that released a report of the chain, among the rows of a dossier.
const signatureRow = ofChain + 6

// signaturesOf are the signatures that released reports of the chain, and whether an act on the trail changed
// the report since. See store.Endorsed.
func signaturesOf(platform qms.ID, engine store.Engine) part {
	at := "signed_at"
	if engine == store.PostgreSQL {
		at = `to_char(signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00:00"')`
	}
	return part{signatureRow, map[int]string{1: "id", 2: "revision", 3: "label", 4: "subject", 5: "person", 6: "CAST(signed_on AS TEXT)",
		7: `CAST(CASE WHEN ` + store.ChangedSince + ` THEN 1 ELSE 0 END AS BIGINT)`,
		8: at, 9: "kind", 10: "meaning", 11: "digest", 12: "name", 13: "zone"},
		`FROM endorsements AS e WHERE platform = ? AND kind = ? AND subject IN (SELECT id FROM reports WHERE platform = ? AND request = (SELECT request FROM target))`,
		[]any{platform, SignedRelease, platform}}
}

func (w *whole) addSignature(s *scanner, row qms.Row) {
	e := store.Endorsed{Since: s.integer(totalColumn) != 0, Endorsement: qms.Endorsement{Row: row, Label: s.text(3), Subject: qms.ID(s.text(4)), Person: qms.ID(s.text(5)),
		SignedOn: s.date(6), Kind: s.text(9), Meaning: qms.Meaning(s.text(10)), Digest: s.text(11), Name: s.text(12), Zone: s.text(13)}}
	if err := store.Instant(&e.SignedAt).Scan(s.values[8]); err != nil {
		s.fail(8)
	}
	w.signed = append(w.signed, e)
}

// signedBy are the signatures that were given by the day, the newest first.
func (w *whole) signedBy(day qms.Date) []store.Endorsed {
	given := slices.DeleteFunc(w.signed, func(e store.Endorsed) bool { return e.SignedOn > day })
	slices.SortFunc(given, func(a, b store.Endorsed) int { return b.SignedAt.Compare(a.SignedAt) })
	return given
}
