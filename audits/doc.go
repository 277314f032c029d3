// Package audits is the room that examines the other rooms: traceability exercises, and the audit
// pack that an auditor takes away.
//
// An exercise follows chains from one end to the other, over all of them or over a draw that anybody
// can do again by hand (exercise*.go, draw*.go). A pack is one ZIP with a PDF of everything that a
// platform could show on a day, the files in force, and the proofs that each fact was in the trail
// (pack*.go); package audits/pack prints and verifies it, here it is filled from the rooms.
//
// It promises that both say the same of the same day, because both ask the rooms' own pure rules. It
// refuses to judge: checks propose, an evaluator decides.
package audits
