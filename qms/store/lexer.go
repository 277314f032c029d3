package store

import "strings"

// lexer cuts a statement into the few tokens that the gate looks at, by the rules of the engine: a
// string, a quoted name or a comment hides nothing from it.
type lexer struct {
	engine Engine
	text   string
	at     int
}

type token int

const (
	end       token = iota
	name            // an unquoted word, in upper case
	semicolon       // the end of a statement
	broken          // something that does not close, or that a driver would cut short
)

// writing are the words that make a SELECT or a WITH write, and functions of PostgreSQL that do.
var writing = map[string]bool{
	"INSERT": true, "UPDATE": true, "DELETE": true, "MERGE": true, "INTO": true, "TRUNCATE": true,
	"NEXTVAL": true, "SETVAL": true, "SET_CONFIG": true, "LOAD_EXTENSION": true,
}

func writes(word string) bool {
	return writing[word] || strings.HasPrefix(word, "LO_") || strings.HasPrefix(word, "DBLINK")
}

// next is the next token that matters, and its text when it is a name.
func (l *lexer) next() (string, token) {
	for l.at < len(l.text) {
		c, ok := l.text[l.at], true
		switch {
		case c == 0:
			return "", broken
		case c == ';':
			l.at++
			return "", semicolon
		case c == '\'' || c == '"':
			ok = l.quoted(c)
		case l.engine == SQLite && c == '`':
			ok = l.quoted('`')
		case l.engine == SQLite && c == '[':
			ok = l.until("]")
		case l.starts("--"):
			l.lineComment()
		case l.starts("/*"):
			ok = l.blockComment()
		case l.engine == PostgreSQL && c == '$':
			ok = l.dollar()
		case letter(c):
			word := l.word()
			if l.engine == PostgreSQL && word == "E" && l.starts("'") {
				ok = l.escaped()
				break
			}
			return word, name
		case digit(c):
			l.number()
		default:
			l.at++
		}
		if !ok {
			return "", broken
		}
	}
	return "", end
}

func (l *lexer) starts(s string) bool { return strings.HasPrefix(l.text[l.at:], s) }

// until moves behind the next s, which it looks for behind the present character.
func (l *lexer) until(s string) bool {
	i := strings.Index(l.text[l.at+1:], s)
	if i < 0 {
		return false
	}
	l.at += 1 + i + len(s)
	return true
}

// quoted moves behind a literal whose quote is doubled inside.
func (l *lexer) quoted(quote byte) bool {
	for l.at++; l.at < len(l.text); l.at++ {
		if l.text[l.at] != quote {
			continue
		}
		if l.at++; l.at >= len(l.text) || l.text[l.at] != quote {
			return true
		}
	}
	return false
}

// escaped moves behind the rest of an E'...' literal, in which a backslash protects the next one.
func (l *lexer) escaped() bool {
	for l.at++; l.at < len(l.text); l.at++ {
		switch l.text[l.at] {
		case '\\':
			l.at++
		case '\'':
			if l.at++; l.at >= len(l.text) || l.text[l.at] != '\'' {
				return true
			}
		}
	}
	return false
}

// lineComment ends where the engine says: PostgreSQL knows the carriage return, SQLite does not.
func (l *lexer) lineComment() {
	ends := "\n"
	if l.engine == PostgreSQL {
		ends = "\n\r"
	}
	if i := strings.IndexAny(l.text[l.at:], ends); i >= 0 {
		l.at += i + 1
		return
	}
	l.at = len(l.text)
}

// blockComment nests on PostgreSQL alone.
func (l *lexer) blockComment() bool {
	l.at += 2
	for depth := 1; depth > 0; {
		switch {
		case l.at >= len(l.text):
			return false
		case l.starts("*/"):
			depth--
			l.at += 2
		case l.engine == PostgreSQL && l.starts("/*"):
			depth++
			l.at += 2
		default:
			l.at++
		}
	}
	return true
}

// dollar moves behind $tag$...$tag$, or behind a sign that opens none.
func (l *lexer) dollar() bool {
	i := l.at + 1
	for i < len(l.text) && (letter(l.text[i]) || digit(l.text[i]) && i > l.at+1) {
		i++
	}
	if i >= len(l.text) || l.text[i] != '$' {
		l.at++
		return true
	}
	tag := l.text[l.at : i+1]
	l.at = i
	return l.until(tag)
}

func (l *lexer) word() string {
	from := l.at
	for l.at < len(l.text) && (letter(l.text[l.at]) || digit(l.text[l.at]) || l.text[l.at] == '$') {
		l.at++
	}
	return strings.ToUpper(l.text[from:l.at])
}

func (l *lexer) number() {
	for l.at < len(l.text) && (digit(l.text[l.at]) || l.text[l.at] == '.') {
		l.at++
	}
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
