package api

import (
	"context"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"maillon/audits"
	"maillon/audits/pack/archive"
	"maillon/server/request"
)

// verifyPack takes one pack as the body, or a form with the packs.
type verifyPack struct {
	InPlatform
	Name string `query:"name" doc:"The name of the file; it is not looked at"`
	Key  string `query:"key" doc:"The key that must have signed: a line as in key.txt. A form may carry it as a field"`
	Kind string // media type of the body
	Sent io.Reader
}

// Resolve opens the body as a stream that ends in an error after request.UploadBytes.
func (in *verifyPack) Resolve(ctx huma.Context) []error {
	in.Kind, in.Sent = ctx.Header("Content-Type"), ctx.BodyReader()
	return nil
}

// packsForm describes the other body that the operation takes. It is added once the operation stands: huma
// would otherwise read the form itself, into memory.
func packsForm() *huma.MediaType {
	file := func(says string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Format: "binary", Description: says}
	}
	return &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{audits.SentPack}, Properties: map[string]*huma.Schema{
		audits.SentPack:  file("The pack"),
		audits.SentSince: file("An earlier pack that was kept: the trail of the first must continue it"),
		"key":            {Type: huma.TypeString, Description: "The key that must have signed: a line as in key.txt"},
	}}}
}

type packVerdict struct{ Body archive.PackVerdict }

// verifyPack checks a pack that is sent; nothing of it is kept. What was given wrongly is a problem that
// names the part, what is wrong with the pack is in the verdict.
func (a *API) verifyPack(ctx context.Context, in *verifyPack) (*packVerdict, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	next, key, err := in.files()
	if err != nil {
		return nil, err
	}
	found, err := a.s.Audits.ExaminePack(ctx, p.ID, next, key)
	if err != nil {
		return nil, err
	}
	if err := found.Misgiven(); err != nil {
		return nil, err
	}
	verdict := found.Report.Told(request.From(ctx).Printer())
	verdict.Signer = string(found.Signer)
	return &packVerdict{verdict}, nil
}

// files are the files of the form, or the whole body where it is none.
func (in *verifyPack) files() (next audits.NextFile, key func() string, err error) {
	key = func() string { return in.Key }
	if !request.IsForm(in.Kind) {
		sent := in.Sent
		return func() (string, io.Reader, error) {
			one := sent
			sent = nil
			return audits.SentPack, one, nil
		}, key, nil
	}
	parts, err := request.OpenParts(in.Kind, in.Sent)
	if err != nil {
		return nil, nil, err
	}
	next = func() (string, io.Reader, error) {
		file, err := parts.File()
		if err != nil || file == nil {
			return "", nil, err
		}
		return file.Field, file, nil
	}
	return next, func() string {
		if field := parts.Fields.Get("key"); field != "" {
			return field
		}
		return in.Key
	}, nil
}
