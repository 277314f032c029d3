package label

import (
	"regexp"
	"strings"

	"maillon/qms"
)

// TakeOverLabel states a label that was awarded before the platform's evaluations were kept here. Its
// dates count as those of any other label; no mission and no decision of ours stand behind it.
type TakeOverLabel struct {
	Platform       qms.ID
	Number         string // of the certificate; one is given when empty
	Body           string // that awarded it
	Perimeter      string
	AwardedOn      qms.Date
	FollowedFirst  qms.Date // day of the follow-up at 24 months; none where it was not held before
	FollowedSecond qms.Date // that at 48 months
	Source         string   // where it is known from: minutes of the committee, certificate, list of the programme
}

// TakenOver reports whether the label was awarded before the platform's evaluations were kept here.
func (l *Label) TakenOver() bool { return l.Decision == "" }

// statedNumber is what the number of a certificate may look like: it stands in an address and on paper.
var statedNumber = regexp.MustCompile(`^[A-Z0-9][A-Z0-9._-]{0,39}$`)

// takeOver reads what was stated of a label of the past, and holds it against what else is known of the
// platform. The number is left to who gives it.
func (l *Label) takeOver(in *stating, cmd TakeOverLabel, f *Facts, today qms.Date) {
	l.Body, l.Perimeter = in.needed("body", cmd.Body, statedShort), in.needed("perimeter", cmd.Perimeter, statedLong)
	l.Source = in.needed("source", cmd.Source, statedText)
	l.AwardedOn = in.past("awarded_on", cmd.AwardedOn, today)
	l.FollowedFirst = l.followed(in, "followed_first", cmd.FollowedFirst, today)
	l.FollowedSecond = l.followed(in, "followed_second", cmd.FollowedSecond, today)
	if l.FollowedFirst != 0 && l.FollowedSecond != 0 && l.FollowedSecond <= l.FollowedFirst {
		in.fail("followed_second", "label.followed_order", l.FollowedFirst)
	}
	if l.AwardedOn != 0 {
		l.among(in, f, today)
	}
}

// followed reads the day of a follow-up that was held while the label ran.
func (l *Label) followed(in *stating, field string, on, today qms.Date) qms.Date {
	if on == 0 {
		return 0
	}
	on = in.past(field, on, today)
	if on != 0 && l.AwardedOn != 0 && (on <= l.AwardedOn || on >= l.EndsOn()) {
		in.fail(field, "label.followed_outside", l.AwardedOn, l.EndsOn())
	}
	return on
}

// among refuses a label that runs beside another one of the platform, or that began after what is on
// record of it. It renews the one that ends on its first day.
func (l *Label) among(in *stating, f *Facts, today qms.Date) {
	l.Renews = ""
	for i := range f.Labels {
		other := &f.Labels[i]
		if other.ID == l.ID {
			continue
		}
		withdrawn, _ := f.halts(other.ID, today)
		switch {
		case other.EndsOn() == l.AwardedOn:
			l.Renews = other.ID
		case withdrawn == 0 && l.AwardedOn < other.EndsOn() && other.AwardedOn < l.EndsOn():
			in.fail("awarded_on", "label.beside", other.Number)
		}
	}
	for _, e := range f.Events {
		if e.Label == l.ID && (e.Date < l.AwardedOn || e.Date >= l.EndsOn()) {
			in.fail("awarded_on", "label.event_outside", e.Date)
			break
		}
	}
	for _, m := range f.Missions {
		if m.Label == l.ID && m.OpenedOn < l.AwardedOn {
			in.fail("awarded_on", "label.mission_before", m.Number, m.OpenedOn)
			break
		}
	}
}

// certificateNumber reads the number of a certificate, in capitals; empty where none is stated.
func certificateNumber(in *stating, number string) string {
	number = strings.ToUpper(in.words("number", number, statedShort))
	if number != "" && !statedNumber.MatchString(number) {
		in.fail("number", "label.number_form")
		return ""
	}
	return number
}

// followedBefore is the day on which a follow-up of the kind was held before the label was taken over.
func (l *Label) followedBefore(kind MissionKind) qms.Date {
	switch kind {
	case MissionFollowUp24:
		return l.FollowedFirst
	case MissionFollowUp48:
		return l.FollowedSecond
	}
	return 0
}
