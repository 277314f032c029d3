package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// Sample is material that came for a request.
type Sample struct {
	ID          qms.ID     `json:"id"`
	Revision    int64      `json:"revision"`
	Number      string     `json:"number" example:"ECH-2026-0001"`
	Request     string     `json:"request"`
	Description string     `json:"description"`
	Quantity    string     `json:"quantity,omitempty"`
	ReceivedOn  qms.Date   `json:"received_on" format:"date"`
	ReceivedBy  qms.ID     `json:"received_by,omitempty"`
	Condition   string     `json:"condition,omitempty"`
	Place       string     `json:"place,omitempty"`
	Fate        trace.Fate `json:"fate" enum:"kept,returned,destroyed,consumed"`
	FateOn      qms.Date   `json:"fate_on,omitzero" format:"date"`
	FateBy      qms.ID     `json:"fate_by,omitempty"`
	FateNote    string     `json:"fate_note,omitempty"`
	Void        string     `json:"void,omitempty"`
}

func renderSample(s trace.Sample) Sample {
	return Sample{ID: s.ID, Revision: s.Revision, Number: s.Number, Request: s.Request, Description: s.Description, Quantity: s.Quantity,
		ReceivedOn: s.ReceivedOn, ReceivedBy: s.ReceivedBy, Condition: s.Condition, Place: s.Place, Fate: s.Fate, FateOn: s.FateOn,
		FateBy: s.FateBy, FateNote: s.FateNote, Void: s.Void}
}

// NewSample is what is stated of a sample.
type NewSample struct {
	Why
	Number      string   `json:"number,omitempty" maxLength:"64" doc:"Given out when absent; it never changes"`
	Request     string   `json:"request" maxLength:"64"`
	Description string   `json:"description" maxLength:"500"`
	Quantity    string   `json:"quantity,omitempty" maxLength:"500"`
	ReceivedOn  qms.Date `json:"received_on" format:"date"`
	ReceivedBy  qms.ID   `json:"received_by,omitempty" doc:"ID of a member of the platform"`
	Condition   string   `json:"condition,omitempty" maxLength:"500"`
	Place       string   `json:"place,omitempty" maxLength:"500"`
}

func (b NewSample) command(platform qms.ID) trace.ReceiveSample {
	return trace.ReceiveSample{Platform: platform, Number: b.Number, Request: b.Request, Description: b.Description, Quantity: b.Quantity,
		ReceivedOn: b.ReceivedOn, ReceivedBy: b.ReceivedBy, Condition: b.Condition, Place: b.Place}
}

func (a *API) sampleKind() kind[NewSample, trace.Sample, Sample] {
	t := a.s.Trace
	return kind[NewSample, trace.Sample, Sample]{plural: "samples", noun: "sample", subject: "samples", read: t.Sample,
		make: func(ctx context.Context, p qms.ID, b NewSample) (*trace.Sample, error) {
			return t.ReceiveSample(ctx, b.command(p))
		},
		correct: func(ctx context.Context, target trace.Target, b NewSample) (*trace.Sample, error) {
			return t.CorrectSample(ctx, target, b.command(target.Platform))
		},
		void: t.VoidSample, render: renderSample, row: func(s *trace.Sample) qms.Row { return s.Row }}
}

type listSamples struct {
	InPlatform
	Paged
	Number string `path:"number" maxLength:"100"`
}

func (a *API) listSamples(ctx context.Context, in *listSamples) (*List[Sample], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	all, err := a.s.Trace.Samples(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, qms.Page[trace.Sample]{Items: all}, renderSample), nil
}

// SampleFate is what became of a sample.
type SampleFate struct {
	Fate trace.Fate `json:"fate" enum:"kept,returned,destroyed,consumed"`
	On   qms.Date   `json:"on,omitempty" format:"date" doc:"Absent while it is kept"`
	By   qms.ID     `json:"by,omitempty" doc:"ID of a member of the platform; absent while it is kept"`
	Note string     `json:"note,omitempty" maxLength:"4000"`
}

func (a *API) settleSample(ctx context.Context, in *changeRecord[SampleFate]) (*One[Sample], error) {
	k := a.sampleKind()
	target, err := k.target(ctx, a, in.Platform, in.Number, "", &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return k.shown(a.s.Trace.SettleSample(ctx, trace.SettleSample{Target: target, Fate: in.Body.Fate, On: in.Body.On, By: in.Body.By, Note: in.Body.Note}))
}
