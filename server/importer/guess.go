package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"maillon/documents"
	"maillon/documents/text"
	"maillon/qms"
)

// Rules say what a file is by its name and its folders. They are data: a platform that names its
// files otherwise brings its own.
type Rules struct {
	Kinds     []KindRule    `json:"kinds"`     // the first that fits the name, else the title
	Otherwise string        `json:"otherwise"` // kind of a file that none fits
	Processes []ProcessRule `json:"processes"` // for the innermost folder that one fits
	General   string        `json:"general"`   // process of a file in no folder
	Aside     []string      `json:"aside"`     // whole names of files that are no documents: a licence, a readme
	Acronyms  []string      `json:"acronyms"`  // words that a title made from a name writes in capitals
	Old       []string      `json:"old"`       // whole names of folders that hold old versions
}

// KindRule gives a kind to files in whose name one of the words, or groups of words, stands.
type KindRule struct {
	Kind  string   `json:"kind"`
	Words []string `json:"words"`
}

// ProcessRule gives a process to a folder whose name is one of the words, or groups of words.
type ProcessRule struct {
	Process string   `json:"process"`
	Words   []string `json:"words"`
}

var defaultRules = sync.OnceValue(func() *Rules {
	text, err := tables.ReadFile("rules.json")
	if err != nil {
		panic(err)
	}
	r, err := ParseRules(text)
	if err != nil {
		panic(err) // embedded at build: a programmer's fault
	}
	return r
})

// DefaultRules are the rules that hold when a platform brings none.
func DefaultRules() *Rules { return defaultRules() }

var ruleCode = regexp.MustCompile(`^[A-Z0-9]{1,12}$`)

// ParseRules reads rules as JSON, in the form of rules.json. It is qms.Invalid("import.rules_malformed")
// when they are none.
func ParseRules(text []byte) (*Rules, error) {
	r := &Rules{}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(r); err != nil {
		return nil, qms.Invalid("import.rules_malformed", err.Error())
	}
	codes := []string{r.Otherwise, r.General}
	for i, k := range r.Kinds {
		codes = append(codes, k.Kind)
		spell(r.Kinds[i].Words)
	}
	for i, p := range r.Processes {
		codes = append(codes, p.Process)
		spell(r.Processes[i].Words)
	}
	for _, code := range codes {
		if !ruleCode.MatchString(code) {
			return nil, qms.Invalid("import.rules_malformed", "\""+code+"\"")
		}
	}
	spell(r.Aside)
	spell(r.Acronyms)
	spell(r.Old)
	return r, nil
}

