package api

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/server/importer"
	"maillon/server/request"
)

// referential is the versions of the criteria that platforms answer to; they are of the site.
func (a *API) referential() {
	const all, one = "/referential/versions", "/referential/versions/{number}"
	register(a, get(all, "list-referentials", "List the versions of the referential, newest first", "referential"), a.listReferentials)
	register(a, created(post(all, "open-referential", "Begin a version: empty, from another one, with criteria, or with the sample", "referential")), a.openReferential)
	register(a, get(one, "get-referential", "One version with its criteria", "referential"), a.getReferential)
	register(a, patch(one, "change-referential", "State the name, note and day of a draft anew", "referential"), a.changeReferential)
	register(a, atRevision(post(one+"/publish", "publish-referential", "Let a draft take effect on a day; it never changes afterwards", "referential")), a.publishReferential)
	register(a, atRevision(post(one+"/void", "void-referential", "Give a draft up", "referential")), a.voidReferential)
	register(a, atRevision(post(one+"/criteria", "add-criterion", "Add a criterion to a draft", "referential")), a.addCriterion)
	register(a, patch(one+"/criteria/{code}", "change-criterion", "State a criterion of a draft anew", "referential"), a.changeCriterion)
	register(a, atRevision(post(one+"/criteria/{code}/drop", "drop-criterion", "Take a criterion out of a draft", "referential")), a.dropCriterion)
	register(a, get(one+"/workbook", "export-referential", "One version as a workbook that an import reads back", "referential"), a.exportReferential)
	register(a, upload(post("/referential/import", "import-referential", "Take a list of criteria over, all of it or nothing; the body is an XLSX workbook", "referential")), a.importReferential)
}

// ReferentialCriterion is one criterion of a version.
type ReferentialCriterion struct {
	Code       string      `json:"code" maxLength:"40" example:"R-01" doc:"Unique in the version, the same from version to version"`
	Theme      label.Theme `json:"theme" example:"traceability"`
	Required   bool        `json:"required,omitempty" doc:"Else recommended"`
	French     string      `json:"text_fr" maxLength:"4000"`
	English    string      `json:"text_en" maxLength:"4000"`
	EvidenceFR string      `json:"evidence_fr" maxLength:"4000" doc:"What is expected to be shown"`
	EvidenceEN string      `json:"evidence_en" maxLength:"4000"`
	Clauses    []string    `json:"clauses,omitempty" nullable:"false" doc:"Of other standards that it answers" example:"[\"ISO 9001:2015 7.2\"]"`
}

func (c ReferentialCriterion) text() label.CriterionText {
	return label.CriterionText{Code: c.Code, Theme: c.Theme, Required: c.Required, French: c.French, English: c.English, EvidenceFrench: c.EvidenceFR,
		EvidenceEnglish: c.EvidenceEN, Clauses: c.Clauses}
}

func renderCriterion(c label.Criterion) ReferentialCriterion {
	return ReferentialCriterion{Code: c.Code, Theme: c.Theme, Required: c.Required, French: c.French, English: c.English, EvidenceFR: c.EvidenceFrench,
		EvidenceEN: c.EvidenceEnglish, Clauses: c.Clauses}
}

// ReferentialVersion is a version of the referential.
type ReferentialVersion struct {
	ID          qms.ID                 `json:"id"`
	Revision    int64                  `json:"revision"`
	Number      int64                  `json:"number"`
	Name        string                 `json:"name"`
	Note        string                 `json:"note,omitempty"`
	Sample      bool                   `json:"sample" doc:"Most criteria are those shipped with Maillon: a sample of ours, not the official grid"`
	Standing    string                 `json:"standing,omitempty" enum:"draft,approved,effective,superseded,withdrawn" doc:"Today; approved is published for later. Absent in the answer to an act"`
	From        qms.Date               `json:"effective_from,omitzero" format:"date"`
	PublishedOn qms.Date               `json:"published_on,omitzero" format:"date"`
	PublishedBy qms.ID                 `json:"published_by,omitempty"`
	Follows     int64                  `json:"follows,omitempty" doc:"Number of the version that it was made from"`
	Void        string                 `json:"void,omitempty" doc:"Why it was given up"`
	Criteria    []ReferentialCriterion `json:"criteria,omitempty" nullable:"false" doc:"Absent in lists and in the answers to acts"`
}

func renderReferential(v label.Referential) ReferentialVersion {
	return ReferentialVersion{ID: v.ID, Revision: v.Revision, Number: v.Number, Name: v.Name, Note: v.Note, Sample: v.Sample, From: v.EffectiveFrom,
		PublishedOn: v.PublishedOn, PublishedBy: v.PublishedBy, Follows: v.Follows, Void: v.Void}
}

