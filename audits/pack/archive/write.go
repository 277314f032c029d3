package archive

import (
	"context"
	"fmt"
	"io"
	"os"

	"maillon/qms/trail"
)

// Write writes the archive as a ZIP, signed with key. It fails, before it writes anything, when a file
// is missing or is not what its digest says.
func Write(ctx context.Context, w io.Writer, c *Contents, key trail.Key, progress Progress) error {
	progress = progress.OrNone()
	sources, err := sourcesOf(c, key)
	if err != nil {
		return err
	}
	for i := range sources {
		progress(StepFiles, i, len(sources))
		if err := sources[i].measure(ctx); err != nil {
			return err
		}
	}
	head, err := bind(c, key, sources)
	if err != nil {
		return err
	}
	return writeZip(ctx, w, append(head, sources...), stampOf(c.GeneratedAt), progress)
}

// sourcesOf lists the entries but the manifest and its signature.
func sourcesOf(c *Contents, key trail.Key) ([]source, error) {
	NameFiles(c.Files)
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
		{entry: entry{name: pdfName}, line: fileLine{Name: pdfName}, known: c.Measured, open: c.PDF},
		{entry: entry{name: factsName}, line: fileLine{Name: factsName},
			open: func(context.Context) (io.ReadCloser, error) { return os.Open(c.Facts.file) }},
	}
	for _, f := range c.Files {
		sources = append(sources, source{entry: entry{name: f.Entry}, digest: f.SHA256, known: f.Measured, open: f.Open,
			line: fileLine{Name: f.Entry, Code: f.Code, Version: f.Version, Record: f.Record, Original: f.Name}})
	}
	return sources, nil
}

// bind makes the manifest of the sources and the signature that ties it to the checkpoint.
func bind(c *Contents, key trail.Key, sources []source) ([]source, error) {
	m := manifest{Format: format, Number: c.Number, Platform: c.Platform, AsOf: c.AsOf,
		GeneratedAt: c.GeneratedAt.UTC(), Language: c.Language, Facts: c.Facts.count, Sections: c.Sections,
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
