package trace

import (
	"slices"
	"strings"

	"maillon/qms"
)

// Findings is the result of a full check of a platform as of a day. Its JSON has the keys and the
// order of `maillon exercise --full --json`; lists are sorted by number.
type Findings struct {
	AsOf      qms.Date       `json:"as_of"`
	Chains    ChainCounts    `json:"chains"`
	Defects   DefectCounts   `json:"defects"`
	Dangling  []string       `json:"dangling"` // S07, by the records' own numbers
	Broken    []BrokenChain  `json:"broken"`
	Open      []string       `json:"open"`
	Uses      UseCounts      `json:"uses"`
	Uncovered []UncoveredUse `json:"uncovered"`
	Also      []Check        `json:"also,omitempty"` // the checks of the settings that were made: S11, U04
}

// Makes reports whether the check was made: those of the settings are where they are asked for.
func (f *Findings) Makes(check Check) bool {
	return check != S11 && check != U04 || slices.Contains(f.Also, check)
}

// Times is how often the check fires: chains, records for S07, uses.
func (f *Findings) Times(check Check) int {
	switch check {
	case S07:
		return len(f.Dangling)
	case U01:
		return f.Uses.U01
	case U02:
		return f.Uses.U02
	case U03:
		return f.Uses.U03
	case U04:
		return f.Uses.U04
	}
	return f.Defects.Of(check)
}

// ChainCounts counts chains by state.
type ChainCounts struct {
	Total    int `json:"total"`
	Complete int `json:"complete"`
	Open     int `json:"open"`
	Broken   int `json:"broken"`
}

// DefectCounts counts the chains in which each check fires.
type DefectCounts struct {
	S01 int `json:"S01"`
	S02 int `json:"S02"`
	S03 int `json:"S03"`
	S04 int `json:"S04"`
	S05 int `json:"S05"`
	S06 int `json:"S06"`
	S08 int `json:"S08"`
	S09 int `json:"S09"`
	S10 int `json:"S10"`
	S11 int `json:"S11,omitempty"` // see Findings.Also
}

// BrokenChain is a chain in which checks fire.
type BrokenChain struct {
	Request string  `json:"request"`
	State   State   `json:"state"`
	Defects []Check `json:"defects"`
}

// UseCounts counts uses, and those that fire each check.
type UseCounts struct {
	Total int `json:"total"`
	U01   int `json:"U01"`
	U02   int `json:"U02"`
	U03   int `json:"U03"`
	U04   int `json:"U04,omitempty"` // see Findings.Also
}

// UncoveredUse is a use that no training covers, or none that counts (U04).
type UncoveredUse struct {
	Use    string `json:"use"`
	Defect Check  `json:"defect"`
}

func newFindings(g *Ground) *Findings {
	f := &Findings{AsOf: g.AsOf, Dangling: []string{}, Broken: []BrokenChain{}, Open: []string{}, Uncovered: []UncoveredUse{}}
	if g.Filed != nil {
		f.Also = append(f.Also, S11)
	}
	if g.Given != nil {
		f.Also = append(f.Also, U04)
	}
	return f
}

// Of is how many chains fire the check.
func (d DefectCounts) Of(check Check) int {
	if n := d.of(check); n != nil {
		return *n
	}
	return 0
}

func (d *DefectCounts) of(check Check) *int {
	switch check {
	case S01:
		return &d.S01
	case S02:
		return &d.S02
	case S03:
		return &d.S03
	case S04:
		return &d.S04
	case S05:
		return &d.S05
	case S06:
		return &d.S06
	case S08:
		return &d.S08
	case S09:
		return &d.S09
	case S10:
		return &d.S10
	case S11:
		return &d.S11
	}
	return nil
}

func (f *Findings) addChain(number string, v Verdict) {
	f.Chains.Total++
	switch v.State {
	case Complete:
		f.Chains.Complete++
		return
	case Open:
		f.Chains.Open++
		f.Open = append(f.Open, number)
		return
	}
	f.Chains.Broken++
	checks := make([]Check, 0, len(v.Fired))
	for _, fired := range v.Fired {
		checks = append(checks, fired.Check)
		*f.Defects.of(fired.Check)++
	}
	f.Broken = append(f.Broken, BrokenChain{Request: number, State: Broken, Defects: checks})
}

func (f *Findings) addUse(number string, check Check) {
	f.Uses.Total++
	switch check {
	case "":
		return
	case U01:
		f.Uses.U01++
	case U02:
		f.Uses.U02++
	case U03:
		f.Uses.U03++
	case U04:
		f.Uses.U04++
	}
	f.Uncovered = append(f.Uncovered, UncoveredUse{Use: number, Defect: check})
}

// sort puts the lists into the order of their numbers' bytes, whatever the engine's collation is.
func (f *Findings) sort() {
	slices.Sort(f.Dangling)
	slices.Sort(f.Open)
	slices.SortFunc(f.Broken, func(a, b BrokenChain) int { return strings.Compare(a.Request, b.Request) })
	slices.SortFunc(f.Uncovered, func(a, b UncoveredUse) int { return strings.Compare(a.Use, b.Use) })
}
