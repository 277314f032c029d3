package demo

import (
	"context"
	"fmt"

	"maillon/qms"
	"maillon/qms/trace"
)

// The lines that the demo's quotes are made of: what a service costs to open, and hours.
const (
	opening = "OUV-1"
	hourly  = "INS-H"
)

// nextPrices is the day of the year on which the second price list begins.
const nextPrices = 184

// prices plans the two price lists of a platform: one for the beginning of its year, and the one that
// replaces it, with openings that are dearer.
func (y *year) prices(platform qms.ID, manager, lead int, instrument string, public bool) {
	y.on(2, manager, func(ctx context.Context) error {
		_, err := y.h.Trace.StatePriceSettings(ctx, trace.StatePriceSettings{Platform: platform, Public: public, ValidDays: 60,
			Seller:     "Plateforme d’exemple\nUnité de recherche 0000\n1 rue de l’Exemple\n75000 Paris",
			Conditions: "Travaux commencés après accord signé. Facturation après remise du rapport, payable à trente jours.",
			Mention:    "TVA non applicable aux prestations internes à l’établissement"})
		return err
	})
	number := new(string)
	y.on(3, lead, func(ctx context.Context) (err error) {
		*number, err = y.publish(ctx, trace.RecordPriceList{Platform: platform, Title: "Tarifs de l’année", EffectiveFrom: y.date(3), Lines: priceLines(instrument)})
		return err
	})
	y.on(nextPrices-12, lead, func(ctx context.Context) error {
		_, err := y.publish(ctx, trace.RecordPriceList{Platform: platform, Title: "Tarifs révisés", EffectiveFrom: y.date(nextPrices), CopyOf: *number,
			Remark: "Ouverture de dossier revue après le comité d’utilisateurs."})
		return err
	})
}

// priceLines are the lines of the first list. An internal client pays half of what an academic one pays.
func priceLines(instrument string) []trace.PriceLine {
	line := func(code, label, english, category, unit string, internal, academic, industrial qms.Money) trace.PriceLine {
		return trace.PriceLine{Code: code, Label: label, English: english, Category: category, Unit: unit, VAT: 2000,
			Prices: map[string]qms.Money{trace.Internal: internal, trace.Academic: academic, trace.Industrial: industrial}}
	}
	lines := []trace.PriceLine{
		line(opening, "Ouverture de dossier", "Opening of a file", "Prestation", "flat", 30_00, 30_00, 75_00),
		line(hourly, instrument+", avec opérateur", "Instrument with operator", "Prestation", "hour", 15_00, 22_50, 45_00),
		line("ANA-1", "Traitement des données", "Data processing", "Prestation", "hour", 20_00, 32_00, 85_00),
		line("ECH-1", "Préparation d’un échantillon", "Preparation of a sample", "Préparation", "sample", 4_50, 7_25, 18_00),
		line("LAM-1", "Montage d’une lame", "Mounting of a slide", "Préparation", "slide", 1_80, 2_95, 7_40),
		line("ACC-H", "Accès en autonomie, heure", "Self-service access, one hour", "Mise à disposition", "hour", 8_00, 13_00, 60_00),
		line("ACC-D", "Accès en autonomie, demi-journée", "Self-service access, half a day", "Mise à disposition", "half-day", 28_00, 45_00, 210_00),
		line("FOR-1", "Formation à l’équipement", "Training on the equipment", "Mise à disposition", "session", 60_00, 90_00, 300_00),
	}
	advice := line("CON-1", "Conseil aux équipes de l’établissement", "Advice to teams of the institution", "Conseil", "hour", 25_00, 0, 0)
	advice.VAT, advice.Prices = trace.NotSubject, map[string]qms.Money{trace.Internal: 25_00}
	return append(lines, advice)
}

// publish makes a list and publishes it; a copy is given the new price of openings first.
func (y *year) publish(ctx context.Context, cmd trace.RecordPriceList) (string, error) {
	settings, err := y.h.Trace.PriceSettings(ctx, cmd.Platform)
	if err != nil {
		return "", err
	}
	cmd.Mention = settings.Mention
	l, err := y.h.Trace.AddPriceList(ctx, cmd)
	if err != nil {
		return "", err
	}
	target := func() trace.Target { return trace.Target{Platform: cmd.Platform, ID: l.ID, Revision: l.Revision} }
	if cmd.CopyOf != "" {
		dearer, _ := l.Item(opening)
		dearer.Prices = map[string]qms.Money{trace.Internal: 45_00, trace.Academic: 52_50, trace.Industrial: 120_00}
		if l, err = y.h.Trace.SetPriceLine(ctx, trace.SetPriceLine{Target: target(), Code: opening, Line: dearer}); err != nil {
			return "", err
		}
	}
	if l, err = y.h.Trace.PublishPriceList(ctx, target()); err != nil {
		return "", err
	}
	return l.Number, nil
}

// quoted makes the quote from the list in force: an opening, hours, and what is left as a free line, so
// that the lines come to the total.
func (y *year) quoted(ctx context.Context, cmd trace.RecordQuote) (*trace.Quote, error) {
	offer, err := y.h.Trace.QuoteOffer(ctx, cmd.Platform, cmd.Request, cmd.Date)
	if err != nil {
		return nil, err
	}
	if !offer.Known {
		return nil, fmt.Errorf("no price for %s on %s", offer.Request.ClientStatus, cmd.Date)
	}
	rest := cmd.Total
	for _, l := range offer.Lines {
		price := offer.Price(l)
		switch l.Code {
		case opening:
			cmd.Lines = append(cmd.Lines, trace.QuoteLine{Code: l.Code, Quantity: 1000})
			rest -= price
		case hourly:
			hours := rest / price
			if rest%price != 0 {
				hours -= 2 // which the free line below then holds
			}
			cmd.Lines = append(cmd.Lines, trace.QuoteLine{Code: l.Code, Quantity: trace.Quantity(hours) * 1000})
			rest -= hours * price
		}
	}
	if rest > 0 {
		cmd.Lines = append(cmd.Lines, trace.QuoteLine{Label: "Analyses complémentaires", English: "Further analyses", Unit: "flat", Quantity: 1000, Price: rest, VAT: 2000})
	}
	cmd.Conditions = offer.Settings.Conditions
	return y.h.Trace.RecordQuote(ctx, cmd)
}
