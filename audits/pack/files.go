package pack

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"

	"maillon/audits/pack/archive"
	"maillon/documents/rendition/typeface"
)

// Rendition is the printable form of a version in force. Its pages follow those of the sections.
type Rendition struct {
	Code    string
	Title   string
	Version string
	Pages   int    // as many as it has; zero: none that could be bound
	Why     string // a sentence in the language of the pack: why it is not among the pages
	File    int    // index in Contents.Files of the PDF; -1: there is none
	Given   int    // index of the file as it was given; -1: there is none
}

// call notes the name of each file in the archive by its digest, the first of each, for who refers to it.
func (p *paper) call(files []File) {
	p.names = make(map[[32]byte]string, len(files))
	for _, f := range files {
		if p.names[f.SHA256] == "" && f.SHA256 != [32]byte{} {
			p.names[f.SHA256] = f.Entry
		}
	}
}

// Discard removes the temporary files; Draft.Close does it too.
func (c *Contents) Discard() error {
	var all error
	for _, name := range c.Aside {
		all = errors.Join(all, os.Remove(name))
	}
	c.Aside = nil
	return all
}

// bound is how many pages follow those of the sections.
func (c *Contents) bound() int {
	n := 0
	for _, r := range c.Renditions {
		n += r.Pages
	}
	return n
}

// attachments lists what goes with the PDF, so that paper tells of it too.
func (p *paper) attachments(c *Contents) {
	p.opens("attachments", false, 40)
	p.paragraph(p.say.T("pack.attachments_text", len(c.Files)), body)
	for _, folder := range archive.Folders() {
		var rows [][]cell
		total := int64(0)
		for _, f := range c.Files {
			if f.Folder == folder || f.Folder == "" && folder == archive.Originals {
				total += f.Size
				rows = append(rows, p.attachment(f))
			}
		}
		if len(rows) == 0 {
			continue
		}
		name := path.Clean(string(folder))
		p.heading(1, p.say.T("pack.folder."+name), 40)
		proof := "pack.folder_bound"
		if folder.Proved() {
			proof = "pack.folder_proved"
		}
		p.paragraph(p.say.T(proof, len(rows), p.say.Size(total)), note)
		p.table([]column{{title: p.say.T("pack.col.file"), width: 128}, {title: p.say.T("pack.col.record"), width: 26},
			{title: p.say.T("pack.col.size"), width: 16, right: true}}, rows)
	}
}

func (p *paper) attachment(f File) []cell {
	name := text(f.Entry)
	if f.SHA256 != [32]byte{} {
		name.below = "SHA-256 " + hex.EncodeToString(f.SHA256[:])
	}
	of := f.Record
	if f.Code != "" {
		of = f.Code + " " + f.Version
	}
	return []cell{name, text(of), text(p.say.Size(f.Size))}
}

// renditions lists the documents in force whose pages follow, and those of which none do.
func (p *paper) renditions(c *Contents) {
	p.opens("renditions", false, 40)
	p.paragraph(p.say.T("pack.renditions_text", p.say.LongDate(c.AsOf), len(c.Renditions)), body)
	if len(c.Renditions) == 0 {
		p.empty(p.say.T("pack.renditions_none"))
		return
	}
	at := p.PDF.PageNo() + 1
	if p.total > 0 {
		at = p.total - c.bound() + 1
	}
	var rows [][]cell
	var follow []section
	for _, r := range c.Renditions {
		pages := cell{text: "–", lines: []string{r.Why}}
		if r.Pages > 0 {
			follow = append(follow, section{level: 1, title: r.Code + " " + r.Title, page: at, bound: true})
			pages = text(p.pages(at, at+r.Pages-1))
			p.markBound(DocumentMark(r.Code), at)
			at += r.Pages
		}
		title := text(r.Title)
		for _, i := range []int{r.File, r.Given} {
			if i >= 0 && i < len(c.Files) {
				title.pairs = append(title.pairs, [2]string{"", c.Files[i].Entry})
			}
		}
		rows = append(rows, []cell{bold(r.Code), title, text(r.Version), pages})
	}
	p.table([]column{{title: p.say.T("pack.col.code"), width: 30}, {title: p.say.T("pack.col.title"), width: 86},
		{title: p.say.T("pack.col.version"), width: 16}, {title: p.say.T("pack.col.pages"), width: 38}}, rows)
	p.done = append(p.done, follow...)
}

// pages names the pages from one to another.
func (p *paper) pages(from, to int) string {
	if from == to {
		return fmt.Sprint(from)
	}
	return fmt.Sprintf("%d – %d", from, to)
}

// linkTo makes a line of the contents lead to a page that is not printed here: binding makes it a way
// within the file.
func (p *paper) linkTo(page int, height float64) {
	p.Use(typeface.Of("sans", 9, black))
	p.PDF.LinkString(p.left(), p.y, p.width(), height, fmt.Sprintf("#page=%d", page))
}
