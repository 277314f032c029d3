package trace

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

const elsewhere = qms.ID("00000000-0000-7000-9000-000000000002")

// hours and slides are two lines of a list.
func hours() PriceLine {
	return PriceLine{Code: "mic-h", Label: "Microscope confocal", English: "Confocal microscope", Unit: "heure", Category: "Imagerie", VAT: 2000,
		Prices: map[string]qms.Money{Internal: 20_00, Academic: 35_50, Industrial: 120_00}}
}

func slides() PriceLine {
	return PriceLine{Code: "lam-1", Label: "Préparation d’une lame", Unit: "lame", VAT: 550, Prices: map[string]qms.Money{Internal: 5_05, Academic: 7_33}}
}

func (f fixture) published(t *testing.T, from string, lines ...PriceLine) *PriceList {
	t.Helper()
	lead := storetest.As(qms.QualityLead, platform)
	l := must(f.AddPriceList(lead, RecordPriceList{Platform: platform, Title: "Tarifs", EffectiveFrom: day(from), Lines: lines}))(t)
	return must(f.PublishPriceList(lead, Target{Platform: platform, ID: l.ID, Revision: l.Revision}))(t)
}

func (f fixture) asked(t *testing.T, status string) string {
	t.Helper()
	r := must(f.RecordRequest(storetest.As(qms.Member, platform), RecordRequest{Platform: platform, Date: day("2026-03-01"), Client: "Client 01", ClientStatus: status, Subject: "Analyse"}))(t)
	return r.Number
}

func TestPriceList_ComesIntoForceOnItsDayAndEndsWithTheNext(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, member := furnished(t, db), storetest.As(qms.Member, platform)
		first, second := s.published(t, "2026-01-01", hours()), s.published(t, "2026-05-01", hours(), slides())
		on := func(d string) string {
			l, err := s.PriceListOn(member, platform, day(d))
			if qms.CodeOf(err) == qms.CodeNotFound {
				return "none"
			}
			return must(l, err)(t).Number
		}
		want := map[string]string{"2025-12-31": "none", "2026-01-01": first.Number, "2026-04-30": first.Number, "2026-05-01": second.Number, "2040-01-01": second.Number}
		for d, number := range want {
			if got := on(d); got != number {
				t.Errorf("on %s %s is in force, want %s", d, got, number)
			}
		}
		must(s.VoidPriceList(storetest.As(qms.Manager, platform), Target{Platform: platform, ID: second.ID, Revision: second.Revision, Reason: "prix faux"}))(t)
		if got := on("2026-06-01"); got != first.Number {
			t.Errorf("after the second is void %s is in force, want %s", got, first.Number)
		}
		lines := must(s.PriceLists(member, platform, day("2026-06-01")))(t)
		if len(lines) != 2 || lines[0].Standing != "withdrawn" || lines[1].Standing != "effective" || lines[0].Lines != "" {
			t.Errorf("the lists stand as %+v", lines)
		}
	})
}

func TestPriceList_NeverChangesOncePublished(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		l := s.published(t, "2026-01-01", hours())
		target := Target{Platform: platform, ID: l.ID, Revision: l.Revision, Reason: "x"}
		_, whole := s.ChangePriceList(lead, target, RecordPriceList{Title: "Autre", EffectiveFrom: l.EffectiveFrom})
		_, line := s.SetPriceLine(lead, SetPriceLine{Target: target, Line: slides()})
		_, out := s.TakeOutPriceLine(lead, target, "MIC-H")
		_, lines := s.SetPriceLines(lead, target, []PriceLine{slides()})
		_, again := s.PublishPriceList(lead, target)
		for i, err := range []error{whole, line, out, lines, again} {
			if !errors.Is(err, qms.Conflict("price_list.published")) {
				t.Errorf("change %d of a published list: %v", i, err)
			}
		}
		draft := must(s.AddPriceList(lead, RecordPriceList{Platform: platform, Title: "Suite", EffectiveFrom: l.EffectiveFrom, CopyOf: "tar-2026-0001"}))(t)
		if !cmp.Equal(draft.Items(), l.Items()) || draft.CopiedFrom != l.Number || draft.Number != "TAR-2026-0002" {
			t.Errorf("the copy is %+v", draft)
		}
		_, err := s.PublishPriceList(lead, Target{Platform: platform, ID: draft.ID, Revision: draft.Revision})
		if wrong(err)["effective_from"] != "price_list.same_day" {
			t.Errorf("two lists from one day: %v", err)
		}
	})
}

