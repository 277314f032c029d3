package trace

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// The register of impacts has what each dossier listed and decided by the day, and nothing of what came after.
func TestWrite_TheRegisterOfImpactsStandsAsOfTheDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, bad := doubtful(t, db)
		lead := storetest.As(qms.QualityLead, platform)
		i, items := opened(t, s, Cause{Kind: ByCalibration, Subject: string(bad.ID)})
		storetest.ClockOf(db).Advance(24 * 3600e9)
		target := i.target()
		must(s.RecordUse(lead, RecordUse{Platform: platform, Person: "p2", Equipment: s.equipment.ID, Date: day("2026-05-01"), Minutes: 60}))(t)
		i = must(s.ExtendImpact(lead, target))(t)
		i = must(s.DecideImpact(lead, DecideImpact{Target: i.target(), Items: []qms.ID{items[0].ID}, Decision: NotAffected, Note: "sans mesure"}))(t)
		for asOf, want := range map[string][]string{
			"2026-06-29": nil,
			"2026-06-30": {"1 undecided ", "2 undecided ", "3 undecided ", "4 undecided "},
			"2026-07-01": {"1 not-affected sans mesure", "2 undecided ", "3 undecided ", "4 undecided ", "5 undecided "},
		} {
			var got []string
			count := 0
			err := db.View(lead, qms.ReadTrace.On(platform), func(r store.Reader) error {
				err := s.Write(lead, r, platform, ImpactRegister, day(asOf), func(v []any) error {
					if len(v) != len(impactFields) || v[0] != i.Number || v[1] != Word("impact-calibration") {
						t.Errorf("as of %s: %v", asOf, v)
					}
					got = append(got, fmt.Sprintf("%v %v %v", v[3], v[13], v[14]))
					return nil
				})
				if err != nil {
					return err
				}
				all, err := CountRegisters(lead, r, platform, day(asOf))
				count = all[ImpactRegister]
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" || count != len(got) {
				t.Errorf("as of %s %d are counted, -want +got:\n%s", asOf, count, diff)
			}
		}
	})
}
