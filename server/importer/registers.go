package importer

import (
	"strconv"
	"strings"

	"maillon/documents"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// Registers is what a workbook or CSV files say, ready to be handed to the rooms, and everything
// that could not be read.
type Registers struct {
	Sheets     []*Sheet
	People     []people.MemberRow
	Procedures []documents.Stated
	Trace      trace.Registers
	Problems   []Problem // at most maxProblems of each sheet
	Wrong      int       // how many problems there are in all
	Warnings   []Problem // what is odd and no obstacle, at most maxProblems of each sheet
	Warned     int       // how many warnings there are in all

	mapping []mapped
	places  map[Kind][]place
	seen    map[Kind]map[string]place
	lost    map[string]bool // codes of persons and equipment whose own line cannot be read
}

// place is where a line stands.
type place struct{ sheet, row int32 }

func newRegisters() *Registers {
	return &Registers{places: map[Kind][]place{}, seen: map[Kind]map[string]place{}, lost: map[string]bool{}}
}

func (r *Registers) report(p Problem, keep bool) {
	r.Wrong++
	if keep {
		r.Problems = append(r.Problems, p)
	}
}

// sheet begins a sheet; push its rows and end it.
func (r *Registers) sheet(name string, rules dateRules) *sheetReader {
	s := &sheetReader{Sheet: Sheet{Name: name}, into: r, index: int32(len(r.Sheets)), rules: rules}
	r.Sheets = append(r.Sheets, &s.Sheet)
	return s
}

// Lines counts the lines that were read and are handed over.
func (r *Registers) Lines() int {
	n := 0
	for _, p := range r.places {
		n += len(p)
	}
	return n
}

// recognised reports whether any sheet is a register.
func (r *Registers) recognised() bool {
	for _, s := range r.Sheets {
		if s.Kind != "" {
			return true
		}
	}
	return false
}

// unknown says of each sheet which headings were found instead of a register's.
func (r *Registers) unknown() {
	for _, s := range r.Sheets {
		if s.Asks() {
			r.report(Problem{Sheet: s.Name, Row: s.Top[0].Row, Found: shown(strings.Join(s.Top[0].Cells, ", ")), Key: "import.sheet_unknown", Expected: "import.expected.headings"}, true)
		}
	}
}

// empty reports whether no register has a line.
func (r *Registers) empty() bool {
	for _, s := range r.Sheets {
		if s.Lines > 0 && s.Kind != "" {
			return false
		}
	}
	return true
}

// keep notes where the line stands, when it can be handed over: not when something in it is wrong,
// nor when its key was met before.
func (l *line) keep(kind Kind, field, key string) bool {
	into, here := l.sheet.into, place{l.sheet.index, int32(l.row)}
	if key != "" && !l.bad {
		if into.seen[kind] == nil {
			into.seen[kind] = map[string]place{}
		}
		if first, twice := into.seen[kind][key]; twice {
			l.wrong(field, "import.number.doubled", "", into.Sheets[first.sheet].Name, strconv.Itoa(int(first.row)))
		} else {
			into.seen[kind][key] = here
		}
	}
	if l.bad {
		return false
	}
	into.places[kind] = append(into.places[kind], here)
	return true
}

// readers read one line of each kind.
var readers = map[Kind]func(*line){
	People: readPerson, Equipment: readEquipment, Procedures: readProcedure, Trainings: readTraining,
	Calibrations: readCalibration, Requests: readRequest, Quotes: readQuote, Reports: readReport,
	Invoices: readInvoice, Uses: readUse, mappingKind: readMapping,
}

func readPerson(l *line) {
	row := people.MemberRow{Code: l.neededCode("code"), Name: l.needed("name", "import.expected.name"),
		Email: l.text("email"), Trainer: l.yesNo("trainer")}
	if l.keep(People, "code", row.Code) {
		l.sheet.into.People = append(l.sheet.into.People, row)
	} else {
		l.sheet.into.lost[row.Code] = true
	}
}

func readEquipment(l *line) {
	row := trace.EquipmentRow{Code: l.neededCode("code"), Name: l.needed("name", "import.expected.name"),
		Category: l.words("category"), Make: l.words("make"), Model: l.words("model"), Serial: l.words("serial"),
		Place: l.words("place"), Commissioned: l.dateSince("commissioned", oldest), Retired: l.dateSince("retired", oldest),
		Supplier: l.words("supplier"), Acquired: l.dateSince("acquired", oldest), Cost: l.cost("cost"), Inventory: l.words("inventory"),
		Funding: l.words("funding"), Responsible: l.code("responsible"), LifeYears: l.count("life_years"), RenewalYear: l.count("renewal_year"),
		RenewalCost: l.cost("renewal_cost"), Notes: l.words("notes")}
	t := &l.sheet.into.Trace
	if l.keep(Equipment, "code", row.Code) {
		t.Equipment = append(t.Equipment, row)
	} else {
		l.sheet.into.lost[row.Code] = true
	}
}

func readProcedure(l *line) {
	row := documents.Stated{Code: l.neededCode("code"), Title: l.needed("title", "import.expected.title"),
		EffectiveFrom: l.neededDate("from"), EffectiveUntil: l.date("until")}
	version, key := readVersion(l.needed("version", "import.expected.version"))
	if version != "" && key != "" {
		l.wrong("version", key, "import.expected.version")
	}
	row.Version = version
	if row.EffectiveUntil != 0 && row.EffectiveUntil < row.EffectiveFrom {
		l.wrong("until", "import.date.backwards", "import.expected.date_after")
	}
	if l.keep(Procedures, "version", row.Code+" "+row.Version) {
		l.sheet.into.Procedures = append(l.sheet.into.Procedures, row)
	}
}

func readTraining(l *line) {
	row := trace.TrainingRow{Person: l.neededCode("person"), Equipment: l.neededCode("equipment"),
		Trainer: l.code("trainer"), Date: l.doneOn("date"), Months: l.months("months"), Through: l.date("until"),
		Kind: l.trainingKind("kind"), Procedure: l.code("procedure")}
	row.ProcedureVersion, _ = readVersion(l.text("procedure_version"))
	if row.Months != 0 {
		row.Through = 0 // both are stated: the months are what the day was counted from
	}
	if l.keep(Trainings, "", "") {
		t := &l.sheet.into.Trace
		t.Trainings = append(t.Trainings, row)
	}
}

func readCalibration(l *line) {
	row := trace.CalibrationRow{Equipment: l.neededCode("equipment"), Date: l.doneOn("date"),
		Months: l.months("months"), Outcome: l.text("outcome"), Certificate: l.words("certificate"),
		Kind: l.calibrationKind("kind"), Provider: l.words("provider"),
		Measure: trace.Measure{Nominal: l.text("nominal"), Tolerance: l.text("tolerance"), Deviation: l.text("deviation"), Unit: l.text("unit")}}
	if row.Outcome != "" {
		conforms, key := readOutcome(row.Outcome)
		if key != "" {
			l.wrong("outcome", key, "import.expected.outcome")
		}
		row.Outcome = string(trace.Nonconforming)
		if conforms {
			row.Outcome = string(trace.Conforming)
		}
	}
	if l.keep(Calibrations, "", "") {
		t := &l.sheet.into.Trace
		t.Calibrations = append(t.Calibrations, row)
	}
}

func readRequest(l *line) {
	row := trace.RequestRow{Number: l.neededCode("number"), Date: l.doneOn("date"), Client: l.words("client"),
		ClientStatus: l.words("status"), Subject: l.words("subject"),
		ContactName: l.words("contact_name"), ContactEmail: l.text("contact_email"), WishedOn: l.date("wished")}
	if l.keep(Requests, "number", row.Number) {
		t := &l.sheet.into.Trace
		t.Requests = append(t.Requests, row)
	}
}

func readQuote(l *line) {
	row := trace.QuoteRow{Number: l.neededCode("number"), Request: l.neededCode("request"), Date: l.doneOn("date"),
		AcceptedOn: l.date("accepted"), RefusedOn: l.date("refused"), Total: l.money("total"), ValidUntil: l.date("valid_until")}
	if row.AcceptedOn != 0 && row.RefusedOn != 0 {
		l.wrong("refused", "import.quote.both", "")
	}
	if l.keep(Quotes, "number", row.Number) {
		t := &l.sheet.into.Trace
		t.Quotes = append(t.Quotes, row)
	}
}

func readReport(l *line) {
	row := trace.ReportRow{Number: l.neededCode("number"), Request: l.neededCode("request"), Date: l.doneOn("date"),
		AnalysedOn: l.doneOn("analysed"), Operator: l.neededCode("operator"), Equipment: l.neededCode("equipment"),
		Instruction: l.code("instruction"), DataPlace: l.words("data_place"), ReleasedBy: l.code("released_by"), ReleasedOn: l.date("released")}
	row.InstructionVersion, _ = readVersion(l.text("version")) // an odd version is a fact, which S09 reports
	if l.keep(Reports, "number", row.Number) {
		t := &l.sheet.into.Trace
		t.Reports = append(t.Reports, row)
	}
}

func readInvoice(l *line) {
	row := trace.InvoiceRow{Number: l.neededCode("number"), Request: l.neededCode("request"), Quote: l.code("quote"),
		Date: l.doneOn("date"), Total: l.money("total")}
	if l.keep(Invoices, "number", row.Number) {
		t := &l.sheet.into.Trace
		t.Invoices = append(t.Invoices, row)
	}
}

func readUse(l *line) {
	row := trace.UseRow{Number: l.neededCode("number"), Person: l.neededCode("person"), Equipment: l.neededCode("equipment"),
		Date: l.doneOn("date"), Minutes: l.minutes("duration"), Project: l.words("project")}
	if l.keep(Uses, "number", row.Number) {
		t := &l.sheet.into.Trace
		t.Uses = append(t.Uses, row)
	}
}
