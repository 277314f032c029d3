package importer

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
)

// MapSheet says how one sheet of an import is read.
type MapSheet struct {
	Platform qms.ID
	Job      string
	Sheet    int // index in the result of the job
	Mapping  Mapping
	Remember bool // for the next import of the same headings
}

// MapSheet takes a person's word on one sheet of an import that nobody waits for any more, remembers it
// when asked to, and begins the dry run again.
func (s *Service) MapSheet(ctx context.Context, cmd MapSheet) (Job, error) {
	sheet, err := s.SheetOf(ctx, cmd.Platform, cmd.Job, cmd.Sheet)
	if err != nil {
		return Job{}, err
	}
	cmd.Mapping.Sheet = sheet.Name
	columns, err := cmd.Mapping.check(sheet)
	if err != nil {
		return Job{}, err
	}
	if cmd.Remember {
		headings := sheet.row(cmd.Mapping.Row)
		_, err := s.trace.RememberMapping(ctx, cmd.Platform, trace.RegisterMapping{Signature: signature(sheet.Name, headings), Sheet: sheet.Name,
			Register: string(cmd.Mapping.Kind), Headings: headings, Columns: columns, Dates: cmd.Mapping.Dates})
		if err != nil {
			return Job{}, err
		}
	}
	return s.again(ctx, cmd)
}

// again begins the dry run of a job with one more mapping.
func (s *Service) again(ctx context.Context, cmd MapSheet) (Job, error) {
	s.jobs.mu.Lock()
	j := s.jobs.all[cmd.Job]
	if j == nil || !j.Maps() || s.jobs.closed {
		s.jobs.mu.Unlock()
		return Job{}, qms.Conflict("import.not_mappable")
	}
	j.mappings = slices.DeleteFunc(slices.Clone(j.mappings), func(m Mapping) bool { return m.Sheet == cmd.Mapping.Sheet })
	j.mappings = append(j.mappings, cmd.Mapping)
	actor := qms.ActorFrom(ctx)
	j.cancel()
	j.runFor(actor)
	j.State, j.Changed, j.By, j.Job.Registers = Checking, s.db.Now(), actor.Name, nil
	shown := j.Job
	s.jobs.mu.Unlock()
	s.run(j, true)
	return shown, nil
}

// Maps reports whether a person may say how the sheets of the job are read.
func (j Job) Maps() bool {
	return j.Kind == OfRegisters && j.Registers != nil && (j.State == Ready || j.State == Refused)
}

// SheetOf is one sheet of an import of registers that a person may say how to read.
func (s *Service) SheetOf(ctx context.Context, platform qms.ID, job string, sheet int) (*Sheet, error) {
	j, err := s.JobByID(ctx, platform, job)
	switch {
	case err != nil:
		return nil, err
	case !j.Maps():
		return nil, qms.Conflict("import.not_mappable")
	case sheet < 0 || sheet >= len(j.Registers.Sheets) || len(j.Registers.Sheets[sheet].Top) == 0:
		return nil, qms.NotFound("import.sheet_not_found")
	}
	return j.Registers.Sheets[sheet], nil
}

// row is one of the first rows of the sheet, the first of all when there is none of that number.
func (s *Sheet) row(number int) []string {
	for _, top := range s.Top {
		if top.Row == number {
			return top.Cells
		}
	}
	return s.Top[0].Cells
}

// check refuses a mapping that cannot be followed, by fields: a needed one without a column, a column
// for two. It returns the columns, from 0.
func (m *Mapping) check(s *Sheet) (map[string]int, error) {
	if m.Kind == LeftOut {
		return map[string]int{}, nil
	}
	form, ok := forms()[m.Kind]
	if !ok || m.Kind == mappingKind {
		return nil, qms.InvalidFields(qms.Wrong("register", "import.mapping.no_register", string(m.Kind), s.Name))
	}
	var wrong []qms.Field
	if !slices.ContainsFunc(s.Top, func(top TopRow) bool { return top.Row == m.Row }) {
		wrong = append(wrong, qms.Wrong("row", "import.mapping.no_row", strconv.Itoa(m.Row)))
	}
	cells, columns, used := s.row(m.Row), map[string]int{}, map[int]string{}
	for _, c := range form.Columns {
		said := m.Columns[c.Field]
		if said == "" || said == none {
			if c.Needed {
				wrong = append(wrong, qms.Wrong(c.Field, "import.mapping.needed"))
			}
			continue
		}
		column, ok := columnOfLetter(said)
		if !ok || column >= len(cells) {
			wrong = append(wrong, qms.Wrong(c.Field, "import.mapping.no_column", said))
			continue
		}
		if other, twice := used[column]; twice {
			wrong = append(wrong, qms.Wrong(c.Field, "import.mapping.twice", said, other))
		}
		used[column], columns[c.Field] = c.Field, column
	}
	return columns, qms.InvalidFields(wrong...)
}

