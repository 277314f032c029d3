package people

import (
	"context"
	"fmt"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// MembersOf lists the members of a platform, of all times, by code, for rooms that read them within
// their own transaction.
func MembersOf(ctx context.Context, r store.Reader, platform qms.ID) ([]Member, error) {
	memberships, err := membershipsOf(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	persons, err := peopleOf(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	byID := make(map[qms.ID]*Person, len(persons))
	for i := range persons {
		byID[persons[i].ID] = &persons[i]
	}
	members := make([]Member, 0, len(memberships))
	for i := range memberships {
		if p := byID[memberships[i].Person]; p != nil {
			members = append(members, memberOf(&memberships[i], p))
		}
	}
	return members, nil
}

// MembersOf is the function of that name, for a door that joins rooms.
func (s *Service) MembersOf(ctx context.Context, r store.Reader, platform qms.ID) ([]Member, error) {
	return MembersOf(ctx, r, platform)
}

// TakeMembers is the function of that name, for a door that joins rooms.
func (s *Service) TakeMembers(ctx context.Context, tx *store.Tx, rows []MemberRow) (Taken, error) {
	return TakeMembers(ctx, tx, rows)
}

// TakeMembers takes a platform's register of persons over, within the transaction of an import on
// that platform: who is new is added, what differs is changed, the rest is left alone. The register
// states no dates, so memberships it adds hold from ever. A person whom another platform knows by
// the same address is not made twice, and keeps the name known there. Wrong rows are reported as
// fields "row.N.FIELD", N counting from 0.
func TakeMembers(ctx context.Context, tx *store.Tx, rows []MemberRow) (Taken, error) {
	rows, err := cleanRows(rows)
	if err != nil {
		return Taken{}, err
	}
	t := &taking{tx: tx, byCode: map[string]*Member{}, platform: tx.Act().Platform}
	if err := t.load(ctx, rows); err != nil {
		return Taken{}, err
	}
	var wrong []qms.Field
	for i, row := range rows {
		field, err := t.take(ctx, i, row)
		if err != nil {
			return Taken{}, err
		}
		wrong = append(wrong, field...)
	}
	if err := qms.InvalidFields(wrong...); err != nil {
		return Taken{}, err
	}
	return t.done, t.insert(ctx)
}

func cleanRows(rows []MemberRow) ([]MemberRow, error) {
	cleaned, seen := make([]MemberRow, len(rows)), map[string]bool{}
	var wrong []qms.Field
	for i, row := range rows {
		at := fmt.Sprintf("row.%d.", i)
		row.Code, row.Name, row.Email = NormalCode(row.Code), strings.TrimSpace(readable(row.Name)), NormalEmail(row.Email)
		if row.Name == "" {
			row.Name = row.Code
		}
		wrong = append(wrong, checkMemberCode(at+"code", row.Code)...)
		wrong = append(wrong, checkName(at+"name", row.Name)...)
		wrong = append(wrong, checkEmail(at+"email", row.Email, false)...)
		if seen[row.Code] && row.Code != "" {
			wrong = append(wrong, qms.Wrong(at+"code", "member.code_twice", row.Code))
		}
		seen[row.Code], cleaned[i] = true, row
	}
	return cleaned, qms.InvalidFields(wrong...)
}

// taking is one import of a register under way.
type taking struct {
	tx          *store.Tx
	platform    qms.ID
	byCode      map[string]*Member
	memberships map[qms.ID]*Membership
	persons     map[qms.ID]*Person
	byEmail     map[string]*Person
	members     map[qms.ID]bool // persons who belong, by then
	newPeople   []qms.Record
	newMembers  []qms.Record
	done        Taken
}

func (t *taking) load(ctx context.Context, rows []MemberRow) error {
	emails := make([]string, 0, len(rows))
	for _, row := range rows {
		if row.Email != "" {
			emails = append(emails, row.Email)
		}
	}
	memberships, err := membershipsOf(ctx, t.tx, t.platform)
	if err != nil {
		return err
	}
	persons, err := peopleOf(ctx, t.tx, t.platform)
	if err != nil {
		return err
	}
	if t.byEmail, err = peopleByEmail(ctx, t.tx, emails); err != nil {
		return err
	}
	t.persons, t.memberships, t.members = map[qms.ID]*Person{}, map[qms.ID]*Membership{}, map[qms.ID]bool{}
	for i := range persons {
		t.persons[persons[i].ID] = &persons[i]
	}
	for i := range memberships {
		m := &memberships[i]
		t.memberships[m.ID], t.members[m.Person] = m, true
		if p := t.persons[m.Person]; p != nil {
			member := memberOf(m, p)
			t.byCode[m.Code] = &member
		}
	}
	return nil
}

func (t *taking) take(ctx context.Context, i int, row MemberRow) ([]qms.Field, error) {
	if known := t.byCode[row.Code]; known != nil {
		return t.change(ctx, i, known, row)
	}
	p := t.byEmail[row.Email]
	if row.Email == "" || p == nil {
		p = &Person{Name: row.Name, Email: row.Email}
		p.ID = qms.NewID(t.tx.Now())
		t.newPeople = append(t.newPeople, p)
		if row.Email != "" {
			t.byEmail[row.Email] = p
		}
	}
	if t.members[p.ID] {
		return []qms.Field{qms.Wrong(fmt.Sprintf("row.%d.email", i), "member.email_twice", row.Email)}, nil
	}
	t.members[p.ID] = true
	t.newMembers = append(t.newMembers, &Membership{Person: p.ID, Code: row.Code, Trainer: row.Trainer})
	t.done.Added++
	return nil, nil
}

func (t *taking) change(ctx context.Context, i int, known *Member, row MemberRow) ([]qms.Field, error) {
	m, p := t.memberships[known.Membership], t.persons[known.Person]
	changed := false
	if other := t.byEmail[row.Email]; row.Email != "" && other != nil && other.ID != p.ID {
		return []qms.Field{qms.Wrong(fmt.Sprintf("row.%d.email", i), "member.email_twice", row.Email)}, nil
	}
	if !qms.Alike(p.Name, row.Name) || row.Email != "" && p.Email != row.Email {
		shared, err := knownElsewhere(ctx, t.tx, t.platform, p.ID)
		if err != nil {
			return nil, err
		}
		if !shared { // one platform does not rename the colleague of another
			if changed = true; !qms.Alike(p.Name, row.Name) {
				p.Name = row.Name
			}
			if row.Email != "" {
				p.Email = row.Email
			}
			if err := t.tx.Update(ctx, p); err != nil {
				return nil, err
			}
		}
	}
	if m.Trainer != row.Trainer {
		m.Trainer, changed = row.Trainer, true
		if err := t.tx.Update(ctx, m); err != nil {
			return nil, err
		}
	}
	if changed {
		t.done.Changed++
	} else {
		t.done.Same++
	}
	return nil, nil
}

func (t *taking) insert(ctx context.Context) error {
	return t.tx.Insert(ctx, append(t.newPeople, t.newMembers...)...)
}
