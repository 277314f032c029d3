package label

import (
	"cmp"
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// The kinds of what is signed in this room. A kind names for ever what its signature covers.
const (
	SignedReport   = "mission-report"
	SignedDecision = "mission-decision"
	SignedEvent    = "label-change"
	SignedLabel    = "label-taken-over"
)

// reportSigned is what the signature of an evaluation report covers: the report with its day and visit, and
// every finding.
type reportSigned struct {
	Number, Kind, Report string
	On, From, Through    qms.Date
	Findings             []findingSigned
}

type findingSigned struct{ Code, Finding, Note string }

func (m *Mission) signedReport(grid []MissionFinding) string {
	out := reportSigned{Number: m.Number, Kind: string(m.Kind), Report: m.Report, On: m.ReportOn, From: m.VisitFrom, Through: m.VisitThrough}
	for _, f := range grid { // in the order of the grid
		out.Findings = append(out.Findings, findingSigned{f.Code, string(f.Finding), f.Note})
	}
	return qms.Digest(out)
}

// decisionSigned is what the signature of a decision covers, with the conditions as they were decided.
type decisionSigned struct {
	Body, Outcome, Note, Void string
	Date                      qms.Date
	Conditions                []conditionSigned
}

type conditionSigned struct {
	Words string
	Due   qms.Date
}

func (d *MissionDecision) signed(conditions []AwardCondition) string {
	out := decisionSigned{Body: d.Body, Outcome: string(d.Outcome), Note: d.Note, Void: d.Void, Date: d.Date}
	for _, c := range conditions { // by position
		if c.Decision == d.ID {
			out.Conditions = append(out.Conditions, conditionSigned{c.Words, c.DueOn})
		}
	}
	return qms.Digest(out)
}

// signed is what the signature under an event of a label covers.
func (e *AwardEvent) signed() string {
	return qms.Digest(struct {
		Label           qms.ID
		Kind, Body, Why string
		Date            qms.Date
		Void            string
	}{e.Label, string(e.Kind), e.Body, e.Why, e.Date, e.Void})
}

// signed is what the signature under a label that is taken over covers.
func (l *Label) signed() string {
	return qms.Digest(struct {
		Number, Body, Perimeter, Source, Void string
		Awarded, First, Second                qms.Date
	}{l.Number, l.Body, l.Perimeter, l.Source, l.Void, l.AwardedOn, l.FollowedFirst, l.FollowedSecond})
}

// endorseDecision puts the actor's signature under a decision as it stands, with its conditions.
func endorseDecision(ctx context.Context, tx *store.Tx, d *MissionDecision, number string, means qms.Meaning) error {
	conditions, err := ofMission[AwardCondition](ctx, tx, d.Mission, "position")
	if err != nil {
		return err
	}
	return tx.Endorse(ctx, SignedDecision, d.ID, number, means, d.signed(conditions))
}

// CoveredIn is what each signature of this room on the platform would cover now, by kind and record, in
// seven statements. The one function serves pages, API and pack.
func CoveredIn(ctx context.Context, r store.Reader, platform qms.ID) (map[string]map[qms.ID]string, error) {
	all, err := signedIn(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	now := map[string]map[qms.ID]string{SignedReport: {}, SignedDecision: {}, SignedEvent: {}, SignedLabel: {}}
	findings, conditions := map[qms.ID][]MissionFinding{}, map[qms.ID][]AwardCondition{}
	for _, f := range all.findings {
		findings[f.Mission] = append(findings[f.Mission], f)
	}
	for _, c := range all.conditions {
		conditions[c.Mission] = append(conditions[c.Mission], c)
	}
	for i := range all.missions {
		now[SignedReport][all.missions[i].ID] = all.missions[i].signedReport(findings[all.missions[i].ID])
	}
	for i := range all.decisions {
		now[SignedDecision][all.decisions[i].ID] = all.decisions[i].signed(conditions[all.decisions[i].Mission])
	}
	for i := range all.events {
		now[SignedEvent][all.events[i].ID] = all.events[i].signed()
	}
	for i := range all.labels {
		now[SignedLabel][all.labels[i].ID] = all.labels[i].signed()
	}
	coverConditions(now, all.conditions)
	now[SignedCandidacy] = map[qms.ID]string{}
	for i := range all.candidacies {
		now[SignedCandidacy][all.candidacies[i].ID] = all.candidacies[i].signed()
	}
	return now, nil
}

// Covered is what the signatures on a mission and its decision would cover now, of what the sheet has read.
func (s *MissionSheet) Covered() map[string]map[qms.ID]string {
	now := map[string]map[qms.ID]string{SignedReport: {s.Mission.ID: s.Mission.signedReport(s.Findings)}}
	if s.Decision != nil {
		now[SignedDecision] = map[qms.ID]string{s.Decision.ID: s.Decision.signed(s.Conditions)}
	}
	coverConditions(now, s.Conditions)
	return now
}

// Covered is what the signatures on a label, its events and the decision that awarded it would cover now,
// of what the sheet has read.
func (v *Sheet) Covered() map[string]map[qms.ID]string {
	now := map[string]map[qms.ID]string{SignedLabel: {v.Label.ID: v.Label.signed()}, SignedEvent: {}}
	for i := range v.Events {
		now[SignedEvent][v.Events[i].ID] = v.Events[i].signed()
	}
	if v.decision != nil {
		terms := slices.SortedFunc(slices.Values(v.Conditions), func(a, b AwardCondition) int { return cmp.Compare(a.Position, b.Position) })
		now[SignedDecision] = map[qms.ID]string{v.decision.ID: v.decision.signed(terms)}
	}
	coverConditions(now, v.Conditions)
	return now
}
