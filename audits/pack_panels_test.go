package audits

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"maillon/audits/pack"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/locale"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
)

// programme tells the room of the label who is who.
type programme struct{}

func (programme) NamesOf(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	return people.NamesOf(ctx, r, persons)
}

func (programme) Holders(_ context.Context, _ store.Reader, on qms.ID, _ qms.Date) ([]label.Holder, error) {
	if on != "" {
		return nil, nil
	}
	return []label.Holder{{Person: storetest.AgentID(2), Name: "Agent 02", Role: qms.QualityOfficer}}, nil
}

// Stand knows documents by their codes and takes everything else for what it is said to be.
func (programme) Stand(ctx context.Context, r store.Reader, platform qms.ID, links []label.Link, day qms.Date) ([]label.Proof, error) {
	var found []label.Proof
	for _, l := range links {
		p := label.Proof{Link: l, Standing: label.EvidenceCurrent}
		if l.Kind == label.LinkDocument {
			known, err := documents.NamedOn(ctx, r, platform, []string{l.Code}, day)
			if err != nil {
				return nil, err
			}
			p.Title, p.Version = known[l.Code].Title, known[l.Code].Version
		}
		if l.Kind == label.LinkTraining { // named by its identifier here
			p.Parts = []string{"people", "trainings", strings.ToLower(l.Code)}
		}
		found = append(found, p)
	}
	return found, nil
}

func got[T any](v T, err error) func(*workshop) T {
	return func(w *workshop) T {
		w.t.Helper()
		w.must(err)
		return v
	}
}

// furnish hands the room of packs the others, and gives the platform a label, people, sessions, answers
// with evidence, a calibrated microscope and what it produces.
func (w *workshop) furnish() (last *label.Deliverable) {
	w.t.Helper()
	officer := storetest.As(qms.QualityOfficer)
	labels := label.New(w.db, programme{}).ProveBy(programme{})
	w.documents, w.label = documents.New(w.db, w.vault, register{}), labels
	w.trace.KeepIn(w.vault)
	w.rooms = []Room{w.trace, labels}
	uni := got(labels.AddInstitution(officer, label.StateInstitution{ShortName: "UNIV", Name: "Université"}))(w)
	got(labels.ReceiveCandidacy(officer, label.StateCandidacy{Target: label.Target{Platform: w.platform.ID}, ReceivedOn: day("2023-01-10"), Institutions: []qms.ID{uni.ID}, Signatories: []label.Signatory{{Name: "Agent 09", Function: "Direction", SignedOn: day("2023-02-01")}},
		Team: []label.TeamMember{{Name: "Agent 01", Part: "Métrologie", Lead: true}}, Included: "Microscopie confocale"}))(w)
	got(labels.TakeOverLabel(officer, label.TakeOverLabel{Platform: w.platform.ID, Number: "LAB-24-7", Body: "Comité", Perimeter: "Microscopie", AwardedOn: day("2023-12-15"), Source: "procès-verbal"}))(w)
	got(labels.StartAccompaniment(officer, label.StartAccompaniment{Platform: w.platform.ID, PlanTerms: label.PlanTerms{Start: day("2026-06-01"), Months: 12, Officer: storetest.AgentID(2), Aim: "Renouveler"}}))(w)
	m := got(labels.PlanMeeting(w.lead, label.PlanMeeting{Platform: w.platform.ID, MeetingTerms: label.MeetingTerms{Day: day("2026-07-01"), Start: 14 * 60, Minutes: 120, Place: "Salle A",
		Attendees: []label.Attendee{{Name: "Invitée 01"}}}}))(w)
	sample := got(labels.TakeSample(officer, "Exemple", "n’est pas la grille officielle"))(w)
	got(labels.PublishReferential(officer, label.PublishReferential{OnReferential: label.OnReferential{Number: sample.Number, Revision: sample.Revision}, EffectiveFrom: w.db.Today()}))(w)
	answer := got(labels.StateAnswer(w.lead, label.StateAnswer{Platform: w.platform.ID, Code: "Q-05", Level: label.LargelyMet, Remark: "Tout est codé", Gap: "Deux fiches à relire", CloseBy: day("2026-06-30"),
		Links: []label.Link{{Kind: label.LinkDocument, Code: "MO-MIC-001"}, {Kind: label.LinkService, Code: "FAC-2026-0001"}, {Kind: label.LinkExercise, Code: "EXE-2026-001"}}}))(w)
	w.enclose(trace.OfAnswer, answer.Thread, "preuve Q-05.txt")
	e := got(w.trace.EquipmentByCode(w.lead, w.platform.ID, "EQ-001"))(w)
	c := got(w.trace.RecordCalibration(w.lead, trace.RecordCalibration{Platform: w.platform.ID, Equipment: e.ID, Date: day("2026-02-02"), Months: 12, Outcome: trace.Conforming, Certificate: "CE-77"}))(w)
	w.enclose(trace.OfCalibration, c.ID, "certificat CE-77.txt")
	got(w.trace.AddDataSet(w.lead, trace.AddDataSet{Platform: w.platform.ID, Equipment: e.ID, Name: "Images brutes", Stored: "Serveur", Date: day("2026-01-01")}))(w)
	storetest.ClockOf(w.db).Set(day("2026-07-01").Time().Add(15 * time.Hour))
	got(labels.NoteMeeting(officer, label.NoteMeeting{Target: label.Target{Platform: w.platform.ID, ID: m.ID, Revision: m.Revision}, Hold: true, Present: []int{0},
		MeetingNotes: label.MeetingNotes{Account: "Politique relue", Decisions: "Un pilote par processus"}, Asks: []label.AskOfMeeting{{Title: "Organigramme", Owner: storetest.AgentID(2)}}}))(w)
	list := got(labels.Deliverables(w.lead, w.platform.ID, label.DeliverableFilter{}, qms.Cursor{}))(w)
	return &list.Page.Items[0]
}

