package documents

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// Sheet is one document with all that a reader may know of it as of a day, described as it was then.
type Sheet struct {
	Document
	AsOf       qms.Date
	KindOf     Kind        // zero when the kind is unknown
	ProcessOf  Process     // zero when there is none
	Versions   []Entry     // newest first, those that existed by the day and that the reader may see
	InForce    *Entry      // nil when none is
	Current    *Entry      // what a reader meets: in force, else the newest; nil for a document without any
	Open       *Entry      // the draft or the version in review, nil when there is none
	Refers     []Reference // what its current text names
	ReferredBy []Reference // whose current text names it
	Names      map[qms.ID]string
	Distribution
}

// Entry is a version as it stood on the day of the sheet.
type Entry struct {
	Version
	StateThen  State
	Signatures []Signature
	Exempt     *Exemption       // the exemption it was put in review under, nil when none
	Comments   []Comment        // in their order; none for who may not read drafts
	Reviews    []PeriodicReview // that ended without a change, the newest first
	Print      *Print           // what there is of its PDF, nil when it can have none
}

// Reference is one link seen from a document, with the other end of it.
type Reference struct {
	Link
	Other   *Document // nil when the code is unknown
	State   State     // of the other's current version; "" when unknown or without a version
	Number  Number    // of that version
	Problem Problem
	Decided *LinkDecision // what a person said about a suggestion; nil while nobody did
}

// Problem is what is wrong with a link.
type Problem string

// The problems of links.
const (
	Sound     Problem = ""
	Unknown   Problem = "unknown"   // no document has the code
	Obsolete  Problem = "obsolete"  // the document named is superseded or withdrawn, and nothing of it is in force
	Suggested Problem = "suggested" // by a title too short or too shared to be sure
	NotMeant  Problem = "dismissed" // was suggested, and a person said that it is none
)

// SheetByCode shows a document as of a day; today when the day is zero.
func (s *Service) SheetByCode(ctx context.Context, platform qms.ID, code string, day qms.Date) (*Sheet, error) {
	tidy, err := TidyCode(code)
	if err != nil {
		return nil, qms.NotFound("document.not_found")
	}
	var sheet *Sheet
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		d, err := documentByCode(ctx, r, platform, tidy)
		if err != nil {
			return err
		}
		sheet, err = s.sheet(ctx, r, d, day)
		return err
	})
	return sheet, err
}

// SheetOf is SheetByCode for who knows the document's ID.
func (s *Service) SheetOf(ctx context.Context, platform, document qms.ID, day qms.Date) (sheet *Sheet, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		d, err := documentByID(ctx, r, platform, document)
		if err != nil {
			return err
		}
		sheet, err = s.sheet(ctx, r, d, day)
		return err
	})
	return sheet, err
}

// mayRead reports whether the reader may see the version: all that was ever approved, and the rest
// only with the right to read drafts. What was withdrawn from its review was never approved.
func mayRead(r store.Reader, v *Version, state State) bool {
	return wasApproved(v, state) || r.Actor().Can(qms.ReadDrafts.On(v.Platform))
}

func wasApproved(v *Version, state State) bool {
	return state != Draft && state != InReview && v.EffectiveFrom != 0
}

func (s *Service) sheet(ctx context.Context, r store.Reader, d *Document, day qms.Date) (*Sheet, error) {
	if day == 0 {
		day = r.Today()
	}
	sheet := &Sheet{Document: *d, AsOf: day}
	versions, err := versionsOf(ctx, r, d.ID)
	if err != nil {
		return nil, err
	}
	if sheet.fill(r, versions); len(sheet.Versions) == 0 && !r.Actor().Can(qms.ReadDrafts.On(d.Platform)) {
		return nil, qms.NotFound("document.not_found")
	}
	if err := sheet.sign(ctx, r); err != nil {
		return nil, err
	}
	for _, more := range []func(context.Context, store.Reader) error{sheet.exempt, sheet.discuss, sheet.review, s.prints(sheet), sheet.refer, s.distributed(sheet)} {
		if err := more(ctx, r); err != nil {
			return nil, err
		}
	}
	codes, err := codesOf(ctx, r, d.Platform)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(codes.kinds, func(k Kind) bool { return k.Code == sheet.Kind }); i >= 0 {
		sheet.KindOf = codes.kinds[i]
	}
	sheet.ProcessOf = codes.processes[sheet.Process]
	sheet.Names, err = s.people.Names(ctx, r, sheet.persons())
	return sheet, err
}

