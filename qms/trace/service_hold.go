package trace

import (
	"errors"

	"maillon/qms"
)

// equipment is the piece of that identifier, voided or not; nil when the platform has none.
func (in *checking) equipment(id qms.ID) *Equipment {
	if e, known := in.pieces[id]; known || id == "" || in.err != nil {
		return e
	}
	e, err := byID[Equipment](in.ctx, in.tx, in.platform, id)
	if err != nil {
		e = nil
		if qms.CodeOf(err) != qms.CodeNotFound {
			in.err = err
		}
	}
	if in.pieces == nil {
		in.pieces = map[qms.ID]*Equipment{}
	}
	in.pieces[id] = e
	return e
}

// inService wants equipment that served on the day. Registers that are imported are taken as they are:
// there what was not in service is shown, see Equipment.Serves.
func (in *checking) inService(field string, id qms.ID, day qms.Date) {
	e := in.equipment(id)
	if e == nil || day == 0 {
		return
	}
	if day < e.Commissioned {
		in.fail(field, "equipment.not_yet", e.Code, e.Commissioned, day)
	}
	in.notRetired(field, id, day)
}

// notRetired wants equipment that was not out of service yet: people are trained before it begins to
// serve, and never after it ended.
func (in *checking) notRetired(field string, id qms.ID, day qms.Date) {
	if e := in.equipment(id); e != nil && e.Retired != 0 && day >= e.Retired {
		in.fail(field, "equipment.out_of_service", e.Code, e.Retired, day)
	}
}

// Serves reports whether the equipment was in service on the day, as far as its dates say.
func (e Equipment) Serves(day qms.Date) bool {
	return qms.Period{From: e.Commissioned, Until: e.Retired}.Contains(day)
}

// single wants no other invoice of that request, day and amount: such a one is the same one, entered
// twice, but when somebody says that it is not.
func (in *checking) single(i *Invoice) {
	if in.err != nil || i.Request == "" || i.Date == 0 {
		return
	}
	row := new(Invoice)
	other, err := one(in.ctx, in.tx.Select(row).Where("platform = ? AND request = ? AND date = ? AND total = ? AND void = ''",
		in.platform, i.Request, i.Date, i.Total), row, "record.not_found")
	var missing *qms.Error
	switch {
	case err == nil:
		in.fail("second", "invoice.twice", other.Number, i.Total, i.Date)
	case errors.As(err, &missing) && missing.Code == qms.CodeNotFound:
	default:
		in.err = err
	}
}
