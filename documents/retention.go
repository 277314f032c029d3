package documents

import "maillon/qms"

// Decision is what was decided about a content whose retention had passed.
type Decision string

// The decisions. Keep leaves it where it is until a later day.
const (
	Keep      Decision = "keep"
	Archive   Decision = "archive"
	Eliminate Decision = "eliminate"
)

// Keeping is how long one content is kept beyond the rule, and what was decided at the end.
type Keeping struct {
	KeepUntil  qms.Date // not disposed of before that day, as stated or decided; may be none
	Disposal   Decision // Archive or Eliminate once decided; empty until then
	DisposedOn qms.Date
}

// EliminatedOn reports whether the content is closed for reading on the day: its elimination was
// decided by then. The row, its SHA-256 and its trail stay for ever.
func (k Keeping) EliminatedOn(day qms.Date) bool {
	return k.Disposal == Eliminate && k.DisposedOn != 0 && day >= k.DisposedOn
}

// disposedOn reports whether nothing is left to decide on the day.
func (k Keeping) disposedOn(day qms.Date) bool {
	return k.Disposal != "" && k.DisposedOn != 0 && day >= k.DisposedOn
}

// Kept is one content as the rule of retention sees it.
type Kept struct {
	From   qms.Date   // the day that the retention counts from; none while it does not run
	Months qms.Months // 0: not stated
	Keeping
}

// End is the first day on which disposal may be decided: the retention counted from its first day, or
// the day until which the content is kept, whichever is later. There is none while the retention does
// not run, and none when nobody stated one: what has no limit is kept for ever (clause 7.5.3.2 d).
func (k Kept) End() (qms.Date, bool) {
	if k.From == 0 {
		return 0, false
	}
	end := k.KeepUntil
	if k.Months > 0 {
		end = max(end, k.From.AddMonths(k.Months))
	}
	return end, end != 0
}

// PassedOn reports whether the retention has passed on the day and nothing was decided by then.
func (k Kept) PassedOn(day qms.Date) bool {
	end, some := k.End()
	return some && day >= end && !k.disposedOn(day)
}

// KeptOn is the version as the rule of retention sees it on the day: its retention counts from the day
// it was superseded or withdrawn. In force, to come or under way, it does not run.
func (v *Version) KeptOn(day qms.Date, months qms.Months) Kept {
	k := Kept{Months: months, Keeping: v.Keeping}
	switch state, _ := v.StateOn(day); state {
	case Superseded:
		k.From = v.EffectiveUntil
	case Withdrawn:
		k.From = v.WithdrawnOn
	}
	return k
}

// Kept is the record as the rule of retention sees it: its retention counts from its date.
func (r *Record) Kept(months qms.Months) Kept {
	return Kept{From: r.Date, Months: months, Keeping: r.Keeping}
}
