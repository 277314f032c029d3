package api

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"maillon/qms"
	"maillon/server/problem"
)

// ruleMark begins what nameRules makes huma say: a key of qms/locale, then its arguments.
const ruleMark = "\x1f"

// nameRules makes huma's validator name the key of the sentence where it would say one in English.
// huma reads these variables while operations are registered, so this comes before.
func nameRules() {
	rules := map[string][]*string{
		"input.required": {&validation.MsgExpectedRequiredProperty, &validation.MsgExpectedDependentRequiredProperty},
		"value.unknown":  {&validation.MsgUnexpectedProperty},
		"value.not_a_date": {&validation.MsgExpectedRFC3339Date, &validation.MsgExpectedRFC3339DateTime,
			&validation.MsgExpectedRFC1123DateTime, &validation.MsgExpectedRFC3339Time, &validation.MsgExpectedDuration},
		"value.not_an_email": {&validation.MsgExpectedRFC5322Email},
		"value.not_an_id":    {&validation.MsgExpectedRFC4122UUID},
		"value.not_a_flag":   {&validation.MsgExpectedBoolean},
		"value.not_a_number": {&validation.MsgExpectedNumber},
		"value.not_whole":    {&validation.MsgExpectedInteger},
		"value.not_a_text":   {&validation.MsgExpectedString},
		"value.not_a_list":   {&validation.MsgExpectedArray},
		"value.not_a_record": {&validation.MsgExpectedObject},
		"value.doubled":      {&validation.MsgExpectedArrayItemsUnique},
		"value.choice":       {&validation.MsgExpectedOneOf},
		"value.at_least":     {&validation.MsgExpectedMinimumNumber},
		"value.at_most":      {&validation.MsgExpectedMaximumNumber},
		"value.too_short":    {&validation.MsgExpectedMinLength},
		"value.too_long":     {&validation.MsgExpectedMaxLength},
		"value.too_few":      {&validation.MsgExpectedMinItems},
		"value.too_many":     {&validation.MsgExpectedMaxItems},
		"value.pattern":      {&validation.MsgExpectedBePattern, &validation.MsgExpectedMatchPattern},
	}
	for key, messages := range rules {
		for _, m := range messages {
			*m = ruleMark + key + verbs(*m)
		}
	}
}

// verbs keeps the placeholders of a message, which huma fills: they become the arguments.
func verbs(message string) string {
	var b strings.Builder
	for rest := message; ; {
		_, after, found := strings.Cut(rest, "%")
		if !found || after == "" {
			return b.String()
		}
		b.WriteString(ruleMark + "%" + after[:1])
		rest = after[1:]
	}
}

// explain turns what huma found into one error of ours. What a handler returned comes through as it
// is; what the validator found becomes fields; any other text of a library is dropped.
func explain(status int, errs []error) error {
	var fields []qms.Field
	for _, err := range errs {
		var detail *huma.ErrorDetail
		var known *qms.Error
		switch {
		case errors.As(err, &known):
			return known
		case errors.As(err, &detail):
			fields = append(fields, field(detail))
		case err != nil:
			return err
		}
	}
	refusal := problem.FromStatus(status)
	switch {
	case refusal == nil:
		return errors.New("the library below the interface failed without saying why")
	case len(fields) > 0 && refusal.Key == "input.malformed" && status == 422:
		return qms.InvalidFields(fields...)
	}
	refusal.Fields = fields
	return refusal
}

// field names the field as the body or the query does: body.lines[0].total is lines[0].total.
func field(d *huma.ErrorDetail) qms.Field {
	name, key, args := strings.TrimPrefix(d.Location, "body."), "value.unreadable", []any(nil)
	for _, place := range []string{"query.", "header.", "path."} {
		name = strings.TrimPrefix(name, place)
	}
	switch text, marked := strings.CutPrefix(d.Message, ruleMark); {
	case marked:
		parts := strings.Split(text, ruleMark)
		key = parts[0]
		for _, p := range parts[1:] {
			args = append(args, argument(p))
		}
	case strings.HasPrefix(d.Message, "required "):
		key = "input.required"
	}
	if key == "input.required" && len(args) > 0 { // the object lacks it: the field is the missing one
		name = strings.TrimPrefix(strings.TrimPrefix(name+".", "body.")+fmt.Sprint(args[0]), ".")
		args = nil
	}
	return qms.Field{Name: name, Key: key, Args: args}
}

// argument is a number where it can be, so that the sentence agrees with it.
func argument(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return text
}
