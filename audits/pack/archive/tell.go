package archive

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"maillon/qms"
	"maillon/qms/locale"
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

// Conclusion is the sentence that says whether the pack is sound.
func (r *Report) Conclusion(say *locale.Printer) string {
	if r.Sound() {
		return say.T("verify.sound")
	}
	return say.T("verify.not_sound", r.Wrong)
}

// Tell writes the report for people, with what they compare.
func (r *Report) Tell(w io.Writer, say *locale.Printer) error {
	if r.Number != "" {
		fmt.Fprintf(w, "%s, %s (%s)\n", r.Number, r.PlatformName, r.PlatformCode)
		fmt.Fprintf(w, "%s, %s\n", say.T("pack.as_of_long", say.LongDate(r.AsOf)), say.T("verify.generated", say.Instant(r.GeneratedAt)))
	}
	fmt.Fprintf(w, "%s\n\n", r.Conclusion(say))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range r.Lines {
		fmt.Fprintf(table, "%s\t%s\t%s\n", say.T("verify.verdict."+string(l.Verdict)), l.head(say), l.Says(say))
	}
	if err := table.Flush(); err != nil {
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

// head is what a line is about, in words.
func (l Line) head(say *locale.Printer) string {
	kind := say.T("verify.kind." + string(l.Kind))
	if l.Name == "" {
		return kind
	}
	return kind + " " + l.Subject(say)
}

// Told is a report as programs read it.
type Told struct {
	Sound          bool       `json:"sound"`
	Says           string     `json:"says"`
	Wrong          int        `json:"wrong"`
	Number         string     `json:"number,omitempty"`
	Platform       *Platform  `json:"platform,omitempty"`
	AsOf           *qms.Date  `json:"as_of,omitempty"`
	GeneratedAt    *time.Time `json:"generated_at,omitempty"`
	Size           int64      `json:"size"`
	Facts          int64      `json:"facts"`
	Files          int        `json:"files"`
	Checkpoint     *ToldHead  `json:"checkpoint,omitempty"`
	KeyName        string     `json:"key_name,omitempty"`
	KeyFingerprint string     `json:"key_fingerprint,omitempty"`
	Earlier        []ToldPack `json:"earlier,omitempty"`
	Lines          []ToldLine `json:"lines"`
	Omitted        int        `json:"omitted,omitempty"`
	Older          *Told      `json:"older,omitempty"`
}

// ToldHead is a checkpoint as programs read it.
type ToldHead struct {
	Origin      string `json:"origin"`
	Size        int64  `json:"size"`
	Root        string `json:"root"`
	Fingerprint string `json:"fingerprint"`
}

// ToldPack is an earlier pack as programs read it.
type ToldPack struct {
	Number     string   `json:"number"`
	Checkpoint ToldHead `json:"checkpoint"`
}

// ToldLine is a line of a report as programs read it: Reason is stable, Says is for people.
type ToldLine struct {
	Kind    Kind    `json:"kind"`
	Name    string  `json:"name,omitempty"`
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason"`
	Says    string  `json:"says"`
}

// Told is the report as programs read it, with sentences in the language of the printer.
func (r *Report) Told(say *locale.Printer) Told {
	t := Told{Sound: r.Sound(), Says: r.Conclusion(say), Wrong: r.Wrong, Number: r.Number, Size: r.Size, Facts: r.Facts, Files: r.Files,
		KeyName: r.KeyName, KeyFingerprint: r.KeyFingerprint, Omitted: r.Omitted, Lines: []ToldLine{}}
	if r.Number != "" {
		t.Platform, t.AsOf, t.GeneratedAt = &Platform{r.PlatformCode, r.PlatformName}, &r.AsOf, &r.GeneratedAt
	}
	if r.Fingerprint != "" {
		t.Checkpoint = &ToldHead{r.Checkpoint.Origin, r.Checkpoint.Size, r.Checkpoint.Root.String(), r.Fingerprint}
	}
	for _, p := range r.Earlier {
		t.Earlier = append(t.Earlier, ToldPack{p.Number, ToldHead{p.Checkpoint.Origin, p.Checkpoint.Size, p.Checkpoint.Root.String(), p.Fingerprint}})
	}
	for _, l := range r.Lines {
		t.Lines = append(t.Lines, ToldLine{l.Kind, l.Name, l.Verdict, l.Key, l.Says(say)})
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