// LoadRules reads the rules of a site, DefaultRules when it has no such file.
func LoadRules(path string) (*Rules, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return DefaultRules(), nil
	case err != nil:
		return nil, err
	}
	r, err := ParseRules(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

func spell(words []string) {
	for i, w := range words {
		words[i] = spelled(w)
	}
}

// spelled is a name as words: small, without accents, one space between them.
func spelled(s string) string {
	return strings.Join(strings.FieldsFunc(fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// stem is the name of a file without folders and extension.
func stem(file string) string {
	base := path.Base(file)
	if s := strings.TrimSuffix(base, path.Ext(base)); s != "" {
		return s
	}
	return base
}

// isAside reports whether the file is none of the platform's documents.
func (r *Rules) isAside(file string) bool { return slices.Contains(r.Aside, spelled(stem(file))) }

// kind guesses what a file is.
func (r *Rules) kind(file, title string) string {
	for _, name := range []string{spelled(stem(file)), spelled(title)} {
		for _, rule := range r.Kinds {
			for _, w := range rule.Words {
				if holds(name, w) {
					return rule.Kind
				}
			}
		}
	}
	return r.Otherwise
}

// holds reports whether the words stand in the name, as whole words.
func holds(name, words string) bool { return strings.Contains(" "+name+" ", " "+words+" ") }

// process guesses the process from the folders, the innermost first.
func (r *Rules) process(file string) string {
	folders := strings.Split(path.Dir(file), "/")
	slices.Reverse(folders)
	if folders[0] == "." {
		return r.General
	}
	for _, folder := range folders {
		if r.oldFolder(folder) {
			continue
		}
		for _, rule := range r.Processes {
			if slices.Contains(rule.Words, spelled(folder)) {
				return rule.Process
			}
		}
		if code := short(folder); code != "" {
			return code
		}
	}
	return r.General
}

// short makes a code from the name of a folder: a short word as it is, the initials of several, the
// beginning of a long one.
func short(folder string) string {
	var parts []string
	for _, w := range strings.Fields(spelled(folder)) {
		if !small[w] && w != "and" && w != "et" && ruleCode.MatchString(strings.ToUpper(w)) {
			parts = append(parts, strings.ToUpper(w))
		}
	}
	switch {
	case len(parts) == 0:
		return ""
	case len(parts) == 1 && len(parts[0]) <= 5:
		return parts[0]
	case len(parts) == 1:
		return parts[0][:4]
	}
	code := ""
	for _, w := range parts[:min(len(parts), 6)] {
		code += w[:1]
	}
	return code
}

// blanks are the places of a template that wait to be filled in: <Product Name>, [enter date].
var blanks = regexp.MustCompile(`\\?<[^<>]{1,60}>|\[[^\[\]]{1,60}\]|\((?i:enter|insert|saisir|à compléter)[^()]{1,60}\)`)

// marks are what a name still says beside the title: a code before it.
var marks = regexp.MustCompile(`^[A-Z]{2,4}[-_ ][A-Z0-9]{2,12}[-_ ]\d{2,5}\b`)

// edges are what a title does not begin or end with.
const edges = " \t-–—:;,./|\\"

// title is the document's own first heading without its blanks, else the name of the file as words.
func (r *Rules) title(file string, f documents.File) string {
	title := strings.Trim(strings.Join(strings.Fields(blanks.ReplaceAllString(f.Text.Title, " ")), " "), edges)
	if strings.IndexFunc(title, unicode.IsLetter) >= 0 {
		return title
	}
	if title := firstLine(f.Text); title != "" {
		return title
	}
	words := strings.FieldsFunc(marks.ReplaceAllString(readName(file).rest, " "), func(c rune) bool { return c == '-' || c == '_' || unicode.IsSpace(c) })
	if len(words) == 0 {
		return stem(file)
	}
	if written := inText(words, f.Text.Body); written != "" {
		return written
	}
	english := isEnglish(f.Text.Body)
	for i, w := range words {
		switch {
		case slices.Contains(r.Acronyms, spelled(w)):
			words[i] = strings.ToUpper(w)
		case i == 0 || english && !minor[w]:
			letters := []rune(w)
			letters[0] = unicode.ToUpper(letters[0])
			words[i] = string(letters)
		}
	}
	return strings.Join(words, " ")
}

// minor are the words that English titles leave small.
var minor = map[string]bool{"a": true, "an": true, "and": true, "at": true, "by": true, "for": true, "from": true, "in": true,
	"of": true, "on": true, "or": true, "the": true, "to": true, "with": true}

// isEnglish tells by the commonest word; English titles are written in capitals, French ones are not.
func isEnglish(body string) bool {
	s := strings.ToLower(body[:min(len(body), 1<<16)])
	return strings.Count(s, " the ") > strings.Count(s, " de ")
}

// firstLine is that of a plain text, which has no headings, when it can be a title.
func firstLine(t text.Text) string {
	if t.Format != text.Plain {
		return ""
	}
	line, _, _ := strings.Cut(strings.TrimSpace(t.Body), "\n")
	line = clean(line)
	if len(line) > 120 || strings.HasSuffix(line, ".") || strings.Count(line, " ") > 14 || strings.IndexFunc(line, unicode.IsLetter) < 0 {
		return ""
	}
	return line
}

// inText is how the text itself writes the words, when it does with a capital.
func inText(words []string, body string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = regexp.QuoteMeta(w)
	}
	phrase, err := regexp.Compile(`(?i)\b` + strings.Join(quoted, `[ \x{a0}-]`) + `\b`)
	if err != nil || len(words) < 2 {
		return ""
	}
	for _, found := range phrase.FindAllString(body[:min(len(body), 1<<16)], 20) {
		if first := []rune(found)[0]; unicode.IsUpper(first) {
			return found
		}
	}
	return ""
}
