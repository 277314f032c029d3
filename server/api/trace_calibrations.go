package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// Calibration is a calibration or verification of equipment.
type Calibration struct {
	ID       qms.ID     `json:"id"`
	Revision int64      `json:"revision"`
	Date     qms.Date   `json:"date" format:"date"`
	Months   qms.Months `json:"months,omitempty" doc:"How long it holds; absent for until further notice"`
	Found
	Void string `json:"void,omitempty"`
}

// Found is what a calibration found, by whom and by what certificate.
type Found struct {
	Outcome     trace.Outcome         `json:"outcome" enum:"conforming,nonconforming"`
	Kind        trace.CalibrationKind `json:"kind,omitempty" enum:"calibration,verification" doc:"Absent when it is not stated"`
	Provider    string                `json:"provider,omitempty" maxLength:"500"`
	Certificate string                `json:"certificate,omitempty" maxLength:"500" doc:"Its number; its file is evidence of kind calibration"`
	Nominal     string                `json:"nominal,omitempty" maxLength:"64" example:"100" doc:"A decimal number"`
	Tolerance   string                `json:"tolerance,omitempty" maxLength:"64" example:"0.05" doc:"A decimal number without sign"`
	Deviation   string                `json:"deviation,omitempty" maxLength:"64" example:"-0.02" doc:"A decimal number"`
	Unit        string                `json:"unit,omitempty" maxLength:"64" example:"mg"`
	Explanation string                `json:"explanation,omitempty" maxLength:"4000" doc:"Required when the outcome is another than deviation and tolerance give"`
}

// NewCalibration is what is stated of a calibration.
type NewCalibration struct {
	Why
	Date   qms.Date   `json:"date" format:"date"`
	Months qms.Months `json:"months,omitempty" minimum:"0" maximum:"1200"`
	Found
}

func (b NewCalibration) command(platform, equipment qms.ID) trace.RecordCalibration {
	return trace.RecordCalibration{Platform: platform, Equipment: equipment, Date: b.Date, Months: b.Months, Outcome: b.Outcome, Certificate: b.Certificate,
		Kind: b.Kind, Provider: b.Provider, Measure: trace.Measure{Nominal: b.Nominal, Tolerance: b.Tolerance, Deviation: b.Deviation, Unit: b.Unit}, Explanation: b.Explanation}
}

func renderCalibration(c trace.Calibration) Calibration {
	return Calibration{ID: c.ID, Revision: c.Revision, Date: c.Date, Months: c.Months, Void: c.Void, Found: Found{Outcome: c.Outcome, Kind: c.Kind, Provider: c.Provider,
		Certificate: c.Certificate, Nominal: c.Nominal, Tolerance: c.Tolerance, Deviation: c.Deviation, Unit: c.Unit, Explanation: c.Explanation}}
}

var shownCalibration = shown(renderCalibration)

// onRecord is an act on a record that is known by its ID alone.
type onRecord[B any] struct {
	InPlatform
	IfMatch
	ID   string `path:"id" doc:"ID of the record"`
	Body B
}

// target is the record of that ID, at the revision the client knows.
func (in *onRecord[B]) target(ctx context.Context, a *API, reason string) (trace.Target, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return trace.Target{}, err
	}
	id, err := qms.ParseID(in.ID)
	if err != nil {
		return trace.Target{}, qms.NotFound("record.not_found")
	}
	revision, err := in.Revision()
	return trace.Target{Platform: p.ID, ID: id, Revision: revision, Reason: reason}, err
}

func (a *API) correctCalibration(ctx context.Context, in *onRecord[NewCalibration]) (*One[Calibration], error) {
	target, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	c, err := a.s.Trace.Calibration(ctx, target.Platform, target.ID)
	if err != nil {
		return nil, err
	}
	return shownCalibration(a.s.Trace.CorrectCalibration(ctx, target, in.Body.command(target.Platform, c.Equipment)))
}
