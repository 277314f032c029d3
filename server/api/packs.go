package api

import (
	"context"
	"time"

	"maillon/audits"
	"maillon/audits/pack/archive"
	"maillon/qms"
	"maillon/server/request"
)

// packs are the audit packs of a platform.
func (a *API) packs() {
	const all, one = "/platforms/{platform}/packs", "/platforms/{platform}/packs/{number}"
	register(a, get(all, "list-packs", "List the audit packs, the newest first", "packs"), a.listPacks)
	register(a, created(post(all, "make-pack", "Begin to make an audit pack; ask for it again until it is made", "packs")), a.makePack)
	verify := upload(post(all+"/verify", "verify-pack", "Check a pack that is sent, and say of each part whether it is sound", "packs"))
	register(a, verify, a.verifyPack)
	verify.RequestBody.Content["multipart/form-data"] = packsForm()
	register(a, get(one, "get-pack", "One audit pack, with how far it is", "packs"), a.getPack)
	register(a, post(one+"/cancel", "cancel-pack", "Stop the making of an audit pack", "packs"), a.cancelPack)
	register(a, get(one+"/archive", "download-pack", "The archive: the PDF, the files in force and the proofs", "packs"), a.downloadPack)
	register(a, get(one+"/pdf", "download-pack-pdf", "The PDF alone", "packs"), a.downloadPackPDF)
}

// Pack is one audit pack. What is known when it is made is left out before.
type Pack struct {
	Number         string            `json:"number" example:"PACK-2026-001"`
	From           qms.Date          `json:"from,omitempty" format:"date" doc:"What happened is told from that day on; from the beginning when it is left out"`
	AsOf           qms.Date          `json:"as_of" format:"date"`
	Sections       []string          `json:"sections" doc:"Keys, in the order of the pack"`
	WithFiles      bool              `json:"with_files" doc:"Originals, renditions and evidence are in it"`
	Language       string            `json:"language" enum:"fr,en"`
	State          audits.PackState  `json:"state" enum:"running,made,failed"`
	MadeBy         string            `json:"made_by,omitempty"`
	StartedAt      time.Time         `json:"started_at"`
	EndedAt        *time.Time        `json:"ended_at,omitempty"`
	Progress       *PackProgress     `json:"progress,omitempty" doc:"While it is being made, on whichever server"`
	Continues      string            `json:"continues,omitempty" doc:"Number of the pack made before, whose trail this one was proved to continue"`
	Failure        string            `json:"failure,omitempty" doc:"Stable key of why it failed" example:"pack.cancelled"`
	FailureSays    string            `json:"failure_says,omitempty" doc:"Why it failed, in the reader's language, with the file that it names; for one pack alone"`
	SHA256         string            `json:"sha256,omitempty" doc:"Of the archive"`
	Size           int64             `json:"size,omitempty" doc:"Of the archive, bytes"`
	Facts          int64             `json:"facts,omitempty" doc:"Each proved to be in the trail"`
	Files          int64             `json:"files,omitempty" doc:"Of versions in force"`
	Checkpoint     *archive.PackHead `json:"checkpoint,omitempty"`
	KeyFingerprint string            `json:"key_fingerprint,omitempty" doc:"SHA-256 of the line of key.txt, in groups of four"`
}

// PackProgress is how far the making of a pack is.
type PackProgress struct {
	Step  string `json:"step" enum:"wait,gather,facts,print,bind,files,write,check,keep"`
	Done  int    `json:"done"`
	Total int    `json:"total" doc:"0 when it is not known"`

	Attempt    int  `json:"attempt" doc:"How many servers began to make it, those aside that stopped in order: more than 1 when one died of it or beside it, 0 when none is at it and none died"`
	Waiting    bool `json:"waiting,omitempty" doc:"No server is at it; one takes it up within a minute"`
	Cancelling bool `json:"cancelling,omitempty" doc:"It is to be stopped"`
}

