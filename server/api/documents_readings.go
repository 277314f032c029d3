package api

import (
	"context"
	"time"

	"maillon/documents"
	"maillon/qms"
)

// readings are to whom documents are addressed, and who has read what.
func (a *API) readings() {
	const all = "/platforms/{platform}/documents"
	const one, version = all + "/{document}", all + "/{document}/versions/{version}"
	const kinds, rule = "/platforms/{platform}/document-distribution", "/platforms/{platform}/document-reading-rule"
	register(a, get(one+"/distribution", "list-addressees", "To whom a document is addressed, ended entries among them", "readings"), a.listAddressees)
	register(a, created(post(one+"/distribution", "add-addressees", "Address a document to people and roles", "readings")), a.addAddressees)
	register(a, get(kinds, "list-kind-addressees", "To whom all documents of a kind are addressed", "readings"), a.listKindAddressees)
	register(a, created(post(kinds, "add-kind-addressees", "Address all documents of a kind, present and to come", "readings")), a.addKindAddressees)
	register(a, post(kinds+"/{addressee}/end", "end-addressee", "End one entry of a distribution", "readings"), a.endAddressee)
	register(a, get(one+"/readings", "list-document-readings", "How everybody addressed stands on the version in force", "readings"), a.listDocumentReadings)
	register(a, get("/platforms/{platform}/document-readings", "list-readings", "Who has read what, as of a day: by person and then by document", "readings"), a.listReadings)
	register(a, post(version+"/read", "acknowledge-version", "Sign that one has read the version in force", "readings"), a.acknowledge)
	register(a, get(rule, "get-reading-rule", "After how many days a reading is late", "readings"), a.getReadingRule)
	register(a, post(rule, "set-reading-rule", "Settle after how many days a reading is late", "readings"), a.setReadingRule)
}

// Addressee is one entry of a distribution: a person or a role, and a document or a kind.
type Addressee struct {
	ID       qms.ID   `json:"id"`
	Revision int64    `json:"revision" doc:"For If-Match"`
	Kind     string   `json:"kind,omitempty" doc:"When all documents of the kind are addressed" example:"PR"`
	Person   qms.ID   `json:"person,omitempty"`
	Name     string   `json:"name,omitempty" doc:"Of the person"`
	Role     qms.Role `json:"role,omitempty" enum:"manager,quality-lead,member,user"`
	From     qms.Date `json:"from" format:"date" doc:"First day"`
	Until    qms.Date `json:"until,omitzero" format:"date" doc:"First day no longer"`
	Reason   string   `json:"reason,omitempty" doc:"Why it was ended"`
}

func renderAddressee(e documents.Addressee, names map[qms.ID]string) Addressee {
	return Addressee{ID: e.ID, Revision: e.Revision, Kind: e.Kind, Person: e.Person, Name: names[e.Person], Role: e.Role,
		From: e.FromDate, Until: e.UntilDate, Reason: e.Ending}
}

func renderAddressees(entries []documents.Addressee, names map[qms.ID]string) *List[Addressee] {
	out := &List[Addressee]{Body: Items[Addressee]{Items: make([]Addressee, 0, len(entries))}}
	for _, e := range entries {
		out.Body.Items = append(out.Body.Items, renderAddressee(e, names))
	}
	return out
}

func (a *API) listAddressees(ctx context.Context, in *getDocument) (*List[Addressee], error) {
	day, err := in.Day(a.today())
	if err != nil {
		return nil, err
	}
	sheet, err := a.sheet(ctx, in.InDocument, day)
	if err != nil {
		return nil, err
	}
	return renderAddressees(sheet.Addressees, sheet.Names), nil
}

// NewAddressees asks to address a document, or a kind, to people and roles.
type NewAddressees struct {
	Kind    string     `json:"kind,omitempty" maxLength:"12" doc:"Of the documents, where no document is named in the path" example:"PR"`
	Persons []qms.ID   `json:"persons,omitempty" maxItems:"200"`
	Roles   []qms.Role `json:"roles,omitempty" maxItems:"10" enum:"manager,quality-lead,member,user"`
	From    qms.Date   `json:"from,omitempty" format:"date" doc:"Today when absent; not a day that has passed"`
	Reason  string     `json:"reason,omitempty" maxLength:"2000"`
}

func (b NewAddressees) command(platform qms.ID) documents.Address {
	return documents.Address{Platform: platform, Persons: b.Persons, Roles: b.Roles, From: b.From, Reason: b.Reason}
}

type addAddressees struct {
	InDocument
	Body NewAddressees
}

func (a *API) addAddressees(ctx context.Context, in *addAddressees) (*List[Addressee], error) {
	sheet, err := a.sheet(ctx, in.InDocument, 0)
	if err != nil {
		return nil, err
	}
	cmd := in.Body.command(sheet.Platform)
	cmd.Document = sheet.ID
	return a.address(ctx, cmd)
}

func (a *API) address(ctx context.Context, cmd documents.Address) (*List[Addressee], error) {
	added, err := a.s.Documents.Address(ctx, cmd)
	if err != nil {
		return nil, err
	}
	entries := make([]documents.Addressee, len(added))
	for i, e := range added {
		entries[i] = *e
	}
	return renderAddressees(entries, nil), nil
}

