package importer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"maillon/documents"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// Service hands what was read to the rooms. Its methods are safe for concurrent use.
type Service struct {
	db    *store.DB
	vault vault.Vault
	trace *trace.Service
	rules *Rules
	jobs  *jobs
	log   *slog.Logger // may be nil
}

// New makes the service over the database, the vault and the room of traces.
func New(db *store.DB, contents vault.Vault, trace *trace.Service) *Service {
	return &Service{db: db, vault: contents, trace: trace, rules: DefaultRules(), jobs: newJobs()}
}

// GuessBy says by which rules documents are guessed; DefaultRules unless it is called.
func (s *Service) GuessBy(rules *Rules) *Service {
	s.rules = rules
	return s
}

// Taken counts what became of the lines of one kind.
type Taken struct{ Added, Changed, Same int }

// Stage is a part of an import, for those who wait: stage.STAGE names it in qms/locale.
type Stage string

// The stages.
const (
	Reading Stage = "reading" // counted in bytes
	Writing Stage = "writing" // counted in rooms, or in files
)

// Progress is told how far an import is. It is called often, also within the transaction.
type Progress func(stage Stage, done, total int64)

func (p Progress) tell(stage Stage, done, total int64) {
	if p != nil {
		p(stage, done, total)
	}
}

// ImportRegisters takes registers over, or shows what that would do.
type ImportRegisters struct {
	Platform qms.ID
	Files    []File
	Options  ReadOptions // its Progress is set from the one below
	DryRun   bool
	Remember bool // the mappings among the options, for the next import of the same headings
	Reason   string
	Progress Progress
}

// RegistersResult is what an import of registers did, or would do.
type RegistersResult struct {
	Sheets   []*Sheet
	Counts   map[Kind]Taken // of the lines that can be taken over
	Problems []Problem
	Wrong    int       // how many problems there are in all; nothing is written unless none
	Warnings []Problem // what is odd, and no obstacle
	Warned   int       // how many warnings there are in all
	Applied  bool      // it was written, or there was nothing to write
}

// errUndo ends a transaction whose work was to look.
var errUndo = errors.New("undo")

// Registers reads the files and takes them over in one act: all of it, or nothing when anything is
// wrong. A dry run is the same act, undone. The error is a right that is missing or a fault of the
// machine; what is wrong with the files is in the result.
func (s *Service) Registers(ctx context.Context, cmd ImportRegisters) (*RegistersResult, error) {
	if err := qms.Authorise(qms.ActorFrom(ctx), qms.ImportRegisters.On(cmd.Platform)); err != nil {
		return nil, err
	}
	if cmd.Options.Today == 0 {
		cmd.Options.Today = s.db.Today()
	}
	if cmd.Options.Known == nil {
		remembered, err := s.trace.Mappings(ctx, cmd.Platform, false)
		if err != nil {
			return nil, err
		}
		cmd.Options.Known = known(remembered)
	}
	cmd.Options.Progress = func(done, total int64) { cmd.Progress.tell(Reading, done, total) }
	read, err := ReadRegisters(ctx, cmd.Files, cmd.Options)
	if err != nil {
		return nil, err
	}
	result, err := s.take(ctx, cmd, read)
	if err == nil && cmd.Remember && result.Applied {
		err = s.remember(ctx, cmd.Platform, result.Sheets)
	}
	return result, err
}

// remember keeps how sheets were read for which a mapping was given.
func (s *Service) remember(ctx context.Context, platform qms.ID, sheets []*Sheet) error {
	for _, sheet := range sheets {
		if sheet.How != Given {
			continue
		}
		said := trace.RegisterMapping{Signature: sheet.signature, Sheet: sheet.Name, Register: string(sheet.Kind), Headings: sheet.Headings, Columns: sheet.columns, Dates: sheet.dates}
		if sheet.Aside {
			said.Register, said.Headings = string(LeftOut), sheet.Top[0].Cells
		}
		if _, err := s.trace.RememberMapping(ctx, platform, said); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) take(ctx context.Context, cmd ImportRegisters, read *Registers) (*RegistersResult, error) {
	t := &taking{trace: s.trace, read: read, counts: map[Kind]Taken{}, progress: cmd.Progress}
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(cmd.Platform), Platform: cmd.Platform, Reason: cmd.Reason}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		if err := t.take(ctx, tx); err != nil {
			return err
		}
		if cmd.DryRun || read.Wrong > 0 {
			return errUndo
		}
		return nil
	})
	if err != nil && !errors.Is(err, errUndo) {
		return nil, err
	}
	return &RegistersResult{Sheets: read.Sheets, Counts: read.counted(t.counts), Problems: read.Problems, Wrong: read.Wrong,
		Warnings: read.Warnings, Warned: read.Warned, Applied: err == nil}, nil
}

// counted are the counts of the kinds that there is a sheet of.
func (r *Registers) counted(all map[Kind]Taken) map[Kind]Taken {
	some := map[Kind]Taken{}
	for _, s := range r.Sheets {
		if n, ok := all[s.Kind]; ok {
			some[s.Kind] = n
		}
	}
	return some
}

// taking hands registers to the rooms, room by room. A room that refuses lines is asked again
// without them, so that a preview shows what would become of the rest.
type taking struct {
	trace    *trace.Service
	read     *Registers
	counts   map[Kind]Taken
	progress Progress
}

// rooms is how many rooms take lines over, and the seal of the act.
const rooms = 4

func (t *taking) take(ctx context.Context, tx *store.Tx) error {
	steps := []func(context.Context, *store.Tx) error{t.people, t.masterList, t.registers}
	for i, step := range steps {
		t.progress.tell(Writing, int64(i), rooms)
		if err := step(ctx, tx); err != nil {
			return err
		}
	}
	t.progress.tell(Writing, rooms-1, rooms)
	return nil
}

