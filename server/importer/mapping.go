package importer

import (
	"context"
	"path"
	"strings"

	"maillon/documents"
	"maillon/qms"
)

// mapped is one line of a mapping: what is known better of a file than can be guessed. Empty fields
// are guessed all the same.
type mapped struct {
	Path    string
	Code    string
	Kind    string
	Process string
	Title   string
	Version string
	From    qms.Date
	row     int
}

// readMapping reads one line of a mapping.
func readMapping(l *line) {
	m := mapped{Path: treePath(l.needed("path", "import.expected.path")), Code: l.code("code"), Kind: kindCode(l.text("kind")),
		Process: readCode(l.text("process")), Title: l.words("title"), From: l.date("from"), row: l.row}
	if version := l.text("version"); version != "" {
		var key string
		if m.Version, key = readVersion(version); key != "" {
			l.wrong("version", key, "import.expected.version")
		}
	}
	if l.keep(mappingKind, "path", m.Path) {
		l.sheet.into.mapping = append(l.sheet.into.mapping, m)
	}
}

// treePath is a path of the mapping as the tree writes it: slashes, no way out and back.
func treePath(s string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(s, "\\", "/")), "/")
}

// kindCode is the code of a kind that is given by its code or by its name in either language.
func kindCode(s string) string {
	name := spelled(s)
	for _, k := range documents.DefaultKinds() {
		if name == spelled(k.French) || name == spelled(k.English) {
			return k.Code
		}
	}
	return readCode(s)
}

// mappingOf reads the mapping of a folder, by path. What is wrong with it is in the Registers.
func mappingOf(ctx context.Context, f File) (map[string]mapped, *Registers, error) {
	r := &reading{ctx: ctx, into: newRegisters(), form: recogniseMapping,
		options: ReadOptions{Earliest: qms.MustDate("1990-01-01"), Latest: qms.MustDate("2100-12-31")}}
	if err := r.file(f); err != nil {
		return nil, nil, err
	}
	if !r.into.recognised() && r.into.Wrong == 0 {
		r.into.report(Problem{Sheet: f.Name, Key: "import.mapping_headings"}, true)
	}
	byPath := make(map[string]mapped, len(r.into.mapping))
	for _, m := range r.into.mapping {
		byPath[m.Path] = m
	}
	return byPath, r.into, nil
}
