package documents

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maillon/documents/vault"
	"maillon/qms"
)

// The quality kit is what the programme gives platforms to begin with: templates of procedures, forms
// and registers. A template belongs to the site and has versions; a platform copies it into a document
// of its own, under its own code, and from then on goes its own way: the copy only remembers what it
// was made from, so that it can be told when the template moved on.

// Ending says that something holds no more from a day on, by whom and why. Nothing is deleted.
type Ending struct {
	EndedOn   qms.Date  // none while it holds
	EndedAt   time.Time `bun:",nullzero"`
	EndedBy   qms.ID
	EndedName string // as it was
	EndReason string
}

// HeldOn reports whether it had not ended by the day.
func (e *Ending) HeldOn(day qms.Date) bool { return e.EndedOn == 0 || day < e.EndedOn }

// KitTemplate is one template of the site's quality kit.
type KitTemplate struct {
	qms.Row     `trail:"site"`
	Code        string // unique in the kit, never given to another template
	French      string // title
	English     string // title
	Kind        string // of the document that a copy becomes, unless the platform says otherwise
	Process     string // likewise; may be empty
	Language    string // of the file: fr or en
	Theme       string // what it stands under in the list
	Place       int64  // order within the kit
	Description string
	Ending      // withdrawn: not to be copied any more, and what was copied stays
}

// Title is the template's title in the language, in the other one where it has none in this.
func (t *KitTemplate) Title(lang string) string {
	if lang == "en" && t.English != "" || t.French == "" {
		return t.English
	}
	return t.French
}

// KitVersion is one version of a template: published once, its file never changes.
type KitVersion struct {
	qms.Row       `trail:"site"`
	Template      qms.ID
	Major         int64
	Minor         int64
	FileName      string
	MediaType     string
	Size          int64 // bytes
	Content       vault.Digest
	Changes       string // what changed, for who copied the one before
	PublishedOn   qms.Date
	PublishedAt   time.Time
	PublishedBy   qms.ID
	PublishedName string // as it was
	Ending               // withdrawn: the version before is the newest again
}

// Number is the version's number.
func (v *KitVersion) Number() Number { return Number{v.Major, v.Minor} }

// KitContent is the text of a template's file, one row for each content.
type KitContent struct {
	qms.Row `trail:"site"`
	Digest  vault.Digest
	Format  string
	Title   string
	Body    string `trail:"digest"`
}

// KitCopy says that a document of a platform was made from a template, or that it is the platform's
// own counterpart of it.
type KitCopy struct {
	qms.Row
	Document qms.ID
	Template qms.ID
	Version  qms.ID // of the template, that the document began with
	Linked   bool   // the document was there before: somebody said what it is a copy of
	Reason   string
	CopiedOn qms.Date
	CopiedAt time.Time
	Person   qms.ID
	Name     string // as it was
	Ending          // the link was a mistake
}

// Reply is what a platform says to a new version of a template.
type Reply string

// The replies. Declined is said of a whole template, by a platform that has no copy of it.
const (
	TakenUp       Reply = "taken-over"     // what is new stands in a version of the platform's own
	NotApplicable Reply = "not-applicable" // what is new does not concern the platform's document
	Declined      Reply = "declined"       // the platform has no use for the template
)

// KitAnswer is the platform's answer to one version of a template.
type KitAnswer struct {
	qms.Row
	Template   qms.ID
	Version    qms.ID // of the template
	Copy       qms.ID // the answer is about; none when the whole template is declined
	Answer     Reply
	TakenBy    qms.ID // the platform's own version that took it over
	Reason     string
	AnsweredOn qms.Date
	AnsweredAt time.Time
	Person     qms.ID
	Name       string // as it was
	Ending            // a declined template that is of use after all
}

// KitAnswerDays is how long a platform has to answer a new version before it falls due.
const KitAnswerDays = 60

const (
	maxTheme  = 80
	maxKit    = 10_000 // greatest place in the kit
	maxCopies = 100    // in one act
)

