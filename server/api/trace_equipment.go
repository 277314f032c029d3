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
	register(a, patch("/platforms/{platform}/calibrations/{id}", "correct-calibration", "Correct what was stated of a calibration", "equipment"), a.correctCalibration)
	register(a, atRevision(post("/platforms/{platform}/calibrations/{id}/void", "void-calibration", "Declare a calibration a mistake", "equipment")), a.voidCalibration)
	a.equipmentLife(one)
	a.equipmentPlans(one)
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
	RetiredWhy   string   `json:"retired_why,omitempty"`
	Holding
	Void string `json:"void,omitempty"`
}

// Holding is what a platform keeps of its equipment beside what it is.
type Holding struct {
	Supplier         string    `json:"supplier,omitempty" maxLength:"500"`
	Acquired         qms.Date  `json:"acquired,omitempty,omitzero" format:"date"`
	CostCents        qms.Money `json:"cost_cents,omitempty" doc:"Of the purchase"`
	Inventory        string    `json:"inventory,omitempty" maxLength:"500" doc:"Number in the inventory of the institution"`
	Funding          string    `json:"funding,omitempty" maxLength:"500"`
	Responsible      qms.ID    `json:"responsible,omitempty" doc:"ID of a member of the platform"`
	LifeYears        int64     `json:"life_years,omitempty" doc:"How long it is expected to serve"`
	RenewalYear      int64     `json:"renewal_year,omitempty" doc:"Where it was decided; it goes before life_years"`
	RenewalCostCents qms.Money `json:"renewal_cost_cents,omitempty"`
	Notes            string    `json:"notes,omitempty" maxLength:"4000"`
	Waiting          bool      `json:"waiting,omitempty" doc:"Received, and not put into service yet"`
}

func (h Holding) command() trace.Holding {
	return trace.Holding{Supplier: h.Supplier, Acquired: h.Acquired, Cost: h.CostCents, Inventory: h.Inventory, Funding: h.Funding, Responsible: h.Responsible,
		LifeYears: h.LifeYears, RenewalYear: h.RenewalYear, RenewalCost: h.RenewalCostCents, Notes: h.Notes, Waiting: h.Waiting}
}

func renderHolding(e trace.Equipment) Holding {
	return Holding{Supplier: e.Supplier, Acquired: e.Acquired, CostCents: e.Cost, Inventory: e.Inventory, Funding: e.Funding, Responsible: e.Responsible,
		LifeYears: e.LifeYears, RenewalYear: e.RenewalYear, RenewalCostCents: e.RenewalCost, Notes: e.Notes, Waiting: e.Waiting}
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
	Holding
}

func (b NewEquipment) command(platform qms.ID) trace.AddEquipment {
	return trace.AddEquipment{Platform: platform, Code: b.Code, Name: b.Name, Category: b.Category, Make: b.Make, Model: b.Model,
		Serial: b.Serial, Place: b.Place, Commissioned: b.Commissioned, Retired: b.Retired, Holding: b.Holding.command()}
}

func renderEquipment(e trace.Equipment) Equipment {
	return Equipment{ID: e.ID, Revision: e.Revision, Code: e.Code, Name: e.Name, Category: e.Category, Make: e.Make, Model: e.Model,
		Serial: e.Serial, Place: e.Place, Commissioned: e.Commissioned, Retired: e.Retired, RetiredWhy: e.RetiredWhy, Holding: renderHolding(e), Void: e.Void}
}

func (a *API) equipmentKind() kind[NewEquipment, trace.Equipment, Equipment] {
	t := a.s.Trace
	return kind[NewEquipment, trace.Equipment, Equipment]{plural: "equipment", noun: "equipment", subject: "equipment",
		read: t.EquipmentByCode,
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
	Status          trace.Status   `json:"status" enum:"in-service,under-maintenance,broken-down,out-of-calibration,not-commissioned,out-of-service"`
	Maintenance     qms.Date       `json:"next_maintenance,omitzero" format:"date"`
}

type listEquipment struct {
	InPlatform
	Paged
	AsOf
	Category    string `query:"category" maxLength:"500"`
	Calibration string `query:"calibration" enum:"valid,expiring,expired"`
	Status      string `query:"status" enum:"in-service,under-maintenance,broken-down,out-of-calibration,not-commissioned,out-of-service"`
	Text        string `query:"q" maxLength:"200"`
	Retired     bool   `query:"retired" doc:"Those out of service instead of those in service"`
	Sort        string `query:"sort" enum:"code,-code,name,-name,category,-category,place,-place"`
}

func (a *API) listEquipment(ctx context.Context, in *listEquipment) (*List[EquipmentLine], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.EquipmentFilter{Category: in.Category, Calibration: trace.Standing(in.Calibration), Status: trace.Status(in.Status), Text: in.Text, Retired: in.Retired, Sort: in.Sort}
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
			Calibration: l.Calibration.Standing, CalibratedUntil: l.Calibration.Until, Trained: l.Trained,
			Status: l.Status, Maintenance: l.Maintenance.On}
	}), nil
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
	e, err := a.s.Trace.EquipmentByCode(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return shownCalibration(a.s.Trace.RecordCalibration(ctx, in.Body.command(p.ID, e.ID)))
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
	return shownCalibration(a.s.Trace.VoidCalibration(ctx, target))
}
