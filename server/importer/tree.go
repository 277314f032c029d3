package importer

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"maillon/qms"
)

// Aside is a file of a folder that is not taken over, and why.
type Aside struct {
	Path string
	Key  string
}

// maxFiles is how many files a folder may hold.
const maxFiles = 50_000

// walk lists the documents of a tree in the order of their paths. Links are not followed: what they
// lead to may be outside. Hidden and temporary files are left aside, and what the rules say.
func walk(ctx context.Context, tree fs.FS, rules *Rules) (files []string, aside []Aside, err error) {
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case name == ".":
			return nil
		case len(files)+len(aside) >= maxFiles:
			return qms.Invalid("import.too_many_files", maxFiles)
		case entry.IsDir():
			if isHidden(entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case !utf8.ValidString(name):
			aside = append(aside, Aside{strings.ToValidUTF8(name, "\ufffd"), "import.aside.name"})
		case isHidden(entry.Name()):
			aside = append(aside, Aside{name, "import.aside.hidden"})
		case entry.Type()&fs.ModeSymlink != 0:
			aside = append(aside, Aside{name, "import.aside.link"})
		case !entry.Type().IsRegular():
			aside = append(aside, Aside{name, "import.aside.special"})
		case rules.isAside(name):
			aside = append(aside, Aside{name, "import.aside.rule"})
		default:
			files = append(files, name)
		}
		return nil
	})
	return files, aside, err
}

// isHidden reports whether a name is that of a hidden or temporary file, or of what systems leave behind.
func isHidden(name string) bool {
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, "."), strings.HasPrefix(name, "~$"), strings.HasSuffix(name, "~"):
		return true
	case lower == "thumbs.db", lower == "desktop.ini", lower == "__macosx":
		return true
	}
	switch path.Ext(lower) {
	case ".tmp", ".temp", ".bak", ".swp", ".crdownload", ".part", ".lnk":
		return true
	}
	return false
}