func TestPriceList_IsWrittenByWhoKeepsPricesAndReadByMembers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := furnished(t, db)
		l := s.published(t, "2026-01-01", hours())
		for role, code := range map[qms.Role]qms.Code{qms.Member: qms.CodeRefused, qms.Auditor: qms.CodeRefused, qms.User: qms.CodeRefused} {
			if _, err := s.AddPriceList(storetest.As(role, platform), RecordPriceList{Platform: platform, Title: "x", EffectiveFrom: 1}); qms.CodeOf(err) != code {
				t.Errorf("%s adds a list: %v", role, err)
			}
			if _, err := s.StatePriceSettings(storetest.As(role, platform), StatePriceSettings{Platform: platform, ValidDays: 1}); qms.CodeOf(err) != code {
				t.Errorf("%s sets how the platform sells: %v", role, err)
			}
		}
		for _, ctx := range []context.Context{storetest.As(qms.Manager, elsewhere), t.Context()} {
			_, one := s.PriceList(ctx, platform, l.Number)
			_, all := s.PriceLists(ctx, platform, 0)
			_, void := s.VoidPriceList(ctx, Target{Platform: platform, ID: l.ID, Revision: 1, Reason: "x"})
			for _, err := range []error{one, all, void} {
				if code := qms.CodeOf(err); code != qms.CodeNotFound && code != qms.CodeUnauthenticated {
					t.Errorf("a stranger: %v", err)
				}
			}
		}
		if _, err := s.PriceSheet(storetest.As(qms.Manager, elsewhere), elsewhere, l.Number); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("a list of another platform: %v", err)
		}
		foreign := RecordPriceList{Platform: elsewhere, Title: "x", EffectiveFrom: day("2026-01-01"), CopyOf: l.Number}
		if _, err := s.AddPriceList(storetest.As(qms.Manager, elsewhere), foreign); wrong(err)["copy_of"] != "price_list.unknown" {
			t.Errorf("a copy of another platform's list: %v", err)
		}
		if _, err := s.VoidPriceList(storetest.As(qms.Manager, elsewhere), Target{Platform: elsewhere, ID: l.ID, Revision: 1, Reason: "x"}); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("voided from another platform: %v", err)
		}
	})
}

