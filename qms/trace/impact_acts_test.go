package trace

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// doubtful is the fixture with a good check in January, a bad one in May, two reports of one chain
// between them, one before, and three uses, one of them after the bad check.
func doubtful(t *testing.T, db *store.DB) (fixture, *Calibration) {
	t.Helper()
	s := furnished(t, db)
	lead := storetest.As(qms.QualityLead, platform)
	calibrate := func(on string, o Outcome) *Calibration {
		return must(s.RecordCalibration(lead, RecordCalibration{Platform: platform, Equipment: s.equipment.ID, Date: day(on), Months: 12, Outcome: o, Certificate: "C " + on}))(t)
	}
	calibrate("2026-01-10", Conforming)
	bad := calibrate("2026-05-10", Nonconforming)
	request := must(s.RecordRequest(lead, RecordRequest{Platform: platform, Date: day("2026-01-03"), Client: "Client 01", ClientStatus: "industriel", Subject: "Analyse"}))(t)
	for _, on := range []string{"2026-01-05", "2026-02-05", "2026-03-05"} {
		must(s.RecordReport(lead, RecordReport{Platform: platform, Request: request.Number, Date: day(on) + 3, AnalysedOn: day(on), Operator: "p2",
			Equipment: s.equipment.ID, Instruction: "MO-1", InstructionVersion: "1"}))(t)
	}
	for _, on := range []string{"2026-01-09", "2026-04-01", "2026-06-01"} {
		must(s.RecordUse(lead, RecordUse{Platform: platform, Person: "p2", Equipment: s.equipment.ID, Date: day(on), Minutes: 60, Project: "Projet A"}))(t)
	}
	return s, bad
}

// opened is an impact of the bad check, with its lines.
func opened(t *testing.T, s fixture, c Cause) (*Impact, []ImpactItem) {
	t.Helper()
	lead := storetest.As(qms.QualityLead, platform)
	i := must(s.OpenImpact(lead, OpenImpact{Platform: platform, Cause: c, Words: "Masse étalon hors tolérance"}))(t)
	return i, sheetOf(t, s, i.Number).Page.Items
}

func sheetOf(t *testing.T, s fixture, number string) *ImpactSheet {
	t.Helper()
	return must(s.Impact(storetest.As(qms.Auditor, platform), platform, number, ItemFilter{}, qms.Cursor{}))(t)
}

func (i *Impact) target() Target { return Target{Platform: i.Platform, ID: i.ID, Revision: i.Revision} }

func TestOpenImpact_FreezesWhatTheBadCheckTouches(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, bad := doubtful(t, db)
		i, items := opened(t, s, Cause{Kind: ByCalibration, Subject: string(bad.ID)})
		var got []string
		for _, item := range items {
			got = append(got, fmt.Sprint(item.Position, " ", item.Kind, " ", item.Number, " ", item.Who, " ", item.Date))
		}
		want := []string{"1 report RAP-2026-0002 Client 01 2026-02-05", "2 report RAP-2026-0003 Client 01 2026-03-05",
			"3 use UTI-2026-0002 Agent 02 2026-04-01", "4 use UTI-2026-0003 Agent 02 2026-06-01"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if i.Number != "IMP-2026-001" || i.Chains != 1 || i.Reports != 2 || i.Uses != 2 || i.Items != 4 || i.Basis != SinceConforming ||
			i.BasisWords != "C 2026-01-10" || len(i.Digest) != 64 || i.OpenedOn != day("2026-06-30") {
			t.Errorf("opened %+v", i)
		}
		again, _ := opened(t, s, Cause{Kind: ByCalibration, Subject: string(bad.ID)})
		if again.Number != "IMP-2026-002" || again.Digest != i.Digest {
			t.Errorf("the same list again is %s, %s", again.Number, again.Digest)
		}
		wider, _ := opened(t, s, Cause{Kind: ByCalibration, Subject: string(bad.ID), From: day("2026-01-01")})
		if wider.Reports != 3 || wider.Uses != 3 || wider.Digest == i.Digest {
			t.Errorf("widened: %+v", wider)
		}
	})
}

