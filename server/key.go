package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"maillon/audits/witness"
	"maillon/qms"
	"maillon/server/app"
)

type keyShow struct{}

// Run shows the public key that this machine signs with, and whether it is the latest of the site.
func (keyShow) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		v, err := h.Witness.Key()
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "fingerprint  %s\nkey          %s\n", v.Fingerprint(), v.Line())
		lines, err := h.Witness.Keys(ctx, "")
		if err != nil {
			return err
		}
		if len(lines) == 0 || !lines[0].Ours {
			fmt.Fprintln(t.out, "not the latest key of the site: it signs nothing")
			return errFoundWrong
		}
		fmt.Fprintf(t.out, "signs since  %s\n", lines[0].BeginsAt.Format(time.RFC3339))
		return nil
	})
}

type keyList struct {
	Statements bool `help:"Write the signed statements by which each key took over, as packs carry them."`
}

// Run lists every key of the site, the latest first.
func (c keyList) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		if c.Statements {
			text, err := h.Witness.History(ctx, "")
			if err != nil {
				return err
			}
			_, err = t.out.Write(text)
			return err
		}
		lines, err := h.Witness.Keys(ctx, "")
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
		for _, k := range lines {
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", k.Number, k.BeginsAt.Format(time.DateOnly), until(k), took(k), k.Fingerprint)
		}
		return w.Flush()
	})
}

func until(k witness.KeyLine) string {
	if k.Current {
		return "now"
	}
	return k.Until.Format(time.DateOnly)
}

func took(k witness.KeyLine) string {
	switch {
	case k.Handed:
		return "named by the key before"
	case k.Number == 1:
		return "the first key"
	}
	return "a new beginning: the key before was lost"
}

type keyRotate struct {
	Reason string `required:"" help:"Why the key is replaced; it stays on record."`
}

// Run replaces the signing key: the old one names the new one, and is kept aside.
func (c keyRotate) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		changed, err := h.RotateKey(ctx, c.Reason)
		if changed == nil {
			return err
		}
		fmt.Fprintf(t.out, "old key  %s\nnew key  %s\n", changed.Old.Fingerprint, changed.New.Fingerprint)
		if err != nil {
			return errors.Join(err, errors.New("the change is on record: run any command on this machine to finish it"))
		}
		fmt.Fprintf(t.out, "%s signs from now on; the old one is %s: move it to a safe place, it can still name a key\n", changed.File, changed.Aside)
		fmt.Fprintln(t.out, "start every server of the site again, with the new file where it has a copy: until then it reads and signs nothing")
		fmt.Fprintln(t.out, "auditors who were invited and have no password yet are then written again: the links of their letters open nothing any more")
		return nil
	})
}

type keyBegin struct {
	Reason string `required:"" help:"How the old key was lost, or why it is not trusted any more; it stays on record."`
}

// Run puts the key of this machine on record although the one before did not name it.
func (c keyBegin) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		if err := h.Witness.Begin(ctx, c.Reason); err != nil {
			return err
		}
		v, err := h.Witness.Key()
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "a new beginning, and every pack says so: hand this fingerprint to auditors\n%s\n", v.Fingerprint())
		return nil
	})
}

type checkpointKeep struct {
	Platform string `placeholder:"CODE" help:"The platform; the site when none is named."`
}

// Run signs where a trail stands, keeps it, and writes the signed note.
func (c checkpointKeep) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		var platform qms.ID
		if c.Platform != "" {
			p, err := h.People.PlatformByCode(ctx, c.Platform)
			if err != nil {
				return err
			}
			platform = p.ID
		}
		kept, err := h.Witness.Keep(ctx, platform)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(t.out, kept.Note)
		return err
	})
}
