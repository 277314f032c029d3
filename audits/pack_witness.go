package audits

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"path"

	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// attested holds the head of the trail to what was signed of it before, and signs it for the pages: the
// signature in the archive is the same, since one key signs one text one way.
func (g *gathering) attested(ctx context.Context) error {
	if g.s.heads == nil {
		return nil
	}
	if err := g.s.heads.Check(ctx, g.r, g.c.Checkpoint); err != nil {
		return err
	}
	note, err := trail.Sign(g.s.key, g.c.Checkpoint)
	if err != nil {
		return err
	}
	g.c.Proofs.Note = string(note)
	g.c.Proofs.Key, err = trail.ParseVerifier(g.s.key.Verifier())
	if err != nil {
		return err
	}
	history, err := g.s.heads.HistoryIn(ctx, g.r)
	if err != nil || len(history) == 0 {
		return err
	}
	g.c.Files = append(g.c.Files, pack.File{Folder: archive.Keys, Name: path.Base(archive.HistoryName), Size: int64(len(history)), SHA256: sha256.Sum256(history),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(history)), nil }})
	g.c.Proofs.Keys, err = trail.ParseSuccession(history)
	return err
}

// keepHead keeps the checkpoint of a pack that was made, with the act that says so.
func (s *Service) keepHead(ctx context.Context, tx *store.Tx, p *Pack) error {
	if s.heads == nil || p.State != PackMade {
		return nil
	}
	return s.heads.KeepPack(ctx, tx, p.Checkpoint(), p.Number)
}
