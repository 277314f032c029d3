package documents

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"maillon/qms"
)

// sureWords is how many words a title must have for its quotation to be a link and not a suggestion.
const sureWords = 3

// Target is a document that texts may name.
type Target struct {
	ID    qms.ID
	Code  string
	Title string
}

// Vocabulary is what the tokens of a pattern may stand for on a platform.
type Vocabulary struct {
	Platform  string
	Kinds     []string
	Processes []string
}

// Mention is one document named by a text, by code or by title, however often.
type Mention struct {
	Target    qms.ID // none for an unknown code
	Code      string
	Basis     Basis
	Suggested bool
	Context   string // the words around the first time
	Count     int64
}

// Finder finds the documents that a text names. One pass over the words of the text looks for all
// codes and titles at once in a trie, so its work grows with the text and not with the number of
// documents. It is safe for concurrent use.
type Finder struct {
	pattern Pattern
	known   vocabulary
	first   map[string]bool // words that a code may begin with; nil when any may
	targets []Target
	next    map[uint64]int32 // node<<8 | byte -> node
	root    [256]int32       // the children of the root, where most walks end
	codes   map[int32]named
	titles  map[int32]named
	shorts  map[int32]named // titles without what stands in brackets at their end
}

// named is what ends at a node of the trie.
type named struct {
	targets []int32
	words   int
}

type vocabulary struct {
	platform         string
	kinds, processes map[string]bool
	loose            bool // any word may stand for a process, since the kind tells that it is a code
}

// NewFinder prepares to find the targets, and whatever else fits the pattern.
func NewFinder(p Pattern, v Vocabulary, targets []Target) *Finder {
	f := &Finder{pattern: p, targets: targets, next: map[uint64]int32{}, codes: map[int32]named{}, titles: map[int32]named{}, shorts: map[int32]named{}}
	f.known = vocabulary{strings.ToUpper(v.Platform), setOf(v.Kinds), setOf(v.Processes), p.Uses("kind")}
	f.first = p.first(v)
	for i, t := range targets {
		f.add(f.codes, wordsOf(t.Code), int32(i))
		title := titleWords(t.Title)
		f.add(f.titles, title, int32(i))
		if quoted, differs := withoutColons(title); differs {
			f.add(f.titles, quoted, int32(i))
		}
		if short := withoutBrackets(t.Title); short != "" {
			f.add(f.shorts, titleWords(short), int32(i))
		}
	}
	return f
}

// first lists the words in lower case that codes begin with, where the pattern begins with a kind.
func (p Pattern) first(v Vocabulary) map[string]bool {
	c := p.chunks[0]
	if c.token != tokenKind {
		return nil
	}
	words := map[string]bool{}
	for _, kind := range v.Kinds {
		words[strings.ToLower(c.prefix+kind+c.suffix)] = true
	}
	return words
}

func setOf(words []string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words {
		set[strings.ToUpper(w)] = true
	}
	return set
}

func (f *Finder) add(ends map[int32]named, words []span, target int32) {
	if len(words) == 0 {
		return
	}
	var node int32
	for _, b := range []byte(keyOf(words)) {
		at := uint64(node)<<8 | uint64(b)
		child, ok := f.next[at]
		if !ok {
			child = int32(len(f.next) + 1)
			f.next[at] = child
			if node == 0 {
				f.root[b] = child
			}
		}
		node = child
	}
	end := ends[node]
	ends[node] = named{append(end.targets, target), len(words)}
}

// hit is one place where a text names something: words from to before until.
type hit struct {
	from, until int
	targets     []int32
	words       int    // of the title or code that was met
	code        string // of an unknown document
	short       bool   // what stands in brackets at the end of the title is missing
}

