package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/trace"
	"maillon/server/app"
)

type exercise struct {
	Platform  string   `required:"" placeholder:"CODE" help:"The platform."`
	AsOf      day      `required:"" placeholder:"DATE" help:"The day as of which it is made (2026-06-30): later records do not count."`
	Full      bool     `xor:"scope" required:"" help:"Check every service and every use."`
	Kind      string   `xor:"scope" required:"" placeholder:"KIND" help:"Examine a sample of one kind: prestation or mise-a-disposition."`
	Direction string   `placeholder:"WAY" help:"Follow the chain upstream or downstream."`
	Sample    int      `placeholder:"N" help:"How many to draw."`
	Seed      string   `placeholder:"TEXT" help:"Ranks the draw: the same seed draws the same items."`
	Strata    string   `placeholder:"WAY" help:"Part what is drawn from by year, client-status, or year,client-status."`
	Item      []string `placeholder:"NUMBER" sep:"none" help:"Examine this one instead of drawing; as often as there are items."`
	From      day      `placeholder:"DATE" help:"Only items of this day and later."`
	To        day      `placeholder:"DATE" help:"Only items up to this day."`
	Practice  bool     `help:"Practise: it is numbered apart and compared with nothing."`
	JSON      bool     `name:"json" help:"Print the result as one JSON object."`
}

// Validate refuses what is half a sample or half a full exercise.
func (c exercise) Validate() error {
	drawn := c.Sample != 0 || c.Seed != "" || c.Strata != ""
	if c.Full {
		if drawn || c.Direction != "" || len(c.Item) > 0 || c.From.Date != 0 || c.To.Date != 0 || c.Practice {
			return errors.New("--full checks everything: of the others it takes --platform, --as-of and --json")
		}
		return nil
	}
	switch {
	case c.Kind != string(audits.Services) && c.Kind != string(audits.Access):
		return fmt.Errorf("--kind is prestation or mise-a-disposition, not %q", c.Kind)
	case c.Direction != string(audits.Upstream) && c.Direction != string(audits.Downstream):
		return errors.New("--kind needs --direction upstream or downstream")
	case len(c.Item) > 0 && drawn:
		return errors.New("--item names what is examined: --sample, --seed and --strata are for a draw")
	case len(c.Item) > 0:
		return nil
	case c.Sample < 1:
		return errors.New("--kind needs --sample, how many to draw, or --item, which ones")
	case strings.TrimSpace(c.Seed) == "":
		return errors.New("--sample needs --seed, any text")
	case !slices.Contains(audits.StrataWays(), audits.StrataBy(c.Strata)):
		return fmt.Errorf("--strata is year, client-status, or year,client-status, not %q", c.Strata)
	}
	return nil
}

// Run makes the exercise, puts it on record and prints it.
func (c exercise) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		p, err := h.People.PlatformByCode(ctx, c.Platform)
		if err != nil {
			return err
		}
		if c.Full {
			return c.full(ctx, t, h, p.ID)
		}
		sheet, err := h.Audits.Draw(ctx, audits.Draw{Platform: p.ID, Practice: c.Practice, Kind: audits.Kind(c.Kind), Direction: audits.Direction(c.Direction),
			PeriodFrom: c.From.Date, PeriodTo: c.To.Date, AsOf: c.AsOf.Date, Strata: audits.StrataBy(c.Strata), Seed: c.Seed, Size: c.Sample, Chosen: c.Item})
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(t.out, sampleOf(sheet))
		}
		return printSample(t.out, sheet)
	})
}

func (c exercise) full(ctx context.Context, t terminal, h *app.House, platform qms.ID) error {
	made, err := h.Audits.RunFull(ctx, platform, c.AsOf.Date)
	if err != nil {
		return err
	}
	findings, err := audits.FindingsOf(*made)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.out, findings)
	}
	return t.findings(made, findings)
}