func TestPriceList_SaysWhatIsWrongWithEachLine(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		bad := func(change func(l *PriceLine)) PriceLine {
			l := hours()
			l.Prices = map[string]qms.Money{Internal: 1}
			l.Code = rapid.StringMatching("[A-Z]{12}").Example()
			change(&l)
			return l
		}
		lines := []PriceLine{
			bad(func(l *PriceLine) { l.Code = "A" }),
			bad(func(l *PriceLine) { l.Code = " a " }),
			bad(func(l *PriceLine) { l.Code, l.Label, l.Unit = "", " ", "" }),
			bad(func(l *PriceLine) { l.Prices[Internal] = -1 }),
			bad(func(l *PriceLine) { l.Prices[Internal] = 1e15 }),
			bad(func(l *PriceLine) { l.Prices["martian"] = 1 }),
			bad(func(l *PriceLine) { l.Prices = nil }),
			bad(func(l *PriceLine) { l.VAT = 10_001 }),
			bad(func(l *PriceLine) { l.VAT = -2 }),
			bad(func(l *PriceLine) { l.Label = "a\x00b" }),
			bad(func(l *PriceLine) { l.Label = "a\x07b" }),
			bad(func(l *PriceLine) { l.Label = strings.Repeat("é", 201) }),
			bad(func(l *PriceLine) { l.Label = "a\xffb" }),
		}
		want := map[string]string{
			"lines.2.code": "price_line.doubled", "lines.3.code": "input.required", "lines.3.label": "input.required", "lines.3.unit": "input.required",
			"lines.4.prices.internal": "price.negative", "lines.5.prices.internal": "price.too_high", "lines.6.prices": "price.unknown_status",
			"lines.7.prices": "price.none", "lines.8.vat": "vat.implausible", "lines.9.vat": "vat.implausible",
			"lines.10.label": "text.unreadable", "lines.11.label": "text.unreadable", "lines.12.label": "input.too_long", "lines.13.label": "text.unreadable",
		}
		_, err := s.AddPriceList(lead, RecordPriceList{Platform: platform, Title: "Tarifs", EffectiveFrom: day("2026-01-01"), Lines: lines})
		if diff := cmp.Diff(want, wrong(err)); diff != "" {
			t.Errorf("what is wrong (-want +got):\n%s", diff)
		}
		_, err = s.AddPriceList(lead, RecordPriceList{Platform: platform, Lines: make([]PriceLine, MaxPriceLines+1)})
		if diff := cmp.Diff(map[string]string{"title": "input.required", "effective_from": "input.required", "lines": "price_list.too_long"}, wrong(err)); diff != "" {
			t.Errorf("a list of nothing (-want +got):\n%s", diff)
		}
		markup := hours()
		markup.Label = "<script>alert(1)</script> & \"x\""
		if l := s.published(t, "2026-01-01", markup); l.Items()[0].Label != markup.Label {
			t.Errorf("markup is kept as %q", l.Items()[0].Label)
		}
		exempt := slides()
		exempt.VAT = NotSubject
		draft := must(s.AddPriceList(lead, RecordPriceList{Platform: platform, Title: "Tarifs", EffectiveFrom: day("2026-02-01"), Lines: []PriceLine{exempt}}))(t)
		if _, err := s.PublishPriceList(lead, Target{Platform: platform, ID: draft.ID, Revision: 1}); wrong(err)["mention"] != "price_list.mention" {
			t.Errorf("not subject to VAT, without the mention: %v", err)
		}
	})
}

func TestPriceLine_IsAddedChangedAndTakenOutOfADraft(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		l := must(s.AddPriceList(lead, RecordPriceList{Platform: platform, Title: "Tarifs", EffectiveFrom: day("2026-01-01")}))(t)
		target := func() Target { return Target{Platform: platform, ID: l.ID, Revision: l.Revision} }
		l = must(s.SetPriceLine(lead, SetPriceLine{Target: target(), Line: hours()}))(t)
		l = must(s.SetPriceLine(lead, SetPriceLine{Target: target(), Line: slides()}))(t)
		renamed := slides()
		renamed.Code = "LAM-2"
		l = must(s.SetPriceLine(lead, SetPriceLine{Target: target(), Code: "lam-1", Line: renamed}))(t)
		if codes := codesOf(l); !cmp.Equal(codes, []string{"MIC-H", "LAM-2"}) || l.Size != 2 || l.Revision != 4 {
			t.Errorf("the lines are %v, %d, revision %d", codes, l.Size, l.Revision)
		}
		renamed.Code = "MIC-H"
		if _, err := s.SetPriceLine(lead, SetPriceLine{Target: target(), Code: "LAM-2", Line: renamed}); wrong(err)["code"] != "price_line.doubled" {
			t.Errorf("a code twice: %v", err)
		}
		if _, err := s.SetPriceLine(lead, SetPriceLine{Target: target(), Code: "GONE", Line: slides()}); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("a line that is not there: %v", err)
		}
		stale := target()
		l = must(s.TakeOutPriceLine(lead, target(), "mic-h"))(t)
		if codes := codesOf(l); !cmp.Equal(codes, []string{"LAM-2"}) {
			t.Errorf("the lines are %v", codes)
		}
		if _, err := s.SetPriceLines(lead, stale, []PriceLine{hours()}); !errors.Is(err, qms.Conflict("record.changed")) {
			t.Errorf("a change of what was changed meanwhile: %v", err)
		}
	})
}

