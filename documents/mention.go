package documents

import (
	"slices"
	"strings"
	"unicode/utf8"

	"maillon/qms"
)

// placed is a mention and the word it was first met at.
type placed struct {
	Mention
	at int
}

// collector makes one mention of all hits of one document. What is sure stands over what is
// suggested, and a code over a title.
type collector struct {
	f     *Finder
	text  string
	words []span
	self  qms.ID
	found []placed
	index map[string]int // target or unknown code -> position in found
}

func (c *collector) code(h hit) {
	if h.code != "" {
		c.note(h, "code "+h.code, Mention{Code: h.code, Basis: ByCode})
		return
	}
	t := c.f.targets[h.targets[0]]
	if t.ID != c.self {
		c.note(h, string(t.ID), Mention{Target: t.ID, Code: t.Code, Basis: ByCode})
	}
}

// title notes a quoted title. A document that quotes its own title names no other of that title.
func (c *collector) title(h hit) {
	if slices.ContainsFunc(h.targets, func(i int32) bool { return c.f.targets[i].ID == c.self }) {
		return
	}
	suggested := h.short || h.words < sureWords || len(h.targets) > 1
	for _, i := range h.targets {
		t := c.f.targets[i]
		c.note(h, string(t.ID), Mention{Target: t.ID, Code: t.Code, Basis: ByTitle, Suggested: suggested})
	}
}

func (c *collector) note(h hit, key string, m Mention) {
	i, known := c.index[key]
	if !known {
		m.Count = 1
		m.Context = snippet(c.text, c.words[h.from].start, c.words[h.until-1].end)
		c.index[key] = len(c.found)
		c.found = append(c.found, placed{m, h.from})
		return
	}
	if c.found[i].Basis == m.Basis {
		c.found[i].Count++
	}
}

// around is how many bytes of context stand on either side of a mention.
const around = 60

// snippet is the words around text[start:end] in one line, cut at words and marked where cut.
func snippet(text string, start, end int) string {
	from, until := max(0, start-around), min(len(text), end+around)
	for from > 0 && from < start && !utf8.RuneStart(text[from]) {
		from++
	}
	for until < len(text) && until > end && !utf8.RuneStart(text[until]) {
		until--
	}
	before, after := text[from:start], text[end:until]
	if from > 0 {
		if _, whole, found := strings.Cut(before, " "); found {
			before = whole
		}
		before = "…" + before
	}
	if until < len(text) {
		if i := strings.LastIndexByte(after, ' '); i >= 0 {
			after = after[:i]
		}
		after += "…"
	}
	return strings.Join(strings.Fields(before+text[start:end]+after), " ")
}

// CodesIn lists the codes that s holds by the pattern, in order: for adopting a code from the name
// or the first lines of a file.
func (f *Finder) CodesIn(s string) (codes []string) {
	words := wordsOf(s)
	for i := range words {
		if h, ok := f.unknownAt(s, words, i); ok {
			codes = append(codes, h.code)
		}
	}
	return codes
}
