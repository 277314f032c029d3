package people

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"maillon/qms"
)

// Person is somebody whom at least one platform or the site knows.
type Person struct {
	qms.Row `trail:"site"`
	Name    string
	Email   string // lower case, unique when there is one
}

// Membership is a person's belonging to a platform, under the code the platform calls them by.
type Membership struct {
	qms.Row
	Person    qms.ID
	Code      string   // upper case, unique on the platform
	Trainer   bool     // may train others on equipment
	FromDate  qms.Date // none: from ever
	UntilDate qms.Date // the first day on which it no longer holds; none: open
}

// Period is the days of the membership.
func (m *Membership) Period() qms.Period {
	return qms.Period{From: m.FromDate, Until: m.UntilDate}
}

// RoleGrant is a role held from a day until a day, on the site or on the platform of its Row.
type RoleGrant struct {
	qms.Row
	Person    qms.ID
	Role      qms.Role
	FromDate  qms.Date
	UntilDate qms.Date // the first day on which it no longer holds; none: open
}

// Period is the days of the grant.
func (g *RoleGrant) Period() qms.Period { return qms.Period{From: g.FromDate, Until: g.UntilDate} }

// Member is a membership with its person, as other rooms and pages read it.
type Member struct {
	Membership qms.ID
	Person     qms.ID
	Code       string
	Name       string
	Email      string
	Trainer    bool
	From       qms.Date
	Until      qms.Date
	Revision   int64 // of the membership
}

// Active reports whether the membership holds on the day.
func (m Member) Active(day qms.Date) bool {
	return qms.Period{From: m.From, Until: m.Until}.Contains(day)
}

// MemberRow is a line of a platform's register of persons.
type MemberRow struct {
	Code    string
	Name    string
	Email   string // may be empty
	Trainer bool
}

// Taken counts what an import did with the rows it was given.
type Taken struct{ Added, Changed, Same int }

// NormalEmail is the one form of an address: no spaces around, lower case.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(readable(email))) }

// readable is s without what no database keeps: broken UTF-8 and control characters.
func readable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

func checkEmail(field, email string, required bool) []qms.Field {
	if email == "" {
		if required {
			return []qms.Field{qms.Wrong(field, "input.required")}
		}
		return nil
	}
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || len(email) > 254 {
		return []qms.Field{qms.Wrong(field, "person.email_malformed")}
	}
	return nil
}

func checkMemberCode(field, code string) []qms.Field {
	switch {
	case code == "":
		return []qms.Field{qms.Wrong(field, "input.required")}
	case utf8.RuneCountInString(code) > 40:
		return []qms.Field{qms.Wrong(field, "input.too_long", 40)}
	}
	return nil
}

func checkPeriod(field string, from, until qms.Date) []qms.Field {
	if from != 0 && until != 0 && until <= from {
		return []qms.Field{qms.Wrong(field, "period.backwards")}
	}
	return nil
}