func codesOf(l *PriceList) (codes []string) {
	for _, line := range l.Items() {
		codes = append(codes, line.Code)
	}
	return codes
}

func TestQuote_TakesItsLinesFromTheListInForceForTheStatusOfTheClient(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		s.published(t, "2026-01-01", hours(), slides())
		dearer := hours()
		dearer.Prices[Academic] = 99_00
		s.published(t, "2026-04-01", dearer)
		request := s.asked(t, "Académique")
		q := must(s.RecordQuote(ctx, RecordQuote{Platform: platform, Request: request, Date: day("2026-03-31"), Conditions: "Paiement à 30 jours.",
			Lines: []QuoteLine{
				{Code: "mic-h", Quantity: 2500, Label: "ignoré", Price: 1},
				{Code: "LAM-1", Quantity: 3000, Discount: 1000, Reason: "projet commun"},
				{Label: "Rapport rédigé", Unit: "forfait", Quantity: 1000, Price: 40_00, VAT: 2000},
			}}))(t)
		want := []QuoteLine{
			{Code: "MIC-H", Label: "Microscope confocal", English: "Confocal microscope", Unit: "hour", Quantity: 2500, Price: 35_50, VAT: 2000},
			{Code: "LAM-1", Label: "Préparation d’une lame", Unit: "slide", Quantity: 3000, Price: 7_33, Discount: 1000, Reason: "projet commun", VAT: 550},
			{Label: "Rapport rédigé", Unit: "flat", Quantity: 1000, Price: 40_00, VAT: 2000},
		}
		if diff := cmp.Diff(want, q.Items()); diff != "" {
			t.Errorf("the lines (-want +got):\n%s", diff)
		}
		sum := Sum{Net: 88_75 + 19_79 + 40_00, Taxes: []Tax{{2000, 128_75, 25_75}, {550, 19_79, 1_09}}, Gross: 148_54 + 25_75 + 1_09}
		if diff := cmp.Diff(sum, q.Sum()); diff != "" || q.Total != sum.Net || q.PriceList != "TAR-2026-0001" {
			t.Errorf("%s comes to %v (-want +got):\n%s", q.PriceList, q.Total, diff)
		}
		d := must(s.Dossier(ctx, platform, q.Number, 0))(t)
		if got := d.Chain.Quotes[0]; got != *q {
			t.Errorf("the dossier has %+v, want %+v", got, *q)
		}
		sheet := must(s.QuoteSheet(ctx, platform, q.Number))(t)
		if sheet.Client != "Client 01" || sheet.ClientStatus.French != "Académique" || sheet.Total != q.Total {
			t.Errorf("the sheet is %+v", sheet)
		}
		later := must(s.RecordQuote(ctx, RecordQuote{Platform: platform, Request: request, Date: day("2026-04-01"), Lines: []QuoteLine{{Code: "MIC-H", Quantity: 1000}}}))(t)
		if later.Total != 99_00 || later.PriceList != "TAR-2026-0002" {
			t.Errorf("on the day of the next list: %v of %s", later.Total, later.PriceList)
		}
	})
}