// fill takes the versions that existed by the day and that the reader may see.
func (s *Sheet) fill(r store.Reader, versions []*Version) {
	for _, v := range versions {
		state, exists := v.StateOn(s.AsOf)
		if exists && mayRead(r, v, state) {
			s.Versions = append(s.Versions, Entry{Version: *v, StateThen: state})
		}
	}
	for i := range s.Versions {
		e := &s.Versions[i]
		switch {
		case e.StateThen == Effective:
			s.InForce = e
		case (e.StateThen == Draft || e.StateThen == InReview) && s.Open == nil:
			s.Open = e
		}
	}
	s.Current = s.InForce
	for i := range s.Versions {
		if s.Current == nil && s.Versions[i].StateThen != Withdrawn {
			s.Current = &s.Versions[i]
		}
	}
	if s.Current == nil && len(s.Versions) > 0 {
		s.Current = &s.Versions[0]
	}
}

func (s *Sheet) sign(ctx context.Context, r store.Reader) error {
	ids := make([]qms.ID, len(s.Versions))
	for i := range s.Versions {
		ids[i] = s.Versions[i].ID
	}
	signatures, err := signaturesOf(ctx, r, ids)
	for _, sig := range signatures {
		for i := range s.Versions {
			if s.Versions[i].ID == sig.Version {
				s.Versions[i].Signatures = append(s.Versions[i].Signatures, sig)
			}
		}
	}
	return err
}

// refer fills the links in both directions. Only what the current text of a document says counts.
func (s *Sheet) refer(ctx context.Context, r store.Reader) error {
	var out []*Link
	if s.Current != nil {
		var err error
		if out, err = linksOfVersions(ctx, r, []qms.ID{s.Current.ID}); err != nil {
			return err
		}
	}
	in, err := linksTo(ctx, r, s.Platform, s.ID)
	if err != nil {
		return err
	}
	others := map[qms.ID]bool{}
	for _, l := range out {
		others[l.Target] = true
	}
	for _, l := range in {
		others[l.Document] = true
	}
	delete(others, "")
	known, err := standingOf(ctx, r, s.Platform, sortedKeys(others), s.AsOf)
	if err != nil {
		return err
	}
	if known.decided, err = decisionsOf(ctx, r, s.Platform, s.ID); err != nil {
		return err
	}
	s.place(r, known, out, in)
	return nil
}

// place keeps the links that count, those that are surest first.
func (s *Sheet) place(r store.Reader, known *standing, out, in []*Link) {
	for _, l := range out {
		if ref := known.reference(*l, l.Target); !l.Gone && known.reaches(l.Target) && ref.Problem != NotMeant {
			s.Refers = append(s.Refers, ref)
		}
	}
	for _, l := range in {
		if known.current(r, l.Document) != l.Version {
			continue
		}
		if ref := known.reference(*l, l.Document); ref.Problem != NotMeant {
			s.ReferredBy = append(s.ReferredBy, ref)
		}
	}
	slices.SortStableFunc(s.Refers, surestFirst)
	slices.SortStableFunc(s.ReferredBy, surestFirst)
}

