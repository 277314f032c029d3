package documents

import (
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// reach is which documents of a platform its reader may see at all. Who holds read-library sees every
// one, auditors included: they read everything of one platform. Anybody else, people with training
// only, sees what is addressed to them today, by name or by a role they hold, and what is public
// (DESIGN, section 1). The present decides, whatever past day is asked about. What is out of reach does
// not exist for its reader; which versions of a document are shown is mayRead's business.
//
// Every query that selects documents, or what hangs on them, takes its condition from here.
type reach struct {
	whole    bool
	platform qms.ID
	person   qms.ID
	roles    []qms.Role
	today    qms.Date
}

func reachOf(r store.Reader, platform qms.ID) reach {
	actor := r.Actor()
	re := reach{whole: actor.Can(qms.ReadLibrary.On(platform)), platform: platform, person: actor.ID, today: r.Today()}
	for _, g := range actor.Grants {
		if g.Platform == platform {
			re.roles = append(re.roles, g.Role)
		}
	}
	return re
}

// holds is the condition that the column names a document within reach, with its values.
func (re reach) holds(column string) (condition string, args []any) {
	if re.whole {
		return "1 = 1", nil
	}
	args = []any{re.platform, Open, re.today, re.today, re.person}
	who := "a.person = ?"
	if len(re.roles) > 0 {
		who = "(" + who + " OR a.role IN (?" + strings.Repeat(", ?", len(re.roles)-1) + "))"
		for _, role := range re.roles {
			args = append(args, role)
		}
	}
	return column + ` IN (SELECT r.id FROM documents AS r WHERE r.platform = ? AND (r.confidentiality = ? OR EXISTS (
		SELECT 1 FROM addressees AS a WHERE a.platform = r.platform AND (a.document = r.id OR a.kind = r.kind)
		AND a.from_date <= ? AND (a.until_date IS NULL OR a.until_date > ?) AND ` + who + `)))`, args
}

// reaching adds the condition to a query in the making.
func (q *query) reaching(re reach, column string) *query {
	if re.whole {
		return q
	}
	condition, args := re.holds(column)
	return q.add(" AND "+condition, args...)
}
