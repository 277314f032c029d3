package archive

import (
	"slices"
	"strings"

	"maillon/qms/locale"
	"maillon/qms/trail"
)

// readmeColumns is the length of a line of README.txt, as terminals and simple editors show it.
const readmeColumns = 96

// readme says in both languages, that of the pack first, what is in the archive, how to
// verify it, and what another verifier must know.
func readme(c *Contents, key trail.Key) ([]byte, error) {
	v, err := trail.ParseVerifier(key.Verifier())
	if err != nil {
		return nil, err
	}
	languages := []string{c.Language}
	for _, l := range locale.Languages() {
		if l != c.Language {
			languages = append(languages, l)
		}
	}
	var parts []string
	for _, l := range languages {
		parts = append(parts, readmeIn(locale.For(l), c, v))
	}
	return []byte(strings.Join(parts, "\n"+strings.Repeat("-", 72)+"\n\n")), nil
}

func readmeIn(say *locale.Printer, c *Contents, v trail.Verifier) string {
	var b strings.Builder
	put := func(lines ...string) {
		for _, l := range lines {
			b.WriteString(l)
			b.WriteByte('\n')
		}
	}
	put(say.T("pack.title")+" "+c.Number, c.Platform.Name+" ("+c.Platform.Code+")",
		say.T("pack.as_of_long", say.LongDate(c.AsOf)), "")
	put(say.T("pack.readme.files"), "")
	for _, name := range fixedNames() {
		put("  " + name + strings.Repeat(" ", 16-len(name)) + say.T("pack.readme."+name))
	}
	for _, folder := range Folders() {
		if slices.ContainsFunc(c.Files, func(f File) bool { return folderOf(f.Entry) == folder }) {
			put("  " + string(folder) + strings.Repeat(" ", 16-len(folder)) + say.T("pack.readme."+strings.TrimSuffix(string(folder), "/")+"_folder"))
		}
	}
	put("", wrapped(howTo(c, say.Lang()), readmeColumns))
	put(say.T("pack.readme.compare"), "",
		"  "+say.T("pack.readme.key"), "  "+v.Fingerprint(), "",
		"  "+say.T("pack.readme.checkpoint"), "  "+c.Checkpoint.Fingerprint(), "")
	return b.String() + wrapped(textIn("format", say.Lang()), readmeColumns)
}

// howTo is how to verify, with the names of this pack and of the one before it.
func howTo(c *Contents, lang string) string {
	older := exampleOlder
	if len(c.Earlier) > 0 {
		older = c.Earlier[0].Number + ".zip"
	}
	return strings.NewReplacer(examplePack, c.Number+".zip", exampleOlder, older).Replace(textIn("howto", lang))
}
