package trace

import (
	"errors"
	"strings"

	"maillon/qms"
)

// keyOf joins the parts of a key of several columns.
func keyOf(parts ...string) string { return strings.Join(parts, "\x00") }

// firstOf is the part of a key that people know.
func firstOf(key string) string {
	first, _, _ := strings.Cut(key, "\x00")
	return first
}

var equipmentRegister = book[EquipmentRow, Equipment, *Equipment]{
	name: EquipmentRegister, field: "code",
	state: func(in *stating, r EquipmentRow) Equipment {
		e := Equipment{
			Code: in.requiredCode("code", r.Code), Name: in.required("name", r.Name), Category: in.text("category", r.Category),
			Make: in.text("make", r.Make), Model: in.text("model", r.Model), Serial: in.text("serial", r.Serial),
			Place: in.text("place", r.Place), Commissioned: in.date("commissioned", r.Commissioned), Retired: in.date("retired", r.Retired),
			Supplier: in.text("supplier", r.Supplier), Acquired: in.date("acquired", r.Acquired), Cost: in.cost("cost", r.Cost),
			Inventory: in.text("inventory", r.Inventory), Funding: in.text("funding", r.Funding), Responsible: in.person("responsible", r.Responsible),
			LifeYears: r.LifeYears, RenewalYear: r.RenewalYear, RenewalCost: in.cost("renewal_cost", r.RenewalCost), Notes: in.long("notes", r.Notes),
		}
		if e.LifeYears < 0 || e.LifeYears > maxLifetime {
			in.fail("life_years", "equipment.life_implausible", maxLifetime)
		}
		if e.RenewalYear != 0 && (e.RenewalYear < firstYear || e.RenewalYear > lastYear) {
			in.fail("renewal_year", "equipment.year_implausible", firstYear, lastYear)
		}
		return e
	},
	key: func(e *Equipment) string { return e.Code },
	merge: func(stored, stated *Equipment) {
		set(&stored.Name, stated.Name)
		set(&stored.Category, stated.Category)
		set(&stored.Make, stated.Make)
		set(&stored.Model, stated.Model)
		set(&stored.Serial, stated.Serial)
		set(&stored.Place, stated.Place)
		set(&stored.Commissioned, stated.Commissioned)
		set(&stored.Retired, stated.Retired)
		set(&stored.Supplier, stated.Supplier)
		set(&stored.Acquired, stated.Acquired)
		set(&stored.Cost, stated.Cost)
		set(&stored.Inventory, stated.Inventory)
		set(&stored.Funding, stated.Funding)
		set(&stored.Responsible, stated.Responsible)
		set(&stored.LifeYears, stated.LifeYears)
		set(&stored.RenewalYear, stated.RenewalYear)
		set(&stored.RenewalCost, stated.RenewalCost)
		set(&stored.Notes, stated.Notes)
	},
	void: func(e *Equipment) bool { return e.Void != "" },
	known: func(t *taking, stored []Equipment) {
		for i := range stored {
			t.equipment[stored[i].Code] = stored[i].ID
			t.service[stored[i].ID] = [2]qms.Date{stored[i].Commissioned, stored[i].Retired}
		}
	},
	added: func(t *taking, e *Equipment, code string) {
		t.equipment[code] = e.ID
		t.service[e.ID] = [2]qms.Date{e.Commissioned, e.Retired}
	},
}

var calibrationRegister = book[CalibrationRow, Calibration, *Calibration]{
	name: CalibrationRegister, field: "date", equal: true,
	state: func(in *stating, r CalibrationRow) Calibration {
		outcome, err := ParseOutcome(r.Outcome)
		var wrong *qms.Error
		if errors.As(err, &wrong) {
			in.fail("outcome", wrong.Key, wrong.Args...)
		}
		return Calibration{
			Equipment: in.piece("equipment", r.Equipment), Date: in.requiredDate("date", r.Date),
			Months: in.months("months", r.Months), Outcome: outcome, Certificate: in.text("certificate", r.Certificate),
			Kind: r.Kind, Provider: in.text("provider", r.Provider), Measure: r.Measure.read(&in.input),
		}
	},
	key: func(c *Calibration) string { return keyOf(c.Date.String(), string(c.Equipment), string(c.Outcome)) },
	merge: func(stored, stated *Calibration) {
		set(&stored.Months, stated.Months)
		set(&stored.Certificate, stated.Certificate)
		set(&stored.Kind, stated.Kind)
		set(&stored.Provider, stated.Provider)
		set(&stored.Nominal, stated.Nominal)
		set(&stored.Tolerance, stated.Tolerance)
		set(&stored.Deviation, stated.Deviation)
		set(&stored.Unit, stated.Unit)
	},
	void: func(c *Calibration) bool { return c.Void != "" },
}

