package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"maillon/audits"
	"maillon/qms"
	"maillon/qms/trace"
	"maillon/server/app"
)

type exercise struct {
	Platform  string `required:"" placeholder:"CODE" help:"The platform."`
	AsOf      day    `required:"" placeholder:"DATE" help:"The day as of which it is made (2026-06-30): later records do not count."`
	Full      bool   `xor:"scope" required:"" help:"Check every service and every use."`
	Kind      string `xor:"scope" required:"" placeholder:"KIND" help:"Draw a sample of one kind: prestation or mise-a-disposition."`
	Sample    int    `placeholder:"N" help:"How many to draw."`
	Seed      string `placeholder:"TEXT" help:"Ranks the draw: the same seed draws the same items."`
	Direction string `placeholder:"WAY" help:"Follow the chain upstream or downstream."`
	JSON      bool   `name:"json" help:"Print the result as one JSON object."`
}

// Validate refuses what is half a sample or half a full exercise.
func (c exercise) Validate() error {
	sampled := c.Sample != 0 || c.Seed != "" || c.Direction != ""
	switch {
	case c.Full && sampled:
		return errors.New("--full checks everything: --sample, --seed and --direction go with --kind")
	case c.Full:
		return nil
	case c.Kind != string(audits.Services) && c.Kind != string(audits.Access):
		return fmt.Errorf("--kind is prestation or mise-a-disposition, not %q", c.Kind)
	case c.Direction != string(audits.Upstream) && c.Direction != string(audits.Downstream):
		return errors.New("--kind needs --direction upstream or downstream")
	case c.Sample < 1:
		return errors.New("--kind needs --sample, how many to draw")
	case strings.TrimSpace(c.Seed) == "":
		return errors.New("--kind needs --seed, any text")
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
		sheet, err := h.Audits.Draw(ctx, audits.Draw{Platform: p.ID, Kind: audits.Kind(c.Kind), Direction: audits.Direction(c.Direction),
			AsOf: c.AsOf.Date, Seed: c.Seed, Size: c.Sample})
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
	AsOf       qms.Date         `json:"as_of"`
	Kind       audits.Kind      `json:"kind"`
	Direction  audits.Direction `json:"direction"`
	Seed       string           `json:"seed"`
	Population population       `json:"population"`
	Items      []sampleItem     `json:"items"`
}

type population struct {
	Size   int64  `json:"size"`
	Digest string `json:"digest"`
}

type sampleItem struct {
	Number string       `json:"number"`
	Rank   string       `json:"rank"`
	Label  string       `json:"label"`
	Links  []sampleLink `json:"links"`
}

type sampleLink struct {
	Link     string        `json:"link"`
	Target   string        `json:"target"`
	Proposal audits.Answer `json:"proposal"`
	Checks   []string      `json:"checks"`
}

func sampleOf(s *audits.Sheet) sample {
	e := s.Exercise
	out := sample{Number: e.Number, AsOf: e.AsOf, Kind: e.Kind, Direction: e.Direction, Seed: e.Seed,
		Population: population{e.PopulationSize, e.PopulationDigest}, Items: []sampleItem{}}
	for _, i := range s.Items {
		item := sampleItem{Number: i.Number, Rank: i.Digest, Label: i.Label, Links: []sampleLink{}}
		for _, l := range i.Links {
			item.Links = append(item.Links, sampleLink{l.Link, l.Target, l.Proposal, append([]string{}, strings.Fields(l.Checks)...)})
		}
		out.Items = append(out.Items, item)
	}
	return out
}

func printSample(out io.Writer, s *audits.Sheet) error {
	e := s.Exercise
	fmt.Fprintf(out, "%s as of %s: %d of %d drawn, seed %q\npopulation %s\n", e.Number, e.AsOf, len(s.Items), e.PopulationSize, e.Seed, e.PopulationDigest)
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
