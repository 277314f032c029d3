package api

import (
	"maillon/qms"
	"maillon/qms/trace"
)

// QuoteLine is one line of a quote.
type QuoteLine struct {
	Code     string         `json:"code,omitempty" maxLength:"64" example:"MIC-H" doc:"Of the price list in force on the day of the quote, which then gives label, unit, price and VAT; absent for a free line"`
	Label    string         `json:"label,omitempty" maxLength:"500"`
	English  string         `json:"label_en,omitempty" maxLength:"500"`
	Unit     string         `json:"unit,omitempty" maxLength:"100" example:"hour"`
	Quantity trace.Quantity `json:"quantity_thousandths" example:"2500" doc:"2500 is two and a half"`
	Price    qms.Money      `json:"price_cents,omitempty" doc:"Of one unit, before tax"`
	Discount int64          `json:"discount,omitempty" doc:"Hundredths of percent: 1000 is 10 %"`
	Reason   string         `json:"discount_reason,omitempty" maxLength:"500"`
	VAT      trace.VAT      `json:"vat,omitempty" doc:"Rate in hundredths of percent; -1 for what is not subject to VAT"`
	Total    qms.Money      `json:"total_cents,omitempty" readOnly:"true" doc:"Price × quantity less the discount; half a cent goes up"`
}

// QuoteTax is the VAT of the lines of one rate.
type QuoteTax struct {
	VAT  trace.VAT `json:"vat"`
	Base qms.Money `json:"base_cents"`
	Tax  qms.Money `json:"tax_cents" doc:"Half a cent goes up"`
}

// QuoteLines is what a quote with lines says besides its total.
type QuoteLines struct {
	PriceList  string      `json:"price_list,omitempty" doc:"Number of the list that the lines come from"`
	Lines      []QuoteLine `json:"lines,omitempty" doc:"Absent for a quote of a total alone"`
	Taxes      []QuoteTax  `json:"taxes,omitempty"`
	GrossCents qms.Money   `json:"gross_cents,omitempty" doc:"With tax"`
	Mention    string      `json:"vat_mention,omitempty"`
	Conditions string      `json:"conditions,omitempty"`
}

func renderQuoteLines(q trace.Quote) QuoteLines {
	out := QuoteLines{PriceList: q.PriceList, Mention: q.Mention, Conditions: q.Conditions}
	if q.Lines == "" {
		return out
	}
	for _, l := range q.Items() {
		out.Lines = append(out.Lines, QuoteLine{Code: l.Code, Label: l.Label, English: l.English, Unit: l.Unit, Quantity: l.Quantity, Price: l.Price,
			Discount: l.Discount, Reason: l.Reason, VAT: l.VAT, Total: l.Total()})
	}
	sum := q.Sum()
	for _, t := range sum.Taxes {
		out.Taxes = append(out.Taxes, QuoteTax{t.Rate, t.Base, t.Tax})
	}
	out.GrossCents = sum.Gross
	return out
}

// NewQuoteLines is what is stated of the lines of a quote.
type NewQuoteLines struct {
	Lines      []QuoteLine `json:"lines,omitempty" doc:"Absent in a correction leaves the lines as they are; an empty list takes them away"`
	Conditions string      `json:"conditions,omitempty" maxLength:"4000"`
}

func (b NewQuoteLines) stated() []trace.QuoteLine {
	if b.Lines == nil {
		return nil
	}
	lines := make([]trace.QuoteLine, 0, len(b.Lines))
	for _, l := range b.Lines {
		lines = append(lines, trace.QuoteLine{Code: l.Code, Label: l.Label, English: l.English, Unit: l.Unit, Quantity: l.Quantity, Price: l.Price,
			Discount: l.Discount, Reason: l.Reason, VAT: l.VAT})
	}
	return lines
}
