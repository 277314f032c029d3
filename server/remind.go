package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"maillon/qms"
	"maillon/server/app"
)

// remind sends what is to be sent now, or shows what would be.
type remind struct {
	DryRun bool `help:"Show what would be told to whom; tell nobody, write nothing."`
	AsOf   day  `placeholder:"DATE" help:"With --dry-run: as on that day, after all that was told until now (today)."`
}

// Validate refuses a day without --dry-run: what is sent is sent today.
func (c remind) Validate() error {
	if c.AsOf.Date != 0 && !c.DryRun {
		return errors.New("--as-of goes with --dry-run: reminders are sent as of today")
	}
	return nil
}

// Run does one run of the reminders, or shows it.
func (c remind) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		if c.DryRun {
			return c.show(ctx, t, h)
		}
		run, err := h.Reminders.Run(ctx)
		if err != nil {
			return err
		}
		if run == nil {
			fmt.Fprintln(t.out, "nothing to do: what is due today was told, or another replica is at it")
			return nil
		}
		fmt.Fprintf(t.out, "run %d: %d reminders in %d mails; %d sent, %d put off, %d given up\n", run.Number, run.Asked, run.Mails, run.Sent, run.Delayed, run.Refused)
		return nil
	})
}

func (c remind) show(ctx context.Context, t terminal, h *app.House) error {
	asOf := c.AsOf.Date
	if asOf == 0 {
		asOf = h.DB.Today()
	}
	all, err := h.Reminders.Preview(ctx, asOf)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	persons := map[qms.ID]bool{}
	for _, p := range all {
		persons[p.Person] = true
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", p.Due.On, t.step(p.Step), p.Name, p.Code, t.printer.T("due."+p.Due.Kind), p.Due.Title)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%s: %d reminders to %d people\n", asOf, len(all), len(persons))
	return nil
}

// step is when a reminder stands, as people of the platforms read it.
func (t terminal) step(step int) string {
	switch {
	case step < 0:
		return t.printer.T("page.reminders.step_late", -step)
	case step == 0:
		return t.printer.T("page.reminders.step_day")
	}
	return t.printer.T("page.reminders.step_before", step)
}
