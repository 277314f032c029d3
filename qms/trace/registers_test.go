package trace

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"maillon/qms"
)

// sheet reads one register of testdata as French Excel saves it.
func sheet(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "registers", name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(charmap.Windows1252.NewDecoder().Reader(f))
	r.Comma = ';'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]map[string]string, 0, len(lines))
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, head := range lines[0] {
			row[head] = strings.TrimSpace(line[i])
		}
		rows = append(rows, row)
	}
	return rows
}

func frenchDate(t testing.TB, s string) qms.Date {
	t.Helper()
	if s == "" {
		return 0
	}
	at, err := time.Parse("02/01/2006", s)
	if err != nil {
		t.Fatal(err)
	}
	return qms.NewDate(at.Date())
}

func frenchMoney(t testing.TB, s string) qms.Money {
	t.Helper()
	m, err := qms.ParseMoney(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func number(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// registers reads the platform's registers of testdata, and the days on which its work instructions
// were in force.
func registers(t testing.TB) (Registers, []Person, map[string]map[string]qms.Period) {
	t.Helper()
	var b Registers
	for _, r := range sheet(t, "demandes") {
		b.Requests = append(b.Requests, RequestRow{Number: r["N° demande"], Date: frenchDate(t, r["Date de la demande"]),
			Client: r["Client"], ClientStatus: r["Statut du client"], Subject: r["Objet"]})
	}
	for _, r := range sheet(t, "devis") {
		b.Quotes = append(b.Quotes, QuoteRow{Number: r["N° devis"], Request: r["N° demande"], Date: frenchDate(t, r["Date du devis"]),
			AcceptedOn: frenchDate(t, r["Accepté le"]), Total: frenchMoney(t, r["Montant HT"])})
	}
	for _, r := range sheet(t, "rapports") {
		b.Reports = append(b.Reports, ReportRow{Number: r["N° rapport"], Request: r["N° demande"], Date: frenchDate(t, r["Date du rapport"]),
			AnalysedOn: frenchDate(t, r["Date d'analyse"]), Operator: r["Opérateur"], Equipment: r["Équipement"],
			Instruction: r["Mode opératoire"], InstructionVersion: r["Version"]})
	}
	for _, r := range sheet(t, "factures") {
		b.Invoices = append(b.Invoices, InvoiceRow{Number: r["N° facture"], Request: r["N° demande"], Quote: r["N° devis"],
			Date: frenchDate(t, r["Date de la facture"]), Total: frenchMoney(t, r["Montant HT"])})
	}
	for _, r := range sheet(t, "equipements") {
		b.Equipment = append(b.Equipment, EquipmentRow{Code: r["Code"], Name: r["Désignation"], Category: r["Catégorie"],
			Place: r["Localisation"], Serial: r["N° de série"]})
	}
	for _, r := range sheet(t, "etalonnages") {
		b.Calibrations = append(b.Calibrations, CalibrationRow{Equipment: r["Équipement"], Date: frenchDate(t, r["Date"]),
			Months: qms.Months(number(t, r["Périodicité (mois)"])), Outcome: r["Conclusion"]})
	}
	for _, r := range sheet(t, "habilitations") {
		b.Trainings = append(b.Trainings, TrainingRow{Person: r["Agent"], Equipment: r["Équipement"], Trainer: r["Formateur"],
			Date: frenchDate(t, r["Date de formation"]), Months: qms.Months(number(t, r["Validité (mois)"]))})
	}
	for _, r := range sheet(t, "utilisations") {
		hours := frenchMoney(t, r["Durée (h)"])
		b.Uses = append(b.Uses, UseRow{Number: r["N°"], Person: r["Agent"], Equipment: r["Équipement"],
			Date: frenchDate(t, r["Date"]), Minutes: int64(hours) * 60 / 100})
	}
	var people []Person
	for _, r := range sheet(t, "personnel") {
		people = append(people, Person{ID: qms.ID("person-" + r["Code agent"]), Code: r["Code agent"], Name: r["Nom"], Trainer: r["Formateur"] == "oui"})
	}
	instructions := map[string]map[string]qms.Period{}
	for _, r := range sheet(t, "procedures") {
		if instructions[r["Code"]] == nil {
			instructions[r["Code"]] = map[string]qms.Period{}
		}
		instructions[r["Code"]][r["Version"]] = qms.Period{From: frenchDate(t, r["Date d'application"]), Until: frenchDate(t, r["Date de fin d'application"])}
	}
	return b, people, instructions
}

// key reads the right answers of testdata, both as they were written and as Findings.
func key(t testing.TB) (written string, f Findings) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "registers", "key.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data)), f
}

// plain turns a batch into the rows it stands for, codes serving as IDs.
func (b Registers) plain(instructions map[string]map[string]qms.Period) history {
	h := history{Instructions: instructions, Settings: DefaultSettings()}
	for _, r := range b.Requests {
		h.Requests = append(h.Requests, Request{Number: r.Number, Date: r.Date})
	}
	for _, q := range b.Quotes {
		h.Quotes = append(h.Quotes, Quote{Number: q.Number, Request: q.Request, Date: q.Date, AcceptedOn: q.AcceptedOn, Total: q.Total})
	}
	for _, r := range b.Reports {
		h.Reports = append(h.Reports, Report{Number: r.Number, Request: r.Request, Date: r.Date, AnalysedOn: r.AnalysedOn,
			Operator: qms.ID(r.Operator), Equipment: qms.ID(r.Equipment), Instruction: r.Instruction, InstructionVersion: r.InstructionVersion})
	}
	for _, i := range b.Invoices {
		h.Invoices = append(h.Invoices, Invoice{Number: i.Number, Request: i.Request, Quote: i.Quote, Date: i.Date, Total: i.Total})
	}
	for _, t := range b.Trainings {
		h.Trainings = append(h.Trainings, Training{Person: qms.ID(t.Person), Equipment: qms.ID(t.Equipment), Date: t.Date, Months: t.Months})
	}
	for _, c := range b.Calibrations {
		h.Calibrations = append(h.Calibrations, Calibration{Equipment: qms.ID(c.Equipment), Date: c.Date, Months: c.Months, Outcome: Conforming})
	}
	for _, u := range b.Uses {
		h.Uses = append(h.Uses, Use{Number: u.Number, Person: qms.ID(u.Person), Equipment: qms.ID(u.Equipment), Date: u.Date})
	}
	return h
}
