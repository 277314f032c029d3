// Package store is the only pen of Maillon: every transaction begins and ends in DB.View and
// DB.Change, on SQLite (a laptop) and on PostgreSQL (a university) alike.
//
// It promises that every change of a business row is sealed into the trail in the same transaction:
// one act is one leaf, written under the lock of the log's head, so that rules read settled data and
// sequence numbers have no gaps. An act that changes nothing leaves no leaf. Rows carry a revision,
// so that two people cannot overwrite each other unseen, and nothing is ever deleted.
//
// It refuses, by four gates, any write that the trail would not know: Reader and Tx expose no raw
// handle; every statement of a room passes a gate that lets SELECT alone through; View runs in a
// transaction that the engine itself holds read-only; and tests watch every table with triggers.
// Nesting View or Change is refused. Errors of the drivers are translated here.
package store
