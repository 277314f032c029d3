package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/trace"
)

// requests gives a platform what surrounds its services: an open form with what came by it, samples of
// the first services, files, and releases of reports that were recorded without one.
func (y *year) requests(platform qms.ID, recorder int) {
	y.on(2, recorder, func(ctx context.Context) error {
		_, err := y.h.Trace.SetRequestForm(ctx, trace.SetRequestForm{Platform: platform, Receives: true,
			IntroFrench:  "Décrivez votre projet ; nous vous répondons sous une semaine avec un devis.",
			IntroEnglish: "Describe your project; we answer within a week with a quote."})
		return err
	})
	y.on(200, recorder, func(ctx context.Context) error { return y.prove(ctx, platform) })
	y.on(Days-4, recorder, func(ctx context.Context) error {
		return y.submit(ctx, platform, trace.Submit{Name: "Agent 71", Email: "agent71@laboratoire.example", Client: "Laboratoire E (exemple)",
			ClientStatus: trace.Academic, Subject: "Imagerie de neurones en culture", Description: "Six lamelles fixées, trois marquages.\nNous cherchons à compter les synapses.",
			Samples: "Lamelles fixées, sans risque biologique"}, "plan-d-experience.txt")
	})
	y.on(Days-2, recorder, func(ctx context.Context) error {
		return y.submit(ctx, platform, trace.Submit{Name: "Agent 72", Email: "agent72@societe.example", Client: "Société F (exemple)",
			ClientStatus: trace.Industrial, Subject: "Contrôle de poudres", Description: "Deux lots à comparer, morphologie et taille."}, "")
	})
}

// submit sends the public form as a stranger would, a minute after it was opened.
func (y *year) submit(ctx context.Context, platform qms.ID, cmd trace.Submit, file string) error {
	nobody := qms.WithActor(ctx, qms.Actor{})
	token, err := y.h.Trace.FormKey().Token(platform, y.clock.Now().Add(-time.Minute), rand.Reader)
	if err != nil {
		return err
	}
	cmd.Platform, cmd.Token, cmd.Consent, cmd.Language = platform, token, true, "fr"
	if file != "" {
		kept, err := y.h.Trace.ReceiveSubmitted(nobody, file, strings.NewReader("Plan d’expérience (exemple)\n\n1. Fixer\n2. Marquer\n3. Imager\n"))
		if err != nil {
			return err
		}
		cmd.Files = []*trace.EvidenceFile{kept}
	}
	_, err = y.h.Trace.Submit(nobody, cmd)
	return err
}

// prove adds samples and files to the first complete services on record.
func (y *year) prove(ctx context.Context, platform qms.ID) error {
	page, err := y.h.Trace.Services(ctx, platform, trace.ServiceFilter{State: trace.Complete, Sort: "date"}, qms.Cursor{Size: 3})
	if err != nil {
		return err
	}
	for i, line := range page.Items {
		d, err := y.h.Trace.Dossier(ctx, platform, line.Request.Number, 0)
		if err != nil {
			return err
		}
		if err := y.sample(ctx, platform, d, i); err != nil {
			return err
		}
		files := map[qms.ID]trace.EvidenceKind{d.Chain.Request.ID: trace.OfRequest, d.Chain.Quotes[0].ID: trace.OfQuote,
			d.Chain.Reports[0].ID: trace.OfReport, d.Chain.Invoices[0].ID: trace.OfInvoice}
		for _, id := range []qms.ID{d.Chain.Request.ID, d.Chain.Quotes[0].ID, d.Chain.Reports[0].ID, d.Chain.Invoices[0].ID} {
			name := fmt.Sprintf("%s-%s.txt", files[id], strings.ToLower(line.Request.Number))
			f, err := y.h.Trace.Receive(ctx, platform, name, strings.NewReader("Pièce d’exemple : "+name+"\n"))
			if err != nil {
				return err
			}
			if _, err := y.h.Trace.AddEvidence(ctx, trace.AddEvidence{Platform: platform, Kind: files[id], Subject: id, File: f}); err != nil {
				return err
			}
		}
	}
	return nil
}

// sample receives the material of a service and, but for the last, gives it back after the report.
func (y *year) sample(ctx context.Context, platform qms.ID, d *trace.Dossier, i int) error {
	by := qms.ActorFrom(ctx).ID
	s, err := y.h.Trace.ReceiveSample(ctx, trace.ReceiveSample{Platform: platform, Request: d.Chain.Request.Number, Description: "Coupes marquées",
		Quantity: fmt.Sprintf("%d lames", 4+i), ReceivedOn: d.Chain.Request.Date.AddDays(4), ReceivedBy: by, Condition: "à 4 °C, intactes", Place: "Armoire froide 2"})
	if err != nil || i == 2 {
		return err
	}
	_, err = y.h.Trace.SettleSample(ctx, trace.SettleSample{Target: trace.Target{Platform: platform, ID: s.ID, Revision: s.Revision},
		Fate: trace.Returned, On: d.Chain.Reports[0].Date.AddDays(2), By: by})
	return err
}

// releaser is who releases a report as it is recorded; nobody where it is released by an act of its own.
func (y *year) releaser(l *lab, i int) func() qms.ID {
	return func() qms.ID {
		if i%3 == 0 {
			return ""
		}
		return y.agents[l.recorder].ID
	}
}

// release lets a report go to the client, the day after it was recorded.
func (y *year) release(ctx context.Context, r *trace.Report) error {
	_, err := y.h.Trace.ReleaseReport(ctx, trace.ReleaseReport{Target: trace.Target{Platform: r.Platform, ID: r.ID, Revision: r.Revision},
		By: qms.ActorFrom(ctx).ID, On: qms.DateOf(y.clock.Now(), time.UTC), Signs: true})
	return err
}
