package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/trail"
)

// Names is what records are called, from act to act.
type Names map[qms.ID][]naming // oldest first

// naming is what a record is called since an act.
type naming struct {
	since time.Time
	table string
	name  string
	of    []qms.ID // the records that it is called after, see namedAfter
}

// On is what the record was called after the acts of that instant; what it was first called, before its first.
// Empty when it has no name.
func (n Names) On(id qms.ID, at time.Time) string {
	if it := n.find(id, at); it != nil {
		return it.name
	}
	return ""
}

// Latest is what the record is called now.
func (n Names) Latest(id qms.ID) string {
	if all := n[id]; len(all) > 0 {
		return all[len(all)-1].name
	}
	return ""
}

// Table is the kind of the record; empty when the trail does not know it.
func (n Names) Table(id qms.ID) string {
	if all := n[id]; len(all) > 0 {
		return all[0].table
	}
	return ""
}

func (n Names) find(id qms.ID, at time.Time) *naming {
	all := n[id]
	for i, later := range slices.Backward(all) {
		if !later.since.After(at) || i == 0 {
			return &all[i]
		}
	}
	return nil
}

// calledAtOnce is how many records one statement names.
const calledAtOnce = 1500

// Called tells what records are called, by what the trail of the platform and of the site holds of them: a person
// by their name, a document by its code, a version by its document and number, a role by whose it is. Who may read
// the platform may know it. It takes two statements for up to 1,500 records.
func (t *Trail) Called(ctx context.Context, platform qms.ID, ids []qms.ID) (Names, error) {
	return t.called(ctx, platform, ids, true)
}

// CalledBriefly is Called in one statement: where the document of a version is none of the records asked about,
// the version is called by its number alone.
func (t *Trail) CalledBriefly(ctx context.Context, platform qms.ID, ids []qms.ID) (Names, error) {
	return t.called(ctx, platform, ids, false)
}

func (t *Trail) called(ctx context.Context, platform qms.ID, ids []qms.ID, whole bool) (Names, error) {
	names := Names{}
	if len(ids) == 0 {
		return names, nil
	}
	needs := qms.ReadPlatform.On(platform)
	if platform == "" {
		needs = qms.SignedIn.OnSite()
	}
	logs := []string{trail.LogOf(platform), trail.SiteLog}
	err := t.db.View(ctx, needs, func(r Reader) error {
		if err := names.read(ctx, r, logs, ids); err != nil {
			return err
		}
		after := maps.Clone(names)
		if whole {
			if err := after.read(ctx, r, logs, names.lacking()); err != nil {
				return err
			}
		}
		names.complete(after)
		return nil
	})
	return names, err
}

// read takes what the logs say of the records.
func (n Names) read(ctx context.Context, r Reader, logs []string, ids []qms.ID) error {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	for some := range slices.Chunk(slices.Compact(ids), calledAtOnce) {
		var rows []struct {
			At       time.Time
			RowID    qms.ID
			RowTable string
			After    json.RawMessage
		}
		err := r.Select().TableExpr("trail_changes AS c").ColumnExpr("e.at, c.row_id, c.row_table, c.after").
			Join("JOIN trail_entries AS e ON e.log = c.log AND e.seq = c.seq").
			Where("c.row_id IN (?) AND c.log IN (?)", bun.List(some), bun.List(logs)).
			Order("c.row_id", "c.row_table", "c.revision").Scan(ctx, &rows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.RowTable == "accounts" {
				continue // of nobody's business
			}
			name, of := recordName(row.RowTable, row.After)
			n[row.RowID] = append(n[row.RowID], naming{row.At, row.RowTable, name, of})
		}
	}
	return nil
}

// lacking are the records by which others are called that are not among them.
func (n Names) lacking() (ids []qms.ID) {
	for _, all := range n {
		for _, it := range all {
			for _, id := range it.of {
				if n[id] == nil {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}

// complete puts before each name what it is called after, in that one's own words.
func (n Names) complete(after Names) {
	whole := map[*naming]string{}
	for _, all := range n {
		for i := range all {
			var words []string
			for _, id := range all[i].of {
				if it := after.find(id, all[i].since); it != nil {
					words = append(words, it.name)
				}
			}
			whole[&all[i]] = strings.TrimSpace(strings.Join(append(words, all[i].name), " "))
		}
	}
	for it, name := range whole {
		it.name = name
	}
}

// namedAfter are the records by which people call one that has no name of its own, or one that says little: a
// version by its document, a training by who was trained on what.
var namedAfter = map[string][]string{
	"addressees": {"document"}, "award_conditions": {"mission"}, "award_events": {"label"}, "calibrations": {"equipment"}, "comments": {"document"},
	"data_sets": {"equipment"}, "equipment_events": {"equipment"}, "exercise_evaluators": {"exercise"}, "exercise_items": {"exercise"},
	"exercise_links": {"exercise"}, "exercise_reports": {"exercise"}, "exercise_strata": {"exercise"}, "feeds": {"person"}, "impact_items": {"impact"},
	"kit_answers": {"template"}, "kit_copies": {"document"}, "kit_versions": {"template"}, "link_decisions": {"document"}, "links": {"document"},
	"memberships": {"person"}, "mission_decisions": {"mission"}, "mission_evaluators": {"mission"}, "mission_findings": {"mission"},
	"officers": {"person"}, "pack_jobs": {"pack"}, "periodic_reviews": {"document"}, "reminder_addressees": {"person"},
	"reminder_preferences": {"person"}, "renditions": {"document"}, "restore_tests": {"equipment"},
	"role_grants": {"person"}, "scrub_defects": {"scrub"}, "sessions": {"person"}, "trainers": {"person", "equipment"},
	"trainings": {"person", "equipment"}, "versions": {"document"}, "watches": {"document"},
}

// recordName is what a record is called by its own columns, and the records that it is called after.
func recordName(table string, after json.RawMessage) (name string, of []qms.ID) {
	var c struct {
		Code, Number, Name, Title, Label string
		Short                            string `json:"short_name"`
		File                             string `json:"file_name"`
		Major, Minor                     *int64
	}
	var other *json.UnmarshalTypeError // a number that is none of a name: the rest is read
	if err := json.Unmarshal(after, &c); err != nil && !errors.As(err, &other) {
		return "", nil
	}
	if columns := namedAfter[table]; columns != nil {
		var values map[string]json.RawMessage
		_ = json.Unmarshal(after, &values) // it was read above
		for _, column := range columns {
			var id qms.ID
			if json.Unmarshal(values[column], &id) == nil && id != "" {
				of = append(of, id)
			}
		}
	}
	if c.Major != nil && c.Minor != nil {
		return strconv.FormatInt(*c.Major, 10) + "." + strconv.FormatInt(*c.Minor, 10), of
	}
	if table == "exercise_strata" {
		return "", of // its name is a word of the code
	}
	code := cmp.Or(c.Code, c.Number)
	return strings.TrimSpace(code + " " + cmp.Or(c.Short, c.Name, c.Title, c.Label, c.File)), of
}
