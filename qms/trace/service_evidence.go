package trace

import (
	"context"
	"fmt"
	"io"
	"os"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/aside"
	"maillon/qms/store"
)

// KeepIn says where evidence files are kept. Without it files are refused.
func (s *Service) KeepIn(v vault.Vault) *Service {
	s.vault = v
	return s
}

// visible drops what a name should not hold: controls, and signs that turn the direction of the text.
func visible(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// Receive puts a file into the vault, outside any act, for the act that will name it. It wants the
// right to write traces or to manage equipment. An empty file is refused (file.empty).
func (s *Service) Receive(ctx context.Context, platform qms.ID, name string, r io.Reader) (*EvidenceFile, error) {
	if actor := qms.ActorFrom(ctx); !actor.Can(qms.ManageEquipment.On(platform)) {
		if err := qms.Authorise(actor, qms.WriteTrace.On(platform)); err != nil {
			return nil, err
		}
	}
	return s.receive(ctx, name, r)
}

// receive is Receive for an act whose rights are its own.
func (s *Service) receive(ctx context.Context, name string, r io.Reader) (*EvidenceFile, error) {
	spool, err := aside.File("evidence")
	if err != nil {
		return nil, fmt.Errorf("receive file: %w", vault.WriteError(err))
	}
	defer func() {
		spool.Close()
		os.Remove(spool.Name())
	}()
	info, err := vault.Copy(ctx, spool, r)
	if err != nil {
		return nil, err
	}
	f := &EvidenceFile{Name: fileName(name), Size: info.Size, Content: info.Digest}
	if info.Size == 0 {
		return nil, qms.InvalidFields(qms.Wrong("file", "file.empty", f.Name))
	}
	media, err := mimetype.DetectReader(io.NewSectionReader(spool, 0, info.Size))
	if err != nil {
		return nil, fmt.Errorf("detect media type: %w", err)
	}
	f.MediaType = media.String()
	_, err = s.vault.Put(ctx, io.NewSectionReader(spool, 0, info.Size))
	return f, err
}

// AddEvidence adds a file to a record.
type AddEvidence struct {
	Platform qms.ID
	Kind     EvidenceKind
	Subject  qms.ID
	File     *EvidenceFile // from Receive
	Remark   string
}

// AddEvidence adds one file to a record that counts.
func (s *Service) AddEvidence(ctx context.Context, cmd AddEvidence) (*Evidence, error) {
	added, err := s.AddAllEvidence(ctx, cmd, []*EvidenceFile{cmd.File})
	if err != nil {
		return nil, err
	}
	return added[0], nil
}

// AddAllEvidence adds several files to one record in one act. The same content twice on one record is
// refused (evidence.already).
func (s *Service) AddAllEvidence(ctx context.Context, cmd AddEvidence, files []*EvidenceFile) (added []*Evidence, err error) {
	to, known := subjects[cmd.Kind]
	if !known {
		return nil, qms.NotFound("record.not_found")
	}
	act := qms.Act{Name: "evidence.add", Needs: to.right.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Subject}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		switch count, err := subjectCounts(ctx, tx, to.table, cmd.Platform, cmd.Subject); {
		case err != nil:
			return err
		case !count:
			return qms.Conflict("record.void")
		}
		if err := openStill(ctx, tx, cmd.Kind, cmd.Platform, cmd.Subject); err != nil {
			return err
		}
		for _, f := range files {
			cmd.File = f
			e, err := Attach(ctx, tx, cmd)
			if err != nil {
				return err
			}
			added = append(added, e)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return added, nil
}

// Attach adds a file within the act of the caller, who has seen to the right and to the subject: for
// acts that record something together with its file. The platform is the act's.
func Attach(ctx context.Context, tx *store.Tx, cmd AddEvidence) (*Evidence, error) {
	var in input
	remark := in.text("remark", cmd.Remark)
	if cmd.File == nil {
		in.fail("file", "evidence.file_missing")
	}
	if err := qms.InvalidFields(in.wrong...); err != nil {
		return nil, err
	}
	platform := tx.Act().Platform
	others, err := evidenceOf(ctx, tx, platform, cmd.Subject)
	if err != nil {
		return nil, err
	}
	for _, other := range others[cmd.Subject] {
		if other.Content == cmd.File.Content && other.Void == "" {
			return nil, qms.InvalidFields(qms.Wrong("file", "evidence.already", cmd.File.Name, other.Name))
		}
	}
	e := &Evidence{Row: qms.Row{ID: qms.NewID(tx.Now()), Platform: platform}, Kind: cmd.Kind, Subject: cmd.Subject, Remark: remark,
		AddedBy: tx.Actor().ID, AddedAt: tx.Now(), AddedOn: tx.Today()}
	e.file(*cmd.File)
	return e, tx.Insert(ctx, e)
}

// VoidEvidence declares a file a mistake; it stays readable and no longer proves anything. Files of
// kinds that Attach alone adds are voided by the acts of their own room.
func (s *Service) VoidEvidence(ctx context.Context, target Target) (*Evidence, error) {
	right, err := s.evidenceRight(ctx, target)
	if err != nil {
		return nil, err
	}
	return annul[Evidence](ctx, s, qms.Act{Name: "evidence.void", Needs: right.On(target.Platform)}, target)
}

// evidenceRight is the right that a change of the file takes: that of its kind of record.
func (s *Service) evidenceRight(ctx context.Context, target Target) (right qms.Right, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(target.Platform), func(r store.Reader) error {
		e, err := byID[Evidence](ctx, r, target.Platform, target.ID)
		if err != nil {
			return err
		}
		right = qms.ManageEquipment
		if to, known := subjects[e.Kind]; known {
			right = to.right
		}
		return openStill(ctx, r, e.Kind, target.Platform, e.Subject)
	})
	return right, err
}

// Evidence reads what is kept about one file; a voided one too.
func (s *Service) Evidence(ctx context.Context, platform, id qms.ID) (e *Evidence, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if e, err = byID[Evidence](ctx, r, platform, id); err == nil {
			err = e.readableBy(r.Actor())
		}
		return err
	})
	return e, err
}

