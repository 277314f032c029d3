package documents

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// Taken counts what an import did, line by line.
type Taken struct{ Added, Changed, Same int }

// Stated is one line of a master list kept elsewhere: a version and its days in force.
type Stated struct {
	Code           string
	Title          string
	Version        string // "2.0", "2", "V2"
	EffectiveFrom  qms.Date
	EffectiveUntil qms.Date // first day no longer in force; zero while nothing ends it
}

// TakeMasterList takes over the versions of a list kept elsewhere, in the caller's transaction: they
// have no content yet, and are marked as taken over. A version without an end ends where the next
// one stated begins. What is equal is left alone. What is wrong is said by fields named
// INDEX.column: "3.version" is the version of rows[3].
func TakeMasterList(ctx context.Context, tx *store.Tx, rows []Stated) (Taken, error) {
	t, err := newTaking(ctx, tx)
	if err != nil {
		return Taken{}, err
	}
	lines, wrong := readStated(rows)
	byCode := map[string][]*line{}
	for _, l := range lines {
		byCode[l.code] = append(byCode[l.code], l)
	}
	for _, code := range slices.Sorted(maps.Keys(byCode)) {
		more, err := t.takeStated(ctx, code, byCode[code])
		if err != nil {
			return Taken{}, err
		}
		wrong = append(wrong, more...)
	}
	if len(wrong) > 0 {
		return Taken{}, qms.InvalidFields(wrong...)
	}
	if err := t.write(ctx); err != nil {
		return Taken{}, err
	}
	if t.named {
		err = relinkAll(ctx, tx)
	}
	return t.taken, err
}

// line is one line of the list, read.
type line struct {
	index  int
	code   string
	title  string
	number Number
	period qms.Period
}

func (l *line) wrong(column, key string, args ...any) qms.Field {
	return qms.Wrong(at(l.index, column), key, args...)
}

func at(index int, column string) string { return fmt.Sprintf("%d.%s", index, column) }

func readStated(rows []Stated) (lines []*line, wrong []qms.Field) {
	for i, row := range rows {
		l := &line{index: i, title: strings.Join(strings.Fields(printable(row.Title)), " "), period: qms.Period{From: row.EffectiveFrom, Until: row.EffectiveUntil}}
		var faults []qms.Field
		var err error
		if l.code, err = TidyCode(row.Code); err != nil {
			faults = append(faults, l.wrong("code", "code.malformed", row.Code))
		}
		if l.number, err = ParseNumber(row.Version); err != nil {
			faults = append(faults, l.wrong("version", "version.number_malformed", row.Version))
		}
		switch {
		case l.title == "":
			faults = append(faults, l.wrong("title", "document.title_missing"))
		case len([]rune(l.title)) > maxTitle:
			faults = append(faults, l.wrong("title", "document.title_long", maxTitle))
		}
		switch {
		case row.EffectiveFrom == 0:
			faults = append(faults, l.wrong("effective_from", "version.effect_missing"))
		case row.EffectiveUntil != 0 && row.EffectiveUntil < row.EffectiveFrom:
			faults = append(faults, l.wrong("effective_until", "version.end_before_effect"))
		}
		wrong = append(wrong, faults...)
		if len(faults) == 0 {
			lines = append(lines, l)
		}
	}
	return lines, wrong
}

// taking is an import under way: what the platform has, and what is to be written.
type taking struct {
	tx        *store.Tx
	codes     *codes
	byCode    map[string]*Document
	bySource  map[string]*Document
	versions  map[qms.ID][]*Version // newest first
	documents []qms.Record          // to insert
	drafts    []qms.Record          // versions to insert, after the documents
	changes   []qms.Record          // to update
	changed   map[qms.ID]bool       // rows among them
	named     bool                  // documents are new or renamed: other texts may name them
	taken     Taken
}

func newTaking(ctx context.Context, tx *store.Tx) (*taking, error) {
	platform := tx.Act().Platform
	t := &taking{tx: tx, byCode: map[string]*Document{}, bySource: map[string]*Document{}, versions: map[qms.ID][]*Version{}, changed: map[qms.ID]bool{}}
	var err error
	if t.codes, err = codesOf(ctx, tx, platform); err != nil {
		return nil, err
	}
	all, err := documentsOf(ctx, tx, platform)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		t.know(d)
	}
	versions, err := versionsOfPlatform(ctx, tx, platform)
	for _, v := range versions {
		t.versions[v.Document] = append(t.versions[v.Document], v)
	}
	return t, err
}

func (t *taking) know(d *Document) {
	t.byCode[d.Code] = d
	if d.Source != "" {
		t.bySource[d.Source] = d
	}
}

// add makes a document that the import found. Nobody answers for it until somebody is named.
func (t *taking) add(d *Document) {
	d.ID = qms.NewID(t.tx.Now())
	d.ReviewMonths, d.Confidentiality = t.codes.review(d.Kind), Internal
	d.TitleKey = fold(d.Title)
	t.know(d)
	t.documents = append(t.documents, d)
	t.named = true
}

func (t *taking) addVersion(v *Version) {
	v.ID = qms.NewID(t.tx.Now())
	v.CreatedOn = t.tx.Today()
	t.drafts = append(t.drafts, v)
	versions := append(t.versions[v.Document], v)
	slices.SortStableFunc(versions, func(a, b *Version) int { return b.Number().Compare(a.Number()) })
	t.versions[v.Document] = versions
}

