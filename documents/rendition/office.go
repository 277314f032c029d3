package rendition

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"maillon/qms"
	"maillon/qms/aside"
)

// Options of an Office; a zero field takes its default.
type Options struct {
	Binary      string        // path of soffice; found in PATH when empty
	Timeout     time.Duration // of one conversion; 2 minutes
	MemoryBytes int64         // address space of each process of the worker; 4 GiB
	OutputBytes int64         // of all that a conversion writes, and of the PDF; MaxStamped
	InputBytes  int64         // of the file; MaxStamped
	TempDir     string        // where the process keeps files aside when empty
}

func (o Options) orDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = 2 * time.Minute
	}
	if o.MemoryBytes <= 0 {
		o.MemoryBytes = 4 << 30
	}
	if o.OutputBytes <= 0 {
		o.OutputBytes = MaxStamped
	}
	if o.InputBytes <= 0 {
		o.InputBytes = MaxStamped
	}
	return o
}

// Office converts with LibreOffice, one file at a time, each in a process of its own with a profile
// and folders of its own that are gone afterwards.
//
// What holds everywhere: macros are never run, links are not followed (the profile says both), the
// worker sees neither the environment nor the name of the file, and its output is bounded. On Linux
// also: it ends with all its children when its time is up and when this process ends, even killed, and its
// memory is limited. Where the
// kernel lets this process make namespaces (see Isolated), it has no network at all.
type Office struct {
	options  Options
	turn     chan struct{}
	modules  map[module]bool
	isolated bool
}

// module is a part of LibreOffice, each a package of its own in most systems.
type module string

// The modules, by what their filter for PDF is called.
const (
	writer  module = "writer"
	calc    module = "calc"
	impress module = "impress"
)

// libraries are the files that make a module present.
var libraries = map[module]string{writer: "libswlo.so", calc: "libsclo.so", impress: "libsdlo.so"}

// source is how files of one kind are handed to LibreOffice.
type source struct {
	module module
	suffix string // of the file as it is handed over
	filter string // that reads it; found out by LibreOffice itself when empty
	ready  func(path string, in io.Reader, o Options) error
}

const (
	hypertextFilter = "HTML (StarWriter)"
	plainFilter     = "Text (encoded):UTF8,LF,Liberation Mono,fr-FR"
)

var sources = map[string]source{
	".docx": {writer, ".docx", "", readyArchive}, ".docm": {writer, ".docm", "", readyArchive}, ".odt": {writer, ".odt", "", readyArchive},
	".xlsx": {calc, ".xlsx", "", readyArchive}, ".xlsm": {calc, ".xlsm", "", readyArchive}, ".ods": {calc, ".ods", "", readyArchive},
	".pptx": {impress, ".pptx", "", readyArchive}, ".pptm": {impress, ".pptm", "", readyArchive}, ".odp": {impress, ".odp", "", readyArchive},
	".html": {writer, ".html", hypertextFilter, readyHTML}, ".htm": {writer, ".html", hypertextFilter, readyHTML},
	".md": {writer, ".html", hypertextFilter, readyMarkdown}, ".markdown": {writer, ".html", hypertextFilter, readyMarkdown},
	".txt": {writer, ".txt", plainFilter, readyPlain},
}

// FindOffice is the path of LibreOffice on this machine, if there is one.
func FindOffice() (path string, ok bool) {
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}

// NewOffice is a converter that runs the binary of the options; qms.Invalid("rendition.no_office")
// when there is none.
func NewOffice(o Options) (*Office, error) {
	o = o.orDefaults()
	if o.Binary == "" {
		o.Binary, _ = FindOffice()
	}
	path, err := exec.LookPath(o.Binary)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", qms.Invalid("rendition.no_office", o.Binary), err)
	}
	if o.Binary, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	return &Office{options: o, turn: make(chan struct{}, 1), modules: modulesBeside(o.Binary), isolated: canIsolate()}, nil
}

// modulesBeside tells which modules are installed; all of them where that cannot be seen.
func modulesBeside(binary string) map[module]bool {
	found := map[module]bool{}
	real, err := filepath.EvalSymlinks(binary)
	for m, library := range libraries {
		if err == nil {
			_, missing := os.Stat(filepath.Join(filepath.Dir(real), library))
			found[m] = missing == nil
		}
	}
	if !found[writer] && !found[calc] && !found[impress] {
		return map[module]bool{writer: true, calc: true, impress: true}
	}
	return found
}

