package documents

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// ImportedFile is one file of an imported folder.
type ImportedFile struct {
	Path          string // within the folder, with slashes; names the file on the next import
	Code          string // from the mapping; empty: found in the name or the text, else given out
	Kind          string // code of a kind
	Process       string
	Title         string
	Version       string   // 1.0 when empty
	EffectiveFrom qms.Date // today when zero
	DayInName     bool     // EffectiveFrom was read in the file's name
	Old           bool     // lies in a folder of old versions, or is called so: never in force
	File          File

	// What a new document is where neither the fields above nor an adopted code say it.
	GuessedKind    string
	GuessedProcess string
}

// FileTaken is what became of one imported file.
type FileTaken struct {
	Path     string
	Document qms.ID
	Code     string
	Adopted  bool // the code was found or stated, not given out
	Title    string
	Kind     string
	Process  string
	Version  string
	Digest   vault.Digest
	Outcome  Outcome
	Links    []Named
	State    State    // of its version, today
	From     qms.Date // first day in force; none of a draft, and none that anybody can name
	Until    qms.Date // first day no longer in force
	Chain    []string // the numbers of all versions of the document, oldest first, when several files are

	version qms.ID
}

// Outcome is what an import did with one file.
type Outcome string

// The outcomes.
const (
	Added   Outcome = "added"   // a new document
	Changed Outcome = "changed" // a known document got this content
	Same    Outcome = "same"    // nothing to do
	Earlier Outcome = "earlier" // an earlier version of a document, superseded before Maillon
)

// Named is one document that a text names for sure.
type Named struct {
	Code  string
	Basis Basis
}

// TakeFiles takes over a folder, in the caller's transaction. A file is known again by its path or
// its code. A new document is taken over as in force; a content that changed becomes a draft, unless
// the mapping states a newer version and its day, which is taken over too. The links of the whole
// are found at the end. What is wrong is said by fields named INDEX.column, as by TakeMasterList.
func TakeFiles(ctx context.Context, tx *store.Tx, rows []ImportedFile) ([]FileTaken, Taken, error) {
	t, err := newTaking(ctx, tx)
	if err != nil {
		return nil, Taken{}, err
	}
	stated, wrong := t.statedCodes(rows)
	results := make([]FileTaken, len(rows))
	more, err := t.takeRows(ctx, rows, stated, wrong, results)
	if err != nil {
		return nil, Taken{}, err
	}
	if wrong = append(wrong, more...); len(wrong) > 0 {
		return nil, Taken{}, qms.InvalidFields(wrong...)
	}
	var kept []*File
	for i := range results {
		t.stand(&results[i])
		if results[i].Outcome != Same {
			kept = append(kept, &rows[i].File)
		}
	}
	if len(kept) > 0 {
		if err := t.settle(ctx, kept); err != nil {
			return nil, Taken{}, err
		}
	}
	return results, t.taken, fillLinks(ctx, tx, results)
}

// takeRows takes every file that is not wrong already: alone, or with the others of its code.
func (t *taking) takeRows(ctx context.Context, rows []ImportedFile, stated []string, known []qms.Field, results []FileTaken) (wrong []qms.Field, err error) {
	chains, done := t.chainsOf(stated, rows), map[string]bool{}
	for _, i := range codedFirst(stated) {
		code := stated[i]
		chain, several := chains[code]
		if wrongIndex(known, i) || several && done[code] {
			continue
		}
		var more []qms.Field
		if several {
			done[code] = true
			more, err = t.takeChain(ctx, chain, rows, code, results)
		} else {
			more, err = t.takeFile(ctx, i, &rows[i], code, &results[i])
		}
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, more...)
	}
	return wrong, nil
}

// stand tells how the version of a file stands today.
func (t *taking) stand(r *FileTaken) {
	v := t.versionOf(r.Document, r.version)
	if v == nil {
		return
	}
	r.State, _ = v.StateOn(t.tx.Today())
	if v.EffectiveFrom != v.EffectiveUntil {
		r.From = v.EffectiveFrom
	}
	r.Until = v.EffectiveUntil
}

