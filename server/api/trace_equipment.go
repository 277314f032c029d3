package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// equipment is the equipment of a platform with its calibrations.
func (a *API) equipment() {
	const all, one = "/platforms/{platform}/equipment", "/platforms/{platform}/equipment/{number}"
	register(a, get(all, "list-equipment", "List the equipment with how its calibration stands", "equipment"), a.listEquipment)
	records(a, a.equipmentKind())
	register(a, get(one+"/calibrations", "list-calibrations", "The calibrations of a piece of equipment, newest first", "equipment"), a.listCalibrations)
	register(a, created(post(one+"/calibrations", "record-calibration", "Record a calibration", "equipment")), a.recordCalibration)
	register(a, atRevision(post("/platforms/{platform}/calibrations/{id}/void", "void-calibration", "Declare a calibration a mistake", "equipment")), a.voidCalibration)
}

// Equipment is a piece of equipment.
type Equipment struct {
	ID           qms.ID   `json:"id"`
	Revision     int64    `json:"revision"`
	Code         string   `json:"code" example:"EQ-031"`
	Name         string   `json:"name"`
	Category     string   `json:"category,omitempty"`
	Make         string   `json:"make,omitempty"`
	Model        string   `json:"model,omitempty"`
	Serial       string   `json:"serial,omitempty"`
	Place        string   `json:"place,omitempty"`
	Commissioned qms.Date `json:"commissioned,omitzero" format:"date"`
	Retired      qms.Date `json:"retired,omitzero" format:"date" doc:"First day out of service"`
	Void         string   `json:"void,omitempty"`
}

// NewEquipment is what is stated of a piece of equipment.
type NewEquipment struct {
	Why
	Code         string   `json:"code,omitempty" maxLength:"64" doc:"Required to record; it never changes"`
	Name         string   `json:"name" maxLength:"500"`
	Category     string   `json:"category,omitempty" maxLength:"500"`
	Make         string   `json:"make,omitempty" maxLength:"500"`
	Model        string   `json:"model,omitempty" maxLength:"500"`
	Serial       string   `json:"serial,omitempty" maxLength:"500"`
	Place        string   `json:"place,omitempty" maxLength:"500"`
	Commissioned qms.Date `json:"commissioned,omitempty" format:"date"`
	Retired      qms.Date `json:"retired,omitempty" format:"date"`
}

func (b NewEquipment) command(platform qms.ID) trace.AddEquipment {
	return trace.AddEquipment{Platform: platform, Code: b.Code, Name: b.Name, Category: b.Category, Make: b.Make, Model: b.Model,
		Serial: b.Serial, Place: b.Place, Commissioned: b.Commissioned, Retired: b.Retired}
}

func renderEquipment(e trace.Equipment) Equipment {
	return Equipment{ID: e.ID, Revision: e.Revision, Code: e.Code, Name: e.Name, Category: e.Category, Make: e.Make, Model: e.Model,
		Serial: e.Serial, Place: e.Place, Commissioned: e.Commissioned, Retired: e.Retired, Void: e.Void}
}

func (a *API) equipmentKind() kind[NewEquipment, trace.Equipment, Equipment] {
	t := a.s.Trace
	return kind[NewEquipment, trace.Equipment, Equipment]{plural: "equipment", noun: "equipment", subject: "equipment",
		read: func(ctx context.Context, p qms.ID, code string) (*trace.Equipment, error) {
			piece, err := t.Piece(ctx, p, code, 0)
			if err != nil {
				return nil, err
			}
			return &piece.Equipment, nil
		},
		make: func(ctx context.Context, p qms.ID, b NewEquipment) (*trace.Equipment, error) {
			return t.AddEquipment(ctx, b.command(p))
		},
		correct: func(ctx context.Context, target trace.Target, b NewEquipment) (*trace.Equipment, error) {
			return t.CorrectEquipment(ctx, target, b.command(target.Platform))
		},
		void: t.VoidEquipment, render: renderEquipment, row: func(e *trace.Equipment) qms.Row { return e.Row }}
}

// EquipmentLine is a piece of equipment in a list.
type EquipmentLine struct {
	ID              qms.ID         `json:"id"`
	Code            string         `json:"code"`
	Name            string         `json:"name"`
	Category        string         `json:"category,omitempty"`
	Place           string         `json:"place,omitempty"`
	Retired         qms.Date       `json:"retired,omitzero" format:"date"`
	Calibration     trace.Standing `json:"calibration,omitempty" enum:"valid,expiring,expired" doc:"Absent when it is not under calibration"`
	CalibratedUntil qms.Date       `json:"calibrated_until,omitzero" format:"date" doc:"First day on which it no longer holds"`
	Trained         int            `json:"trained" doc:"People validly trained"`
}

