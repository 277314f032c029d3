package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/trace"
)

// registerMappings are how a platform heads its registers where its headings do not tell.
func (a *API) registerMappings() {
	const all = "/platforms/{platform}/register-mappings"
	register(a, get(all, "list-register-mappings", "How sheets of unknown headings are read", "imports"), a.listRegisterMappings)
	register(a, atRevision(post(all+"/{mapping}/void", "forget-register-mapping", "Forget how a sheet is read", "imports")), a.forgetRegisterMapping)
}

// RegisterMapping is how a sheet of those headings is read. An import with remember makes one.
type RegisterMapping struct {
	ID           qms.ID         `json:"id"`
	Sheet        string         `json:"sheet" example:"Feuil1"`
	Register     string         `json:"register" example:"quotes" doc:"aside for a sheet that is no register"`
	Headings     []string       `json:"headings" nullable:"false"`
	Columns      map[string]int `json:"columns" doc:"Field to column, from 0"`
	Dates        string         `json:"dates,omitempty" enum:"mdy" doc:"mdy when dates like 04/03/2023 begin with the month"`
	RememberedBy string         `json:"remembered_by"`
	RememberedAt time.Time      `json:"remembered_at"`
	Void         string         `json:"void,omitempty" doc:"Why it was forgotten"`
	Revision     int64          `json:"revision" doc:"For If-Match"`
}

func renderRegisterMapping(m trace.RegisterMapping) RegisterMapping {
	return RegisterMapping{ID: m.ID, Sheet: m.Sheet, Register: m.Register, Headings: append([]string{}, m.Headings...), Columns: m.Columns,
		Dates: m.Dates, RememberedBy: m.RememberedBy, RememberedAt: m.RememberedAt, Void: m.Void, Revision: m.Revision}
}

func (a *API) listRegisterMappings(ctx context.Context, in *listInPlatform) (*List[RegisterMapping], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	all, err := a.s.Importer.Mappings(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b trace.RegisterMapping) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return list(&in.Paged, slicePage(all, in.Cursor(), func(m trace.RegisterMapping) string { return string(m.ID) }), renderRegisterMapping), nil
}

type forgetMapping struct {
	InPlatform
	IfMatch
	Mapping string `path:"mapping" maxLength:"36" doc:"The id of the mapping"`
	Body    Voiding
}

func (a *API) forgetRegisterMapping(ctx context.Context, in *forgetMapping) (*One[RegisterMapping], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	id, err := qms.ParseID(in.Mapping)
	if err != nil {
		return nil, qms.NotFound("record.not_found")
	}
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	m, err := a.s.Importer.ForgetMapping(ctx, trace.Target{Platform: p.ID, ID: id, Revision: revision, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return one(m.Revision, renderRegisterMapping(*m)), nil
}
