// Package pack prints an audit pack and verifies one. A pack is one ZIP: a PDF that a director would
// sign, the files of the versions in force, every fact of it with its proof in the trail, the signed
// checkpoint, and a manifest signed with the same key.
//
// Contents is plain data that package audits fills from the rooms, so that what is printed can be
// tested without them. The same Contents gives the same bytes. Write streams: memory does not grow
// with the files. Verify needs no network and no database, reads a bounded amount at a time, and says
// in one sentence what is wrong.
//
// Verify refuses a pack after any one byte of it has changed: entries are stored uncompressed in one
// spelling of the ZIP format, their contents are bound by the manifest, the manifest by its signature.
// It is, with documents/rendition, the only package that knows gofpdf.
package pack