func (t terminal) findings(e *audits.Exercise, f *trace.Findings) error {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s as of %s\n\n", e.Number, f.AsOf)
	fmt.Fprintf(w, "services\t%d\n  complete\t%d\n  open\t%d\n  broken\t%d\n", f.Chains.Total, f.Chains.Complete, f.Chains.Open, f.Chains.Broken)
	fires := func(checks []trace.Check) {
		for _, check := range checks {
			if f.Makes(check) {
				fmt.Fprintf(w, "    %s %s\t%d\n", check, t.printer.T("check."+string(check)+".title"), f.Times(check))
			}
		}
	}
	fires(trace.ServiceChecks())
	fmt.Fprintf(w, "records of no service (S07)\t%d\n", len(f.Dangling))
	fmt.Fprintf(w, "uses\t%d\n", f.Uses.Total)
	fires(trace.UseChecks())
	return w.Flush()
}

// sample is a drawn exercise as JSON: with it, anybody can draw it again by hand.
type sample struct {
	Number     string           `json:"number"`
	Practice   bool             `json:"practice"`
	AsOf       qms.Date         `json:"as_of"`
	PeriodFrom qms.Date         `json:"period_from,omitzero"`
	PeriodTo   qms.Date         `json:"period_to,omitzero"`
	Kind       audits.Kind      `json:"kind"`
	Direction  audits.Direction `json:"direction"`
	Chosen     bool             `json:"chosen"`
	Seed       string           `json:"seed"`
	Population population       `json:"population"`
	Strata     []population     `json:"strata,omitempty"`
	Items      []sampleItem     `json:"items"`
}

// population is what was drawn from, or one stratum of it.
type population struct {
	Name   string `json:"name,omitempty"`
	Drawn  int64  `json:"drawn,omitempty"`
	Size   int64  `json:"size"`
	Digest string `json:"digest"`
}

type sampleItem struct {
	Number  string       `json:"number"`
	Rank    string       `json:"rank"`
	Stratum string       `json:"stratum,omitempty"`
	Label   string       `json:"label"`
	Links   []sampleLink `json:"links"`
}

type sampleLink struct {
	Link     string        `json:"link"`
	Target   string        `json:"target"`
	Proposal audits.Answer `json:"proposal"`
	Checks   []string      `json:"checks"`
}

func sampleOf(s *audits.Sheet) sample {
	e := s.Exercise
	out := sample{Number: e.Number, Practice: e.Practice, AsOf: e.AsOf, Kind: e.Kind, Direction: e.Direction, Chosen: e.Chosen,
		PeriodFrom: e.PeriodFrom, PeriodTo: e.PeriodTo, Seed: e.Seed,
		Population: population{Size: e.PopulationSize, Digest: e.PopulationDigest}, Items: []sampleItem{}}
	for _, p := range s.Strata {
		out.Strata = append(out.Strata, population{p.Name, p.Drawn, p.PopulationSize, p.PopulationDigest})
	}
	for _, i := range s.Items {
		item := sampleItem{Number: i.Number, Rank: i.Digest, Stratum: i.Stratum, Label: i.Label, Links: []sampleLink{}}
		for _, l := range i.Links {
			item.Links = append(item.Links, sampleLink{l.Link, l.Target, l.Proposal, append([]string{}, strings.Fields(l.Checks)...)})
		}
		out.Items = append(out.Items, item)
	}
	return out
}

func printSample(out io.Writer, s *audits.Sheet) error {
	e := s.Exercise
	if e.Chosen {
		fmt.Fprintf(out, "%s as of %s: %d chosen\n", e.Number, e.AsOf, len(s.Items))
	} else {
		fmt.Fprintf(out, "%s as of %s: %d of %d drawn, seed %q\npopulation %s\n", e.Number, e.AsOf, len(s.Items), e.PopulationSize, e.Seed, e.PopulationDigest)
	}
	for _, p := range s.Strata {
		fmt.Fprintf(out, "stratum %s: %d of %d drawn, population %s\n", p.Name, p.Drawn, p.PopulationSize, p.PopulationDigest)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, i := range s.Items {
		fmt.Fprintf(w, "\n%s\t%s\n", i.Number, i.Label)
		for _, l := range i.Links {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", l.Link, l.Proposal, l.Target, l.Checks)
		}
	}
	return w.Flush()
}

func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(v)
}
