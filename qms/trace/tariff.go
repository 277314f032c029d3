package trace

import (
	"encoding/json"
	"slices"
	"strings"

	"maillon/qms"
)

// PriceList is what a platform charges from a day on, before tax, for each status of client. It ends
// on the day on which the next one begins, so that periods touch and never overlap. A draft may
// change; a published list never does: the next one replaces it, or it is void with the reason.
type PriceList struct {
	qms.Row
	Number        string // TAR-2026-0001
	Title         string
	EffectiveFrom qms.Date // the first day on which it is in force
	State         PriceState
	Remark        string
	Mention       string // why lines are not subject to VAT, in the words of the law
	Statuses      string // the statuses of clients that it has prices for; ClientStatuses reads them
	Lines         string // Items reads them
	Size          int64  // how many lines
	CopiedFrom    string // number of the list that it began as a copy of
	PublishedBy   qms.ID
	PublishedOn   qms.Date
	Void          string
}

// PriceState is where a price list stands.
type PriceState string

// The states of a price list.
const (
	PriceDraft     PriceState = "draft"
	PricePublished PriceState = "published"
)

// PriceLine is one thing that a platform sells.
type PriceLine struct {
	Code     string               `json:"code"` // unique in its list, upper case
	Label    string               `json:"label"`
	English  string               `json:"english,omitempty"`
	Category string               `json:"category,omitempty"`
	Unit     string               `json:"unit"` // one of Units, or another word
	VAT      VAT                  `json:"vat"`
	Prices   map[string]qms.Money `json:"prices"` // before tax, by status of client; not sold to a status without one
}

// In is the label in a language: the French one where there is no other.
func (l PriceLine) In(language string) string { return inLanguage(language, l.Label, l.English) }

func inLanguage(language, french, english string) string {
	if language == "en" && english != "" {
		return english
	}
	return french
}

// VAT is a rate in hundredths of percent: 2000 is 20 %.
type VAT int64

// NotSubject is the rate of what is not subject to VAT; the list says why.
const NotSubject VAT = -1

// UsualVAT are the rates of France, highest first, and NotSubject.
func UsualVAT() []VAT { return []VAT{2000, 1000, 550, 210, 0, NotSubject} }

// ClientStatus is one status of clients, as a platform tells them apart.
type ClientStatus struct {
	Code    string `json:"code"` // as requests name it; lower case
	French  string `json:"french"`
	English string `json:"english,omitempty"`
}

// In is the word in a language: the French one where there is no other.
func (s ClientStatus) In(language string) string { return inLanguage(language, s.French, s.English) }

// DefaultStatuses are those of a platform that has not stated its own.
func DefaultStatuses() []ClientStatus {
	return []ClientStatus{{Internal, "Interne", "Internal"}, {Academic, "Académique", "Academic"}, {Industrial, "Industriel", "Industrial"}}
}

// StatusOf finds what a request or a heading states among the statuses: by code or by word, in any case.
func StatusOf(statuses []ClientStatus, stated string) (ClientStatus, bool) {
	stated = strings.TrimSpace(stated)
	for _, s := range statuses {
		if strings.EqualFold(s.Code, stated) || strings.EqualFold(s.French, stated) || strings.EqualFold(s.English, stated) && stated != "" {
			return s, true
		}
	}
	for _, s := range statuses {
		if s.Code == NormalStatus(stated) {
			return s, true
		}
	}
	return ClientStatus{}, false
}

// PriceSettings is how a platform sells. A platform without a row has the defaults.
type PriceSettings struct {
	qms.Row
	Public     bool   // its published lists are shown to anybody
	Statuses   string // ClientStatuses reads them
	Seller     string // name and address that quotes begin with; the platform's name when empty
	Conditions string // that a new quote begins with
	Mention    string // that a new list begins with
	ValidDays  int64  // how long a new quote may be accepted
}

// DefaultPriceSettings are those of a platform that has not stated its own.
func DefaultPriceSettings() PriceSettings {
	return PriceSettings{Statuses: writeJSON(DefaultStatuses()), ValidDays: 60}
}