func TestQuote_SaysWhatIsWrongWithEachLine(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		s.published(t, "2026-02-01", hours(), slides())
		request := s.asked(t, "industrial")
		free := func(change func(l *QuoteLine)) QuoteLine {
			l := QuoteLine{Label: "Rapport", Unit: "flat", Quantity: 1000, Price: 1, VAT: 2000}
			change(&l)
			return l
		}
		lines := []QuoteLine{
			{Code: "GONE", Quantity: 1000},
			{Code: "LAM-1", Quantity: 1000}, // not sold to industry
			{Code: "MIC-H", Quantity: 0},
			{Code: "MIC-H", Quantity: 2e9},
			{Code: "MIC-H", Quantity: 1000, Discount: 500},
			free(func(l *QuoteLine) { l.Discount, l.Reason = 10_001, "x" }),
			free(func(l *QuoteLine) { l.Label, l.Unit = "", "" }),
			free(func(l *QuoteLine) { l.Price = -1 }),
			free(func(l *QuoteLine) { l.Price = 2e10 }),
			free(func(l *QuoteLine) { l.VAT = 20_000 }),
		}
		want := map[string]string{
			"lines.1.code": "price_line.unknown", "lines.2.code": "price_line.not_sold", "lines.3.quantity": "quantity.not_positive",
			"lines.4.quantity": "quantity.too_high", "lines.5.reason": "discount.reason", "lines.6.discount": "discount.implausible",
			"lines.7.label": "input.required", "lines.7.unit": "input.required", "lines.8.price": "price.negative", "lines.9.price": "price.too_high",
			"lines.10.vat": "vat.implausible",
		}
		record := func(on string, total qms.Money, lines ...QuoteLine) error {
			_, err := s.RecordQuote(ctx, RecordQuote{Platform: platform, Request: request, Date: day(on), Total: total, Lines: lines})
			return err
		}
		if diff := cmp.Diff(want, wrong(record("2026-03-02", 0, lines...))); diff != "" {
			t.Errorf("what is wrong (-want +got):\n%s", diff)
		}
		if err := record("2026-01-31", 0, QuoteLine{Code: "MIC-H", Quantity: 1000}); wrong(err)["lines.1.code"] != "price_list.none_on" {
			t.Errorf("no list in force: %v", err)
		}
		if err := record("2026-03-02", 119_99, QuoteLine{Code: "MIC-H", Quantity: 1000}); wrong(err)["total"] != "quote.total_not_of_lines" {
			t.Errorf("another total than the lines': %v", err)
		}
		if err := record("2026-03-02", 0, make([]QuoteLine, MaxQuoteLines+1)...); wrong(err)["lines"] != "quote.too_many_lines" {
			t.Errorf("too many lines: %v", err)
		}
		huge := free(func(l *QuoteLine) { l.Price, l.Quantity = 1e10, 1e9 })
		if err := record("2026-03-02", 0, huge); wrong(err)["total"] != "money.implausible" {
			t.Errorf("a huge total: %v", err)
		}
		if err := record("2026-03-02", 120_00, QuoteLine{Code: "MIC-H", Quantity: 1000}); err != nil {
			t.Errorf("the total of the lines besides: %v", err)
		}
	})
}

