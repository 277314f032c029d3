// Package words reads texts as a search does: it cuts them into words, folds case and accents, and
// takes French and English words back to their stems, so that "étalonnées" is found by "etalonner".
//
// What it makes of a text is a set of plain tokens, letters and digits after one letter that says what
// they are. The databases keep these sets as they come, so that SQLite and PostgreSQL find the same.
// A text is French where French little words stand in it and English where English ones do, line by
// line; a line without any is what the whole text is. What is asked for is taken as both.
//
// It promises that a word is found by itself, whatever its accents, and that no text and no question
// makes it fail, or hold more than its bounds. A change of what it makes of a text changes Version.
package words
