package audits

import (
	"context"
	"fmt"

	"maillon/audits/integrity"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/store"
)

// CheckSignatures tells the check of the site of every signature of a platform, readers' with them, and whether
// what each covers is still what was signed. Those under versions, which are many, are not held in memory.
func CheckSignatures(ctx context.Context, r store.Reader, platform qms.ID, each func(integrity.Signed)) error {
	f := SignatureFilter{Day: r.Today(), Readings: true}
	err := documents.EachSigned(ctx, r, platform, f.Day, true, func(s *documents.SignedContent) { each(checked("signatures", ofVersion(s))) })
	if err != nil {
		return err
	}
	for table, part := range map[string]func(context.Context, store.Reader, qms.ID, SignatureFilter) ([]Signature, error){
		"disposals": ofDisposals, "endorsements": ofRecords, "exercises": ofExercises} {
		some, err := part(ctx, r, platform, f)
		if err != nil {
			return err
		}
		for _, s := range some {
			each(checked(table, s))
		}
	}
	return nil
}

func checked(table string, s Signature) integrity.Signed {
	out := integrity.Signed{Table: table, Row: s.ID, Kind: s.Kind, Label: s.Label, Meaning: s.Meaning, Signatory: s.Name, At: s.At,
		Holds: s.State == SignatureHolds, Broken: s.State == SignatureBroken}
	for _, part := range s.Parts {
		out.Parts = append(out.Parts, fmt.Sprint(part))
	}
	return out
}