// check tidies what a person filled and collects what is wrong with it.
func (t *KitTemplate) check() (wrong []qms.Field) {
	line := func(s string) string { return strings.Join(strings.Fields(tidy(s)), " ") }
	t.French, t.English, t.Theme = line(t.French), line(t.English), line(t.Theme)
	t.Kind, t.Process, t.Description = tidyWord(t.Kind), tidyWord(t.Process), tidy(t.Description)
	if t.French == "" && t.English == "" {
		wrong = append(wrong, qms.Wrong("french", "document.title_missing"))
	}
	for name, title := range map[string]string{"french": t.French, "english": t.English} {
		if utf8.RuneCountInString(title) > maxTitle {
			wrong = append(wrong, qms.Wrong(name, "document.title_long", maxTitle))
		}
	}
	if !word.MatchString(t.Kind) {
		wrong = append(wrong, missing(tokenKind, t.Kind))
	}
	if t.Process != "" && !word.MatchString(t.Process) {
		wrong = append(wrong, missing(tokenProcess, t.Process))
	}
	if t.Language != "fr" && t.Language != "en" {
		wrong = append(wrong, qms.Wrong("language", "template.language"))
	}
	if utf8.RuneCountInString(t.Theme) > maxTheme {
		wrong = append(wrong, qms.Wrong("theme", "document.title_long", maxTheme))
	}
	if t.Place < 0 || t.Place > maxKit {
		wrong = append(wrong, qms.Wrong("place", "template.place", maxKit))
	}
	if utf8.RuneCountInString(t.Description) > maxReason {
		wrong = append(wrong, qms.Wrong("description", "act.reason_long", maxReason))
	}
	return wrong
}

// newestOn is the version of a template that holds on the day, nil when none does: the one of the
// highest number that was published by then and not withdrawn.
func newestOn(versions []*KitVersion, day qms.Date) (newest *KitVersion) {
	for _, v := range versions {
		if v.PublishedOn <= day && v.HeldOn(day) && (newest == nil || v.Number().Compare(newest.Number()) > 0) {
			newest = v
		}
	}
	return newest
}

// KitStanding is a copy beside its template on a day.
type KitStanding struct {
	From    *KitVersion // what the document began with; nil for who may not know
	Settled *KitVersion // the highest that the platform began with or answered
	Newest  *KitVersion // nil when the template has none any more
	Behind  bool        // the template moved on, and nobody answered
	Since   qms.Date    // the day from which it is so: of the publication or, when that is later, of the copy
}

// DueOn is the last day to answer without being late.
func (k KitStanding) DueOn() qms.Date { return k.Since.AddDays(KitAnswerDays) }

// standOn compares a copy with its template on the day: what was published, answered, withdrawn or
// ended after it does not count. A template that is withdrawn asks for nothing.
func (c *KitCopy) standOn(t *KitTemplate, versions []*KitVersion, answers []*KitAnswer, day qms.Date) (k KitStanding) {
	byID := map[qms.ID]*KitVersion{}
	for _, v := range versions {
		byID[v.ID] = v
	}
	k.From, k.Settled, k.Newest = byID[c.Version], byID[c.Version], newestOn(versions, day)
	for _, a := range answers {
		if v := byID[a.Version]; a.Copy == c.ID && a.AnsweredOn <= day && a.HeldOn(day) && v != nil && (k.Settled == nil || v.Number().Compare(k.Settled.Number()) > 0) {
			k.Settled = v
		}
	}
	if k.Newest == nil || !t.HeldOn(day) || k.Settled != nil && k.Newest.Number().Compare(k.Settled.Number()) <= 0 {
		return k
	}
	k.Behind, k.Since = true, max(k.Newest.PublishedOn, c.CopiedOn)
	return k
}

// Adopted is what a platform made of a template.
type Adopted string

// The states, from nothing to done. The first that holds of a platform's copies is shown.
const (
	NotAdopted     Adopted = "none"
	AdoptedDraft   Adopted = "draft"    // copied, and nothing in force yet
	AdoptedInForce Adopted = "in-force" // and as far as the template is
	AdoptedBehind  Adopted = "behind"   // the template moved on, and the platform has not answered
	AdoptedNot     Adopted = "not-applicable"
)

// AdoptedStates lists them.
func AdoptedStates() []Adopted {
	return []Adopted{NotAdopted, AdoptedDraft, AdoptedInForce, AdoptedBehind, AdoptedNot}
}

// adopted is what the states of a platform's copies of a template come to, and whether it declined it.
func adopted(copies []Adopted, declined bool) Adopted {
	for _, state := range []Adopted{AdoptedBehind, AdoptedDraft, AdoptedInForce} {
		if slices.Contains(copies, state) {
			return state
		}
	}
	if declined {
		return AdoptedNot
	}
	return NotAdopted
}

// adoptedBy is the state of one copy: of its document, unless the template moved on.
func (k KitStanding) adoptedBy(inForce, alive bool) Adopted {
	switch {
	case !inForce && !alive:
		return NotAdopted // every version was withdrawn
	case k.Behind:
		return AdoptedBehind
	case inForce:
		return AdoptedInForce
	}
	return AdoptedDraft
}
