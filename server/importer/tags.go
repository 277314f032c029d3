package importer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// tags reads the tags of an XML document and nothing else of it, as fast as it can be unpacked: before
// a workbook is opened, its sheets are looked through for what no sheet has. It does not check names.
type tags struct {
	r    *bufio.Reader
	tag  []byte
	keep bool   // text is kept, until the next tag
	text []byte // that was kept
	odd  bool   // a section of text that is no element's own was passed over
}

// errDeclares is a document that declares a type or entities.
var errDeclares = errors.New("declares entities")

// errTag is a tag that does not end, or is longer than any sheet has.
var errTag = errors.New("broken tag")

// maxTag is how long a tag may be, in bytes.
const maxTag = 1 << 20

func newTags(r io.Reader) *tags { return &tags{r: bufio.NewReaderSize(r, 1<<16)} }

// next is the inside of the next tag that begins, ends or is an element: "c r=\"A1\"", "/c", "v/". It
// holds until the call after. The error is io.EOF after the last.
func (t *tags) next() ([]byte, error) {
	for {
		for { // the text before it
			text, err := t.r.ReadSlice('<')
			if t.keep {
				t.text = append(t.text, text...)
			}
			if err == nil {
				if t.keep {
					t.text = t.text[:len(t.text)-1]
				}
				break
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				return nil, err
			}
		}
		tag, err := t.inside()
		if err != nil {
			return nil, err
		}
		switch {
		case len(tag) == 0:
			return nil, errTag
		case tag[0] == '?', bytes.HasPrefix(tag, []byte("!--")), bytes.HasPrefix(tag, []byte("![CDATA[")):
			t.odd = t.odd || tag[0] == '!' && tag[1] == '['
		case tag[0] == '!':
			return nil, errDeclares
		default:
			return tag, nil
		}
	}
}

// inside reads up to the mark that ends the tag.
func (t *tags) inside() ([]byte, error) {
	part, err := t.r.ReadSlice('>')
	if err == nil && complete(part[:len(part)-1]) {
		return part[:len(part)-1], nil
	}
	t.tag = append(t.tag[:0], part...)
	for {
		switch {
		case len(t.tag) > maxTag:
			return nil, errTag
		case err == nil && complete(t.tag[:len(t.tag)-1]):
			return t.tag[:len(t.tag)-1], nil
		case bytes.HasPrefix(t.tag, []byte("!")) && !comments(t.tag):
			return nil, errDeclares
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return nil, errTag
		}
		part, err = t.r.ReadSlice('>')
		t.tag = append(t.tag, part...)
	}
}

func comments(tag []byte) bool {
	return len(tag) < 8 || bytes.HasPrefix(tag, []byte("!--")) || bytes.HasPrefix(tag, []byte("![CDATA["))
}

// complete reports whether the tag ends there: the mark may stand within quotes, a comment or a section
// of text.
func complete(tag []byte) bool {
	switch {
	case bytes.HasPrefix(tag, []byte("!--")):
		return len(tag) >= 5 && bytes.HasSuffix(tag, []byte("--"))
	case bytes.HasPrefix(tag, []byte("![CDATA[")):
		return bytes.HasSuffix(tag, []byte("]]"))
	case bytes.HasPrefix(tag, []byte("?")):
		return bytes.HasSuffix(tag, []byte("?"))
	}
	quote := byte(0)
	for _, c := range tag {
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return quote == 0
}

// localName is the name of an element without its prefix.
func localName(tag []byte) []byte {
	end := bytes.IndexAny(tag, " \t\r\n/")
	if end < 0 {
		end = len(tag)
	}
	name := tag[:end]
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return name
}
