package archive

import (
	"crypto/sha256"
	"hash"
	"hash/crc32"
	"strings"
)

// Folder is a folder of the archive, with the slash at its end; pack.readme.FOLDER says what is in it.
type Folder string

// The folders, in the order in which README.txt names them.
const (
	Originals  Folder = folder        // of the versions in force, as they were given
	Renditions Folder = "renditions/" // of the versions in force, with cover and marks
	Evidence   Folder = "evidence/"   // of records that are shown
	Registers  Folder = "registers/"  // as workbook and as CSV
	Keys       Folder = "keys/"       // keys of the site that signed before
)

// Folders lists them all.
func Folders() []Folder { return []Folder{Originals, Renditions, Evidence, Registers, Keys} }

// Proved reports whether a fact in the trail must name each file of the folder. The others are bound by
// the signed manifest alone.
func (f Folder) Proved() bool { return f == Originals || f == Renditions || f == Evidence }

// folderOf is the folder of an entry; empty when it is in none.
func folderOf(name string) Folder {
	for _, f := range Folders() {
		if strings.HasPrefix(name, string(f)) {
			return f
		}
	}
	return ""
}

// NameFiles gives each file its name in the archive, unlike any other. The PDF may tell it then.
func NameFiles(files []File) {
	taken := map[string]bool{}
	for i := range files {
		files[i].Entry = fileName(files[i], taken)
	}
}

// label is the beginning of a file's name: what it is of.
func (f File) label() string {
	var parts []string
	if f.Code != "" {
		parts = append(parts, f.Code)
	}
	if f.Version != "" {
		parts = append(parts, "v"+f.Version)
	}
	if f.Record != "" {
		parts = append(parts, f.Record)
	}
	return strings.Join(parts, "_")
}

// Measured is what the headers and the manifest need to know of a content.
type Measured struct {
	Size   int64
	CRC    uint32
	SHA256 [sha256.Size]byte
}

// Meter measures what is written to it.
type Meter struct {
	size   int64
	crc    hash.Hash32
	digest hash.Hash
}

// NewMeter makes a meter.
func NewMeter() *Meter { return &Meter{crc: crc32.NewIEEE(), digest: sha256.New()} }

// Write takes the bytes; it cannot fail.
func (m *Meter) Write(p []byte) (int, error) {
	m.size += int64(len(p))
	m.crc.Write(p)
	return m.digest.Write(p)
}

// Measured is what was measured until now.
func (m *Meter) Measured() *Measured {
	out := &Measured{Size: m.size, CRC: m.crc.Sum32()}
	m.digest.Sum(out.SHA256[:0])
	return out
}
