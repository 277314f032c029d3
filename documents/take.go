package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// Taken counts what an import did.
type Taken struct{ Added, Changed, Same int }

// Stated is one line of a master list kept elsewhere: a version and its days in force.
type Stated struct {
	Code           string
	Title          string
	Version        string // "2.0", "2", "V2"
	EffectiveFrom  qms.Date
	EffectiveUntil qms.Date // first day no longer in force; zero while nothing ends it
}

// ImportedFile is one file of an imported folder.
type ImportedFile struct {
	Path          string // within the folder, with slashes; names the file on the next import
	Code          string // from the mapping; empty: found in the name or the text, else given out
	Kind          string // code of a kind
	Process       string
	Title         string
	Version       string   // 1.0 when empty
	EffectiveFrom qms.Date // today when zero
	File          File
}

// FileTaken is what became of one imported file.
type FileTaken struct {
	Path     string
	Document qms.ID
	Code     string
	Adopted  bool // the code was found or stated, not given out
	Title    string
	Kind     string
	Process  string
	Version  string
	Outcome  string // "added", "changed" or "same"
	Links    []Named
}

// Named is one document that a text names for sure.
type Named struct {
	Code  string
	Basis Basis
}

// TakeMasterList takes over versions without content, in the caller's transaction. What is wrong is
// said by fields named INDEX.column: "3.version" is the version of rows[3].
func TakeMasterList(ctx context.Context, tx *store.Tx, prefix string, rows []Stated) (Taken, error) {
	return Taken{}, nil
}

// TakeFiles takes over a folder, in the caller's transaction: documents that are new, contents that
// are new, and the links of the whole. Wrong fields are named as by TakeMasterList.
func TakeFiles(ctx context.Context, tx *store.Tx, prefix string, rows []ImportedFile) ([]FileTaken, Taken, error) {
	return nil, Taken{}, nil
}

// Periods gives the days in force of every version of the platform: code -> "2.0" -> days.
func Periods(ctx context.Context, r store.Reader, platform qms.ID) (map[string]map[string]qms.Period, error) {
	return nil, nil
}
