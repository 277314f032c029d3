// Package trace is the room of traceability (DESIGN, section 4): the service chain from a request
// over its quotes and reports to its invoices, the access of people to equipment under a training,
// and the checks that say whether each of them holds.
//
// It promises that every record stays: a correction is a new revision with its reason, a mistake is
// voided and stays readable. Parents (the request of a quote, the quote of an invoice) are kept by
// their number as stated, so that a record which names a parent that does not exist stays a fact;
// people and equipment are kept by ID. The checks are pure functions of plain values and a day, and
// the same ones serve the list, the dossier, the exercise and the audit pack.
//
// It refuses a number that is already taken, a date that does not exist, people and equipment it
// does not know. It does not know documents or people: it declares what it needs of them
// (Instructions, People), and the wiring joins them.
package trace
