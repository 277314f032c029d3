package audits

import (
	"context"
	"slices"

	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/documents"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/trace"
)

// evidenceFile is a file that stands behind something the pack shows.
type evidenceFile struct {
	of      string // number or code of the record that it proves
	name    string // as it was given
	size    int64  // bytes
	content vault.Digest
}

// subjectsAtOnce is how many records one statement asks about.
const subjectsAtOnce = 500

// attachAll attaches the files of the records that had come by the day and count, and keeps the references
// to them by record. of says how people call the record.
func (g *gathering) attachAll(ctx context.Context, records []qms.ID, of func(qms.ID) string) error {
	if g.refs == nil {
		g.refs = map[qms.ID][]pack.Ref{}
	}
	for some := range slices.Chunk(records, subjectsAtOnce) {
		files, err := trace.EvidenceIn(ctx, g.r, g.platform, some...)
		if err != nil {
			return err
		}
		for _, id := range some {
			if g.refs[id] != nil {
				continue // another section has attached them
			}
			for _, e := range files[id] {
				if e.Void != "" || e.AddedOn > g.asOf {
					continue
				}
				g.shown(e.ID)
				g.attach(evidenceFile{of: of(id), name: e.Name, size: e.Size, content: e.Content})
				g.refs[id] = append(g.refs[id], pack.Ref{Text: e.Name, File: e.Content})
			}
		}
	}
	return nil
}

// filesInForce are the versions in force by the code of their document.
func (g *gathering) filesInForce(ctx context.Context) (map[string]*documents.Entry, error) {
	entries, byID, err := documents.InForceIn(ctx, g.r, g.platform, g.asOf)
	of := make(map[string]*documents.Entry, len(entries))
	for i := range entries {
		of[byID[entries[i].Document].Code] = &entries[i]
	}
	return of, err
}

// attach puts a file into the archive, unless it is to have none.
func (g *gathering) attach(f evidenceFile) {
	if g.withFiles {
		g.enclose(pack.File{Folder: archive.Evidence, Record: f.of, Name: f.name, Size: f.size, SHA256: f.content}, f.content)
	}
}
