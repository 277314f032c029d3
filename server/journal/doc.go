// Package journal tells the changes that the trail keeps in the words of their reader.
//
// The trail keeps a row as its columns hold it: names of columns, words of the code, identifiers, cents, minutes
// and JSON. A person reads labels, the words of their language, what a record was called on the day of the act,
// amounts and durations with their units, and lists. Nothing is left out but the few columns that only help
// machines, see Hidden; what the words of today do not know is shown as it is written in the trail, never dropped.
//
// It asks no database: whoever shows changes asks store.Trail.Called, once for a page, what the records that
// they name are called.
package journal
