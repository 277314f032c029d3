package app

import (
	"testing"

	"maillon/documents"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/locale"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
	"maillon/scheduler"
	"maillon/scheduler/calendar"
)

// moving is a platform on which something of every kind falls due, and what moves the day of each.
type moving struct {
	site    *site
	person  qms.ID
	today   qms.Date
	ofSite  []qms.Record // rows of no platform
	rows    []qms.Record
	updates map[string]func() []qms.Record // by kind: changed rows
	inserts map[string]func() []qms.Record // by kind: new rows
}

func (m *moving) row() qms.Row { return qms.Row{ID: qms.NewID(m.site.DB.Now())} }

// due adds rows and what moves the day of what they make due.
func (m *moving) due(kind string, move func(), rows ...qms.Record) {
	m.rows = append(m.rows, rows...)
	m.updates[kind] = func() []qms.Record { move(); return rows }
}

// later adds rows and the ones that come later and move the day.
func (m *moving) later(kind string, later func() []qms.Record, rows ...qms.Record) {
	m.rows = append(m.rows, rows...)
	m.inserts[kind] = later
}

func (m *moving) version(d *documents.Document, from qms.Date) *documents.Version {
	return &documents.Version{Row: m.row(), Document: d.ID, Major: 1, State: documents.Approved, FileName: "a.txt", MediaType: "text/plain", Size: 1,
		Content: vault.Digest{1}, CreatedOn: from, ApprovedOn: from, EffectiveFrom: from}
}

func (m *moving) document(code string) *documents.Document {
	return &documents.Document{Row: m.row(), Code: code, Kind: "PR", Title: "Acheter", Owner: m.person, Confidentiality: documents.Internal}
}

func (m *moving) documents() {
	day := m.today
	reviewed := m.document("PR-ACH-001")
	version := m.version(reviewed, day-100)
	version.ReviewOn = day + 30
	m.rows = append(m.rows, reviewed)
	m.due("review", func() { version.ReviewOn += 9 }, version)
	watched := m.document("EX-ACH-002")
	watched.WatchMonths, watched.WatchOn = 12, day+20
	m.due("watch", func() { watched.WatchOn -= 9 }, watched)
	kept := m.document("PR-ACH-003")
	kept.RetentionMonths = 12
	ended := m.version(kept, day-900)
	ended.EffectiveUntil = day - 100
	m.due("retention", func() { kept.RetentionMonths = 24 }, kept)
	m.rows = append(m.rows, ended)
	rule := &documents.ReadingRule{Row: m.row(), LateDays: 14}
	m.due("reading", func() { rule.LateDays = 30 }, rule)
	m.rows = append(m.rows, &documents.Addressee{Row: m.row(), Document: reviewed.ID, Person: m.person, FromDate: day - 50})
	template := &documents.KitTemplate{Row: m.row(), Code: "PR-QUA-001", French: "Modèle", English: "Template", Kind: "PR", Language: "fr"}
	first := &documents.KitVersion{Row: m.row(), Template: template.ID, Major: 1, FileName: "a.txt", Content: vault.Digest{1}, PublishedOn: day - 90}
	second := &documents.KitVersion{Row: m.row(), Template: template.ID, Major: 2, FileName: "a.txt", Content: vault.Digest{2}, PublishedOn: day - 20}
	m.ofSite = append(m.ofSite, template, first, second)
	copied := &documents.KitCopy{Row: m.row(), Document: reviewed.ID, Template: template.ID, Version: first.ID, CopiedOn: day - 50}
	m.due("kit", func() { copied.CopiedOn = day - 5 }, copied)
}

func (m *moving) traces() {
	day := m.today
	piece := &trace.Equipment{Row: m.row(), Code: "EQ-001", Name: "Microscope"}
	m.rows = append(m.rows, piece)
	trained := &trace.Training{Row: m.row(), Person: m.person, Equipment: piece.ID, Date: day - 300, Months: 12}
	m.due("training", func() { trained.Months = 11 }, trained)
	m.later("calibration", func() []qms.Record { // found unfit: what held ends on that day
		return []qms.Record{&trace.Calibration{Row: m.row(), Equipment: piece.ID, Date: day - 3, Outcome: trace.Nonconforming}}
	}, &trace.Calibration{Row: m.row(), Equipment: piece.ID, Date: day - 300, Months: 12, Outcome: trace.Conforming})
	cared := &trace.EquipmentEvent{Row: m.row(), Equipment: piece.ID, Kind: trace.Preventive, Date: day - 40, Ended: day - 40, Program: "Nettoyage", Months: 3}
	m.due("maintenance", func() { cared.NextOn = day + 3 }, cared)
	asked := &trace.Request{Row: m.row(), Number: "DEM-1", Date: day - 60, Client: "Client 01"}
	quote := &trace.Quote{Row: m.row(), Number: "DEV-1", Request: "DEM-1", Date: day - 20, ValidUntil: day + 20}
	m.rows = append(m.rows, asked)
	m.due("quote", func() { quote.ValidUntil += 10 }, quote)
	m.later("invoice", func() []qms.Record {
		return []qms.Record{&trace.Report{Row: m.row(), Number: "RAP-2", Request: "DEM-1", Date: day - 2, AnalysedOn: day - 2, Operator: m.person, Equipment: piece.ID}}
	}, &trace.Report{Row: m.row(), Number: "RAP-1", Request: "DEM-1", Date: day - 10, AnalysedOn: day - 10, Operator: m.person, Equipment: piece.ID})
	impact := &trace.Impact{Row: m.row(), Number: "IMP-1", Kind: trace.ByFault, Words: "Dérive", FoundOn: day - 9, OpenedBy: m.person, OpenedOn: day - 9}
	m.due("impact", func() { impact.OpenedOn++ }, impact)
}

