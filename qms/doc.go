// Package qms holds the words that every room of Maillon shares: who acts (Actor), by what right
// (Permission, and the one table of roles), what is done (Act), on which day (Date, Months), for how
// much (Money), and what a refusal is (Error).
//
// It is pure: no input or output, no dependence but the standard library, and the present is always
// handed in as a Clock. Rules of rooms are written in these words, so that the same rule serves the
// page, the interface, the exercise and the audit pack.
//
// It refuses to know any room, any database and any language: a refusal carries a key, and
// qms/locale turns it into a sentence of the reader's.
package qms
