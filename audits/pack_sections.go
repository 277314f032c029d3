package audits

import "context"

// packSection says how the rooms fill one section of a pack; package pack has its title and draws it. read
// notes every record that it hands over by gathering.shown. What several sections need is read once: it
// begins with gathering.again.
type packSection struct {
	key  string
	read func(g *gathering, ctx context.Context) error
}

// packSections has a line for each key of pack.Sections.
func packSections() []packSection {
	return []packSection{
		{"platform", (*gathering).platformSheet},
		{"label", (*gathering).labelHistory},
		{"organisation", (*gathering).organisation},
		{"matrix", (*gathering).skills},
		{"processes", (*gathering).processes},
		{"documents", (*gathering).documents},
		{"in-force", (*gathering).inForce},
		{"changes", (*gathering).changes},
		{"links", (*gathering).links},
		{"services", (*gathering).chains},
		{"dossiers", (*gathering).dossiers},
		{"uses", (*gathering).uses},
		{"equipment", (*gathering).equipment},
		{"impacts", (*gathering).impactsSection},
		{"data", (*gathering).data},
		{"exercise", (*gathering).exercises},
		{"assessment", (*gathering).assessment},
		{"sessions", (*gathering).sessions},
		{"due", (*gathering).dues},
		{"signatures", (*gathering).signatures},
		{"journal", (*gathering).journal},
	}
}

// needed is what has to be read for the sections that were chosen, in the order of its reading.
func (g *gathering) needed(files bool) []packSection {
	list := []packSection{{"platform", (*gathering).sheet}, {"", (*gathering).head}}
	for _, s := range packSections() {
		if g.c.Holds(s.key) {
			list = append(list, s)
		}
	}
	if g.c.Holds("uses") {
		list = append(list, packSection{"uses", (*gathering).trainings}) // with those that the others refer to
	}
	if files {
		list = append(list, packSection{"renditions", (*gathering).files})
	}
	return append(list, packSection{"attachments", (*gathering).registers})
}

// again reports whether that was read before.
func (g *gathering) again(what string) bool {
	before := g.done[what]
	g.done[what] = true
	return before
}

// exercises reads the full exercise and the sampled ones.
func (g *gathering) exercises(ctx context.Context) error {
	if err := g.chains(ctx); err != nil {
		return err
	}
	if err := g.samples(ctx); err != nil {
		return err
	}
	return g.exerciseReports(ctx)
}