// codedFirst is the order to take files in: those that bring a code along, so that the numbers given
// out to the others begin after the highest one adopted.
func codedFirst(stated []string) []int {
	order := make([]int, len(stated))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(min(len(stated[b]), 1), min(len(stated[a]), 1))
	})
	return order
}

func (t *taking) settle(ctx context.Context, kept []*File) error {
	if err := keepContents(ctx, t.tx, kept); err != nil {
		return err
	}
	if err := t.write(ctx); err != nil {
		return err
	}
	return relinkAll(ctx, t.tx)
}

func wrongIndex(wrong []qms.Field, i int) bool {
	return slices.ContainsFunc(wrong, func(f qms.Field) bool { return strings.HasPrefix(f.Name, at(i, "")) })
}

// statedCodes decides which code each file brings along: the mapping's, the one in its name, or
// the one its text gives as its own when no other file brings it. Files that state one code are versions of one document.
func (t *taking) statedCodes(rows []ImportedFile) (codes []string, wrong []qms.Field) {
	codes = make([]string, len(rows))
	holder := map[string]int{}
	finder := NewFinder(t.codes.pattern, t.codes.vocabulary(), nil)
	for i, row := range rows {
		code, err := "", error(nil)
		if strings.TrimSpace(row.Code) != "" {
			if code, err = TidyCode(row.Code); err != nil {
				wrong = append(wrong, qms.Wrong(at(i, "code"), "code.malformed", row.Code))
				continue
			}
		} else if found := finder.CodesIn(stem(row.Path)); len(found) > 0 {
			code = found[0]
		}
		if code == "" {
			continue
		}
		holder[code], codes[i] = i, code
	}
	for i, row := range rows {
		if codes[i] != "" || wrongIndex(wrong, i) {
			continue
		}
		code := finder.ownCode(row.File)
		if known := t.byCode[code]; code == "" || known != nil && known.Source != printable(row.Path) {
			continue
		}
		if _, taken := holder[code]; !taken {
			holder[code], codes[i] = i, code
		}
	}
	return codes, wrong
}

// stem is the file's name without folders and extension.
func stem(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return name
}

// takeFile takes one file.
func (t *taking) takeFile(ctx context.Context, i int, row *ImportedFile, code string, result *FileTaken) ([]qms.Field, error) {
	number, wrong := Number{1, 0}, []qms.Field(nil)
	if strings.TrimSpace(row.Version) != "" {
		var err error
		if number, err = ParseNumber(row.Version); err != nil {
			return []qms.Field{qms.Wrong(at(i, "version"), "version.number_malformed", row.Version)}, nil
		}
	}
	d := t.bySource[printable(row.Path)]
	if code != "" && (d == nil || d.Code != code && row.Code != "") {
		d = t.byCode[code]
	}
	var v *Version
	if d == nil {
		var err error
		if d, wrong, err = t.newFromFile(ctx, i, row, code); err != nil || len(wrong) > 0 {
			return wrong, err
		}
		v = t.takenOver(d, number, row)
		t.taken.Added++
		result.Outcome = Added
	} else if v, wrong = t.knownFile(i, d, number, row, result); len(wrong) > 0 {
		return wrong, nil
	}
	t.tell(d, v, row, code != "", result)
	return nil, nil
}

func (t *taking) newFromFile(ctx context.Context, i int, row *ImportedFile, code string) (*Document, []qms.Field, error) {
	d := &Document{Kind: tidyWord(row.Kind), Process: tidyWord(row.Process), Title: row.Title, Source: printable(row.Path)}
	if strings.TrimSpace(d.Title) == "" {
		d.Title = stem(row.Path)
	}
	wrong := d.check()
	if code != "" {
		t.codes.describe(d, code)
	}
	if d.Kind == "" {
		d.Kind = tidyWord(row.GuessedKind)
	}
	if d.Process == "" {
		d.Process = tidyWord(row.GuessedProcess)
	}
	if code != "" {
		wrong = append(wrong, t.codes.check(d)...)
	} else {
		more, err := t.codes.assign(ctx, t.tx, d, "")
		if err != nil {
			return nil, nil, err
		}
		wrong = append(wrong, more...)
	}
	for k := range wrong {
		wrong[k].Name = at(i, wrong[k].Name)
	}
	if len(wrong) == 0 {
		t.add(d)
	}
	return d, wrong, nil
}

