package documents

import (
	"cmp"
	"strings"

	"maillon/qms"
)

// Sort is a column that the master list can be sorted by.
type Sort string

// The sorts of the master list; a minus in front turns them round.
const (
	SortCode      Sort = "code"
	SortTitle     Sort = "title"
	SortState     Sort = "state"
	SortProcess   Sort = "process"
	SortEffective Sort = "effective"
	SortReview    Sort = "review"
)

// Filter narrows the master list; its zero fields do not.
type Filter struct {
	AsOf    qms.Date // today when zero
	State   State    // without one: what is not superseded, and withdrawn only what nothing follows
	Kind    string
	Process string
	Owner   qms.ID
	Late    bool   // periodic review passed
	Query   string // in code or title; case and accents aside
	Sort    string // a Sort, with a minus in front for the other way round; SortCode when empty
	Group   string // GroupProcess puts the lines of a process together, in the order asked for within each
	reach   reach  // of who asks; without one there is nothing but what is public

	corrected corrected // what the list puts back
}

// GroupProcess groups the master list by process, those of none last.
const GroupProcess = "process"

// Listed is one line of the master list: a version as it stood at the end of the day, called and
// classified as it was then. The days of effect are as known today, and so is whether there is a file.
type Listed struct {
	Document       qms.ID
	Version        qms.ID
	Code           string
	Title          string
	Kind           string
	Process        string
	Owner          qms.ID
	OwnerName      string
	Number         Number
	State          State
	TakenOver      bool
	HasContent     bool
	EffectiveFrom  qms.Date
	EffectiveUntil qms.Date
	ReviewOn       qms.Date // only of the version in force
	Late           bool     // the review was due before the day
	Soon           bool     // it is due within SoonDays
	TitleKey       string
}

// SoonDays is how long before its date a review is shown as coming.
const SoonDays = 30

// Counts are the figures over a master list.
type Counts struct {
	Documents int64
	ByState   map[State]int64 // versions, over the whole list as of the day; superseded ones only when asked for
	Late      int64
	Matching  int64 // lines that the filter keeps
}

// MasterList is one page of the list with what its filters offer.
type MasterList struct {
	qms.Page[Listed]
	AsOf      qms.Date
	Counts    Counts
	Kinds     []Kind
	Processes []Process
	Owners    []Person
}

// position is where a page ends: what the cursor says.
type position struct {
	Group, Key, Code string
	ID               qms.ID
}

// at is the position of a line in the list that f asks for.
func (f Filter) at(l Listed) position {
	sort, _, _ := f.order() //nolint:errcheck // an unknown sort lists nothing
	at := position{Key: l.key(sort), Code: l.Code, ID: l.Version}
	if f.Group != "" {
		at.Group = cmp.Or(l.Process, noProcess)
	}
	return at
}

// noProcess sorts documents of no process after every process: no code begins with it.
const noProcess = "~"

func (p position) cursor() string {
	return qms.EncodeAfter(p.Group, p.Key, p.Code, string(p.ID))
}

func parsePosition(s string) (*position, error) {
	parts, err := qms.DecodeAfter(s, 4)
	if err != nil || parts == nil {
		return nil, err
	}
	return &position{Group: parts[0], Key: parts[1], Code: parts[2], ID: qms.ID(parts[3])}, nil
}

// suits refuses a cursor of a list that was sorted otherwise.
func (p *position) suits(s Sort) error {
	if p == nil || s != SortEffective && s != SortReview {
		return nil
	}
	if _, err := qms.ParseDate(p.Key); err != nil {
		return qms.Invalid("cursor.malformed")
	}
	return nil
}

// tidied is the filter without what no database compares, as of today when it names no day.
func (f Filter) tidied(today qms.Date) Filter {
	if f.AsOf == 0 {
		f.AsOf = today
	}
	f.State, f.Kind, f.Process = State(tidy(string(f.State))), tidy(f.Kind), tidy(f.Process)
	f.Owner, f.Query = qms.ID(tidy(string(f.Owner))), tidy(f.Query)
	if f.Group != GroupProcess {
		f.Group = ""
	}
	return f
}

// order is the sort asked for, and whether it goes down.
func (f Filter) order() (Sort, bool, error) {
	name, down := strings.CutPrefix(f.Sort, "-")
	switch s := Sort(name); s {
	case "":
		return SortCode, down, nil
	case SortCode, SortTitle, SortState, SortProcess, SortEffective, SortReview:
		return s, down, nil
	}
	return "", false, qms.Invalid("sort.unknown", f.Sort)
}

// key is what the line is sorted by, as the query compares it.
func (l Listed) key(s Sort) string {
	switch s {
	case SortTitle:
		return l.TitleKey
	case SortState:
		return string(rank(l.State))
	case SortProcess:
		return l.Process
	case SortEffective:
		return orFirstDay(l.EffectiveFrom)
	case SortReview:
		return orFirstDay(l.ReviewOn)
	}
	return l.Code
}

func orFirstDay(d qms.Date) string {
	if d == 0 {
		return "0001-01-01"
	}
	return d.String()
}

// rank orders states by the version's life.
func rank(s State) byte {
	for i, state := range States() {
		if s == state {
			return byte('0' + i)
		}
	}
	return '9'
}
