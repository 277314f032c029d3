package main

import (
	"context"
	"errors"
	"fmt"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/server/app"
)

// address is where a site is served.
type address struct {
	Addr   string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" env:"MAILLON_ADDR" help:"Where to listen (${default})."`
	Secure bool   `env:"MAILLON_SECURE" help:"The site is reached over TLS, which a proxy before it ends: cookies are then for TLS alone."`
}

func (a address) url(addr string) string {
	if a.Secure {
		return "http://" + addr + " (behind a proxy with TLS)"
	}
	return "http://" + addr
}

type serve struct{ address }

// Run serves until it is told to stop.
func (s serve) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		password, err := h.People.EnsureAdministrator(ctx)
		if err != nil {
			return err
		}
		if password != "" {
			fmt.Fprintf(t.out, "First start: sign in as %s with the password %s and change it.\n", people.FirstAdministrator, password)
		}
		return h.Serve(ctx, app.Door{Addr: s.Addr, Secure: s.Secure, Opened: func(addr string) {
			fmt.Fprintf(t.out, "Maillon is at %s\n", s.url(addr))
		}})
	})
}

type platformAdd struct {
	Code string `arg:"" help:"The code of the platform: letters, digits and dashes."`
	Name string `required:"" help:"The name of the platform."`
}

// Run makes the platform.
func (c platformAdd) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		p, err := h.People.AddPlatform(ctx, people.AddPlatform{Code: c.Code, Name: c.Name})
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s %s\n", p.Code, p.Name)
		return nil
	})
}

type userAdd struct {
	Email    string `arg:"" help:"What is typed to sign in."`
	Name     string `required:"" help:"The name of the person."`
	Role     string `help:"administrator or quality-officer on the site; manager, quality-lead, member, user or auditor on a platform."`
	Platform string `placeholder:"CODE" help:"Where the role is held; on the site when it is left out."`
}

// Validate refuses roles that there are not.
func (c userAdd) Validate() error {
	if c.Role == "" {
		if c.Platform != "" {
			return errors.New("--platform says where --role is held: name a role")
		}
		return nil
	}
	for _, role := range qms.Roles() {
		if string(role) == c.Role {
			return nil
		}
	}
	return fmt.Errorf("--role: there is no role %q", c.Role)
}

// Run opens the account, and shows the password made for it once.
func (c userAdd) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		cmd := people.AddUser{Email: c.Email, Name: c.Name, Role: qms.Role(c.Role)}
		if c.Platform != "" {
			p, err := h.People.PlatformByCode(ctx, c.Platform)
			if err != nil {
				return err
			}
			cmd.Platform = p.ID
		}
		added, err := h.People.AddUser(ctx, cmd)
		if err != nil {
			return err
		}
		if added.Made {
			fmt.Fprintf(t.out, "%s can sign in with the password %s\n", people.NormalEmail(c.Email), added.Password)
			return nil
		}
		fmt.Fprintf(t.out, "%s had an account already, and keeps its password\n", people.NormalEmail(c.Email))
		return nil
	})
}

type searchRebuild struct{}

// Run makes the search index anew.
func (searchRebuild) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error { return h.Reindex(ctx) })
}
