package web

import (
	"net/url"

	"maillon/qms"
	"maillon/qms/trace"
)

// checkPages are the checks of a platform, each explained, and how they are set.
func (s *Site) checkPages() {
	s.page(Prefix+"/checks", qms.ReadTrace, s.checks)
	s.both(Prefix+"/checks/settings", qms.ManageEquipment, s.checkSettings, s.setChecks)
}

// ChecksView is every check with what it finds.
type ChecksView struct {
	Services []CheckRow
	Uses     []CheckRow
	Dangling []string // the first of the records without a chain
	More     int      // how many are left out
	Past     qms.Date
}

// CheckRow is one check: how it is set, in words, and how often it fires.
type CheckRow struct {
	Check   trace.Check
	Setting string
	Made    bool
	Times   int
	Href    string // to what it fires for
}

// danglingShown is how many records without a chain the page names.
const danglingShown = 100

func (s *Site) checks(p *Page) error {
	asOf, err := p.AsOf()
	if err != nil {
		return err
	}
	sheet, err := s.Trace.CheckSheet(p.Context(), p.Platform.ID, asOf)
	if err != nil {
		return err
	}
	p.Title, p.Section = p.T("page.checks.title"), "services"
	p.Crumb(p.T("page.services.title"), p.To("services"))
	view := ChecksView{Past: p.asOfNote(sheet.Findings.AsOf)}
	for _, check := range trace.Checks() {
		row := CheckRow{Check: check, Setting: p.checkSetting(check, sheet.Settings), Made: sheet.Findings.Makes(check),
			Times: sheet.Findings.Times(check), Href: p.checkHref(check)}
		if check.OfUse() {
			view.Uses = append(view.Uses, row)
		} else {
			view.Services = append(view.Services, row)
		}
	}
	dangling := sheet.Findings.Dangling
	view.Dangling = dangling[:min(len(dangling), danglingShown)]
	view.More = len(dangling) - len(view.Dangling)
	return p.Render("checks_list", view)
}

// checkSetting is how the check is set, in words; empty for one that has no setting.
func (p *Page) checkSetting(check trace.Check, set trace.CheckSettings) string {
	made := func(on bool) string {
		if on {
			return p.T("page.checks.on")
		}
		return p.T("page.checks.off")
	}
	switch check {
	case trace.S03:
		return p.T("page.checks.after_days", set.InvoiceDays)
	case trace.S11:
		return made(set.Evidence)
	case trace.U01, trace.U02, trace.U03:
		return p.T("page.checks.uncovered_" + set.Uncovered)
	case trace.U04:
		return made(set.Trainers)
	}
	return ""
}

// checkHref is the list of what the check fires for.
func (p *Page) checkHref(check trace.Check) string {
	query := url.Values{}
	if asOf := p.Query("as_of"); asOf != "" {
		query.Set("as_of", asOf)
	}
	switch {
	case check == trace.S07:
		return "#dangling"
	case check.OfUse():
		query.Set("cover", string(check))
		return p.To("uses") + "?" + query.Encode()
	}
	query.Set("check", string(check))
	return p.To("services") + "?" + query.Encode()
}

// CheckSettingsView is the form of the settings.
type CheckSettingsView struct {
	Form      *Form
	Uncovered []Option
}

func (p *Page) checkSettingsView(f *Form) CheckSettingsView {
	p.Title, p.Section = p.T("page.checks.set"), "services"
	p.Crumb(p.T("page.services.title"), p.To("services"))
	p.Crumb(p.T("page.checks.title"), p.To("checks"))
	return CheckSettingsView{f, p.options("page.checks.choose_", trace.Warn, trace.Refuse)}
}

func (s *Site) checkSettings(p *Page) error {
	set, err := s.Trace.CheckSettings(p.Context(), p.Platform.ID)
	if err != nil {
		return err
	}
	f := p.Form().Set("revision", set.Revision).Set("invoice_days", set.InvoiceDays).Set("expiring_days", set.ExpiringDays).
		Set("evidence", set.Evidence).Set("trainers", set.Trainers).Set("uncovered", set.Uncovered)
	return p.Render("checks_settings", p.checkSettingsView(f))
}

func (s *Site) setChecks(p *Page) error {
	f := p.Form().Need("invoice_days", "expiring_days")
	cmd := trace.SetChecks{Platform: p.Platform.ID, Revision: int64(f.Int("revision")), Reason: f.Text("reason"),
		InvoiceDays: int64(f.Int("invoice_days")), ExpiringDays: int64(f.Int("expiring_days")),
		Evidence: f.Checked("evidence"), Trainers: f.Checked("trainers"), Uncovered: f.Text("uncovered")}
	err := f.Err()
	if err == nil {
		_, err = s.Trace.SetChecks(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("checks_settings", f, err, p.checkSettingsView(f))
	}
	return p.Done(p.To("checks"), "page.checks.were_set")
}
