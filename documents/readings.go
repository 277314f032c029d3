package documents

import (
	"slices"
	"time"

	"maillon/qms"
)

// ReadingState is how a reader stands on a document that is addressed to them.
type ReadingState string

// The states of a reading.
const (
	HasRead  ReadingState = "read"
	ToRead   ReadingState = "to-read"
	ReadLate ReadingState = "late" // asked for longer than the rule allows
)

// ReadingRule is what a platform settles about readings.
type ReadingRule struct {
	qms.Row
	LateDays int64 // a reading is late when it was asked for more days ago
}

// DefaultLateDays is after how many days a reading is late unless the platform says otherwise.
const DefaultLateDays = 14

// Reading is how one reader stands on one document in force on a day.
type Reading struct {
	Document *Document
	Version  *Version // the one in force
	Reader   Reader
	State    ReadingState
	Since    qms.Date // from when the reading is asked
	Until    qms.Date // the last day on which it is not late
	Read     Number   // the version that was read; zero while none was
	ReadOn   qms.Date
	ReadAt   time.Time
}

// changesLittle reports whether the version, by its number a minor one after before, asks nobody who
// has read that one to read again.
func (v *Version) changesLittle(before *Version) bool {
	return !v.Rereads && v.Minor > 0 && v.Major == before.Major
}

// counted are the versions whose reading counts for v, the newest first: v itself and, for as long as
// only minor changes lie between, those in force before it. Versions come newest first.
func (v *Version) counted(versions []*Version) []*Version {
	counted := []*Version{v}
	for _, before := range versions {
		last := counted[len(counted)-1]
		if before.Number().Compare(last.Number()) >= 0 {
			continue
		}
		if _, was := before.Period(); !was {
			continue // it was never in force
		}
		if !last.changesLittle(before) {
			break
		}
		counted = append(counted, before)
	}
	return counted
}

// Readings is how everybody to whom the document is addressed on the day stands on the version then in
// force, by name; nobody is asked while none is, or while it has no content to read. Entries, versions
// (newest first) and signatures are those of the document. It is pure.
func Readings(d *Document, versions []*Version, entries []Addressee, holdings []Holding, signatures []Signature, lateDays int64, day qms.Date) (readings []Reading) {
	v := InForce(versions, day)
	if v == nil || !v.HasContent() {
		return nil
	}
	about := slices.DeleteFunc(slices.Clone(entries), func(a Addressee) bool { return !a.about(d) })
	counted := v.counted(versions)
	asked := counted[len(counted)-1].EffectiveFrom
	signed := signedBy(counted, signatures, day)
	for _, reader := range Readers(about, holdings, day) {
		r := Reading{Document: d, Version: v, Reader: reader, State: ToRead, Since: max(asked, reader.Since)}
		r.Until = r.Since.AddDays(int(lateDays))
		switch s, found := signed[reader.Person]; {
		case found:
			r.State, r.Read, r.ReadOn, r.ReadAt = HasRead, s.number, s.SignedOn, s.SignedAt
		case day > r.Until:
			r.State = ReadLate
		}
		readings = append(readings, r)
	}
	return readings
}

// signing is the reading of one version.
type signing struct {
	Signature
	number Number
}

// signedBy is the reading of each person that counts on the day: of the newest version they have read.
func signedBy(counted []*Version, signatures []Signature, day qms.Date) map[qms.ID]signing {
	signed := map[qms.ID]signing{}
	for _, v := range counted {
		for _, s := range signatures {
			if _, newer := signed[s.Person]; !newer && s.Version == v.ID && s.Meaning == ReadBy && s.SignedOn <= day {
				signed[s.Person] = signing{s, v.Number()}
			}
		}
	}
	return signed
}

// ReadingsDue lists the readings that are still asked for, each on the last day on which it is not
// late. It is pure.
func ReadingsDue(readings []Reading) (due []qms.Due) {
	for _, r := range readings {
		if r.State == HasRead {
			continue
		}
		due = append(due, qms.Due{
			Key:  "reading:" + string(r.Version.ID) + ":" + string(r.Reader.Person),
			Kind: "reading", Platform: r.Document.Platform, Subject: r.Document.ID,
			Title: r.Document.Code + " " + r.Document.Title, On: r.Until, Person: r.Reader.Person, Parts: []string{"documents", r.Document.Code}, Revision: r.Version.Revision,
		})
	}
	slices.SortStableFunc(due, func(a, b qms.Due) int { return int(a.On - b.On) })
	return due
}
