package web

import (
	"slices"

	"maillon/qms"
	"maillon/scheduler"
)

// reminderSettingsPages are how reminders go out for one platform.
func (s *Site) reminderSettingsPages() {
	const all = Prefix + "/due/settings"
	s.page(all, qms.ReadPlatform, s.reminderSettings)
	s.act(all, qms.WriteLabel, s.addBesides)
	s.page(all+"/besides/:person", qms.WriteLabel, s.askEndBesides)
	s.act(all+"/besides/:person", qms.WriteLabel, s.endBesides)
	s.page(all+"/kinds/:kind", qms.WriteLabel, s.showReminderKind)
	s.act(all+"/kinds/:kind", qms.WriteLabel, s.setKind)
}

// ReminderSettingsView is how reminders go out for the platform.
type ReminderSettingsView struct {
	scheduler.Settings
	Form   *Form
	Lines  []KindLine
	Choice []Option
}

func (s *Site) reminderSettingsView(p *Page, f *Form) (ReminderSettingsView, error) {
	p.Section, p.Title = "due", p.T("page.reminders.settings")
	settings, err := s.Reminders.Settings(p.Context(), p.Platform.ID)
	v := ReminderSettingsView{Settings: settings, Form: f, Choice: []Option{{"", p.T("page.reminders.choose")}}}
	for _, k := range settings.Kinds {
		v.Lines = append(v.Lines, kindLine(k))
	}
	for _, o := range settings.Others {
		v.Choice = append(v.Choice, Option{string(o.Person), o.Name})
	}
	return v, err
}

func (s *Site) reminderSettings(p *Page) error {
	v, err := s.reminderSettingsView(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("reminders_settings", v)
}

func (s *Site) addBesides(p *Page) error {
	f := p.Form().Need("person")
	cmd := scheduler.Addressee{Platform: p.Platform.ID, Person: f.ID("person")}
	err := f.Err()
	if err == nil {
		err = s.Reminders.Address(p.Context(), cmd)
	}
	if err != nil {
		v, failed := s.reminderSettingsView(p, f)
		if failed != nil {
			return failed
		}
		return p.Again("reminders_settings", f, err, v)
	}
	return p.Done(p.To("due", "settings"), "page.reminders.added")
}

// EndBesidesView asks why somebody is told no longer.
type EndBesidesView struct {
	Form *Form
	Name string
}

func (s *Site) addresseeToEnd(p *Page, f *Form) (EndBesidesView, qms.ID, error) {
	id, err := p.ID("person")
	if err != nil {
		return EndBesidesView{}, "", err
	}
	settings, err := s.Reminders.Settings(p.Context(), p.Platform.ID)
	if err != nil {
		return EndBesidesView{}, "", err
	}
	i := slices.IndexFunc(settings.Besides, func(b scheduler.Besides) bool { return b.Person == id })
	if i < 0 {
		return EndBesidesView{}, "", qms.NotFound("person.not_found")
	}
	p.Section, p.Title = "due", p.T("page.reminders.end")
	p.Crumb(p.T("page.reminders.settings"), p.To("due", "settings"))
	return EndBesidesView{f, settings.Besides[i].Name}, id, nil
}

func (s *Site) askEndBesides(p *Page) error {
	v, _, err := s.addresseeToEnd(p, p.Form())
	if err != nil {
		return err
	}
	return p.Render("reminders_end", v)
}

func (s *Site) endBesides(p *Page) error {
	f := p.Form().Need("reason")
	v, person, err := s.addresseeToEnd(p, f)
	if err != nil {
		return err
	}
	if err = f.Err(); err == nil {
		err = s.Reminders.Address(p.Context(), scheduler.Addressee{Platform: p.Platform.ID, Person: person, Ended: f.Text("reason")})
	}
	if err != nil {
		return p.Again("reminders_end", f, err, v)
	}
	return p.Done(p.To("due", "settings"), "page.reminders.ended", v.Name)
}

// ReminderKindView is how one kind is reminded, on a platform or on the site.
type ReminderKindView struct {
	Form     *Form
	Kind     string
	Back     string
	OnSite   bool
	Optional bool // the platform may turn it off
}

func (s *Site) reminderKindView(p *Page, f *Form) (v ReminderKindView, k scheduler.KindRule, err error) {
	v = ReminderKindView{Form: f, Kind: p.Param("kind"), OnSite: p.Platform == nil}
	var kinds []scheduler.KindRule
	if v.OnSite {
		var o scheduler.Overview
		o, err = s.Reminders.Overview(p.Context())
		kinds, v.Back, p.Section = append(o.Kinds, o.Invites), "/reminders", "reminders"
		p.Crumb(p.T("page.reminders.title"), v.Back)
	} else {
		var o scheduler.Settings
		o, err = s.Reminders.Settings(p.Context(), p.Platform.ID)
		kinds, v.Back, p.Section = append(o.Kinds, o.Invites), p.To("due", "settings"), "due"
		p.Crumb(p.T("page.reminders.settings"), v.Back)
	}
	if err != nil {
		return v, k, err
	}
	i := slices.IndexFunc(kinds, func(k scheduler.KindRule) bool { return k.Kind == v.Kind })
	if i < 0 {
		return v, k, qms.NotFound("reminder.no_kind")
	}
	p.Title = p.T("page.reminders.kind_of", p.kindWord(v.Kind))
	v.Optional = kinds[i].Optional
	return v, kinds[i], nil
}

func (s *Site) showReminderKind(p *Page) error {
	f := p.Form()
	v, k, err := s.reminderKindView(p, f)
	if err != nil {
		return err
	}
	f.Set("offsets", joinDays(k.Steps.Offsets)).Set("revision", int64(0))
	if k.Own != nil {
		f.Set("revision", k.Own.Revision).Set("off", k.Own.Off).Set("optional", k.Own.Optional)
	}
	return p.Render("reminders_kind", v)
}

func (s *Site) setKind(p *Page) error {
	f := p.Form()
	v, _, err := s.reminderKindView(p, f)
	if err != nil {
		return err
	}
	cmd := scheduler.SetRule{Kind: v.Kind, Revision: int64(f.Int("revision")), Offsets: daysOf(f, "offsets"), Off: f.Checked("off"), Optional: f.Checked("optional")}
	if !v.OnSite {
		cmd.Platform = p.Platform.ID
	}
	if err = f.Err(); err == nil {
		_, err = s.Reminders.Set(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("reminders_kind", f, err, v)
	}
	return p.Done(v.Back, "page.reminders.was_set", p.kindWord(v.Kind))
}

// kindWord names what goes out by mail: a kind of obligation, or invitations.
func (p *Page) kindWord(kind string) string {
	if kind == scheduler.InviteKind {
		return p.T("page.invites.kind")
	}
	return p.T("due." + kind)
}
