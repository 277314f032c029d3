package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// The terms that no setting gives, in days.
const (
	QuoteDays  = 30 // for an answer to a quote that states no day
	ImpactDays = 30 // for the conclusion of an impact dossier
)

// openQuote is a quote as what falls due sees it. Dates after the day it is asked on are taken back.
type openQuote struct {
	Platform   qms.ID
	Number     string
	ID         qms.ID
	Revision   int64
	Request    string
	Client     string
	Date       qms.Date
	ValidUntil qms.Date
	Settled    bool // accepted, refused, or overtaken: one of its day or later for the same request was accepted
}

// due is the day by which the client should have answered.
func (q openQuote) due() (qms.Due, bool) {
	if q.Settled {
		return qms.Due{}, false
	}
	on := q.ValidUntil
	if on == 0 {
		on = q.Date.AddDays(QuoteDays)
	}
	return qms.Due{Key: "quote:" + string(q.ID), Kind: "quote", Platform: q.Platform, Subject: q.ID,
		Title: titled(q.Number, q.Client), On: on, Parts: []string{"services", q.Number}, Revision: q.Revision}, true
}

// uninvoicedChain is a chain that has reports and no invoice.
type uninvoicedChain struct {
	Platform   qms.ID
	Request    string
	ID         qms.ID // of the request
	Client     string
	LastReport qms.Date
	Revisions  int64 // of all its reports together, also of those that do not count
}

// due is the day from which check S03 fires: the last one on which an invoice is in time. A later report
// moves it, and so does a change of the settings.
func (c uninvoicedChain) due(s CheckSettings) qms.Due {
	on := c.LastReport.AddDays(int(s.InvoiceDays))
	return qms.Due{Key: "invoice:" + string(c.ID), Kind: "invoice", Platform: c.Platform, Subject: c.ID,
		Title: titled(c.Request, c.Client), On: on, Parts: []string{"services", c.Request}, Revision: c.Revisions + s.Revision}
}

// due is the day by which the dossier should be concluded; who opened it is concerned.
func (i *Impact) due(day qms.Date) (qms.Due, bool) {
	if i.Void != "" || i.OpenedOn > day || i.ConcludedOn != 0 && i.ConcludedOn <= day {
		return qms.Due{}, false
	}
	return qms.Due{Key: "impact:" + string(i.ID), Kind: "impact", Platform: i.Platform, Subject: i.ID, Title: titled(i.Number, i.Words),
		On: i.OpenedOn.AddDays(ImpactDays), Person: i.OpenedBy, Parts: []string{"impact", i.Number}, Revision: i.Revision}, true
}

func titled(code, name string) string {
	if name == "" {
		return code
	}
	return code + " " + name
}

// dueOfChains lists quotes without an answer, reports without an invoice and impacts without a
// conclusion as of a day, of the platforms or of all when none is named, in three statements. Nobody in
// particular is concerned by the first two: it is the platform's business. The settings are those of the
// platforms that have any.
func dueOfChains(ctx context.Context, r store.Reader, platforms []qms.ID, settings map[qms.ID]CheckSettings, day qms.Date) ([]qms.Due, error) {
	var due []qms.Due
	quotes, err := openQuotes(ctx, r, platforms, day)
	if err != nil {
		return nil, err
	}
	for _, q := range quotes {
		if d, ok := q.due(); ok {
			due = append(due, d)
		}
	}
	chains, err := uninvoicedChains(ctx, r, platforms, day)
	if err != nil {
		return nil, err
	}
	for _, c := range chains {
		s, settled := settings[c.Platform]
		if !settled {
			s = DefaultSettings()
		}
		due = append(due, c.due(s))
	}
	impacts, err := impactsOn(ctx, r, platforms, day)
	for n := range impacts {
		if d, ok := impacts[n].due(day); ok {
			due = append(due, d)
		}
	}
	return due, err
}
