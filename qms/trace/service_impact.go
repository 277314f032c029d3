package trace

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// OpenImpact freezes what a cause touches and begins its dossier.
type OpenImpact struct {
	Platform qms.ID
	Cause    Cause
	Words    string // what happened
	Follows  string // number of a concluded dossier that this one takes up again; may be empty
}

// The acts on impacts need the right to manage equipment and not only to write records: to decide that a
// client's result stands although the balance was wrong is a decision of quality (ISO 9001, 7.1.5.2 and
// 8.7), taken by who answers for the equipment and the trainings.
func impactAct(name string, platform qms.ID) qms.Act {
	return qms.Act{Name: name, Needs: qms.ManageEquipment.On(platform), Platform: platform}
}

// OpenImpact records a dossier with every line of its list, as of today, in one act.
func (s *Service) OpenImpact(ctx context.Context, cmd OpenImpact) (*Impact, error) {
	i := &Impact{Row: qms.Row{ID: qms.NewID(s.db.Now())}}
	act := impactAct("impact.open", cmd.Platform)
	act.Subject = i.ID
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		t, err := s.trace(ctx, tx, cmd.Platform, cmd.Cause, tx.Today())
		if err != nil {
			return err
		}
		in := &checking{ctx: ctx, tx: tx, s: s, platform: cmd.Platform}
		if err := i.open(in, t, cmd); err != nil {
			return err
		}
		frozen, err := s.freeze(ctx, tx, cmd.Platform, i, t)
		if err != nil {
			return err
		}
		n, err := tx.Next(ctx, fmt.Sprintf("IMP-%d", i.OpenedOn.Year()))
		if err != nil {
			return err
		}
		i.Number = fmt.Sprintf("IMP-%d-%03d", i.OpenedOn.Year(), n)
		return tx.Insert(ctx, append([]qms.Record{i}, frozen...)...)
	})
	if err != nil {
		return nil, err
	}
	return i, nil
}

// open states the dossier but for its list.
func (i *Impact) open(in *checking, t *traced, cmd OpenImpact) error {
	i.Kind, i.Subject, i.Equipment, i.Person, i.FoundOn = t.kind, t.subject, t.equipment.ID, t.person, t.foundOn
	i.Instruction, i.InstructionVersion = t.instruction, t.version
	i.StatedFrom, i.StatedThrough, i.Taught = t.from, t.through, t.reach.Taught
	i.Periods, i.Basis, i.BasisOn, i.BasisWords = t.window.Periods, t.window.Basis, t.window.On, t.window.Words
	i.OpenedBy, i.OpenedOn = in.tx.Actor().ID, in.tx.Today()
	if strings.TrimSpace(cmd.Words) == "" {
		in.fail("words", "input.required")
	}
	i.Words = in.long("words", cmd.Words)
	var before *Impact
	i.Follows, before = follows(in, cmd.Follows)
	if before != nil && before.ConcludedOn == 0 {
		in.fail("follows", "impact.not_concluded", before.Number)
	}
	return in.outcome()
}

func follows(in *checking, number string) (string, *Impact) {
	return parent[Impact](in, "follows", number, "impact.unknown")
}

func (i *Impact) void() string          { return i.Void }
func (i *Impact) setVoid(reason string) { i.Void = reason }

// onImpact changes an open dossier within one act.
func (s *Service) onImpact(ctx context.Context, name string, target Target, change func(in *checking, i *Impact) ([]qms.Record, error)) (*Impact, error) {
	act := impactAct(name, target.Platform)
	act.Subject, act.Reason = target.ID, strings.TrimSpace(target.Reason)
	var i *Impact
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if i, err = byID[Impact](ctx, tx, target.Platform, target.ID); err != nil {
			return err
		}
		switch {
		case i.ConcludedOn != 0:
			return qms.Conflict("impact.concluded", i.Number)
		case i.Void != "":
			return qms.Conflict("record.void")
		case i.Revision != target.Revision:
			return qms.Conflict("record.changed")
		}
		in := &checking{ctx: ctx, tx: tx, s: s, platform: target.Platform}
		rows, err := change(in, i)
		if err == nil {
			err = in.outcome()
		}
		if err != nil {
			return err
		}
		return tx.Update(ctx, append(rows, i)...)
	})
	if err != nil {
		return nil, err
	}
	return i, nil
}

// DecideImpact says what becomes of lines of a dossier: those named, or all that wait for a decision.
type DecideImpact struct {
	Target
	Items      []qms.ID
	Rest       bool        // every undecided line instead of Items
	Kind       TouchedKind // of this kind only, with Rest; empty for all
	Decision   ItemDecision
	Note       string   // required for NotAffected, which says why, and OtherAction, which says what
	InformedOn qms.Date // required for InformClient
	Amended    string   // required for AmendReport: the number of the report that replaces it
}

