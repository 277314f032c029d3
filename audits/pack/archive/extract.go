package archive

import (
	"bytes"
	"encoding/binary"
	"io"

	"maillon/qms"
)

// PDF finds the PDF in a pack that is read from its beginning, and says how large it is. It reads no
// further than the PDF, and verifies nothing.
func PDF(archive io.Reader) (pdf io.Reader, size int64, err error) {
	for {
		var head [localSize]byte
		if _, err := io.ReadFull(archive, head[:]); err != nil {
			return nil, 0, err
		}
		if binary.LittleEndian.Uint32(head[:]) != localMark {
			return nil, 0, qms.Invalid("pack.not_a_pack")
		}
		size := int64(binary.LittleEndian.Uint32(head[22:]))
		rest := make([]byte, int(binary.LittleEndian.Uint16(head[26:]))+int(binary.LittleEndian.Uint16(head[28:])))
		if _, err := io.ReadFull(archive, rest); err != nil {
			return nil, 0, err
		}
		if bytes.HasPrefix(rest, []byte(pdfName)) {
			return io.LimitReader(archive, size), size, nil
		}
		if _, err := io.CopyN(io.Discard, archive, size); err != nil {
			return nil, 0, err
		}
	}
}
