package api

import (
	"context"
	"net/url"
	"time"

	"maillon/documents"
	"maillon/qms"
)

// filledForms are the records: filled forms bound to the version they were filled on.
func (a *API) filledForms() {
	const all, one = "/platforms/{platform}/records", "/platforms/{platform}/records/{record}"
	register(a, get(all, "list-records", "List the filled forms", "records"), a.listRecords)
	register(a, created(upload(post(all, "enter-record", "Keep a filled form; the body is its file", "records"))), a.enterRecord)
	register(a, get(one, "get-record", "One filled form", "records"), a.getRecord)
	register(a, get(one+"/content", "get-record-content", "Its file as it was given", "records"), a.getRecordContent)
	register(a, patch(one, "correct-record", "Correct what was stated of it; its form and its file stay", "records"), a.correctRecord)
	register(a, atRevision(post(one+"/void", "void-record", "Declare it a mistake; it stays readable", "records")), a.voidRecord)
}

// FilledForm is one record.
type FilledForm struct {
	ID        qms.ID                `json:"id"`
	Revision  int64                 `json:"revision,omitempty" doc:"For If-Match"`
	Number    string                `json:"number" example:"ENR-2026-00001"`
	Form      string                `json:"form" doc:"Code of the form" example:"FO-PRE-001"`
	Version   string                `json:"version" doc:"Of the form, as it was filled" example:"2.0"`
	Date      qms.Date              `json:"date" format:"date"`
	Title     string                `json:"title"`
	State     documents.RecordState `json:"state" enum:"sound,outdated,archived,eliminated,void" doc:"Outdated: filled on a version that was not in force on its date"`
	AboutKind documents.About       `json:"about_kind,omitempty" enum:"service,equipment,training,use,person,document"`
	About     string                `json:"about,omitempty" doc:"Number or code of what it is about"`
	Remark    string                `json:"remark,omitempty"`
	FileName  string                `json:"file_name"`
	MediaType string                `json:"media_type"`
	Size      int64                 `json:"size" doc:"Bytes"`
	SHA256    string                `json:"sha256,omitempty"`
	KeptUntil qms.Date              `json:"kept_until,omitzero" format:"date" doc:"First day on which its disposal may be decided; absent when it is kept without limit"`
	Entered   string                `json:"entered_by,omitempty"`
	EnteredAt time.Time             `json:"entered_at,omitzero"`
	Void      string                `json:"void,omitempty" doc:"Why it is a mistake"`
}

func renderRecordLine(l documents.RecordLine) FilledForm {
	return FilledForm{ID: l.ID, Number: l.Number, Form: l.FormCode, Version: l.On.String(), Date: l.Date, Title: l.Title, State: l.State,
		AboutKind: l.AboutKind, About: l.AboutCode, FileName: l.FileName, MediaType: l.MediaType, Size: l.Size, KeptUntil: l.KeptUntil()}
}

func renderRecord(s *documents.RecordSheet) *One[FilledForm] {
	f := renderRecordLine(s.RecordLine)
	f.Revision, f.Remark, f.SHA256, f.Entered, f.EnteredAt, f.Void = s.Revision, s.Remark, s.Content.String(), s.Entered, s.EnteredAt, s.Void
	return one(s.Revision, f)
}

type listRecords struct {
	InPlatform
	Paged
	Form      string                `query:"form" maxLength:"120" doc:"Code of the form"`
	AboutKind documents.About       `query:"about_kind" enum:"service,equipment,training,use,person,document"`
	About     string                `query:"about" maxLength:"300"`
	From      string                `query:"from" format:"date"`
	To        string                `query:"to" format:"date"`
	State     documents.RecordState `query:"state" enum:"sound,outdated,archived,eliminated,void" doc:"Without it: all but void"`
	Text      string                `query:"q" maxLength:"200" doc:"In number or title; case and accents aside"`
	Sort      string                `query:"sort" enum:"date,-date,number,-number,title,-title,form,-form"`
}

func (a *API) listRecords(ctx context.Context, in *listRecords) (*List[FilledForm], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := documents.RecordFilter{Form: in.Form, AboutKind: in.AboutKind, AboutCode: in.About, State: in.State, Query: in.Text, Sort: in.Sort}
	if f.From, f.To, err = days(in.From, in.To); err != nil {
		return nil, err
	}
	page, err := a.s.Documents.Records(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderRecordLine), nil
}

type enterRecord struct {
	InPlatform
	Form      string          `query:"form" required:"true" maxLength:"120" doc:"Code of the form" example:"FO-PRE-001"`
	Version   string          `query:"version" maxLength:"24" doc:"The one in force on the date, when absent"`
	Date      string          `query:"date" required:"true" format:"date"`
	Title     string          `query:"title" required:"true" maxLength:"300"`
	Remark    string          `query:"remark" maxLength:"2000"`
	AboutKind documents.About `query:"about_kind" enum:"service,equipment,training,use,person,document"`
	About     string          `query:"about" maxLength:"300" doc:"Number or code of what it is about; a training is PERSON/EQUIPMENT or PERSON/EQUIPMENT/2026-01-05"`
	KeepUntil string          `query:"keep_until" format:"date" doc:"Beyond what the form's retention says"`
	Upload
}

