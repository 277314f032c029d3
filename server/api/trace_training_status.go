package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
	"maillon/server/request"
)

// trainingStatuses are for booking systems and controllers of doors.
func (a *API) trainingStatuses() {
	const path = "/platforms/{platform}/training-status"
	one := get(path, "get-training-status", "Whether a person may use a piece of equipment on a day", "trainings")
	one.Description = "For booking systems and controllers of doors. `allowed` is the answer; `reasons` are stable codes. " +
		"Send the ETag back as If-None-Match: 304 says that nothing changed."
	register(a, one, a.trainingStatus)
	many := post(path, "ask-training-status", "The same for up to 1,000 pairs at once, in their order", "trainings")
	register(a, many, a.trainingStatusOfMany)
}

// TrainingStatus is whether a person may use a piece of equipment on a day.
type TrainingStatus struct {
	Person        qms.ID            `json:"person,omitempty"`
	PersonCode    string            `json:"person_code,omitempty" example:"A06"`
	Equipment     qms.ID            `json:"equipment,omitempty"`
	EquipmentCode string            `json:"equipment_code,omitempty" example:"CONF-1"`
	On            qms.Date          `json:"on" format:"date"`
	Allowed       bool              `json:"allowed" doc:"A training in force covers the day, the equipment is in service and the person belongs to the platform"`
	Covered       bool              `json:"covered" doc:"A training in force covers the day"`
	Standing      trace.Standing    `json:"standing" enum:",valid,expiring,expired" doc:"Of the training; empty for never trained"`
	Until         qms.Date          `json:"until,omitzero" format:"date" doc:"First day on which the training no longer holds; absent for ever or never"`
	Check         trace.Check       `json:"check,omitempty" enum:"U01,U02,U03" doc:"That a use on that day would fire"`
	Reasons       []RefusalReason   `json:"reasons" nullable:"false" doc:"Why not; empty when allowed"`
	Trainer       bool              `json:"trainer" doc:"The person is a trainer on the equipment on that day"`
	Requalify     *RequalifyWarning `json:"requalify,omitempty" doc:"The procedure taught has a new major version and the platform asks for a new training; a warning, it refuses nothing"`
}

// RefusalReason is why somebody may not use a piece of equipment.
type RefusalReason struct {
	Code     string `json:"code" enum:"U01,U02,U03,equipment-retired,equipment-not-yet,equipment-void,membership-elapsed,person-unknown,equipment-unknown" doc:"Stable"`
	Sentence string `json:"sentence" doc:"In the reader's language"`
}

// RequalifyWarning is a new training that is asked for.
type RequalifyWarning struct {
	Procedure string   `json:"procedure" example:"MO-EQP-001"`
	Version   string   `json:"version" example:"2.0"`
	DueOn     qms.Date `json:"due_on,omitzero" format:"date"`
}

type askTrainingStatus struct {
	InPlatform
	Person      string `query:"person" doc:"ID, code or e-mail of a member" example:"A06"`
	Equipment   string `query:"equipment" doc:"ID or code of a piece of equipment" example:"CONF-1"`
	On          string `query:"on" format:"date" doc:"Today when absent"`
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of the answer you have"`
}

type trainingStatusAnswer struct {
	Status       int
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Vary         string `header:"Vary"`
	Body         TrainingStatus
}

func (a *API) trainingStatus(ctx context.Context, in *askTrainingStatus) (*trainingStatusAnswer, error) {
	platform, err := a.s.People.PlatformID(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	on, err := queryDay("on", in.On)
	if err != nil {
		return nil, err
	}
	var missing []qms.Field
	for name, value := range map[string]string{"person": in.Person, "equipment": in.Equipment} {
		if strings.TrimSpace(value) == "" {
			missing = append(missing, qms.Wrong(name, "input.required"))
		}
	}
	if err := qms.InvalidFields(missing...); err != nil {
		return nil, err
	}
	s, err := a.s.Trace.TrainingStatus(ctx, platform, trace.AskStatus{Person: in.Person, Equipment: in.Equipment}, on)
	if err != nil {
		return nil, err
	}
	return answerStatus(renderStatus(ctx, s), in.IfNoneMatch)
}

// answerStatus lets a door keep the answer, and ask each time whether it still holds.
func answerStatus(body TrainingStatus, known string) (*trainingStatusAnswer, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	answer := &trainingStatusAnswer{Status: http.StatusOK, ETag: `"` + hex.EncodeToString(sum[:12]) + `"`, Body: body,
		CacheControl: "private, no-cache", Vary: "Authorization, Cookie, Accept-Language"}
	for _, tag := range strings.Split(known, ",") {
		if strings.TrimPrefix(strings.TrimSpace(tag), "W/") == answer.ETag {
			answer.Status = http.StatusNotModified
		}
	}
	return answer, nil
}

func renderStatus(ctx context.Context, s trace.TrainingStatus) TrainingStatus {
	out := TrainingStatus{Person: s.Person.ID, PersonCode: s.Person.Code, Equipment: s.Equipment.ID, EquipmentCode: s.Equipment.Code, On: s.On,
		Allowed: s.Allowed(), Covered: s.Check == "", Standing: s.Cover.Standing, Until: s.Cover.Until, Check: s.Check, Trainer: s.Trainer,
		Reasons: []RefusalReason{}}
	if s.Cover.Until != 0 && s.Cover.Standing == trace.None {
		out.Until = 0
	}
	for _, reason := range s.Reasons {
		out.Reasons = append(out.Reasons, RefusalReason{Code: string(reason), Sentence: request.From(ctx).Printer().T("training_status." + string(reason))})
	}
	if d := s.Requalify; d != nil {
		out.Requalify = &RequalifyWarning{Procedure: d.Procedure, Version: d.Version, DueOn: d.DueOn}
	}
	return out
}

type askManyStatuses struct {
	InPlatform
	Body struct {
		On   qms.Date `json:"on,omitzero" required:"false" format:"date" doc:"Today when absent"`
		Asks []struct {
			Person    string `json:"person" maxLength:"300" doc:"ID, code or e-mail of a member"`
			Equipment string `json:"equipment" maxLength:"300" doc:"ID or code"`
		} `json:"asks" maxItems:"1000"`
	}
}

type manyStatuses struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Answers []TrainingStatus `json:"answers" nullable:"false" doc:"In the order of the questions"`
	}
}

func (a *API) trainingStatusOfMany(ctx context.Context, in *askManyStatuses) (*manyStatuses, error) {
	platform, err := a.s.People.PlatformID(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	asks := make([]trace.AskStatus, len(in.Body.Asks))
	for i, ask := range in.Body.Asks {
		asks[i] = trace.AskStatus{Person: ask.Person, Equipment: ask.Equipment}
	}
	answers, err := a.s.Trace.TrainingStatuses(ctx, platform, asks, in.Body.On)
	if err != nil {
		return nil, err
	}
	out := &manyStatuses{CacheControl: "private, no-store"}
	out.Body.Answers = make([]TrainingStatus, len(answers))
	for i, s := range answers {
		out.Body.Answers[i] = renderStatus(ctx, s)
	}
	return out, nil
}
