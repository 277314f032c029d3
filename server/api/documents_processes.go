package api

import (
	"context"

	"maillon/documents"
	"maillon/qms"
)

// PlatformProcess is one process of the map with the figures of its documents.
type PlatformProcess struct {
	Code      string                `json:"code" example:"ACH"`
	Name      string                `json:"name" example:"Achats"`
	Type      documents.ProcessType `json:"type,omitempty" enum:"management,core,support" doc:"Absent while nobody has placed it"`
	Owner     qms.ID                `json:"owner,omitempty"`
	OwnerName string                `json:"owner_name,omitempty"`
	Purpose   string                `json:"purpose,omitempty"`
	Place     int64                 `json:"place" doc:"Its order within its band"`
	RetiredOn qms.Date              `json:"retired_on,omitzero" format:"date"`
	InForce   int                   `json:"in_force" doc:"Documents in force"`
	Findings  []ProcessFinding      `json:"findings"`
	Documents []ProcessDocument     `json:"documents,omitempty" doc:"Only when one process is asked for: from the process sheet to the records"`
	Revision  int64                 `json:"revision" doc:"For If-Match"`
}

// ProcessFinding is one thing that is wrong with a process or its documents.
type ProcessFinding struct {
	Trouble documents.Trouble `json:"trouble" enum:"reviews-late,unknown-links,obsolete-links,drafts-long,files-missing,nothing-in-force,sheet-missing,procedure-missing,owner-missing,purpose-missing"`
	Count   int               `json:"count"`
}

// ProcessDocument is one document of a process.
type ProcessDocument struct {
	Code    string          `json:"code"`
	Title   string          `json:"title"`
	Level   documents.Level `json:"level" enum:"manual,process,procedure,instruction,form,record,other"`
	State   documents.State `json:"state,omitempty" enum:"draft,in-review,approved,effective,superseded,withdrawn"`
	Version string          `json:"version,omitempty"`
	Late    bool            `json:"review_late"`
	UsedBy  int             `json:"used_by" doc:"Documents whose text names it"`
	Unknown int             `json:"unknown_links"`
	Expired int             `json:"obsolete_links"`
}

func renderProcess(c documents.ProcessCard) PlatformProcess {
	p := PlatformProcess{Code: c.Code, Name: c.Name, Type: c.Type, Owner: c.Owner, OwnerName: c.OwnerName, Purpose: c.Purpose, Place: c.Place,
		RetiredOn: c.RetiredOn, InForce: c.InForce, Findings: []ProcessFinding{}, Revision: c.Revision}
	for _, f := range c.Findings {
		p.Findings = append(p.Findings, ProcessFinding{f.Trouble, f.Count})
	}
	return p
}

func withDocuments(c documents.ProcessCard) PlatformProcess {
	p := renderProcess(c)
	for _, d := range c.Documents {
		line := ProcessDocument{Code: d.Code, Title: d.Title, Level: d.Level, State: d.State, Late: d.Late, UsedBy: d.UsedBy, Unknown: d.Unknown, Expired: d.Expired}
		if d.State != "" {
			line.Version = d.Number.String()
		}
		p.Documents = append(p.Documents, line)
	}
	return p
}

// InDay is embedded in the input of what shows a platform as of a day.
type InDay struct {
	InPlatform
	AsOf
}

// chart reads the documents of the platform and their links as of the day.
func (a *API) chart(ctx context.Context, in InDay) (*documents.Chart, error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	return a.s.Documents.Chart(ctx, p.ID, day)
}

func (a *API) listProcesses(ctx context.Context, in *InDay) (*List[PlatformProcess], error) {
	chart, err := a.chart(ctx, *in)
	if err != nil {
		return nil, err
	}
	m := chart.Map()
	var cards []documents.ProcessCard
	for _, band := range m.Bands {
		cards = append(cards, band.Processes...)
	}
	return entire(append(append(cards, m.Others...), m.Retired...), renderProcess), nil
}

type getProcess struct {
	InDay
	Process string `path:"process" example:"ACH"`
}

func (a *API) getProcess(ctx context.Context, in *getProcess) (*One[PlatformProcess], error) {
	chart, err := a.chart(ctx, in.InDay)
	if err != nil {
		return nil, err
	}
	card := chart.Card(in.Process)
	if card.ID == "" {
		return nil, qms.NotFound("process.not_found")
	}
	return one(card.Revision, withDocuments(card)), nil
}

// NewProcess asks for a process.
type NewProcess struct {
	Code    string                `json:"code" maxLength:"12"`
	Name    string                `json:"name" maxLength:"300"`
	Type    documents.ProcessType `json:"type,omitempty" enum:"management,core,support"`
	Owner   qms.ID                `json:"owner,omitempty"`
	Purpose string                `json:"purpose,omitempty" maxLength:"2000"`
	Place   int64                 `json:"place,omitempty" minimum:"0" maximum:"9999"`
	Reason  string                `json:"reason,omitempty" maxLength:"2000"`
}

