package audits

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"maillon/audits/pack"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/people"
	"maillon/qms/store"
)

// ExerciseReport is the report of a concluded exercise in one language, kept so that a later download
// is the same byte for byte.
type ExerciseReport struct {
	qms.Row
	Exercise qms.ID
	Language string
	Content  vault.Digest
	Size     int64 // bytes
	MadeAt   time.Time
}

// OpenReport opens the report of a concluded sampled exercise as a PDF. Close it.
func (s *Service) OpenReport(ctx context.Context, platform qms.ID, number, language string) (*ExerciseReport, io.ReadCloser, error) {
	report, sheet, err := s.report(ctx, platform, number, language)
	if err == nil && report == nil { // the server stopped before it was made, or it is of before reports
		if err = s.makeReports(ctx, sheet); err == nil {
			report, _, err = s.report(ctx, platform, number, language)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	content, err := s.vault.Open(ctx, report.Content)
	return report, content, err
}

func (s *Service) report(ctx context.Context, platform qms.ID, number, language string) (report *ExerciseReport, sheet *Sheet, err error) {
	err = s.db.View(ctx, qms.ReadExercises.On(platform), func(r store.Reader) error {
		if sheet, err = loadSheet(ctx, r, platform, number); err != nil {
			return err
		}
		if e := sheet.Exercise; e.Scope != SampleScope || e.State != Concluded {
			return qms.Conflict("exercise.no_report", e.Number)
		}
		report, err = reportOf(ctx, r, sheet.Exercise.ID, locale.For(language).Lang())
		return err
	})
	return report, sheet, err
}

// makeReports prints the report in every language, keeps the files, and puts them on record. A report
// that is there already stays.
func (s *Service) makeReports(ctx context.Context, sheet *Sheet) error {
	e := sheet.Exercise
	var platform people.Platform
	err := s.db.View(ctx, qms.ReadExercises.On(e.Platform), func(r store.Reader) error {
		return r.Select(&platform).Where("id = ?", e.Platform).Scan(ctx)
	})
	if err != nil {
		return err
	}
	var made []ExerciseReport
	for _, language := range locale.Languages() {
		var pdf bytes.Buffer
		if err := pack.PrintExercise(&pdf, sheet.report(platform, language)); err != nil {
			return err
		}
		info, err := s.vault.Put(ctx, &pdf)
		if err != nil {
			return err
		}
		made = append(made, ExerciseReport{Exercise: e.ID, Language: language, Content: info.Digest, Size: info.Size})
	}
	act := qms.Act{Name: "exercise.report", Needs: qms.ReadExercises.On(e.Platform), Platform: e.Platform, Subject: e.ID}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		for i := range made {
			there, err := reportOf(ctx, tx, e.ID, made[i].Language)
			if err != nil {
				return err
			}
			if there != nil {
				continue
			}
			made[i].MadeAt = tx.Now()
			if err := tx.Insert(ctx, &made[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// report is the exercise as it is printed.
func (s *Sheet) report(platform people.Platform, language string) *pack.ExerciseReport {
	e := s.Exercise
	out := &pack.ExerciseReport{Language: language, Platform: platform.Name, PlatformCode: platform.Code, Number: e.Number, Practice: e.Practice,
		Kind: string(e.Kind), Direction: string(e.Direction), Chosen: e.Chosen, From: e.PeriodFrom, To: e.PeriodTo, AsOf: e.AsOf, Seed: e.Seed,
		StrataBy: string(e.Strata), Population: e.PopulationSize, Digest: e.PopulationDigest, StartedAt: e.StartedAt, ConcludedAt: e.ConcludedAt,
		Found: e.Found, Expected: e.Expected, Verdict: string(e.Verdict), Remark: e.Remark, Signatory: e.SignedName, Signed: e.SignedDigest, SignedZone: e.SignedZone,
		Seconds: s.Seconds(e.ConcludedAt), Shell: s.Shell()}
	for _, v := range s.Evaluators {
		out.Evaluators = append(out.Evaluators, v.Name)
	}
	for _, part := range s.Strata {
		out.Strata = append(out.Strata, pack.ReportStratum{Name: part.Name, Size: part.PopulationSize, Digest: part.PopulationDigest, Drawn: part.Drawn})
	}
	for _, i := range s.Items {
		item := pack.ReportItem{Number: i.Number, Digest: i.Digest, Stratum: i.Stratum, Label: i.Label, Seconds: i.Seconds, Cut: i.Cut, ClockNote: i.ClockNote}
		for _, l := range i.Links {
			item.Links = append(item.Links, pack.ReportLink{Link: l.Link, Target: l.Target, Proposal: string(l.Proposal), Answer: string(l.Answer),
				Checks: strings.Fields(l.Checks), Note: l.Note, By: l.AnsweredName, At: l.AnsweredAt})
		}
		for _, f := range s.FilesOf(i) {
			item.Files = append(item.Files, pack.ReportFile{Name: f.Name, Size: f.Size, SHA256: f.Content.String()})
		}
		out.Items = append(out.Items, item)
	}
	return out
}

// Shell is the lines of shell that draw the items again from the exported lists, each stratum by
// itself; none for items that were chosen.
func (s Sheet) Shell() string {
	e := s.Exercise
	if e.Chosen || e.Scope != SampleScope {
		return ""
	}
	var b strings.Builder
	b.WriteString("seed=" + quoted(e.Seed) + " kind=" + quoted(string(e.Kind)) + "\n")
	b.WriteString("draw() {\n  while IFS= read -r number; do\n")
	b.WriteString("    hash=$(printf '%s|%s|%s' \"$seed\" \"$kind\" \"$number\" | sha256sum)\n")
	b.WriteString("    printf '%.64s %s\\n' \"$hash\" \"$number\"\n")
	b.WriteString("  done | LC_ALL=C sort | head -n \"$1\"\n}\n")
	if len(s.Strata) == 0 {
		b.WriteString("draw " + strconv.FormatInt(e.SampleSize, 10) + " < " + e.PopulationFile(0) + "\n")
		return b.String()
	}
	for _, part := range s.Strata {
		if part.Drawn > 0 {
			b.WriteString("draw " + strconv.FormatInt(part.Drawn, 10) + " < " + e.PopulationFile(int(part.Position)) + "\n")
		}
	}
	return b.String()
}

// PopulationFile is the name under which the list that was drawn from is exported; stratum 0 is all.
func (e Exercise) PopulationFile(stratum int) string {
	if stratum == 0 {
		return "population-" + e.Number + ".txt"
	}
	return fmt.Sprintf("population-%s-%02d.txt", e.Number, stratum)
}

// quoted is a word as the shell takes it, whatever it holds.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }
