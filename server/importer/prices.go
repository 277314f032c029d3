package importer

import (
	"context"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
)

// PriceBook is the lines of a price list as a workbook or a CSV file states them, and where they stand.
type PriceBook struct {
	Lines []trace.PriceLine
	placed
}

// priceLists are read with the narrow spaces of French made plain.
var priceLists = lists{rows: 5000, clean: func(cell string) string {
	cell = clean(cell)
	if rest, marked := strings.CutPrefix(cell, "'"); marked && rest != "" && strings.ContainsRune("=+-@", rune(rest[0])) {
		return rest // an export marks so what looks like a formula
	}
	return cell
}}

// priceHeadings are the words of headings, reduced as words does it, and the fields they head.
var priceHeadings = map[string]string{
	"code": "code", "no": "code", "code article": "code", "code prestation": "code", "article": "code",
	"designation": "label", "libelle": "label", "label": "label", "intitule": "label", "prestation": "label", "service": "label",
	"categorie": "category", "category": "category", "famille": "category", "rubrique": "category",
	"unite": "unit", "unit": "unit",
	"tva": "vat", "vat": "vat", "taux tva": "vat", "vat rate": "vat",
}

// ReadPrices reads the first sheet with headings that it knows: code, label, unit, VAT and one column
// of prices for each status of client. What cannot be read is in the Problems; the error is that of a
// file which is none, or of a disk.
func ReadPrices(ctx context.Context, name string, r io.Reader, statuses []trace.ClientStatus) (*PriceBook, error) {
	fractions := false
	tables, err := priceLists.read(name, r, func(data []byte) (tables []table, err error) {
		fractions, err = isWorkbook(data) // a workbook keeps percentages as fractions
		switch ext := strings.ToLower(filepath.Ext(name)); {
		case err != nil:
			return nil, err
		case fractions:
			return priceLists.workbook(ctx, data)
		case ext != ".csv" && ext != ".txt" && ext != ".tsv":
			return nil, badFile("import.file_kind")
		}
		return priceLists.csv(name, data)
	})
	if err != nil {
		return nil, err
	}
	field := func(heading string) string { return priceField(heading, statuses) }
	for _, t := range tables {
		if p := (&PriceBook{placed: placed{sheet: t.name}}); p.head(&t, field, "code", "label") {
			p.read(t, statuses, fractions)
			return p, nil
		}
	}
	p := &PriceBook{placed: placed{sheet: name}}
	p.problem(0, "", "prices.no_headings")
	return p, nil
}

// priceField is the field that a heading names; "prices.STATUS" for the prices of a status.
func priceField(heading string, statuses []trace.ClientStatus) string {
	if folded := fold(heading); strings.Contains(folded, "anglais") || strings.Contains(folded, "english") {
		return "english" // also in brackets, which words leaves out
	}
	reduced := words(heading)
	if field := priceHeadings[reduced]; field != "" {
		return field
	}
	for _, prefix := range []string{"prix ht ", "tarif ht ", "prix ", "tarif ", "price "} {
		reduced = strings.TrimPrefix(reduced, prefix)
	}
	reduced = strings.TrimSuffix(reduced, " ht")
	for _, s := range statuses {
		if reduced != "" && (reduced == words(s.Code) || reduced == words(s.French) || reduced == words(s.English)) {
			return "prices." + s.Code
		}
	}
	return ""
}

func (p *PriceBook) read(t table, statuses []trace.ClientStatus, fractions bool) {
	for _, needed := range []string{"unit", "vat"} {
		if _, there := p.words[needed]; !there {
			p.problem(0, "", "prices.no_"+needed)
		}
	}
	if !slices.ContainsFunc(statuses, func(s trace.ClientStatus) bool { _, there := p.words["prices."+s.Code]; return there }) {
		p.problem(0, "", "prices.no_prices")
	}
	if len(p.Problems) > 0 {
		return
	}
	for _, row := range t.rows {
		p.line(row, statuses, fractions)
	}
	if len(t.rows) == 0 {
		p.problem(0, "", "price_list.empty")
	}
}

func (p *PriceBook) line(row tableRow, statuses []trace.ClientStatus, fractions bool) {
	cell := func(field string) string { return p.cell(row, field) }
	l := trace.PriceLine{Code: cell("code"), Label: cell("label"), English: cell("english"), Category: cell("category"), Unit: cell("unit"), Prices: map[string]qms.Money{}}
	vat, err := readVAT(cell("vat"), fractions)
	if l.VAT = vat; err != nil {
		p.problem(row.number, "vat", "vat.malformed", shown(cell("vat")))
	}
	for _, s := range statuses {
		field := "prices." + s.Code
		text := cell(field)
		if text == "" {
			continue
		}
		price, key := readMoney(text)
		if key != "" {
			p.problem(row.number, field, key)
			continue
		}
		l.Prices[s.Code] = price
	}
	p.Lines, p.rows = append(p.Lines, l), append(p.rows, row.number)
}

// readVAT reads a rate; a workbook keeps 5,5 % as 0.055.
func readVAT(text string, fractions bool) (trace.VAT, error) {
	if f, err := strconv.ParseFloat(text, 64); err == nil && fractions && f > 0 && f < 1 {
		return trace.VAT(math.Round(f * 10_000)), nil
	}
	return trace.ParseVAT(text)
}

// Place adds what the room found wrong with the lines, at the rows and columns that they stand in.
func (p *PriceBook) Place(err error) {
	p.place(err, "lines", func(wrong qms.Field) (string, []any) {
		if wrong.Key != "price_line.doubled" {
			return wrong.Key, wrong.Args
		}
		args := slices.Clone(wrong.Args) // it names the other line by its number in the list
		if row, ok := p.rowOf(args[1]); ok {
			args[1] = row
		}
		return wrong.Key, args
	})
}
