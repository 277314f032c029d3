// Package label is the room of the programme: how a platform comes to its quality label and lives under
// it. Candidacy, accompaniment, the referential and what a platform answers to it, evaluation missions,
// the label itself with its follow-ups, and what of all that falls due.
//
// It promises that every date of the programme is counted from the record that begins it, as
// qms.Date.AddMonths does (DESIGN, section 2), and that where a platform stands on a day follows from
// its records alone and is stored nowhere.
//
// It refuses to grant a role or to know an account: who may do what is decided in qms, and who people
// are is told by the room of persons, joined in server/app.
package label
