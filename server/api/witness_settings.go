package api

import (
	"context"
	"time"

	"maillon/audits/witness"
	"maillon/qms"
)

// TrailAlarm is a trail that did not continue the last checkpoint kept of it.
type TrailAlarm struct {
	ID         qms.ID     `json:"id"`
	Platform   qms.ID     `json:"platform,omitempty" doc:"Absent for the site's trail"`
	Checkpoint qms.ID     `json:"checkpoint" doc:"That it does not continue"`
	KeptSize   int64      `json:"kept_size"`
	KeptAt     time.Time  `json:"kept_at"`
	FoundSize  int64      `json:"found_size"`
	FoundAt    time.Time  `json:"found_at"`
	Settled    string     `json:"settled,omitempty" doc:"What was found and done; absent while it is open"`
	SettledAt  *time.Time `json:"settled_at,omitempty"`
	SettledBy  string     `json:"settled_by,omitempty"`
}

func renderAlarm(a witness.CheckpointAlarm) TrailAlarm {
	out := TrailAlarm{ID: a.ID, Platform: a.Of(), Checkpoint: a.Checkpoint, KeptSize: a.KeptSize, KeptAt: a.KeptAt, FoundSize: a.FoundSize,
		FoundAt: a.FoundAt, Settled: a.Settled, SettledBy: a.SettledName}
	if !a.SettledAt.IsZero() {
		out.SettledAt = &a.SettledAt
	}
	return out
}

type alarmsAnswer struct {
	Body struct {
		Items []TrailAlarm `json:"items" nullable:"false"`
	}
}

func (a *API) alarmsOf(ctx context.Context, platform qms.ID) (*alarmsAnswer, error) {
	all, err := a.s.Witness.Alarms(ctx, platform)
	if err != nil {
		return nil, err
	}
	out := new(alarmsAnswer)
	out.Body.Items = make([]TrailAlarm, len(all))
	for i, one := range all {
		out.Body.Items[i] = renderAlarm(one)
	}
	return out, nil
}

func (a *API) listAlarms(ctx context.Context, in *InPlatform) (*alarmsAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.alarmsOf(ctx, p.ID)
}

func (a *API) listSiteAlarms(ctx context.Context, _ *struct{}) (*alarmsAnswer, error) {
	return a.alarmsOf(ctx, "")
}

// SettleAlarm says what was found and done.
type SettleAlarm struct {
	Reason string `json:"reason" maxLength:"2000" doc:"What was found and done"`
}

type settleAlarm struct {
	IfMatch
	Alarm string `path:"alarm" format:"uuid" maxLength:"36"`
	Body  SettleAlarm
}

func (a *API) settleAlarm(ctx context.Context, in *settleAlarm) (*nothing, error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	return nil, a.s.Witness.Settle(ctx, witness.Settle{Alarm: qms.ID(in.Alarm), Revision: revision, Reason: in.Body.Reason})
}

// CheckpointAddress is where the checkpoints of each day are mailed to.
type CheckpointAddress struct {
	ID       qms.ID   `json:"id"`
	Address  string   `json:"address" example:"archives@institution.example"`
	Language string   `json:"language" enum:"fr,en"`
	Since    qms.Date `json:"since" format:"date"`
}

func renderAddress(a witness.CheckpointAddress) CheckpointAddress {
	return CheckpointAddress{ID: a.ID, Address: a.Address, Language: a.Language, Since: a.Since}
}

type addressesAnswer struct {
	Body struct {
		Items []CheckpointAddress `json:"items" nullable:"false"`
	}
}

func (a *API) listCheckpointAddresses(ctx context.Context, _ *struct{}) (*addressesAnswer, error) {
	all, err := a.s.Witness.Addresses(ctx)
	if err != nil {
		return nil, err
	}
	out := new(addressesAnswer)
	out.Body.Items = make([]CheckpointAddress, len(all))
	for i, one := range all {
		out.Body.Items[i] = renderAddress(one)
	}
	return out, nil
}

// NewCheckpointAddress names one more.
type NewCheckpointAddress struct {
	Address  string `json:"address" maxLength:"254" example:"archives@institution.example"`
	Language string `json:"language,omitempty" enum:"fr,en" doc:"Of the mails; fr when it is left out"`
}

type addCheckpointAddress struct{ Body NewCheckpointAddress }

func (a *API) addCheckpointAddress(ctx context.Context, in *addCheckpointAddress) (*One[CheckpointAddress], error) {
	if in.Body.Language == "" {
		in.Body.Language = "fr"
	}
	made, err := a.s.Witness.AddAddress(ctx, witness.AddAddress{Address: in.Body.Address, Language: in.Body.Language})
	if err != nil {
		return nil, err
	}
	return one(made.Revision, renderAddress(*made)), nil
}

// EndCheckpointAddress says why.
type EndCheckpointAddress struct {
	Reason string `json:"reason" maxLength:"2000"`
}

type endCheckpointAddress struct {
	Address string `path:"address" format:"uuid" maxLength:"36"`
	Body    EndCheckpointAddress
}

func (a *API) endCheckpointAddress(ctx context.Context, in *endCheckpointAddress) (*nothing, error) {
	return nil, a.s.Witness.EndAddress(ctx, qms.ID(in.Address), in.Body.Reason)
}
