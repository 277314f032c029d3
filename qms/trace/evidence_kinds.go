package trace

import "maillon/qms"

// proved is how the subject of evidence is found: its table, and the right that adding a file takes.
type proved struct {
	table string
	right qms.Right
}

// subjects are the kinds of record to which a file can be added by itself. Kinds that are not here get
// their files within an act of their own, through Attach.
var subjects = map[EvidenceKind]proved{
	OfRequest:     {"requests", qms.WriteTrace},
	OfQuote:       {"quotes", qms.WriteTrace},
	OfReport:      {"reports", qms.WriteTrace},
	OfInvoice:     {"invoices", qms.WriteTrace},
	OfUse:         {"uses", qms.WriteTrace},
	OfEquipment:   {"equipment", qms.ManageEquipment},
	OfCalibration: {"calibrations", qms.ManageEquipment},
	OfEvent:       {"equipment_events", qms.ManageEquipment},
	OfTraining:    {"trainings", qms.ManageEquipment},
	OfSession:     {"group_sessions", qms.ManageEquipment},
	OfImpact:      {"impacts", qms.ManageEquipment},
	OfCandidacy:   {"candidacies", qms.WriteLabel},
	OfMission:     {"missions", qms.WriteLabel},
	OfOtherLabel:  {"other_labels", qms.WriteLabel},
	OfAnswer:      {"answers", qms.WriteLabel},
	OfMeeting:     {"meetings", qms.WriteLabel},
	OfDeliverable: {"deliverables", qms.WriteLabel},
}
