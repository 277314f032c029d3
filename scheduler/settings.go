package scheduler

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// ReminderRule is how one kind is reminded: on the site, whose Platform is empty, or on one platform.
type ReminderRule struct {
	qms.Row
	Kind     string
	Offsets  []int // days before, the largest first; a platform's without any takes those of the site
	Off      bool
	Optional bool // of the site: platforms may turn the kind off
}

// ReminderAddressee is somebody whom a platform wants told besides its managers and quality leads.
type ReminderAddressee struct {
	qms.Row
	Person qms.ID
	Ended  string // why no longer; empty while it holds
}

// ReminderPreference is how a person wants to be told.
type ReminderPreference struct {
	qms.Row  `trail:"site"`
	Person   qms.ID
	Mode     Mode
	Weekday  int // of Weekly: 1 Monday to 7 Sunday, else 0
	Language string
}

func (p ReminderPreference) wish() Wish { return Wish{Mode: p.Mode, Weekday: p.Weekday} }

// rules answers for every platform and kind.
type rules map[qms.ID]map[string]*ReminderRule

func rulesOf(all []ReminderRule) rules {
	found := rules{}
	for i := range all {
		r := &all[i]
		if found[r.Platform] == nil {
			found[r.Platform] = map[string]*ReminderRule{}
		}
		found[r.Platform][r.Kind] = r
	}
	return found
}

// steps is what holds on a platform for a kind: what the platform settled, else the site, else Maillon. A
// platform turns off only what the site allows, also when the site changed its mind since.
func (all rules) steps(platform qms.ID, kind string) Steps {
	s := Steps{Offsets: defaultOffsets}
	site, own := all[""][kind], all[platform][kind]
	if site != nil {
		s.Offsets, s.Off = site.Offsets, site.Off
	}
	if platform != "" && own != nil {
		if len(own.Offsets) > 0 {
			s.Offsets = own.Offsets
		}
		s.Off = s.Off || own.Off && site != nil && site.Optional
	}
	return s
}

// furthest is the largest number of days before that anything is told.
func (all rules) furthest() int {
	most := slices.Max(defaultOffsets)
	for _, kinds := range all {
		for _, r := range kinds {
			for _, offset := range r.Offsets {
				most = max(most, offset)
			}
		}
	}
	return most
}

// SetRule settles how a kind is reminded, on the site when no platform is named.
type SetRule struct {
	Platform qms.ID
	Revision int64 // of what was read; 0: nothing was settled
	Kind     string
	Offsets  []int
	Off      bool
	Optional bool
}

func (c SetRule) clean() (SetRule, error) {
	var wrong []qms.Field
	if c.Kind != InviteKind && !slices.Contains(Kinds(), c.Kind) {
		wrong = append(wrong, qms.Wrong("kind", "input.unknown_choice"))
	}
	c.Offsets = slices.Clone(c.Offsets)
	slices.Sort(c.Offsets)
	c.Offsets = slices.Compact(c.Offsets)
	slices.Reverse(c.Offsets)
	if len(c.Offsets) > maxOffsets || slices.ContainsFunc(c.Offsets, func(n int) bool { return n < 0 || n > maxOffset }) {
		wrong = append(wrong, qms.Wrong("offsets", "reminder.offsets", maxOffsets, maxOffset))
	}
	if c.Kind == InviteKind && len(c.Offsets) > 0 {
		wrong = append(wrong, qms.Wrong("offsets", "reminder.no_offsets"))
	}
	if c.Platform == "" && len(c.Offsets) == 0 && !c.Off && c.Kind != InviteKind {
		wrong = append(wrong, qms.Wrong("offsets", "input.required"))
	}
	return c, qms.InvalidFields(wrong...)
}

// needs is the right to settle reminders there.
func (c SetRule) needs() qms.Permission {
	if c.Platform == "" {
		return qms.OperateSite.OnSite()
	}
	return qms.WriteLabel.On(c.Platform)
}

