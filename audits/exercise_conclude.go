package audits

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// Conclude closes a sampled exercise under the signature of who acts; links without an answer count as
// missing. The door has asked for the password again (people.Confirm).
type Conclude struct {
	Platform qms.ID
	Exercise string
	Verdict  Verdict
	Remark   string // needed unless the verdict is Passed
	Revision int64  // of the exercise as the evaluator knows it; zero for whatever it is
}

// Conclude stops every clock, notes verdict and score, signs what is on record with the name of who
// acts, and has the report made. A concluded exercise never changes.
func (s *Service) Conclude(ctx context.Context, cmd Conclude) (*Sheet, error) {
	act := qms.Act{Name: "exercise.conclude", Needs: qms.RunExercises.On(cmd.Platform), Platform: cmd.Platform}
	sheet, err := s.changeSheet(ctx, act, cmd.Exercise, func(tx *store.Tx, sheet *Sheet) error {
		if cmd.Revision != 0 && cmd.Revision != sheet.Exercise.Revision {
			return qms.Conflict("record.changed")
		}
		if err := sheet.judged(tx); err != nil {
			return err
		}
		if err := sheet.stopAll(ctx, tx); err != nil {
			return err
		}
		if err := sheet.conclude(cmd.Verdict, cmd.Remark, tx.Now()); err != nil {
			return err
		}
		e := &sheet.Exercise
		e.SignedBy, e.SignedName, e.SignedZone = tx.Actor().ID, tx.Actor().Name, tx.Zone()
		var err error
		if e.SignedDigest, err = sheet.Signed(); err != nil {
			return err
		}
		return tx.Update(ctx, e)
	})
	if err != nil {
		return nil, err
	}
	if err := s.makeReports(ctx, sheet); err != nil { // it is made when it is asked for, at the latest
		s.log.ErrorContext(ctx, "report of exercise not made", slog.String("exercise", sheet.Exercise.Number), slog.Any("error", err))
	}
	return sheet, nil
}

// conclude closes the exercise with the evaluator's verdict.
func (s *Sheet) conclude(verdict Verdict, remark string, at time.Time) error {
	e := &s.Exercise
	if e.State == Concluded {
		return qms.Conflict("exercise.not_running", e.Number)
	}
	switch verdict {
	case Passed, Remarks, Failed:
	default:
		return qms.InvalidFields(qms.Wrong("verdict", "exercise.unknown_verdict", string(verdict)))
	}
	score := s.Score()
	if verdict == Passed && score.Found < score.Expected {
		return qms.InvalidFields(qms.Wrong("verdict", "exercise.passed_with_gaps", score.Expected-score.Found))
	}
	if verdict != Passed && strings.TrimSpace(remark) == "" {
		return qms.InvalidFields(qms.Wrong("remark", "exercise.remark_needed"))
	}
	if len(remark) > maxNote {
		return qms.InvalidFields(qms.Wrong("remark", "input.too_long", maxNote))
	}
	e.State, e.Verdict, e.Remark, e.ConcludedAt = Concluded, verdict, strings.TrimSpace(remark), at
	e.Found, e.Expected = score.Found, score.Expected
	return nil
}

// signedSheet is what the signature of an exercise covers.
type signedSheet struct {
	Number, Verdict, Remark, Signatory string
	Found, Expected                    int64
	Kind                               Kind
	Direction                          Direction
	From, To, AsOf                     qms.Date
	Seed                               string
	Population                         string
	Size                               int64
	Practice                           bool
	ConcludedAt                        time.Time
	Strata                             []signedStratum
	Items                              []signedItem
}

type signedStratum struct {
	Name, Population string
	Size, Drawn      int64
}

type signedItem struct {
	Number, Digest, Stratum, ClockNote string
	Seconds                            int64
	Links                              []signedLink
	Files                              []signedFile
}

type signedLink struct {
	Link, Target, Checks, Note string
	Proposal, Answer           Answer
	By                         string
	At                         time.Time
}

// Signed is the SHA-256, in hexadecimal, of what the signature covers: the draw, every answer with who
// gave it and when, the times, the files by their SHA-256, and the verdict. Made again from the records,
// it is the one on record as long as none of them was altered.
func (s *Sheet) Signed() (string, error) {
	e := s.Exercise
	out := signedSheet{Number: e.Number, Verdict: string(e.Verdict), Remark: e.Remark, Signatory: e.SignedName, Found: e.Found,
		Expected: e.Expected, Kind: e.Kind, Direction: e.Direction, From: e.PeriodFrom, To: e.PeriodTo, AsOf: e.AsOf, Seed: e.Seed,
		Population: e.PopulationDigest, Size: e.PopulationSize, Practice: e.Practice, ConcludedAt: e.ConcludedAt.UTC()}
	for _, part := range s.Strata {
		out.Strata = append(out.Strata, signedStratum{part.Name, part.PopulationDigest, part.PopulationSize, part.Drawn})
	}
	for _, i := range s.Items {
		item := signedItem{Number: i.Number, Digest: i.Digest, Stratum: i.Stratum, ClockNote: i.ClockNote, Seconds: i.Seconds}
		for _, l := range i.Links {
			item.Links = append(item.Links, signedLink{l.Link, l.Target, l.Checks, l.Note, l.Proposal, l.Answer, l.AnsweredName, l.AnsweredAt.UTC()})
		}
		for _, subject := range append([]qms.ID{i.ID}, linkIDs(i.Links)...) {
			for _, f := range s.Files[subject] {
				item.Files = append(item.Files, signedFile{f.Name, f.Content, f.AddedAt.UTC()})
			}
		}
		out.Items = append(out.Items, item)
	}
	text, err := json.Marshal(out)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Holds reports whether the records are still what was signed; true for those of before signatures.
func (s *Sheet) Holds() bool {
	digest, err := s.Signed()
	return err == nil && (s.Exercise.SignedDigest == "" || s.Exercise.SignedDigest == digest)
}