func (m *moving) programme() {
	day := m.today
	came := &label.Candidacy{Row: m.row(), ReceivedOn: day - 20}
	m.due("letter", func() { came.ReceivedOn = day - 10 }, came)
	signed := &label.Candidacy{Row: m.row(), ReceivedOn: day - 20, EndedOn: day + 9, Signatories: []label.Signatory{{Name: "Agent 07", SignedOn: day - 15}}}
	m.due("eligibility", func() { signed.Signatories = []label.Signatory{{Name: "Agent 07", SignedOn: day - 12}} }, signed)
	plan := &label.Accompaniment{Row: m.row(), Start: day - 20, Months: 15, Officer: m.person}
	m.rows = append(m.rows, plan)
	m.later("session", func() []qms.Record {
		return []qms.Record{&label.Meeting{Row: m.row(), Accompaniment: plan.ID, Number: "SEA-1", Day: day + 2, Officer: m.person, State: label.Planned}}
	})
	owed := &label.Deliverable{Row: m.row(), Accompaniment: plan.ID, Number: "LIV-001", Title: "Organigramme", Owner: m.person, AskedOn: day - 20, DueOn: day + 8,
		FirstDue: day + 8, State: label.ToDeliver}
	m.due("deliverable", func() { owed.DueOn += 21; owed.Carried++ }, owed)
	grid := &label.Referential{Row: m.row(), Number: 1, Name: "Grille", State: label.ReferentialPublished, OpenedOn: day - 200, EffectiveFrom: day - 200, PublishedOn: day - 200}
	criterion := &label.Criterion{Row: m.row(), Referential: grid.ID, Code: "A1"}
	m.ofSite = append(m.ofSite, grid, criterion)
	answer := &label.Answer{Row: m.row(), Code: "A1", Serial: 1, Criterion: criterion.ID, Gap: "Rien n’est écrit", CloseBy: day + 10, Person: m.person, AnsweredOn: day - 9}
	answer.Thread = answer.ID
	again := *answer
	again.ID, again.Serial, again.CloseBy, again.AnsweredOn = m.row().ID, 2, day+40, day
	m.due("gap", func() { answer.ReplacedOn = day }, answer)
	m.inserts["gap"] = func() []qms.Record { return []qms.Record{&again} }
	other := &label.OtherLabel{Row: m.row(), Kind: label.OtherISO9001, FromDate: day - 300, UntilDate: day + 60}
	m.due("other-label", func() { other.UntilDate += 30 }, other)
	grant := &people.RoleGrant{Row: m.row(), Person: m.person, Role: qms.Member, FromDate: day - 30, UntilDate: day + 30}
	m.due("role", func() { grant.UntilDate += 30 }, grant)
}

func (m *moving) labels() {
	day := m.today
	reported := &label.Mission{Row: m.row(), Number: "EVA-2", Kind: label.MissionFollowUp24, OpenedOn: day - 30, AccessFrom: day - 30, AccessUntil: day + 30, ReportOn: day - 3}
	m.due("observations", func() { reported.ReportOn++ }, reported)
	mission := &label.Mission{Row: m.row(), Number: "EVA-1", Kind: label.MissionInitial, OpenedOn: day - 300, AccessFrom: day - 300, AccessUntil: day - 200, ReportOn: day - 200}
	decision := &label.MissionDecision{Row: m.row(), Mission: mission.ID, Date: day - 150, Outcome: label.OutcomeAward}
	m.rows = append(m.rows, mission, decision)
	condition := &label.AwardCondition{Row: m.row(), Mission: mission.ID, Decision: decision.ID, Position: 1, Words: "Écrire la procédure", DueOn: day + 20}
	m.due("condition", func() { condition.DueOn += 10 }, condition)
	award := &label.Label{Row: m.row(), Number: "LAB-1", Mission: mission.ID, Decision: decision.ID, AwardedOn: day - 150}
	m.due("label", func() { award.AwardedOn -= 10 }, award)
	for _, kind := range []string{"follow-up", "renewal"} { // by the same row
		m.updates[kind] = func() []qms.Record { return nil }
	}
}

