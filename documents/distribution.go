package documents

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// DistributedRoles are the roles that a document can be addressed to.
func DistributedRoles() []qms.Role {
	return []qms.Role{qms.Manager, qms.QualityLead, qms.Member, qms.User}
}

// Address adds people and roles to the distribution of a document, or of all documents of a kind.
type Address struct {
	Platform qms.ID
	Document qms.ID // or
	Kind     string
	Persons  []qms.ID
	Roles    []qms.Role
	From     qms.Date // today when zero; not a day that has passed
	Reason   string   // may be empty
}

// EndAddress ends one entry of a distribution.
type EndAddress struct {
	Platform  qms.ID
	Addressee qms.ID
	Revision  int64    // 0 does not check
	Until     qms.Date // first day no longer; today when zero, and not a day that has passed
	Reason    string
}

// maxAddressed is how many entries one act adds.
const maxAddressed = 200

// Address adds to a distribution, see the command.
func (s *Service) Address(ctx context.Context, cmd Address) (added []*Addressee, err error) {
	act := qms.Act{Name: "distribution.add", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform,
		Subject: cmd.Document, Reason: tidy(cmd.Reason)}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		if cmd.From == 0 {
			cmd.From = tx.Today()
		}
		if err := cmd.subject(ctx, tx); err != nil {
			return err
		}
		wrong := cmd.check(tx.Today())
		holdings, err := s.people.Holdings(ctx, tx, cmd.Platform)
		if err != nil {
			return err
		}
		wrong = append(wrong, cmd.unknown(holdings)...)
		present, err := addresseesOf(ctx, tx, cmd.Platform, cmd.Document, cmd.Kind)
		if err != nil {
			return err
		}
		added = cmd.rows()
		for _, a := range added {
			if i := slices.IndexFunc(present, func(p Addressee) bool { return p.crosses(a) }); i >= 0 {
				wrong = append(wrong, a.already(&present[i], holdings))
			}
		}
		if len(wrong) > 0 {
			return qms.InvalidFields(once(wrong)...)
		}
		return insertAll(ctx, tx, added)
	})
	if err != nil {
		return nil, err
	}
	return added, nil
}

