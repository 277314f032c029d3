package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"maillon/documents/vault"
	"maillon/qms/locale"
	"maillon/server/app"
)

type vaultTest struct {
	Lang string `enum:"fr,en," default:"" help:"The language of what is said: fr or en (that of the terminal)."`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

// Run tries the vault of the settings. It opens neither database nor key, so that a vault can be tried before
// it is trusted with anything.
func (c vaultTest) Run(ctx context.Context, t terminal) error {
	if c.Lang != "" {
		t.printer = locale.For(c.Lang)
	}
	proof, err := app.TestVault(ctx, t.settings)
	if err != nil {
		return err
	}
	if c.JSON {
		err = t.proofJSON(proof)
	} else {
		err = t.proof(proof)
	}
	if err == nil && !proof.Sound() {
		err = errFoundWrong
	}
	return err
}

func (t terminal) proof(p vault.Proof) error {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, f := range p.Findings {
		fmt.Fprintf(w, "%s\t%s\n", t.printer.T("vault.outcome_"+string(f.Outcome)), t.printer.T("vault.trial_"+string(f.Trial)))
		if f.Said != "" {
			fmt.Fprintf(w, "\t(%s)\n", f.Said)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, l := range p.Left {
		if l.Until.IsZero() {
			fmt.Fprintln(t.out, t.printer.T("vault.left_unknown", l.Name))
			continue
		}
		fmt.Fprintln(t.out, t.printer.T("vault.left", l.Name, t.printer.FullInstant(l.Until)))
	}
	switch {
	case p.Locks():
		fmt.Fprintln(t.out, t.printer.T("vault.locks"))
	case p.Sound():
		fmt.Fprintln(t.out, t.printer.T("vault.no_lock_here"))
	default:
		fmt.Fprintln(t.out, t.printer.T("vault.no_lock"))
	}
	return nil
}

// proofReport is what --json prints.
type proofReport struct {
	Locks    bool            `json:"locks"`
	Sound    bool            `json:"sound"`
	Findings []findingReport `json:"findings"`
	Left     []leftReport    `json:"left_behind"`
}

type findingReport struct {
	Trial    vault.Trial   `json:"trial"`
	Outcome  vault.Outcome `json:"outcome"`
	Sentence string        `json:"sentence"`
	Said     string        `json:"said,omitempty"`
}

type leftReport struct {
	Name  string    `json:"name"`
	Until time.Time `json:"until,omitzero"`
}

func (t terminal) proofJSON(p vault.Proof) error {
	out := proofReport{p.Locks(), p.Sound(), []findingReport{}, []leftReport{}}
	for _, f := range p.Findings {
		out.Findings = append(out.Findings, findingReport{f.Trial, f.Outcome, t.printer.T("vault.trial_" + string(f.Trial)), f.Said})
	}
	for _, l := range p.Left {
		out.Left = append(out.Left, leftReport{l.Name, l.Until})
	}
	e := json.NewEncoder(t.out)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}