// told is the calendar of the platform, by the identifiers of its events, and what each is about.
func (m *moving) told(t *testing.T) (map[string]calendar.Event, map[string]scheduler.DueItem) {
	t.Helper()
	list, err := m.site.Agenda.All(storetest.AsSystem(), scheduler.DueFilter{Platform: m.site.platform["PLT"], Until: m.today.AddMonths(120)})
	if err != nil {
		t.Fatal(err)
	}
	f := scheduler.Fetched{Items: list.Page.Items}
	events, items := map[string]calendar.Event{}, map[string]scheduler.DueItem{}
	for n, e := range f.Calendar(locale.For("fr"), "https://qualite.site.example", func(scheduler.DueItem) string { return "/" }).Events {
		if _, twice := events[e.UID]; twice {
			t.Errorf("%s comes twice", list.Page.Items[n].Key)
		}
		events[e.UID], items[e.UID] = e, list.Page.Items[n]
	}
	return events, items
}

func (m *moving) change(t *testing.T, platform qms.ID, do func(tx *store.Tx) error) {
	t.Helper()
	act := qms.Act{Name: "registers.import", Needs: qms.OperateSite.OnSite(), Platform: platform}
	if platform != "" {
		act.Needs = qms.ImportRegisters.On(platform)
	}
	if err := m.site.DB.Change(storetest.AsSystem(), act, do); err != nil {
		t.Fatal(err)
	}
}

// TestDues_MovedAreTheSameEventWithAHigherSequence makes something of every kind fall due, moves the day
// of each, and looks at what calendars see of it (RFC 5545, sections 3.8.4.7 and 3.8.7.4).
func TestDues_MovedAreTheSameEventWithAHigherSequence(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			opened := storetest.Open(t, engine)
			s := openSiteAt(t, Settings{Data: t.TempDir(), Database: storetest.URL(opened), Origin: "maillon", Zone: "Europe/Paris"})
			user, err := s.People.AddUser(asSystem(t), people.AddUser{Email: "agent01@plateforme.example", Name: "Agent 01", Role: qms.Manager, Platform: s.platform["PLT"], Password: "une phrase de passe"})
			if err != nil {
				t.Fatal(err)
			}
			m := &moving{site: s, person: user.Person, today: s.DB.Today(), updates: map[string]func() []qms.Record{}, inserts: map[string]func() []qms.Record{}}
			m.documents()
			m.traces()
			m.programme()
			m.labels()
			m.change(t, "", func(tx *store.Tx) error { return tx.Insert(storetest.AsSystem(), m.ofSite...) })
			m.change(t, s.platform["PLT"], func(tx *store.Tx) error { return tx.Insert(storetest.AsSystem(), m.rows...) })
			m.moved(t)
		})
	}
}

func (m *moving) moved(t *testing.T) {
	before, items := m.told(t)
	here := m.site.platform["PLT"]
	m.change(t, here, func(tx *store.Tx) error {
		var updated, inserted []qms.Record
		for _, kind := range scheduler.Kinds() {
			if update := m.updates[kind]; update != nil {
				updated = append(updated, update()...)
			}
			if insert := m.inserts[kind]; insert != nil {
				inserted = append(inserted, insert()...)
			}
		}
		if err := tx.Update(storetest.AsSystem(), updated...); err != nil {
			return err
		}
		return tx.Insert(storetest.AsSystem(), inserted...)
	})
	after, _ := m.told(t)
	// The day of a signature follows from its round, which nothing moves; integrity is of no platform's list.
	seen := map[string]bool{"signature": true, "integrity": true}
	for uid, was := range before {
		seen[items[uid].Kind] = true
		is, found := after[uid]
		switch {
		case !found:
			t.Errorf("%s: the event %s is gone", items[uid].Kind, items[uid].Key)
		case is.Day == was.Day:
			t.Errorf("%s: the day stays %s", items[uid].Kind, is.Day)
		case is.Sequence <= was.Sequence:
			t.Errorf("%s: moved from %s to %s, sequence %d after %d", items[uid].Kind, was.Day, is.Day, is.Sequence, was.Sequence)
		}
	}
	for _, kind := range scheduler.Kinds() {
		if !seen[kind] {
			t.Errorf("nothing of the kind %s fell due", kind)
		}
	}
}
