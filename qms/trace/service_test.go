package trace

import (
	"context"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// platform is the platform of the tests; its members and work instructions are known to members.
const platform = qms.ID("00000000-0000-7000-9000-000000000001")

// members knows people and instructions as the rooms that hold them would.
type members struct {
	people       []Person
	instructions map[string]map[string]qms.Period
}

func (m members) PeopleOf(context.Context, store.Reader, qms.ID) ([]Person, error) {
	return m.people, nil
}

func (m members) Periods(context.Context, store.Reader, qms.ID) (map[string]map[string]qms.Period, error) {
	return m.instructions, nil
}

func taken(t testing.TB, db *store.DB, s *Service, batch Registers) (counts map[Register]Taken) {
	t.Helper()
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}
	err := db.Change(storetest.As(qms.QualityLead, platform), act, func(tx *store.Tx) (err error) {
		counts, err = s.TakeRegisters(storetest.As(qms.QualityLead, platform), tx, batch)
		return err
	})
	if err != nil {
		t.Fatalf("take registers: %v", err)
	}
	return counts
}