// Find lists what the text names, self aside, in the order of their first mention.
func (f *Finder) Find(text string, self qms.ID) []Mention {
	words := wordsOf(text)
	var codes, titles, shorts []hit
	for i := range words {
		code, title, short := f.at(text, words, i)
		if code.until > 0 {
			codes = append(codes, code)
		} else if unknown, ok := f.unknownAt(text, words, i); ok {
			codes = append(codes, unknown)
		}
		if title.until > 0 {
			titles = append(titles, title)
		}
		if short.until > 0 {
			shorts = append(shorts, short)
		}
	}
	c := collector{f: f, text: text, words: words, self: self, index: map[string]int{}}
	for _, h := range outermost(codes) {
		c.code(h)
	}
	titles = outermost(titles)
	for _, h := range titles {
		c.title(h)
	}
	for _, h := range outside(outermost(shorts), titles) {
		c.title(h)
	}
	slices.SortStableFunc(c.found, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	mentions := make([]Mention, len(c.found))
	for i, p := range c.found {
		mentions[i] = p.Mention
	}
	return mentions
}

// at is the longest code, the longest title and the longest title without its brackets that begin with
// word i.
func (f *Finder) at(text string, words []span, i int) (code, title, short hit) {
	var node int32
	for j := i; j < len(words); j++ {
		var ok bool
		if j > i {
			if node, ok = f.walk(node, words[j].gap); !ok {
				return code, title, short
			}
		}
		if node, ok = f.walk(node, words[j].key); !ok {
			return code, title, short
		}
		if end, ok := f.codes[node]; ok && end.words == j+1-i && codeLike(text, words, i, j+1) {
			code = hit{from: i, until: j + 1, targets: end.targets, words: end.words}
		}
		if end, ok := f.titles[node]; ok {
			title = hit{from: i, until: j + 1, targets: end.targets, words: end.words}
		}
		if end, ok := f.shorts[node]; ok {
			short = hit{from: i, until: j + 1, targets: end.targets, words: end.words, short: true}
		}
	}
	return code, title, short
}

func (f *Finder) walk(node int32, s string) (int32, bool) {
	for i := 0; i < len(s); i++ {
		if node == 0 {
			if node = f.root[s[i]]; node == 0 {
				return 0, false
			}
			continue
		}
		child, ok := f.next[uint64(node)<<8|uint64(s[i])]
		if !ok {
			return 0, false
		}
		node = child
	}
	return node, true
}

// codeLike reports whether the words are set as a code is: held together by dashes, or in capitals
// with single spaces, and not the end of a longer code ("CYT-PR-ACH-003" is another platform's).
func codeLike(text string, words []span, from, until int) bool {
	for k := from + 1; k < until; k++ {
		switch words[k].between {
		case dashed:
		case spaced:
			if !capitals(text[words[from].start:words[until-1].end]) {
				return false
			}
		default:
			return false
		}
	}
	if from == 0 || words[from].between != dashed {
		return true
	}
	before := text[words[from-1].start:words[from-1].end]
	joined := text[words[from-1].end:words[from].start]
	return joined == "_" || joined == "." || !capitals(before) || len(before) < 2 || !strings.ContainsFunc(before, unicode.IsLetter)
}

func capitals(s string) bool { return !strings.ContainsFunc(s, unicode.IsLower) }

// unknownAt reads a code by the pattern that begins with word i.
func (f *Finder) unknownAt(text string, words []span, i int) (hit, bool) {
	until := i + len(f.pattern.chunks)
	if until > len(words) || f.first != nil && !f.first[words[i].key] {
		return hit{}, false
	}
	var parts Parts
	for k, c := range f.pattern.chunks {
		if !f.pattern.read(&parts, c, strings.ToUpper(words[i+k].key)) || !f.known.fits(c.token, parts) {
			return hit{}, false
		}
	}
	if !codeLike(text, words, i, until) {
		return hit{}, false
	}
	code, err := f.pattern.Print(parts)
	return hit{from: i, until: until, code: code}, err == nil
}

// fits reports whether the part may stand in a code here. Without a kind in the pattern, only known
// processes do: else "COVID-19" would be a code.
func (v vocabulary) fits(t token, parts Parts) bool {
	switch t {
	case tokenPlatform:
		return parts.Platform == v.platform
	case tokenKind:
		return v.kinds[parts.Kind]
	case tokenProcess:
		return v.processes[parts.Process] || v.loose && len(parts.Process) >= 2 && !numeric(parts.Process) && !standards[parts.Process]
	}
	return true
}

// standards are bodies whose standards are cited as codes are made: "EN ISO 13485".
var standards = setOf([]string{"ISO", "IEC", "CEI", "CEN", "CENELEC", "ETSI", "DIN", "NF", "AFNOR", "BS", "ASTM", "ANSI", "IEEE"})

func numeric(s string) bool { return strings.Trim(s, "0123456789") == "" }

// outermost drops hits that lie within another one: "Evaluation Plan" in "Clinical Evaluation Plan".
// Hits come ordered by their first word, one for each.
func outermost(hits []hit) []hit {
	kept := hits[:0]
	reach := 0
	for _, h := range hits {
		if h.until > reach {
			kept = append(kept, h)
			reach = h.until
		}
	}
	return kept
}

// outside drops hits that share a word with a surer one. Both come in the order of the text.
func outside(hits, surer []hit) []hit {
	return slices.DeleteFunc(hits, func(h hit) bool {
		return slices.ContainsFunc(surer, func(s hit) bool { return h.from < s.until && s.from < h.until })
	})
}
