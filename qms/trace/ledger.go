package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// The registers that are exported and that no import takes over.
const (
	SampleRegister  Register = "samples"
	EventRegister   Register = "events"
	DataRegister    Register = "data"
	TrainerRegister Register = "trainers"
	PriceRegister   Register = "prices"
	ImpactRegister  Register = "impacts"
)

// Word is a value that is a word of the code, for locale to say: "register.word.WORD".
type Word string

// Count is a whole number.
type Count int64

// Rate is a rate in hundredths of percent.
type Rate int64

// Ledger is one register as it is written down: its fields, and its records in the order of their
// dates. A value is text, a qms.Date, a qms.Money, qms.Months, a Count, a Rate, a Word or a bool; zero values
// state nothing. The last field is why the record is void.
type Ledger struct {
	Fields []string
	lines  func(w *ledgerWriter) error
}

// ledgerWriter is one register being written.
type ledgerWriter struct {
	ctx      context.Context // lives as long as the call it serves
	r        store.Reader
	platform qms.ID
	asOf     qms.Date
	people   map[qms.ID]string // codes
	names    map[qms.ID]string // of people
	pieces   map[qms.ID]string
	yield    func(values []any) error
}

func (w *ledgerWriter) person(id qms.ID) string { return w.people[id] }
func (w *ledgerWriter) piece(id qms.ID) string  { return w.pieces[id] }

// by is the date when it had come by the day of the ledger; what comes later is not stated yet.
func (w *ledgerWriter) by(d qms.Date) qms.Date {
	if w.asOf != 0 && d > w.asOf {
		return 0
	}
	return d
}

// LedgerOf is how a register is written down; false for a name that is none.
func LedgerOf(name Register) (Ledger, bool) {
	l, ok := ledgers[name]
	return l, ok
}

// Write hands over the records of a register of the platform whose day had come by asOf, void ones
// among them; all when asOf is none. It reads them in one statement and holds one at a time.
func (s *Service) Write(ctx context.Context, r store.Reader, platform qms.ID, name Register, asOf qms.Date, yield func(values []any) error) error {
	l, ok := ledgers[name]
	if !ok {
		return qms.NotFound("register.not_found")
	}
	w := &ledgerWriter{ctx: ctx, r: r, platform: platform, asOf: asOf, people: map[qms.ID]string{}, names: map[qms.ID]string{}, pieces: map[qms.ID]string{}, yield: yield}
	people, err := s.people.PeopleOf(ctx, r, platform)
	if err != nil {
		return err
	}
	for _, p := range people {
		w.people[p.ID], w.names[p.ID] = p.Code, p.Name
	}
	pieces, err := allOf[Equipment](ctx, r, platform, "code")
	if err != nil {
		return err
	}
	for _, e := range pieces {
		w.pieces[e.ID] = e.Code
	}
	return l.lines(w)
}

// written makes a ledger of the records of one table: state says what each field holds.
func written[T any](date string, fields []string, state func(w *ledgerWriter, v *T) []any) Ledger {
	return Ledger{Fields: fields, lines: func(w *ledgerWriter) error {
		return streamed(w.ctx, w.r, w.platform, date, w.asOf, func(v *T) error { return w.yield(state(w, v)) })
	}}
}

