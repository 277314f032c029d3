package label

import (
	"context"
	_ "embed"
	"encoding/json"
	"sync"
)

// sampleFile is the sample of a referential that is shipped: our own words on the subjects that the
// programme publishes, not the official grid, which is not public.
//
//go:embed sample_referential.json
var sampleFile []byte

// Sample is the sample of a referential.
var Sample = sync.OnceValue(func() []CriterionText {
	var all []CriterionText
	if err := json.Unmarshal(sampleFile, &all); err != nil {
		panic("label: sample_referential.json: " + err.Error()) // a programmer's fault
	}
	return all
})

// ofSample reports whether most criteria have the wording of the shipped ones.
func ofSample(all []CriterionText) bool {
	ours := map[string]bool{}
	for _, t := range Sample() {
		ours[wordingOf(t)] = true
	}
	n := 0
	for _, t := range all {
		if ours[wordingOf(t)] {
			n++
		}
	}
	return n > 0 && 2*n > len(all)
}

func wordingOf(t CriterionText) string {
	var c Criterion
	c.state(t)
	return c.Wording
}

// TakeSample opens a draft with the shipped sample, under a name and a note in the words of who asks.
func (s *Service) TakeSample(ctx context.Context, name, note string) (*Referential, error) {
	return s.OpenReferential(ctx, OpenReferential{Name: name, Note: note, Criteria: Sample()})
}
