package text

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"maillon/qms"
)

// Format names what a file is by its usual extension.
type Format string

// The formats that can be read.
const (
	PDF      Format = "pdf"
	DOCX     Format = "docx"
	ODT      Format = "odt"
	XLSX     Format = "xlsx"
	ODS      Format = "ods"
	PPTX     Format = "pptx"
	ODP      Format = "odp"
	HTML     Format = "html"
	Markdown Format = "md"
	Plain    Format = "txt"
	CSV      Format = "csv"
)

// family is what the first bytes of a file tell.
type family string

const (
	pdfs     family = "application/pdf"
	archives family = "application/zip"
	words    family = "text/plain"
)

var formats = map[Format]struct {
	family family
	read   func(*file) error
}{
	PDF: {pdfs, readPDF}, DOCX: {archives, readDOCX}, XLSX: {archives, readXLSX}, PPTX: {archives, readPPTX},
	ODT: {archives, readODF}, ODS: {archives, readODF}, ODP: {archives, readODF},
	HTML: {words, readHTML}, Markdown: {words, readMarkdown}, Plain: {words, readPlain}, CSV: {words, readPlain},
}

// extensions are those of formats and of their templates and macro-enabled siblings.
var extensions = map[string]Format{
	".pdf": PDF, ".docx": DOCX, ".docm": DOCX, ".dotx": DOCX, ".odt": ODT, ".ott": ODT,
	".xlsx": XLSX, ".xlsm": XLSX, ".xltx": XLSX, ".ods": ODS, ".ots": ODS,
	".pptx": PPTX, ".pptm": PPTX, ".ppsx": PPTX, ".odp": ODP, ".otp": ODP,
	".html": HTML, ".htm": HTML, ".xhtml": HTML, ".md": Markdown, ".markdown": Markdown,
	".txt": Plain, ".text": Plain, ".csv": CSV,
}

// formatOf is what the name says that the file is.
func formatOf(name string) (Format, error) {
	format, known := extensions[strings.ToLower(path.Ext(name))]
	if !known {
		return "", qms.Invalid("file.unsupported", name)
	}
	return format, nil
}

// checkLabel compares the family of the content with that of the name; what kind of archive it is,
// is compared when it is opened.
func (f *file) checkLabel() error {
	head := make([]byte, min(f.size, 3072))
	if _, err := f.r.ReadAt(head, 0); err != nil && err != io.EOF {
		return fmt.Errorf("read the beginning: %w", err)
	}
	found := mimetype.Detect(head)
	want := formats[f.format].family
	for kind := found; kind != nil; kind = kind.Parent() {
		if kind.Is(string(want)) {
			return nil
		}
	}
	switch {
	case want == archives && bytes.HasPrefix(head, oleMagic):
		return f.checkEncryptedPackage(found.String())
	case found.Is("application/octet-stream"):
		return errDamaged
	}
	return f.mislabelled(found.String())
}

func (f *file) mislabelled(found string) error {
	found, _, _ = strings.Cut(found, ";")
	return qms.Invalid("file.mislabelled", f.name, string(f.format), found)
}

// oleMagic begins the files of Office before 2007, and what Office encrypts to this day.
var oleMagic = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// encryptedPackage is the name of the stream that holds an encrypted document (MS-OFFCRYPTO 2.3.4).
var encryptedPackage = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")

func (f *file) checkEncryptedPackage(found string) error {
	encrypted, err := f.contains(encryptedPackage)
	switch {
	case err != nil:
		return err
	case encrypted:
		return errEncrypted
	}
	return f.mislabelled(found)
}

// contains looks for a mark in the whole file, a block at a time.
func (f *file) contains(mark []byte) (bool, error) {
	block := make([]byte, 1<<20)
	for at := int64(0); at < f.size; at += int64(len(block) - len(mark) + 1) {
		if f.late() {
			return false, errStop
		}
		n, err := f.r.ReadAt(block, at)
		if bytes.Contains(block[:n], mark) {
			return true, nil
		}
		if err != nil && err != io.EOF {
			return false, err
		}
		if n < len(block) {
			break
		}
	}
	return false, nil
}
