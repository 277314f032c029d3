// Package documents is the room of controlled documents (ISO 9001, clause 7.5): kinds and codes, the
// versions of a document and their way through draft, review and approval, their contents, the links
// that their texts make, and the master list as of any day.
//
// It promises that author, verifier and approver of a version are three people, that exactly one
// version is in force on any day on which one is, that what was in force on a past day can be asked
// for ever, that codes are given out without gaps and never twice, and that every code and every
// title quoted in a text is known as a link in both directions. Effective and superseded follow from
// dates, so a version takes effect by itself and no job is needed for the answer to be right.
//
// It refuses to delete, to change the content of a version that left draft, and to show a draft to
// who may only read what is in force. Contents go to the vault before the row that names them.
package documents
