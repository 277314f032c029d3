// Package pack prints an audit pack: a PDF that a director would sign, and what goes with it into one
// archive, which package archive writes and verifies.
//
// Contents is plain data that package audits fills from the rooms, so that what is printed can be
// tested without them. The same Contents gives the same bytes. Write streams: memory does not grow
// with the files.
// It is, with documents/rendition, the only package that knows gofpdf.
package pack
