package store

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cyberphone/json-canonicalization/go/src/webpki.org/jsoncanonicalizer"
	"github.com/uptrace/bun/extra/bunjson"
	"github.com/uptrace/bun/schema"

	"maillon/qms"
)

// The trail keeps a row as its columns hold it, so that VerifyTrail can compare without knowing the
// struct: texts and dates as texts, instants in RFC 3339, bytes in hexadecimal, whole numbers as
// numbers where a double holds them, and what bun keeps as JSON as the text of it.

// columnValue is what bun writes into the column of the field: nil, string, []byte, int64, float64,
// bool or time.Time.
func columnValue(f *schema.Field, row reflect.Value) (any, error) {
	v, err := row.FieldByIndexErr(f.Index)
	if err != nil {
		return nil, nil // in an embedded pointer that is nil
	}
	if f.NullZero && f.IsZero(v) {
		return nil, nil
	}
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, nil
		}
		v = v.Elem()
	}
	switch typed := v.Interface().(type) {
	case time.Time:
		return typed, nil
	case driver.Valuer:
		return typed.Value()
	}
	if valuer, ok := addressed(v).(driver.Valuer); ok {
		return valuer.Value()
	}
	return plainValue(v)
}

func addressed(v reflect.Value) any {
	if v.CanAddr() {
		return v.Addr().Interface()
	}
	return nil
}

func plainValue(v reflect.Value) (any, error) {
	switch v.Kind() {
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() > math.MaxInt64 {
			return nil, fmt.Errorf("%d does not fit a BIGINT", v.Uint())
		}
		return int64(v.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return v.Float(), nil
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Type().Name() != "RawMessage" {
			return bytesOf(v), nil
		}
	case reflect.Map, reflect.Struct:
	default:
		return nil, fmt.Errorf("a %s is no column", v.Type())
	}
	text, err := bunjson.Marshal(v.Interface())
	return strings.TrimSuffix(string(text), "\n"), err
}

func bytesOf(v reflect.Value) any {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return nil
	}
	b := make([]byte, v.Len())
	reflect.Copy(reflect.ValueOf(b), v)
	return b
}

// maxExact is the largest whole number up to which a double holds them all (RFC 8785 writes doubles).
const maxExact = 1<<53 - 1

// appendValue writes a column's value in canonical JSON.
func appendValue(b []byte, value any, digest bool) ([]byte, error) {
	if digest && value != nil {
		return appendDigest(b, value)
	}
	switch v := value.(type) {
	case nil:
		return append(b, "null"...), nil
	case string:
		return appendText(b, v)
	case []byte:
		b = append(b, '"')
		b = hex.AppendEncode(b, v)
		return append(b, '"'), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int64:
		if v > maxExact || v < -maxExact {
			return append(strconv.AppendInt(append(b, '"'), v, 10), '"'), nil
		}
		return strconv.AppendInt(b, v, 10), nil
	case float64:
		text, err := jsoncanonicalizer.NumberToJSON(v)
		return append(b, text...), err
	case time.Time:
		b = qms.Instant(v).AppendFormat(append(b, '"'), time.RFC3339Nano)
		return append(b, '"'), nil
	}
	return nil, fmt.Errorf("a %T is no column", value)
}

// appendDigest writes {"sha256":...} of the value's bytes: of a text as it is, of bytes as they are,
// of anything else as its JSON.
func appendDigest(b []byte, value any) ([]byte, error) {
	var data []byte
	switch v := value.(type) {
	case string:
		data = []byte(v)
	case []byte:
		data = v
	default:
		var err error
		if data, err = appendValue(nil, value, false); err != nil {
			return nil, err
		}
	}
	sum := sha256.Sum256(data)
	b = append(b, `{"sha256":"`...)
	b = hex.AppendEncode(b, sum[:])
	return append(b, `"}`...), nil
}

// appendText refuses what PostgreSQL cannot keep, on both engines.
func appendText(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return nil, qms.Invalid("text.unreadable")
	}
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, `\b`...)
		case '\t':
			b = append(b, `\t`...)
		case '\n':
			b = append(b, `\n`...)
		case '\f':
			b = append(b, `\f`...)
		case '\r':
			b = append(b, `\r`...)
		default:
			b = fmt.Appendf(b, `\u%04x`, c)
		}
	}
	b = append(b, s[from:]...)
	return append(b, '"'), nil
}