func (a *API) listKindAddressees(ctx context.Context, in *InPlatform) (*List[Addressee], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	found, err := a.s.Documents.KindDistribution(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return renderAddressees(found.Addressees, found.Names), nil
}

type addKindAddressees struct {
	InPlatform
	Body NewAddressees
}

func (a *API) addKindAddressees(ctx context.Context, in *addKindAddressees) (*List[Addressee], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	cmd := in.Body.command(p.ID)
	cmd.Kind = in.Body.Kind
	return a.address(ctx, cmd)
}

// EndOfAddressee ends one entry.
type EndOfAddressee struct {
	Until  qms.Date `json:"until,omitempty" format:"date" doc:"First day no longer; today when absent"`
	Reason string   `json:"reason" maxLength:"2000"`
}

type endAddressee struct {
	InPlatform
	IfMatch
	Addressee string `path:"addressee" format:"uuid"`
	Body      EndOfAddressee
}

func (a *API) endAddressee(ctx context.Context, in *endAddressee) (*One[Addressee], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	e, err := a.s.Documents.EndAddress(ctx, documents.EndAddress{Platform: p.ID, Addressee: qms.ID(in.Addressee), Revision: revision,
		Until: in.Body.Until, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return one(e.Revision, renderAddressee(*e, nil)), nil
}

// Reading is how one person stands on one document in force.
type Reading struct {
	Document string                 `json:"document" example:"PR-ACH-003"`
	Title    string                 `json:"title"`
	Version  string                 `json:"version" doc:"The one in force" example:"2.0"`
	Person   qms.ID                 `json:"person"`
	Name     string                 `json:"name"`
	State    documents.ReadingState `json:"state" enum:"read,to-read,late"`
	Since    qms.Date               `json:"since" format:"date" doc:"From when the reading is asked"`
	Until    qms.Date               `json:"until" format:"date" doc:"The last day on which it is not late"`
	Read     string                 `json:"read,omitempty" doc:"The version that was read; a minor one before the one in force counts" example:"2.0"`
	ReadAt   time.Time              `json:"read_at,omitzero"`
}

func renderReading(r documents.Reading) Reading {
	out := Reading{Document: r.Document.Code, Title: r.Document.Title, Version: r.Version.Number().String(), Person: r.Reader.Person,
		Name: r.Reader.Name, State: r.State, Since: r.Since, Until: r.Until}
	if r.State == documents.HasRead {
		out.Read, out.ReadAt = r.Read.String(), r.ReadAt
	}
	return out
}

func (a *API) listDocumentReadings(ctx context.Context, in *getDocument) (*List[Reading], error) {
	day, err := in.Day(a.today())
	if err != nil {
		return nil, err
	}
	sheet, err := a.sheet(ctx, in.InDocument, day)
	if err != nil {
		return nil, err
	}
	readings := sheet.Readings
	if len(readings) == 0 && sheet.Mine != nil { // of people with training only, their own
		readings = []documents.Reading{*sheet.Mine}
	}
	return list(&Paged{}, qms.Page[documents.Reading]{Items: readings}, renderReading), nil
}

type listReadings struct {
	InPlatform
	Paged
	AsOf
	Process string   `query:"process" maxLength:"12"`
	Kind    string   `query:"kind" maxLength:"12"`
	Role    qms.Role `query:"role" enum:"manager,quality-lead,member,user,quality-officer" doc:"People who hold it on the day"`
	Person  string   `query:"person" format:"uuid"`
	Missing bool     `query:"missing" doc:"Only what is still to be read"`
}

func (a *API) listReadings(ctx context.Context, in *listReadings) (*List[Reading], error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	m, err := a.s.Documents.ReadingMatrix(ctx, p.ID, documents.ReadingFilter{AsOf: day, Process: in.Process, Kind: in.Kind, Role: in.Role,
		Person: qms.ID(in.Person), Missing: in.Missing})
	if err != nil {
		return nil, err
	}
	page, err := m.Page(in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, renderReading), nil
}

// SignedReading is a reader's signature.
type SignedReading struct {
	Password string `json:"password" maxLength:"1024" doc:"Once more, to sign"`
}

type acknowledgeVersion struct {
	InVersion
	IfMatch
	Body SignedReading
}

func (a *API) acknowledge(ctx context.Context, in *acknowledgeVersion) (*One[DocumentVersion], error) {
	return a.act(ctx, in.InVersion, in.IfMatch, func(platform, version qms.ID, revision int64) (*documents.Version, error) {
		if err := a.s.People.Confirm(ctx, in.Body.Password); err != nil {
			return nil, err
		}
		return a.s.Documents.Acknowledge(ctx, documents.Acknowledge{Platform: platform, Version: version, Revision: revision})
	})
}

// ReadingRule is what a platform settles about readings.
type ReadingRule struct {
	LateDays int64  `json:"late_days" minimum:"1" maximum:"730" doc:"A reading is late when it was asked for more days ago; 14 unless settled otherwise"`
	Reason   string `json:"reason,omitempty" maxLength:"2000"`
}

type readingRuleAnswer struct{ Body ReadingRule }

func (a *API) getReadingRule(ctx context.Context, in *InPlatform) (*readingRuleAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	rule, err := a.s.Documents.ReadingRule(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return &readingRuleAnswer{ReadingRule{LateDays: rule.LateDays}}, nil
}

type setReadingRule struct {
	InPlatform
	Body ReadingRule
}

func (a *API) setReadingRule(ctx context.Context, in *setReadingRule) (*readingRuleAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	rule, err := a.s.Documents.SetReadingRule(ctx, documents.SetReadingRule{Platform: p.ID, LateDays: in.Body.LateDays, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return &readingRuleAnswer{ReadingRule{LateDays: rule.LateDays}}, nil
}