// takenOver makes the version in force that a file was before Maillon.
func (t *taking) takenOver(d *Document, n Number, row *ImportedFile) *Version {
	v := &Version{Document: d.ID, Major: n.Major, Minor: n.Minor, State: Approved, TakenOver: true, EffectiveFrom: row.EffectiveFrom}
	if v.EffectiveFrom == 0 {
		v.EffectiveFrom = t.tx.Today()
	}
	v.attach(row.File)
	v.setReview(d.ReviewMonths)
	t.addVersion(v)
	return v
}

// knownFile takes a file of a document that is known.
func (t *taking) knownFile(i int, d *Document, n Number, row *ImportedFile, result *FileTaken) (*Version, []qms.Field) {
	versions := t.versions[d.ID]
	stated := strings.TrimSpace(row.Version) != ""
	for _, v := range versions {
		if v.Content == row.File.Digest && (!stated || v.Number() == n) {
			result.Outcome = Same
			t.taken.Same++
			return v, nil
		}
	}
	result.Outcome = Changed
	t.taken.Changed++
	if d.Source == "" {
		d.Source = printable(row.Path)
		t.change(d)
	}
	if v := t.numbered(d.ID, n); v != nil && (stated || !v.HasContent()) {
		if v.State != Draft && (v.HasContent() || !v.TakenOver) {
			return nil, []qms.Field{qms.Wrong(at(i, "version"), "version.content_fixed", v.Number().String())}
		}
		v.attach(row.File)
		t.change(v)
		return v, nil
	}
	return t.changedFile(i, d, n, stated, row)
}

// changedFile takes a content that no version has: as the newer version the mapping states with its
// day, else as a draft.
func (t *taking) changedFile(i int, d *Document, n Number, stated bool, row *ImportedFile) (*Version, []qms.Field) {
	newest := t.versions[d.ID][0]
	switch {
	case stated && n.Compare(newest.Number()) > 0 && row.EffectiveFrom != 0 && newest.State == Approved:
		return t.follows(i, d, n, row)
	case newest.State == Draft:
		newest.attach(row.File)
		t.change(newest)
		return newest, nil
	case newest.State == InReview:
		return nil, []qms.Field{qms.Wrong(at(i, "version"), "version.open_exists", newest.Number().String())}
	}
	if !stated || n.Compare(newest.Number()) <= 0 {
		n = newest.Number().Next(false)
	}
	v := &Version{Document: d.ID, Major: n.Major, Minor: n.Minor, State: Draft, Author: t.tx.Actor().ID, Reason: printable(row.Path)}
	v.attach(row.File)
	t.addVersion(v)
	return v, nil
}

// follows takes over a newer version that the mapping states with its day.
func (t *taking) follows(i int, d *Document, n Number, row *ImportedFile) (*Version, []qms.Field) {
	for _, o := range t.versions[d.ID] {
		if o.stands() && o.EffectiveFrom > row.EffectiveFrom {
			return nil, []qms.Field{qms.Wrong(at(i, "effective_from"), "version.effect_before", o.Number().String(), o.EffectiveFrom)}
		}
	}
	v := t.takenOver(d, n, row)
	if ended := v.supersede(t.versions[d.ID]); ended != nil {
		t.change(ended)
	}
	return v, nil
}

// fillLinks tells of each file which documents its text names for sure.
func fillLinks(ctx context.Context, r store.Reader, results []FileTaken) error {
	versions := make([]qms.ID, len(results))
	for i := range results {
		versions[i] = results[i].version
	}
	rows, err := linksOfVersions(ctx, r, versions)
	if err != nil {
		return err
	}
	named := map[qms.ID][]Named{}
	for _, l := range rows {
		if !l.Gone && !l.Suggested {
			named[l.Version] = append(named[l.Version], Named{l.Code, l.Basis})
		}
	}
	for i := range results {
		results[i].Links = named[results[i].version]
		slices.SortFunc(results[i].Links, func(a, b Named) int { return cmp.Compare(a.Code, b.Code) })
	}
	return nil
}
