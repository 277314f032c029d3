package audits

import (
	"cmp"
	"context"
	"slices"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/trace"
)

// called is records in their order, each with how people call it: its files are named by that.
type called struct {
	ids   []qms.ID
	names map[qms.ID]string
}

func (c *called) add(id qms.ID, name string) {
	if c.names == nil {
		c.names = map[qms.ID]string{}
	}
	c.ids, c.names[id] = append(c.ids, id), name
}

// attachCalled attaches the files of the records.
func (g *gathering) attachCalled(ctx context.Context, c called) error {
	return g.attachAll(ctx, c.ids, func(id qms.ID) string { return c.names[id] })
}

// followedFiles attaches what was handed out at the sessions that are told, and what was delivered.
func (g *gathering) followedFiles(ctx context.Context, f *label.Followed) error {
	var all called
	for i := range f.Meetings {
		if m := &f.Meetings[i]; g.within(m.Day) {
			all.add(m.ID, m.Number)
		}
	}
	for i := range f.Deliverables {
		if d := &f.Deliverables[i]; g.asks(d) {
			all.add(d.ID, d.Number)
		}
	}
	return g.attachCalled(ctx, all)
}

// labelFiles attaches what proves the steps to the label: letters of commitment, what evaluation missions
// left, certificates of other bodies.
func (g *gathering) labelFiles(ctx context.Context, h *label.History) error {
	var all called
	for i := range h.Facts.Candidacies {
		if c := &h.Facts.Candidacies[i]; c.Void == "" && c.ReceivedOn <= g.asOf {
			all.add(c.ID, g.say.T("pack.record_candidacy", c.ReceivedOn.String()))
		}
	}
	for i := range h.Facts.Missions {
		if m := &h.Facts.Missions[i]; m.OpenedOn <= g.asOf {
			all.add(m.ID, m.Number)
		}
	}
	for i := range h.Others {
		o := &h.Others[i]
		all.add(o.ID, cmp.Or(o.Number, o.Name, g.say.T("page.others.kind_"+string(o.Kind))))
	}
	return g.attachCalled(ctx, all)
}

// equipmentFiles attaches the files of the equipment, and of what its life sheet tells.
func (g *gathering) equipmentFiles(ctx context.Context, lives []trace.PieceLife) error {
	var all called
	for i := range lives {
		code := lives[i].Equipment.Code
		all.add(lives[i].Equipment.ID, code)
		for _, e := range g.toldOf(&lives[i]) {
			if e.Milestone == "" {
				all.add(e.ID(), code)
			}
		}
	}
	return g.attachCalled(ctx, all)
}

// trainingFiles attaches the files of trainings, and the attendance lists of the sessions that they were
// given in.
func (g *gathering) trainingFiles(ctx context.Context, told []trace.Training, pieces map[qms.ID]trace.Equipment) error {
	var all called
	sessions, err := sessionNumbers(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	for _, t := range told {
		all.add(t.ID, g.trainingCode(t, pieces))
		if t.Session != "" && all.names[t.Session] == "" {
			all.add(t.Session, sessions[t.Session])
		}
	}
	return g.attachCalled(ctx, all)
}

// trainingCode is how answers name a training: PERSON/EQUIPMENT/2026-01-05.
func (g *gathering) trainingCode(t trace.Training, pieces map[qms.ID]trace.Equipment) string {
	return cmp.Or(g.members[t.Person].Code, "-") + "/" + pieces[t.Equipment].Code + "/" + t.Date.String()
}

// filesOf are the references to the files of the records, without those that have none.
func (g *gathering) filesOf(records ...qms.ID) (all []pack.Ref) {
	for _, id := range records {
		if id != "" {
			all = slices.Concat(all, g.refs[id])
		}
	}
	return all
}
