package archive

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"maillon/qms"
)

// The entries that every pack has, in this order; the files follow.
const (
	manifestName   = "manifest.json"
	signatureName  = "manifest.sig"
	checkpointName = "checkpoint.txt"
	keyName        = "key.txt"
	readmeName     = "README.txt"
	pdfName        = "pack.pdf"
	factsName      = "facts.jsonl"
	folder         = "files/"
)

func fixedNames() []string {
	return []string{manifestName, signatureName, checkpointName, keyName, readmeName, pdfName, factsName}
}

// maxName is the longest name of a file in the folder, in bytes: what file systems take.
const maxName = 200

// tidy makes a name that no file system takes for anything but a name: no path, no control or
// reserved character, no leading dot, no trailing dot or space. It changes nothing of a tidy name.
func tidy(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(name, "_"))
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"/\|?*`, r), unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError,
			unicode.IsSpace(r) && r != ' ':
			return '_'
		}
		return r
	}, name)
	name = strings.TrimLeft(name, ". ")
	if len(name) > maxName {
		ext := path.Ext(name)
		if len(ext) > 16 {
			ext = ""
		}
		stem := name[:maxName-len(ext)]
		for !utf8.ValidString(stem) {
			stem = stem[:len(stem)-1]
		}
		name = stem + ext
	}
	name = strings.TrimRight(name, ". ")
	if name == "" {
		return "_"
	}
	return norm.NFC.String(name)
}

// fileName names the file of a version in the pack, unlike any in taken whatever the case.
func fileName(f File, taken map[string]bool) string {
	original := f.Name
	if cut := strings.LastIndexAny(original, `/\`); cut >= 0 {
		original = original[cut+1:]
	}
	if label := f.label(); label != "" {
		original = label + "_" + original
	}
	name := tidy(original)
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	if len(ext) > 16 {
		stem, ext = name, ""
	}
	for room := maxName - len(ext) - len("_999999"); len(stem) > room || !utf8.ValidString(stem); {
		stem = stem[:len(stem)-1]
	}
	for n := 2; taken[fold(name)]; n++ {
		name = tidy(stem + "_" + strconv.Itoa(n) + ext)
	}
	taken[fold(name)] = true
	if f.Folder == "" {
		f.Folder = Originals
	}
	return string(f.Folder) + name
}

// fold is the same for names that some file system takes for one.
func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// acceptable reports whether the name of an entry is one that fileName makes.
func acceptable(name string) bool {
	in := folderOf(name)
	inFolder := strings.TrimPrefix(name, string(in))
	return in != "" && inFolder != "" && tidy(inFolder) == inFolder
}

// checkNames holds the names to those that a pack may have.
func checkNames(entries []entry) []*qms.Error {
	var wrong []*qms.Error
	seen := map[string]bool{}
	for _, e := range entries {
		if folded := fold(e.name); seen[folded] {
			wrong = append(wrong, qms.Invalid("pack.file_doubled", e.name))
		} else {
			seen[folded] = true
		}
		if !slices.Contains(fixedNames(), e.name) && !acceptable(e.name) {
			wrong = append(wrong, qms.Invalid("pack.name_refused", e.name))
		}
	}
	return wrong
}

// missing is what every pack has and this one has not.
func missing(entries []entry) []*qms.Error {
	var wrong []*qms.Error
	for _, name := range fixedNames() {
		if !slices.ContainsFunc(entries, func(e entry) bool { return e.name == name }) {
			wrong = append(wrong, qms.Invalid("pack.file_missing", name))
		}
	}
	return wrong
}
