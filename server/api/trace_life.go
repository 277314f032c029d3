package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// equipmentLife is how equipment stands, and what its life sheet is made of.
func (a *API) equipmentLife(one string) {
	const event = "/platforms/{platform}/equipment-events/{id}"
	register(a, get(one+"/status", "get-equipment-status", "How a piece of equipment stands on a day", "equipment"), a.equipmentStatus)
	register(a, get(one+"/life", "list-life", "The life sheet of a piece of equipment, newest first", "equipment"), a.listLife)
	register(a, created(post(one+"/events", "record-equipment-event", "Record an event of a life sheet", "equipment")), a.recordEvent)
	register(a, get(event, "get-equipment-event", "One event of a life sheet", "equipment"), a.getEvent)
	register(a, patch(event, "correct-equipment-event", "Correct what was stated of an event", "equipment"), a.correctEvent)
	register(a, atRevision(post(event+"/end", "end-equipment-event", "State when an event that goes on came to its end", "equipment")), a.endEvent)
	register(a, atRevision(post(event+"/void", "void-equipment-event", "Declare an event a mistake", "equipment")), a.voidEvent)
	register(a, atRevision(post(one+"/retire", "retire-equipment", "Take a piece of equipment out of service", "equipment")), a.retireEquipment)
	register(a, atRevision(post(one+"/return", "return-equipment", "Put a piece of equipment back into service", "equipment")), a.returnEquipment)
	register(a, atRevision(post(one+"/commission", "commission-equipment", "Put into service what waits for it", "equipment")), a.commissionEquipment)
}

// EquipmentStatus is how a piece of equipment stands on a day.
type EquipmentStatus struct {
	Code            string           `json:"code"`
	AsOf            qms.Date         `json:"as_of" format:"date"`
	Status          trace.Status     `json:"status" enum:"in-service,under-maintenance,broken-down,out-of-calibration,not-commissioned,out-of-service"`
	Place           string           `json:"place,omitempty"`
	Calibration     trace.Standing   `json:"calibration,omitempty" enum:"valid,expiring,expired" doc:"Absent when it is not under calibration"`
	CalibratedUntil qms.Date         `json:"calibrated_until,omitzero" format:"date" doc:"First day on which it no longer holds"`
	Maintenance     []Maintenance    `json:"maintenance" doc:"Preventive maintenance that is foreseen, the soonest first"`
	Open            []EquipmentEvent `json:"open" doc:"Events that go on that day"`
}

// Maintenance is when the next preventive maintenance of a program falls due.
type Maintenance struct {
	Program string   `json:"program,omitempty"`
	Last    qms.Date `json:"last" format:"date"`
	On      qms.Date `json:"on" format:"date"`
}

type readOnDay struct {
	InPlatform
	AsOf
	Number string `path:"number" doc:"Code, in any case"`
}

type statusAnswer struct{ Body EquipmentStatus }

func (a *API) equipmentStatus(ctx context.Context, in *readOnDay) (*statusAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	day, err := in.Day(a.today())
	if err != nil {
		return nil, err
	}
	piece, err := a.s.Trace.Piece(ctx, p.ID, in.Number, day)
	if err != nil {
		return nil, err
	}
	life := piece.Life
	return &statusAnswer{Body: EquipmentStatus{Code: piece.Equipment.Code, AsOf: piece.AsOf, Status: life.Status, Place: life.Place,
		Calibration: piece.Calibration.Standing, CalibratedUntil: piece.Calibration.Until, Open: rendered(life.Open, renderEvent),
		Maintenance: rendered(life.Maintenance, func(m trace.Maintenance) Maintenance { return Maintenance{m.Program, m.Last, m.On} })}}, nil
}

// LifeEntry is one line of a life sheet: a milestone of the register, or one of the three kinds of record.
type LifeEntry struct {
	Date        qms.Date        `json:"date" format:"date"`
	Milestone   trace.Milestone `json:"milestone,omitempty" enum:"acquired,commissioned,retired"`
	Event       *EquipmentEvent `json:"event,omitempty"`
	Calibration *Calibration    `json:"calibration,omitempty"`
	RestoreTest *RestoreTest    `json:"restore_test,omitempty"`
}

