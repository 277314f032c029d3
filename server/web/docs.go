package web

import (
	"maillon/audits/pack/archive"
	"maillon/qms"
)

// docPages are what anybody may read to do without us.
func (s *Site) docPages() {
	s.page("/docs/pack-format", qms.Public, s.packFormat)
	s.page("/docs/verifiers/:name", qms.Public, s.verifierFile)
}

// formatView is the description of the format of a pack.
type formatView struct {
	Get   verifiersView
	HowTo string // the title of the instructions
	Ways  []archive.FormatBlock
	Intro []archive.FormatBlock
	Parts []archive.FormatPart
}

// packFormat shows how a pack is verified, and the description that README.txt of every pack ends with.
func (s *Site) packFormat(p *Page) error {
	title, parts := archive.Format(p.Lang())
	p.Title = title
	howTo, ways := archive.HowTo(p.Lang())
	return p.Render("docs_format", formatView{Get: s.verifiersView(), HowTo: howTo, Ways: ways, Intro: parts[0].Blocks, Parts: parts[1:]})
}