var requestRegister = book[RequestRow, Request, *Request]{
	name: RequestRegister, field: "number",
	state: func(in *stating, r RequestRow) Request {
		return Request{
			Number: in.requiredCode("number", r.Number), Date: in.requiredDate("date", r.Date), Client: in.text("client", r.Client),
			ClientStatus: NormalStatus(in.text("client_status", r.ClientStatus)), Subject: in.text("subject", r.Subject), Origin: ByRegister,
			ContactName: in.text("contact_name", r.ContactName), ContactEmail: in.text("contact_email", r.ContactEmail), WishedOn: in.date("wished", r.WishedOn),
		}
	},
	key: func(r *Request) string { return r.Number },
	merge: func(stored, stated *Request) {
		set(&stored.Date, stated.Date)
		set(&stored.Client, stated.Client)
		set(&stored.ClientStatus, stated.ClientStatus)
		set(&stored.Subject, stated.Subject)
		set(&stored.ContactName, stated.ContactName)
		set(&stored.ContactEmail, stated.ContactEmail)
		set(&stored.WishedOn, stated.WishedOn)
	},
	void: func(r *Request) bool { return r.Void != "" },
}

var quoteRegister = book[QuoteRow, Quote, *Quote]{
	name: QuoteRegister, field: "number",
	state: func(in *stating, r QuoteRow) Quote {
		q := Quote{
			Number: in.requiredCode("number", r.Number), Request: in.requiredCode("request", r.Request),
			Date: in.requiredDate("date", r.Date), Total: in.money("total", r.Total),
			AcceptedOn: in.date("accepted_on", r.AcceptedOn), RefusedOn: in.date("refused_on", r.RefusedOn),
			ValidUntil: in.date("valid_until", r.ValidUntil),
		}
		if q.AcceptedOn != 0 && q.RefusedOn != 0 {
			in.fail("refused_on", "quote.both_answers")
		}
		return q
	},
	key: func(q *Quote) string { return q.Number },
	bars: func(stored, stated *Quote) *qms.Field { // the total of a quote with lines is that of its lines
		if stored.Lines == "" || stated.Total == 0 || stated.Total == stored.Total {
			return nil
		}
		wrong := qms.Wrong("total", "quote.total_not_of_lines", stored.Total)
		return &wrong
	},
	merge: func(stored, stated *Quote) {
		set(&stored.Request, stated.Request)
		set(&stored.Date, stated.Date)
		set(&stored.Total, stated.Total)
		set(&stored.ValidUntil, stated.ValidUntil)
		if stated.AcceptedOn != 0 || stated.RefusedOn != 0 { // an answer replaces the other one
			stored.AcceptedOn, stored.RefusedOn = stated.AcceptedOn, stated.RefusedOn
		}
	},
	void: func(q *Quote) bool { return q.Void != "" },
}

var reportRegister = book[ReportRow, Report, *Report]{
	name: ReportRegister, field: "number",
	state: func(in *stating, r ReportRow) Report {
		report := Report{
			Number: in.requiredCode("number", r.Number), Request: in.requiredCode("request", r.Request),
			Date: in.requiredDate("date", r.Date), AnalysedOn: in.requiredDate("analysed_on", r.AnalysedOn),
			Operator: in.requiredPerson("operator", r.Operator), Equipment: in.piece("equipment", r.Equipment),
			Instruction:        in.code("instruction", r.Instruction),
			InstructionVersion: NormalVersion(in.code("instruction_version", r.InstructionVersion)),
			DataPlace:          in.text("data_place", r.DataPlace), ReleasedBy: in.person("released_by", r.ReleasedBy), ReleasedOn: in.date("released", r.ReleasedOn),
		}
		in.served("equipment", report.Equipment, report.AnalysedOn)
		return report
	},
	key: func(r *Report) string { return r.Number },
	merge: func(stored, stated *Report) {
		set(&stored.Request, stated.Request)
		set(&stored.Date, stated.Date)
		set(&stored.AnalysedOn, stated.AnalysedOn)
		set(&stored.Operator, stated.Operator)
		set(&stored.Equipment, stated.Equipment)
		set(&stored.Instruction, stated.Instruction)
		set(&stored.InstructionVersion, stated.InstructionVersion)
		set(&stored.DataPlace, stated.DataPlace)
		set(&stored.ReleasedBy, stated.ReleasedBy)
		set(&stored.ReleasedOn, stated.ReleasedOn)
	},
	void: func(r *Report) bool { return r.Void != "" },
}

