// Package people is the room of platforms and persons: who belongs to which platform from when to
// when, which roles they hold on the site and on platforms, and how they sign in.
//
// It promises that the roles in force today, and nothing else, make the Actor that every other room
// asks; that passwords are kept as argon2id hashes and session tokens as SHA-256, of which the trail
// keeps a digest only; that a session ended or expired opens nothing; and that signing in costs the
// same whether or not the account exists.
//
// It refuses to lock an account out because somebody else guesses at it: attempts are slowed down by
// address and place. Nothing is deleted: a membership, a role, an account and a session end on a day
// and stay readable.
package people
