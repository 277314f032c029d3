package documents

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"maillon/qms"
)

// chained is one file among those that bring one code along: one version of one document.
type chained struct {
	index  int
	row    *ImportedFile
	number Number
	stated bool     // the mapping or the name says the number
	twin   *chained // another file with this very content
}

func (c *chained) wrong(column, key string, args ...any) qms.Field {
	return qms.Wrong(at(c.index, column), key, args...)
}

// chainsOf are the codes that several files bring along, or one from a folder of old versions, or one
// that states the number of a version of a document that is known. The others are taken file by file.
func (t *taking) chainsOf(codes []string, rows []ImportedFile) map[string][]int {
	chains := map[string][]int{}
	for i, code := range codes {
		if code != "" {
			chains[code] = append(chains[code], i)
		}
	}
	for code, files := range chains {
		if row := rows[files[0]]; len(files) == 1 && !row.Old && (row.Version == "" || t.byCode[code] == nil) {
			delete(chains, code)
		}
	}
	return chains
}

// takeChain takes the files of one code as the versions of one document.
//
// The highest number outside the folders of old versions is in force; without one, nothing is any
// more. A version ends where the next one begins whose beginning is known. A version without any date
// is superseded and was in force on no day that anybody can name: its period is empty, and it stands
// as superseded from the day the next one begins. The day a file was last changed proves nothing.
func (t *taking) takeChain(ctx context.Context, files []int, rows []ImportedFile, code string, results []FileTaken) ([]qms.Field, error) {
	d := t.byCode[code]
	for _, i := range files {
		if d == nil {
			d = t.bySource[printable(rows[i].Path)]
		}
	}
	chain, wrong := t.numberChain(d, files, rows, code)
	if wrong = append(wrong, apartIn(chain, code)...); len(wrong) > 0 {
		return wrong, nil
	}
	head := headOf(chain)
	var err error
	if d == nil {
		if d, wrong, err = t.beginChain(ctx, head, code, &results[head.index]); err != nil || len(wrong) > 0 {
			return wrong, err
		}
	} else if wrong = t.continueChain(d, head, &results[head.index]); len(wrong) > 0 {
		return wrong, nil
	}
	for _, c := range slices.Backward(chain) {
		switch {
		case c == head:
		case c.twin != nil:
			results[c.index].Outcome = Same
			t.taken.Same++
		default:
			wrong = append(wrong, t.continueChain(d, c, &results[c.index])...)
		}
	}
	if len(wrong) > 0 {
		return wrong, nil
	}
	t.tellChain(d, chain, results)
	return nil, nil
}

// numberChain gives every file its number, lowest first. What states none is the version of the
// platform that holds its content, else 1.0 in a folder of old versions and the next one outside.
func (t *taking) numberChain(d *Document, files []int, rows []ImportedFile, code string) (chain []*chained, wrong []qms.Field) {
	var highest Number
	var open []*chained
	for _, i := range files {
		c := &chained{index: i, row: &rows[i], number: Number{1, 0}}
		if stated := strings.TrimSpace(rows[i].Version); stated != "" {
			var err error
			if c.number, err = ParseNumber(stated); err != nil {
				wrong = append(wrong, c.wrong("version", "version.number_malformed", stated))
				continue
			}
			c.stated = true
		} else if v := t.holding(d, rows[i].File); v != nil {
			c.number, c.stated = v.Number(), true
		}
		if chain = append(chain, c); c.stated && c.number.Compare(highest) > 0 {
			highest = c.number
		}
		if !c.stated {
			open = append(open, c)
		}
	}
	slices.SortStableFunc(open, func(a, b *chained) int { return cmp.Compare(rank2(b.row.Old), rank2(a.row.Old)) })
	for _, c := range open {
		if c.twin = twinOf(chain, c); c.twin != nil {
			c.number = c.twin.number
			continue
		}
		if !c.row.Old && highest != (Number{}) {
			c.number = highest.Next(false)
		}
		if c.row.Old && c.number.Compare(highest) > 0 {
			highest = c.number
		}
	}
	slices.SortStableFunc(chain, func(a, b *chained) int { return a.number.Compare(b.number) })
	return chain, append(wrong, twice(chain, code)...)
}