// Set settles how a kind is reminded, see the command. It holds from the next question on; what has been
// told stays told.
func (s *Service) Set(ctx context.Context, cmd SetRule) (*ReminderRule, error) {
	cmd, err := cmd.clean()
	if err != nil {
		return nil, err
	}
	var rule *ReminderRule
	act := qms.Act{Name: "reminder.rule", Needs: cmd.needs(), Platform: cmd.Platform}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		all, err := rulesFor(ctx, tx, []qms.ID{cmd.Platform})
		if err != nil {
			return err
		}
		found := rulesOf(all)
		if site := found[""][cmd.Kind]; cmd.Platform != "" && cmd.Off && (site == nil || !site.Optional) {
			return qms.InvalidFields(qms.Wrong("off", "reminder.not_optional"))
		}
		rule = found[cmd.Platform][cmd.Kind]
		switch {
		case rule == nil && cmd.Revision == 0:
			rule = &ReminderRule{Kind: cmd.Kind, Offsets: cmd.Offsets, Off: cmd.Off, Optional: cmd.Platform == "" && cmd.Optional}
			return tx.Insert(ctx, rule)
		case rule == nil || rule.Revision != cmd.Revision:
			return qms.Conflict("record.changed")
		}
		rule.Offsets, rule.Off, rule.Optional = cmd.Offsets, cmd.Off, cmd.Platform == "" && cmd.Optional
		return tx.Update(ctx, rule)
	})
	return rule, err
}

// Addressee names somebody who is told besides, or no longer when Ended says why.
type Addressee struct {
	Platform qms.ID
	Person   qms.ID
	Ended    string
}

// Address changes who is told besides managers and quality leads: only who may see the platform.
func (s *Service) Address(ctx context.Context, cmd Addressee) error {
	cmd.Ended = strings.TrimSpace(cmd.Ended)
	act := qms.Act{Name: "reminder.addressee", Needs: qms.WriteLabel.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Person, Reason: cmd.Ended}
	return s.db.Change(ctx, act, func(tx *store.Tx) error {
		if len(cmd.Ended) > 2000 {
			return qms.InvalidFields(qms.Wrong("reason", "input.too_long", 2000))
		}
		all, err := addresseesOf(ctx, tx, cmd.Platform)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(a ReminderAddressee) bool { return a.Person == cmd.Person })
		if cmd.Ended != "" {
			if i < 0 {
				return qms.NotFound("person.not_found")
			}
			all[i].Ended = cmd.Ended
			return tx.Update(ctx, &all[i])
		}
		if i >= 0 {
			return nil
		}
		staff, err := s.people.Staff(ctx, tx, tx.Today())
		if err != nil {
			return err
		}
		if !slices.Contains(staff.Places[cmd.Platform].Present, cmd.Person) {
			return qms.InvalidFields(qms.Wrong("person", "reminder.not_here"))
		}
		return tx.Insert(ctx, &ReminderAddressee{Person: cmd.Person})
	})
}

// Prefer says how the person who acts wants to be told.
type Prefer struct {
	Revision int64 // of what was read; 0: nothing was said
	Mode     Mode
	Weekday  int
	Language string
}

func (c Prefer) clean() (Prefer, error) {
	var wrong []qms.Field
	if !slices.Contains(Modes(), c.Mode) {
		wrong = append(wrong, qms.Wrong("mode", "input.unknown_choice"))
	}
	if c.Mode != Weekly {
		c.Weekday = 0
	} else if c.Weekday < 1 || c.Weekday > 7 {
		wrong = append(wrong, qms.Wrong("weekday", "input.unknown_choice"))
	}
	if c.Language != locale.French && c.Language != locale.English {
		wrong = append(wrong, qms.Wrong("language", "input.unknown_choice"))
	}
	return c, qms.InvalidFields(wrong...)
}

// Prefer records how the actor wants to be told, see the command.
func (s *Service) Prefer(ctx context.Context, cmd Prefer) (*ReminderPreference, error) {
	cmd, err := cmd.clean()
	if err != nil {
		return nil, err
	}
	var p *ReminderPreference
	act := qms.Act{Name: "reminder.prefer", Needs: qms.SignedIn.OnSite(), Subject: qms.ActorFrom(ctx).ID}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		if tx.Actor().ID == "" {
			return qms.Refuse("reminder.nobody")
		}
		if p, err = preferenceOf(ctx, tx, tx.Actor().ID); err != nil {
			return err
		}
		if p.Revision != cmd.Revision {
			return qms.Conflict("record.changed")
		}
		p.Mode, p.Weekday, p.Language = cmd.Mode, cmd.Weekday, cmd.Language
		if p.Revision == 0 {
			return tx.Insert(ctx, p)
		}
		return tx.Update(ctx, p)
	})
	return p, err
}

// Modes lists every mode, for forms.
func Modes() []Mode { return []Mode{Daily, Immediate, Weekly, None} }
