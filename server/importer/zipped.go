package importer

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
)

// What a workbook may unfold to. A spreadsheet's XML shrinks to a tenth or a fiftieth; only a bomb
// shrinks to less than a three-hundredth.
const (
	maxParts     = 10_000
	maxUnfolded  = 1 << 30 // bytes, all parts
	maxRatio     = 300
	maxCellSlots = 60_000_000 // cells up to the last of each row, all sheets
)

// guardZip refuses an archive by what its directory says; archive/zip holds the parts to it.
func guardZip(z *zip.Reader) badFile {
	if len(z.File) > maxParts {
		return "file.bomb"
	}
	var total uint64
	for _, part := range z.File {
		total += part.UncompressedSize64
		switch {
		case part.Flags&1 != 0:
			return "file.encrypted"
		case total > maxUnfolded:
			return "file.bomb"
		case part.UncompressedSize64 > 1<<20 && part.UncompressedSize64/(part.CompressedSize64+1) > maxRatio:
			return "file.bomb"
		}
	}
	return ""
}

// inspectSheets reads the sheets' XML through once, since excelize takes a broken end for the end:
// a sheet must be whole, declare no entities, and not pretend to more cells than a reader bears.
func (r *reading) inspectSheets(z *zip.Reader) error {
	slots := int64(0)
	for _, part := range z.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, "\\", "/"))
		if !strings.HasPrefix(name, "xl/worksheets/") || !strings.HasSuffix(name, ".xml") || strings.Contains(name, "_rels") {
			continue
		}
		if err := r.inspectSheet(part, &slots); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) inspectSheet(part *zip.File, slots *int64) error {
	content, err := part.Open()
	if err != nil {
		return badFile("file.damaged")
	}
	defer content.Close()
	t := newTags(content)
	depth, last, ended := 0, 0, false
	for seen := 0; ; seen++ {
		tag, err := t.next()
		switch {
		case errors.Is(err, io.EOF) && depth == 0 && seen > 0:
			r.odd = r.odd || t.odd
			return nil
		case errors.Is(err, errDeclares):
			return badFile("file.bomb") // a sheet declares nothing; an entity in it expands
		case err != nil || depth < 0:
			return badFile("file.damaged")
		}
		if seen%65536 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		if tag[0] == '/' {
			depth--
			switch string(localName(tag[1:])) {
			case "row":
				*slots, last = *slots+int64(last), 0
			case "sheetData":
				ended = true
			}
			continue
		}
		depth++
		name := localName(tag)
		if r.odd = r.odd || !ended && len(name) < len(tag) && tag[len(name)] == ':'; string(name) == "c" {
			last = max(last+1, columnIn(tag))
		}
		if tag[len(tag)-1] == '/' {
			depth--
		}
		if *slots > maxCellSlots {
			return badFile("file.bomb")
		}
	}
}

// columnIn is the column, from 1, of a cell by its reference; 0 when it has none.
func columnIn(tag []byte) int {
	i := bytes.Index(tag, []byte(" r=\""))
	if i < 0 {
		return 0
	}
	n := 0
	for _, c := range tag[i+4:] {
		if c < 'A' || c > 'Z' || n > 20_000 {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n
}
