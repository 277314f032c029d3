package trace

import "maillon/qms"

// Registers is what an import hands over: plain values as the registers state them. Codes and
// numbers may come in any case; people and equipment are named by code. Rows keep the order of
// their sheet, so that an error can point at the row.
type Registers struct {
	Equipment    []EquipmentRow
	Calibrations []CalibrationRow
	Requests     []RequestRow
	Quotes       []QuoteRow
	Reports      []ReportRow
	Invoices     []InvoiceRow
	Trainings    []TrainingRow
	Uses         []UseRow
}

// RequestRow is a line of the register of requests.
type RequestRow struct {
	Number       string
	Date         qms.Date
	Client       string
	ClientStatus string
	Subject      string
	ContactName  string
	ContactEmail string
	WishedOn     qms.Date
}

// QuoteRow is a line of the register of quotes.
type QuoteRow struct {
	Number     string
	Request    string
	Date       qms.Date
	AcceptedOn qms.Date
	RefusedOn  qms.Date
	Total      qms.Money
	ValidUntil qms.Date
}

// ReportRow is a line of the register of reports; Operator and Equipment are codes.
type ReportRow struct {
	Number             string
	Request            string
	Date               qms.Date
	AnalysedOn         qms.Date
	Operator           string
	Equipment          string
	Instruction        string
	InstructionVersion string
	DataPlace          string
	ReleasedBy         string // a code
	ReleasedOn         qms.Date
}

// InvoiceRow is a line of the register of invoices.
type InvoiceRow struct {
	Number  string
	Request string
	Quote   string
	Date    qms.Date
	Total   qms.Money

	External string
}

// EquipmentRow is a line of the list of equipment.
type EquipmentRow struct {
	Code         string
	Name         string
	Category     string
	Make         string
	Model        string
	Serial       string
	Place        string
	Commissioned qms.Date
	Retired      qms.Date
	Supplier     string
	Acquired     qms.Date
	Cost         qms.Money
	Inventory    string
	Funding      string
	Responsible  string // a person's code
	LifeYears    int64
	RenewalYear  int64
	RenewalCost  qms.Money
	Notes        string
}

// CalibrationRow is a line of the register of calibrations; Equipment is a code and Outcome the
// word of the register (see ParseOutcome).
type CalibrationRow struct {
	Equipment   string
	Date        qms.Date
	Months      qms.Months
	Outcome     string
	Certificate string
	Kind        CalibrationKind
	Provider    string
	Measure
}

// TrainingRow is a line of the register of trainings; Person, Equipment and Trainer are codes. With
// neither Months nor Through it holds for ever.
type TrainingRow struct {
	Person    string
	Equipment string
	Trainer   string
	Date      qms.Date
	Months    qms.Months
	Through   qms.Date

	Kind             TrainingKind
	Procedure        string // what was taught, with its version
	ProcedureVersion string
}

// UseRow is a line of the register of uses; Person and Equipment are codes.
type UseRow struct {
	Number    string
	Person    string
	Equipment string
	Date      qms.Date
	Minutes   int64
	Project   string
}

// Register names one of the registers of a batch.
type Register string

// The registers.
const (
	EquipmentRegister   Register = "equipment"
	CalibrationRegister Register = "calibrations"
	RequestRegister     Register = "requests"
	QuoteRegister       Register = "quotes"
	ReportRegister      Register = "reports"
	InvoiceRegister     Register = "invoices"
	TrainingRegister    Register = "trainings"
	UseRegister         Register = "uses"
)

// RowError is what is wrong with one field of one row of a batch. Field names the field of the row
// struct in lower case with underscores ("analysed_on"); Err is a *qms.Error for people.
type RowError struct {
	Register Register
	Row      int // index in the batch, from 0
	Field    string
	Err      *qms.Error
}

// BatchError is everything that is wrong with a batch, in the order of its registers and rows.
type BatchError struct {
	Rows []RowError
}

// Error is for logs.
func (e *BatchError) Error() string {
	if len(e.Rows) == 0 {
		return "registers: no error"
	}
	return "registers: " + string(e.Rows[0].Register) + ": " + e.Rows[0].Field + ": " + e.Rows[0].Err.Error()
}

// Unwrap lets qms.CodeOf see that the input is wrong.
func (e *BatchError) Unwrap() error { return qms.Invalid("registers.invalid", len(e.Rows)) }

// Taken counts what an import did.
type Taken struct {
	Added   int
	Changed int
	Same    int
}

// Add sums two counts.
func (t Taken) Add(o Taken) Taken {
	return Taken{Added: t.Added + o.Added, Changed: t.Changed + o.Changed, Same: t.Same + o.Same}
}