func (w *workshop) enclose(kind trace.EvidenceKind, of qms.ID, name string) {
	w.t.Helper()
	f := got(w.trace.Receive(w.lead, w.platform.ID, name, strings.NewReader("contenu de "+name)))(w)
	got(w.trace.AddEvidence(w.lead, trace.AddEvidence{Platform: w.platform.ID, Kind: kind, Subject: of, File: f}))(w)
}

// spoken is all that the panels of a section say.
func spoken(c *pack.Contents, section string) string {
	var b strings.Builder
	for _, p := range c.Panels[section] {
		fmt.Fprintln(&b, p.Title, p.Text, p.Facts, p.Note)
		if len(p.Rows) == 0 {
			fmt.Fprintln(&b, p.Empty)
		}
		for _, row := range p.Rows {
			for _, cell := range row {
				fmt.Fprint(&b, cell.Text, " ", cell.Below, " ", cell.Lines, " ", cell.Refs, " ")
			}
			fmt.Fprintln(&b)
		}
	}
	return b.String()
}

func (w *workshop) contentsIn(language string, asOf qms.Date) *pack.Contents {
	w.t.Helper()
	var c *pack.Contents
	w.must(w.db.View(w.lead, qms.MakePacks.On(w.platform.ID), func(r store.Reader) (err error) {
		c, err = w.packContents(w.lead, r, &Pack{Row: qms.Row{Platform: w.platform.ID}, Number: "PACK-2026-001", AsOf: asOf, WithFiles: true, Language: language})
		return err
	}))
	return c
}