func (t *taking) people(ctx context.Context, tx *store.Tx) error {
	for {
		taken, err := people.TakeMembers(ctx, tx, t.read.People)
		lines, ok := t.read.refused(err, People, "row.%d.%s")
		if !ok {
			t.counts[People] = Taken(taken)
			return err
		}
		t.read.drop(People, lines)
	}
}

func (t *taking) masterList(ctx context.Context, tx *store.Tx) error {
	for {
		taken, err := documents.TakeMasterList(ctx, tx, t.read.Procedures)
		lines, ok := t.read.refused(err, Procedures, "%d.%s")
		if !ok {
			t.counts[Procedures] = Taken(taken)
			return err
		}
		t.read.drop(Procedures, lines)
	}
}

func (t *taking) registers(ctx context.Context, tx *store.Tx) error {
	for {
		taken, notes, err := t.trace.TakeRegistersNoting(ctx, tx, t.read.Trace)
		var batch *trace.BatchError
		if !errors.As(err, &batch) || len(batch.Rows) == 0 {
			for register, n := range taken {
				t.counts[Kind(register)] = Taken(n)
			}
			for _, note := range notes {
				t.read.note(Kind(note.Register), note.Row, note.Field, note.Err.Key, note.Err.Args)
			}
			return err
		}
		wrong := map[Kind]map[int]bool{}
		for _, row := range batch.Rows {
			kind := Kind(row.Register)
			t.read.refuse(kind, row.Row, row.Field, row.Err.Key, row.Err.Args)
			if wrong[kind] == nil {
				wrong[kind] = map[int]bool{}
			}
			wrong[kind][row.Row] = true
		}
		for kind, lines := range wrong {
			t.read.drop(kind, lines)
		}
	}
}

// refused reads a room's refusal of lines: fields named by index and column, in that form. It is
// false for any other error, and for none.
func (r *Registers) refused(err error, kind Kind, form string) (map[int]bool, bool) {
	var refusal *qms.Error
	if !errors.As(err, &refusal) || len(refusal.Fields) == 0 {
		return nil, false
	}
	lines := map[int]bool{}
	for _, f := range refusal.Fields {
		var index int
		var column string
		if _, err := fmt.Sscanf(f.Name, form, &index, &column); err != nil || index < 0 || index >= len(r.places[kind]) {
			return nil, false
		}
		r.refuse(kind, index, column, f.Key, f.Args)
		lines[index] = true
	}
	return lines, true
}

// fieldNames are the fields that rooms call otherwise than the columns.
var fieldNames = map[string]string{
	"effective_from": "from", "effective_until": "until", "accepted_on": "accepted", "refused_on": "refused",
	"analysed_on": "analysed", "client_status": "status", "instruction_version": "version", "through": "until", "minutes": "duration",
}

// refuse reports what a room found wrong with a line. A code that is unknown because its own line
// cannot be read is not reported again.
func (r *Registers) refuse(kind Kind, index int, field, key string, args []any) {
	unknown := key == "person.unknown" || key == "equipment.unknown"
	found := ""
	if len(args) > 0 {
		found, _ = args[0].(string)
	}
	if unknown && r.lost[found] {
		return
	}
	s, p := r.placed(kind, index, field)
	p.Found, p.Key, p.Args = found, key, args
	if unknown {
		p.Expected = "import.expected.known_code"
	}
	s.Problems++
	r.report(p, s.Problems <= maxProblems)
}

// placed is a problem at a field of a line that was handed over, and its sheet.
func (r *Registers) placed(kind Kind, index int, field string) (*Sheet, Problem) {
	if name, ok := fieldNames[field]; ok {
		field = name
	}
	at := r.places[kind][index]
	s := r.Sheets[at.sheet]
	p := Problem{Sheet: s.Name, Row: int(at.row)}
	if column, ok := s.columns[field]; ok {
		p.Column, p.Heading = letter(column), s.heading(column)
	}
	return s, p
}

// note reports what a room found odd about a line that it takes all the same.
func (r *Registers) note(kind Kind, index int, field, key string, args []any) {
	s, p := r.placed(kind, index, field)
	p.Key, p.Args = key, args
	r.warn(s, p)
}

// warn keeps a warning.
func (r *Registers) warn(s *Sheet, p Problem) {
	r.Warned++
	if s.warned++; s.warned <= maxProblems {
		r.Warnings = append(r.Warnings, p)
	}
}

// drop takes lines away that cannot be taken over; the codes they would have made are lost.
func (r *Registers) drop(kind Kind, lines map[int]bool) {
	t := &r.Trace
	switch kind {
	case People:
		for i := range lines {
			r.lost[r.People[i].Code] = true
		}
		r.People = without(r.People, lines)
	case Equipment:
		for i := range lines {
			r.lost[t.Equipment[i].Code] = true
		}
		t.Equipment = without(t.Equipment, lines)
	case Procedures:
		r.Procedures = without(r.Procedures, lines)
	case Trainings:
		t.Trainings = without(t.Trainings, lines)
	case Calibrations:
		t.Calibrations = without(t.Calibrations, lines)
	case Requests:
		t.Requests = without(t.Requests, lines)
	case Quotes:
		t.Quotes = without(t.Quotes, lines)
	case Reports:
		t.Reports = without(t.Reports, lines)
	case Invoices:
		t.Invoices = without(t.Invoices, lines)
	case Uses:
		t.Uses = without(t.Uses, lines)
	}
	r.places[kind] = without(r.places[kind], lines)
}

func without[T any](rows []T, lines map[int]bool) []T {
	kept := rows[:0]
	for i, row := range rows {
		if !lines[i] {
			kept = append(kept, row)
		}
	}
	return kept
}