func (a *API) enterRecord(ctx context.Context, in *enterRecord) (*One[FilledForm], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	cmd := documents.Enter{Platform: p.ID, Form: in.Form, Version: in.Version, Title: in.Title, Remark: in.Remark, AboutKind: in.AboutKind, AboutCode: in.About}
	if cmd.Date, err = queryDay("date", in.Date); err != nil {
		return nil, err
	}
	if cmd.KeepUntil, err = queryDay("keep_until", in.KeepUntil); err != nil {
		return nil, err
	}
	file, err := a.s.Documents.Receive(ctx, p.ID, in.Upload.Name, in.File)
	if err != nil {
		return nil, err
	}
	cmd.File = &file
	row, err := a.s.Documents.EnterRecord(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return a.showRecord(ctx, p.ID, row.Number)
}

func (a *API) showRecord(ctx context.Context, platform qms.ID, number string) (*One[FilledForm], error) {
	sheet, err := a.s.Documents.RecordSheet(ctx, platform, number)
	if err != nil {
		return nil, err
	}
	return renderRecord(sheet), nil
}

// InRecord is embedded in the input of what is about one record.
type InRecord struct {
	InPlatform
	Record string `path:"record" maxLength:"64" doc:"The number of the record" example:"ENR-2026-00001"`
}

func (a *API) recordIn(ctx context.Context, in InRecord) (*documents.RecordSheet, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	number, err := url.PathUnescape(in.Record)
	if err != nil {
		return nil, qms.NotFound("record.unknown")
	}
	return a.s.Documents.RecordSheet(ctx, p.ID, number)
}

func (a *API) getRecord(ctx context.Context, in *InRecord) (*One[FilledForm], error) {
	sheet, err := a.recordIn(ctx, *in)
	if err != nil {
		return nil, err
	}
	return renderRecord(sheet), nil
}

func (a *API) getRecordContent(ctx context.Context, in *InRecord) (*File, error) {
	sheet, err := a.recordIn(ctx, *in)
	if err != nil {
		return nil, err
	}
	o, err := a.s.Documents.OpenRecord(ctx, sheet.Platform, sheet.Number)
	if err != nil {
		return nil, err
	}
	return send(Content{Name: o.SaveAs(), Type: o.Record.MediaType, Size: o.Record.Size, Reader: o}), nil
}

// RecordCorrection corrects what was stated of a record; what is absent stays.
type RecordCorrection struct {
	Version   *string          `json:"version,omitempty" maxLength:"24"`
	Date      *qms.Date        `json:"date,omitempty" format:"date"`
	Title     *string          `json:"title,omitempty" maxLength:"300"`
	Remark    *string          `json:"remark,omitempty" maxLength:"2000"`
	AboutKind *documents.About `json:"about_kind,omitempty" maxLength:"20"`
	About     *string          `json:"about,omitempty" maxLength:"300"`
	KeepUntil *qms.Date        `json:"keep_until,omitempty" format:"date"`
	Reason    string           `json:"reason" maxLength:"2000"`
}

type correctRecord struct {
	InRecord
	IfMatch
	Body RecordCorrection
}

func (a *API) correctRecord(ctx context.Context, in *correctRecord) (*One[FilledForm], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	sheet, err := a.recordIn(ctx, in.InRecord)
	if err != nil {
		return nil, err
	}
	b := in.Body
	_, err = a.s.Documents.CorrectRecord(ctx, documents.CorrectRecord{Platform: sheet.Platform, Record: sheet.ID, Revision: revision, Version: b.Version,
		Date: b.Date, Title: b.Title, Remark: b.Remark, AboutKind: b.AboutKind, AboutCode: b.About, KeepUntil: b.KeepUntil, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	return a.showRecord(ctx, sheet.Platform, sheet.Number)
}

type voidRecord struct {
	InRecord
	IfMatch
	Body ActReason
}

func (a *API) voidRecord(ctx context.Context, in *voidRecord) (*One[FilledForm], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	sheet, err := a.recordIn(ctx, in.InRecord)
	if err != nil {
		return nil, err
	}
	cmd := documents.VoidRecord{Platform: sheet.Platform, Record: sheet.ID, Revision: revision, Reason: in.Body.Reason}
	if _, err := a.s.Documents.VoidRecord(ctx, cmd); err != nil {
		return nil, err
	}
	return a.showRecord(ctx, sheet.Platform, sheet.Number)
}
