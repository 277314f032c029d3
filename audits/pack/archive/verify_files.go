package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
	"io"
	"slices"

	"maillon/qms"
)

// judged is a file of the folder as it was read.
type judged struct {
	entry
	digest string
	same   bool // as the manifest states it
}

// files holds every entry to the manifest: names, order, sizes, digests, checksums and times.
func (e *examination) files() error {
	if e.stated == nil {
		e.unchecked(KindFile, "", "verify.files_without_manifest")
		return nil
	}
	listed := e.listed()
	if e.pack.stamp != stampOf(e.stated.GeneratedAt) {
		e.wrong(KindArchive, "", qms.Invalid("pack.layout_altered", int64(10))) // where the first header keeps it
	}
	e.named = map[string]bool{}
	for _, entry := range e.pack.entries {
		if err := e.file(entry, listed); err != nil {
			return err
		}
	}
	return nil
}

// file reads one entry through.
func (e *examination) file(entry entry, listed map[string]fileLine) error {
	line, ok := listed[entry.name]
	unlisted := entry.name == manifestName || entry.name == signatureName
	if !ok && !unlisted {
		e.wrong(KindFile, entry.name, qms.Invalid("pack.file_extra", entry.name))
		return nil
	}
	digest, crc := sha256.New(), crc32.NewIEEE()
	if _, err := io.Copy(io.MultiWriter(digest, crc), e.pack.section(entry)); err != nil {
		return err
	}
	sum, whole := hex.EncodeToString(digest.Sum(nil)), crc.Sum32() == entry.crc
	switch {
	case unlisted && !whole && e.bound: // its signature holds: it is the ZIP that states another checksum
		e.wrong(KindArchive, "", qms.Invalid("pack.checksum_altered", entry.name))
	case unlisted: // what is wrong with it was said
	case folderOf(entry.name).Proved():
		e.read = append(e.read, judged{entry, sum, whole && sum == line.SHA256 && entry.size == line.Size})
		e.named[sum] = false
	default:
		e.judge(entry, whole && sum == line.SHA256 && entry.size == line.Size, "verify.file_sound")
	}
	return nil
}

// judge notes what was found of a file that the manifest lists.
func (e *examination) judge(entry entry, same bool, key string) {
	switch {
	case !same:
		e.wrong(KindFile, entry.name, qms.Invalid("pack.file_altered", entry.name))
	case !e.bound:
		e.unchecked(KindFile, entry.name, "verify.file_unsigned")
	default:
		e.sound(KindFile, entry.name, key)
	}
}

// folder says of each file of the folder whether it is the one that the manifest and a proven fact name.
func (e *examination) folder() error {
	for _, f := range e.read {
		if f.same && e.head != nil && !e.named[f.digest] {
			e.wrong(KindFile, f.name, qms.Invalid("pack.file_unproved", f.name))
			continue
		}
		e.judge(f.entry, f.same, "verify.file_named")
		if folderOf(f.name) == Originals {
			e.Files++
		}
	}
	return nil
}

// sections says of each section of the PDF what the PDF as a whole comes to: it binds them.
func (e *examination) sections() error {
	if e.stated == nil {
		return nil
	}
	sound := slices.ContainsFunc(e.Lines, func(l Line) bool { return l.Kind == KindFile && l.Name == pdfName && l.Verdict == Sound })
	for _, s := range e.stated.Sections {
		switch {
		case sound && s.First == s.Last:
			e.sound(KindSection, s.Title, "verify.section_page", s.First, s.Facts)
		case sound:
			e.sound(KindSection, s.Title, "verify.section_sound", s.First, s.Last, s.Facts)
		default:
			e.unchecked(KindSection, s.Title, "verify.section_unchecked", s.First, s.Last)
		}
	}
	return nil
}

// listed is what the manifest names, once each. What it names twice, and what is missing or stands in
// another place, is noted.
func (e *examination) listed() map[string]fileLine {
	there := map[string]bool{}
	for _, entry := range e.pack.entries {
		there[entry.name] = true
	}
	listed, order := map[string]fileLine{}, []string{manifestName, signatureName}
	for _, f := range e.stated.Files {
		_, twice := listed[f.Name]
		switch {
		case twice:
			e.wrong(KindManifest, manifestName, qms.Invalid("pack.file_doubled", f.Name))
		case !there[f.Name] && slices.Contains(fixedNames(), f.Name): // noted with the names
		case !there[f.Name]:
			e.wrong(KindFile, f.Name, qms.Invalid("pack.file_missing", f.Name))
		default:
			order = append(order, f.Name)
		}
		listed[f.Name] = f
	}
	e.order(listed, order)
	return listed
}

// order holds the entries that the manifest lists to its order.
func (e *examination) order(listed map[string]fileLine, order []string) {
	at := 0
	for _, entry := range e.pack.entries {
		if _, ok := listed[entry.name]; !ok && at >= 2 {
			continue // a file too many, see file
		}
		if at < len(order) && order[at] != entry.name {
			e.wrong(KindArchive, "", qms.Invalid("pack.order_altered", order[at], entry.name))
			return
		}
		at++
	}
}
