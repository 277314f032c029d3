package pack

import (
	"slices"
	"strconv"
)

// drawing is one section of a pack: "pack.section.KEY" is its title, draw sets its pages. draw begins with
// paper.opens, so that sections follow each other whichever were chosen.
type drawing struct {
	key  string
	draw func(p *paper, c *Contents)
}

// always is the key of the section that every pack has. The two after it follow from the files.
const (
	always   = "proof"
	attached = "attachments"
	follows  = "renditions"
)

// everyPart lists all sections, in their order.
func everyPart() []drawing {
	return []drawing{
		{"platform", (*paper).platform},
		{"label", panels("label", false)},
		{"organisation", (*paper).organisation},
		{"matrix", (*paper).matrix},
		{"processes", (*paper).processes},
		{"documents", (*paper).documents},
		{"in-force", panels("in-force", true)},
		{"changes", panels("changes", false)},
		{"links", (*paper).linksBetween},
		{"services", (*paper).services},
		{"dossiers", panels("dossiers", false)},
		{"uses", (*paper).uses},
		{"equipment", panels("equipment", false)},
		{"impacts", panels("impacts", false)},
		{"data", panels("data", true)},
		{"exercise", (*paper).exercise},
		{"assessment", panels("assessment", true)},
		{"sessions", panels("sessions", false)},
		{"due", panels("due", false)},
		{"signatures", panels("signatures", true)},
		{"journal", (*paper).journal},
		{attached, (*paper).attachments},
		{always, (*paper).proof},
		{follows, (*paper).renditions},
	}
}

// Sections lists the keys of the sections that may be chosen, in their order.
func Sections() []string {
	var keys []string
	for _, s := range everyPart() {
		if s.key != always && s.key != attached && s.key != follows {
			keys = append(keys, s.key)
		}
	}
	return keys
}

// Holds reports whether the section was chosen. Where nothing was chosen, the pack has all.
func (c *Contents) Holds(key string) bool {
	switch key {
	case always:
		return true
	case attached:
		return len(c.Files) > 0
	case follows:
		return c.Renditions != nil
	}
	return len(c.Sections) == 0 || slices.Contains(c.Sections, key)
}

func (c *Contents) chosen() []drawing {
	return slices.DeleteFunc(everyPart(), func(s drawing) bool { return !c.Holds(s.key) })
}

// opens begins a section on a page of its own, on its side when wide. Its heading keeps with what
// follows for that many millimetres.
func (p *paper) opens(key string, wide bool, follow float64) {
	p.turn(wide)
	p.begins(key, follow)
}

// begins sets the heading of a section where the pen stands.
func (p *paper) begins(key string, follow float64) {
	shared := p.y > p.top()
	p.heading(0, p.numbered(p.parts[key], "pack.section."+key), follow)
	last := &p.done[len(p.done)-1]
	last.key, last.shared = key, shared && last.page == p.PDF.PageNo()
}

func (p *paper) numbered(n int, key string) string {
	return strconv.Itoa(n) + ". " + p.say.T(key)
}