func (a *API) renderPack(p audits.Pack) Pack {
	out := Pack{Number: p.Number, From: p.From, AsOf: p.AsOf, Sections: p.Sections, WithFiles: p.WithFiles, Language: p.Language, State: p.State, MadeBy: p.MakerName, StartedAt: p.StartedAt}
	if !p.EndedAt.IsZero() {
		out.EndedAt = &p.EndedAt
	}
	switch out.State {
	case audits.PackRunning:
	case audits.PackFailed:
		out.Failure = p.Reason()
	case audits.PackMade:
		out.SHA256, out.Size, out.Facts, out.Files = p.Content.String(), p.Size, p.Facts, p.Files
		out.Continues = p.Previous
		head := archive.HeadOf(p.Checkpoint())
		out.Checkpoint = &head
	}
	return out
}

type listPacks struct {
	InPlatform
	Paged
}

func (a *API) listPacks(ctx context.Context, in *listPacks) (*List[Pack], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	page, err := a.s.Audits.Packs(ctx, p.ID, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, a.renderPack), nil
}

// NewPack asks for a pack.
type NewPack struct {
	From         qms.Date `json:"from,omitempty" required:"false" format:"date" doc:"What happened (services, uses, changes) is told from that day on; from the beginning when it is left out"`
	AsOf         qms.Date `json:"as_of" format:"date" doc:"What was true on that day is in it; today or earlier"`
	Sections     []string `json:"sections,omitempty" required:"false" maxItems:"40" doc:"Keys of the sections it shall have; all when it is left out" example:"[\"documents\",\"services\"]"`
	WithoutFiles bool     `json:"without_files,omitempty" required:"false" doc:"Leave out originals, renditions and evidence"`
	Language     string   `json:"language,omitempty" enum:"fr,en" doc:"Of the PDF; fr when it is left out"`
}

type makePack struct {
	InPlatform
	Body NewPack
}

func (a *API) makePack(ctx context.Context, in *makePack) (*One[Pack], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	if in.Body.Language == "" {
		in.Body.Language = "fr"
	}
	made, err := a.s.Audits.StartPack(ctx, audits.PreparePack{Platform: p.ID, From: in.Body.From, AsOf: in.Body.AsOf,
		Sections: in.Body.Sections, WithoutFiles: in.Body.WithoutFiles, Once: onceOf(ctx), Language: in.Body.Language})
	if err != nil {
		return nil, err
	}
	return one(made.Revision, a.renderPack(*made)), nil
}

type inPack struct {
	InPlatform
	Number string `path:"number" maxLength:"40" example:"PACK-2026-001"`
}

func (a *API) getPack(ctx context.Context, in *inPack) (*One[Pack], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	found, err := a.s.Audits.PackByNumber(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	body := a.renderPack(*found)
	if body.Failure != "" {
		body.FailureSays = request.From(ctx).Printer().Error(found.Why())
	}
	if body.State == audits.PackRunning {
		at, err := a.s.Audits.PackProgress(ctx, found)
		if err != nil {
			return nil, err
		}
		body.Progress = &PackProgress{Step: string(at.Step), Done: at.Done, Total: at.Total, Attempt: at.Term, Waiting: at.Waits, Cancelling: at.Cancelling}
	}
	if body.KeyFingerprint, err = a.s.Audits.KeyFingerprint(); err != nil {
		return nil, err
	}
	return one(found.Revision, body), nil
}

func (a *API) cancelPack(ctx context.Context, in *inPack) (*One[Pack], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	found, err := a.s.Audits.CancelPack(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return one(found.Revision, a.renderPack(*found)), nil
}

func (a *API) downloadPack(ctx context.Context, in *inPack) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	found, archive, err := a.s.Audits.OpenPack(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return send(Content{Name: found.FileName(), Type: "application/zip", Size: found.Size, Reader: archive}), nil
}

func (a *API) downloadPackPDF(ctx context.Context, in *inPack) (*File, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	found, pdf, size, err := a.s.Audits.OpenPackPDF(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return send(Content{Name: found.Number + ".pdf", Type: "application/pdf", Size: size, Reader: pdf}), nil
}