// ClientStatuses are the platform's statuses, in its order.
func (s *PriceSettings) ClientStatuses() []ClientStatus { return readJSON[ClientStatus](s.Statuses) }

// ClientStatuses are the statuses that the list has prices for.
func (l *PriceList) ClientStatuses() []ClientStatus { return readJSON[ClientStatus](l.Statuses) }

// Items are the lines, in their order.
func (l *PriceList) Items() []PriceLine { return readJSON[PriceLine](l.Lines) }

// Item finds a line by its code.
func (l *PriceList) Item(code string) (PriceLine, bool) {
	items := l.Items()
	i := slices.IndexFunc(items, func(line PriceLine) bool { return line.Code == code })
	if i < 0 {
		return PriceLine{}, false
	}
	return items[i], true
}

// ByCategory are the lines of one category after the other, in the order in which each first comes.
func ByCategory(lines []PriceLine) (names []string, of map[string][]PriceLine) {
	of = map[string][]PriceLine{}
	for _, l := range lines {
		if _, known := of[l.Category]; !known {
			names = append(names, l.Category)
		}
		of[l.Category] = append(of[l.Category], l)
	}
	return names, of
}

// counts reports whether the list takes part in what is in force.
func (l *PriceList) counts() bool { return l.State == PricePublished && l.Void == "" }

// Periods are the days on which each published list is in force, by its number: from its day until
// the day of the next one. On any day at most one of them holds, and from the first day on exactly one.
func Periods(lists []PriceList) map[string]qms.Period {
	var counting []*PriceList
	for i := range lists {
		if lists[i].counts() {
			counting = append(counting, &lists[i])
		}
	}
	slices.SortFunc(counting, func(a, b *PriceList) int { return int(a.EffectiveFrom - b.EffectiveFrom) })
	periods := make(map[string]qms.Period, len(counting))
	for i, l := range counting {
		p := qms.Period{From: l.EffectiveFrom}
		if i+1 < len(counting) {
			p.Until = counting[i+1].EffectiveFrom
		}
		periods[l.Number] = p
	}
	return periods
}

// Standing is the word for a list on a day: "draft", "withdrawn" when void, "effective", "approved"
// while its day has not come, "superseded" once the next one began.
func (l *PriceList) Standing(period qms.Period, on qms.Date) string {
	switch {
	case l.Void != "":
		return "withdrawn"
	case l.State == PriceDraft:
		return "draft"
	case period.Contains(on):
		return "effective"
	case on < l.EffectiveFrom:
		return "approved"
	}
	return "superseded"
}

// PriceChange is what differs between two lists for one code: a line that one of them has not, or two
// that differ.
type PriceChange struct {
	Code   string
	Before *PriceLine // nil when it is new
	After  *PriceLine // nil when it is gone
}

// ComparePrices lists what differs from one list to the other: what is gone in the order of the one,
// then what is new or changed in the order of the other.
func ComparePrices(before, after []PriceLine) []PriceChange {
	was, is := byCode(before), byCode(after)
	var changes []PriceChange
	for i, l := range before {
		if is[l.Code] == nil {
			changes = append(changes, PriceChange{l.Code, &before[i], nil})
		}
	}
	for i, l := range after {
		if old := was[l.Code]; old == nil || writeJSON(*old) != writeJSON(l) {
			changes = append(changes, PriceChange{l.Code, old, &after[i]})
		}
	}
	return changes
}

func byCode(lines []PriceLine) map[string]*PriceLine {
	all := make(map[string]*PriceLine, len(lines))
	for i := range lines {
		all[lines[i].Code] = &lines[i]
	}
	return all
}

// writeJSON is the one form in which lists are kept in a row.
func writeJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs of texts and numbers
	}
	return string(text)
}

// readJSON reads what writeJSON wrote. What is not readable any more is nothing: the verification of
// the trail names it.
func readJSON[T any](text string) []T {
	var all []T
	if text == "" || json.Unmarshal([]byte(text), &all) != nil {
		return nil
	}
	return all
}