func TestPackPanels_TellWhatTheRoomsKnowInBothLanguages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.furnish()
		for _, language := range locale.Languages() {
			c, say := w.contentsIn(language, db.Today()), locale.For(language)
			for section, words := range map[string][]string{
				"label":        {"LAB-24-7", "Comité", "Microscopie", say.Date(day("2023-12-15")), say.T("page.portfolio.stage_labelled"), say.T("page.course.milestone_follow-up-24")},
				"organisation": {"Métrologie", say.T("pack.exemptions_none")},
				"processes":    {say.T("page.map.band_core")},
				"in-force":     {"MO-MIC-001", "MO-MIC-002", "MO-MIC-003"},
				"changes":      {say.LongDate(day("2023-12-15")), "MO-MIC-001", say.T("pack.changes_amended_none")},
				"dossiers":     {"DEM-2026-0001", "FAC-2026-0001", "EXE-2026-001", say.T("link.quote")},
				"uses":         {say.T("pack.uses_of_year", "2026"), "EQ-001", "Agent 01 (P01)"},
				"equipment":    {"EQ-001", "CE-77", "certificat CE-77.txt", say.T("outcome.conforming")},
				"data":         {"Images brutes", "Serveur", say.T("page.data.gap_no-backup")},
				"exercise":     {"EXE-2026-001", say.T("state.failed"), "EXE-2026-001.pdf"},
				"assessment":   {"Q-05", "Tout est codé", "Deux fiches à relire", "MO-MIC-001 v1.0", "FAC-2026-0001", "preuve Q-05.txt", say.T("level.largely")},
				"sessions":     {"Un pilote par processus", "Organigramme", "Invitée 01", say.T("page.deliverables.state_expected")},
				"due":          {say.T("due.gap"), say.T("due.follow-up"), say.LongDate(day("2023-01-10")), say.T("pack.due_days_late", 1)},
				"journal":      {say.T("act.calibration.record"), say.Month(db.Today())},
			} {
				said := spoken(c, section)
				for _, w := range words {
					if !strings.Contains(said, w) {
						t.Errorf("%s: section %s does not say %q:\n%s", language, section, w, said)
					}
				}
			}
			if _, err := pack.Print(c); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestPackPanels_HoldNothingThatHappenedAfterTheDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		asked := w.furnish()
		on := db.Today()
		then := w.contentsIn("fr", on)
		storetest.ClockOf(db).Advance(40 * 24 * time.Hour)
		officer, labels, today := storetest.As(qms.QualityOfficer), w.label, db.Today()
		got(labels.Deliver(w.lead, label.Deliver{Target: label.Target{Platform: w.platform.ID, ID: asked.ID, Revision: asked.Revision}, Words: "Voici"}))(w)
		got(labels.StateAnswer(w.lead, label.StateAnswer{Platform: w.platform.ID, Code: "Q-05", Serial: 1, Level: label.FullyMet}))(w)
		held := got(labels.Labels(officer, w.platform.ID))(w)[0].Label
		got(labels.ChangeLabel(officer, label.ChangeLabel{At: label.At{Platform: w.platform.ID, ID: held.ID, Revision: held.Revision}, Kind: label.EventSuspended, Date: today, Body: "Comité", Why: "Visite refusée"}))(w)
		e := got(w.trace.EquipmentByCode(w.lead, w.platform.ID, "EQ-001"))(w)
		got(w.trace.RecordEvent(w.lead, trace.RecordEvent{Platform: w.platform.ID, Equipment: e.ID, Kind: trace.Breakdown, Date: today, Description: "Laser éteint"}))(w)
		w.enclose(trace.OfCalibration, got(w.trace.Piece(w.lead, w.platform.ID, e.Code, 0))(w).Calibrations[0].ID, "annexe au certificat.txt")
		got(w.trace.AddDataSet(w.lead, trace.AddDataSet{Platform: w.platform.ID, Equipment: e.ID, Name: "Vidéos", Date: today}))(w)
		got(w.trace.RecordTraining(w.lead, trace.RecordTraining{Platform: w.platform.ID, Person: personOf(w, "P02"), Equipment: e.ID, Trainer: personOf(w, "P01"), Date: today}))(w)
		now := w.contentsIn("fr", on)
		for _, section := range pack.Sections() {
			if diff := cmp.Diff(then.Panels[section], now.Panels[section], cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("section %s of %s says what came later:\n%s", section, on, diff)
			}
		}
		if diff := cmp.Diff(then.Journal.Entries, now.Journal.Entries); diff != "" {
			t.Errorf("the latest acts of %s are others:\n%s", on, diff)
		}
		later := w.contentsIn("fr", today)
		for section, words := range map[string]string{"label": "Visite refusée", "equipment": "Laser éteint", "data": "Vidéos", "assessment": "pleinement", "sessions": "Remis, à examiner", "uses": "Agent 02 (P02)"} {
			if !strings.Contains(spoken(later, section), words) {
				t.Errorf("section %s of the day does not say %q: the test is blind", section, words)
			}
		}
	})
}

