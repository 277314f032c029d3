// Package importer takes what a platform already has, its registers and its folders of documents,
// to the acts of the rooms: what was kept in spreadsheets for ten years is in Maillon in a minute.
//
// Registers come as a workbook (XLSX, ODS) or as CSV files. Sheets are recognised by their headings,
// in French or English, in any order; every line that cannot be read is reported by sheet, row and
// column with what was found and what was expected. Documents come as a tree of files; what each of
// them is, is guessed by rules that are data, and a mapping file has the last word.
//
// It promises all or nothing, in one act and one leaf of the trail; that a dry run is the same act
// undone; that the same file twice changes nothing; and that memory does not grow with what a hostile
// file pretends to be. It refuses to write SQL and to know rules of the rooms: it hands rows over and
// reports what the rooms say of them.
package importer