func TestQuote_IsCorrectedWithItsLinesAsNewRevisions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.Member, platform)
		list := s.published(t, "2026-01-01", hours())
		request := s.asked(t, "internal")
		cmd := RecordQuote{Platform: platform, Request: request, Date: day("2026-03-02"), Lines: []QuoteLine{{Code: "MIC-H", Quantity: 1000}}}
		q := must(s.RecordQuote(ctx, cmd))(t)
		correct := func(change func(c *RecordQuote)) (*Quote, error) {
			c := RecordQuote{Platform: platform, Request: request, Date: q.Date}
			change(&c)
			return s.CorrectQuote(ctx, Target{Platform: platform, ID: q.ID, Revision: q.Revision, Reason: "erreur"}, c)
		}
		q = must(correct(func(c *RecordQuote) { c.ValidUntil = day("2026-09-01") }))(t)
		if len(q.Items()) != 1 || q.Total != 20_00 {
			t.Errorf("a correction that says nothing of the lines leaves %+v, %v", q.Items(), q.Total)
		}
		if _, err := correct(func(c *RecordQuote) { c.Total = 1 }); wrong(err)["total"] != "quote.total_not_of_lines" {
			t.Errorf("a total that is not of the lines: %v", err)
		}
		q = must(correct(func(c *RecordQuote) { c.Lines = []QuoteLine{{Code: "MIC-H", Quantity: 2000}} }))(t)
		if q.Total != 40_00 || q.Revision != 3 {
			t.Errorf("corrected to %v, revision %d", q.Total, q.Revision)
		}
		must(s.VoidPriceList(storetest.As(qms.Manager, platform), Target{Platform: platform, ID: list.ID, Revision: list.Revision, Reason: "faux"}))(t)
		q = must(correct(func(c *RecordQuote) { c.Lines = []QuoteLine{{Code: "MIC-H", Quantity: 3000}} }))(t)
		if q.Total != 60_00 || q.Items()[0].Label != "Microscope confocal" {
			t.Errorf("after its list is void: %v %+v", q.Total, q.Items())
		}
		q = must(correct(func(c *RecordQuote) { c.Lines, c.Total = []QuoteLine{}, 12_00 }))(t)
		if q.Total != 12_00 || q.Lines != "" || q.PriceList != "" {
			t.Errorf("without lines: %+v", q)
		}
	})
}

func TestImport_LeavesTheTotalOfAQuoteWithLines(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, ctx := furnished(t, db), storetest.As(qms.QualityLead, platform)
		s.published(t, "2026-01-01", hours())
		q := must(s.RecordQuote(ctx, RecordQuote{Platform: platform, Request: s.asked(t, "internal"), Date: day("2026-03-02"), Lines: []QuoteLine{{Code: "MIC-H", Quantity: 1000}}}))(t)
		row := QuoteRow{Number: q.Number, Request: q.Request, Date: q.Date, Total: 21_00, AcceptedOn: day("2026-03-05")}
		act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}
		err := db.Change(ctx, act, func(tx *store.Tx) error {
			_, err := s.TakeRegisters(ctx, tx, Registers{Quotes: []QuoteRow{row}})
			return err
		})
		var batch *BatchError
		if !errors.As(err, &batch) || len(batch.Rows) != 1 || batch.Rows[0].Err.Key != "quote.total_not_of_lines" {
			t.Errorf("a register with another total: %v", err)
		}
		row.Total = 20_00
		taken(t, db, s.Service, Registers{Quotes: []QuoteRow{row}})
		if got := must(s.Quote(ctx, platform, q.Number))(t); got.AcceptedOn != row.AcceptedOn || len(got.Items()) != 1 {
			t.Errorf("the register with the same total makes it %+v", got)
		}
	})
}

func TestPublicPrices_ShowTheListInForceOfPlatformsThatWantIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead, nobody := furnished(t, db), storetest.As(qms.QualityLead, platform), t.Context()
		see := func(want string) {
			t.Helper()
			l, err := s.PublicPriceList(nobody, platform, 0)
			ids := must(s.PublicPlatforms(nobody))(t)
			got := ""
			if err == nil {
				got = l.Number
			}
			if got != want || (len(ids) == 1) != (want != "") {
				t.Errorf("the public sees %q (%v), in the directory %v, want %q", got, err, ids, want)
			}
		}
		see("")
		draft := must(s.AddPriceList(lead, RecordPriceList{Platform: platform, Title: "Projet", EffectiveFrom: day("2026-01-01"), Lines: []PriceLine{hours()}}))(t)
		settings := must(s.StatePriceSettings(lead, StatePriceSettings{Platform: platform, Public: true, ValidDays: 30}))(t)
		see("")
		l := must(s.PublishPriceList(lead, Target{Platform: platform, ID: draft.ID, Revision: draft.Revision}))(t)
		see(l.Number)
		s.published(t, "2030-01-01", hours())
		see(l.Number)
		if _, err := s.PublicPriceList(nobody, elsewhere, 0); qms.CodeOf(err) != qms.CodeNotFound {
			t.Errorf("another platform: %v", err)
		}
		must(s.StatePriceSettings(lead, StatePriceSettings{Platform: platform, Revision: settings.Revision, ValidDays: 30}))(t)
		see("")
		if _, err := s.StatePriceSettings(lead, StatePriceSettings{Platform: platform, ValidDays: 30}); !errors.Is(err, qms.Conflict("record.changed")) {
			t.Errorf("settings stated over others: %v", err)
		}
	})
}

