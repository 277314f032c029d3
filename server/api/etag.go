package api

import (
	"strconv"
	"strings"

	"maillon/qms"
)

// IfMatch is embedded in the input of every change of a record.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of the record as you know it; a change of another revision is refused with 412" example:"\"3\""`
}

// Revision is the revision that the client knows. A change that names none is refused: it might undo
// what somebody else did meanwhile.
func (m *IfMatch) Revision() (int64, error) {
	tag := strings.TrimPrefix(strings.TrimSpace(m.IfMatch), "W/")
	if tag == "" {
		return 0, qms.Invalid("precondition.required")
	}
	text := strings.Trim(tag, `"`)
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil || revision < 1 {
		return 0, qms.Invalid("precondition.malformed", m.IfMatch)
	}
	return revision, nil
}

// One is the answer that shows one record, with its revision as the ETag.
type One[T any] struct {
	ETag string `header:"ETag" doc:"The revision, for If-Match"`
	Body T
}

// one renders a record at its revision.
func one[T any](revision int64, body T) *One[T] { return &One[T]{ETag: etag(revision), Body: body} }

// shown is the answer to an act on one record: what the act made of the record, rendered, or its error.
func shown[R interface {
	*T
	qms.Record
}, T, B any](render func(T) B) func(R, error) (*One[B], error) {
	return func(record R, err error) (*One[B], error) {
		if err != nil {
			return nil, err
		}
		return one(record.Head().Revision, render(*record)), nil
	}
}

func etag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }
