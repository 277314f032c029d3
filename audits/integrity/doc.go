// Package integrity holds trail, records and vault against each other: every record is as its trail says, every
// content that a record names is in the vault, has its SHA-256 and its size, and nothing else is there. Signatures
// are held against what they are under, as whoever knows the records judges them.
//
// Verify looks once, for the command line. Tick does the same every week in the background: one replica at
// a time, bounded in how fast it reads, going on after a crash where it was; what it looked at and what it
// found is on record. HoldContents asks the vault to hold what was approved and what was packed, where the
// vault can hold and was seen to.
//
// What it promises: it streams, so that its memory grows neither with the trail nor with the vault; it changes
// nothing but its own records; what it cannot read for want of the service is an error, never a finding.
//
// What it cannot see: a log that was rewritten consistently, with everything that follows from it. That is
// shown by a checkpoint that was kept elsewhere.
package integrity
