// Package archive writes and verifies the archive of an audit pack: one ZIP of a PDF, the files of the
// versions in force, every fact of it with its proof in the trail, the signed checkpoint, and a
// manifest signed with the same key. Package pack composes what stands in it.
//
// Write streams: memory does not grow with the files, and the same Contents gives the same bytes.
// Verify needs no network and no database, reads a bounded amount at a time, and says in one sentence
// what is wrong.
//
// Verify refuses an archive after any one byte of it has changed: entries are stored uncompressed in
// one spelling of the ZIP format, their contents are bound by the manifest, the manifest by its
// signature. The package knows neither how a PDF is printed nor how rows are read, so that a verifier
// made of it is small.
package archive
