package trace

import (
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestPersonSheet_FlagsReportsOfAnUntrainedOperator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := furnished(t, db)
		lead := storetest.As(qms.QualityLead, platform)
		must(f.RecordRequest(lead, RecordRequest{Platform: platform, Date: day("2025-12-01"), Client: "Client 01", ClientStatus: Internal, Subject: "Lames"}))(t)
		for _, analysed := range []string{"2026-01-01", "2026-01-02"} { // the training is of the second
			must(f.RecordReport(lead, RecordReport{Platform: platform, Request: "DEM-2025-0001", Date: day("2026-01-05"), AnalysedOn: day(analysed),
				Operator: "p2", Equipment: f.equipment.ID, Instruction: "MO-1", InstructionVersion: "1.0"}))(t)
		}
		sheet := must(f.PersonSheet(lead, platform, "P02", 0))(t)
		checks := map[qms.Date]Check{}
		for _, r := range sheet.Reports {
			checks[r.AnalysedOn] = r.Check
		}
		if len(checks) != 2 || checks[day("2026-01-01")] != S08 || checks[day("2026-01-02")] != "" {
			t.Errorf("reports flagged: %v", checks)
		}
	})
}
