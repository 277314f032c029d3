package label

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

const (
	assessedPlatform   = qms.ID("00000000-0000-7000-9000-000000000001")
	unassessedPlatform = qms.ID("00000000-0000-7000-9000-000000000002")
)

// refTeam is the people of the tests: Agents 01 and 02 hold roles on every platform.
type refTeam struct{}

func (refTeam) NamesOf(_ context.Context, _ store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	names := map[qms.ID]string{}
	for _, p := range persons {
		names[p] = "Agent " + string(p[len(p)-2:])
	}
	return names, nil
}

func (refTeam) Holders(_ context.Context, _ store.Reader, _ qms.ID, _ qms.Date) ([]Holder, error) {
	return []Holder{{Person: storetest.AgentID(1), Name: "Agent 01", Role: qms.Manager}, {Person: storetest.AgentID(2), Name: "Agent 02", Role: qms.Member},
		{Person: storetest.AgentID(3), Name: "Agent 03", Role: qms.Auditor}}, nil
}

// refProofs knows PR-1 and withdraws it, a use and a void one.
type refProofs struct{ withdrawn bool }

func (p *refProofs) Stand(_ context.Context, _ store.Reader, _ qms.ID, links []Link, _ qms.Date) ([]Proof, error) {
	found := make([]Proof, len(links))
	for i, l := range links {
		f := Proof{Link: Link{l.Kind, strings.ToUpper(l.Code)}, Standing: EvidenceUnknown}
		switch f.Code {
		case "PR-1":
			f.Kind, f.Standing = LinkDocument, EvidenceCurrent
			if p.withdrawn {
				f.Standing = EvidenceWithdrawn
			}
		case "UTI-1":
			f.Kind, f.Standing = LinkUse, EvidenceCurrent
		case "UTI-2":
			f.Kind, f.Standing = LinkUse, EvidenceVoid
		}
		found[i] = f
	}
	return found, nil
}

func doneWell[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// keyOf is the key of a refusal, with those of its fields.
func refusedAs(err error) string {
	var e *qms.Error
	if !errors.As(err, &e) {
		return ""
	}
	keys := []string{e.Key}
	for _, f := range e.Fields {
		keys = append(keys, f.Name+"="+f.Key)
	}
	return strings.Join(keys, " ")
}

func threeCriteria() []CriterionText {
	text := func(code string, theme Theme) CriterionText {
		return CriterionText{Code: code, Theme: theme, Required: true, French: "Texte " + code, English: "Text " + code, EvidenceFrench: "Preuve", EvidenceEnglish: "Evidence",
			Clauses: []string{"ISO 9001:2015 7.2"}}
	}
	return []CriterionText{text("Q-1", QualityApproach), text("R-1", Traceability), text("R-2", Traceability)}
}

func theOfficer() context.Context { return storetest.As(qms.QualityOfficer) }
func theLead() context.Context    { return storetest.As(qms.QualityLead, assessedPlatform) }

func todayOf(db *store.DB) qms.Date { return db.Today() }

// publishedNow is a version in effect from today.
func publishedNow(t *testing.T, s *Service, db *store.DB, criteria []CriterionText) *Referential {
	t.Helper()
	v := doneWell(s.OpenReferential(theOfficer(), OpenReferential{Name: "Version", Criteria: criteria}))(t)
	return doneWell(s.PublishReferential(theOfficer(), PublishReferential{OnReferential: OnReferential{Number: v.Number, Revision: v.Revision}, EffectiveFrom: todayOf(db)}))(t)
}

func daysLater(db *store.DB, days int) {
	storetest.ClockOf(db).Advance(time.Duration(days) * 24 * time.Hour)
}

func TestSample_IsAWholeReferentialInBothLanguages(t *testing.T) {
	t.Parallel()
	in := &cleaning{}
	all := in.criteria(Sample())
	if err := in.outcome(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Sample(), all); diff != "" {
		t.Errorf("the sample is not in its normal form:\n%s", diff)
	}
	if len(all) < 36 || len(all) > 45 {
		t.Errorf("%d criteria", len(all))
	}
	of, required := map[Theme]int{}, 0
	for _, c := range all {
		of[c.Theme]++
		if c.Required {
			required++
		}
	}
	for _, theme := range Themes() {
		if of[theme] < 3 {
			t.Errorf("%d criteria on %s", of[theme], theme)
		}
	}
	if required == 0 || required == len(all) || !ofSample(all) || ofSample(threeCriteria()) {
		t.Errorf("%d of %d are required", required, len(all))
	}
}

func TestReferential_ChangesAsADraftAndNeverAfterwards(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, refTeam{})
		v := doneWell(s.OpenReferential(theOfficer(), OpenReferential{Name: "Version 1", Criteria: threeCriteria()}))(t)
		if _, err := s.OpenReferential(theOfficer(), OpenReferential{Name: "Autre"}); refusedAs(err) != "referential.draft_open" {
			t.Errorf("a second draft: %v", err)
		}
		on := func() OnReferential { return OnReferential{Number: v.Number, Revision: v.Revision, Reason: "Doublon"} }
		added := threeCriteria()[0]
		added.Code, added.Theme = " d-1 ", Data
		v = doneWell(s.SetCriterion(theOfficer(), SetCriterion{OnReferential: on(), After: "q-1", CriterionText: added}))(t)
		if _, err := s.SetCriterion(theOfficer(), SetCriterion{OnReferential: OnReferential{Number: 1, Revision: 1}, CriterionText: added}); refusedAs(err) != "record.changed" {
			t.Errorf("by who knows an older revision: %v", err)
		}
		if _, err := s.SetCriterion(theOfficer(), SetCriterion{OnReferential: on(), CriterionText: added}); refusedAs(err) != "input.invalid code=criterion.doubled" {
			t.Errorf("a doubled code: %v", refusedAs(err))
		}
		v = doneWell(s.DropCriterion(theOfficer(), on(), "R-2"))(t)
		back := threeCriteria()[2]
		back.French = "Autre texte"
		v = doneWell(s.SetCriterion(theOfficer(), SetCriterion{OnReferential: on(), After: "-", CriterionText: back}))(t)
		sheet := doneWell(s.ReferentialSheet(theOfficer(), 1))(t)
		var codes []string
		for _, c := range sheet.Items {
			codes = append(codes, c.Code)
		}
		if diff := cmp.Diff([]string{"R-2", "Q-1", "D-1", "R-1"}, codes); diff != "" {
			t.Error(diff)
		}
		day := todayOf(db)
		if _, err := s.PublishReferential(theOfficer(), PublishReferential{OnReferential: on(), EffectiveFrom: day.AddDays(-1)}); !strings.Contains(refusedAs(err), "referential.effective_past") {
			t.Errorf("published for yesterday: %v", err)
		}
		v = doneWell(s.PublishReferential(theOfficer(), PublishReferential{OnReferential: on(), EffectiveFrom: day.AddDays(3)}))(t)
		if _, err := s.DropCriterion(theOfficer(), on(), "Q-1"); refusedAs(err) != "referential.published" {
			t.Errorf("changed after it was published: %v", err)
		}
		if lines := doneWell(s.Referentials(theOfficer()))(t); lines[0].Standing != "approved" || lines[0].Criteria != 4 {
			t.Errorf("before its day: %+v", lines[0])
		}
		daysLater(db, 3)
		if lines := doneWell(s.Referentials(theOfficer()))(t); lines[0].Standing != "effective" {
			t.Errorf("on its day: %+v", lines[0])
		}
	})
}

