package label

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// takeGrid makes the rows of the criteria in force on the day that the mission does not have yet.
func (m *Mission) takeGrid(ctx context.Context, r store.Reader, have []MissionFinding, day qms.Date) ([]qms.Record, error) {
	title, lines, err := gridInForce(ctx, r, day)
	if err != nil {
		return nil, err
	}
	if m.Referential == "" {
		m.Referential = title
	}
	var rows []qms.Record
	position := int64(len(have))
	for _, l := range lines {
		if slices.ContainsFunc(have, func(f MissionFinding) bool { return f.Code == l.Code }) {
			continue
		}
		position++
		l.Mission, l.Position = m.ID, position
		rows = append(rows, &l)
	}
	return rows, nil
}

// FillGrid takes the criteria in force over into a mission that was opened without them.
func (s *Service) FillGrid(ctx context.Context, at At) (*Mission, error) {
	return s.onMission(ctx, "mission.fill-grid", qms.ReadLabel, at, func(tx *store.Tx, _ *stating, m *Mission) ([]qms.Record, error) {
		if _, err := evaluates(ctx, tx, m); err != nil {
			return nil, err
		}
		have, err := ofMission[MissionFinding](ctx, tx, m.ID, "position")
		if err != nil {
			return nil, err
		}
		rows, err := m.takeGrid(ctx, tx, have, tx.Today())
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			return nil, qms.Conflict("mission.grid_full")
		}
		return nil, tx.Insert(ctx, rows...)
	})
}

// Found is what an evaluator states on one criterion.
type Found struct {
	Code    string
	Finding Finding
	Note    string
}

// RecordFindings states what was found on criteria of the grid.
type RecordFindings struct {
	At
	Lines []Found
	Rest  bool // every other criterion without a finding was not looked at in this mission
}

// RecordFindings notes findings; those of criteria that are not named stay as they are.
func (s *Service) RecordFindings(ctx context.Context, cmd RecordFindings) (*Mission, error) {
	return s.onMission(ctx, "mission.find", qms.ReadLabel, cmd.At, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		if _, err := evaluates(ctx, tx, m); err != nil {
			return nil, err
		}
		if m.ReportOn != 0 {
			return nil, qms.Conflict("mission.reported", m.Number)
		}
		grid, err := ofMission[MissionFinding](ctx, tx, m.ID, "position")
		if err != nil {
			return nil, err
		}
		rows := cmd.find(in, grid)
		for i := range rows {
			rows[i].FoundBy, rows[i].FoundOn = tx.Actor().ID, tx.Today()
		}
		return records(rows), nil
	})
}

// records are rows as the store takes them.
func records(rows []*MissionFinding) (all []qms.Record) {
	for _, row := range rows {
		all = append(all, row)
	}
	return all
}

// find states the lines on the grid; the rows that changed.
func (c RecordFindings) find(in *stating, grid []MissionFinding) (changed []*MissionFinding) {
	for _, l := range c.Lines {
		at := slices.IndexFunc(grid, func(f MissionFinding) bool { return f.Code == l.Code })
		field := "finding_" + in.words("code", l.Code, 64)
		if at < 0 {
			in.fail(field, "mission.criterion_unknown", l.Code)
			continue
		}
		row := &grid[at]
		note := in.words("note_"+row.Code, l.Note, statedLong)
		switch {
		case l.Finding != FindingNone && !slices.Contains(Findings(), l.Finding):
			in.fail(field, "input.unknown_choice")
		case l.Finding.NeedsNote() && note == "":
			in.fail("note_"+row.Code, "mission.note_needed", row.Code)
		}
		if row.Finding != l.Finding || row.Note != note {
			row.Finding, row.Note = l.Finding, note
			changed = append(changed, row)
		}
	}
	if c.Rest {
		for i := range grid {
			if grid[i].Finding == FindingNone {
				grid[i].Finding = FindingNotSeen
				changed = append(changed, &grid[i])
			}
		}
	}
	slices.SortFunc(changed, func(a, b *MissionFinding) int { return int(a.Position - b.Position) })
	return slices.Compact(changed)
}

// ReportMission hands the report in.
type ReportMission struct {
	At
	Text string
	On   qms.Date // none: today
}