func insertAll(ctx context.Context, tx *store.Tx, added []*Addressee) error {
	for _, a := range added {
		if err := tx.Insert(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// subject finds what the entries are about.
func (cmd *Address) subject(ctx context.Context, tx *store.Tx) error {
	if cmd.Document != "" {
		_, err := documentByID(ctx, tx, cmd.Platform, cmd.Document)
		cmd.Kind = ""
		return err
	}
	cmd.Kind = tidyWord(cmd.Kind)
	kinds, err := kindsOf(ctx, tx, cmd.Platform)
	if err == nil && !slices.ContainsFunc(kinds, func(k Kind) bool { return k.Code == cmd.Kind }) {
		err = qms.InvalidFields(qms.Wrong("kind", "input.unknown_choice"))
	}
	return err
}

// check says what is wrong with the command as it stands.
func (cmd *Address) check(today qms.Date) (wrong []qms.Field) {
	if len(cmd.Persons)+len(cmd.Roles) == 0 {
		wrong = append(wrong, qms.Wrong("persons", "distribution.nobody"))
	}
	if len(cmd.Persons)+len(cmd.Roles) > maxAddressed {
		wrong = append(wrong, qms.Wrong("persons", "distribution.too_many", maxAddressed))
	}
	for _, role := range cmd.Roles {
		if !slices.Contains(DistributedRoles(), role) {
			wrong = append(wrong, qms.Wrong("roles", "input.unknown_choice"))
		}
	}
	if cmd.From < today {
		wrong = append(wrong, qms.Wrong("from", "distribution.past"))
	}
	if len([]rune(cmd.Reason)) > maxReason {
		wrong = append(wrong, qms.Wrong("reason", "act.reason_long", maxReason))
	}
	return wrong
}

// unknown says which of the persons may not read here on the first day or later.
func (cmd *Address) unknown(holdings []Holding) (wrong []qms.Field) {
	for _, person := range cmd.Persons {
		if !slices.ContainsFunc(holdings, func(h Holding) bool { return h.Person == person && (h.Until == 0 || h.Until > cmd.From) }) {
			wrong = append(wrong, qms.Wrong("persons", "person.not_of_platform"))
		}
	}
	return wrong
}

// rows are the entries that the command asks for, each once.
func (cmd *Address) rows() (rows []*Addressee) {
	persons, roles := slices.Clone(cmd.Persons), slices.Clone(cmd.Roles)
	slices.Sort(persons)
	slices.Sort(roles)
	for _, role := range slices.Compact(roles) {
		rows = append(rows, &Addressee{Document: cmd.Document, Kind: cmd.Kind, Role: role, FromDate: cmd.From})
	}
	for _, person := range slices.Compact(persons) {
		rows = append(rows, &Addressee{Document: cmd.Document, Kind: cmd.Kind, Person: person, FromDate: cmd.From})
	}
	return rows
}

// crosses reports whether the two entries name the same reader on a same day.
func (a *Addressee) crosses(b *Addressee) bool {
	_, some := overlap(a.Period(), b.Period())
	return some && a.Person == b.Person && a.Role == b.Role
}

// already says that the distribution has the entry.
func (a *Addressee) already(present *Addressee, holdings []Holding) qms.Field {
	if a.Person == "" {
		return qms.Wrong("roles", "distribution.role_already", string(a.Role), present.FromDate)
	}
	i := slices.IndexFunc(holdings, func(h Holding) bool { return h.Person == a.Person })
	if i < 0 {
		return qms.Wrong("persons", "person.not_of_platform")
	}
	return qms.Wrong("persons", "distribution.person_already", holdings[i].Name, present.FromDate)
}

// EndAddress ends an entry of a distribution. What it asked for until then stays on record.
func (s *Service) EndAddress(ctx context.Context, cmd EndAddress) (*Addressee, error) {
	var a *Addressee
	cmd.Reason = tidy(cmd.Reason)
	act := qms.Act{Name: "distribution.end", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform,
		Subject: cmd.Addressee, Reason: cmd.Reason}
	err := s.db.Change(ctx, act, func(tx *store.Tx) (err error) {
		if a, err = addresseeByID(ctx, tx, cmd.Platform, cmd.Addressee); err != nil {
			return err
		}
		if err := unchanged(a, cmd.Revision); err != nil {
			return err
		}
		if err := a.end(cmd.Until, cmd.Reason, tx.Today()); err != nil {
			return err
		}
		return tx.Update(ctx, a)
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// end sets the first day on which the entry no longer holds. An entry still to come is ended before
// its first day, and holds on none.
func (a *Addressee) end(until qms.Date, reason string, today qms.Date) error {
	if a.UntilDate != 0 && a.UntilDate <= today {
		return qms.Conflict("distribution.ended", a.UntilDate)
	}
	if until == 0 {
		until = today
	}
	wrong := fieldsOf(checkReason(reason))
	if until < today {
		wrong = append(wrong, qms.Wrong("until", "distribution.past"))
	}
	if len(wrong) > 0 {
		return qms.InvalidFields(wrong...)
	}
	a.UntilDate, a.Ending = max(until, a.FromDate), reason
	return nil
}

// AddresseeOf finds one entry, for its form.
func (s *Service) AddresseeOf(ctx context.Context, platform, id qms.ID) (a *Addressee, err error) {
	err = s.db.View(ctx, qms.ControlDocuments.On(platform), func(r store.Reader) error {
		a, err = addresseeByID(ctx, r, platform, id)
		return err
	})
	return a, err
}

// Addressable lists who a document can be addressed to by name today, by name.
func (s *Service) Addressable(ctx context.Context, platform qms.ID) (people []Person, err error) {
	err = s.db.View(ctx, qms.ControlDocuments.On(platform), func(r store.Reader) error {
		holdings, err := s.people.Holdings(ctx, r, platform)
		if err != nil {
			return err
		}
		everybody := make([]Addressee, 0, len(holdings))
		for _, h := range holdings {
			everybody = append(everybody, Addressee{Person: h.Person})
		}
		for _, reader := range Readers(everybody, holdings, r.Today()) {
			people = append(people, Person{reader.Person, reader.Name})
		}
		return nil
	})
	return people, err
}