// Isolated reports whether the worker runs without any network.
func (o *Office) Isolated() bool { return o.isolated }

// Takes implements Converter.
func (o *Office) Takes(name string) bool {
	s, known := sources[strings.ToLower(filepath.Ext(name))]
	return known && o.modules[s.module]
}

// Convert implements Converter.
func (o *Office) Convert(ctx context.Context, name string, in io.Reader, to *os.File) error {
	name = fileName(name)
	s, known := sources[strings.ToLower(filepath.Ext(name))]
	switch {
	case !known:
		return qms.Invalid("rendition.unsupported", name)
	case !o.modules[s.module]:
		return qms.Invalid("rendition.no_module", name, "libreoffice-"+string(s.module))
	}
	select {
	case o.turn <- struct{}{}:
		defer func() { <-o.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	room, err := newRoom(o.options.TempDir)
	if err != nil {
		return fmt.Errorf("prepare the conversion: %w", err)
	}
	defer room.clear()
	document := filepath.Join(room.in, "document"+s.suffix)
	if err := s.ready(document, in, o.options); err != nil {
		return err
	}
	if err := o.run(ctx, room, o.command(room, s, document)); err != nil {
		return err
	}
	return o.take(ctx, filepath.Join(room.out, "document.pdf"), name, to)
}

func (o *Office) command(r *room, s source, document string) []string {
	args := []string{
		o.options.Binary, "--headless", "--invisible", "--nologo", "--nodefault", "--norestore", "--nolockcheck", "--nofirststartwizard",
		"-env:UserInstallation=file://" + filepath.ToSlash(r.profile),
	}
	if s.filter != "" {
		args = append(args, "--infilter="+s.filter)
	}
	return append(args, "--convert-to", "pdf:"+string(s.module)+"_pdf_Export", "--outdir", r.out, document)
}

// take checks what the worker left and copies it.
func (o *Office) take(ctx context.Context, made, name string, to *os.File) error {
	info, err := os.Lstat(made)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return fmt.Errorf("%w: no PDF: %w", qms.Invalid("rendition.not_converted", name), errOrNone(err))
	}
	if info.Size() > o.options.OutputBytes {
		return tooLarge(info.Size(), o.options.OutputBytes)
	}
	from, err := os.Open(made)
	if err != nil {
		return err
	}
	defer from.Close()
	head := make([]byte, 5)
	if _, err := io.ReadFull(from, head); err != nil || string(head) != "%PDF-" {
		return fmt.Errorf("%w: what was made is no PDF", qms.Invalid("rendition.not_converted", name))
	}
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := to.Seek(0, io.SeekStart); err != nil {
		return err
	}
	n, err := io.Copy(to, io.LimitReader(from, o.options.OutputBytes))
	if err != nil {
		return fmt.Errorf("keep the PDF: %w", err)
	}
	return to.Truncate(n)
}

func errOrNone(err error) error {
	if err == nil {
		return errBent
	}
	return err
}

// room is the folders of one conversion.
type room struct{ root, profile, in, out, home string }

func newRoom(under string) (*room, error) {
	root, err := aside.Folder(under, "office")
	if err != nil {
		return nil, err
	}
	if root, err = filepath.Abs(root); err != nil {
		return nil, err
	}
	r := &room{root, filepath.Join(root, "profile"), filepath.Join(root, "in"), filepath.Join(root, "out"), filepath.Join(root, "home")}
	for _, dir := range []string{filepath.Join(r.profile, "user"), r.in, r.out, r.home} {
		if err == nil {
			err = os.MkdirAll(dir, 0o700)
		}
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(r.profile, "user", "registrymodifications.xcu"), []byte(profile), 0o600)
	}
	if err != nil {
		r.clear()
		return nil, err
	}
	return r, nil
}

// clear removes the folders; what a dying process still writes into them is tried again.
func (r *room) clear() {
	for range 5 {
		if os.RemoveAll(r.root) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
