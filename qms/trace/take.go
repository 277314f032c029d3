package trace

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// TakeRegisters validates a batch whole and writes it within the caller's act: what is new is
// inserted, what differs becomes a new revision, what is equal is left alone. The platform is the
// act's. An empty cell states nothing: it takes nothing away from a record that has the answer. A
// voided record stays void. A *BatchError lists all that is wrong, and then nothing was written.
func (s *Service) TakeRegisters(ctx context.Context, tx *store.Tx, batch Registers) (map[Register]Taken, error) {
	taken, _, err := s.TakeRegistersNoting(ctx, tx, batch)
	return taken, err
}

// TakeRegistersNoting is TakeRegisters that also says what is taken over and yet odd: a record that
// changes, a void one that stays void, somebody trained by self, equipment used out of service.
func (s *Service) TakeRegistersNoting(ctx context.Context, tx *store.Tx, batch Registers) (map[Register]Taken, []RowError, error) {
	t := &taking{ctx: ctx, tx: tx, platform: tx.Act().Platform, taken: map[Register]Taken{}}
	if err := t.know(s.people); err != nil {
		return nil, nil, err
	}
	plans := []func() error{
		planned(t, equipmentRegister, batch.Equipment),
		planned(t, calibrationRegister, batch.Calibrations),
		planned(t, requestRegister, batch.Requests),
		planned(t, quoteRegister, batch.Quotes),
		planned(t, reportRegister, batch.Reports),
		planned(t, invoiceRegister, batch.Invoices),
		planned(t, trainingRegister, batch.Trainings),
		planned(t, useRegister, batch.Uses),
	}
	if t.err != nil {
		return nil, nil, t.err
	}
	if len(t.wrong) > 0 {
		return nil, nil, &BatchError{Rows: t.wrong}
	}
	for _, write := range plans {
		if err := write(); err != nil {
			return nil, nil, err
		}
	}
	return t.taken, t.notes, nil
}

// taking is one import under way.
type taking struct {
	ctx       context.Context // lives as long as the call it serves
	tx        *store.Tx
	platform  qms.ID
	people    map[string]qms.ID // by code
	equipment map[string]qms.ID // by code, with those the batch adds
	taken     map[Register]Taken
	wrong     []RowError
	notes     []RowError             // what is odd and no obstacle
	service   map[qms.ID][2]qms.Date // first day of service of equipment, and first day out of it
	err       error
}

// know reads the codes that rows may name.
func (t *taking) know(people People) error {
	members, err := people.PeopleOf(t.ctx, t.tx, t.platform)
	if err != nil {
		return err
	}
	t.people = make(map[string]qms.ID, len(members))
	for _, m := range members {
		if m.Code != "" {
			t.people[Normal(m.Code)] = m.ID
		}
	}
	t.equipment, t.service = map[string]qms.ID{}, map[qms.ID][2]qms.Date{}
	return nil
}

// stating reads one row of a batch: input, with the codes it may name.
type stating struct {
	input
	t     *taking
	noted []qms.Field
}

// note says what is odd about a field, and no obstacle.
func (in *stating) note(field, key string, args ...any) {
	in.noted = append(in.noted, qms.Field{Name: field, Key: key, Args: args})
}

// noteVoid is noted of a line whose record is void, each time it comes.
const noteVoid = "register.note.void"

// always are the notes that hold of a line that changes nothing.
func (in *stating) always() []qms.Field {
	return slices.DeleteFunc(in.noted, func(f qms.Field) bool { return f.Key != noteVoid })
}

// served notes equipment that was not in service on the day.
func (in *stating) served(field string, piece qms.ID, on qms.Date) {
	days := in.t.service[piece]
	switch {
	case on == 0 || piece == "":
	case days[1] != 0 && on >= days[1]:
		in.note(field, "register.note.retired", days[1])
	case days[0] != 0 && on < days[0]:
		in.note(field, "register.note.not_commissioned", days[0])
	}
}

func (in *stating) person(field, code string) qms.ID {
	code = in.code(field, code)
	if code == "" {
		return ""
	}
	id, ok := in.t.people[code]
	if !ok {
		in.fail(field, "person.unknown", code)
	}
	return id
}

func (in *stating) piece(field, code string) qms.ID {
	code = in.requiredCode(field, code)
	if code == "" {
		return ""
	}
	id, ok := in.t.equipment[code]
	if !ok {
		in.fail(field, "equipment.unknown", code)
	}
	return id
}

func (in *stating) requiredPerson(field, code string) qms.ID {
	id := in.person(field, code)
	if id == "" && Normal(code) == "" {
		in.fail(field, "input.required")
	}
	return id
}

// record is a pointer to the row struct T.
type record[T any] interface {
	*T
	qms.Record
}

