package app

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
	"maillon/qms/trail"
)

// members tells the room of traces who belongs to a platform.
type members struct{}

// PeopleOf lists the members of the platform, past ones included.
func (members) PeopleOf(ctx context.Context, r store.Reader, platform qms.ID) ([]trace.Person, error) {
	all, err := people.MembersOf(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	persons := make([]trace.Person, 0, len(all))
	for _, p := range all {
		persons = append(persons, personOf(p))
	}
	return persons, nil
}

func personOf(m people.Member) trace.Person {
	return trace.Person{ID: m.Person, Code: m.Code, Name: m.Name, Email: m.Email, Trainer: m.Trainer, From: m.From, Until: m.Until}
}

// PersonBy finds one member by identifier, code or e-mail.
func (members) PersonBy(ctx context.Context, r store.Reader, platform qms.ID, who string) (trace.Person, error) {
	m, err := people.MemberBy(ctx, r, platform, who)
	return personOf(m), err
}

// NamesOf gives the names of persons, members or not.
func (members) NamesOf(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	return people.NamesOf(ctx, r, persons)
}

// staff tells the room of documents who may write, verify and approve.
type staff struct{}

// Staff lists who holds a role that approves documents on the day, on the platform or on the site.
func (staff) Staff(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]documents.Person, error) {
	here, err := people.HeldOn(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	site, err := people.HeldOn(ctx, r, "")
	if err != nil {
		return nil, err
	}
	var staff []documents.Person
	listed := map[qms.ID]bool{}
	for i, held := range append(here, site...) {
		grant := qms.Grant{Role: held.Role}
		if i < len(here) {
			grant.Platform = platform
		}
		actor := qms.Actor{ID: held.Person, Grants: []qms.Grant{grant}}
		if held.Active(day) && !listed[held.Person] && actor.Can(qms.ApproveDocuments.On(platform)) {
			listed[held.Person] = true
			staff = append(staff, documents.Person{ID: held.Person, Name: held.Name})
		}
	}
	slices.SortStableFunc(staff, func(a, b documents.Person) int { return strings.Compare(a.Name, b.Name) })
	return staff, nil
}

// Holdings lists who may acknowledge readings on the platform and through which role, of all times.
func (staff) Holdings(ctx context.Context, r store.Reader, platform qms.ID) ([]documents.Holding, error) {
	here, err := people.HeldOn(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	site, err := people.HeldOn(ctx, r, "")
	return holdings(append(here, site...), platform), err
}

// HoldingsOn is Holdings of every platform, of those alone that are named when any is, in one statement.
func (staff) HoldingsOn(ctx context.Context, r store.Reader, platforms []qms.ID) (map[qms.ID][]documents.Holding, error) {
	all, err := people.HeldAnywhere(ctx, r, platforms)
	if err != nil {
		return nil, err
	}
	site, here := []people.Held(nil), map[qms.ID][]people.Held{}
	for _, p := range platforms {
		here[p] = nil
	}
	for _, held := range all {
		if held.Platform == "" {
			site = append(site, held)
			continue
		}
		here[held.Platform] = append(here[held.Platform], held)
	}
	found := make(map[qms.ID][]documents.Holding, len(here))
	for p, held := range here {
		found[p] = holdings(append(held, site...), p)
	}
	return found, nil
}

// HeldBy is the part of Holdings that is the person's, on each of the platforms.
func (staff) HeldBy(ctx context.Context, r store.Reader, person qms.ID, platforms []qms.ID) (map[qms.ID][]documents.Holding, error) {
	all, err := people.HeldBy(ctx, r, person)
	found := make(map[qms.ID][]documents.Holding, len(platforms))
	for _, p := range platforms {
		found[p] = holdings(all, p)
	}
	return found, err
}

// holdings are those of the roles that may acknowledge readings on the platform.
func holdings(all []people.Held, platform qms.ID) (holdings []documents.Holding) {
	for _, held := range all {
		actor := qms.Actor{ID: held.Person, Grants: []qms.Grant{{Role: held.Role, Platform: held.Platform}}}
		if actor.Can(qms.AcknowledgeDocuments.On(platform)) {
			period := qms.Period{From: held.From, Until: held.Until}
			holdings = append(holdings, documents.Holding{Person: held.Person, Name: held.Name, Role: held.Role, Period: period, Revision: held.Revision})
		}
	}
	return holdings
}

// Names gives the names of persons, whether they are still there or not.
func (staff) Names(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	return people.NamesOf(ctx, r, persons)
}

// heads tells the pages how long the trail of a platform is.
type heads struct{ db *store.DB }

// Head is the number of leaves and the instant of the last one.
func (h heads) Head(ctx context.Context, platform qms.ID) (size int64, at time.Time, err error) {
	err = h.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) error {
		size, at, err = store.Last(ctx, r, trail.LogOf(platform))
		return err
	})
	return size, at, err
}

// PeopleNamed gives the names of a few people in one statement, whether they are still there or not.
func (members) PeopleNamed(ctx context.Context, r store.Reader, _ qms.ID, ids []qms.ID) ([]trace.Person, error) {
	names, err := people.NamesOf(ctx, r, ids)
	persons := make([]trace.Person, 0, len(names))
	for id, name := range names {
		persons = append(persons, trace.Person{ID: id, Name: name})
	}
	return persons, err
}

// formKey is what signs the tokens of public forms: made of the key of the site, so that every replica
// has the same and nothing more is to be kept. The signature that it is a digest of is never shown.
func formKey(k trail.Key) trace.FormKey {
	signed, err := k.SignText("the key of the public forms of this site\n")
	if err != nil {
		return nil // forms are then refused
	}
	digest := sha256.Sum256(signed)
	return digest[:]
}

// programme tells the room of the label who persons are.
type programme struct{}

// NamesOf gives the names of persons, members or not.
func (programme) NamesOf(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	return people.NamesOf(ctx, r, persons)
}

// Holders lists who holds a role on the day, on the platform or on the site when it is empty, by name.
func (programme) Holders(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]label.Holder, error) {
	all, err := people.HeldOn(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	var holders []label.Holder
	for _, held := range all {
		if held.Active(day) {
			holders = append(holders, label.Holder{Person: held.Person, Name: held.Name, Email: held.Email, Role: held.Role})
		}
	}
	slices.SortStableFunc(holders, func(a, b label.Holder) int { return strings.Compare(a.Name, b.Name) })
	return holders, nil
}
