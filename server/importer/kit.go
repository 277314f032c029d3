package importer

import (
	"context"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"maillon/documents"
	"maillon/qms"
)

// TemplateFile is a file of a folder that is to become a template of the kit, and what can be told of it
// before it is read.
type TemplateFile struct {
	Path string
	documents.AddTemplate
}

// templateCode is a code at the beginning of a file's name: letters, then parts that end in a number.
var templateCode = regexp.MustCompile(`^([A-Za-z]{1,12}(?:[-_.][A-Za-z0-9]{1,12})*[-_.]?[0-9]{1,6})(?:[ _.-]|$)`)

// TemplateFiles lists the templates of a folder, by path: code, kind and process as the name says them,
// the sub-folder as the theme; a mapping, nil for none, has the last word. What is wrong with the mapping
// is told and counted.
func TemplateFiles(ctx context.Context, tree fs.FS, mapping *File, language string) (files []TemplateFile, problems []Problem, err error) {
	rules := DefaultRules()
	names, _, err := walk(ctx, tree, rules)
	if err != nil {
		return nil, nil, err
	}
	var known map[string]mapped
	if mapping != nil {
		var read *Registers
		if known, read, err = mappingOf(ctx, *mapping); err != nil {
			return nil, nil, err
		}
		problems = read.Problems
	}
	for _, name := range names {
		if mapping != nil && path.Base(name) == mapping.Name {
			continue // it lies among the templates
		}
		f := TemplateFile{Path: name, AddTemplate: documents.AddTemplate{Language: language, Theme: theme(name)}}
		stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
		if m := templateCode.FindStringSubmatch(stem); m != nil {
			f.Code = m[1]
			stem = strings.TrimLeft(stem[len(m[1]):], " _.-")
		}
		m := known[name]
		delete(known, name)
		title := or(m.Title, strings.TrimSpace(strings.ReplaceAll(stem, "_", " ")))
		f.Code, f.Number = or(m.Code, f.Code), m.Version
		f.Kind, f.Process = kindOf(rules, m, f.Code, name, title), or(m.Process, part(f.Code, 1))
		if f.French = title; language == "en" {
			f.French, f.English = "", title
		}
		files = append(files, f)
	}
	for name, m := range known {
		problems = append(problems, Problem{Sheet: mapping.Name, Row: m.row, Found: name, Key: "import.mapping_unknown_file", Args: []any{name}})
	}
	if len(files) == 0 {
		problems = append(problems, Problem{Key: "import.no_documents"})
	}
	return files, problems, nil
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// theme is the folder that the file lies in.
func theme(name string) string {
	if dir := path.Dir(name); dir != "." {
		return strings.ReplaceAll(path.Base(dir), "_", " ")
	}
	return ""
}

// kindOf is the kind of the document that a template becomes: as the mapping says, as the code begins, or
// as the rules guess from the name.
func kindOf(rules *Rules, m mapped, code, name, title string) string {
	if m.Kind != "" {
		return m.Kind
	}
	first := part(code, 0)
	for _, k := range documents.DefaultKinds() {
		if first == k.Code {
			return first
		}
	}
	return rules.kind(name, title)
}

// part is a part of a code that holds letters; the last one, its number, is none.
func part(code string, n int) string {
	parts := strings.FieldsFunc(strings.ToUpper(code), func(r rune) bool { return strings.ContainsRune("-_. ", r) })
	if n >= len(parts)-1 || strings.ContainsAny(parts[n], "0123456789") {
		return ""
	}
	return parts[n]
}

// Read opens the file and hands it to receive, which reads it to its end.
func (f *TemplateFile) Read(ctx context.Context, tree fs.FS, receive func(ctx context.Context, name string, r fs.File) (documents.File, error)) error {
	open, err := tree.Open(f.Path)
	if err != nil {
		return qms.Invalid("file.damaged", f.Path)
	}
	defer open.Close()
	file, err := receive(ctx, path.Base(f.Path), open)
	if err == nil {
		f.File = &file
	}
	return err
}