// book is how one register is taken: R is the row as stated, T the record.
type book[R any, T comparable, P record[T]] struct {
	name  Register
	state func(in *stating, row R) T
	key   func(v *T) string                    // what makes two rows the same record
	field string                               // the field at fault when a key comes twice
	equal bool                                 // equal lines may come twice
	merge func(stored P, stated *T)            // what is stated goes over what is stored
	void  func(v *T) bool                      // the record is void
	bars  func(stored P, stated *T) *qms.Field // what is stated cannot go over what is stored; may be nil
	known func(t *taking, stored []T)          // told what is on record, before rows are read
	added func(t *taking, v P, code string)    // told of a record that the batch adds
}

// index finds the records of a key: those that count before void ones.
func (b *book[R, T, P]) index(stored []T) map[string][]*T {
	byKey := make(map[string][]*T, len(stored))
	for i := range stored {
		key := b.key(&stored[i])
		if same := byKey[key]; len(same) > 0 && b.void(same[0]) && !b.void(&stored[i]) {
			byKey[key] = append([]*T{&stored[i]}, same...)
		} else {
			byKey[key] = append(same, &stored[i])
		}
	}
	return byKey
}

// holds reports whether one of the records that count says already what is stated.
func (b *book[R, T, P]) holds(records []*T, stated *T) bool {
	for _, stored := range records {
		changed := *stored
		if b.merge(P(&changed), stated); changed == *stored && !b.void(stored) {
			return true
		}
	}
	return false
}

// planned reads and validates one register, and returns what writes it.
func planned[R any, T comparable, P record[T]](t *taking, b book[R, T, P], rows []R) func() error {
	stored, err := allOf[T](t.ctx, t.tx, t.platform, "id")
	if err != nil {
		t.err = err
		return nil
	}
	if b.known != nil {
		b.known(t, stored)
	}
	byKey := b.index(stored)
	p := &plan[T, P]{seen: make(map[string]*T, len(rows))}
	for i, row := range rows {
		in := stating{t: t}
		v := b.state(&in, row)
		if same := p.same; len(in.wrong) == 0 {
			take(t, &b, p, &in, byKey[b.key(&v)], v)
			if p.same > same { // what is there already was noted when it came
				in.noted = in.always()
			}
		}
		for _, f := range in.noted {
			t.notes = append(t.notes, RowError{Register: b.name, Row: i, Field: f.Name, Err: qms.Invalid(f.Key, f.Args...)})
		}
		for _, f := range in.wrong {
			t.wrong = append(t.wrong, RowError{Register: b.name, Row: i, Field: f.Name, Err: qms.Invalid(f.Key, f.Args...)})
		}
	}
	return func() error {
		t.taken[b.name] = Taken{Added: len(p.inserts), Changed: len(p.updates), Same: p.same}
		if err := adopted(t.ctx, t.tx, p.inserts); err != nil {
			return err
		}
		if err := t.tx.Insert(t.ctx, p.inserts...); err != nil {
			return err
		}
		return t.tx.Update(t.ctx, p.updates...)
	}
}

// plan is what will be written of one register.
type plan[T comparable, P record[T]] struct {
	inserts []qms.Record
	updates []qms.Record
	same    int
	seen    map[string]*T
}

// take decides what becomes of one valid row, among the records of its key.
func take[R any, T comparable, P record[T]](t *taking, b *book[R, T, P], p *plan[T, P], in *stating, records []*T, stated T) {
	key := b.key(&stated)
	if b.equal && len(records) > 0 && b.holds(records, &stated) { // several on one day are told apart by the rest
		p.same++
		p.seen[key] = &stated
		return
	}
	var stored *T
	if len(records) > 0 {
		stored = records[0]
	}
	if first, twice := p.seen[key]; twice {
		if !b.equal || *first != stated {
			in.fail(b.field, "row.doubled", firstOf(key))
			return
		}
		p.same++
		return
	}
	kept := stated
	p.seen[key] = &kept
	if stored == nil {
		added := P(&stated)
		added.Head().ID = qms.NewID(t.tx.Now())
		p.inserts = append(p.inserts, added)
		if b.added != nil {
			b.added(t, added, key)
		}
		return
	}
	takeOver(b, p, in, stored, &stated, firstOf(key))
}

// takeOver makes a stored record as the row states it.
func takeOver[R any, T comparable, P record[T]](b *book[R, T, P], p *plan[T, P], in *stating, stored, stated *T, called string) {
	if b.bars != nil && !b.void(stored) {
		if wrong := b.bars(P(stored), stated); wrong != nil {
			in.wrong = append(in.wrong, *wrong)
			return
		}
	}
	changed := *stored
	b.merge(P(&changed), stated)
	if changed == *stored || b.void(stored) {
		if b.void(stored) {
			in.note(b.field, noteVoid)
		}
		p.same++
		return
	}
	in.note(b.field, "register.note.changes", called)
	p.updates = append(p.updates, P(&changed))
}

// set writes what is stated over what is stored; nothing stated takes nothing away, and a text that
// differs in its spaces alone is the same one.
func set[V comparable](stored *V, stated V) {
	var nothing V
	if stated == nothing || stated == *stored {
		return
	}
	if was, ok := any(stored).(*string); ok && qms.Alike(*was, any(stated).(string)) {
		return
	}
	*stored = stated
}
