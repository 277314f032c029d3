package journal

import (
	"strconv"
	"strings"
)

// column is a field of a kind of record. The member of what a column keeps as JSON is named after it:
// "lines.unit"; any member, "lines.prices.*".
type column struct{ table, name string }

// within is any member of the object that the column is a member of.
func (c column) within() column {
	if i := strings.LastIndexByte(c.name, '.'); i >= 0 {
		return column{c.table, c.name[:i] + ".*"}
	}
	return c
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// words are the columns whose values are words of the code: how the keys of their sentences begin. A column of
// every table stands under no table. What has no sentence is shown as it is written: a status of clients that a
// platform chose, a year.
var words = map[column]string{
	{"", "language"}: "app.lang.", {"", "role"}: "role.", {"", "meaning"}: "meaning.", {"", "theme"}: "theme.", {"", "client_status"}: "client_status.",
	{"", "log"}: "value.log.", {"reminders", "place"}: "value.log.", {"scrub_defects", "place"}: "value.log.", {"", "row_table"}: "table.",

	{"accompaniments", "outcome"}: "page.meetings.ending_", {"deliverables", "state"}: "page.deliverables.state_", {"meetings", "state"}: "page.meetings.state_",
	{"answers", "level"}: "level.", {"answers", "links.kind"}: "evidence_link.", {"referentials", "state"}: "value.referentials.state.",
	{"candidacies", "decision"}: "page.candidacy.is_", {"award_events", "kind"}: "page.awards.event_", {"other_labels", "kind"}: "page.others.kind_",
	{"missions", "kind"}: "page.missions.kind_", {"mission_decisions", "outcome"}: "page.missions.outcome_",
	{"mission_findings", "finding"}: "page.missions.finding_", {"mission_findings", "chapter"}: "theme.",

	{"audit_notes", "about"}: "page.notes.about_", {"openings", "kind"}: "page.audit.kind_",
	{"exercises", "scope"}: "page.exercises.scope_", {"exercises", "kind"}: "page.exercises.kind_", {"exercises", "direction"}: "page.exercises.direction_",
	{"exercises", "strata"}: "value.exercises.strata.", {"exercises", "state"}: "value.exercises.state.", {"exercises", "verdict"}: "state.",
	{"exercise_items", "stratum"}: "client_status.", {"exercise_strata", "name"}: "client_status.",
	{"exercise_links", "link"}: "link.", {"exercise_links", "proposal"}: "state.", {"exercise_links", "answer"}: "state.",
	{"packs", "state"}: "value.packs.state.", {"packs", "sections"}: "pack.section.", {"packs", "failure"}: "", {"pack_jobs", "step"}: "pack.step.",
	{"checkpoints", "cause"}: "page.checkpoints.cause_", {"checkpoints", "made_by_name"}: "actor.",
	{"scrub_defects", "kind"}: "value.scrub_defects.kind.",

	{"disposals", "kind"}: "value.disposals.kind.", {"disposals", "decision"}: "page.disposal.decision_", {"documents", "confidentiality"}: "page.documents.for_",
	{"exemptions", "allows"}: "page.exemptions.allows_", {"kinds", "level"}: "page.map.level_", {"processes", "type"}: "page.map.type_",
	{"kit_answers", "answer"}: "value.kit_answers.answer.", {"link_decisions", "verdict"}: "value.link_decisions.verdict.", {"links", "basis"}: "pack.basis.",
	{"records", "about_kind"}: "page.records.about_", {"renditions", "state"}: "value.renditions.state.", {"renditions", "how"}: "page.renditions.how_",
	{"renditions", "mark"}: "state.", {"renditions", "failure"}: "", {"versions", "state"}: "state.", {"watches", "outcome"}: "value.watches.outcome.",
	{"versions", "disposal"}: "page.disposal.decision_", {"records", "disposal"}: "page.disposal.decision_",
	{"endorsements", "kind"}: "signed.", {"endorsements", "label"}: "page.exemptions.allows_",

	{"calibrations", "kind"}: "page.life.calibration_", {"calibrations", "outcome"}: "outcome.", {"equipment_events", "kind"}: "page.life.kind_",
	{"check_settings", "uncovered"}: "page.checks.uncovered_", {"evidences", "kind"}: "value.evidences.kind.",
	{"trainings", "kind"}: "page.trainings.kind_", {"group_sessions", "kind"}: "page.trainings.kind_",
	{"impacts", "kind"}: "page.impact.kind_", {"impacts", "basis"}: "value.impacts.basis.",
	{"impact_items", "kind"}: "page.impact.kind_of_", {"impact_items", "decision"}: "page.impact.decision_",
	{"price_lists", "state"}: "value.price_lists.state.", {"price_lists", "lines.unit"}: "unit.", {"price_lists", "lines.prices.*"}: "client_status.",
	{"quotes", "lines.unit"}: "unit.", {"register_mappings", "register"}: "import.kind.", {"register_mappings", "columns.*"}: "import.field.",
	{"register_mappings", "dates"}: "value.register_mappings.dates.",
	{"requests", "feasible"}:       "page.services.feasible_", {"requests", "origin"}: "origin.", {"requests", "closed_as"}: "ending.",
	{"samples", "fate"}: "fate.", {"submissions", "state"}: "state.",

	{"invites", "method"}: "value.invites.method.", {"mails", "state"}: "page.reminders.state_", {"reminders", "kind"}: "due.",
	{"reminder_rules", "kind"}: "due.", {"reminder_preferences", "mode"}: "page.reminders.mode_",
}

// word is a word of the code in the reader's words. A failure is the key of a whole sentence.
func (t teller) word(c column, s string) (string, bool) {
	prefix, named := words[c]
	if !named {
		prefix, named = words[column{"", c.name}]
	}
	if !named || s == "" || !t.Has(prefix+s) {
		return "", false
	}
	if prefix == "" {
		return t.T(s, t.arguments()...), true
	}
	return t.T(prefix + s), true
}

// Says reports whether a value of the column is a word of the code that has one of the reader: also where both are
// written alike, as "page" is in both languages.
func (r Reader) Says(table, name, value string) bool {
	_, ok := teller{Reader: r}.word(column{table, name}, value)
	return ok
}

// arguments fill the sentence of a failure.
func (t teller) arguments() (args []any) {
	text, _ := stringOf(t.row["failure_args"])
	items, _ := t.listed(column{}, []byte(text))
	for _, one := range items {
		args = append(args, one)
	}
	return args
}
