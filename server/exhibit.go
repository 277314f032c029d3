package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"maillon/qms"
	"maillon/server/app"
	"maillon/server/demo"
)

// demoFolder is where the demo lives unless --data says otherwise. It is made once; delete the folder
// to begin again.
const demoFolder = "data-demo"

// exhibit is the command demo.
type exhibit struct{ address }

// note is kept in the folder of a demo once it is whole: how people sign in to it.
type note struct {
	Password string `json:"password"`
}

// Run makes the demo on its first run, prints how to sign in, and serves.
func (e exhibit) Run(ctx context.Context, t terminal) (err error) {
	if t.settings.Data == "" {
		t.settings.Data = demoFolder
	}
	room, leave, err := t.enter()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	password, err := e.prepare(ctx, t)
	if err != nil {
		return err
	}
	h, err := app.Open(ctx, t.settings, app.Options{Log: t.log, Room: room})
	if err != nil {
		return err
	}
	err = h.Serve(ctx, app.Door{Addr: e.Addr, Secure: e.Secure, Opened: func(addr string) { e.welcome(t, addr, password) }})
	return errors.Join(err, h.Close())
}

// prepare makes the year when the folder has none, and returns the password that signs everybody in. The
// year is not logged: its reminders would be hundreds of lines.
func (e exhibit) prepare(ctx context.Context, t terminal) (_ string, err error) {
	clock := demo.NewClock(qms.SystemClock)
	h, err := app.Open(ctx, t.settings, app.Options{Clock: clock.Now})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	path := filepath.Join(t.settings.Folder(), "demo.json")
	var kept note
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &kept)
		return kept.Password, err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	accounts, err := h.People.Accounts(ctx)
	switch {
	case err != nil:
		return "", err
	case len(accounts) > 0:
		return "", fmt.Errorf("%s holds a site that is no whole demo: name another folder with --data, or delete it", t.settings.Folder())
	}
	fmt.Fprintln(t.out, "Making a year of life, which takes a few seconds...")
	if t.settings.URL == "" && !e.Secure && !strings.HasSuffix(e.Addr, ":0") {
		h.Documents.ReachedAt("http://" + e.Addr) // cover pages lead to where the demo will be served
	}
	kept.Password = strings.ToLower(rand.Text()[:12])
	if err := demo.Make(ctx, h, clock, kept.Password); err != nil {
		return "", err
	}
	if text, err = json.Marshal(kept); err != nil {
		return "", err
	}
	return kept.Password, os.WriteFile(path, text, 0o600)
}

// welcome prints the address and who can sign in.
func (e exhibit) welcome(t terminal, addr, password string) {
	fmt.Fprintf(t.out, "\nMaillon is at %s\nEverybody signs in with the password %s\n\n", e.url(addr), password)
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, a := range demo.Accounts() {
		where := a.Where
		if where == "" {
			where = "site"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", a.Email, a.Name, t.printer.T("role."+string(a.Role)), where)
	}
	if err := w.Flush(); err == nil {
		fmt.Fprintf(t.out, "\nThe site is in %s; delete the folder to begin again. Ctrl+C stops.\n", t.settings.Folder())
	}
}
