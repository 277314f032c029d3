package documents

import (
	"slices"

	"maillon/qms"
)

// Trouble is one thing that is wrong with the documents of a process, and how often.
type Trouble string

// The troubles, in the order they are told.
const (
	ReviewsLate    Trouble = "reviews-late"     // periodic reviews passed
	UnknownLinks   Trouble = "unknown-links"    // codes cited that no document has
	ObsoleteLinks  Trouble = "obsolete-links"   // documents cited that are superseded or withdrawn
	DraftsLong     Trouble = "drafts-long"      // open for more than LongDays
	FilesMissing   Trouble = "files-missing"    // in force without a file
	NothingInForce Trouble = "nothing-in-force" // a process none of whose documents is in force
	SheetMissing   Trouble = "sheet-missing"    // no process sheet in force (ISO 9001, clause 4.4.2)
	RuleMissing    Trouble = "procedure-missing"
	OwnerMissing   Trouble = "owner-missing"
	PurposeMissing Trouble = "purpose-missing"
)

// Finding is a trouble and how many documents or links have it; 1 where it is about the process.
type Finding struct {
	Trouble Trouble
	Count   int
}

// ProcessCard is one process of the map with its documents and what is wrong with them.
type ProcessCard struct {
	Process
	OwnerName string
	Documents []*Charted // by level and code, those withdrawn for good left out
	InForce   int
	Findings  []Finding
}

// Band is one band of the process map.
type Band struct {
	Type      ProcessType
	Processes []ProcessCard
}

// ProcessMap is the platform's documentary home as of a day.
type ProcessMap struct {
	AsOf    qms.Date
	Bands   []Band        // management, core, support: always all three
	Others  []ProcessCard // processes that nobody has placed yet
	Retired []ProcessCard
	Without ProcessCard // the documents of no process
}

// Map arranges the chart by processes.
func (c *Chart) Map() *ProcessMap {
	m := &ProcessMap{AsOf: c.AsOf, Without: c.Card("")}
	for _, t := range ProcessTypes() {
		m.Bands = append(m.Bands, Band{Type: t})
	}
	processes := slices.Clone(c.Processes)
	slices.SortFunc(processes, inOrder)
	for _, p := range processes {
		card := c.Card(p.Code)
		switch {
		case p.RetiredBy(c.AsOf):
			m.Retired = append(m.Retired, card)
		case p.Type == Unplaced:
			m.Others = append(m.Others, card)
		default:
			m.Bands[p.Type.rank()].Processes = append(m.Bands[p.Type.rank()].Processes, card)
		}
	}
	return m
}

// Card is the process with the code, or the documents of no process for "".
func (c *Chart) Card(code string) ProcessCard {
	card := ProcessCard{Process: Process{Code: code}}
	if i := slices.IndexFunc(c.Processes, func(p Process) bool { return p.Code == code }); i >= 0 {
		card.Process = c.Processes[i]
	}
	card.OwnerName = c.Names[card.Owner]
	for _, level := range Levels() {
		for i := range c.Documents {
			if d := &c.Documents[i]; d.Process == code && d.Level == level && d.State != Withdrawn {
				card.Documents = append(card.Documents, d)
			}
		}
	}
	card.find()
	return card
}

// At are the documents of one level.
func (c *ProcessCard) At(level Level) (at []*Charted) {
	for _, d := range c.Documents {
		if d.Level == level {
			at = append(at, d)
		}
	}
	return at
}

// find says what is wrong with the process and its documents.
func (c *ProcessCard) find() {
	count := map[Trouble]int{}
	has := map[Level]bool{}
	for _, d := range c.Documents {
		if d.InForce {
			c.InForce++
			has[d.Level] = true
		}
		for trouble, n := range map[Trouble]int{ReviewsLate: counted(d.Late), UnknownLinks: d.Unknown, ObsoleteLinks: d.Expired, DraftsLong: counted(d.Long), FilesMissing: counted(d.NoFile)} {
			count[trouble] += n
		}
	}
	if c.Code != "" && c.RetiredOn == 0 {
		count[NothingInForce] = counted(c.InForce == 0)
		count[SheetMissing] = counted(c.InForce > 0 && !has[LevelProcess])
		count[RuleMissing] = counted(c.InForce > 0 && !has[LevelProcedure])
		count[OwnerMissing], count[PurposeMissing] = counted(c.Owner == ""), counted(c.Purpose == "")
	}
	for _, t := range []Trouble{ReviewsLate, UnknownLinks, ObsoleteLinks, DraftsLong, FilesMissing, NothingInForce, SheetMissing, RuleMissing, OwnerMissing, PurposeMissing} {
		if count[t] > 0 {
			c.Findings = append(c.Findings, Finding{t, count[t]})
		}
	}
}

// counted is 1 for what holds.
func counted(holds bool) int {
	if holds {
		return 1
	}
	return 0
}