func TestSettings_NameTheStatusesOfClients(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		state := func(statuses ...ClientStatus) error {
			_, err := s.StatePriceSettings(lead, StatePriceSettings{Platform: platform, ValidDays: 30, Statuses: statuses})
			return err
		}
		want := map[string]string{"statuses.1.code": "price_status.malformed", "statuses.3.code": "price_status.doubled", "statuses.4.french": "input.required"}
		err := state(ClientStatus{Code: "à b", French: "A"}, ClientStatus{Code: "b", French: "B"}, ClientStatus{Code: "B", French: "C"}, ClientStatus{Code: "d"})
		if diff := cmp.Diff(want, wrong(err)); diff != "" {
			t.Errorf("what is wrong (-want +got):\n%s", diff)
		}
		if err := state(append(DefaultStatuses(), ClientStatus{"partner", "Partenaire", "Partner"})...); err != nil {
			t.Fatal(err)
		}
		line := hours()
		line.Prices = map[string]qms.Money{"partner": 15_00}
		s.published(t, "2026-01-01", line)
		q := must(s.RecordQuote(lead, RecordQuote{Platform: platform, Request: s.asked(t, "PARTENAIRE"), Date: day("2026-03-02"), Lines: []QuoteLine{{Code: "MIC-H", Quantity: 1000}}}))(t)
		if q.Total != 15_00 {
			t.Errorf("a partner pays %v", q.Total)
		}
	})
}

func TestPeriods_TouchAndNeverOverlap(t *testing.T) {
	t.Parallel()
	first := day("2026-01-01")
	rapid.Check(t, func(t *rapid.T) {
		var lists []PriceList
		taken := map[qms.Date]bool{}
		for i := range rapid.IntRange(0, 12).Draw(t, "lists") {
			from := first + qms.Date(rapid.IntRange(0, 60).Draw(t, "from"))
			l := PriceList{Number: fmt.Sprint(i), EffectiveFrom: from, State: rapid.SampledFrom([]PriceState{PriceDraft, PricePublished, PricePublished}).Draw(t, "state"),
				Void: rapid.SampledFrom([]string{"", "", "", "x"}).Draw(t, "void")}
			if l.counts() && taken[from] {
				continue // publishing refuses it
			}
			taken[from] = taken[from] || l.counts()
			lists = append(lists, l)
		}
		periods := Periods(lists)
		for d := first - 1; d <= first+70; d++ {
			want := "" // the one that began last
			var begun qms.Date
			for _, l := range lists {
				if l.counts() && l.EffectiveFrom <= d && l.EffectiveFrom >= begun {
					want, begun = l.Number, l.EffectiveFrom
				}
			}
			got := ""
			for number, p := range periods {
				if p.Contains(d) {
					if got != "" {
						t.Fatalf("%s and %s are both in force on %s", got, number, d)
					}
					got = number
				}
			}
			if got != want {
				t.Fatalf("on %s %q is in force, want %q", d, got, want)
			}
		}
	})
}

