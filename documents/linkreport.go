package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// LinkFilter narrows the report of links; its zero fields do not.
type LinkFilter struct {
	AsOf    qms.Date // today when zero
	Process string   // of the document whose text it is; NoProcess for those of none
	Problem Problem
	Wrong   bool // only what is to be looked at: unknown, obsolete and suggested
}

// LinkReport is the links of a platform with what is wrong with them.
type LinkReport struct {
	AsOf      qms.Date
	Links     []LinkOf        // those the filter keeps, by the code of the document they stand in
	Count     map[Problem]int // over all links of the process asked for
	Total     int             // of them, dismissed suggestions aside
	Processes []Process
}

// LinkReport lists the links that the filter keeps. Dismissed suggestions are listed only when they are
// asked for.
func (s *Service) LinkReport(ctx context.Context, platform qms.ID, f LinkFilter) (*LinkReport, error) {
	report := &LinkReport{AsOf: f.AsOf, Count: map[Problem]int{}}
	err := s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		if report.AsOf == 0 {
			report.AsOf = r.Today()
		}
		st, err := standingOfAll(ctx, r, platform, report.AsOf)
		if err != nil {
			return err
		}
		rows, err := linksOf(ctx, r, platform)
		if err != nil {
			return err
		}
		for _, l := range st.links(r, rows) {
			report.take(l, f)
		}
		report.Processes, err = processesOf(ctx, r, platform)
		slices.SortFunc(report.Processes, inOrder)
		return err
	})
	return report, err
}

func (report *LinkReport) take(l LinkOf, f LinkFilter) {
	process := f.Process
	if process == NoProcess {
		process = ""
	}
	if f.Process != "" && l.From.Process != process {
		return
	}
	report.Count[l.Problem]++
	if l.Problem != NotMeant {
		report.Total++
	}
	switch {
	case f.Problem != "" && l.Problem != f.Problem, f.Problem == "" && l.Problem == NotMeant, f.Wrong && l.Problem == Sound:
		return
	}
	report.Links = append(report.Links, l)
}