// surestFirst orders references by code, those only suggested after the others.
func surestFirst(a, b Reference) int {
	if a.Suggested != b.Suggested {
		if b.Suggested {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.shown(), b.shown())
}

func (ref Reference) shown() string {
	if ref.Other != nil {
		return ref.Other.Code
	}
	return ref.Code
}

// persons are all persons that the sheet names.
func (s *Sheet) persons() []qms.ID {
	set := map[qms.ID]bool{s.Owner: true}
	for _, v := range s.Versions {
		set[v.Author], set[v.Verifier], set[v.Approver] = true, true, true
	}
	for _, a := range s.Addressees {
		set[a.Person] = true
	}
	delete(set, "")
	return sortedKeys(set)
}

// standing is how some documents stand on a day.
type standing struct {
	day       qms.Date
	documents map[qms.ID]*Document
	versions  map[qms.ID][]*Version
	decided   decisions
}

func standingOf(ctx context.Context, r store.Reader, platform qms.ID, ids []qms.ID, day qms.Date) (*standing, error) {
	st := &standing{day: day, versions: map[qms.ID][]*Version{}}
	var err error
	if st.documents, err = documentsByID(ctx, r, platform, ids); err != nil {
		return nil, err
	}
	versions, err := versionsOfDocuments(ctx, r, ids)
	st.take(r, versions)
	return st, err
}

// take sorts versions to their documents, and forgets the documents that the reader may see no
// version of: a readable text that names a draft does not tell who else reads it what it is called.
func (st *standing) take(r store.Reader, versions []*Version) {
	shown := map[qms.ID]bool{}
	for _, v := range versions {
		st.versions[v.Document] = append(st.versions[v.Document], v)
		state, exists := v.StateOn(st.day)
		shown[v.Document] = shown[v.Document] || exists && mayRead(r, v, state)
	}
	for id, d := range st.documents {
		if !shown[id] && !r.Actor().Can(qms.ReadDrafts.On(d.Platform)) {
			delete(st.documents, id)
		}
	}
}

// current is the version of the document whose text a reader meets; "" when the reader may not.
func (st *standing) current(r store.Reader, document qms.ID) qms.ID {
	v := Current(st.versions[document], st.day)
	if v == nil || !st.reaches(document) {
		return ""
	}
	if state, _ := v.StateOn(st.day); !mayRead(r, v, state) {
		return ""
	}
	return v.ID
}

// reaches reports whether the document is within the reader's reach. A code that no document has is.
func (st *standing) reaches(document qms.ID) bool {
	return document == "" || st.documents[document] != nil
}

func (st *standing) reference(l Link, other qms.ID) Reference {
	ref := Reference{Link: l, Other: st.documents[other]}
	if v := Current(st.versions[other], st.day); v != nil {
		ref.State, _ = v.StateOn(st.day)
		ref.Number = v.Number()
	}
	if ref.Decided = st.decided.about(l, st.day); ref.Decided != nil && ref.Decided.Verdict == Confirmed {
		ref.Suggested = false
	}
	switch {
	case l.Target == "":
		ref.Problem = Unknown
	case ref.Decided != nil && ref.Decided.Verdict == Dismissed:
		ref.Problem = NotMeant
	case other == l.Target && (ref.State == Superseded || ref.State == Withdrawn):
		ref.Problem = Obsolete
	case ref.Suggested:
		ref.Problem = Suggested
	}
	return ref
}

// LinkOf is one link of the platform, both ends known.
type LinkOf struct {
	From   Document
	Number Number // of the version whose text it is
	Reference
}

// LinksIn lists all links that the current texts of the platform's documents make as of the day, by
// the code of the document they stand in. With drafts, those of drafts too. What was suggested and
// dismissed is none.
func LinksIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]LinkOf, error) {
	st, err := standingOfAll(ctx, r, platform, day)
	if err != nil {
		return nil, err
	}
	links, err := linksOf(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(st.links(r, links), func(l LinkOf) bool { return l.Problem == NotMeant }), nil
}

// standingOfAll is how all documents of the platform stand on the day.
func standingOfAll(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (*standing, error) {
	st := &standing{day: day, documents: map[qms.ID]*Document{}, versions: map[qms.ID][]*Version{}}
	documents, err := documentsOf(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	versions, err := versionsOfPlatform(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	for _, d := range documents {
		st.documents[d.ID] = d
	}
	st.take(r, versions)
	st.decided, err = decisionsOf(ctx, r, platform, "")
	return st, err
}

// links are those of the rows that current texts make, dismissed suggestions among them, in order.
func (st *standing) links(r store.Reader, rows []*Link) (all []LinkOf) {
	for _, l := range rows {
		if st.current(r, l.Document) == l.Version && st.reaches(l.Target) {
			from := Current(st.versions[l.Document], st.day)
			all = append(all, LinkOf{*st.documents[l.Document], from.Number(), st.reference(*l, l.Target)})
		}
	}
	slices.SortStableFunc(all, func(a, b LinkOf) int {
		return cmp.Or(cmp.Compare(a.From.Code, b.From.Code), cmp.Compare(a.shown(), b.shown()))
	})
	return all
}

// Links is LinksIn for a day, today when it is zero.
func (s *Service) Links(ctx context.Context, platform qms.ID, day qms.Date) (all []LinkOf, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		if day == 0 {
			day = r.Today()
		}
		all, err = LinksIn(ctx, r, platform, day)
		return err
	})
	return all, err
}