// EvidenceOf lists the files of some records, each in the order in which they came, in one statement.
func (s *Service) EvidenceOf(ctx context.Context, platform qms.ID, of ...qms.ID) (files map[qms.ID][]Evidence, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		files, err = evidenceOf(ctx, r, platform, of...)
		withhold(files, r.Actor())
		return err
	})
	return files, err
}

// EvidenceIn is EvidenceOf within a transaction of the caller's, who has seen to the right to read.
func EvidenceIn(ctx context.Context, r store.Reader, platform qms.ID, of ...qms.ID) (map[qms.ID][]Evidence, error) {
	return evidenceOf(ctx, r, platform, of...)
}

// OpenEvidence reads the content of a file. Close it.
func (s *Service) OpenEvidence(ctx context.Context, platform, id qms.ID) (*Evidence, io.ReadCloser, error) {
	e, err := s.Evidence(ctx, platform, id)
	if err != nil {
		return nil, nil, err
	}
	content, err := s.vault.Open(ctx, e.Content)
	return e, content, err
}

// ContentColumns lists every column of the room that names contents of the vault.
func ContentColumns() []store.ContentColumn {
	return []store.ContentColumn{{Table: "evidences", Column: "content", Size: "size", Words: "t.name"}}
}

// Keeps reports whether evidence of any platform is the content, for the sweep of the vault.
func (s *Service) Keeps(ctx context.Context, d vault.Digest) (kept bool, err error) {
	err = s.db.View(ctx, qms.OperateSite.OnSite(), func(r store.Reader) error {
		kept, err = store.NamesContent(ctx, r, ContentColumns(), d)
		return err
	})
	return kept, err
}
