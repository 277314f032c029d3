package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"maillon/audits/integrity"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/server/app"
	"maillon/server/importer"
)

type trailVerify struct {
	Platform string `placeholder:"CODE" help:"Only this platform: its trail, the records that it changed, the contents that they name."`
	Quick    bool   `help:"Look whether contents are there with their size, without reading them."`
	JSON     bool   `name:"json" help:"Print one JSON object."`
}

// Run holds trail, records and vault against each other.
func (c trailVerify) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		q := integrity.Question{Quick: c.Quick}
		if c.Platform != "" {
			p, err := h.People.PlatformByCode(ctx, c.Platform)
			if err != nil {
				return err
			}
			q.Platform = p.ID
		}
		bar := t.progress()
		q.Progress = func(stage integrity.Stage, done, all int64) { bar.tell(importer.Stage(stage), done, all) }
		report, err := h.Scrubs.Verify(ctx, q)
		bar.clear()
		switch {
		case err != nil:
			return err
		case c.JSON:
			return t.trailJSON(report)
		}
		return t.trail(report, c.Quick)
	})
}

func (t terminal) trail(r integrity.Report, quick bool) error {
	how := "read"
	if quick {
		how = "looked for"
	}
	fmt.Fprintf(t.out, "%d trails, %d entries, %d changes, %d rows\n%d contents %s, %d bytes", r.Logs, r.Entries, r.Changes, r.Rows, r.Contents, how, r.Bytes)
	if r.Orphans > 0 {
		fmt.Fprintf(t.out, "; %d orphans of %d bytes, which the sweep takes", r.Orphans, r.OrphanBytes)
	}
	fmt.Fprintf(t.out, "\n%d signatures, of which %d hold and %d are broken\n", r.Signatures, r.SignaturesHold, r.SignaturesBroken)
	if r.OK() {
		fmt.Fprintln(t.out, "nothing was altered")
		return nil
	}
	for _, d := range r.Defects {
		fmt.Fprintf(t.out, "%s\n  %s\n", d.Say(t.printer), place(d))
	}
	if more := r.Found - int64(len(r.Defects)); more > 0 {
		fmt.Fprintf(t.out, "and %d more\n", more)
	}
	return errFoundWrong
}

// place is where a defect is, for who looks into the database and the vault.
func place(d integrity.Defect) string {
	text := string(d.Kind)
	if d.Code != "" {
		text += " platform " + d.Code
	}
	if d.Seq >= 0 {
		text += fmt.Sprintf(" entry %d", d.Seq)
	}
	if d.Table != "" {
		text += fmt.Sprintf(" %s %s", d.Table, d.Row)
	}
	for _, column := range d.Columns {
		text += " " + column
	}
	if !d.Content.IsZero() {
		text += " content " + d.Content.String()
	}
	return text
}

// trailReport is what --json prints.
type trailReport struct {
	Sound       bool           `json:"sound"`
	Trails      int64          `json:"trails"`
	Entries     int64          `json:"entries"`
	Changes     int64          `json:"changes"`
	Rows        int64          `json:"rows"`
	Contents    int64          `json:"contents"`
	Bytes       int64          `json:"bytes_read"`
	Orphans     int64          `json:"orphans"`
	OrphanBytes int64          `json:"orphan_bytes"`
	Found       int64          `json:"found"`
	Defects     []defectReport `json:"defects"`

	Signatures       int64 `json:"signatures"`
	SignaturesHold   int64 `json:"signatures_hold"`
	SignaturesBroken int64 `json:"signatures_broken"`
}

type defectReport struct {
	Kind     store.Kind   `json:"kind"`
	Platform string       `json:"platform,omitempty"`
	Entry    *int64       `json:"entry,omitempty"`
	Table    string       `json:"table,omitempty"`
	Row      qms.ID       `json:"row,omitempty"`
	Columns  []string     `json:"columns,omitempty"`
	Content  vault.Digest `json:"content,omitzero"`
	Words    string       `json:"words,omitempty"`
	Sentence string       `json:"sentence"`

	Signatory string    `json:"signatory,omitempty"`
	Meaning   string    `json:"meaning,omitempty"`
	SignedAt  time.Time `json:"signed_at,omitzero"`
}

func (t terminal) trailJSON(r integrity.Report) error {
	out := trailReport{r.OK(), r.Logs, r.Entries, r.Changes, r.Rows, r.Contents, r.Bytes, r.Orphans, r.OrphanBytes, r.Found, []defectReport{}, r.Signatures, r.SignaturesHold, r.SignaturesBroken}
	for _, d := range r.Defects {
		one := defectReport{Kind: d.Kind, Platform: d.Code, Table: d.Table, Row: d.Row, Columns: d.Columns, Content: d.Content, Words: d.Words, Sentence: d.Say(t.printer),
			Signatory: d.Signatory, Meaning: d.Meaning, SignedAt: d.SignedAt}
		if d.Seq >= 0 {
			one.Entry = &d.Seq
		}
		out.Defects = append(out.Defects, one)
	}
	e := json.NewEncoder(t.out)
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil || r.OK() {
		return err
	}
	return errFoundWrong
}
