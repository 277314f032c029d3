package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/trace"
)

// uses are who used what.
func (a *API) uses() {
	register(a, get("/platforms/{platform}/uses", "list-uses", "List the uses with what covers them", "uses"), a.listUses)
	records(a, a.useKind())
}

// Use is one use of a piece of equipment by a person.
type Use struct {
	ID            qms.ID      `json:"id"`
	Revision      int64       `json:"revision"`
	Number        string      `json:"number" example:"UTI-2026-0001"`
	Person        qms.ID      `json:"person"`
	Equipment     qms.ID      `json:"equipment"`
	Date          qms.Date    `json:"date" format:"date"`
	Began         string      `json:"began,omitempty" example:"22:30" doc:"At what hour, where it was stated"`
	Minutes       int64       `json:"minutes,omitempty"`
	Project       string      `json:"project,omitempty"`
	Check         trace.Check `json:"check,omitempty" doc:"In a list, and of a use just recorded: the check that fires; absent when a training covers it"`
	Warning       string      `json:"warning,omitempty" doc:"Of a use just recorded: what the check says, in the reader's language"`
	Known         bool        `json:"known,omitempty" doc:"In a batch: it was on record already, as it was stated"`
	PersonName    string      `json:"person_name,omitempty"`
	EquipmentCode string      `json:"equipment_code,omitempty"`
	Void          string      `json:"void,omitempty"`
}

// NewUse is what is stated of a use.
type NewUse struct {
	Why
	Number    string   `json:"number,omitempty" maxLength:"64" doc:"Given out when absent; it never changes"`
	Person    qms.ID   `json:"person"`
	Equipment qms.ID   `json:"equipment"`
	Date      qms.Date `json:"date" format:"date"`
	Began     string   `json:"began,omitempty" maxLength:"5" example:"22:30" doc:"At what hour; with it a use that lasts beyond midnight is judged on each of its days"`
	Minutes   int64    `json:"minutes,omitempty" minimum:"0"`
	Project   string   `json:"project,omitempty" maxLength:"500"`
}

func (b NewUse) command(platform qms.ID) trace.RecordUse {
	return trace.RecordUse{Platform: platform, Number: b.Number, Person: b.Person, Equipment: b.Equipment, Date: b.Date, Began: b.Began, Minutes: b.Minutes, Project: b.Project}
}

func renderUse(u trace.Use) Use {
	return Use{ID: u.ID, Revision: u.Revision, Number: u.Number, Person: u.Person, Equipment: u.Equipment, Date: u.Date, Began: u.Began, Minutes: u.Minutes, Project: u.Project, Void: u.Void}
}

func (a *API) useKind() kind[NewUse, trace.JudgedUse, Use] {
	t := a.s.Trace
	judged := func(u *trace.Use, err error) (*trace.JudgedUse, error) {
		if err != nil {
			return nil, err
		}
		return &trace.JudgedUse{Use: *u}, nil
	}
	return kind[NewUse, trace.JudgedUse, Use]{plural: "uses", noun: "use", subject: "uses",
		read: func(ctx context.Context, p qms.ID, number string) (*trace.JudgedUse, error) {
			return judged(t.Use(ctx, p, number))
		},
		make: func(ctx context.Context, p qms.ID, b NewUse) (*trace.JudgedUse, error) {
			return t.NoteUse(ctx, b.command(p))
		},
		correct: func(ctx context.Context, target trace.Target, b NewUse) (*trace.JudgedUse, error) {
			return judged(t.CorrectUse(ctx, target, b.command(target.Platform)))
		},
		void: func(ctx context.Context, target trace.Target) (*trace.JudgedUse, error) {
			return judged(t.VoidUse(ctx, target))
		},
		render: func(u trace.JudgedUse) Use { return renderUse(u.Use) }, row: func(u *trace.JudgedUse) qms.Row { return u.Row }, said: judgedUse}
}

type listUses struct {
	InPlatform
	Paged
	AsOf
	Person    string `query:"person" maxLength:"36" doc:"ID of a person"`
	Equipment string `query:"equipment" maxLength:"36" doc:"ID of a piece of equipment"`
	From      string `query:"from" format:"date"`
	To        string `query:"to" format:"date"`
	Uncovered bool   `query:"uncovered" doc:"Only those that no training covers"`
	Check     string `query:"check" enum:"U01,U02,U03,U04"`
	Sort      string `query:"sort" enum:"date,-date,number,-number"`
}

func (a *API) listUses(ctx context.Context, in *listUses) (*List[Use], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	f := trace.UseFilter{Uncovered: in.Uncovered, Check: trace.Check(in.Check), Sort: in.Sort}
	if f.Person, f.Equipment, err = pair(in.Person, in.Equipment); err != nil {
		return nil, err
	}
	if f.AsOf, err = in.Day(a.today()); err != nil {
		return nil, err
	}
	if f.From, f.To, err = days(in.From, in.To); err != nil {
		return nil, err
	}
	page, err := a.s.Trace.Uses(ctx, p.ID, f, in.Cursor())
	if err != nil {
		return nil, err
	}
	return list(&in.Paged, page, func(l trace.UseLine) Use {
		u := renderUse(l.Use)
		u.Check, u.PersonName, u.EquipmentCode = l.Check, l.Person.Name, l.Equipment.Code
		return u
	}), nil
}

// pair reads the identifiers of a person and of a piece of equipment out of a query; each may be absent.
func pair(person, equipment string) (p, e qms.ID, err error) {
	if p, err = queryID("person", person); err != nil {
		return "", "", err
	}
	e, err = queryID("equipment", equipment)
	return p, e, err
}

func queryID(name, text string) (qms.ID, error) {
	if text == "" {
		return "", nil
	}
	id, err := qms.ParseID(text)
	if err != nil {
		return "", qms.InvalidFields(qms.Wrong(name, "id.malformed", text))
	}
	return id, nil
}