func TestImpact_IsDecidedLineByLineAndConcludedForEver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, bad := doubtful(t, db)
		ctx := storetest.As(qms.Manager, platform)
		i, items := opened(t, s, Cause{Kind: ByCalibration, Subject: string(bad.ID)})
		decide := func(d DecideImpact) error {
			t.Helper()
			d.Target = i.target()
			after, err := s.DecideImpact(ctx, d)
			if err == nil {
				i = after
			}
			return err
		}
		first := []qms.ID{items[0].ID}
		for name, c := range map[string]struct {
			d    DecideImpact
			want map[string]string
		}{
			"nothing":             {DecideImpact{Items: first}, map[string]string{"decision": "input.unknown_choice"}},
			"no line":             {DecideImpact{Decision: RepeatIt}, map[string]string{"items": "impact.none_chosen"}},
			"without why":         {DecideImpact{Items: first, Decision: NotAffected}, map[string]string{"note": "impact.note_required"}},
			"informed without on": {DecideImpact{Items: first, Decision: InformClient}, map[string]string{"informed_on": "input.required"}},
			"informed tomorrow":   {DecideImpact{Items: first, Decision: InformClient, InformedOn: day("2026-07-01")}, map[string]string{"informed_on": "date.future"}},
			"unknown report":      {DecideImpact{Items: first, Decision: AmendReport, Amended: "RAP-9"}, map[string]string{"amended": "impact.report_unknown"}},
			"itself":              {DecideImpact{Items: first, Decision: AmendReport, Amended: "rap-2026-0002"}, map[string]string{"amended": "impact.amends_itself"}},
		} {
			if diff := cmp.Diff(c.want, wrong(decide(c.d))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		if _, err := s.ConcludeImpact(ctx, ConcludeImpact{Target: i.target(), Words: "fini"}); !errors.Is(err, qms.Conflict("impact.undecided")) {
			t.Errorf("concluded undecided: %v", err)
		}
		for _, d := range []DecideImpact{
			{Items: []qms.ID{items[0].ID, items[1].ID}, Decision: InformClient, InformedOn: day("2026-06-29")},
			{Items: []qms.ID{items[1].ID}, Decision: AmendReport, Amended: "RAP-2026-0001"},
			{Rest: true, Kind: TouchedUse, Decision: NotAffected, Note: "Essais sans mesure"},
		} {
			if err := decide(d); err != nil {
				t.Fatal(err)
			}
		}
		v := sheetOf(t, s, i.Number)
		if i.Decided != 4 || v.Page.Items[1].Decision != AmendReport || v.Page.Items[1].InformedOn != 0 || v.Page.Items[3].DecidedOn != day("2026-06-30") ||
			v.Decisions[TouchedUse][NotAffected] != 2 {
			t.Errorf("decided %+v, %+v", i, v.Page.Items)
		}
		stale := i.target()
		stale.Revision--
		if _, err := s.ConcludeImpact(ctx, ConcludeImpact{Target: stale, Words: "fini"}); !errors.Is(err, qms.Conflict("record.changed")) {
			t.Errorf("from an old revision: %v", err)
		}
		done := must(s.ConcludeImpact(ctx, ConcludeImpact{Target: i.target(), Words: "Sans effet sur les résultats", On: day("2026-06-30")}))(t)
		for name, err := range map[string]error{
			"decide":   second(s.DecideImpact(ctx, DecideImpact{Target: done.target(), Items: first, Decision: RepeatIt})),
			"extend":   second(s.ExtendImpact(ctx, done.target())),
			"conclude": second(s.ConcludeImpact(ctx, ConcludeImpact{Target: done.target(), Words: "encore"})),
			"void":     second(s.VoidImpact(ctx, Target{Platform: platform, ID: done.ID, Revision: done.Revision, Reason: "r"})),
		} {
			if !errors.Is(err, qms.Conflict("impact.concluded")) {
				t.Errorf("%s a concluded dossier: %v", name, err)
			}
		}
		again := must(s.OpenImpact(ctx, OpenImpact{Platform: platform, Words: "Nouveau certificat", Follows: "imp-2026-001",
			Cause: Cause{Kind: ByCalibration, Subject: string(bad.ID)}}))(t)
		if v := sheetOf(t, s, done.Number); again.Follows != done.Number || len(v.FollowedBy) != 1 || v.FollowedBy[0] != again.Number {
			t.Errorf("taken up again: %+v, %v", again, v.FollowedBy)
		}
		_, err := s.OpenImpact(ctx, OpenImpact{Platform: platform, Words: "w", Follows: again.Number, Cause: Cause{Kind: ByCalibration, Subject: string(bad.ID)}})
		if wrong(err)["follows"] != "impact.not_concluded" {
			t.Errorf("takes up an open dossier: %v", err)
		}
	})
}