type listEquipment struct {
	InPlatform
	Paged
	AsOf
	Category    string `query:"category" maxLength:"500"`
	Calibration string `query:"calibration" enum:"valid,expiring,expired"`
	Text        string `query:"q" maxLength:"200"`
	Retired     bool   `query:"retired" doc:"Those out of service instead of those in service"`
	Sort        string `query:"sort" enum:"code,-code,name,-name,category,-category,place,-place"`
}

func (a *API) listEquipment(ctx context.Context, in *listEquipment) (*List[EquipmentLine], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.EquipmentFilter{Category: in.Category, Calibration: trace.Standing(in.Calibration), Text: in.Text, Retired: in.Retired, Sort: in.Sort}
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	page, _, err := a.s.Trace.EquipmentList(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(l trace.EquipmentLine) EquipmentLine {
		e := l.Equipment
		return EquipmentLine{ID: e.ID, Code: e.Code, Name: e.Name, Category: e.Category, Place: e.Place, Retired: e.Retired,
			Calibration: l.Calibration.Standing, CalibratedUntil: l.Calibration.Until, Trained: l.Trained}
	}), nil
}

// Calibration is a calibration or verification of equipment.
type Calibration struct {
	ID          qms.ID        `json:"id"`
	Revision    int64         `json:"revision"`
	Date        qms.Date      `json:"date" format:"date"`
	Months      qms.Months    `json:"months,omitempty" doc:"How long it holds; absent for until further notice"`
	Outcome     trace.Outcome `json:"outcome" enum:"conforming,nonconforming"`
	Certificate string        `json:"certificate,omitempty"`
	Void        string        `json:"void,omitempty"`
}

// NewCalibration is what is stated of a calibration.
type NewCalibration struct {
	Date        qms.Date      `json:"date" format:"date"`
	Months      qms.Months    `json:"months,omitempty" minimum:"0" maximum:"1200"`
	Outcome     trace.Outcome `json:"outcome" enum:"conforming,nonconforming"`
	Certificate string        `json:"certificate,omitempty" maxLength:"500"`
}

func renderCalibration(c trace.Calibration) Calibration {
	return Calibration{ID: c.ID, Revision: c.Revision, Date: c.Date, Months: c.Months, Outcome: c.Outcome, Certificate: c.Certificate, Void: c.Void}
}

type calibrationsAnswer struct{ Body []Calibration }

func (a *API) listCalibrations(ctx context.Context, in *readRecord) (*calibrationsAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	piece, err := a.s.Trace.Piece(ctx, p.ID, in.Number, 0)
	if err != nil {
		return nil, err
	}
	return &calibrationsAnswer{Body: rendered(piece.Calibrations, renderCalibration)}, nil
}

type newCalibration struct {
	InPlatform
	Number string `path:"number" maxLength:"100"`
	Body   NewCalibration
}

func (a *API) recordCalibration(ctx context.Context, in *newCalibration) (*One[Calibration], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	piece, err := a.s.Trace.Piece(ctx, p.ID, in.Number, 0)
	if err != nil {
		return nil, err
	}
	c, err := a.s.Trace.RecordCalibration(ctx, trace.RecordCalibration{Platform: p.ID, Equipment: piece.Equipment.ID, Date: in.Body.Date,
		Months: in.Body.Months, Outcome: in.Body.Outcome, Certificate: in.Body.Certificate})
	if err != nil {
		return nil, err
	}
	return one(c.Revision, renderCalibration(*c)), nil
}

type voidByID struct {
	InPlatform
	IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body Voiding
}

// target is the record of that identifier, at the revision the client knows.
func (in *voidByID) target(ctx context.Context, a *API) (trace.Target, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return trace.Target{}, err
	}
	id, err := qms.ParseID(in.ID)
	if err != nil {
		return trace.Target{}, qms.NotFound("record.not_found")
	}
	revision, err := in.Revision()
	return trace.Target{Platform: p.ID, ID: id, Revision: revision, Reason: in.Body.Reason}, err
}

func (a *API) voidCalibration(ctx context.Context, in *voidByID) (*One[Calibration], error) {
	target, err := in.target(ctx, a)
	if err != nil {
		return nil, err
	}
	c, err := a.s.Trace.VoidCalibration(ctx, target)
	if err != nil {
		return nil, err
	}
	return one(c.Revision, renderCalibration(*c)), nil
}
