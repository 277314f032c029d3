package audits

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// SignatureState is how a signature stands, seen from the records of now.
type SignatureState string

// The states. A signature breaks visibly when what it covers is something else (21 CFR 11.70).
const (
	SignatureHolds    SignatureState = "holds"
	SignatureBroken   SignatureState = "broken"
	SignatureReplaced SignatureState = "replaced" // the record was changed, and what it says now is signed again
	SignatureAmended  SignatureState = "amended"  // the record was corrected since by an act of the trail that no one signs
	SignatureLapsed   SignatureState = "lapsed"   // its round was taken back: it counts no more
	SignatureUnnamed  SignatureState = "unnamed"  // of before signatures named what they cover
)

// SignatureStates lists them.
func SignatureStates() []SignatureState {
	return []SignatureState{SignatureHolds, SignatureBroken, SignatureReplaced, SignatureAmended, SignatureLapsed, SignatureUnnamed}
}

// Signature is one electronic signature of a platform, with whether it still holds.
type Signature struct {
	ID      qms.ID // of the row that holds it
	Kind    string // of what is signed: version, exercise, mission-report, ...
	Meaning string // what it says: authored, verified, approved, ...
	Label   string // of what is signed, as people call it
	Title   string
	Subject qms.ID // the record
	Parts   []any  // of its address in the platform; none where it has no page
	Draft   bool   // it is a version that never took effect: its page is for who reads drafts
	Person  qms.ID
	Name    string // as it was
	At      time.Time
	Zone    string // where the site is; empty where the instant alone was noted
	Covers  string // SHA-256 in hexadecimal; empty where none was named
	State   SignatureState
}

// SignatureFilter narrows a list of signatures. Its zero fields do not, but for Readings.
type SignatureFilter struct {
	Day      qms.Date // given by then; today when none
	Kind     string
	State    SignatureState
	Person   qms.ID
	Subject  qms.ID // of one record
	Readings bool   // those of readers as well, who are many
}

// SignaturesIn are the signatures of a platform that were given by the day, the newest first, each held
// against its record as that is now: versions, exemptions, disposals, exercises, evaluations, candidacies, labels and releases.
// Readers' acknowledgements are left out. It takes a fixed number of statements, and a few more for each
// concluded exercise.
func SignaturesIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]Signature, error) {
	return signaturesIn(ctx, r, platform, SignatureFilter{Day: day})
}