// ledgers are the registers of the room. Their fields are those of the importer where it takes them
// over, so that what is written can be read.
var ledgers = map[Register]Ledger{
	EquipmentRegister: written("", []string{"code", "name", "category", "make", "model", "serial", "place", "commissioned", "retired", "supplier", "acquired",
		"cost", "inventory", "funding", "responsible", "life_years", "renewal_year", "renewal_cost", "notes", "void"},
		func(w *ledgerWriter, e *Equipment) []any {
			return []any{e.Code, e.Name, e.Category, e.Make, e.Model, e.Serial, e.Place, e.Commissioned, w.by(e.Retired), e.Supplier, e.Acquired,
				e.Cost, e.Inventory, e.Funding, w.person(e.Responsible), Count(e.LifeYears), Count(e.RenewalYear), e.RenewalCost, e.Notes, e.Void}
		}),
	CalibrationRegister: written("date", []string{"equipment", "date", "months", "outcome", "certificate", "kind", "provider", "nominal", "tolerance", "deviation", "unit", "void"},
		func(w *ledgerWriter, c *Calibration) []any {
			return []any{w.piece(c.Equipment), c.Date, c.Months, Word(c.Outcome), c.Certificate, Word(c.Kind), c.Provider, c.Nominal, c.Tolerance, c.Deviation, c.Unit, c.Void}
		}),
	TrainingRegister: written("date", []string{"person", "equipment", "trainer", "date", "months", "until", "kind", "procedure", "procedure_version", "void"},
		func(w *ledgerWriter, t *Training) []any {
			return []any{w.person(t.Person), w.piece(t.Equipment), w.person(t.Trainer), t.Date, t.Months, t.Through, Word(t.Kind), t.Procedure, t.ProcedureVersion, t.Void}
		}),
	RequestRegister: written("date", []string{"number", "date", "client", "status", "subject", "contact_name", "contact_email", "wished", "void"},
		func(w *ledgerWriter, r *Request) []any {
			return []any{r.Number, r.Date, r.Client, statusWord(r.ClientStatus), r.Subject, r.ContactName, r.ContactEmail, r.WishedOn, r.Void}
		}),
	QuoteRegister: written("date", []string{"number", "request", "date", "accepted", "refused", "total", "valid_until", "void"},
		func(w *ledgerWriter, q *Quote) []any {
			return []any{q.Number, q.Request, q.Date, w.by(q.AcceptedOn), w.by(q.RefusedOn), q.Total, q.ValidUntil, q.Void}
		}),
	ReportRegister: written("date", []string{"number", "request", "date", "analysed", "operator", "equipment", "instruction", "version", "data_place", "released_by", "released", "void"},
		func(w *ledgerWriter, r *Report) []any {
			return []any{r.Number, r.Request, r.Date, r.AnalysedOn, w.person(r.Operator), w.piece(r.Equipment), r.Instruction, r.InstructionVersion, r.DataPlace,
				w.person(r.ReleasedBy), w.by(r.ReleasedOn), r.Void}
		}),
	InvoiceRegister: written("date", []string{"number", "request", "quote", "date", "total", "external", "void"},
		func(_ *ledgerWriter, i *Invoice) []any {
			return []any{i.Number, i.Request, i.Quote, i.Date, i.Total, i.External, i.Void}
		}),
	UseRegister: written("date", []string{"number", "person", "equipment", "date", "duration", "project", "void"},
		func(w *ledgerWriter, u *Use) []any {
			return []any{u.Number, w.person(u.Person), w.piece(u.Equipment), u.Date, Count(u.Minutes), u.Project, u.Void}
		}),
	SampleRegister: written("received_on", []string{"number", "request", "description", "quantity", "received", "received_by", "condition", "place", "fate", "fate_on", "fate_by", "fate_note", "void"},
		func(w *ledgerWriter, s *Sample) []any {
			return []any{s.Number, s.Request, s.Description, s.Quantity, s.ReceivedOn, w.person(s.ReceivedBy), s.Condition, s.Place, Word(s.Fate), w.by(s.FateOn), w.person(s.FateBy), s.FateNote, s.Void}
		}),
	EventRegister: written("date", []string{"equipment", "kind", "date", "ended", "usable", "description", "outcome", "person", "company", "cost", "program", "months", "next", "void"},
		func(w *ledgerWriter, e *EquipmentEvent) []any {
			return []any{w.piece(e.Equipment), Word(e.Kind), e.Date, w.by(e.Ended), e.Usable, e.Description, e.Outcome, w.person(e.Person), e.Company, e.Cost, e.Program, e.Months, e.NextOn, e.Void}
		}),
	DataRegister: written("date", []string{"equipment", "name", "format", "yearly_mb", "typical", "stored", "backup", "frequency", "retention", "owner", "opened", "remark", "date", "until", "void"},
		func(w *ledgerWriter, d *DataSet) []any {
			return []any{w.piece(d.Equipment), d.Name, d.Format, Count(d.YearlyMB), d.Typical, d.Stored, d.Backup, d.Frequency, d.Retention, d.Owner, d.Opened, d.Remark, d.Date, d.Through, d.Void}
		}),
	TrainerRegister: written("valid_from", []string{"person", "equipment", "from", "until", "void"},
		func(w *ledgerWriter, t *Trainer) []any {
			return []any{w.person(t.Person), w.piece(t.Equipment), t.ValidFrom, t.ValidUntil, t.Void}
		}),
	PriceRegister:  {Fields: []string{"list", "title", "from", "state", "code", "label", "category", "unit", "vat", "status", "price", "void"}, lines: priceLines},
	ImpactRegister: {Fields: impactFields, lines: impactLines},
}

// statusWord is a client status: a word for the usual ones, else as it is stated.
func statusWord(s string) any {
	if s == Internal || s == Academic || s == Industrial {
		return Word(s)
	}
	return s
}

// priceLines writes one line for each price of each list, drafts left out.
func priceLines(w *ledgerWriter) error {
	return streamed(w.ctx, w.r, w.platform, "effective_from", w.asOf, func(l *PriceList) error {
		if l.State == PriceDraft {
			return nil
		}
		for _, item := range l.Items() {
			for _, status := range l.ClientStatuses() {
				price, sold := item.Prices[status.Code]
				if !sold {
					continue
				}
				vat := any("")
				if item.VAT != NotSubject {
					vat = Rate(item.VAT)
				}
				if err := w.yield([]any{l.Number, l.Title, l.EffectiveFrom, Word(l.State), item.Code, item.Label, item.Category, item.Unit, vat, statusWord(status.Code), price, l.Void}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