func TestReferential_IsTheQualityOfficersAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, refTeam{})
		for _, ctx := range []context.Context{theLead(), storetest.As(qms.Manager, assessedPlatform), storetest.As(qms.Administrator), storetest.As(qms.Auditor, assessedPlatform)} {
			if _, err := s.OpenReferential(ctx, OpenReferential{Name: "x"}); qms.CodeOf(err) != qms.CodeRefused {
				t.Errorf("opened: %v", err)
			}
			if _, err := s.Referentials(ctx); qms.CodeOf(err) != qms.CodeRefused {
				t.Errorf("listed: %v", err)
			}
			if _, _, err := s.TakeReferential(ctx, TakeReferential{Criteria: threeCriteria()}); qms.CodeOf(err) != qms.CodeRefused {
				t.Errorf("taken: %v", err)
			}
		}
	})
}

func TestTakeReferential_IsAllOrNothingAndWritesNothingTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, refTeam{})
		bad := threeCriteria()
		bad[1].Code, bad[2].English, bad[0].Theme = "Q-1", " ", "weather"
		_, _, err := s.TakeReferential(theOfficer(), TakeReferential{Name: "Liste", Criteria: bad})
		if diff := cmp.Diff("input.invalid criteria.1.theme=criterion.theme_unknown criteria.2.code=criterion.doubled criteria.3.en=input.required", refusedAs(err)); diff != "" {
			t.Error(diff)
		}
		if lines := doneWell(s.Referentials(theOfficer()))(t); len(lines) != 0 {
			t.Errorf("something was written: %+v", lines)
		}
		plan, v, err := s.TakeReferential(theOfficer(), TakeReferential{Name: "Liste", Criteria: threeCriteria()})
		if err != nil || plan.Tally.Added != 3 || v.Number != 1 {
			t.Fatalf("%+v, %+v, %v", plan, v, err)
		}
		plan, _, err = s.TakeReferential(theOfficer(), TakeReferential{Criteria: threeCriteria()})
		if err != nil || !plan.Nothing() || plan.Tally.Same != 3 {
			t.Errorf("the same again: %+v, %v", plan, err)
		}
		less := threeCriteria()[:2]
		less[0].French = "Autre"
		plan, v, err = s.TakeReferential(theOfficer(), TakeReferential{Criteria: less})
		if diff := cmp.Diff(Tally{Same: 1, Reworded: 1, Gone: 1}, plan.Tally); diff != "" || err != nil || v.Number != 1 || v.Revision != 2 {
			t.Errorf("into the draft: %+v, %v, %s", v, err, diff)
		}
	})
}

func TestReferential_HoldsWhatIsHostileOff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := New(db, refTeam{})
		for _, evil := range []string{"a\x00b", "\xff\xfe", "a\u202eb", strings.Repeat("x", 3000), "'; DROP TABLE answers; --"} {
			c := threeCriteria()[0]
			c.Code = evil
			if _, err := s.OpenReferential(theOfficer(), OpenReferential{Name: "x", Criteria: []CriterionText{c}}); qms.CodeOf(err) != qms.CodeInvalid {
				t.Errorf("%.20q: %v", evil, err)
			}
		}
		many := make([]CriterionText, 5000)
		if _, err := s.OpenReferential(theOfficer(), OpenReferential{Name: "x", Criteria: many}); qms.CodeOf(err) != qms.CodeInvalid {
			t.Errorf("5000 criteria: %v", err)
		}
		publishedNow(t, s, db, threeCriteria())
		for _, evil := range []string{"a\x00b", "\xff\xfe", strings.Repeat("x", 3000), "'"} {
			if _, err := s.StateAnswer(theLead(), StateAnswer{Platform: assessedPlatform, Code: evil, Level: FullyMet}); qms.CodeOf(err) != qms.CodeNotFound {
				t.Errorf("%.20q: %v", evil, err)
			}
		}
	})
}
