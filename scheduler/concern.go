package scheduler

import (
	"slices"

	"maillon/qms"
)

// kindRights is what one must hold on a platform to see that something of that kind falls due there. A
// kind that is not named is one of the programme.
var kindRights = map[string]qms.Right{
	"review": qms.ReadLibrary, "watch": qms.ReadLibrary, "retention": qms.ReadLibrary, "reading": qms.ReadLibrary, "kit": qms.ReadLibrary,
	"signature": qms.ReadDrafts,
	"training":  qms.ReadTrace, "calibration": qms.ReadTrace, "maintenance": qms.ReadTrace, "quote": qms.ReadTrace, "invoice": qms.ReadTrace, "impact": qms.ReadTrace,
	"role": qms.ReadPlatform, "integrity": qms.ReadTrail,
}

// ownKinds are those that a person sees of themselves without any further right: people with training
// only see their own trainings, and what they are asked to read.
var ownKinds = []string{"training", "reading"}

// MaySee reports whether the actor may know of the due.
func MaySee(actor qms.Actor, d qms.Due) bool {
	right, named := kindRights[d.Kind]
	if !named {
		right = qms.ReadLabel
	}
	return actor.Can(right.On(d.Platform)) || actor.ID != "" && d.Person == actor.ID && slices.Contains(ownKinds, d.Kind)
}

// concernedRoles answer on a platform for what is nobody's in particular.
var concernedRoles = []qms.Role{qms.Manager, qms.QualityLead}

// siteRoles answer for what is the site's: its trail, its records and its vault.
var siteRoles = []qms.Role{qms.QualityOfficer, qms.Administrator}

// Concerns reports whether the due is the person's business: theirs, or nobody's in particular on a
// platform that they manage or lead, or of a programme that they are a quality officer of. Heads are who
// does, by platform, and the quality officers of the site under none.
func Concerns(d qms.Due, person qms.ID, heads map[qms.ID][]qms.ID) bool {
	if d.Person != "" {
		return d.Person == person
	}
	return slices.Contains(heads[headed(d, heads)], person)
}

// headed is the platform whose heads follow what names nobody, none for the site. Nothing is nobody's:
// without any quality officer the platform follows what the programme is asked too, and the officers what
// falls due on a platform that nobody manages or leads.
func headed[T any](d qms.Due, heads map[qms.ID][]T) qms.ID {
	if len(heads[""]) > 0 && (d.Programme || len(heads[d.Platform]) == 0) {
		return ""
	}
	return d.Platform
}

// Group is when something falls due, as seen from a day.
type Group string

// The groups, in their order.
const (
	Late      Group = "late"
	ThisWeek  Group = "week"  // until Sunday
	ThisMonth Group = "month" // after this week, until the end of the month
	Later     Group = "later"
)

// Groups lists the groups in their order.
func Groups() []Group { return []Group{Late, ThisWeek, ThisMonth, Later} }

// GroupOf is the group of what falls due on a day, as seen from today.
func GroupOf(on, today qms.Date) Group {
	sunday := today.AddDays((7 - int(today.Time().Weekday())) % 7)
	end := qms.NewDate(today.Year(), today.Month(), 1).AddMonths(1)
	switch {
	case on < today:
		return Late
	case on <= sunday:
		return ThisWeek
	case on < end:
		return ThisMonth
	}
	return Later
}
