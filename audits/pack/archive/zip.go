package archive

import (
	"encoding/binary"
	"time"
)

// A pack is a ZIP in one spelling: entries are stored as they are, every header follows from names,
// sizes, checksums and one time stamp, and nothing stands between them. So Verify can write the
// headers again and compare: a changed byte has nowhere to hide. Fields are those of APPNOTE 6.3.

const (
	localMark   = 0x04034b50
	centralMark = 0x02014b50
	endMark     = 0x06054b50
	end64Mark   = 0x06064b50
	locatorMark = 0x07064b50

	localSize   = 30
	centralSize = 46
	endSize     = 22
	end64Size   = 56
	locatorSize = 20

	large      = 0xFFFFFFFF // sizes and offsets from here on go to 64-bit fields
	many       = 0xFFFF
	utf8Names  = 0x0800
	unixMaker  = 3 << 8
	plainFile  = 0o100644 << 16
	version    = 20
	version64  = 45
	extraSizes = 0x0001
)

// entry is one file of the archive as its headers describe it.
type entry struct {
	name   string
	size   int64
	crc    uint32
	offset int64 // of its local header
}

// stamp is the time of every entry: seconds are even, the zone is not kept.
type stamp struct{ date, clock uint16 }

func stampOf(t time.Time) stamp {
	t = t.UTC()
	year := min(max(t.Year(), 1980), 2107)
	return stamp{
		date:  uint16(year-1980)<<9 | uint16(t.Month())<<5 | uint16(t.Day()),
		clock: uint16(t.Hour())<<11 | uint16(t.Minute())<<5 | uint16(t.Second()/2),
	}
}

type buffer []byte

func (b *buffer) u16(values ...uint16) {
	for _, v := range values {
		*b = binary.LittleEndian.AppendUint16(*b, v)
	}
}

func (b *buffer) u32(values ...uint32) {
	for _, v := range values {
		*b = binary.LittleEndian.AppendUint32(*b, v)
	}
}

func (b *buffer) u64(values ...int64) {
	for _, v := range values {
		*b = binary.LittleEndian.AppendUint64(*b, uint64(v))
	}
}

// short is v in a 32-bit field, or the sign that it stands in a 64-bit one.
func short(v int64) uint32 { return uint32(min(v, large)) }

func (e entry) needs() uint16 {
	if e.size >= large || e.offset >= large {
		return version64
	}
	return version
}

// local is the header before the content of the entry.
func (e entry) local(s stamp) []byte {
	var extra buffer
	if e.size >= large {
		extra.u16(extraSizes, 16)
		extra.u64(e.size, e.size)
	}
	var b buffer
	b.u32(localMark)
	b.u16(e.needs(), utf8Names, 0, s.clock, s.date)
	b.u32(e.crc, short(e.size), short(e.size))
	b.u16(uint16(len(e.name)), uint16(len(extra)))
	return append(append(b, e.name...), extra...)
}

// central is the entry in the directory.
func (e entry) central(s stamp) []byte {
	var large64 buffer
	if e.size >= large {
		large64.u64(e.size, e.size)
	}
	if e.offset >= large {
		large64.u64(e.offset)
	}
	var extra buffer
	if len(large64) > 0 {
		extra.u16(extraSizes, uint16(len(large64)))
		extra = append(extra, large64...)
	}
	var b buffer
	b.u32(centralMark)
	b.u16(unixMaker|version, e.needs(), utf8Names, 0, s.clock, s.date)
	b.u32(e.crc, short(e.size), short(e.size))
	b.u16(uint16(len(e.name)), uint16(len(extra)), 0, 0, 0)
	b.u32(plainFile, short(e.offset))
	return append(append(b, e.name...), extra...)
}

// place gives each entry its offset and returns where the directory begins.
func place(entries []entry, s stamp) int64 {
	at := int64(0)
	for i := range entries {
		entries[i].offset = at
		at += int64(len(entries[i].local(s))) + entries[i].size
	}
	return at
}

// directory is all that follows the contents. Offsets are set, see place.
func directory(entries []entry, at int64, s stamp) []byte {
	var b buffer
	for _, e := range entries {
		b = append(b, e.central(s)...)
	}
	size, count := int64(len(b)), int64(len(entries))
	if count >= many || size >= large || at >= large {
		b.u32(end64Mark)
		b.u64(end64Size - 12)
		b.u16(unixMaker|version64, version64)
		b.u32(0, 0)
		b.u64(count, count, size, at)
		b.u32(locatorMark, 0)
		b.u64(at + size)
		b.u32(1)
	}
	b.u32(endMark)
	b.u16(0, 0, uint16(min(count, many)), uint16(min(count, many)))
	b.u32(short(size), short(at))
	b.u16(0)
	return b
}
