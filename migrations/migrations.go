// Package migrations is the shape of the data: plain SQL files that both engines run, oldest first,
// only forward. A file that has been released never changes; what is wrong in it is put right by a
// later one. Each is named NUMBER_subject.up.sql and belongs to one room; statements are separated
// by a line that says --bun:split. What the engines keep differently, the search index, has one file for
// each, NUMBER_subject.ENGINE.up.sql, under one number.
//
// The files name no Go type. Column types are those that both engines keep alike: ids TEXT, instants
// TIMESTAMPTZ (UTC, microseconds, set in Go), dates DATE, counters and cents BIGINT, flags BOOLEAN,
// hashes BYTEA.
package migrations

import "embed"

// FS holds the files.
//
//go:embed *.sql
var FS embed.FS
