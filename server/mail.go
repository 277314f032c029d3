package main

import (
	"context"
	"fmt"

	"maillon/server/app"
)

type mailTest struct {
	Address string `arg:"" help:"To whom."`
}

// Run sends one mail by the mail server of the settings, and says what became of it.
func (c mailTest) Run(ctx context.Context, t terminal) error {
	server, err := app.SendTest(ctx, t.settings, c.Address, t.printer.Lang())
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%s took a mail for %s.\n", server, c.Address)
	return nil
}