func TestSum_RoundsEachLineOnceHalfUp(t *testing.T) {
	t.Parallel()
	halfUp := func(r *big.Rat) qms.Money {
		r = new(big.Rat).Add(r, big.NewRat(1, 2))
		n := new(big.Int).Div(r.Num(), r.Denom()) // towards minus infinity
		return qms.Money(n.Int64())
	}
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) QuoteLine {
			return QuoteLine{Price: qms.Money(rapid.Int64Range(0, 1e8).Draw(t, "price")), Quantity: Quantity(rapid.Int64Range(1, 1e6).Draw(t, "quantity")),
				Discount: rapid.Int64Range(0, WholeDiscount).Draw(t, "discount"), VAT: rapid.SampledFrom(UsualVAT()).Draw(t, "vat")}
		}), 0, 20).Draw(t, "lines")
		var net, gross qms.Money
		bases := map[VAT]qms.Money{}
		for _, l := range lines {
			exact := new(big.Rat).SetFrac64(int64(l.Price), 1)
			exact.Mul(exact, big.NewRat(int64(l.Quantity), 1000)).Mul(exact, big.NewRat(WholeDiscount-l.Discount, WholeDiscount))
			if want := halfUp(exact); l.Total() != want {
				t.Fatalf("%+v comes to %v, want %v", l, l.Total(), want)
			}
			net += l.Total()
			bases[l.VAT] += l.Total()
		}
		gross = net
		for rate, base := range bases {
			if rate > 0 {
				gross += halfUp(new(big.Rat).Mul(big.NewRat(int64(base), 1), big.NewRat(int64(rate), 10_000)))
			}
		}
		if s := SumOf(lines); s.Net != net || s.Gross != gross || len(s.Taxes) != len(bases) {
			t.Fatalf("the lines come to %+v, want %v and %v", s, net, gross)
		}
	})
	half := QuoteLine{Price: 1, Quantity: 500}
	if half.Total() != 1 {
		t.Errorf("half a cent is rounded to %v", half.Total())
	}
}

func TestQuantity_IsReadAndWrittenWithUpToThreeDecimals(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Quantity{"1": 1000, "2,5": 2500, "0.125": 125, ",5": 500, "1 250": 1_250_000, "3.": 3000, "1.0000": 1000} {
		if got, err := ParseQuantity(text); err != nil || got != want {
			t.Errorf("%q is read as %d, %v", text, got, err)
		}
	}
	for text, key := range map[string]string{"": "quantity.malformed", "1,2345": "quantity.too_fine", "-1": "quantity.malformed", "1e3": "quantity.malformed",
		"1,2,3": "quantity.malformed", "9999999999": "quantity.malformed", "½": "quantity.malformed", ".": "quantity.malformed"} {
		if _, err := ParseQuantity(text); !errors.Is(err, qms.Invalid(key)) {
			t.Errorf("%q: %v, want %s", text, err, key)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		q := Quantity(rapid.Int64Range(0, int64(maxQuantity)).Draw(t, "q"))
		if back, err := ParseQuantity(q.String()); err != nil || back != q {
			t.Fatalf("%d is written %q and read back as %d, %v", q, q, back, err)
		}
	})
	if n, err := ParsePercent("12,5 %"); n != 1250 || err != nil || Percent(n) != "12.5" {
		t.Errorf("12,5 %% is read as %d, %v", n, err)
	}
	for _, text := range []string{"", "12,555", "x"} {
		if _, err := ParsePercent(text); !errors.Is(err, qms.Invalid("percent.malformed")) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestComparePrices_TellsWhatIsGoneNewAndChanged(t *testing.T) {
	t.Parallel()
	a, b, c := hours(), slides(), slides()
	c.Code = "LAM-9"
	dearer := hours()
	dearer.Prices[Internal]++
	got := ComparePrices([]PriceLine{a, b}, []PriceLine{dearer, c})
	want := []PriceChange{{Code: b.Code, Before: &b}, {Code: a.Code, Before: &a, After: &dearer}, {Code: c.Code, After: &c}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the changes (-want +got):\n%s", diff)
	}
	if same := ComparePrices([]PriceLine{a, b}, []PriceLine{b, hours()}); len(same) != 0 {
		t.Errorf("another order is no change: %+v", same)
	}
}
