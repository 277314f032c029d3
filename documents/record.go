package documents

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// readRecords is the right to read records and what becomes of them: users of equipment read the
// documents addressed to them, not the forms that others filled.
const readRecords = qms.ReadLibrary

// About is the kind of thing that a record is about.
type About string

// What a record may be about; AboutNothing is a record that stands for itself.
const (
	AboutNothing   About = ""
	AboutService   About = "service" // a service chain, by the number of any record of it
	AboutEquipment About = "equipment"
	AboutTraining  About = "training" // PERSON/EQUIPMENT, or PERSON/EQUIPMENT/2026-01-05
	AboutUse       About = "use"
	AboutPerson    About = "person"
	AboutDocument  About = "document"
)

// Abouts lists what a record may be about.
func Abouts() []About {
	return []About{AboutService, AboutEquipment, AboutTraining, AboutUse, AboutPerson, AboutDocument}
}

// Subject is a thing that a record is about, as its own room knows it.
type Subject struct {
	Kind  About
	Code  string // as its room writes it
	ID    qms.ID // of the row in its room
	Title string
}

// Subjects finds what records are about; server/app joins it to the rooms that know.
type Subjects interface {
	// Subject is qms.NotFound when the platform has no such thing. Day is the record's date.
	Subject(ctx context.Context, r store.Reader, platform qms.ID, kind About, code string, day qms.Date) (Subject, error)
}

// LookUp joins the rooms that know what records are about. Without it only documents are known.
func (s *Service) LookUp(subjects Subjects) *Service {
	s.subjects = subjects
	return s
}

// RecordState is how a record stands.
type RecordState string

// The states of records. The first that holds, from the end, is the one shown.
const (
	RecordSound      RecordState = "sound"    // filled on the version in force on its date
	RecordOutdated   RecordState = "outdated" // filled on a version that was not: what an auditor looks for
	RecordArchived   RecordState = "archived" // handed over to archives
	RecordEliminated RecordState = "eliminated"
	RecordVoid       RecordState = "void"
)

// RecordStates lists the states of records.
func RecordStates() []RecordState {
	return []RecordState{RecordSound, RecordOutdated, RecordArchived, RecordEliminated, RecordVoid}
}

// Record is a filled form, bound to the very version of the form it was filled on. Its file never
// changes: what was filled wrongly is corrected by another record, and a wrong entry is voided.
type Record struct {
	qms.Row
	Number    string   // ENR-2026-00001: of the year of entry, without gaps
	Form      qms.ID   // the document
	Version   qms.ID   // of the form
	Date      qms.Date // of the record, as stated; its retention counts from here
	Title     string
	TitleKey  string
	Remark    string
	AboutKind About
	AboutCode string // as its room writes it
	AboutID   qms.ID // the row in its room
	FileName  string
	MediaType string
	Size      int64 // bytes
	Content   vault.Digest
	EnteredBy qms.ID
	EnteredAt time.Time
	EnteredOn qms.Date // in the calendar of the site
	Void      string   // why it is a mistake; empty for one that counts
	VoidedOn  qms.Date
	Keeping
}

// State is how the record stands today, given the version it was filled on.
func (r *Record) State(on *Version) RecordState {
	switch {
	case r.Void != "":
		return RecordVoid
	case r.Disposal == Eliminate:
		return RecordEliminated
	case r.Disposal == Archive:
		return RecordArchived
	case !on.InForceOn(r.Date):
		return RecordOutdated
	}
	return RecordSound
}

// check tidies what a person stated and says what is wrong with it.
func (r *Record) check(today qms.Date) (wrong []qms.Field) {
	r.Title = strings.Join(strings.Fields(printable(r.Title)), " ")
	r.Remark = tidy(r.Remark)
	r.TitleKey = fold(r.Title)
	switch {
	case r.Title == "":
		wrong = append(wrong, qms.Wrong("title", "record.title_missing"))
	case utf8.RuneCountInString(r.Title) > maxTitle:
		wrong = append(wrong, qms.Wrong("title", "document.title_long", maxTitle))
	}
	if utf8.RuneCountInString(r.Remark) > maxReason {
		wrong = append(wrong, qms.Wrong("remark", "act.reason_long", maxReason))
	}
	switch {
	case r.Date == 0:
		wrong = append(wrong, qms.Wrong("date", "record.date_missing"))
	case r.Date > today:
		wrong = append(wrong, qms.Wrong("date", "record.date_to_come"))
	}
	if r.KeepUntil != 0 && r.Date != 0 && r.KeepUntil <= r.Date {
		wrong = append(wrong, qms.Wrong("keep_until", "record.kept_before"))
	}
	return wrong
}

// attach makes the file the content of the record.
func (r *Record) attach(f File) {
	r.FileName, r.MediaType, r.Size, r.Content = f.Name, f.MediaType, f.Size, f.Digest
}

// choose takes the version that the form was filled on: the one stated, else the one in force on the
// date. A version that never was approved is no form to fill.
func (r *Record) choose(versions []*Version, stated string) (*Version, []qms.Field) {
	if stated = strings.TrimSpace(stated); stated == "" {
		if v := InForce(versions, r.Date); v != nil {
			r.Version = v.ID
			return v, nil
		}
		return nil, []qms.Field{qms.Wrong("version", "record.none_in_force", r.Date)}
	}
	n, err := ParseNumber(stated)
	if err != nil {
		return nil, []qms.Field{qms.Wrong("version", "version.number_malformed", stated)}
	}
	for _, v := range versions {
		if v.Number() == n && v.EffectiveFrom != 0 {
			r.Version = v.ID
			return v, nil
		}
	}
	return nil, []qms.Field{qms.Wrong("version", "record.version_unknown", n.String())}
}
