package api

import (
	"context"

	"maillon/qms"
	"maillon/scheduler"
)

// ReminderRule is when one kind is reminded.
type ReminderRule struct {
	Kind     string `json:"kind" doc:"Of obligation; or invitation, whether mails invite to sessions, which has no offsets"`
	Offsets  []int  `json:"offsets" nullable:"false" doc:"Days before; of a platform, empty: as the site does"`
	Off      bool   `json:"off" required:"false" doc:"Nothing is told; a platform may say so only where the site allows"`
	Optional bool   `json:"optional" required:"false" doc:"Platforms may turn it off; settled by the site"`
	Revision int64  `json:"revision" required:"false" doc:"Of what was settled here; 0: nothing was"`
}

func renderRule(k scheduler.KindRule) ReminderRule {
	r := ReminderRule{Kind: k.Kind, Offsets: append([]int{}, k.Steps.Offsets...), Off: k.Steps.Off, Optional: k.Optional}
	if k.Own != nil {
		r.Revision = k.Own.Revision
	}
	return r
}

// ruleList is every kind: there are few.
func ruleList(in *Paged, kinds []scheduler.KindRule) *List[ReminderRule] {
	return list(in, qms.Page[scheduler.KindRule]{Items: kinds}, renderRule)
}

type listSiteReminderRules struct{ Paged }

func (a *API) listSiteReminderRules(ctx context.Context, in *listSiteReminderRules) (*List[ReminderRule], error) {
	o, err := a.s.Reminders.Overview(ctx)
	if err != nil {
		return nil, err
	}
	return ruleList(&in.Paged, append(o.Kinds, o.Invites)), nil
}

type listReminderRules struct {
	InPlatform
	Paged
}

func (a *API) listReminderRules(ctx context.Context, in *listReminderRules) (*List[ReminderRule], error) {
	settings, err := a.reminderSettings(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return ruleList(&in.Paged, append(settings.Kinds, settings.Invites)), nil
}

func (a *API) reminderSettings(ctx context.Context, code string) (scheduler.Settings, error) {
	p, err := a.platform(ctx, code)
	if err != nil {
		return scheduler.Settings{}, err
	}
	return a.s.Reminders.Settings(ctx, p.ID)
}

func (a *API) setRule(ctx context.Context, platform qms.ID, b ReminderRule) (*One[ReminderRule], error) {
	r, err := a.s.Reminders.Set(ctx, scheduler.SetRule{Platform: platform, Revision: b.Revision, Kind: b.Kind, Offsets: b.Offsets, Off: b.Off, Optional: b.Optional})
	if err != nil {
		return nil, err
	}
	body := ReminderRule{Kind: r.Kind, Offsets: append([]int{}, r.Offsets...), Off: r.Off, Optional: r.Optional, Revision: r.Revision}
	return one(r.Revision, body), nil
}

type setSiteReminderRule struct{ Body ReminderRule }

func (a *API) setSiteReminderRule(ctx context.Context, in *setSiteReminderRule) (*One[ReminderRule], error) {
	return a.setRule(ctx, "", in.Body)
}

func (a *API) setReminderRule(ctx context.Context, in *newRecord[ReminderRule]) (*One[ReminderRule], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	return a.setRule(ctx, p.ID, in.Body)
}

// ReminderAddressee is somebody who is told on a platform.
type ReminderAddressee struct {
	Person  qms.ID `json:"person"`
	Name    string `json:"name"`
	Besides bool   `json:"besides" doc:"Named by the platform, not by a role"`
}

func (a *API) listReminderAddressees(ctx context.Context, in *listReminderRules) (*List[ReminderAddressee], error) {
	settings, err := a.reminderSettings(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	var all []ReminderAddressee
	for _, b := range settings.Asked {
		all = append(all, ReminderAddressee{b.Person, b.Name, false})
	}
	for _, b := range settings.Besides {
		all = append(all, ReminderAddressee{b.Person, b.Name, true})
	}
	same := func(r ReminderAddressee) ReminderAddressee { return r }
	return list(&in.Paged, qms.Page[ReminderAddressee]{Items: all}, same), nil
}

// AddresseeChange names somebody who is told besides, or is no longer.
type AddresseeChange struct {
	Person qms.ID `json:"person"`
	Ended  string `json:"ended,omitempty" maxLength:"2000" doc:"Why no longer; absent: tell them"`
}

func (a *API) setAddressee(ctx context.Context, in *newRecord[AddresseeChange]) (*List[ReminderAddressee], error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	cmd := scheduler.Addressee{Platform: p.ID, Person: in.Body.Person, Ended: in.Body.Ended}
	if err := a.s.Reminders.Address(ctx, cmd); err != nil {
		return nil, err
	}
	return a.listReminderAddressees(ctx, &listReminderRules{InPlatform: in.InPlatform})
}
