package pack

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"maillon/qms/trail"
)

// Step names what is being done while a pack is made; pack.step.STEP says it.
type Step string

// The steps, in their order.
const (
	StepFacts Step = "facts" // drawing proofs from the trail
	StepPrint Step = "print" // setting the pages
	StepFiles Step = "files" // reading files and checking their digests
	StepWrite Step = "write" // writing the archive
)

// Progress is told of a step and, when known, how much of it is done. It must return at once.
type Progress func(step Step, done, total int)

func (p Progress) orNone() Progress {
	if p == nil {
		return func(Step, int, int) {}
	}
	return p
}

// source is an entry and where its content comes from. It is opened twice: to take its digest, which
// the headers and the manifest need first, and to be written.
type source struct {
	entry
	digest [sha256.Size]byte
	line   fileLine
	open   func(ctx context.Context) (io.ReadCloser, error)
}

// Draft is a pack whose facts have been drawn, so that the trail is not needed any more.
type Draft struct {
	contents *Contents
	spool    string
	facts    int64
}

// Prepare draws the facts into a temporary file, which Close removes; nothing else of unbounded size
// is kept. Contents.Facts may read from a transaction that ends before Draft.Write is called.
func Prepare(ctx context.Context, c *Contents, progress Progress) (_ *Draft, err error) {
	spool, err := os.CreateTemp("", "maillon-facts-*")
	if err != nil {
		return nil, fmt.Errorf("spool facts: %w", err)
	}
	d := &Draft{contents: c, spool: spool.Name()}
	buffered := bufio.NewWriter(spool)
	d.facts, err = writeFacts(ctx, buffered, c, progress.orNone())
	if err = errors.Join(err, buffered.Flush(), spool.Close()); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close removes the temporary file.
func (d *Draft) Close() error { return os.Remove(d.spool) }

// Write writes the pack as a ZIP, signed with key. It fails, before it writes anything, when a file is
// missing or is not what its digest says.
func (d *Draft) Write(ctx context.Context, w io.Writer, key trail.Key, progress Progress) error {
	progress = progress.orNone()
	progress(StepPrint, 0, 0)
	pdf, err := Print(d.contents)
	if err != nil {
		return err
	}
	sources, err := sourcesOf(d.contents, key, pdf, d.spool)
	if err != nil {
		return err
	}
	for i := range sources {
		progress(StepFiles, i, len(sources))
		if err := sources[i].measure(ctx); err != nil {
			return err
		}
	}
	head, err := bind(d.contents, key, d.facts, sources)
	if err != nil {
		return err
	}
	return writeZip(ctx, w, append(head, sources...), stampOf(d.contents.GeneratedAt), progress)
}

// Write is Prepare and Draft.Write for facts that stay readable.
func Write(ctx context.Context, w io.Writer, c *Contents, key trail.Key, progress Progress) (err error) {
	d, err := Prepare(ctx, c, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Write(ctx, w, key, progress)
}

// writeFacts writes one fact a line and counts them.
func writeFacts(ctx context.Context, w io.Writer, c *Contents, progress Progress) (int64, error) {
	count := int64(0)
	if c.Facts == nil {
		return 0, nil
	}
	for fact, err := range c.Facts {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return 0, fmt.Errorf("prove facts: %w", err)
		}
		line, err := json.Marshal(fact)
		if err != nil {
			return 0, fmt.Errorf("write fact %d: %w", count+1, err)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return 0, fmt.Errorf("spool facts: %w", err)
		}
		if count++; count%100 == 0 {
			progress(StepFacts, int(count), 0)
		}
	}
	return count, nil
}

// sourcesOf lists the entries but the manifest and its signature.
func sourcesOf(c *Contents, key trail.Key, pdf []byte, factsPath string) ([]source, error) {
	note, err := trail.Sign(key, c.Checkpoint)
	if err != nil {
		return nil, err
	}
	readme, err := readme(c, key)
	if err != nil {
		return nil, err
	}
	sources := []source{
		inMemory(checkpointName, note),
		inMemory(keyName, []byte(key.Verifier()+"\n")),
		inMemory(readmeName, readme),
		inMemory(pdfName, pdf),
		{entry: entry{name: factsName}, line: fileLine{Name: factsName},
			open: func(context.Context) (io.ReadCloser, error) { return os.Open(factsPath) }},
	}
	taken := map[string]bool{}
	for _, f := range c.Files {
		name := fileName(f, taken)
		sources = append(sources, source{entry: entry{name: name}, digest: f.SHA256, open: f.Open,
			line: fileLine{Name: name, Code: f.Code, Version: f.Version, Original: f.Name}})
	}
	return sources, nil
}

func inMemory(name string, data []byte) source {
	return source{entry: entry{name: name}, line: fileLine{Name: name},
		open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// measure reads the content once: size, checksum, digest. A digest stated beforehand must be right.
func (s *source) measure(ctx context.Context) error {
	r, err := s.open(ctx)
	if err != nil {
		return fmt.Errorf("open %s: %w", s.name, err)
	}
	defer r.Close()
	digest, crc := sha256.New(), crc32.NewIEEE()
	if s.size, err = io.Copy(io.MultiWriter(digest, crc), reader{ctx, r}); err != nil {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	var sum [sha256.Size]byte
	digest.Sum(sum[:0])
	if s.digest != ([sha256.Size]byte{}) && s.digest != sum {
		return fmt.Errorf("read %s: the content is not the one of its digest", s.name)
	}
	s.digest, s.crc = sum, crc.Sum32()
	s.line.Size, s.line.SHA256 = s.size, hex.EncodeToString(sum[:])
	return nil
}

// reader ends when the context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// bind makes the manifest of the sources and the signature that ties it to the checkpoint.
func bind(c *Contents, key trail.Key, facts int64, sources []source) ([]source, error) {
	m := manifest{Format: format, Number: c.Number, Platform: platformLine{c.Platform.Code, c.Platform.Name}, AsOf: c.AsOf,
		GeneratedAt: c.GeneratedAt.UTC(), Language: c.Language, Facts: facts,
		Checkpoint: lineOf(c.Checkpoint)}
	for _, p := range c.Earlier {
		m.Earlier = append(m.Earlier, earlierLine{Number: p.Number, Checkpoint: lineOf(p.Checkpoint), Proof: p.Proof})
	}
	for _, s := range sources {
		m.Files = append(m.Files, s.line)
	}
	data, err := m.encode()
	if err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	signed, err := key.SignText(statement(data, c.Checkpoint))
	if err != nil {
		return nil, err
	}
	head := []source{inMemory(manifestName, data), inMemory(signatureName, signed)}
	for i := range head {
		if err := head[i].measure(context.Background()); err != nil {
			return nil, err
		}
	}
	return head, nil
}

func writeZip(ctx context.Context, w io.Writer, sources []source, s stamp, progress Progress) error {
	entries := make([]entry, len(sources))
	for i := range sources {
		entries[i] = sources[i].entry
	}
	at := place(entries, s)
	for i := range sources {
		progress(StepWrite, i, len(sources))
		if _, err := w.Write(entries[i].local(s)); err != nil {
			return fmt.Errorf("write pack: %w", err)
		}
		if err := sources[i].copyTo(ctx, w); err != nil {
			return err
		}
	}
	if _, err := w.Write(directory(entries, at, s)); err != nil {
		return fmt.Errorf("write pack: %w", err)
	}
	return nil
}

// copyTo writes the content again, which must not have changed since it was measured.
func (s *source) copyTo(ctx context.Context, w io.Writer) error {
	r, err := s.open(ctx)
	if err != nil {
		return fmt.Errorf("open %s: %w", s.name, err)
	}
	defer r.Close()
	crc := crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(w, crc), reader{ctx, r})
	if err != nil {
		return fmt.Errorf("write %s: %w", s.name, err)
	}
	if n != s.size || crc.Sum32() != s.crc {
		return fmt.Errorf("write %s: the content changed meanwhile", s.name)
	}
	return nil
}
