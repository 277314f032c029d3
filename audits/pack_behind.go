package audits

import (
	"context"
	"maps"
	"slices"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/trace"
)

// behindReports leads, for each link of an item of a service, to where the pack tells of what the analyses
// rested on: those of the report that was drawn, else of all of the service.
func (g *gathering) behindReports(drawn string, reports []trace.Report, pieces map[qms.ID]trace.Equipment, trainings []trace.Training) map[string][]pack.Ref {
	if i := slices.IndexFunc(reports, func(r trace.Report) bool { return r.Number == drawn }); i >= 0 {
		reports = reports[i : i+1]
	}
	refs := map[string][]pack.Ref{}
	for _, r := range reports {
		g.lead(refs, linkTraining, g.trainingRef(covering(trainings, r.Operator, r.Equipment, r.AnalysedOn)))
		g.lead(refs, linkCalibration, pack.Ref{Mark: pack.EquipmentMark(pieces[r.Equipment].Code)})
		g.lead(refs, linkInstruction, pack.Ref{Mark: pack.DocumentMark(r.Instruction)})
	}
	return refs
}

// behindUse leads to the training that covers a use, and to the life of the equipment.
func (g *gathering) behindUse(u trace.Use, e trace.Equipment, trainings []trace.Training) map[string][]pack.Ref {
	refs := map[string][]pack.Ref{}
	g.lead(refs, linkTraining, g.trainingRef(covering(trainings, u.Person, u.Equipment, u.Date)))
	g.lead(refs, linkEquipment, pack.Ref{Mark: pack.EquipmentMark(e.Code)})
	return refs
}

// trainingRef refers to the training, to nothing when there is none.
func (g *gathering) trainingRef(t *trace.Training) pack.Ref {
	if t == nil {
		return pack.Ref{}
	}
	return g.cite(t)
}

// lead adds a reference once, unless it leads to nothing.
func (g *gathering) lead(refs map[string][]pack.Ref, link string, to pack.Ref) {
	if to.Mark != "" && !slices.Contains(refs[link], to) {
		refs[link] = append(refs[link], to)
	}
}

// useFiles attaches the files of the uses that were drawn.
func (g *gathering) useFiles(ctx context.Context, uses map[string]trace.Use) error {
	var all called
	for _, number := range slices.Sorted(maps.Keys(uses)) {
		all.add(uses[number].ID, number)
	}
	return g.attachCalled(ctx, all)
}