type addProcess struct {
	InPlatform
	Body NewProcess
}

func (a *API) addProcess(ctx context.Context, in *addProcess) (*One[PlatformProcess], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	made, err := a.s.Documents.AddProcess(ctx, p.ID, documents.Process{Code: b.Code, Name: b.Name, Type: b.Type, Owner: b.Owner, Purpose: b.Purpose, Place: b.Place}, b.Reason)
	if err != nil {
		return nil, err
	}
	return one(made.Revision, renderProcess(documents.ProcessCard{Process: *made})), nil
}

// ProcessChange corrects what is said about a process; what is absent stays.
type ProcessChange struct {
	Name    *string                `json:"name,omitempty" maxLength:"300"`
	Type    *documents.ProcessType `json:"type,omitempty" enum:"management,core,support,"`
	Owner   *qms.ID                `json:"owner,omitempty"`
	Purpose *string                `json:"purpose,omitempty" maxLength:"2000"`
	Place   *int64                 `json:"place,omitempty" minimum:"0" maximum:"9999"`
	Retired *bool                  `json:"retired,omitempty" doc:"No new documents from today on; its documents stay"`
	Reason  string                 `json:"reason,omitempty" maxLength:"2000"`
}

type changeProcess struct {
	InPlatform
	IfMatch
	Process string `path:"process" example:"ACH"`
	Body    ProcessChange
}

func (a *API) changeProcess(ctx context.Context, in *changeProcess) (*One[PlatformProcess], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	b := in.Body
	made, err := a.s.Documents.ReviseProcess(ctx, documents.ReviseProcess{Platform: p.ID, Code: in.Process, Revision: revision, Name: b.Name, Type: b.Type,
		Owner: b.Owner, Purpose: b.Purpose, Place: b.Place, Retired: b.Retired, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	return one(made.Revision, renderProcess(documents.ProcessCard{Process: *made})), nil
}

// DocumentGraph is documents and the links between them.
type DocumentGraph struct {
	Nodes []GraphNode `json:"nodes"`
	Edges []GraphEdge `json:"edges"`
}

// GraphNode is one document, or a code that no document has.
type GraphNode struct {
	Code    string          `json:"code"`
	Title   string          `json:"title,omitempty"`
	Kind    string          `json:"kind,omitempty"`
	Process string          `json:"process,omitempty"`
	Level   documents.Level `json:"level" enum:"manual,process,procedure,instruction,form,record,other"`
	State   documents.State `json:"state,omitempty"`
	Version string          `json:"version,omitempty"`
	Known   bool            `json:"known" doc:"A document has the code"`
}

// GraphEdge is one link, by the codes at its ends.
type GraphEdge struct {
	From     string            `json:"from"`
	To       string            `json:"to"`
	By       documents.Basis   `json:"by" enum:"code,title"`
	Problem  documents.Problem `json:"problem,omitempty" enum:"unknown,obsolete,suggested"`
	Mentions int64             `json:"mentions"`
}

type getGraph struct {
	InDay
	Process  string `query:"process" maxLength:"12" doc:"Only its documents; - for those of no process"`
	Kind     string `query:"kind" maxLength:"12"`
	Problems bool   `query:"problems" doc:"Only links with something wrong"`
	Focus    string `query:"focus" maxLength:"40" doc:"The code of a document, with what is within depth links of it"`
	Depth    int    `query:"depth" minimum:"1" maximum:"2" default:"1"`
}

type graphAnswer struct{ Body DocumentGraph }

func (a *API) getGraph(ctx context.Context, in *getGraph) (*graphAnswer, error) {
	chart, err := a.chart(ctx, in.InDay)
	if err != nil {
		return nil, err
	}
	g := chart.Graph(documents.GraphFilter{Process: in.Process, Kind: in.Kind, Problems: in.Problems, Focus: in.Focus, Depth: in.Depth})
	out := DocumentGraph{Nodes: make([]GraphNode, 0, len(g.Nodes)), Edges: make([]GraphEdge, 0, len(g.Edges))}
	for _, n := range g.Nodes {
		node := GraphNode{Code: n.Code, Title: n.Title, Kind: n.Kind, Process: n.Process, Level: n.Level, State: n.State, Known: n.Known}
		if n.State != "" {
			node.Version = n.Number.String()
		}
		out.Nodes = append(out.Nodes, node)
	}
	for _, e := range g.Edges {
		out.Edges = append(out.Edges, GraphEdge{g.Nodes[e.From].Code, g.Nodes[e.To].Code, e.Basis, e.Problem, e.Mentions})
	}
	return &graphAnswer{out}, nil
}