func TestImpact_ShowsAndAddsWhatAppearsSince(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, bad := doubtful(t, db)
		ctx := storetest.As(qms.QualityLead, platform)
		i, items := opened(t, s, Cause{Kind: ByCalibration, Subject: string(bad.ID)})
		if _, err := s.ExtendImpact(ctx, i.target()); !errors.Is(err, qms.Conflict("impact.nothing_appeared")) {
			t.Errorf("with nothing new: %v", err)
		}
		use := func(on string) *Use {
			return must(s.RecordUse(ctx, RecordUse{Platform: platform, Person: "p1", Equipment: s.equipment.ID, Date: day(on)}))(t)
		}
		late := use("2026-02-20")
		must(s.VoidUse(ctx, Target{Platform: platform, ID: items[2].Record, Revision: 1, Reason: "saisie deux fois"}))(t)
		must(s.RecordCalibration(ctx, RecordCalibration{Platform: platform, Equipment: s.equipment.ID, Date: day("2026-06-10"), Outcome: Conforming}))(t)
		use("2026-06-20") // after the equipment was found fit again
		v := sheetOf(t, s, i.Number)
		if v.Appearing != 1 || v.Appeared[0].Record != late.ID || v.Appeared[0].Who != "Agent 01" {
			t.Fatalf("appeared: %+v", v.Appeared)
		}
		after := must(s.ExtendImpact(ctx, i.target()))(t)
		v = sheetOf(t, s, i.Number)
		if after.Items != 5 || after.Uses != 2 || v.Appearing != 0 || v.Page.Items[4].Record != late.ID || v.Page.Items[4].AddedOn != day("2026-06-30") || v.Impact.Digest != i.Digest {
			t.Errorf("extended: %+v, %+v", after, v.Page.Items)
		}
		must(s.VoidCalibration(ctx, Target{Platform: platform, ID: bad.ID, Revision: 1, Reason: "erreur de saisie"}))(t)
		if v = sheetOf(t, s, i.Number); !v.Closed || len(v.Page.Items) != 5 {
			t.Errorf("with its cause void: %+v", v)
		}
	})
}

func TestImpact_OfATrainingListsTheTrainingsGivenApart(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, _ := doubtful(t, db)
		ctx := storetest.As(qms.QualityLead, platform)
		page := must(s.Trainings(ctx, platform, TrainingFilter{}, qms.Cursor{}))(t)
		tr := page.Items[0].Training // of p2, from 2 January
		must(s.RecordTraining(ctx, RecordTraining{Platform: platform, Person: "p1", Equipment: s.equipment.ID, Trainer: "p2", Date: day("2026-02-02")}))(t)
		must(s.VoidTraining(ctx, Target{Platform: platform, ID: tr.ID, Revision: 1, Reason: "formateur non habilité"}))(t)
		v := must(s.PreviewImpact(ctx, platform, Cause{Kind: ByTraining, Subject: string(tr.ID)}, 0, qms.Cursor{}))(t)
		if diff := cmp.Diff(TouchedCounts{Chains: 1, Reports: 3, Uses: 3}, v.Counts); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		v = must(s.PreviewImpact(ctx, platform, Cause{Kind: ByTraining, Subject: string(tr.ID), Taught: true}, 0, qms.Cursor{}))(t)
		if v.Counts.Trainings != 1 || v.Page.Items[6].Kind != TouchedTraining || v.Page.Items[6].Person != "p1" {
			t.Errorf("with the trainings given: %+v", v.Page.Items)
		}
		must(s.RecordTraining(ctx, RecordTraining{Platform: platform, Person: "p2", Equipment: s.equipment.ID, Trainer: "p1", Date: day("2026-02-01"), Through: day("2026-04-30")}))(t)
		v = must(s.PreviewImpact(ctx, platform, Cause{Kind: ByTraining, Subject: string(tr.ID)}, 0, qms.Cursor{}))(t)
		if v.Counts.Reports != 1 || v.Counts.Uses != 2 || len(v.Window.Periods) != 2 {
			t.Errorf("with another training in between: %+v, %v", v.Counts, v.Window.Periods)
		}
	})
}

func TestImpact_KeepsLongListsAsLots(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, bad := doubtful(t, db)
		ctx := storetest.As(qms.QualityLead, platform)
		many := func(from, n int, on string) {
			var batch Registers
			for k := range n {
				batch.Uses = append(batch.Uses, UseRow{Number: fmt.Sprintf("U-%06d", from+k), Person: fmt.Sprintf("P0%d", 1+k%2), Equipment: "EQ-1", Date: day(on) + qms.Date(k%30)})
			}
			taken(t, db, s.Service, batch)
		}
		many(0, maxLines, "2026-02-01")
		i, items := opened(t, s, Cause{Kind: ByCalibration, Subject: string(bad.ID)})
		if i.Uses != maxLines+2 || i.Items != 4 || items[2].Count != maxLines/2 || items[2].Who != "Agent 01" || items[3].Count != maxLines/2+2 ||
			items[3].Last != day("2026-06-01") || items[3].Record != "" {
			t.Fatalf("opened %+v, %+v", i, items)
		}
		many(maxLines, 30, "2026-03-01")
		v := sheetOf(t, s, i.Number)
		if v.Appearing != 2 || v.Appeared[0].Count != 15 || v.Appeared[1].Count != 15 {
			t.Errorf("appeared: %+v", v.Appeared)
		}
		i = must(s.ExtendImpact(ctx, i.target()))(t)
		if v = sheetOf(t, s, i.Number); v.Appearing != 0 || i.Items != 6 {
			t.Errorf("extended: %+v", v)
		}
		found := must(s.ImpactsOf(ctx, platform, "use", "U-000007"))(t)
		if len(found) == 0 || found[0].Number != i.Number {
			t.Errorf("a use in a lot is not found: %+v", found)
		}
	})
}

func TestImpact_IsFoundFromEverythingItNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, bad := doubtful(t, db)
		ctx := storetest.As(qms.Auditor, platform)
		i, _ := opened(t, s, Cause{Kind: ByCalibration, Subject: string(bad.ID)})
		for kind, want := range map[string]struct {
			code  string
			lines int
		}{"chain": {"dem-2026-0001", 2}, "use": {"UTI-2026-0002", 1}, "equipment": {"eq-1", 1}, "calibration": {string(bad.ID), 1}} {
			found := must(s.ImpactsOf(ctx, platform, kind, want.code))(t)
			if len(found) != want.lines || found[0].Number != i.Number || found[0].Undecided != 4 {
				t.Errorf("from %s: %+v", kind, found)
			}
		}
		for _, c := range []struct{ kind, code string }{{"use", "UTI-2026-0001"}, {"training", string(bad.ID)}, {"chain", "DEM-9"}, {"instruction", "MO-1"}} {
			if found := must(s.ImpactsOf(ctx, platform, c.kind, c.code))(t); len(found) != 0 {
				t.Errorf("from %+v: %+v", c, found)
			}
		}
	})
}

func TestImpact_IsForWhoManagesEquipmentAndOfOnePlatform(t *testing.T) {
	t.Parallel()
	const other = qms.ID("00000000-0000-7000-9000-000000000002")
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, bad := doubtful(t, db)
		cause := Cause{Kind: ByCalibration, Subject: string(bad.ID)}
		i, items := opened(t, s, cause)
		member, elsewhere := storetest.As(qms.Member, platform), storetest.As(qms.Manager, other)
		acts := func(ctx context.Context, p qms.ID) map[string]error {
			target := Target{Platform: p, ID: i.ID, Revision: 1, Reason: "r"}
			return map[string]error{
				"open":     second(s.OpenImpact(ctx, OpenImpact{Platform: p, Cause: cause, Words: "w"})),
				"decide":   second(s.DecideImpact(ctx, DecideImpact{Target: target, Items: []qms.ID{items[0].ID}, Decision: RepeatIt})),
				"extend":   second(s.ExtendImpact(ctx, target)),
				"conclude": second(s.ConcludeImpact(ctx, ConcludeImpact{Target: target, Words: "w"})),
				"void":     second(s.VoidImpact(ctx, target)),
			}
		}
		for name, err := range acts(member, platform) {
			if qms.CodeOf(err) != qms.CodeRefused {
				t.Errorf("a member may %s: %v", name, err)
			}
		}
		for _, p := range []qms.ID{platform, other} {
			for name, err := range acts(elsewhere, p) {
				if qms.CodeOf(err) != qms.CodeNotFound {
					t.Errorf("%s from another platform, stated as %s: %v", name, p, err)
				}
			}
		}
		for name, err := range map[string]error{
			"preview":  second(s.PreviewImpact(elsewhere, other, cause, 0, qms.Cursor{})),
			"fault":    second(s.PreviewImpact(elsewhere, other, Cause{Kind: ByFault, Subject: "EQ-1", From: day("2026-01-01")}, 0, qms.Cursor{})),
			"read":     second(s.Impact(elsewhere, other, i.Number, ItemFilter{}, qms.Cursor{})),
			"hostile":  second(s.PreviewImpact(member, platform, Cause{Kind: ByCalibration, Subject: "\x00\xff' OR 1=1"}, 0, qms.Cursor{})),
			"its item": second(s.DecideImpact(storetest.As(qms.Manager, platform), DecideImpact{Target: i.target(), Items: []qms.ID{"\x00x"}, Decision: RepeatIt})),
		} {
			if qms.CodeOf(err) != qms.CodeNotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, cursor := range []string{"x", qms.EncodeAfter("9x", "y"), qms.EncodeAfter("", ""), qms.EncodeAfter("02026-01-01", "\x00"), "-1", "99999999999999999999"} {
			_, err := s.PreviewImpact(member, platform, cause, 0, qms.Cursor{After: cursor})
			_, other := s.Impact(member, platform, i.Number, ItemFilter{}, qms.Cursor{After: cursor})
			_, _, third := s.Impacts(member, platform, ImpactFilter{}, qms.Cursor{After: cursor})
			for _, err := range []error{err, other, third} {
				if err != nil && qms.CodeOf(err) != qms.CodeInvalid {
					t.Errorf("cursor %q: %v", cursor, err)
				}
			}
		}
	})
}