// DecideImpact notes a decision for several lines at once. A decision may be changed until the dossier is
// concluded; the trail keeps the one before.
func (s *Service) DecideImpact(ctx context.Context, cmd DecideImpact) (*Impact, error) {
	return s.onImpact(ctx, "impact.decide", cmd.Target, func(in *checking, i *Impact) ([]qms.Record, error) {
		said := cmd.state(in)
		if len(in.wrong) > 0 || in.err != nil {
			return nil, in.outcome()
		}
		items, err := cmd.lines(in, i)
		if err != nil {
			return nil, err
		}
		rows := make([]qms.Record, 0, len(items)+1)
		for n := range items {
			item := &items[n]
			if item.Decision == Undecided {
				i.Decided++
			}
			if said.Amended != "" && item.Number == said.Amended {
				in.fail("amended", "impact.amends_itself", item.Number)
			}
			item.Decision, item.Note, item.InformedOn, item.Amended = said.Decision, said.Note, said.InformedOn, said.Amended
			item.DecidedBy, item.DecidedOn = in.tx.Actor().ID, in.tx.Today()
			rows = append(rows, item)
		}
		return rows, nil
	})
}

// state reads what was decided.
func (c DecideImpact) state(in *checking) ImpactItem {
	said := ImpactItem{Decision: c.Decision, Note: in.long("note", c.Note)}
	if !slices.Contains(ItemDecisions(), c.Decision) {
		in.fail("decision", "input.unknown_choice")
	}
	if (c.Decision == NotAffected || c.Decision == OtherAction) && said.Note == "" {
		in.fail("note", "impact.note_required")
	}
	switch c.Decision {
	case InformClient:
		said.InformedOn = in.past("informed_on", c.InformedOn)
	case AmendReport:
		if strings.TrimSpace(c.Amended) == "" {
			in.fail("amended", "input.required")
		}
		said.Amended, _ = parent[Report](in, "amended", c.Amended, "impact.report_unknown")
	}
	return said
}

// lines are those that the decision is about.
func (c DecideImpact) lines(in *checking, i *Impact) ([]ImpactItem, error) {
	if c.Rest {
		items, err := itemsOf(in.ctx, in.tx, i.ID, ItemFilter{Undecided: true, Kind: c.Kind}, 0, 0)
		if err == nil && len(items) == 0 {
			in.fail("items", "impact.none_undecided")
		}
		return items, err
	}
	wanted := slices.Compact(slices.Sorted(slices.Values(c.Items)))
	if len(wanted) == 0 || len(wanted) > maxItems {
		in.fail("items", "impact.none_chosen")
		return nil, nil
	}
	for n := range wanted {
		wanted[n] = qms.ID(askable(string(wanted[n])))
	}
	var items []ImpactItem
	for part := range slices.Chunk(wanted, 500) {
		some, err := itemsByID(in.ctx, in.tx, i.ID, part)
		if err != nil {
			return nil, err
		}
		items = append(items, some...)
	}
	if len(items) != len(wanted) {
		return nil, qms.NotFound("record.not_found")
	}
	return items, nil
}

// ExtendImpact adds to a dossier what has appeared in its window since.
func (s *Service) ExtendImpact(ctx context.Context, target Target) (*Impact, error) {
	return s.onImpact(ctx, "impact.extend", target, func(in *checking, i *Impact) ([]qms.Record, error) {
		g, err := s.appeared(in.ctx, in.tx, target.Platform, i)
		if err != nil {
			return nil, err
		}
		added := g.rows(i.Items)
		if len(added) == 0 {
			return nil, qms.Conflict("impact.nothing_appeared")
		}
		if i.Items += int64(len(added)); i.Items > maxItems {
			return nil, qms.Invalid("impact.too_many", i.Items, maxItems)
		}
		for _, row := range added {
			row.(*ImpactItem).AddedOn = in.tx.Today()
		}
		return nil, in.tx.Insert(in.ctx, added...)
	})
}

// ConcludeImpact ends a dossier in which everything is decided.
type ConcludeImpact struct {
	Target
	Words string
	On    qms.Date // today when none
}

// ConcludeImpact ends a dossier for ever.
func (s *Service) ConcludeImpact(ctx context.Context, cmd ConcludeImpact) (*Impact, error) {
	return s.onImpact(ctx, "impact.conclude", cmd.Target, func(in *checking, i *Impact) ([]qms.Record, error) {
		if n := i.Undecided(); n > 0 {
			return nil, qms.Conflict("impact.undecided", n)
		}
		if cmd.On == 0 {
			cmd.On = in.tx.Today()
		}
		if on := in.past("on", cmd.On); on != 0 && on < i.OpenedOn {
			in.fail("on", "impact.concluded_before", i.OpenedOn)
		}
		if strings.TrimSpace(cmd.Words) == "" {
			in.fail("words", "input.required")
		}
		i.Conclusion, i.ConcludedBy, i.ConcludedOn = in.long("words", cmd.Words), in.tx.Actor().ID, cmd.On
		return nil, nil
	})
}

// VoidImpact declares an open dossier a mistake; it stays readable and no longer counts.
func (s *Service) VoidImpact(ctx context.Context, target Target) (*Impact, error) {
	return s.onImpact(ctx, "impact.void", target, func(in *checking, i *Impact) ([]qms.Record, error) {
		if in.long("reason", target.Reason); strings.TrimSpace(target.Reason) == "" {
			in.fail("reason", "input.required")
		}
		i.Void = strings.TrimSpace(target.Reason)
		return nil, nil
	})
}
