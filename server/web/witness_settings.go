package web

import (
	"slices"

	"maillon/audits/witness"
	"maillon/qms"
	"maillon/qms/locale"
)

// AddressesView is where the checkpoints of each day are mailed to.
type AddressesView struct {
	Form      *Form
	Addresses []witness.CheckpointAddress
	Languages []Option
	Leaves    bool // a mail server is configured
}

func (s *Site) addressesView(p *Page, f *Form) (AddressesView, error) {
	v := AddressesView{Form: f}
	var err error
	if v.Addresses, err = s.Witness.Addresses(p.Context()); err != nil {
		return v, err
	}
	for _, l := range locale.Languages() {
		v.Languages = append(v.Languages, Option{Value: l, Label: p.T("app.lang." + l)})
	}
	if s.Reminders != nil {
		v.Leaves = s.Reminders.Leaves()
	}
	p.inJournal(p.T("page.checkpoints.addresses"))
	p.Crumb(p.T("page.checkpoints.title"), p.To("trail", "checkpoints"))
	return v, nil
}

func (s *Site) checkpointAddresses(p *Page) error {
	v, err := s.addressesView(p, p.Form().Set("language", p.Lang()))
	if err != nil {
		return err
	}
	return p.Render("witness_addresses", v)
}

func (s *Site) addCheckpointAddress(p *Page) error {
	f := p.Form().Need("address", "language")
	err := f.Err()
	if err == nil {
		_, err = s.Witness.AddAddress(p.Context(), witness.AddAddress{Address: f.Text("address"), Language: f.Text("language")})
	}
	if err != nil {
		v, failed := s.addressesView(p, f)
		if failed != nil {
			return failed
		}
		return p.Again("witness_addresses", f, err, v)
	}
	return p.Done(p.To("trail", "checkpoints", "addresses"), "page.checkpoints.address_added", f.Text("address"))
}

// EndAddressView asks why an address gets no more checkpoints.
type EndAddressView struct {
	Form    *Form
	Address string
}

func (s *Site) addressToEnd(p *Page, f *Form) (EndAddressView, qms.ID, error) {
	id, err := p.ID("address")
	if err != nil {
		return EndAddressView{}, "", err
	}
	all, err := s.Witness.Addresses(p.Context())
	if err != nil {
		return EndAddressView{}, "", err
	}
	i := slices.IndexFunc(all, func(a witness.CheckpointAddress) bool { return a.ID == id })
	if i < 0 {
		return EndAddressView{}, "", qms.NotFound("checkpoint.no_address")
	}
	p.inJournal(p.T("page.checkpoints.address_end"))
	p.Crumb(p.T("page.checkpoints.addresses"), p.To("trail", "checkpoints", "addresses"))
	return EndAddressView{f, all[i].Address}, id, nil
}

func (s *Site) askEndCheckpointAddress(p *Page) error {
	v, _, err := s.addressToEnd(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("witness_address_end", v)
}

func (s *Site) endCheckpointAddress(p *Page) error {
	f := p.Form().Need("reason")
	v, id, err := s.addressToEnd(p, f)
	if err != nil {
		return err
	}
	if err = f.Err(); err == nil {
		err = s.Witness.EndAddress(p.Context(), id, f.Text("reason"))
	}
	if err != nil {
		return p.Again("witness_address_end", f, err, v)
	}
	return p.Done(p.To("trail", "checkpoints", "addresses"), "page.checkpoints.address_ended", v.Address)
}

// SettleAlarmView asks what was found and done about an alarm.
type SettleAlarmView struct {
	Form  *Form
	Alarm AlarmLine
}

func (s *Site) alarmToSettle(p *Page, f *Form) (SettleAlarmView, error) {
	id, err := p.ID("alarm")
	if err != nil {
		return SettleAlarmView{}, err
	}
	all, err := s.alarmLines(p)
	if err != nil {
		return SettleAlarmView{}, err
	}
	i := slices.IndexFunc(all, func(a AlarmLine) bool { return a.ID == id })
	if i < 0 {
		return SettleAlarmView{}, qms.NotFound("checkpoint.no_alarm")
	}
	p.inJournal(p.T("page.checkpoints.alarm_settle"))
	p.Crumb(p.T("page.checkpoints.title"), p.To("trail", "checkpoints"))
	return SettleAlarmView{f, all[i]}, nil
}

func (s *Site) askSettleAlarm(p *Page) error {
	v, err := s.alarmToSettle(p, p.Form())
	if err != nil {
		return err
	}
	v.Form.Set("revision", v.Alarm.Revision)
	return p.Render("witness_alarm", v)
}

func (s *Site) settleAlarm(p *Page) error {
	f := p.Form().Need("reason")
	v, err := s.alarmToSettle(p, f)
	if err != nil {
		return err
	}
	if err = f.Err(); err == nil {
		err = s.Witness.Settle(p.Context(), witness.Settle{Alarm: v.Alarm.ID, Revision: int64(f.Int("revision")), Reason: f.Text("reason")})
	}
	if err != nil {
		return p.Again("witness_alarm", f, err, v)
	}
	return p.Done(p.To("trail", "checkpoints"), "page.checkpoints.alarm_was_settled")
}
