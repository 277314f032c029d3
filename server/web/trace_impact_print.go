package web

import (
	"bytes"
	"encoding/hex"

	"github.com/gofiber/fiber/v2"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
)

// printImpact answers with the dossier as a PDF.
func (s *Site) printImpact(p *Page) error {
	report, err := s.impactReport(p)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := pack.PrintImpact(&out, report); err != nil {
		return err
	}
	p.site.secureHeaders(p.c)
	p.c.Attachment(report.Number + ".pdf")
	p.c.Set(fiber.HeaderContentType, "application/pdf")
	return p.c.Send(out.Bytes())
}

// impactReport is the dossier in the reader's words. A page of paper says how many there are, so all
// lines are read first: a dossier has a bounded number of them.
func (s *Site) impactReport(p *Page) (*pack.Impact, error) {
	number, say := p.number("number"), impactWords{p}
	v, err := s.Trace.Impact(p.Context(), p.Platform.ID, number, trace.ItemFilter{}, qms.Cursor{Size: 1})
	if err != nil {
		return nil, err
	}
	files, err := s.Trace.EvidenceOf(p.Context(), p.Platform.ID, v.Impact.ID)
	if err != nil {
		return nil, err
	}
	report, parts := impactHead(say, v, files[v.Impact.ID]), map[trace.TouchedKind]*pack.ImpactPart{}
	for c := (qms.Cursor{Size: qms.MaxPageSize}); ; {
		page, err := s.Trace.ImpactItems(p.Context(), p.Platform.ID, number, trace.ItemFilter{}, c)
		if err != nil {
			return nil, err
		}
		for n := range page.Items {
			item := &page.Items[n]
			part := parts[item.Kind]
			if part == nil {
				part = &pack.ImpactPart{Title: p.T("page.impact.kinds_" + string(item.Kind))}
				parts[item.Kind] = part
			}
			part.Lines = append(part.Lines, impactLine(say, v, item))
		}
		if c.After = page.Next; c.After == "" {
			break
		}
	}
	for _, kind := range []trace.TouchedKind{trace.TouchedReport, trace.TouchedUse, trace.TouchedTraining} {
		if parts[kind] != nil {
			report.Parts = append(report.Parts, *parts[kind])
		}
	}
	return report, nil
}

func impactHead(p impactWords, v *trace.ImpactSheet, files []trace.Evidence) *pack.Impact {
	i := &v.Impact
	view := ImpactView{ImpactSheet: v, words: p}
	r := &pack.Impact{Language: p.Lang(), Platform: p.Platform.Name, Number: i.Number, Title: view.Cause(), State: view.State(),
		StateWord: view.StateWord(), MadeAt: p.site.Clock(), Foot: p.T("pack.impact.digest", i.Digest), Conclusion: i.Conclusion}
	fact := func(key, value string) {
		if value != "" {
			r.Facts = append(r.Facts, [2]string{p.T(key), value})
		}
	}
	fact("page.impact.words", i.Words)
	fact("page.impact.equipment", labelOf(v.Equipment.Code, v.Equipment.Name))
	fact("page.uses.person", v.People[i.Person].Name)
	fact("page.impact.window", view.Window())
	fact("page.impact.reason", view.Basis())
	fact("page.impact.follows", i.Follows)
	fact("page.impact.opened", p.T("page.impact.by_on", i.OpenedOn, v.People[i.OpenedBy].Name))
	fact("page.impact.frozen", p.T("page.impact.counts", i.Chains, i.Reports, i.Uses, i.Trainings))
	fact("page.impact.is_void", i.Void)
	for _, t := range view.Tallies() {
		r.Tallies = append(r.Tallies, pack.ImpactTally{Kind: p.T("page.impact.kinds_" + string(t.Kind)), State: t.Shape, Word: t.Word, Count: t.Count})
	}
	if i.ConcludedOn != 0 {
		r.Concluded = p.T("page.impact.concluded_by", i.ConcludedOn, v.People[i.ConcludedBy].Name)
	}
	for _, f := range files {
		if f.Void == "" {
			r.Files = append(r.Files, [2]string{f.Name, hex.EncodeToString(f.Content[:])})
		}
	}
	return r
}

func impactLine(p impactWords, v *trace.ImpactSheet, item *trace.ImpactItem) pack.ImpactLine {
	l := pack.ImpactLine{Position: item.Position, Number: p.subject(item), Chain: item.Request, Who: item.Who, Day: p.days(item),
		State: p.shape(item.Decision), Decision: p.decision(item), Note: item.Note}
	if item.Kind != trace.TouchedReport {
		l.Chain = item.Project
	}
	if item.Kind == trace.TouchedTraining {
		l.Number = v.Pieces[item.Equipment].Code
	}
	if item.DecidedOn != 0 {
		l.By = p.T("page.impact.by_on", v.People[item.DecidedBy].Name, item.DecidedOn)
	}
	if item.AddedOn != 0 {
		l.AppearedSince = p.T("page.impact.added_on", item.AddedOn)
	}
	return l
}
