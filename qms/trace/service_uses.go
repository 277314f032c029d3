package trace

import (
	"context"
	"fmt"

	"maillon/qms"
	"maillon/qms/store"
)

// maxUses is how many uses one act of a booking system may record.
const maxUses = 500

// NoteUses records the uses of a booking system, all or none, under the numbers that it gives them: what
// is on record already, as it is stated again, is left alone, so that a call which was cut off can be
// made again. A number that names something else is refused, and so is what NoteUse refuses; fields are
// named uses[0].date.
func (s *Service) NoteUses(ctx context.Context, platform qms.ID, cmds []RecordUse) (noted []JudgedUse, err error) {
	act := qms.Act{Name: "uses.record", Needs: qms.WriteTrace.On(platform), Platform: platform}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		b := &useBatch{checking: checking{ctx: ctx, tx: tx, s: s, platform: platform}, seen: map[string]bool{}}
		if len(cmds) == 0 || len(cmds) > maxUses {
			return qms.InvalidFields(qms.Wrong("uses", "use.batch_size", maxUses))
		}
		if err := b.read(cmds); err != nil {
			return err
		}
		for i, cmd := range cmds {
			b.take(i, cmd)
		}
		if err := b.outcome(); err != nil {
			return err
		}
		if len(b.refused) > 0 {
			return uncoveredUse(b.refused...)
		}
		if err := adopted(ctx, tx, b.inserts); err != nil {
			return err
		}
		if err := tx.Insert(ctx, b.inserts...); err != nil {
			return err
		}
		for i, row := range b.rows {
			b.noted[i].Use = *row
		}
		noted = b.noted
		return nil
	})
	return noted, err
}

// useBatch is one act of a booking system under way.
type useBatch struct {
	checking
	ground   *Ground
	settings CheckSettings
	stored   map[string]Use
	seen     map[string]bool // numbers of this batch
	noted    []JudgedUse
	rows     []*Use // of noted
	inserts  []qms.Record
	refused  []qms.Field
}

// read asks once for what the uses are held against.
func (b *useBatch) read(cmds []RecordUse) error {
	var numbers []string
	in := scope{persons: []qms.ID{"-"}, equipment: []qms.ID{"-"}} // no record has this identifier
	for _, cmd := range cmds {
		numbers = append(numbers, Normal(cmd.Number))
		in.persons, in.equipment = append(in.persons, cmd.Person), append(in.equipment, cmd.Equipment)
	}
	f, err := factsOf(b.ctx, b.tx, b.platform, in)
	if err != nil {
		return err
	}
	b.settings, b.ground, b.pieces = f.settings, f.ground(b.tx.Today(), nil), map[qms.ID]*Equipment{}
	for _, cmd := range cmds {
		b.pieces[cmd.Equipment] = nil
	}
	for id, e := range f.equipment {
		b.pieces[id] = &e
	}
	b.stored, err = usesNumbered(b.ctx, b.tx, b.platform, numbers)
	return err
}

// take reads one use of the batch.
func (b *useBatch) take(i int, cmd RecordUse) {
	before := len(b.wrong)
	u := Use{Number: b.requiredCode("number", cmd.Number)}
	cmd.state(&b.checking, &u)
	b.inService("equipment", u.Equipment, u.Date)
	if u.Number != "" && b.seen[u.Number] {
		b.fail("number", "row.doubled", u.Number)
	}
	b.seen[u.Number] = true
	stored, known := b.stored[u.Number]
	if known {
		u.Row = stored.Row
	}
	if known && stored != u {
		b.fail("number", "use.other", u.Number)
	}
	for n := before; n < len(b.wrong); n++ {
		b.wrong[n].Name = useField(i, b.wrong[n].Name)
	}
	if len(b.wrong) > before || b.err != nil {
		return
	}
	check := JudgeUse(u, b.ground)
	if check != "" && !known && b.settings.Uncovered == Refuse {
		b.refused = append(b.refused, qms.Wrong(useField(i, "equipment"), uncoveredKey(check)))
	}
	if !known {
		u.ID = qms.NewID(b.tx.Now())
		b.inserts = append(b.inserts, &u)
	}
	b.rows, b.noted = append(b.rows, &u), append(b.noted, JudgedUse{Check: check, Known: known})
}

func useField(i int, name string) string { return fmt.Sprintf("uses[%d].%s", i, name) }
