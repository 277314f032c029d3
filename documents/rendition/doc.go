// Package rendition makes the PDF of a version that people read and print: a cover page that says who
// signed what and when, and on every page a header and a footer with code, version, date of effect
// and page. The original stays untouched beside it.
//
// It promises that what was searchable stays so, that bookmarks and page sizes are kept, and that
// hostile files end in an error, within bounds of time and memory.
//
// It refuses to know rooms, the database and the vault: what is printed is handed in as plain data.
package rendition
