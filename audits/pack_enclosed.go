package audits

import (
	"cmp"
	"context"
	"io"
	"os"
	"slices"

	"maillon/audits/pack"
	"maillon/audits/pack/archive"
	"maillon/documents"
	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/aside"
	"maillon/qms/store"
)

// Registers writes the registers of a platform as of a day, in the language, within a transaction of the
// caller's: create gives the file of that name.
type Registers interface {
	WriteRegisters(ctx context.Context, r store.Reader, platform qms.ID, asOf qms.Date, language string, create func(name string) (io.WriteCloser, error)) error
}

// files lists the versions in force, their files as given and as printed; they are read when the archive
// is written.
func (g *gathering) files(ctx context.Context) error {
	inForce, byID, err := documents.InForceIn(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return err
	}
	slices.SortStableFunc(inForce, func(a, b documents.Entry) int { return cmp.Compare(byID[a.Document].Code, byID[b.Document].Code) })
	printed, err := documents.RenditionsIn(ctx, g.r, inForce, g.asOf)
	if err != nil {
		return err
	}
	g.c.Renditions = []pack.Rendition{} // also of a platform without any: the section says so
	for _, v := range inForce {
		g.shown(v.ID)
		d, number := byID[v.Document], v.Number().String()
		one := pack.Rendition{Code: d.Code, Title: d.Title, Version: number, File: -1, Given: -1}
		switch {
		case !v.HasContent():
			one.Why = g.say.T("pack.rendition_no_content")
		case v.EliminatedOn(g.r.Today()):
			one.Why = g.say.T("pack.rendition_eliminated", v.DisposedOn)
		default:
			one.Given = g.enclose(pack.File{Code: d.Code, Version: number, Name: v.FileName, Size: v.Size, SHA256: v.Content}, v.Content)
			g.printed(&one, printed[v.ID])
		}
		g.c.Renditions = append(g.c.Renditions, one)
	}
	return nil
}

// printed adds the printable form, or says why there is none.
func (g *gathering) printed(one *pack.Rendition, r *documents.Rendition) {
	switch {
	case r == nil || r.State == documents.RenditionPending:
		one.Why = g.say.T("pack.rendition_missing")
	case r.State != documents.RenditionDone:
		if one.Why = g.say.T("pack.rendition_missing"); r.Fault() != nil {
			one.Why = g.say.Error(r.Fault())
		}
	default:
		g.shown(r.ID)
		one.Pages = int(r.Pages)
		one.File = g.enclose(pack.File{Folder: archive.Renditions, Code: one.Code, Version: one.Version, Name: one.Title + ".pdf",
			Size: r.Size, SHA256: r.Content}, r.Content)
	}
}

// enclose adds a file of the vault, and returns its index.
func (g *gathering) enclose(f pack.File, content vault.Digest) int {
	f.Open = g.s.opener(content, calledIn(f))
	g.c.Files = append(g.c.Files, f)
	return len(g.c.Files) - 1
}

// registers writes the registers into temporary files, which are gone with the contents.
func (g *gathering) registers(ctx context.Context) error {
	if g.s.registers == nil {
		return nil
	}
	return g.s.registers.WriteRegisters(ctx, g.r, g.platform, g.asOf, g.say.Lang(), func(name string) (io.WriteCloser, error) {
		file, err := aside.File("register")
		if err != nil {
			return nil, err
		}
		g.c.Aside = append(g.c.Aside, file.Name())
		g.c.Files = append(g.c.Files, pack.File{Folder: archive.Registers, Name: name,
			Open: func(context.Context) (io.ReadCloser, error) { return os.Open(file.Name()) }})
		return &registerFile{file, archive.NewMeter(), g.c, len(g.c.Files) - 1}, nil
	})
}

// registerFile is a temporary file that is measured while it is written. It has no way to write but Write:
// those of a file, for strings and from readers, would go past the meter.
type registerFile struct {
	file  *os.File
	meter *archive.Meter
	c     *pack.Contents
	index int
}

func (r *registerFile) Write(p []byte) (int, error) {
	n, err := r.file.Write(p)
	_, _ = r.meter.Write(p[:n]) // it cannot fail
	return n, err
}

func (r *registerFile) Close() error {
	f := &r.c.Files[r.index]
	f.Measured = r.meter.Measured()
	f.Size, f.SHA256 = f.Measured.Size, f.Measured.SHA256
	return r.file.Close()
}
