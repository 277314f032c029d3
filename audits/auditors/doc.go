// Package auditors lets people from outside look into a platform: who is asked to come and for which days,
// how they come to sign in, what they note for themselves, and what they opened.
//
// It promises that an access is a role with a first and a last day, which ends by itself; that the link
// that chooses a password is good once, for a while, and stands in no table; that a note is its author's
// alone, even in the trail, until they hand it over; and that what an auditor opened is on record, one
// line for each page and day, without any request waiting for it.
//
// It refuses to let somebody audit their own platform, to hand the account of somebody who has one to
// whoever invites them, and to write anything for an auditor but their notes.
package auditors
