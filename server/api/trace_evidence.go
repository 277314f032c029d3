package api

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/qms/trace"
)

// evidence are the files that prove records.
func (a *API) evidence() {
	const all, one = "/platforms/{platform}/evidence", "/platforms/{platform}/evidence/{id}"
	register(a, get(all, "list-evidence", "List the files of one record, in the order in which they came", "evidence"), a.listEvidence)
	register(a, created(upload(post(all, "add-evidence", "Add a file to a record; the body is the file", "evidence"))), a.addEvidence)
	register(a, get(one, "get-evidence", "What is kept about one file", "evidence"), a.getEvidence)
	register(a, get(one+"/content", "get-evidence-content", "The file as it was given", "evidence"), a.getEvidenceContent)
	register(a, atRevision(post(one+"/void", "void-evidence", "Declare a file a mistake; it stays readable", "evidence")), a.voidEvidence)
}

// EvidenceFile is one file that proves a record.
type EvidenceFile struct {
	ID        qms.ID             `json:"id"`
	Revision  int64              `json:"revision" doc:"For If-Match"`
	Kind      trace.EvidenceKind `json:"kind" doc:"Of the record" example:"report"`
	Subject   qms.ID             `json:"subject" doc:"ID of the record"`
	Name      string             `json:"name"`
	MediaType string             `json:"media_type"`
	Size      int64              `json:"size" doc:"Bytes"`
	SHA256    string             `json:"sha256"`
	Remark    string             `json:"remark,omitempty"`
	AddedBy   qms.ID             `json:"added_by,omitempty"`
	AddedAt   time.Time          `json:"added_at"`
	Void      string             `json:"void,omitempty" doc:"Why it is a mistake"`
}

func renderEvidence(e trace.Evidence) EvidenceFile {
	return EvidenceFile{ID: e.ID, Revision: e.Revision, Kind: e.Kind, Subject: e.Subject, Name: e.Name, MediaType: e.MediaType, Size: e.Size,
		SHA256: e.Content.String(), Remark: e.Remark, AddedBy: e.AddedBy, AddedAt: e.AddedAt, Void: e.Void}
}

type listEvidence struct {
	InPlatform
	Paged
	Subject string `query:"subject" maxLength:"36" doc:"ID of the record"`
}

func (a *API) listEvidence(ctx context.Context, in *listEvidence) (*List[EvidenceFile], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	subject, err := queryID("subject", in.Subject)
	if err != nil {
		return nil, err
	}
	files, err := a.s.Trace.EvidenceOf(ctx, p.ID, subject)
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, qms.Page[trace.Evidence]{Items: files[subject]}, renderEvidence), nil
}

type addEvidence struct {
	InPlatform
	Kind    trace.EvidenceKind `query:"kind" maxLength:"20" doc:"Of the record" example:"report"`
	Subject string             `query:"subject" maxLength:"36" doc:"ID of the record"`
	Remark  string             `query:"remark" maxLength:"500"`
	Upload
}

func (a *API) addEvidence(ctx context.Context, in *addEvidence) (*One[EvidenceFile], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	cmd := trace.AddEvidence{Platform: p.ID, Kind: in.Kind, Remark: in.Remark}
	if cmd.Subject, err = queryID("subject", in.Subject); err != nil {
		return nil, err
	}
	if cmd.File, err = a.s.Trace.Receive(ctx, p.ID, in.Upload.Name, in.File); err != nil {
		return nil, err
	}
	e, err := a.s.Trace.AddEvidence(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return one(e.Revision, renderEvidence(*e)), nil
}

type inEvidence struct {
	InPlatform
	ID string `path:"id" maxLength:"36"`
}

func (a *API) evidenceIn(ctx context.Context, in *inEvidence) (platform, id qms.ID, err error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return "", "", err
	}
	id, err = qms.ParseID(in.ID)
	if err != nil {
		return "", "", qms.NotFound("record.not_found")
	}
	return p.ID, id, nil
}

func (a *API) getEvidence(ctx context.Context, in *inEvidence) (*One[EvidenceFile], error) {
	platform, id, err := a.evidenceIn(ctx, in)
	if err != nil {
		return nil, err
	}
	e, err := a.s.Trace.Evidence(ctx, platform, id)
	if err != nil {
		return nil, err
	}
	return one(e.Revision, renderEvidence(*e)), nil
}

func (a *API) getEvidenceContent(ctx context.Context, in *inEvidence) (*File, error) {
	platform, id, err := a.evidenceIn(ctx, in)
	if err != nil {
		return nil, err
	}
	e, content, err := a.s.Trace.OpenEvidence(ctx, platform, id)
	if err != nil {
		return nil, err
	}
	return send(Content{Name: e.Name, Type: e.MediaType, Size: e.Size, Reader: content}), nil
}

func (a *API) voidEvidence(ctx context.Context, in *voidByID) (*One[EvidenceFile], error) {
	target, err := in.target(ctx, a)
	if err != nil {
		return nil, err
	}
	e, err := a.s.Trace.VoidEvidence(ctx, target)
	if err != nil {
		return nil, err
	}
	return one(e.Revision, renderEvidence(*e)), nil
}