func rank2(old bool) int {
	if old {
		return 1
	}
	return 0
}

// holding is the version of the document that has the file's content, nil when none has.
func (t *taking) holding(d *Document, f File) *Version {
	if d == nil {
		return nil
	}
	for _, v := range t.versions[d.ID] {
		if v.Content == f.Digest {
			return v
		}
	}
	return nil
}

// twinOf is another file of the chain with the very content of c, which states no number.
func twinOf(chain []*chained, c *chained) *chained {
	for _, o := range chain {
		if o != c && o.twin == nil && o.row.File.Digest == c.row.File.Digest {
			return o
		}
	}
	return nil
}

// twice says which files claim one number with different contents, and makes the others twins.
func twice(chain []*chained, code string) (wrong []qms.Field) {
	for i, c := range chain {
		for _, o := range chain[:i] {
			if o.number != c.number || o.twin != nil || c.twin != nil {
				continue
			}
			first, second := o, c
			if first.index > second.index {
				first, second = second, first
			}
			switch {
			case o.row.File.Digest == c.row.File.Digest:
				second.twin = first
			case !c.stated && !o.stated:
				wrong = append(wrong, second.wrong("code", "code.twice", code, first.row.Path))
			default:
				wrong = append(wrong, second.wrong("version", "version.claimed_twice", code, c.number.String(), first.row.Path))
			}
		}
	}
	return wrong
}

// apartIn says which files bring one code along though their names speak of different things: two
// documents with one code. Where the mapping gives the code, it is believed.
func apartIn(chain []*chained, code string) (wrong []qms.Field) {
	for i, c := range chain {
		for _, o := range chain[:i] {
			if c.row.Code != "" || o.row.Code != "" || c.row.Old || o.row.Old || c.twin != nil || o.twin != nil {
				continue
			}
			a, b := subjectWords(c.row.Path, code), subjectWords(o.row.Path, code)
			if len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(w string) bool { return slices.Contains(b, w) }) {
				continue
			}
			wrong = append(wrong, c.wrong("code", "code.collides", code, o.row.Path))
		}
	}
	return wrong
}

// subjectWords are the words of a file's name that say what it is about: long ones, beside the code.
func subjectWords(path, code string) (words []string) {
	own := setOf(nil)
	for _, w := range wordsOf(code) {
		own[w.key] = true
	}
	for _, w := range wordsOf(stem(path)) {
		if len(w.key) >= 4 && !own[w.key] && !strings.ContainsAny(w.key, "0123456789") && !making[strings.ToUpper(w.key)] {
			words = append(words, w.key)
		}
	}
	return words
}

// making are the words of a name that say how the file came to be, not what it is about.
var making = setOf(strings.Fields("copie copy version indice revision final finale definitif definitive draft brouillon projet signe signed approuve " +
	"approved valide validee ancien ancienne obsolete perime old archive nouveau nouvelle francais english"))

// headOf is the version in force: the highest outside the folders of old versions, else the highest.
func headOf(chain []*chained) *chained {
	var head *chained
	for _, c := range chain {
		if c.twin == nil && (head == nil || head.row.Old || !c.row.Old) {
			head = c
		}
	}
	return head
}

// beginChain makes the document of a chain, with the version at its head.
func (t *taking) beginChain(ctx context.Context, head *chained, code string, result *FileTaken) (*Document, []qms.Field, error) {
	d, wrong, err := t.newFromFile(ctx, head.index, head.row, code)
	if err != nil || len(wrong) > 0 {
		return nil, wrong, err
	}
	v := t.takenOver(d, head.number, head.row)
	if head.row.Old { // nothing outside the old ones: it is in force no more
		v.EffectiveUntil, v.ReviewOn = max(v.EffectiveFrom, t.tx.Today()), 0
	}
	t.taken.Added++
	result.Outcome = Added
	t.tell(d, v, head.row, code != "", result)
	return d, nil, nil
}

