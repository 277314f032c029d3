package trace

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/store"
)

// streamed reads the rows of one table of the platform one by one, in the order of the column of their
// date, or of their code where they have none.
func streamed[T any](ctx context.Context, r store.Reader, platform qms.ID, date string, asOf qms.Date, yield func(*T) error) error {
	q := r.Select(new(T)).Where("platform = ?", platform)
	switch {
	case date == "":
		q = q.Order("code", "id")
	case asOf != 0:
		q = q.Where("(? IS NULL OR ? <= ?)", bun.Ident(date), bun.Ident(date), asOf).Order(date, "id")
	default:
		q = q.Order(date, "id")
	}
	return each(ctx, q, yield)
}

// ledgerTables are the tables of the registers, with the column of their date.
var ledgerTables = []struct {
	name        Register
	table, date string
}{
	{EquipmentRegister, "equipment", ""}, {CalibrationRegister, "calibrations", "date"}, {TrainingRegister, "trainings", "date"},
	{RequestRegister, "requests", "date"}, {QuoteRegister, "quotes", "date"}, {ReportRegister, "reports", "date"}, {InvoiceRegister, "invoices", "date"},
	{UseRegister, "uses", "date"}, {SampleRegister, "samples", "received_on"}, {EventRegister, "equipment_events", "date"},
	{DataRegister, "data_sets", "date"}, {TrainerRegister, "trainers", "valid_from"}, {PriceRegister, "price_lists", "effective_from"},
	{ImpactRegister, "impact_items", "added_on"},
}

// CountRegisters counts the records of every register whose day had come by asOf, void ones too; all
// when asOf is none. Price lists count as lists.
func CountRegisters(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date) (map[Register]int, error) {
	var b strings.Builder
	var args []any
	for i, t := range ledgerTables {
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		b.WriteString("SELECT ? AS name, COUNT(*) AS n FROM ? WHERE platform = ?")
		args = append(args, string(t.name), bun.Ident(t.table), platform)
		if t.date != "" && asOf != 0 {
			b.WriteString(" AND (? IS NULL OR ? <= ?)")
			args = append(args, bun.Ident(t.date), bun.Ident(t.date), asOf)
		}
		switch {
		case t.name == PriceRegister:
			b.WriteString(" AND state <> 'draft'")
		case t.name == ImpactRegister && asOf != 0: // a line has no day of its own unless it was added
			b.WriteString(" AND impact IN (SELECT id FROM impacts WHERE platform = ? AND opened_on <= ?)")
			args = append(args, platform, asOf)
		}
	}
	rows, err := r.Query(ctx, b.String(), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[Register]int{}
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			return nil, err
		}
		counts[Register(name)] = n
	}
	return counts, rows.Err()
}
