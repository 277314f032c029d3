package trace

import (
	"context"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// RecordUse notes that a person used a piece of equipment. An empty Number is given out: UTI-2026-0001.
type RecordUse struct {
	Platform  qms.ID
	Number    string
	Person    qms.ID
	Equipment qms.ID
	Date      qms.Date // on which it began
	Began     string   // "22:30"; may be empty
	Minutes   int64
	Project   string
}

func (c RecordUse) state(in *checking, u *Use) {
	u.Person = in.requiredPerson("person", c.Person)
	u.Equipment = in.piece("equipment", c.Equipment)
	u.Date = in.past("date", c.Date)
	u.Began = in.hour("began", c.Began)
	u.Minutes = in.minutes("minutes", c.Minutes)
	u.Project = in.text("project", c.Project)
}

// hour reads an hour of the day that may be missing, and brings it into its form: 9:05 is "09:05".
func (in *input) hour(field, s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	at, err := time.Parse("15:04", strings.NewReplacer("h", ":", "H", ":").Replace(s))
	if err != nil {
		in.fail(field, "hour.malformed", in.bounded(field, s, maxCode))
		return ""
	}
	return at.Format("15:04")
}

// JudgedUse is a use with the check that it fires.
type JudgedUse struct {
	Use
	Check Check // empty when trainings cover it
	Known bool  // it was on record already, as it was stated
}

// NoteUse records one use and says what covers it. One that no training covers is recorded, with its
// check, or refused (use.uncovered, which names the check beside the equipment), as the settings of the
// platform say; so is none on a piece of equipment that was not in service on the day.
func (s *Service) NoteUse(ctx context.Context, cmd RecordUse) (*JudgedUse, error) {
	act := qms.Act{Name: "use.record", Needs: qms.WriteTrace.On(cmd.Platform), Platform: cmd.Platform}
	noted := &JudgedUse{}
	u, err := enter(ctx, s, act, func(in *checking, u *Use) {
		u.Number = cmd.Number
		cmd.state(in, u)
		in.inService("equipment", u.Equipment, u.Date)
		if in.err == nil && len(in.wrong) == 0 {
			noted.Check = in.cover(u)
		}
	})
	if err != nil {
		return nil, err
	}
	noted.Use = *u
	return noted, nil
}

// cover is the check that the use fires as of today; refused where the settings refuse it.
func (in *checking) cover(u *Use) Check {
	f, err := factsOf(in.ctx, in.tx, in.platform, scope{persons: []qms.ID{u.Person}, equipment: []qms.ID{u.Equipment}})
	if err != nil {
		in.err = err
		return ""
	}
	check := JudgeUse(*u, f.ground(in.tx.Today(), nil))
	if check != "" && f.settings.Uncovered == Refuse {
		in.err = uncoveredUse(qms.Wrong("equipment", uncoveredKey(check)))
	}
	return check
}

// uncoveredUse refuses uses that no training covers: one type for whoever must tell it from other
// refusals, and the check beside the field.
func uncoveredUse(fields ...qms.Field) error {
	refused := qms.Conflict("use.uncovered")
	refused.Fields = fields
	return refused
}

// uncoveredKey is the sentence that a check of a use refuses it with.
func uncoveredKey(check Check) string { return "use.uncovered_" + string(check) }

// RecordUse is NoteUse for who needs the record only.
func (s *Service) RecordUse(ctx context.Context, cmd RecordUse) (*Use, error) {
	noted, err := s.NoteUse(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return &noted.Use, nil
}

// UseForecast is what a use would be told, before it is recorded.
type UseForecast struct {
	Check   Check
	Refused bool     // it would not be recorded
	Until   qms.Date // first day on which what covers it no longer holds; none without an end
}

// ForecastUse says what covers a use that is about to be recorded, in one statement. Nothing is asked of
// what is stated but the person, the equipment and the day.
func (s *Service) ForecastUse(ctx context.Context, cmd RecordUse) (forecast UseForecast, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(cmd.Platform), func(r store.Reader) error {
		f, err := factsOf(ctx, r, cmd.Platform, scope{persons: []qms.ID{cmd.Person}, equipment: []qms.ID{cmd.Equipment}})
		if err != nil {
			return err
		}
		g := f.ground(max(cmd.Date, r.Today()), nil)
		var in input
		u := Use{Person: cmd.Person, Equipment: cmd.Equipment, Date: cmd.Date, Began: in.hour("began", cmd.Began), Minutes: in.minutes("minutes", cmd.Minutes)}
		if len(in.wrong) > 0 {
			u.Began, u.Minutes = "", 0
		}
		forecast.Check = JudgeUse(u, g)
		forecast.Refused = forecast.Check != "" && f.settings.Uncovered == Refuse
		forecast.Until = g.TrainingCover(Pair{cmd.Person, cmd.Equipment}, cmd.Date, f.settings.ExpiringDays).Until
		return nil
	})
	return forecast, err
}

// CorrectUse puts right what was stated of a use. What happened is never refused here: a use that no
// training covers then fires its check.
func (s *Service) CorrectUse(ctx context.Context, target Target, cmd RecordUse) (*Use, error) {
	return correct(ctx, s, qms.Act{Name: "use.correct", Needs: qms.WriteTrace.On(target.Platform)}, target, cmd.state)
}

// VoidUse declares a use a mistake.
func (s *Service) VoidUse(ctx context.Context, target Target) (*Use, error) {
	return annul[Use](ctx, s, qms.Act{Name: "use.void", Needs: qms.WriteTrace.On(target.Platform)}, target)
}