type listLife struct {
	InPlatform
	Paged
	AsOf
	Number string `path:"number" doc:"Code, in any case"`
}

func (a *API) listLife(ctx context.Context, in *listLife) (*List[LifeEntry], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	day, err := in.Day(a.today())
	if err != nil {
		return nil, err
	}
	sheet, err := a.s.Trace.LifeSheet(ctx, p.ID, in.Number, day, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, sheet.Entries, func(e trace.Entry) LifeEntry {
		out := LifeEntry{Date: e.Date, Milestone: e.Milestone}
		switch {
		case e.Event != nil:
			event := renderEvent(*e.Event)
			out.Event = &event
		case e.Calibration != nil:
			c := renderCalibration(*e.Calibration)
			out.Calibration = &c
		case e.Test != nil:
			t := renderTest(*e.Test)
			out.RestoreTest = &t
		}
		return out
	}), nil
}

// EquipmentEvent is one event of a life sheet.
type EquipmentEvent struct {
	ID        qms.ID          `json:"id"`
	Revision  int64           `json:"revision"`
	Equipment qms.ID          `json:"equipment"`
	Kind      trace.EventKind `json:"kind" enum:"preventive,corrective,breakdown,repair,move,modification,software,withdrawal,other"`
	Event
	NextDue     qms.Date `json:"next_due,omitzero" format:"date" doc:"Of preventive maintenance"`
	Ends        qms.ID   `json:"ends,omitempty" doc:"The event that this one brought to its end"`
	Place       string   `json:"place,omitempty" doc:"Of a move: where to"`
	PlaceBefore string   `json:"place_before,omitempty"`
	Void        string   `json:"void,omitempty"`
}

// Event is what is stated of an event and may be corrected.
type Event struct {
	Date        qms.Date   `json:"date" format:"date" doc:"The day it began"`
	Ended       qms.Date   `json:"ended,omitempty,omitzero" format:"date" doc:"The day on which the equipment served again; absent while maintenance, a breakdown or a repair goes on"`
	Usable      bool       `json:"usable,omitempty" doc:"The equipment could be used meanwhile"`
	Description string     `json:"description,omitempty" maxLength:"4000"`
	Outcome     string     `json:"outcome,omitempty" maxLength:"4000"`
	Person      qms.ID     `json:"person,omitempty" doc:"Who did it, as ID of a member of the platform"`
	Company     string     `json:"company,omitempty" maxLength:"500"`
	CostCents   qms.Money  `json:"cost_cents,omitempty"`
	Program     string     `json:"program,omitempty" maxLength:"500" doc:"Of preventive maintenance: which of several"`
	Months      qms.Months `json:"months,omitempty" minimum:"0" maximum:"1200" doc:"Until the next one of the program"`
	NextOn      qms.Date   `json:"next_on,omitempty,omitzero" format:"date" doc:"Or its day"`
}

// NewEvent is an event to record.
type NewEvent struct {
	Kind trace.EventKind `json:"kind" enum:"preventive,corrective,breakdown,repair,move,modification,software,other"`
	Event
	Ends  qms.ID `json:"ends,omitempty" doc:"An event of the same equipment that goes on, and that this one brings to its end"`
	Place string `json:"place,omitempty" maxLength:"500" doc:"Of a move: where to"`
}

func (b Event) command(platform, equipment qms.ID) trace.RecordEvent {
	return trace.RecordEvent{Platform: platform, Equipment: equipment, Date: b.Date, Ended: b.Ended, Usable: b.Usable, Description: b.Description, Outcome: b.Outcome,
		Person: b.Person, Company: b.Company, Cost: b.CostCents, Program: b.Program, Months: b.Months, NextOn: b.NextOn}
}

func renderEvent(e trace.EquipmentEvent) EquipmentEvent {
	return EquipmentEvent{ID: e.ID, Revision: e.Revision, Equipment: e.Equipment, Kind: e.Kind, NextDue: e.Due(), Ends: e.Ends, Place: e.Place, PlaceBefore: e.PlaceBefore, Void: e.Void,
		Event: Event{Date: e.Date, Ended: e.Ended, Usable: e.Usable, Description: e.Description, Outcome: e.Outcome, Person: e.Person, Company: e.Company, CostCents: e.Cost,
			Program: e.Program, Months: e.Months, NextOn: e.NextOn}}
}

var shownEvent = shown(renderEvent)

type newEvent struct {
	InPlatform
	Number string `path:"number" doc:"Code of the equipment"`
	Body   NewEvent
}

func (a *API) recordEvent(ctx context.Context, in *newEvent) (*One[EquipmentEvent], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	e, err := a.s.Trace.EquipmentByCode(ctx, p.ID, in.Number)
	if err != nil {
		return nil, err
	}
	cmd := in.Body.command(p.ID, e.ID)
	cmd.Kind, cmd.Ends, cmd.Place = in.Body.Kind, in.Body.Ends, in.Body.Place
	return shownEvent(a.s.Trace.RecordEvent(ctx, cmd))
}

type readByID struct {
	InPlatform
	ID string `path:"id"`
}

func (a *API) getEvent(ctx context.Context, in *readByID) (*One[EquipmentEvent], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	id, err := qms.ParseID(in.ID)
	if err != nil {
		return nil, qms.NotFound("record.not_found")
	}
	return shownEvent(a.s.Trace.Event(ctx, p.ID, id))
}

// CorrectedEvent is what is stated of an event anew.
type CorrectedEvent struct {
	Why
	Event
}

func (a *API) correctEvent(ctx context.Context, in *onRecord[CorrectedEvent]) (*One[EquipmentEvent], error) {
	target, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownEvent(a.s.Trace.CorrectEvent(ctx, target, in.Body.command(target.Platform, "")))
}

// Ending states when an event came to its end.
type Ending struct {
	On      qms.Date `json:"on" format:"date" doc:"The day on which the equipment served again"`
	Outcome string   `json:"outcome,omitempty" maxLength:"4000"`
}

func (a *API) endEvent(ctx context.Context, in *onRecord[Ending]) (*One[EquipmentEvent], error) {
	target, err := in.target(ctx, a, "")
	if err != nil {
		return nil, err
	}
	return shownEvent(a.s.Trace.EndEvent(ctx, trace.EndEvent{Target: target, On: in.Body.On, Outcome: in.Body.Outcome}))
}

func (a *API) voidEvent(ctx context.Context, in *onRecord[Voiding]) (*One[EquipmentEvent], error) {
	target, err := in.target(ctx, a, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return shownEvent(a.s.Trace.VoidEvent(ctx, target))
}

// ServiceDay is from which day on equipment is in service or out of it, and why.
type ServiceDay struct {
	Why
	On qms.Date `json:"on" format:"date"`
}

func (a *API) retireEquipment(ctx context.Context, in *changeRecord[ServiceDay]) (*One[Equipment], error) {
	k := a.equipmentKind()
	target, err := k.target(ctx, a, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return k.shown(a.s.Trace.RetireEquipment(ctx, trace.RetireEquipment{Target: target, On: in.Body.On}))
}

func (a *API) returnEquipment(ctx context.Context, in *changeRecord[ServiceDay]) (*One[Equipment], error) {
	k := a.equipmentKind()
	target, err := k.target(ctx, a, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return k.shown(a.s.Trace.ReturnEquipment(ctx, trace.ReturnEquipment{Target: target, On: in.Body.On}))
}

func (a *API) commissionEquipment(ctx context.Context, in *changeRecord[ServiceDay]) (*One[Equipment], error) {
	k := a.equipmentKind()
	target, err := k.target(ctx, a, in.Platform, in.Number, in.Body.Reason, &in.IfMatch)
	if err != nil {
		return nil, err
	}
	return k.shown(a.s.Trace.CommissionEquipment(ctx, trace.CommissionEquipment{Target: target, On: in.Body.On}))
}