func signaturesIn(ctx context.Context, r store.Reader, platform qms.ID, f SignatureFilter) ([]Signature, error) {
	if f.Day == 0 {
		f.Day = r.Today()
	}
	var all []Signature
	for _, part := range []func(context.Context, store.Reader, qms.ID, SignatureFilter) ([]Signature, error){ofVersions, ofExercises, ofRecords, ofDisposals} {
		some, err := part(ctx, r, platform, f)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	all = slices.DeleteFunc(all, func(s Signature) bool {
		return f.Kind != "" && s.Kind != f.Kind || f.State != "" && s.State != f.State || f.Person != "" && s.Person != f.Person || f.Subject != "" && s.Subject != f.Subject
	})
	slices.SortStableFunc(all, func(a, b Signature) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return all, nil
}

// ofVersions are those under the contents of versions.
func ofVersions(ctx context.Context, r store.Reader, platform qms.ID, f SignatureFilter) (all []Signature, err error) {
	err = documents.EachSigned(ctx, r, platform, f.Day, f.Readings, func(s *documents.SignedContent) { all = append(all, ofVersion(s)) })
	return all, err
}

// ofVersion is one of them.
func ofVersion(s *documents.SignedContent) Signature {
	one := Signature{ID: s.ID, Kind: "version", Meaning: string(s.Meaning), Label: s.Code + " v" + s.Of.Number().String(), Title: s.Title, Subject: s.Version,
		Parts: []any{"documents", s.Code}, Draft: !s.Taken(), Person: s.Person, Name: s.Name, At: s.SignedAt, Zone: s.Zone, State: SignatureState(s.Standing())}
	if !s.Content.IsZero() {
		one.Covers = s.Content.String()
	}
	return one
}

// ofExercises are those of who concluded exercises.
func ofExercises(ctx context.Context, r store.Reader, platform qms.ID, f SignatureFilter) (all []Signature, err error) {
	numbers, err := signedSamples(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	for _, number := range numbers {
		sheet, err := loadSheet(ctx, r, platform, number)
		if err != nil {
			return nil, err
		}
		e := &sheet.Exercise
		if r.DayOf(e.ConcludedAt) > f.Day {
			continue
		}
		one := Signature{ID: e.ID, Kind: "exercise", Meaning: "evaluation", Label: e.Number, Subject: e.ID, Parts: []any{"exercises", e.Number},
			Person: e.SignedBy, Name: e.SignedName, At: e.ConcludedAt, Zone: e.SignedZone, Covers: e.SignedDigest, State: SignatureHolds}
		switch {
		case e.SignedDigest == "":
			one.State = SignatureUnnamed
		case !sheet.Holds():
			one.State = SignatureBroken
		}
		all = append(all, one)
	}
	return all, nil
}

// ofDisposals are those under decisions about what has passed its retention.
func ofDisposals(ctx context.Context, r store.Reader, platform qms.ID, f SignatureFilter) (all []Signature, err error) {
	rows, err := documents.DisposalsSigned(ctx, r, platform, f.Day)
	for i := range rows {
		d := &rows[i]
		parts := []any{"records", d.Label}
		if code, _, cut := strings.Cut(d.Label, " v"); cut && d.Kind == documents.ItemVersion {
			parts = []any{"documents", code}
		}
		all = append(all, Signature{ID: d.ID, Kind: "disposal", Meaning: "dispose-" + string(d.Decision), Label: d.Label, Title: d.Number, Subject: d.Item, Parts: parts,
			Person: d.Person, Name: d.Name, At: d.DecidedAt, Zone: d.Zone, Covers: d.Covers(), State: SignatureState(d.Standing())})
	}
	return all, err
}

// ofRecords are those on records of the rooms.
func ofRecords(ctx context.Context, r store.Reader, platform qms.ID, f SignatureFilter) (all []Signature, err error) {
	rows, err := store.Endorsements(ctx, r, platform, f.Day)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	now, err := coveredNow(ctx, r, platform, rows)
	if err != nil {
		return nil, err
	}
	return Held(rows, now), nil
}

// Held holds signatures on records, the newest first, against what they would cover now. One that covers
// something else is replaced where a signature of that instant or later covers what the record says now.
func Held(rows []store.Endorsed, now map[string]map[qms.ID]string) (all []Signature) {
	again := map[[2]string]time.Time{} // the latest signature that holds, by kind and record
	for i := range rows {
		e := &rows[i]
		key := [2]string{e.Kind, string(e.Subject)}
		if e.Holds(now[e.Kind][e.Subject]) && e.SignedAt.After(again[key]) {
			again[key] = e.SignedAt
		}
	}
	for i := range rows {
		e := &rows[i]
		one := Signature{ID: e.ID, Kind: e.Kind, Meaning: string(e.Meaning), Label: e.Label, Subject: e.Subject, Parts: placeOf(&e.Endorsement), Person: e.Person,
			Name: e.Name, At: e.SignedAt, Zone: e.Zone, Covers: e.Digest, State: SignatureBroken}
		switch latest := again[[2]string{e.Kind, string(e.Subject)}]; {
		case e.Holds(now[e.Kind][e.Subject]):
			one.State = SignatureHolds
		case !latest.IsZero() && !latest.Before(e.SignedAt):
			one.State = SignatureReplaced
		case e.Since && e.Kind == trace.SignedRelease: // a correction of a report is an act with its reason, and asks for no signature
			one.State = SignatureAmended
		}
		all = append(all, one)
	}
	return all
}

// coveredNow is what the signatures would cover now, by kind and record: each room says it of its own.
func coveredNow(ctx context.Context, r store.Reader, platform qms.ID, rows []store.Endorsed) (map[string]map[qms.ID]string, error) {
	now, err := label.CoveredIn(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	exempt, err := documents.CoveredIn(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	var reports []qms.ID
	for _, e := range rows {
		if e.Kind == trace.SignedRelease {
			reports = append(reports, e.Subject)
		}
	}
	released, err := trace.CoveredIn(ctx, r, platform, reports)
	now[documents.SignedExemption], now[trace.SignedRelease] = exempt[documents.SignedExemption], released[trace.SignedRelease]
	return now, err
}

// placeOf is the address of what an endorsement is under.
func placeOf(e *qms.Endorsement) []any {
	switch e.Kind {
	case label.SignedReport, label.SignedDecision, label.SignedCondition:
		return []any{"label", "missions", e.Label}
	case label.SignedEvent, label.SignedLabel:
		return []any{"label", "awards", e.Label}
	case label.SignedCandidacy:
		return []any{"label", "candidacy", string(e.Subject)}
	case trace.SignedRelease:
		return []any{"services", e.Label}
	case documents.SignedExemption:
		return []any{"documents", "exemptions"}
	}
	return nil
}

// Signatures lists the signatures of a platform, the newest first, with how many stand in which state
// whatever the filter's state says.
func (s *Service) Signatures(ctx context.Context, platform qms.ID, f SignatureFilter, c qms.Cursor) (page qms.Page[Signature], counts map[SignatureState]int, err error) {
	after, err := qms.DecodeAfter(c.After, 1)
	if err != nil {
		return page, nil, err
	}
	wanted := f.State
	f.State = ""
	var all []Signature
	err = s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) error {
		all, err = signaturesIn(ctx, r, platform, f)
		return err
	})
	if err != nil {
		return page, nil, err
	}
	counts = map[SignatureState]int{}
	for _, one := range all {
		counts[one.State]++
	}
	all = slices.DeleteFunc(all, func(one Signature) bool { return wanted != "" && one.State != wanted })
	if after != nil {
		at := slices.IndexFunc(all, func(one Signature) bool { return string(one.ID) == after[0] })
		all = all[at+1:] // from the beginning when it is not there any more
	}
	page = qms.PageOf(all[:min(len(all), c.Limit()+1)], c.Limit(), func(one Signature) string { return qms.EncodeAfter(string(one.ID)) })
	return page, counts, nil
}

// SignaturesOn are the signatures on records of a platform, the newest first, held against what they would
// cover now, which the page of those records has read: it decides who may. One statement.
func (s *Service) SignaturesOn(ctx context.Context, platform qms.ID, now map[string]map[qms.ID]string) (own []Signature, err error) {
	var records []qms.ID
	for _, of := range now {
		for id := range of {
			records = append(records, id)
		}
	}
	err = s.db.View(ctx, qms.ReadPlatform.On(platform), func(r store.Reader) error {
		rows, err := store.EndorsementsOn(ctx, r, platform, records)
		own = Held(rows, now)
		return err
	})
	return own, err
}