var invoiceRegister = book[InvoiceRow, Invoice, *Invoice]{
	name: InvoiceRegister, field: "number",
	state: func(in *stating, r InvoiceRow) Invoice {
		return Invoice{
			Number: in.requiredCode("number", r.Number), Request: in.requiredCode("request", r.Request),
			Quote: in.code("quote", r.Quote), Date: in.requiredDate("date", r.Date), Total: in.money("total", r.Total),
		}
	},
	key: func(i *Invoice) string { return i.Number },
	merge: func(stored, stated *Invoice) {
		set(&stored.Request, stated.Request)
		set(&stored.Quote, stated.Quote)
		set(&stored.Date, stated.Date)
		set(&stored.Total, stated.Total)
	},
	void: func(i *Invoice) bool { return i.Void != "" },
}

var trainingRegister = book[TrainingRow, Training, *Training]{
	name: TrainingRegister, field: "date", equal: true,
	state: func(in *stating, r TrainingRow) Training {
		t := Training{
			Person: in.requiredPerson("person", r.Person), Equipment: in.piece("equipment", r.Equipment),
			Trainer: in.person("trainer", r.Trainer), Date: in.requiredDate("date", r.Date),
			Months: in.months("months", r.Months), Through: in.date("through", r.Through),
			Kind: r.Kind, Procedure: in.code("procedure", r.Procedure), ProcedureVersion: NormalVersion(in.code("procedure_version", r.ProcedureVersion)),
		}
		checkValidity(&in.input, t)
		if t.Trainer != "" && t.Trainer == t.Person {
			in.note("trainer", "register.note.own_trainer")
		}
		return t
	},
	key: func(t *Training) string { return keyOf(t.Date.String(), string(t.Person), string(t.Equipment)) },
	merge: func(stored, stated *Training) {
		set(&stored.Trainer, stated.Trainer)
		set(&stored.Kind, stated.Kind)
		set(&stored.Procedure, stated.Procedure)
		set(&stored.ProcedureVersion, stated.ProcedureVersion)
		if stated.Months != 0 || stated.Through != 0 {
			stored.Months, stored.Through = stated.Months, stated.Through
		}
	},
	void: func(t *Training) bool { return t.Void != "" },
}

var useRegister = book[UseRow, Use, *Use]{
	name: UseRegister, field: "number",
	state: func(in *stating, r UseRow) Use {
		u := Use{
			Number: in.requiredCode("number", r.Number), Person: in.requiredPerson("person", r.Person),
			Equipment: in.piece("equipment", r.Equipment), Date: in.requiredDate("date", r.Date),
			Minutes: in.minutes("minutes", r.Minutes), Project: in.text("project", r.Project),
		}
		in.served("equipment", u.Equipment, u.Date)
		return u
	},
	key: func(u *Use) string { return u.Number },
	merge: func(stored, stated *Use) {
		set(&stored.Person, stated.Person)
		set(&stored.Equipment, stated.Equipment)
		set(&stored.Date, stated.Date)
		set(&stored.Minutes, stated.Minutes)
		set(&stored.Project, stated.Project)
	},
	void: func(u *Use) bool { return u.Void != "" },
}

// checkValidity refuses a training that ends before it begins, or ends in two ways.
func checkValidity(in *input, t Training) {
	switch {
	case t.Months > 0 && t.Through != 0:
		in.fail("through", "training.two_ends")
	case t.Through != 0 && t.Through < t.Date:
		in.fail("through", "training.ends_before")
	}
}
