package label

import (
	"fmt"
	"slices"

	"maillon/qms"
)

// candidacy reads what a platform states.
func (in *statement) candidacy(c *Candidacy, cmd StateCandidacy) {
	c.ReceivedOn = in.past("received_on", cmd.ReceivedOn)
	c.Institutions = in.institutions("institutions", c.Institutions, cmd.Institutions)
	c.Signatories = in.signatories("signatories", cmd.Signatories)
	c.Team = in.team("team", cmd, c.Team)
	if c.Staff = cmd.Staff; cmd.Staff < 0 || cmd.Staff > maxStaff {
		in.fail("staff", "candidacy.staff_implausible", cmd.Staff)
	}
	c.Included, c.Excluded = in.text("included", in.need("included", cmd.Included)), in.text("excluded", cmd.Excluded)
	c.Equipment, c.Sites, c.Activities = in.text("equipment", cmd.Equipment), in.text("sites", cmd.Sites), in.text("activities", cmd.Activities)
	c.Direct, c.DirectReason = cmd.Direct, in.text("direct_reason", cmd.DirectReason)
	switch {
	case c.Direct && c.DirectReason == "":
		in.fail("direct_reason", "candidacy.direct_reason_required")
	case !c.Direct:
		c.DirectReason = ""
	}
}

// institutions wants institutions of the site's list, one at least; one that was taken off the list may only be kept.
func (in *statement) institutions(field string, kept, ids []qms.ID) []qms.ID {
	if len(ids) == 0 {
		in.fail(field, "candidacy.no_institution")
		return nil
	}
	all, err := institutionsOf(in.ctx, in.tx)
	if err != nil {
		in.err = err
		return nil
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for _, id := range ids {
		if len(ids) > maxInstitutions || !slices.ContainsFunc(all, func(i Institution) bool {
			return i.ID == id && (i.Void == "" || slices.Contains(kept, id))
		}) {
			in.fail(field, "input.unknown_choice")
			return nil
		}
	}
	return ids
}

// signatories wants one at least, each with a name and a function.
func (in *statement) signatories(field string, all []Signatory) []Signatory {
	if len(all) == 0 {
		in.fail(field, "candidacy.no_signatory")
	}
	if len(all) > maxSignatories {
		in.fail(field, "candidacy.too_many", maxSignatories)
		return nil
	}
	read := make([]Signatory, len(all))
	for i, s := range all {
		at := fmt.Sprintf("%s.%d.", field, i+1)
		read[i].Name, read[i].Function = in.line(at+"name", in.need(at+"name", s.Name)), in.line(at+"function", in.need(at+"function", s.Function))
		if s.SignedOn != 0 {
			read[i].SignedOn = in.past(at+"signed_on", s.SignedOn)
		}
	}
	return read
}

// team wants each of its members once, with a part, and one of them at most to lead. Of who has an account
// the name is that of the account.
func (in *statement) team(field string, cmd StateCandidacy, kept []TeamMember) []TeamMember {
	all := cmd.Team
	if len(all) > maxTeam {
		in.fail(field, "candidacy.too_many", maxTeam)
		return nil
	}
	names := in.holders(cmd, kept)
	read, leads, seen := make([]TeamMember, len(all)), 0, map[qms.ID]bool{}
	for i, m := range all {
		at := fmt.Sprintf("%s.%d.", field, i+1)
		name, holds := names[m.Person]
		switch {
		case m.Person == "":
			name = in.line(at+"name", in.need(at+"name", m.Name))
		case !holds:
			in.fail(at+"person", "person.not_member")
		case seen[m.Person]:
			in.fail(at+"person", "candidacy.team_twice", name)
		}
		seen[m.Person] = true
		if m.Lead {
			leads++
		}
		read[i] = TeamMember{Person: m.Person, Name: name, Part: in.line(at+"part", in.need(at+"part", m.Part)), Lead: m.Lead}
	}
	if leads > 1 {
		in.fail(field, "candidacy.one_lead")
	}
	return read
}

// holders are the names of those who hold a role on the platform today, when a team names somebody, and of
// those whom the candidacy named before, who may have left since.
func (in *statement) holders(cmd StateCandidacy, kept []TeamMember) map[qms.ID]string {
	names := map[qms.ID]string{}
	if in.err != nil || !slices.ContainsFunc(cmd.Team, func(m TeamMember) bool { return m.Person != "" }) {
		return names
	}
	holders, err := in.s.people.Holders(in.ctx, in.tx, cmd.Platform, in.tx.Today())
	in.err = err
	for _, h := range holders {
		names[h.Person] = h.Name
	}
	for _, m := range kept {
		if _, here := names[m.Person]; !here && m.Person != "" {
			names[m.Person] = m.Name
		}
	}
	return names
}
