package rendition

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/charmap"

	"maillon/qms"
)

// Bounds of what is handed to LibreOffice. Markup shrinks to a tenth when it is packed, seldom to a
// fiftieth; deflate can reach a thousandth.
const (
	maxParts    = 10_000
	maxUnpacked = 1 << 30 // bytes of all parts together
	maxRatio    = 200     // unpacked to packed, of parts larger than
	ratioFrom   = 16 << 20
	maxText     = 16 << 20 // bytes of HTML, Markdown and plain text
)

// keep writes the file for the worker, no more than the bound.
func keep(path string, in io.Reader, bound int64) (int64, error) {
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(to, io.LimitReader(in, bound+1))
	if err = errors.Join(err, to.Close()); err != nil {
		return n, fmt.Errorf("prepare the conversion: %w", err)
	}
	if n > bound {
		return n, tooLarge(n, bound)
	}
	return n, nil
}

// readyArchive keeps an office file whose parts were counted and weighed first.
func readyArchive(path string, in io.Reader, o Options) error {
	size, err := keep(path, in, o.InputBytes)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	head := make([]byte, 8)
	if n, _ := file.ReadAt(head, 0); n == len(head) && bytes.Equal(head, oleMagic) {
		return qms.Invalid("rendition.office_encrypted") // so Office keeps what it encrypts
	}
	z, err := zip.NewReader(file, size)
	if err != nil {
		return wrapped("rendition.office_damaged", err)
	}
	return weighParts(z)
}

var oleMagic = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

func weighParts(z *zip.Reader) error {
	if len(z.File) > maxParts {
		return qms.Invalid("rendition.office_bomb")
	}
	var total uint64
	for _, part := range z.File {
		if part.Flags&1 != 0 {
			return qms.Invalid("rendition.office_encrypted")
		}
		total += min(part.UncompressedSize64, 2*maxUnpacked)
		if total > maxUnpacked || part.UncompressedSize64 > ratioFrom && part.UncompressedSize64/max(part.CompressedSize64, 1) > maxRatio {
			return qms.Invalid("rendition.office_bomb")
		}
	}
	return measureParts(z)
}

// measureParts unpacks to nowhere: what an archive says of its sizes may be a lie.
func measureParts(z *zip.Reader) error {
	left := int64(maxUnpacked)
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			return wrapped("rendition.office_damaged", err)
		}
		n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
		_ = r.Close()
		switch left -= n; {
		case left < 0:
			return qms.Invalid("rendition.office_bomb")
		case err != nil:
			return wrapped("rendition.office_damaged", err)
		}
		if part.Name == "META-INF/manifest.xml" {
			if err := sealed(part); err != nil {
				return err
			}
		}
	}
	return nil
}

// sealed refuses an OpenDocument whose parts are encrypted (OpenDocument 1.3, part 2, 3.4).
func sealed(manifest *zip.File) error {
	r, err := manifest.Open()
	if err != nil {
		return wrapped("rendition.office_damaged", err)
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, 4<<20))
	if err != nil {
		return wrapped("rendition.office_damaged", err)
	}
	if bytes.Contains(content, []byte("encryption-data")) {
		return qms.Invalid("rendition.office_encrypted")
	}
	return nil
}

// whole is the text of a file, bounded.
func whole(in io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(in, maxText+1))
	if err != nil {
		return nil, fmt.Errorf("read the original: %w", err)
	}
	if len(content) > maxText {
		return nil, tooLarge(int64(len(content)), maxText)
	}
	return content, nil
}

// pictures are the only ones that a page may bring: within itself.
var pictures = regexp.MustCompile(`^data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*$`)

// clean is HTML of which nothing runs and nothing is fetched.
func clean(dirty []byte) []byte {
	policy := bluemonday.NewPolicy()
	policy.AllowStandardAttributes()
	policy.AllowStandardURLs()
	policy.AllowAttrs("href").OnElements("a")
	policy.AllowLists()
	policy.AllowTables()
	policy.AllowElements("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span", "blockquote", "pre", "code", "kbd", "samp", "var",
		"b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "abbr", "cite", "q", "dfn", "address", "article",
		"section", "header", "footer", "main", "nav", "aside", "figure", "figcaption", "tt", "center", "a")
	policy.AllowAttrs("align").Matching(bluemonday.CellAlign).OnElements("p", "div", "h1", "h2", "h3", "td", "th", "tr")
	policy.AllowDataURIImages()
	policy.AllowAttrs("src").Matching(pictures).OnElements("img")
	policy.AllowAttrs("alt").OnElements("img")
	policy.AllowAttrs("width", "height").Matching(bluemonday.NumberOrPercent).OnElements("img")
	return policy.SanitizeBytes(dirty)
}

// style is how a text without a look of its own is set, with room for header and footer.
const style = `<style>
@page { size: 21cm 29.7cm; margin: 2.3cm 2cm 2.2cm 2.3cm }
body, p, li, td, th, h1, h2, h3, h4, h5, h6 { font-family: "Liberation Sans", "DejaVu Sans", sans-serif }
body, p, li, td, th { font-size: 10.5pt; line-height: 130% }
h1 { font-size: 18pt } h2 { font-size: 14pt } h3 { font-size: 12pt } h4, h5, h6 { font-size: 10.5pt }
pre, code { font-family: "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: 9pt }
table { border-collapse: collapse } td, th { border: 0.5pt solid #888888; padding: 2pt }
</style>`

// pageOf is a whole page around clean HTML.
func pageOf(content []byte) []byte {
	var page bytes.Buffer
	page.WriteString("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title></title>\n" + style + "</head><body>\n")
	page.Write(clean(content))
	page.WriteString("\n</body></html>\n")
	return page.Bytes()
}

func readyHTML(path string, in io.Reader, _ Options) error {
	content, err := whole(in)
	if err != nil {
		return err
	}
	encoding, _, _ := charset.DetermineEncoding(content, "text/html")
	if content, err = encoding.NewDecoder().Bytes(content); err != nil {
		return wrapped("rendition.office_damaged", err)
	}
	return os.WriteFile(path, pageOf(content), 0o600)
}

func readyMarkdown(path string, in io.Reader, _ Options) error {
	content, err := whole(in)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote)).Convert(utf8Of(content), &page); err != nil {
		return wrapped("rendition.office_damaged", err)
	}
	return os.WriteFile(path, pageOf(page.Bytes()), 0o600)
}

func readyPlain(path string, in io.Reader, _ Options) error {
	content, err := whole(in)
	if err != nil {
		return err
	}
	text := bytes.ReplaceAll(utf8Of(content), []byte("\r\n"), []byte("\n"))
	return os.WriteFile(path, bytes.ReplaceAll(text, []byte{0}, nil), 0o600)
}

// utf8Of is the text as UTF-8: what is not is taken for Windows-1252, as French offices write it.
func utf8Of(content []byte) []byte {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if utf8.Valid(content) {
		return content
	}
	if decoded, err := charmap.Windows1252.NewDecoder().Bytes(content); err == nil {
		return decoded
	}
	return bytes.ToValidUTF8(content, []byte("\uFFFD"))
}
