package text

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Bounds of an archive. Office files hold tens of parts, pictures included, and their markup shrinks
// to a tenth, seldom to a fiftieth; deflate can reach a thousandth.
const (
	maxEntries  = 10_000
	maxInflated = 4 << 30  // bytes of all parts together
	maxRatio    = 200      // inflated to packed, of parts larger than
	ratioFrom   = 16 << 20 // bytes
	maxSmall    = 4 << 20  // bytes of a part that only describes others
)

// archive is an office file whose parts were counted and weighed before any was opened.
type archive struct {
	*file
	parts map[string]*zip.File
}

func (f *file) openArchive() (*archive, error) {
	z, err := zip.NewReader(f.r, f.size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if len(z.File) > maxEntries {
		return nil, errBomb
	}
	a := &archive{file: f, parts: make(map[string]*zip.File, len(z.File))}
	var inflated uint64
	for _, part := range z.File {
		if part.Flags&1 != 0 {
			return nil, errEncrypted
		}
		inflated += part.UncompressedSize64
		swells := part.UncompressedSize64 > ratioFrom && part.UncompressedSize64/max(part.CompressedSize64, 1) > maxRatio
		if swells || part.UncompressedSize64 > maxInflated || inflated > maxInflated {
			return nil, errBomb
		}
		a.parts[strings.TrimPrefix(part.Name, "/")] = part
	}
	if found := a.kind(); found != string(f.format) {
		return nil, f.mislabelled(found)
	}
	return a, nil
}

// kind is the format that the parts make, "zip" for any other archive.
func (a *archive) kind() string {
	for part, format := range map[string]Format{
		"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX,
	} {
		if a.parts[part] != nil {
			return string(format)
		}
	}
	label, err := a.small("mimetype")
	if kind, ok := strings.CutPrefix(strings.TrimSpace(string(label)), "application/vnd.oasis.opendocument."); ok && err == nil {
		switch strings.TrimSuffix(kind, "-template") {
		case "text":
			return string(ODT)
		case "spreadsheet":
			return string(ODS)
		case "presentation":
			return string(ODP)
		}
	}
	return "zip"
}

// small is the whole of a part that describes others; nothing when there is none.
func (a *archive) small(name string) ([]byte, error) {
	part := a.parts[name]
	if part == nil {
		return nil, nil
	}
	r, err := part.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, maxSmall+1))
	if err == nil && len(content) > maxSmall {
		err = errBomb
	}
	return content, err
}

// markup walks through the XML of a part; a part that is not there says nothing.
func (a *archive) markup(name string, visit visitor) error {
	part := a.parts[name]
	if part == nil {
		return nil
	}
	r, err := part.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	defer r.Close()
	return a.walk(r, visit)
}

// matching are the names of parts that fit the pattern, in the order of their numbers.
func (a *archive) matching(pattern string) []string {
	var names []string
	for name := range a.parts {
		if fits, _ := path.Match(pattern, name); fits {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(x, y string) int {
		if len(x) != len(y) { // slide2 before slide10
			return len(x) - len(y)
		}
		return strings.Compare(x, y)
	})
	return names
}
