package trace

import (
	"encoding/base64"
	"encoding/json"

	"maillon/qms"
)

// encodeCursor makes the opaque cursor of a row out of the values it is sorted by.
func encodeCursor(values ...string) string {
	text, err := json.Marshal(values)
	if err != nil {
		return "" // strings always marshal
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// decodeCursor reads what encodeCursor made of two values; an empty cursor is none.
func decodeCursor(s string) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, qms.Invalid("cursor.malformed")
	}
	var values []string
	if err := json.Unmarshal(text, &values); err != nil || len(values) != 2 {
		return nil, qms.Invalid("cursor.malformed")
	}
	return []string{askable(values[0]), askable(values[1])}, nil
}