var shownReferential = shown(renderReferential)

type listReferentials struct{ Paged }

func (a *API) listReferentials(ctx context.Context, in *listReferentials) (*List[ReferentialVersion], error) {
	lines, err := a.s.Label.Referentials(ctx)
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, qms.Page[label.ReferentialLine]{Items: lines}, func(l label.ReferentialLine) ReferentialVersion {
		v := renderReferential(l.Referential)
		v.Standing = l.Standing
		return v
	}), nil
}

// NewReferential begins a version.
type NewReferential struct {
	Name     string                 `json:"name" maxLength:"400"`
	Note     string                 `json:"note,omitempty" maxLength:"4000"`
	CopyOf   int64                  `json:"copy_of,omitempty" doc:"Number of the version whose criteria it takes"`
	Sample   bool                   `json:"sample,omitempty" doc:"Take the criteria shipped with Maillon: ours, not the official grid"`
	Criteria []ReferentialCriterion `json:"criteria,omitempty"`
}

type openReferential struct{ Body NewReferential }

func (a *API) openReferential(ctx context.Context, in *openReferential) (*One[ReferentialVersion], error) {
	cmd := label.OpenReferential{Name: in.Body.Name, Note: in.Body.Note, CopyOf: in.Body.CopyOf}
	if in.Body.Sample {
		cmd.Criteria = label.Sample()
	}
	for _, c := range in.Body.Criteria {
		cmd.Criteria = append(cmd.Criteria, c.text())
	}
	return shownReferential(a.s.Label.OpenReferential(ctx, cmd))
}

type readReferential struct {
	Number string `path:"number" doc:"1, 2, 3..."`
}

// referentialNumber is the number in a path; what is none is not found.
func referentialNumber(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, qms.NotFound("record.not_found")
	}
	return n, nil
}

func (a *API) referentialSheet(ctx context.Context, number string) (*label.ReferentialSheet, error) {
	n, err := referentialNumber(number)
	if err != nil {
		return nil, err
	}
	return a.s.Label.ReferentialSheet(ctx, n)
}