// ReportMission hands the report of a mission in, signed by who does it: the visit is over, every
// evaluator has declared to be independent, and every criterion has its finding. The platform has 30 days
// from then to state what it observes.
func (s *Service) ReportMission(ctx context.Context, cmd ReportMission) (*Mission, error) {
	return s.onMission(ctx, "mission.report", qms.ReadLabel, cmd.At, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		team, err := evaluates(ctx, tx, m)
		if err != nil {
			return nil, err
		}
		grid, err := ofMission[MissionFinding](ctx, tx, m.ID, "position")
		if err != nil {
			return nil, err
		}
		if err := m.reportable(team, grid); err != nil {
			return nil, err
		}
		if cmd.On == 0 {
			cmd.On = tx.Today()
		}
		if on := in.past("on", cmd.On, tx.Today()); on != 0 && on < m.VisitThrough {
			in.fail("on", "mission.report_early", m.VisitThrough)
		}
		m.Report, m.ReportOn, m.ReportBy, m.ReportedAt = in.needed("text", cmd.Text, statedBook), cmd.On, tx.Actor().ID, tx.Now()
		if len(in.wrong) > 0 {
			return nil, nil
		}
		return nil, tx.Endorse(ctx, SignedReport, m.ID, m.Number, qms.MeansReport, m.signedReport(grid))
	})
}

// reportable refuses a report before its time.
func (m *Mission) reportable(team []MissionEvaluator, grid []MissionFinding) error {
	serving := 0
	for _, e := range team {
		if e.DismissedOn != 0 {
			continue
		}
		if serving++; e.DeclaredOn == 0 {
			return qms.Conflict("mission.undeclared", e.Name)
		}
	}
	missing := 0
	for _, f := range grid {
		if f.Finding == FindingNone {
			missing++
		}
	}
	switch {
	case m.ReportOn != 0:
		return qms.Conflict("mission.reported", m.Number)
	case serving == 0:
		return qms.Conflict("mission.no_evaluator")
	case m.VisitFrom == 0:
		return qms.Conflict("mission.no_visit")
	case missing > 0:
		return qms.Conflict("mission.findings_missing", missing)
	}
	return nil
}

// ObserveReport states what the platform observes on the report.
type ObserveReport struct {
	At
	Text string
	On   qms.Date // none: today
}

// ObserveReport notes the observations of the platform, dated within 30 days of the report; what is
// handed in later an officer of the programme may still note, as late as it is.
func (s *Service) ObserveReport(ctx context.Context, cmd ObserveReport) (*Mission, error) {
	return s.onMission(ctx, "mission.observe", qms.WriteLabel, cmd.At, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		switch {
		case m.ReportOn == 0:
			return nil, qms.Conflict("mission.no_report", m.Number)
		case m.ObservationsOn != 0:
			return nil, qms.Conflict("mission.observed", m.ObservationsOn)
		}
		if cmd.On == 0 {
			cmd.On = tx.Today()
		}
		on := in.past("on", cmd.On, tx.Today())
		switch officer := tx.Actor().Can(qms.AccompanyPlatform.On(cmd.Platform)); {
		case on != 0 && on < m.ReportOn:
			in.fail("on", "mission.observed_early", m.ReportOn)
		case max(on, tx.Today()) > m.ObservableUntil() && !officer:
			in.fail("on", "mission.observed_late", m.ObservableUntil())
		}
		m.Observations, m.ObservationsOn, m.ObservationsBy = in.needed("text", cmd.Text, statedBook), cmd.On, tx.Actor().ID
		return nil, nil
	})
}

// VoidMission declares a mission that nothing is decided of a mistake; its evaluators no longer read the
// platform by it.
func (s *Service) VoidMission(ctx context.Context, at At) (*Mission, error) {
	return s.onMission(ctx, "mission.void", qms.AccompanyPlatform, at, func(tx *store.Tx, in *stating, m *Mission) ([]qms.Record, error) {
		m.Void = in.needed("reason", at.Reason, statedText)
		if len(in.wrong) > 0 {
			return nil, nil
		}
		return nil, s.dismissAll(ctx, tx, m)
	})
}

// dismissAll ends what the evaluators of a mission may read by it.
func (s *Service) dismissAll(ctx context.Context, tx *store.Tx, m *Mission) error {
	team, err := ofMission[MissionEvaluator](ctx, tx, m.ID, "named_on", "id")
	if err != nil {
		return err
	}
	for _, e := range team {
		if e.RoleGrant == "" || e.DismissedOn != 0 {
			continue
		}
		if err := s.hosts.Dismiss(ctx, tx, m.Platform, e.RoleGrant, tx.Today()); err != nil {
			return err
		}
	}
	return nil
}
