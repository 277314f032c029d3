package api

import (
	"context"
	"strings"

	"maillon/qms"
	"maillon/qms/trace"
	"maillon/server/request"
)

// checks are the checks of a platform, what they find, and how they are set.
func (a *API) checks() {
	const settings = "/platforms/{platform}/check-settings"
	register(a, get("/platforms/{platform}/checks", "list-checks", "Every check, explained, with how often it fires as of a day", "checks"), a.listChecks)
	register(a, get(settings, "get-check-settings", "How the platform sets its checks", "checks"), a.getCheckSettings)
	register(a, patch(settings, "set-checks", "Set the checks of the platform", "checks"), a.setChecks)
}

// Checks is every check of a platform as of a day.
type Checks struct {
	AsOf  qms.Date    `json:"as_of" format:"date"`
	Items []CheckInfo `json:"items" nullable:"false" doc:"In the order of their names"`
}

// CheckInfo is one check, explained in the reader's language.
type CheckInfo struct {
	Check trace.Check `json:"check" example:"S08"`
	Title string      `json:"title" doc:"What is well when it does not fire, in a few words"`
	Why   string      `json:"why" doc:"When it fires"`
	Of    string      `json:"of" enum:"service,record,use" doc:"What it is made of; S07 of a record that belongs to no service"`
	Made  bool        `json:"made" doc:"Whether the settings of the platform ask for it"`
	Times int         `json:"times" doc:"How often it fires"`
}

type listChecks struct {
	InPlatform
	AsOf
}

type checksAnswer struct{ Body Checks }

func (a *API) listChecks(ctx context.Context, in *listChecks) (*checksAnswer, error) {
	p, day, err := a.platformOn(ctx, in.Platform, in.AsOf)
	if err != nil {
		return nil, err
	}
	sheet, err := a.s.Trace.CheckSheet(ctx, p.ID, day)
	if err != nil {
		return nil, err
	}
	printer, body := request.From(ctx).Printer(), Checks{AsOf: sheet.Findings.AsOf}
	for _, check := range trace.Checks() {
		of := "service"
		switch {
		case check == trace.S07:
			of = "record"
		case check.OfUse():
			of = "use"
		}
		body.Items = append(body.Items, CheckInfo{Check: check, Title: printer.T("check." + string(check) + ".title"), Why: printer.T("check." + string(check) + ".why"),
			Of: of, Made: sheet.Findings.Makes(check), Times: sheet.Findings.Times(check)})
	}
	return &checksAnswer{body}, nil
}

// CheckSettings is how a platform sets its checks. Findings follow the settings of today, on past days
// too; exercises that were made keep what they found.
type CheckSettings struct {
	InvoiceDays  int64  `json:"invoice_days" doc:"S03 fires when the latest report is more than so many days old"`
	ExpiringDays int64  `json:"expiring_days" doc:"A validity is shown as expiring when it ends within so many days"`
	Evidence     bool   `json:"evidence" doc:"S11 is made: each stage has a file"`
	Trainers     bool   `json:"trainers" doc:"U04 is made: the trainer was one for that equipment"`
	Uncovered    string `json:"uncovered" enum:"warn,refuse" doc:"What becomes of a use that no training covers, by hand or from a booking system"`
}

// NewCheckSettings is what changes of the settings; what is absent stays.
type NewCheckSettings struct {
	InvoiceDays  *int64  `json:"invoice_days,omitempty"`
	ExpiringDays *int64  `json:"expiring_days,omitempty"`
	Evidence     *bool   `json:"evidence,omitempty"`
	Trainers     *bool   `json:"trainers,omitempty"`
	Uncovered    *string `json:"uncovered,omitempty" enum:"warn,refuse"`
	Reason       string  `json:"reason,omitempty" maxLength:"4000" doc:"Why; may be absent"`
}

func renderCheckSettings(c trace.CheckSettings) CheckSettings {
	return CheckSettings{c.InvoiceDays, c.ExpiringDays, c.Evidence, c.Trainers, c.Uncovered}
}

type getCheckSettings struct{ InPlatform }

func (a *API) getCheckSettings(ctx context.Context, in *getCheckSettings) (*One[CheckSettings], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	set, err := a.s.Trace.CheckSettings(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return one(set.Revision, renderCheckSettings(set)), nil
}

type setChecks struct {
	InPlatform
	IfMatch
	Body NewCheckSettings
}

func (a *API) setChecks(ctx context.Context, in *setChecks) (*One[CheckSettings], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	var revision int64 // "0" is the settings by default, which nobody wrote
	if strings.Trim(strings.TrimSpace(in.IfMatch.IfMatch), `"`) != "0" {
		if revision, err = in.Revision(); err != nil {
			return nil, err
		}
	}
	set, err := a.s.Trace.CheckSettings(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	cmd := trace.SetChecks{Platform: p.ID, Revision: revision, Reason: in.Body.Reason, InvoiceDays: stateOr(in.Body.InvoiceDays, set.InvoiceDays),
		ExpiringDays: stateOr(in.Body.ExpiringDays, set.ExpiringDays), Evidence: stateOr(in.Body.Evidence, set.Evidence),
		Trainers: stateOr(in.Body.Trainers, set.Trainers), Uncovered: stateOr(in.Body.Uncovered, set.Uncovered)}
	written, err := a.s.Trace.SetChecks(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return one(written.Revision, renderCheckSettings(*written)), nil
}

// stateOr is what is stated, or what stays.
func stateOr[T any](stated *T, stays T) T {
	if stated != nil {
		return *stated
	}
	return stays
}
