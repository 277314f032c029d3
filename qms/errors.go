package qms

import (
	"errors"
	"fmt"
	"strings"
)

// Code says what kind of refusal an Error is; doors map it to a status.
type Code string

// The kinds of refusal. There are few on purpose: what differs is the Key.
const (
	CodeInvalid         Code = "invalid"         // the input is wrong; Fields say where
	CodeNotFound        Code = "not-found"       // it does not exist, or not for this actor
	CodeConflict        Code = "conflict"        // the record is not in a state that allows it, or was changed meanwhile
	CodeRefused         Code = "refused"         // a rule or a right forbids it
	CodeUnauthenticated Code = "unauthenticated" // nobody is signed in
	CodeBusy            Code = "busy"            // try again later
)

// Error is the one error a person may read. Key names a sentence in qms/locale and Args fill it.
type Error struct {
	Code   Code
	Key    string
	Args   []any
	Fields []Field
}

// Field is what is wrong with one field of the input, named as the API names it.
type Field struct {
	Name string
	Key  string
	Args []any
}

// Error is for logs; people read the sentence that Key names.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Code, e.Key)
	if len(e.Args) > 0 {
		fmt.Fprintf(&b, " %v", e.Args)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Name, f.Key)
		if len(f.Args) > 0 {
			fmt.Fprintf(&b, " %v", f.Args)
		}
	}
	return b.String()
}

// Is lets errors.Is match another Error of the same code and, if the target has one, the same key.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Code == e.Code && (t.Key == "" || t.Key == e.Key)
}

// Invalid refuses input that is wrong as a whole.
func Invalid(key string, args ...any) *Error {
	return &Error{Code: CodeInvalid, Key: key, Args: args}
}

// InvalidFields refuses input whose named fields are wrong; it is nil when there are none, so that
// a rule may collect fields and return what it collected.
func InvalidFields(fields ...Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Code: CodeInvalid, Key: "input.invalid", Args: []any{len(fields)}, Fields: fields}
}

// Wrong names what is wrong with one field.
func Wrong(name, key string, args ...any) Field { return Field{Name: name, Key: key, Args: args} }

// NotFound says that the thing does not exist for this actor.
func NotFound(key string, args ...any) *Error {
	return &Error{Code: CodeNotFound, Key: key, Args: args}
}

// Conflict says that the record's present state does not allow the act.
func Conflict(key string, args ...any) *Error {
	return &Error{Code: CodeConflict, Key: key, Args: args}
}

// Refuse says that a rule or a right forbids the act.
func Refuse(key string, args ...any) *Error {
	return &Error{Code: CodeRefused, Key: key, Args: args}
}

// Unauthenticated asks for a sign-in.
func Unauthenticated(key string, args ...any) *Error {
	return &Error{Code: CodeUnauthenticated, Key: key, Args: args}
}

// Busy asks to come back later.
func Busy(key string, args ...any) *Error {
	return &Error{Code: CodeBusy, Key: key, Args: args}
}

// CodeOf is the code of the Error in err's chain, or "" when there is none: then it is an internal
// error whose text must not leave the house.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
