package api

import (
	"context"
	"time"

	"maillon/audits"
	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/server/request"
)

// PackVerdict is what was found of a pack that was sent. What a pack that is not sound says of itself is
// only what it says.
type PackVerdict struct {
	Sound          bool              `json:"sound" doc:"Nothing wrong was found"`
	Says           string            `json:"says" doc:"In the reader's language"`
	Wrong          int               `json:"wrong" doc:"How many things are wrong"`
	Number         string            `json:"number,omitempty" example:"PACK-2026-001"`
	PlatformCode   string            `json:"platform_code,omitempty"`
	PlatformName   string            `json:"platform_name,omitempty"`
	AsOf           qms.Date          `json:"as_of,omitzero" format:"date"`
	GeneratedAt    *time.Time        `json:"generated_at,omitempty"`
	Facts          int64             `json:"facts" doc:"Each found in the trail"`
	Files          int               `json:"files" doc:"Of versions in force, each named by a fact"`
	Checkpoint     *PackCheckpoint   `json:"checkpoint,omitempty"`
	KeyName        string            `json:"key_name,omitempty"`
	KeyFingerprint string            `json:"key_fingerprint,omitempty" doc:"To compare with one that was given another way"`
	Signer         audits.Signer     `json:"signer" enum:"ours,former,other" doc:"Whose key signed: this site's, one that it had before, another's"`
	Earlier        []PackBefore      `json:"earlier" doc:"Packs whose trail this one's was proved to continue, the latest first"`
	Lines          []PackVerdictLine `json:"lines" doc:"Every part that was checked, in the order of the checks"`
	Omitted        int               `json:"omitted,omitempty" doc:"Lines that are left out"`
}

// PackBefore is a pack made before, by the checkpoint that it is proved by.
type PackBefore struct {
	Number     string         `json:"number"`
	Checkpoint PackCheckpoint `json:"checkpoint"`
}

// PackVerdictLine is what was found of one part.
type PackVerdictLine struct {
	Kind    archive.Kind    `json:"kind" example:"file"`
	Name    string          `json:"name,omitempty" doc:"Of the file, the table or the pack"`
	Verdict archive.Verdict `json:"verdict" enum:"sound,wrong,unchecked"`
	Reason  string          `json:"reason" doc:"Stable key" example:"pack.file_altered"`
	Says    string          `json:"says" doc:"In the reader's language"`
}

type verifyPack struct {
	InPlatform
	Upload
	Key string `query:"key" doc:"The key that must have signed: a line as in key.txt"`
}

type packVerdict struct{ Body PackVerdict }

// verifyPack checks a pack that is sent; nothing of it is kept.
func (a *API) verifyPack(ctx context.Context, in *verifyPack) (*packVerdict, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	report, err := a.s.Audits.ExaminePack(ctx, p.ID, in.File)
	if err != nil {
		return nil, err
	}
	if in.Key != "" {
		report.HoldToKey([]byte(in.Key))
	}
	signer, err := a.s.Audits.SignerOf(ctx, p.ID, report)
	if err != nil {
		return nil, err
	}
	return &packVerdict{renderVerdict(ctx, report, signer)}, nil
}

func renderVerdict(ctx context.Context, r archive.Report, signer audits.Signer) PackVerdict {
	say := request.From(ctx).Printer()
	out := PackVerdict{Sound: r.Sound(), Says: r.Conclusion(say), Wrong: r.Wrong, Number: r.Number, PlatformCode: r.PlatformCode, PlatformName: r.PlatformName,
		AsOf: r.AsOf, Facts: r.Facts, Files: r.Files, KeyName: r.KeyName, KeyFingerprint: r.KeyFingerprint, Signer: signer, Omitted: r.Omitted,
		Earlier: []PackBefore{}, Lines: []PackVerdictLine{}}
	if r.Number != "" {
		out.GeneratedAt = &r.GeneratedAt
	}
	if r.Fingerprint != "" {
		out.Checkpoint = &PackCheckpoint{r.Checkpoint.Origin, r.Checkpoint.Size, r.Checkpoint.Root.String(), r.Fingerprint}
	}
	for _, e := range r.Earlier {
		out.Earlier = append(out.Earlier, PackBefore{e.Number, PackCheckpoint{e.Checkpoint.Origin, e.Checkpoint.Size, e.Checkpoint.Root.String(), e.Fingerprint}})
	}
	for _, l := range r.Lines {
		out.Lines = append(out.Lines, PackVerdictLine{l.Kind, l.Name, l.Verdict, l.Key, l.Says(say)})
	}
	return out
}