func personOf(w *workshop, code string) (id qms.ID) {
	w.t.Helper()
	w.must(w.db.View(w.lead, qms.ReadPlatform.On(w.platform.ID), func(r store.Reader) error {
		members, err := people.MembersOf(w.lead, r, w.platform.ID)
		for _, m := range members {
			if m.Code == code {
				id = m.Person
			}
		}
		return err
	}))
	return id
}

func TestPackPanels_SayOfAnEmptyPlatformThatThereIsNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.furnish()
		platform, err := people.New(db, people.Options{}).AddPlatform(storetest.AsSystem(), people.AddPlatform{Code: "NEW", Name: "Plateforme nouvelle"})
		w.must(err)
		w.platform, w.lead = platform, storetest.As(qms.QualityLead, platform.ID)
		for _, language := range locale.Languages() {
			c := w.contentsIn(language, db.Today())
			for section, panels := range c.Panels {
				for _, p := range panels {
					if len(p.Rows) == 0 && p.Empty == "" && len(p.Text) == 0 && len(p.Facts) == 0 {
						t.Errorf("%s: section %s says nothing under %q", language, section, p.Title)
					}
				}
			}
			for section, key := range map[string]string{"label": "pack.label_steps_none", "organisation": "pack.roles_none", "in-force": "pack.in_force_none", "changes": "pack.changes_since_ever",
				"equipment": "pack.equipment_none", "data": "pack.data_none", "sessions": "pack.sessions_none", "due": "pack.due_late_none", "journal": "pack.amendments_none"} {
				if !strings.Contains(spoken(c, section), locale.For(language).T(key)) {
					t.Errorf("%s: section %s does not say %q: %s", language, section, locale.For(language).T(key), spoken(c, section))
				}
			}
			if _, err := pack.Print(c); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestPackPanels_AgreeWithTheRooms(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.furnish()
		today := db.Today()
		c := w.contentsIn("fr", today)
		coverage := got(w.label.Coverage(w.lead, w.platform.ID, today))(w)
		if c.Criteria != coverage.Total || c.Answered != coverage.Answered || coverage.Answered != 1 {
			t.Errorf("criteria: %d of %d told, %d of %d in the room", c.Answered, c.Criteria, coverage.Answered, coverage.Total)
		}
		late, next := 0, 0
		w.must(db.View(w.lead, qms.ReadLabel.On(w.platform.ID), func(r store.Reader) error {
			for _, room := range w.rooms {
				some, err := room.Dues(w.lead, r, []qms.ID{w.platform.ID}, today, today.AddDays(dueAhead))
				if err != nil {
					return err
				}
				for _, d := range some {
					if d.On < today {
						late++
					} else {
						next++
					}
				}
			}
			return nil
		}))
		due := c.Panels["due"]
		if len(due[0].Rows) != late || len(due[1].Rows) != next || late == 0 || c.Late != late {
			t.Errorf("due: %d late and %d next told, %d and %d in the rooms", len(due[0].Rows), len(due[1].Rows), late, next)
		}
		total := 0
		for _, p := range c.Panels["uses"] {
			for _, row := range p.Rows {
				if len(row) == 16 && strings.HasPrefix(p.Title, "Utilisations") {
					total += len(slices.DeleteFunc(slices.Clone(row[1:13]), func(c pack.Told) bool { return c.Text == "" }))
				}
			}
		}
		if total != 1 { // both uses are of March, of one piece of equipment
			t.Errorf("uses stand in %d months", total)
		}
	})
}

func TestMidnight_IsTheFirstInstantOfTheDayWhereTheSiteIs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Paris", "Pacific/Kiritimati", "America/St_Johns", "Pacific/Pago_Pago"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err) // the program brings the zones itself
		}
		dayOf := func(at time.Time) qms.Date { return qms.DateOf(at, zone) }
		for _, d := range []string{"2026-01-01", "2026-03-29", "2026-10-25", "2026-06-30"} {
			if at, want := midnight(dayOf, day(d)), time.Date(day(d).Year(), day(d).Month(), day(d).Day(), 0, 0, 0, 0, zone); !at.Equal(want) {
				t.Errorf("%s in %s begins at %s, not %s", d, name, at, want)
			}
		}
	}
}
