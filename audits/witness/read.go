package witness

import (
	"context"
	"encoding/json"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trail"
)

// List lists the kept checkpoints of a platform's trail, of the site's when none is named, the newest
// first; of one cause when it is named.
func (s *Service) List(ctx context.Context, platform qms.ID, cause Cause, c qms.Cursor) (qms.Page[Checkpoint], error) {
	var page qms.Page[Checkpoint]
	err := s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) error {
		rows, err := checkpointPage(ctx, r, trail.LogOf(platform), cause, c)
		page = qms.PageOf(rows, c.Limit(), func(c Checkpoint) string { return c.ID.String() })
		return err
	})
	return page, err
}

// ByID is one kept checkpoint of the trail.
func (s *Service) ByID(ctx context.Context, platform, id qms.ID) (*Checkpoint, error) {
	var c *Checkpoint
	err := s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) (err error) {
		c, err = checkpointByID(ctx, r, trail.LogOf(platform), id)
		return err
	})
	return c, err
}

// Continuation proves that one kept checkpoint continues another: the log of the older one is the
// beginning of that of the newer one. It is checked before it is handed out.
type Continuation struct {
	Older Checkpoint
	Newer Checkpoint
	Proof []trail.Hash // RFC 6962, section 2.1.2
}

// continuation is its JSON: both signed notes, and the hashes in base64.
type continuation struct {
	Format string       `json:"format"`
	Older  string       `json:"older"`
	Newer  string       `json:"newer"`
	Proof  []trail.Hash `json:"consistency_proof"`
}

// File is the proof as a file that anybody checks: the two signed notes, and the hashes between them.
func (c *Continuation) File() ([]byte, error) {
	proof := c.Proof
	if proof == nil {
		proof = []trail.Hash{}
	}
	data, err := json.MarshalIndent(continuation{"maillon-continuation/1", c.Older.Note, c.Newer.Note, proof}, "", "  ")
	return append(data, '\n'), err
}

// Continue proves that two kept checkpoints of the trail are of one log, in either order.
func (s *Service) Continue(ctx context.Context, platform, one, other qms.ID) (*Continuation, error) {
	var c *Continuation
	err := s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) error {
		log := trail.LogOf(platform)
		a, err := checkpointByID(ctx, r, log, one)
		if err != nil {
			return err
		}
		b, err := checkpointByID(ctx, r, log, other)
		if err != nil {
			return err
		}
		if a.Size > b.Size {
			a, b = b, a
		}
		c, err = s.continues(ctx, r, a, b)
		return err
	})
	return c, err
}

func (s *Service) continues(ctx context.Context, r store.Reader, older, newer *Checkpoint) (*Continuation, error) {
	size, _, err := store.Head(ctx, r, older.Log)
	if err != nil {
		return nil, err
	}
	lost := (&pastLost{older, newer.Tree()}).refusal()
	if newer.Size > size {
		return nil, lost
	}
	c := &Continuation{Older: *older, Newer: *newer}
	before, after := older.Tree(), newer.Tree()
	if before.Origin != after.Origin {
		return nil, qms.Conflict("checkpoint.another_name", before.Origin, after.Origin)
	}
	if older.Size != newer.Size {
		proof, err := trail.Consistency(newer.Size, older.Size, store.Hashes(ctx, r, older.Log))
		if err != nil {
			return nil, lost //nolint:nilerr // the log lacks what the proof is made of
		}
		c.Proof = proof
		if trail.CheckConsistency(after, before, proof) != nil {
			return nil, lost
		}
		return c, nil
	}
	if before.Root != after.Root {
		return nil, lost
	}
	return c, nil
}

// Newest is the checkpoint kept last of the trail; nil when there is none.
func (s *Service) Newest(ctx context.Context, platform qms.ID) (*Checkpoint, error) {
	var c *Checkpoint
	err := s.db.View(ctx, qms.ReadTrail.On(platform), func(r store.Reader) (err error) {
		c, err = newestOf(ctx, r, trail.LogOf(platform))
		return err
	})
	return c, err
}