func (a *API) getReferential(ctx context.Context, in *readReferential) (*One[ReferentialVersion], error) {
	sheet, err := a.referentialSheet(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	v := renderReferential(sheet.Referential)
	v.Standing, v.Criteria = sheet.Standing, rendered(sheet.Items, renderCriterion)
	return one(v.Revision, v), nil
}

type onReferential[B any] struct {
	IfMatch
	Number string `path:"number" doc:"1, 2, 3..."`
	Body   B
}

func (in *onReferential[B]) on(reason string) (label.OnReferential, error) {
	number, err := referentialNumber(in.Number)
	if err != nil {
		return label.OnReferential{}, err
	}
	revision, err := in.Revision()
	return label.OnReferential{Number: number, Revision: revision, Reason: reason}, err
}

// ReferentialHead is what is stated of a draft itself.
type ReferentialHead struct {
	Name string   `json:"name" maxLength:"400"`
	Note string   `json:"note,omitempty" maxLength:"4000"`
	From qms.Date `json:"effective_from,omitempty" format:"date"`
}

func (a *API) changeReferential(ctx context.Context, in *onReferential[ReferentialHead]) (*One[ReferentialVersion], error) {
	on, err := in.on("")
	if err != nil {
		return nil, err
	}
	return shownReferential(a.s.Label.ChangeReferential(ctx, label.ChangeReferential{OnReferential: on, Name: in.Body.Name, Note: in.Body.Note, EffectiveFrom: in.Body.From}))
}

// Publication says from when a version holds.
type Publication struct {
	From qms.Date `json:"effective_from,omitempty" format:"date" doc:"Today or later; the draft's own day when absent"`
}

func (a *API) publishReferential(ctx context.Context, in *onReferential[Publication]) (*One[ReferentialVersion], error) {
	on, err := in.on("")
	if err != nil {
		return nil, err
	}
	return shownReferential(a.s.Label.PublishReferential(ctx, label.PublishReferential{OnReferential: on, EffectiveFrom: in.Body.From}))
}

func (a *API) voidReferential(ctx context.Context, in *onReferential[Why]) (*One[ReferentialVersion], error) {
	on, err := in.on(in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownReferential(a.s.Label.VoidReferential(ctx, on))
}

// PlacedCriterion is a criterion and where it comes.
type PlacedCriterion struct {
	ReferentialCriterion
	After string `json:"after,omitempty" maxLength:"40" doc:"Code of the criterion before it; - puts it first; absent leaves it where it is, a new one at the end"`
}

func (a *API) addCriterion(ctx context.Context, in *onReferential[PlacedCriterion]) (*One[ReferentialVersion], error) {
	on, err := in.on("")
	if err != nil {
		return nil, err
	}
	return shownReferential(a.s.Label.SetCriterion(ctx, label.SetCriterion{OnReferential: on, After: in.Body.After, CriterionText: in.Body.text()}))
}

type onCriterion[B any] struct {
	IfMatch
	Number string `path:"number" doc:"1, 2, 3..."`
	Code   string `path:"code"`
	Body   B
}

func (in *onCriterion[B]) on(reason string) (label.OnReferential, error) {
	return (&onReferential[B]{IfMatch: in.IfMatch, Number: in.Number}).on(reason)
}

func (a *API) changeCriterion(ctx context.Context, in *onCriterion[PlacedCriterion]) (*One[ReferentialVersion], error) {
	on, err := in.on("")
	if err != nil {
		return nil, err
	}
	return shownReferential(a.s.Label.SetCriterion(ctx, label.SetCriterion{OnReferential: on, Code: in.Code, After: in.Body.After, CriterionText: in.Body.text()}))
}

func (a *API) dropCriterion(ctx context.Context, in *onCriterion[Why]) (*One[ReferentialVersion], error) {
	on, err := in.on(in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownReferential(a.s.Label.DropCriterion(ctx, on, in.Code))
}

func (a *API) exportReferential(ctx context.Context, in *readReferential) (*File, error) {
	sheet, err := a.referentialSheet(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	say := request.From(ctx).Printer()
	var file bytes.Buffer
	if err := importer.WriteReferential(&file, say, sheet); err != nil {
		return nil, err
	}
	return send(Content{Name: say.T("page.referential.file_name", sheet.Number) + ".xlsx", Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		Size: int64(file.Len()), Reader: io.NopCloser(&file)}), nil
}

// ReferentialTaken is what taking a workbook over came to, or would.
type ReferentialTaken struct {
	Number   int64 `json:"number,omitempty" doc:"Of the draft; absent when nothing was written"`
	Against  int64 `json:"against,omitempty" doc:"Number of the version that the list was held against"`
	Same     int   `json:"same"`
	Added    int   `json:"added"`
	Reworded int   `json:"reworded" doc:"Asked again of platforms"`
	Changed  int   `json:"changed" doc:"Not asked again"`
	Gone     int   `json:"gone"`
	DryRun   bool  `json:"dry_run"`
}

type importReferential struct {
	DryRun bool   `query:"dry_run" doc:"Say what would change, and write nothing"`
	Title  string `query:"title" doc:"Name of a new draft; that of the file when absent"`
	Upload
}

type referentialTaken struct{ Body ReferentialTaken }

func (a *API) importReferential(ctx context.Context, in *importReferential) (*referentialTaken, error) {
	if err := qms.Authorise(qms.ActorFrom(ctx), qms.AccompanyPlatform.OnSite()); err != nil {
		return nil, err
	}
	book, err := importer.ReadReferential(ctx, in.Name, in.File)
	if err != nil {
		return nil, err
	}
	say := request.From(ctx).Printer()
	plan, refused := a.s.Label.PreviewReferential(ctx, book.Items)
	book.Place(refused)
	if len(book.Problems) > 0 {
		return nil, misplaced(book, func(p importer.Problem) string { return p.Place(say) })
	}
	if refused != nil {
		return nil, refused
	}
	out := &referentialTaken{ReferentialTaken{DryRun: in.DryRun}}
	if !in.DryRun {
		name := in.Title
		if name == "" {
			name = strings.TrimSuffix(in.Name, ".xlsx")
		}
		var v *label.Referential
		if plan, v, err = a.s.Label.TakeReferential(ctx, label.TakeReferential{Name: name, Criteria: book.Items}); err != nil {
			return nil, err
		}
		if v != nil {
			out.Body.Number = v.Number
		}
	}
	if plan.Base != nil {
		out.Body.Against = plan.Base.Number
	}
	t := plan.Tally
	out.Body.Same, out.Body.Added, out.Body.Reworded, out.Body.Changed, out.Body.Gone = t.Same, t.Added, t.Reworded, t.Changed, t.Gone
	return out, nil
}

// misplaced is the refusal of a workbook: a field for each place.
func misplaced(book *importer.CriteriaBook, place func(importer.Problem) string) error {
	fields := make([]qms.Field, 0, len(book.Problems))
	for _, p := range book.Problems {
		fields = append(fields, qms.Wrong(place(p), p.Key, p.Args...))
	}
	return qms.InvalidFields(fields...)
}
