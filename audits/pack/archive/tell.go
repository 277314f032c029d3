package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/trail"
)

// Says is the sentence of the line.
func (l Line) Says(say *locale.Printer) string { return say.T(l.Key, l.Args...) }

// Subject is what the line is about: the name of a table in words, any other as it stands.
func (l Line) Subject(say *locale.Printer) string {
	if key := "table." + l.Name; l.Kind == KindFact && say.Has(key) {
		return say.T(key)
	}
	return l.Name
}

// Conclusion is the sentence that says whether the pack is sound, and what that means where it is not.
func (r *Report) Conclusion(say *locale.Printer) string {
	switch {
	case r.Sound():
		return say.T("verify.sound")
	case r.NoPack():
		return say.T("verify.no_pack")
	case r.Count(KindGiven, Wrong)+r.Count(KindSince, Wrong) == r.Wrong:
		return say.T("verify.not_held", r.Wrong)
	}
	return say.T("verify.not_sound", r.Wrong)
}

// NoPack reports whether what was examined is another file than a pack.
func (r *Report) NoPack() bool { return errors.Is(r.Err(), qms.Invalid("pack.not_a_pack")) }

// Tell writes the report for people, with what they compare. What is wrong comes first.
func (r *Report) Tell(w io.Writer, say *locale.Printer) error {
	if r.File != "" {
		fmt.Fprintln(w, r.File)
	}
	if r.Number != "" {
		fmt.Fprintf(w, "%s, %s (%s)\n", r.Number, r.PlatformName, r.PlatformCode)
		fmt.Fprintf(w, "%s, %s\n", say.T("pack.as_of_long", say.LongDate(r.AsOf)), say.T("verify.generated", say.FullInstant(r.GeneratedAt)))
	}
	fmt.Fprintf(w, "%s\n\n", r.Conclusion(say))
	if err := r.tellLines(w, say); err != nil {
		return err
	}
	if r.Omitted > 0 {
		fmt.Fprintf(w, "%s\n", say.T("verify.omitted", r.Omitted))
	}
	for _, compared := range [][2]string{{"pack.readme.checkpoint", r.Fingerprint}, {"pack.readme.key", r.KeyFingerprint}} {
		if compared[1] != "" {
			fmt.Fprintf(w, "\n%s\n  %s\n", say.T(compared[0]), compared[1])
		}
	}
	for _, before := range r.Earlier {
		fmt.Fprintf(w, "\n%s\n  %s\n", say.T("verify.earlier_fingerprint", before.Number), before.Fingerprint)
	}
	if r.Older == nil {
		return nil
	}
	fmt.Fprintf(w, "\n%s\n", say.T("verify.older"))
	return r.Older.Tell(w, say)
}

// tellLines writes what was found of each part, what is wrong before all else.
func (r *Report) tellLines(w io.Writer, say *locale.Printer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, wrong := range []bool{true, false} {
		for _, l := range r.Lines {
			if (l.Verdict == Wrong) == wrong {
				fmt.Fprintf(table, "%s\t%s\t%s\n", say.T("verify.verdict."+string(l.Verdict)), say.T("verify.kind."+string(l.Kind)), l.told(say))
			}
		}
	}
	return table.Flush()
}

// told is the sentence of the line after what it is about, where the sentence does not name that itself.
func (l Line) told(say *locale.Printer) string {
	subject, sentence := l.Subject(say), l.Says(say)
	if subject == "" || strings.Contains(sentence, subject) {
		return sentence
	}
	return say.T("verify.line", subject, sentence)
}

