package api

import (
	"io"
	"mime"
	"path"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"maillon/qms"
	"maillon/server/request"
)

// Upload is embedded in the input of an operation whose body is a file. The body is not read until the
// room reads File, and never kept in memory.
type Upload struct {
	Name string `query:"name" required:"true" minLength:"1" maxLength:"255" doc:"The name of the file, without a folder" example:"PR-ACH-003.docx"`
	File io.Reader
}

// Resolve opens the body as a stream that ends in an error after request.UploadBytes.
func (u *Upload) Resolve(ctx huma.Context) []error {
	if u.Name != path.Base(strings.ReplaceAll(u.Name, `\`, "/")) || u.Name == "." || u.Name == ".." {
		return []error{qms.InvalidFields(qms.Wrong("name", "file.name"))}
	}
	if ctx.Header("Content-Length") == "0" {
		return []error{qms.Invalid("body.empty")}
	}
	u.File = ctx.BodyReader()
	return nil
}

// upload marks an operation whose body is a file of any type.
func upload(o huma.Operation) huma.Operation {
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	o.MaxBodyBytes, o.BodyReadTimeout = request.UploadBytes, -1
	return o
}

// File is the answer that is a file.
type File struct {
	Body func(huma.Context)
}

// Content is a file to send: it is read once, to its end, and closed.
type Content struct {
	Name   string
	Type   string // media type; application/octet-stream when empty
	Size   int64  // -1 when it is not known
	Reader io.ReadCloser
}

// send streams a file. Contents that people stated are never shown by the browser as pages of ours:
// they are attachments, and nothing in them runs.
func send(content Content) *File {
	return &File{Body: func(ctx huma.Context) {
		if content.Type == "" {
			content.Type = "application/octet-stream"
		}
		ctx.SetHeader("Content-Type", content.Type)
		ctx.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": content.Name}))
		ctx.SetHeader("X-Content-Type-Options", "nosniff")
		ctx.SetHeader("Content-Security-Policy", "default-src 'none'; sandbox")
		ctx.SetStatus(200)
		humafiber.Unwrap(ctx).Context().SetBodyStream(content.Reader, int(content.Size))
	}}
}

// paceBody gives every operation its body as a stream within the operation's limit, with a deadline
// that moves on while the client keeps sending.
func (a *API) paceBody(ctx huma.Context, next func(huma.Context)) {
	limit := ctx.Operation().MaxBodyBytes
	if limit == 0 {
		limit = request.FormBytes
	}
	r, err := request.Body(humafiber.Unwrap(ctx), limit)
	if err != nil {
		_ = huma.WriteErr(a.huma, ctx, 413, "", err) // huma has logged it; there is nobody left to tell
		return
	}
	next(withBody{wrapped: ctx, r: r})
}

// withBody is a context whose body is read through r.
type withBody struct {
	wrapped
	r io.Reader
}

// wrapped is huma.Context under a name that does not hide its method Context.
type wrapped huma.Context

// BodyReader is r.
func (w withBody) BodyReader() io.Reader { return w.r }

// Unwrap leads to the context of the adapter.
func (w withBody) Unwrap() huma.Context { return w.wrapped }
