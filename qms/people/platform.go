package people

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"maillon/qms"
)

// Platform is a core facility. Its code stands in addresses and may stand in document codes.
type Platform struct {
	qms.Row `trail:"site"`
	Code    string // upper case, unique on the site
	Name    string
	MadeAt  time.Time
}

// AddPlatform makes a platform.
type AddPlatform struct {
	Code string
	Name string
}

const maxName = 200

var codeForm = regexp.MustCompile(`^[A-Z0-9](?:[A-Z0-9-]{0,18}[A-Z0-9])?$`)

// NormalCode is the one form of a code of a platform or a member: no spaces around, upper case.
func NormalCode(code string) string { return strings.ToUpper(strings.TrimSpace(readable(code))) }

// clean is the command with the spaces around its texts gone, when it can be taken.
func (c AddPlatform) clean() (AddPlatform, error) {
	c.Code, c.Name = NormalCode(c.Code), strings.TrimSpace(readable(c.Name))
	var wrong []qms.Field
	switch {
	case c.Code == "":
		wrong = append(wrong, qms.Wrong("code", "input.required"))
	case !codeForm.MatchString(c.Code):
		wrong = append(wrong, qms.Wrong("code", "platform.code_malformed"))
	}
	wrong = append(wrong, checkName("name", c.Name)...)
	return c, qms.InvalidFields(wrong...)
}

func checkName(field, name string) []qms.Field {
	switch {
	case name == "":
		return []qms.Field{qms.Wrong(field, "input.required")}
	case utf8.RuneCountInString(name) > maxName:
		return []qms.Field{qms.Wrong(field, "input.too_long", maxName)}
	}
	return nil
}
