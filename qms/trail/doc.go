// Package trail is the Merkle log that every write of Maillon is sealed into (RFC 6962, with
// golang.org/x/mod/sumdb/tlog), and the proofs that are drawn from it.
//
// One act is one leaf: an Entry says who did what, when and why, and carries the number and the
// Merkle root of the act's Changes. So one fact out of an import of ten thousand rows is proved
// without the others: its FactProof leads from the change to the entry and from the entry to a
// signed Checkpoint. Entries and changes are canonical JSON (RFC 8785), so that a leaf has one
// spelling; a checkpoint is a signed note (golang.org/x/mod/sumdb/note, Ed25519).
//
// It is pure: it keeps nothing and reads no clock. qms/store keeps the leaves. It refuses what has no
// canonical form (text that is not UTF-8, numbers that a double cannot hold) instead of changing it,
// and every check refuses a proof in which any byte was altered.
package trail