// continueChain takes one more version of a document that is known.
func (t *taking) continueChain(d *Document, c *chained, result *FileTaken) []qms.Field {
	newer := t.after(d.ID, c.number)
	known := t.numbered(d.ID, c.number) != nil || !c.stated && t.holding(d, c.row.File) != nil
	var v *Version
	var wrong []qms.Field
	if known || newer == nil && !c.row.Old {
		row := *c.row
		if row.DayInName && !t.onlyTakenOver(d.ID) {
			row.EffectiveFrom = 0 // a name is no approval: it becomes a draft
		}
		v, wrong = t.knownFile(c.index, d, c.number, &row, result)
	} else {
		wrong = t.insertOlder(d, c, newer, result)
	}
	if len(wrong) == 0 {
		t.tell(d, v, c.row, true, result)
	}
	return wrong
}

// after is the lowest version above the number that was ever to be in force.
func (t *taking) after(document qms.ID, n Number) (next *Version) {
	for _, v := range t.versions[document] { // newest first
		if v.EffectiveFrom != 0 && v.Number().Compare(n) > 0 {
			next = v
		}
	}
	return next
}

// before is the highest version below the number that was ever to be in force.
func (t *taking) before(document qms.ID, n Number) *Version {
	for _, v := range t.versions[document] {
		if v.EffectiveFrom != 0 && v.Number().Compare(n) < 0 {
			return v
		}
	}
	return nil
}

// insertOlder takes over a version that was replaced before Maillon.
func (t *taking) insertOlder(d *Document, c *chained, next *Version, result *FileTaken) []qms.Field {
	until := t.tx.Today()
	if next != nil {
		until = next.EffectiveFrom
	}
	from := cmp.Or(c.row.EffectiveFrom, until)
	if from > until {
		if next == nil {
			return []qms.Field{c.wrong("effective_from", "version.old_to_come", c.number.String(), from)}
		}
		return []qms.Field{c.wrong("effective_from", "version.begins_after", c.number.String(), from, next.Number().String(), until)}
	}
	if prev := t.before(d.ID, c.number); prev != nil && from < until && (prev.EffectiveUntil == 0 || prev.EffectiveUntil > from) {
		switch {
		case !prev.TakenOver:
			return []qms.Field{c.wrong("effective_from", "version.not_taken_over", prev.Number().String())}
		case prev.EffectiveFrom > from:
			return []qms.Field{c.wrong("effective_from", "version.effect_before", prev.Number().String(), prev.EffectiveFrom)}
		}
		prev.EffectiveUntil = from
		t.change(prev)
	}
	v := &Version{Document: d.ID, Major: c.number.Major, Minor: c.number.Minor, State: Approved, TakenOver: true, EffectiveFrom: from, EffectiveUntil: until}
	v.attach(c.row.File)
	t.addVersion(v)
	t.taken.Added++
	result.Outcome = Earlier
	result.version = v.ID
	return nil
}

// tell fills in what became of a file.
func (t *taking) tell(d *Document, v *Version, row *ImportedFile, adopted bool, result *FileTaken) {
	if v == nil {
		v = t.versionOf(d.ID, result.version)
	}
	result.Path, result.Document, result.Code, result.Adopted = row.Path, d.ID, d.Code, adopted
	result.Title, result.Kind, result.Process = d.Title, d.Kind, d.Process
	result.Version, result.Digest, result.version = v.Number().String(), row.File.Digest, v.ID
}

func (t *taking) versionOf(document, id qms.ID) *Version {
	for _, v := range t.versions[document] {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// tellChain tells of every file of a chain the other versions, and of a twin what its other is.
func (t *taking) tellChain(d *Document, chain []*chained, results []FileTaken) {
	var numbers []string
	for _, v := range slices.Backward(t.versions[d.ID]) {
		numbers = append(numbers, v.Number().String())
	}
	for _, c := range chain {
		if c.twin != nil {
			v := t.versionOf(d.ID, results[c.twin.index].version)
			t.tell(d, v, c.row, true, &results[c.index])
		}
		results[c.index].Chain = numbers
	}
}
