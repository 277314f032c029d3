package trace

import (
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

func TestLives_AgreeWithTheListAndTheSheetOfEachDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, lead := furnished(t, db), storetest.As(qms.QualityLead, platform)
		e := s.equipment
		must(s.RecordEvent(lead, RecordEvent{Platform: platform, Equipment: e.ID, Kind: Breakdown, Date: day("2026-03-03"), Description: "Le laser ne démarre plus"}))(t)
		must(s.RecordEvent(lead, RecordEvent{Platform: platform, Equipment: e.ID, Kind: Move, Date: day("2026-04-01"), Description: "Travaux", Place: "Salle 2"}))(t)
		must(s.RecordCalibration(lead, RecordCalibration{Platform: platform, Equipment: e.ID, Date: day("2026-02-02"), Months: 12, Outcome: Conforming, Certificate: "CE-1"}))(t)
		gone := must(s.RecordCalibration(lead, RecordCalibration{Platform: platform, Equipment: e.ID, Date: day("2026-02-03"), Months: 12, Outcome: Conforming}))(t)
		must(s.VoidCalibration(lead, Target{Platform: platform, ID: gone.ID, Revision: gone.Revision, Reason: "En double"}))(t)
		must(s.AddDataSet(lead, AddDataSet{Platform: platform, Equipment: e.ID, Name: "Images", Stored: "Serveur", Date: day("2026-02-10")}))(t)
		must(s.AddEquipment(lead, AddEquipment{Platform: platform, Code: "EQ-9", Name: "Plus tard", Holding: Holding{Acquired: day("2026-05-05")}}))(t)
		for _, on := range []string{"2026-01-31", "2026-02-15", "2026-03-15", "2026-04-15", "2026-06-01"} {
			var lives []PieceLife
			if err := db.View(lead, qms.ReadTrace.On(platform), func(r store.Reader) (err error) {
				lives, err = s.LivesIn(t.Context(), r, platform, day(on))
				return err
			}); err != nil {
				t.Fatal(err)
			}
			told := map[string]PieceLife{}
			for _, l := range lives {
				told[l.Equipment.Code] = l
			}
			if _, there := told["EQ-9"]; there != (day(on) >= day("2026-05-05")) {
				t.Errorf("on %s equipment acquired in May is told: %t", on, there)
			}
			page, _, err := s.EquipmentList(lead, platform, EquipmentFilter{AsOf: day(on)}, qms.Cursor{})
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range page.Items {
				l, there := told[line.Equipment.Code]
				if there && (l.Status != line.Status || l.Calibration != line.Calibration || l.Equipment.Place != line.Equipment.Place || l.Trained != line.Trained) {
					t.Errorf("on %s %s: told %s %+v %q %d, listed %s %+v %q %d", on, line.Equipment.Code, l.Status, l.Calibration, l.Equipment.Place, l.Trained,
						line.Status, line.Calibration, line.Equipment.Place, line.Trained)
				}
			}
			sheet, err := s.LifeSheet(lead, platform, e.Code, day(on), qms.Cursor{})
			if err != nil {
				t.Fatal(err)
			}
			counts := 0
			for _, entry := range sheet.Entries.Items {
				if entry.Void() == "" {
					counts++
				}
			}
			if l := told[e.Code]; len(l.Entries) != counts || len(l.Data) != len(sheet.Piece.Life.Data) {
				t.Errorf("on %s: %d entries and %d data sets told, the sheet has %d and %d", on, len(l.Entries), len(l.Data), counts, len(sheet.Piece.Life.Data))
			}
		}
	})
}