// change notes a row to be updated, once, unless it is itself new.
func (t *taking) change(row qms.Record) {
	if id := row.Head().ID; row.Head().Revision != 0 && !t.changed[id] {
		t.changed[id] = true
		t.changes = append(t.changes, row)
	}
}

func (t *taking) write(ctx context.Context) error {
	for _, d := range t.documents {
		if err := t.codes.ensureProcess(ctx, t.tx, d.(*Document).Process); err != nil {
			return err
		}
	}
	if err := t.tx.Insert(ctx, t.documents...); err != nil {
		return err
	}
	if err := t.tx.Insert(ctx, t.drafts...); err != nil {
		return err
	}
	for _, row := range t.changes {
		if err := t.tx.Update(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// numbered is the version of the document with that number, nil when there is none.
func (t *taking) numbered(document qms.ID, n Number) *Version {
	for _, v := range t.versions[document] {
		if v.Number() == n {
			return v
		}
	}
	return nil
}

// takeStated takes the lines of one code.
func (t *taking) takeStated(ctx context.Context, code string, lines []*line) (wrong []qms.Field, err error) {
	slices.SortStableFunc(lines, func(a, b *line) int { return a.number.Compare(b.number) })
	newest := lines[len(lines)-1]
	d := t.byCode[code]
	if d == nil {
		d = &Document{Title: newest.title}
		t.codes.describe(d, code)
		t.add(d)
	} else if d.Title != newest.title && t.onlyTakenOver(d.ID) {
		d.Title, d.TitleKey, t.named = newest.title, fold(newest.title), true
		t.change(d)
	}
	fillEnds(lines)
	for i, l := range lines {
		if i > 0 && lines[i-1].number == l.number {
			wrong = append(wrong, l.wrong("version", "version.twice", l.number.String()))
			continue
		}
		wrong = append(wrong, t.takeLine(d, l)...)
	}
	if len(wrong) > 0 {
		return wrong, nil
	}
	return t.overlaps(d, lines), nil
}

// onlyTakenOver reports whether no version of the document went through a round here: then the list
// kept elsewhere still says how it is called.
func (t *taking) onlyTakenOver(document qms.ID) bool {
	return !slices.ContainsFunc(t.versions[document], func(v *Version) bool { return !v.TakenOver })
}

// fillEnds lets a version that states no end be followed by the next one that begins.
func fillEnds(lines []*line) {
	for i, l := range lines {
		if l.period.Until != 0 {
			continue
		}
		for _, next := range lines[i+1:] {
			if next.period.From >= l.period.From && next.number != l.number {
				l.period.Until = next.period.From
				break
			}
		}
	}
}

// takeLine takes one version. A version that went through a round here is not overruled by a list.
func (t *taking) takeLine(d *Document, l *line) (wrong []qms.Field) {
	v := t.numbered(d.ID, l.number)
	if v == nil {
		v = &Version{
			Document: d.ID, Major: l.number.Major, Minor: l.number.Minor, State: Approved, TakenOver: true,
			EffectiveFrom: l.period.From, EffectiveUntil: l.period.Until,
		}
		v.setReview(d.ReviewMonths)
		t.addVersion(v)
		t.taken.Added++
		return nil
	}
	ended := l.period.Until == 0 && (v.State == Withdrawn || t.superseded(v))
	switch {
	case v.EffectiveFrom == l.period.From && (v.EffectiveUntil == l.period.Until || ended):
		t.taken.Same++
	case !v.TakenOver || v.State == Withdrawn:
		wrong = append(wrong, l.wrong("effective_from", "version.not_taken_over", v.Number().String()))
	default:
		v.EffectiveFrom, v.EffectiveUntil = l.period.From, l.period.Until
		v.setReview(d.ReviewMonths)
		t.change(v)
		t.taken.Changed++
	}
	return wrong
}

// superseded reports whether a version approved here ended v.
func (t *taking) superseded(v *Version) bool {
	return slices.ContainsFunc(t.versions[v.Document], func(o *Version) bool { return o.Supersedes == v.ID && o.stands() })
}

// overlaps says which lines would put two versions in force on one day.
func (t *taking) overlaps(d *Document, lines []*line) (wrong []qms.Field) {
	for _, l := range lines {
		v := t.numbered(d.ID, l.number)
		p, some := v.Period()
		for _, o := range t.versions[d.ID] {
			q, others := o.Period()
			if o == v || !some || !others || p.From < q.From || p.From == q.From && o.Number().Compare(v.Number()) > 0 {
				continue // said once, at the version that begins later
			}
			if q.Contains(p.From) {
				wrong = append(wrong, l.wrong("effective_from", "version.overlap", v.Number().String(), o.Number().String()))
			}
		}
	}
	return wrong
}

// Periods gives the days in force of every version of the platform: code -> "2.0" -> days.
func Periods(ctx context.Context, r store.Reader, platform qms.ID) (map[string]map[string]qms.Period, error) {
	return periodsBy(periodsNamed(ctx, r, platform, nil))
}

// Periods is the function of that name, for those who are handed the service.
func (s *Service) Periods(ctx context.Context, r store.Reader, platform qms.ID) (map[string]map[string]qms.Period, error) {
	return Periods(ctx, r, platform)
}
