package trace

import (
	"strings"
	"time"
	"unicode"

	"maillon/qms"
)

// RequestForm is the public form of a platform, by which anybody may ask for a service without an
// account. A platform without a row does not receive any.
type RequestForm struct {
	qms.Row
	Receives       bool   // the form is open
	IntroFrench    string // what the platform says above the form
	IntroEnglish   string
	ConsentFrench  string // what it says about the personal data; its own words replace ours
	ConsentEnglish string
}

// Intro is what the platform says above the form, in French unless English is asked for and given.
func (f RequestForm) Intro(language string) string {
	return spoken(language, f.IntroFrench, f.IntroEnglish)
}

// Consent is what the platform says about personal data, likewise.
func (f RequestForm) Consent(language string) string {
	return spoken(language, f.ConsentFrench, f.ConsentEnglish)
}

func spoken(language, french, english string) string {
	if language == "en" && english != "" || french == "" {
		return english
	}
	return french
}

// Submission is what somebody sent by the public form. It is no request yet: the platform accepts it,
// declines it, or sets it aside as spam; whichever, it stays. The trail keeps digests of what is
// personal in it, so that whoever reads the trail learns that it was there and unchanged, not what it was.
type Submission struct {
	qms.Row
	Reference    string // told to the sender; unique on the platform
	ReceivedAt   time.Time
	ReceivedOn   qms.Date // the civil day of ReceivedAt where the site is
	Language     string   // in which the form was read
	Name         string   `trail:"digest"`
	Email        string   `trail:"digest"`
	Client       string   // the laboratory or company
	ClientStatus string
	Subject      string
	Description  string `trail:"digest"`
	Samples      string
	WishedOn     qms.Date
	State        SubmissionState
	DecidedBy    qms.ID
	DecidedOn    qms.Date
	Reason       string // why it was declined
	Request      string // the number of the request that it became
}

// SubmissionState is what the platform made of a submission.
type SubmissionState string

// The states. state.STATE names each in qms/locale.
const (
	Waiting  SubmissionState = "waiting"
	Accepted SubmissionState = "accepted"
	Declined SubmissionState = "declined"
	Spam     SubmissionState = "spam"
)

// SubmissionStates lists the states in the order of the work.
func SubmissionStates() []SubmissionState {
	return []SubmissionState{Waiting, Accepted, Declined, Spam}
}

// The bounds of what the public may leave with a platform.
const (
	MaxWaiting   = 300      // submissions that wait for a decision
	MaxPerDay    = 100      // submissions received on one day, whatever became of them
	MaxFiles     = 5        // of one submission
	MaxFileBytes = 10 << 20 // of one file
	MaxFormBytes = MaxFiles*MaxFileBytes + 1<<20
)

// decide takes what the platform makes of it. Only what waits is decided.
func (s *Submission) decide(to SubmissionState, by qms.ID, on qms.Date, reason string) error {
	if s.State != Waiting {
		return qms.Conflict("submission.decided", s.Reference)
	}
	s.State, s.DecidedBy, s.DecidedOn, s.Reason = to, by, on, reason
	return nil
}

// reopen lets what was declined or taken for spam wait again. What became a request stays one.
func (s *Submission) reopen() error {
	if s.State != Declined && s.State != Spam {
		return qms.Conflict("submission.not_closed", s.Reference)
	}
	s.State, s.DecidedBy, s.DecidedOn, s.Reason = Waiting, "", 0, ""
	return nil
}

// plain is a text of the public as it may be shown: without controls, without signs that turn the
// direction of the text or are not seen, and in one line unless lines is set.
func plain(text string, lines bool) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines:
			return r
		case r == '\n', r == '\t', r == '\u2028', r == '\u2029':
			return ' '
		case r == unicode.ReplacementChar, unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if !lines {
		return strings.Join(strings.Fields(text), " ")
	}
	return strings.TrimSpace(text)
}