// PackVerdict is a report as programs read it, of a command and of the interface alike. What a pack that is not
// sound says of itself is only what it says.
type PackVerdict struct {
	File           string       `json:"file,omitempty" doc:"Where it was read from"`
	Sound          bool         `json:"sound" doc:"Nothing wrong was found"`
	Says           string       `json:"says" doc:"In the reader's language"`
	Wrong          int          `json:"wrong" doc:"How many things are wrong"`
	Number         string       `json:"number,omitempty" example:"PACK-2026-001"`
	Platform       *PlatformOf  `json:"platform,omitempty"`
	AsOf           qms.Date     `json:"as_of,omitzero" format:"date"`
	GeneratedAt    *time.Time   `json:"generated_at,omitempty"`
	Size           int64        `json:"size" doc:"Of the archive, bytes"`
	Facts          int64        `json:"facts" doc:"Each found in the trail"`
	Files          int          `json:"files" doc:"Of versions in force, each named by a fact"`
	Checkpoint     *PackHead    `json:"checkpoint,omitempty"`
	KeyName        string       `json:"key_name,omitempty"`
	KeyFingerprint string       `json:"key_fingerprint,omitempty" doc:"To compare with one that was given another way"`
	Signer         string       `json:"signer,omitempty" enum:"ours,former,other" doc:"Whose key signed, as a site knows it: its own, one that it had before, another's"`
	Earlier        []PackBefore `json:"earlier" doc:"Packs whose trail this one's was proved to continue, the latest first"`
	Lines          []PackLine   `json:"lines" doc:"Every part that was checked, in the order of the checks"`
	Omitted        int          `json:"omitted,omitempty" doc:"Lines that are left out"`
	Older          *PackVerdict `json:"older,omitempty" doc:"The pack that it was held to"`
}

// PlatformOf is whose pack it is, as it says.
type PlatformOf Platform

// PackHead is the signed head of the trail that a pack is proved by.
type PackHead struct {
	Origin      string `json:"origin"`
	Size        int64  `json:"size" doc:"Acts in the trail"`
	Root        string `json:"root" doc:"Base64"`
	Fingerprint string `json:"fingerprint" doc:"SHA-256 of the checkpoint's three lines, in groups of four"`
}

// PackBefore is a pack made before, by the checkpoint that it is proved by.
type PackBefore struct {
	Number     string   `json:"number"`
	Checkpoint PackHead `json:"checkpoint"`
}

// PackLine is what was found of one part: Reason is stable, Says is for people.
type PackLine struct {
	Kind    Kind    `json:"kind" example:"file"`
	Name    string  `json:"name,omitempty" doc:"Of the file, the table or the pack"`
	Verdict Verdict `json:"verdict" enum:"sound,wrong,unchecked"`
	Reason  string  `json:"reason" doc:"Stable key" example:"pack.file_altered"`
	Says    string  `json:"says" doc:"In the reader's language"`
}

// HeadOf is a checkpoint as programs read it.
func HeadOf(c trail.Checkpoint) PackHead {
	return PackHead{c.Origin, c.Size, c.Root.String(), c.Fingerprint()}
}

// Told is the report as programs read it, with sentences in the language of the printer.
func (r *Report) Told(say *locale.Printer) PackVerdict {
	t := PackVerdict{File: r.File, Sound: r.Sound(), Says: r.Conclusion(say), Wrong: r.Wrong, Number: r.Number, AsOf: r.AsOf, Size: r.Size, Facts: r.Facts, Files: r.Files,
		KeyName: r.KeyName, KeyFingerprint: r.KeyFingerprint, Omitted: r.Omitted, Earlier: []PackBefore{}, Lines: []PackLine{}}
	if r.Number != "" {
		t.Platform, t.GeneratedAt = &PlatformOf{r.PlatformCode, r.PlatformName}, &r.GeneratedAt
	}
	if r.Fingerprint != "" {
		head := HeadOf(r.Checkpoint)
		t.Checkpoint = &head
	}
	for _, p := range r.Earlier {
		t.Earlier = append(t.Earlier, PackBefore{p.Number, HeadOf(p.Checkpoint)})
	}
	for _, l := range r.Lines {
		t.Lines = append(t.Lines, PackLine{l.Kind, l.Name, l.Verdict, l.Key, l.Says(say)})
	}
	if r.Older != nil {
		older := r.Older.Told(say)
		t.Older = &older
	}
	return t
}

// TellJSON writes the report as one JSON object.
func (r *Report) TellJSON(w io.Writer, say *locale.Printer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r.Told(say))
}
