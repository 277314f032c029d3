package store

import "strings"

// Wanted is what the words of an entry must hold: of each of All at least one; a word that ends in *
// stands for all that begin so. An entry that holds all of But as well is left out, when But names
// any, and so is one that holds any of None.
type Wanted struct {
	All, But [][]string
	None     []string
}

// Match is the condition that the words of an entry hold what is wanted, with its one value, for a
// query that reads FromWords.
func (w Wanted) Match(e Engine) (condition, value string) {
	if e == SQLite {
		return "f.search_words MATCH ?", w.expression(" AND ", " OR ", " NOT ", ` *`, '"')
	}
	return "f.words @@ ?::tsquery", w.expression(" & ", " | ", " & !", ":*", '\'')
}

// FromWords is what a query finds entries in, as table f, and the number of the entry in it.
func FromWords(e Engine) (table, number string) {
	if e == SQLite {
		return "search_words AS f", "f.rowid"
	}
	return "search_entries AS f", "f.number"
}

// expression writes the condition in the engine's own language. Words stand between quotes, and hold
// letters and digits only: what is typed cannot break it.
func (w Wanted) expression(and, or, not, prefix string, quote byte) string {
	var b strings.Builder
	any := func(words []string) {
		for i, word := range words {
			if i > 0 {
				b.WriteString(or)
			}
			word, begins := strings.CutSuffix(word, "*")
			b.WriteByte(quote)
			b.WriteString(word)
			b.WriteByte(quote)
			if begins {
				b.WriteString(prefix)
			}
		}
	}
	all := func(groups [][]string) {
		for i, group := range groups {
			if i > 0 {
				b.WriteString(and)
			}
			b.WriteByte('(')
			any(group)
			b.WriteByte(')')
		}
	}
	b.WriteString("((")
	all(w.All)
	b.WriteByte(')')
	if len(w.But) > 0 {
		b.WriteString(not + "(")
		all(w.But)
		b.WriteByte(')')
	}
	b.WriteByte(')')
	if len(w.None) > 0 {
		b.WriteString(not + "(")
		any(w.None)
		b.WriteByte(')')
	}
	return b.String()
}
