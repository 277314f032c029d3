package rendition

import (
	"path"
	"strings"
	"unicode/utf8"

	"github.com/jung-kurt/gofpdf"

	"maillon/documents/rendition/typeface"
)

// register makes the logo known to the document.
func (s *sheet) register() {
	if plain, ok := typeface.PlainPicture(s.c.Logo); ok {
		s.PDF.RegisterImageOptionsReader("logo", gofpdf.ImageOptions{ImageType: "png"}, plain)
	}
}

// logo prints the logo as large as the room allows and tells how large it is; nothing without one.
func (s *sheet) logo(x, y, maxWidth, maxHeight float64) (w, h float64) {
	info := s.PDF.GetImageInfo("logo")
	if info == nil || info.Width() <= 0 || info.Height() <= 0 {
		return 0, 0
	}
	ratio := min(maxWidth/info.Width(), maxHeight/info.Height())
	w, h = info.Width()*ratio, info.Height()*ratio
	s.PDF.ImageOptions("logo", x, y, w, h, false, gofpdf.ImageOptions{ImageType: "png"}, 0, "")
	return w, h
}

// code prints the address of the version's status as a QR code (ISO/IEC 18004) with that side, sharp
// at any size; nothing without an address, or when it is longer than such a code can hold.
func (s *sheet) code(x, y, side float64) bool { return s.Code(s.c.Status, x, y, side) }

// fileName is the last part of a path as any system writes it, without what a name may not have, so
// that it can be shown and attached.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 || r == utf8.RuneError || strings.ContainsRune(`/\:*?"<>|`, r) ||
			r >= '\u200B' && r <= '\u200F' || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.TrimSpace(name), ".")
	for len(name) > 180 {
		_, last := utf8.DecodeLastRuneInString(strings.TrimSuffix(name, path.Ext(name)))
		cut := len(name) - len(path.Ext(name)) - last
		if last == 0 || len(path.Ext(name)) > 20 {
			name = strings.ToValidUTF8(name[:180], "")
			break
		}
		name = name[:cut] + path.Ext(name)
	}
	if name == "" {
		return "original"
	}
	return name
}
