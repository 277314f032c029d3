package trace

import (
	"strings"

	"maillon/qms"
)

// Request is what a client asks of the platform: the beginning of a service chain.
type Request struct {
	qms.Row
	Number       string // unique on the platform, upper case
	Date         qms.Date
	Client       string
	ClientStatus string // "internal", "academic", "industrial", or what the register states
	Subject      string
	Samples      string // samples or material received, and what became of them

	Feasible   string // "yes", "no", or empty while the request is not reviewed
	ReviewedBy qms.ID
	ReviewedOn qms.Date
	ReviewNote string

	ContactName  string   `trail:"digest"` // who asks, on behalf of the client
	ContactEmail string   `trail:"digest"`
	Description  string   // what is asked for, in as many words as it takes
	WishedOn     qms.Date // the day by which the client would like the result
	Origin       Origin   // how it came
	Submission   qms.ID   // what was sent by the public form, when it came by it

	ClosedOn     qms.Date // the day on which it ended without a report; none while it goes on
	ClosedAs     Ending
	ClosedReason string

	Void string // why the record is a mistake; empty for a record that counts
}

// Origin is how a request came.
type Origin string

// The origins; requests recorded before it was kept have none.
const (
	ByHand     Origin = "hand"
	ByForm     Origin = "form"
	ByRegister Origin = "import"
)

// Ending is how a request ended without a report.
type Ending string

// The endings. ending.ENDING names each in qms/locale.
const (
	Infeasible Ending = "infeasible" // the platform cannot do it
	Cancelled  Ending = "cancelled"  // the client no longer asks for it
	Elsewhere  Ending = "elsewhere"  // it went to another platform
)

// Endings lists how a request may end without a report.
func Endings() []Ending { return []Ending{Infeasible, Cancelled, Elsewhere} }

// Closed reports whether the request had ended without a report by the day.
func (r Request) Closed(day qms.Date) bool { return r.ClosedOn != 0 && r.ClosedOn <= day }

// The outcomes of the review of a request (ISO 9001, 8.2.3).
const (
	Feasible    = "yes"
	NotFeasible = "no"
)

// Quote answers a request with a price before tax. It is accepted, refused, or neither yet.
type Quote struct {
	qms.Row
	Number     string
	Request    string // number of the request as stated; it may not exist (S07)
	Date       qms.Date
	Total      qms.Money // before tax
	ValidUntil qms.Date  // last day to accept it; none when it is not stated
	AcceptedOn qms.Date
	RefusedOn  qms.Date
	PriceList  string // number of the list that its lines come from
	Lines      string // Items reads them; empty for a quote of a total alone
	Mention    string // why lines are not subject to VAT
	Conditions string
	Void       string
}

// Report states an analysis: who did it, when, on what equipment, by what work instruction.
type Report struct {
	qms.Row
	Number             string
	Request            string
	Date               qms.Date
	AnalysedOn         qms.Date
	Operator           qms.ID // a person
	Equipment          qms.ID
	Instruction        string   // code of the work instruction as stated
	InstructionVersion string   // "2.0"
	DataPlace          string   // where the data are
	ReleasedBy         qms.ID   // who authorised the release (ISO 9001, 8.6)
	ReleasedOn         qms.Date // the day of the release; none when only the person is stated
	Void               string
}

// Invoice closes a chain. It may name the quote it bills.
type Invoice struct {
	qms.Row
	Number   string
	Request  string
	Quote    string // number as stated, empty when none is named
	Date     qms.Date
	Total    qms.Money // before tax
	External string    // its number with those who keep the accounts; unique on the platform when stated
	Void     string
}

// Stage is a kind of record of the service chain.
type Stage string

// The stages, upstream first.
const (
	StageRequest Stage = "request"
	StageQuote   Stage = "quote"
	StageReport  Stage = "report"
	StageInvoice Stage = "invoice"
	StageSample  Stage = "sample" // no stage of its own: what a dossier may be entered from as well
)

// Normal is the form in which codes and numbers are kept and compared: upper case, no spaces around.
func Normal(code string) string { return strings.ToUpper(strings.TrimSpace(askable(code))) }

// askable is s as a database can be asked for it: what no database keeps (NUL, broken UTF-8) becomes
// the character that stands for the unreadable, so that the question finds nothing.
func askable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// NormalVersion is the form of a version of a document: "1" and "1.0" name the same one.
func NormalVersion(v string) string {
	v = strings.TrimPrefix(Normal(v), "V")
	if v == "" || strings.Contains(v, ".") {
		return v
	}
	return v + ".0"
}

// Statuses of clients that registers state in many words.
const (
	Internal   = "internal"
	Academic   = "academic"
	Industrial = "industrial"
)

// NormalStatus is the status of a client in the words of the code where it is one of the usual ones
// in French or English, else as stated.
func NormalStatus(s string) string {
	switch strings.ToLower(s) {
	case "interne", "internal":
		return Internal
	case "académique", "academique", "academic":
		return Academic
	case "industriel", "industrielle", "industrial", "privé", "private":
		return Industrial
	}
	return s
}