// FieldOf is one field of a register, for who says which column holds it.
type FieldOf struct {
	Field  string
	Needed bool
}

// FieldsOf lists the fields of a register, in the order of its columns.
func FieldsOf(kind Kind) []FieldOf {
	var fields []FieldOf
	for _, c := range forms()[kind].Columns {
		fields = append(fields, FieldOf{c.Field, c.Needed})
	}
	return fields
}

// Guess is the most likely register of the sheet and the row of its headings: what it was read as, else
// the register and row whose headings share most words.
func (s *Sheet) Guess() (Kind, int) {
	if s.Kind != "" {
		return s.Kind, s.Row
	}
	best, kind, row := 0, Kind(""), s.Top[0].Row
	for _, top := range s.Top {
		for _, k := range Kinds() {
			m := matchForm(k, forms()[k], words(s.Name), reduced(top.Cells))
			score := 2 * len(guessColumns(k, top.Cells))
			if m.named {
				score += 3
			}
			if score > best && (len(m.columns) > 0 || m.named) {
				best, kind, row = score, k, top.Row
			}
		}
	}
	return kind, row
}

// Guesses are the likely columns, by field, of the row as headings of the register.
func (s *Sheet) Guesses(kind Kind, row int) map[string]int {
	if kind == s.Kind && row == s.Row && len(s.columns) > 0 {
		all := maps.Clone(s.columns)
		for field, column := range guessColumns(kind, s.row(row)) {
			if _, ok := all[field]; !ok && !slices.Contains(slices.Collect(maps.Values(all)), column) {
				all[field] = column
			}
		}
		return all
	}
	return guessColumns(kind, s.row(row))
}

func reduced(cells []string) []string {
	headings := make([]string, len(cells))
	for i, c := range cells {
		headings[i] = words(c)
	}
	return headings
}

// guessColumns matches headings that are known, then those that share words with a known one.
func guessColumns(kind Kind, cells []string) map[string]int {
	headings := reduced(cells)
	found := matchForm(kind, forms()[kind], "", headings).columns
	taken := map[int]bool{}
	for _, column := range found {
		taken[column] = true
	}
	for _, c := range forms()[kind].Columns {
		if _, ok := found[c.Field]; ok {
			continue
		}
		best, at := 0.0, -1
		for i, h := range headings {
			if likeness := c.likeness(h); !taken[i] && likeness > best {
				best, at = likeness, i
			}
		}
		if best >= 0.5 {
			found[c.Field], taken[at] = at, true
		}
	}
	return found
}

// Letter is the spreadsheet's name of a column counted from 0: A, Z, AA.
func Letter(column int) string { return letter(column) }

// HeadKey is the key of the heading that Maillon itself writes over the field.
func HeadKey(kind Kind, field string) string { return "register." + string(kind) + "." + field }

// KindKey is the key of the name of the register.
func KindKey(kind Kind) string { return strings.Join([]string{"import", "kind", string(kind)}, ".") }

// Mappings lists what is remembered of a platform's headings, the forgotten ones too, the latest first.
func (s *Service) Mappings(ctx context.Context, platform qms.ID) ([]trace.RegisterMapping, error) {
	return s.trace.Mappings(ctx, platform, true)
}

// Mapping is one of them.
func (s *Service) Mapping(ctx context.Context, platform, id qms.ID) (*trace.RegisterMapping, error) {
	return s.trace.Mapping(ctx, platform, id)
}

// ForgetMapping voids one of them with its reason.
func (s *Service) ForgetMapping(ctx context.Context, target trace.Target) (*trace.RegisterMapping, error) {
	return s.trace.ForgetMapping(ctx, target)
}
