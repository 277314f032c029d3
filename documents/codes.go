package documents

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// codes gives out and adopts the codes of a platform. Numbers come after the highest of their series
// among all documents, adopted ones too. Documents are never deleted and writers of one platform
// follow each other, so a series has no gap and no number is given twice.
type codes struct {
	platform  qms.ID
	pattern   Pattern
	prefix    string
	kinds     []Kind
	processes map[string]Process
	last      map[string]int64 // series -> highest number, once given has been read
	taken     map[string]bool  // codes given out or adopted, the documents not yet written among them
	read      bool
}

func codesOf(ctx context.Context, r store.Reader, platform qms.ID) (*codes, error) {
	c := &codes{platform: platform, processes: map[string]Process{}, last: map[string]int64{}, taken: map[string]bool{}}
	row, err := patternRow(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	text := DefaultPattern
	if row != nil {
		text, c.prefix = row.Pattern, row.Prefix
	}
	if c.pattern, err = ParsePattern(text); err != nil {
		return nil, err
	}
	if c.kinds, err = kindsOf(ctx, r, platform); err != nil {
		return nil, err
	}
	processes, err := processesOf(ctx, r, platform)
	for _, p := range processes {
		c.processes[p.Code] = p
	}
	return c, err
}

func (c *codes) hasKind(code string) bool {
	return slices.ContainsFunc(c.kinds, func(k Kind) bool { return k.Code == code })
}

func (c *codes) vocabulary() Vocabulary {
	v := Vocabulary{Platform: c.prefix}
	for _, k := range c.kinds {
		v.Kinds = append(v.Kinds, k.Code)
	}
	for p := range c.processes {
		v.Processes = append(v.Processes, p)
	}
	return v
}

// check says what is wrong with the kind and the process of a document.
func (c *codes) check(d *Document) (wrong []qms.Field) {
	if d.Kind != "" && !c.hasKind(d.Kind) {
		wrong = append(wrong, qms.Wrong("kind", "kind.unknown", d.Kind))
	}
	if d.Process != "" && !word.MatchString(d.Process) {
		wrong = append(wrong, qms.Wrong("process", "code.part_malformed", d.Process))
	}
	return wrong
}

// open says why no new document may be made of the kind or in the process: they are retired. What is
// taken over from before is not new.
func (c *codes) open(d *Document, today qms.Date) (wrong []qms.Field) {
	if i := slices.IndexFunc(c.kinds, func(k Kind) bool { return k.Code == d.Kind }); i >= 0 && c.kinds[i].RetiredBy(today) {
		wrong = append(wrong, qms.Wrong("kind", "kind.retired", d.Kind, c.kinds[i].RetiredOn))
	}
	if p := c.processes[d.Process]; p.RetiredBy(today) {
		wrong = append(wrong, qms.Wrong("process", "process.retired", d.Process, p.RetiredOn))
	}
	return wrong
}

// review is how often a new document of the kind is reviewed unless it says otherwise.
func (c *codes) review(kind string) qms.Months {
	for _, k := range c.kinds {
		if k.Code == kind {
			return k.ReviewMonths
		}
	}
	return DefaultReviewMonths
}

// assign gives the document the code to adopt, or the next one of its series when there is none.
func (c *codes) assign(ctx context.Context, r store.Reader, d *Document, adopt string) ([]qms.Field, error) {
	if strings.TrimSpace(adopt) != "" {
		return c.adopt(ctx, r, d, adopt)
	}
	if wrong := c.check(d); len(wrong) > 0 {
		return wrong, nil
	}
	parts := Parts{Platform: c.prefix, Kind: d.Kind, Process: d.Process, Year: r.Today().Year()}
	series, err := c.pattern.Series(parts)
	if err != nil {
		return fieldsOf(err), nil
	}
	for {
		if parts.Seq, err = c.next(ctx, r, series); err != nil {
			return nil, err
		}
		if d.Code, err = c.pattern.Print(parts); err != nil {
			return fieldsOf(err), nil
		}
		d.Series, d.Seq = series, parts.Seq
		// An older pattern may have given this very code within another series.
		if !c.taken[d.Code] {
			c.taken[d.Code] = true
			return nil, nil
		}
	}
}

func (c *codes) next(ctx context.Context, r store.Reader, series string) (int64, error) {
	if err := c.given(ctx, r); err != nil {
		return 0, err
	}
	c.last[series]++
	return c.last[series], nil
}

// given reads the codes of all documents, once. A code counts in the series it was given in, and in
// the one that the pattern of today reads in it: so numbers go on after the highest also where the
// pattern came after the codes.
func (c *codes) given(ctx context.Context, r store.Reader) error {
	if c.read {
		return nil
	}
	all, err := codesGiven(ctx, r, c.platform)
	if err != nil {
		return err
	}
	for _, i := range all {
		c.know(i.code, i.series, i.seq)
	}
	c.read = true
	return nil
}

func (c *codes) know(code, series string, seq int64) {
	c.taken[code] = true
	if series != "" {
		c.last[series] = max(c.last[series], seq)
	}
	if parts, ok := c.pattern.Match(code); ok {
		if series, err := c.pattern.Series(parts); err == nil {
			c.last[series] = max(c.last[series], parts.Seq)
		}
	}
}

// adopt takes a code that the platform already uses, and what it says by the pattern where nothing
// else was said.
func (c *codes) adopt(ctx context.Context, r store.Reader, d *Document, given string) ([]qms.Field, error) {
	code, err := TidyCode(given)
	if err != nil {
		return []qms.Field{qms.Wrong("code", "code.malformed", given)}, nil
	}
	if err := c.given(ctx, r); err != nil {
		return nil, err
	}
	if c.taken[code] {
		return []qms.Field{qms.Wrong("code", "code.taken", code)}, nil
	}
	c.describe(d, code)
	return c.check(d), nil
}

// describe sets the code and what it says by the pattern.
func (c *codes) describe(d *Document, code string) {
	d.Code, c.taken[code] = code, true
	parts, ok := c.pattern.Match(code)
	if !ok {
		if first, _, _ := strings.Cut(code, "-"); d.Kind == "" && c.hasKind(first) {
			d.Kind = first
		}
		return
	}
	if d.Kind == "" && c.hasKind(parts.Kind) {
		d.Kind = parts.Kind
	}
	if d.Process == "" {
		d.Process = parts.Process
	}
	d.Seq = parts.Seq
	d.Series, _ = c.pattern.Series(parts)
	c.know(code, d.Series, d.Seq)
}

// ensureProcess makes the process that a document names first, called by its code until somebody names it.
func (c *codes) ensureProcess(ctx context.Context, tx *store.Tx, code string) error {
	if _, known := c.processes[code]; known || code == "" {
		return nil
	}
	c.processes[code] = Process{Code: code, Name: code}
	return tx.Insert(ctx, &Process{Code: code, Name: code})
}

// fieldsOf are the fields of a refusal.
func fieldsOf(err error) []qms.Field {
	if e, ok := err.(*qms.Error); ok { //nolint:errorlint // made by qms.InvalidFields a line above
		return e.Fields
	}
	return nil
}

// NextCode shows the code that a new document would be given, without giving it out.
func (s *Service) NextCode(ctx context.Context, platform qms.ID, kind, process string) (string, error) {
	d := &Document{Kind: tidyWord(kind), Process: tidyWord(process)}
	err := s.db.View(ctx, qms.WriteDocuments.On(platform), func(r store.Reader) error {
		codes, err := codesOf(ctx, r, platform)
		if err != nil {
			return err
		}
		wrong, err := codes.assign(ctx, r, d, "")
		if err != nil {
			return err
		}
		return qms.InvalidFields(append(wrong, codes.open(d, r.Today())...)...)
	})
	return d.Code, err
}

// SetPattern changes how the codes to come are made; those given out stay. Prefix is what
// {platform} stands for.
func (s *Service) SetPattern(ctx context.Context, platform qms.ID, pattern, prefix, reason string) (*CodePattern, error) {
	pattern = strings.TrimSpace(pattern)
	if _, err := readPattern(pattern, &prefix); err != nil {
		return nil, err
	}
	var row *CodePattern
	act := qms.Act{Name: "pattern.set", Needs: qms.ControlDocuments.On(platform), Platform: platform, Reason: tidy(reason)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if row, err = patternRow(ctx, tx, platform); err != nil {
			return err
		}
		switch {
		case row == nil && pattern == DefaultPattern && prefix == "":
			row = &CodePattern{Pattern: pattern} // as it is without a row
			return nil
		case row == nil:
			row = &CodePattern{Pattern: pattern, Prefix: prefix}
			err = tx.Insert(ctx, row)
		default:
			row.Pattern, row.Prefix = pattern, prefix
			err = tx.Update(ctx, row)
		}
		if err != nil {
			return err
		}
		return relinkAll(ctx, tx)
	})
	return row, err
}

// Pattern is the platform's pattern.
func (s *Service) Pattern(ctx context.Context, platform qms.ID) (Pattern, error) {
	var p Pattern
	err := s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		codes, err := codesOf(ctx, r, platform)
		if err == nil {
			p = codes.pattern
		}
		return err
	})
	return p, err
}
