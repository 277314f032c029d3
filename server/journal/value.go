package journal

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillon/qms"
)

// emptyDigest is the SHA-256 of nothing: a text that the trail keeps by its digest, and that was empty.
const emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// value is what a column holds, in words.
func (t teller) value(c column, raw json.RawMessage) Value {
	text, ok := stringOf(raw)
	if !ok {
		return Value{Text: t.plain(c, raw)}
	}
	if strings.HasPrefix(text, "[") {
		if items, ok := t.listed(c, json.RawMessage(text)); ok {
			if len(items) == 1 {
				return Value{Text: t.cut(items[0])}
			}
			return Value{Items: items}
		}
	}
	if strings.HasPrefix(text, "{") {
		if object := objectOf(json.RawMessage(text)); object != nil {
			return Value{Text: t.cut(t.object(c, object))}
		}
	}
	return Value{Text: t.text(c, text)}
}

func stringOf(raw json.RawMessage) (s string, ok bool) {
	ok = len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &s) == nil
	return s, ok
}

// plain is what is no text: a number with its unit, yes or no, a digest that stands for a text that the trail
// does not repeat.
func (t teller) plain(c column, raw json.RawMessage) string {
	var digest struct {
		SHA256 string `json:"sha256"`
	}
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case string(raw) == "true" || string(raw) == "false":
		return t.T("page.trail.is_" + string(raw))
	case json.Unmarshal(raw, &digest) == nil && digest.SHA256 == emptyDigest:
		return ""
	case digest.SHA256 != "":
		return t.T("page.trail.by_digest", t.cut(digest.SHA256))
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return string(raw)
	}
	return t.number(c, n)
}

// text is a day or an instant, a word of the code in the reader's words, what a record was called, or what a
// person wrote.
func (t teller) text(c column, s string) string {
	if d, err := qms.ParseDate(s); err == nil {
		return t.Date(d)
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return t.FullInstant(at)
	}
	if word, ok := t.word(c, s); ok {
		return word
	}
	if idText.MatchString(s) && len(s) == len("019aaf83-3d08-75ba-9a8f-4c88e039c11d") {
		if name := t.Names.On(qms.ID(s), t.at); name != "" {
			return name
		}
		if table := t.Names.Table(qms.ID(s)); table != "" {
			return t.Table(table)
		}
	}
	if digestText.MatchString(s) {
		return "SHA-256 " + t.cut(s)
	}
	return t.cut(s)
}

// listed are the parts of what a column keeps as a JSON list.
func (t teller) listed(c column, raw json.RawMessage) ([]string, bool) {
	var all []json.RawMessage
	if json.Unmarshal(raw, &all) != nil {
		return nil, false
	}
	items := make([]string, 0, len(all))
	for _, one := range all {
		if t.Short && len(items) == listItems {
			items = append(items, t.T("page.trail.items_more", len(all)-listItems))
			break
		}
		if text := t.part(c, one); text != "" {
			items = append(items, text)
		}
	}
	if len(items) == 0 {
		return []string{""}, true
	}
	return items, true
}

// part is one part of a list or object, on one line.
func (t teller) part(c column, raw json.RawMessage) string {
	switch {
	case len(raw) > 0 && raw[0] == '{':
		return t.object(c, objectOf(raw))
	case len(raw) > 0 && raw[0] == '[':
		items, _ := t.listed(c, raw)
		return strings.Join(items, ", ")
	}
	if s, ok := stringOf(raw); ok {
		return t.text(c, s)
	}
	return t.plain(c, raw)
}

// object is an object by its members, each with its label. A person who is named beside their identifier is
// named once.
func (t teller) object(c column, object map[string]json.RawMessage) string {
	var parts []string
	for _, name := range slices.SortedFunc(maps.Keys(object), calledFirst) {
		if _, named := object["name"]; named && name == "person" {
			continue
		}
		at := column{c.table, c.name + "." + strings.ToLower(name)}
		if is := t.part(at, object[name]); is != "" {
			parts = append(parts, t.T("page.trail.part", t.member(at, name), is))
		}
	}
	return strings.Join(parts, ", ")
}

// first are the members by which people know an object, before all others.
var first = []string{"name", "label", "title", "code", "number", "day"}

func calledFirst(a, b string) int {
	place := func(name string) int {
		if i := slices.Index(first, name); i >= 0 {
			return i
		}
		return len(first)
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
}

// member is what a member of an object is called: a word of its own, the word of the column of that name, or a
// word of the code.
func (t teller) member(at column, name string) string {
	if word, ok := t.word(column{at.table, strings.TrimSuffix(at.name, strings.ToLower(name)) + "*"}, name); ok {
		return word
	}
	if key := "field." + at.table + "." + at.name; t.Has(key) {
		return t.T(key)
	}
	return t.Label(at.table, strings.ToLower(name))
}
