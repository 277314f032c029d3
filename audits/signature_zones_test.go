package audits

import (
	"context"
	"strings"
	"testing"
	"time"

	"maillon/documents"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// signed are the signatures of the drill's platform, by what they mean; readings with them.
func (d *drill) signed() map[string]Signature {
	d.t.Helper()
	page, _, err := d.Signatures(d.lead, d.platform.ID, SignatureFilter{Readings: true}, qms.Cursor{})
	d.must(err)
	all := map[string]Signature{}
	for _, s := range page.Items {
		all[s.Meaning] = s
	}
	return all
}

func TestSignatures_NoteTheZoneOfTheSiteAndOldOnesHoldWithoutIt(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			d := openDrill(t, engine)
			d.reviewAndRead()
			for _, meaning := range []string{"authored", "verified", "approved", "reviewed", "read", "evaluation"} {
				if s := d.signed()[meaning]; s.Zone != "Europe/Paris" || s.State != SignatureHolds || s.Covers == "" || s.Name == "" {
					t.Errorf("%s: %+v", meaning, s)
				}
			}
			if said := d.packSays("signatures"); strings.Count(said, "(Europe/Paris)") != 5 { // all but the reading
				t.Errorf("the pack says %s", said)
			}
			d.exec("UPDATE signatures SET zone = NULL")
			d.exec("UPDATE exercises SET signed_zone = NULL")
			for meaning, s := range d.signed() {
				if s.Zone != "" || s.State != SignatureHolds {
					t.Errorf("%s of before zones: %+v", meaning, s)
				}
			}
			if said := d.packSays("signatures"); strings.Contains(said, "Europe/Paris") {
				t.Errorf("the pack makes a zone up: %s", said)
			}
		})
	}
}

// readerCrew are those of the round, one of them on the platform for ever.
type readerCrew struct{ roundCrew }

func (readerCrew) Holdings(_ context.Context, _ store.Reader, _ qms.ID) ([]documents.Holding, error) {
	return []documents.Holding{{Person: storetest.AgentID(4), Name: "Agent 04", Role: qms.Manager, Period: qms.Period{From: day("2020-01-01")}}}, nil
}

// reviewAndRead ends a review of the version without a change, by its approver, and has it read.
func (d *drill) reviewAndRead() {
	d.t.Helper()
	approver := storetest.AsPerson(storetest.AgentID(4), "Agent 04", qms.Grant{Role: qms.Manager, Platform: d.platform.ID})
	storetest.ClockOf(d.db).Advance(24 * time.Hour)
	docs := documents.New(d.db, d.vault, readerCrew{})
	_, err := docs.ReviewUnchanged(approver, documents.ReviewUnchanged{Platform: d.platform.ID, Version: d.version.ID})
	d.must(err)
	_, err = docs.Address(approver, documents.Address{Platform: d.platform.ID, Document: d.version.Document, Roles: []qms.Role{qms.Manager}})
	d.must(err)
	_, err = docs.Acknowledge(approver, documents.Acknowledge{Platform: d.platform.ID, Version: d.version.ID})
	d.must(err)
}

// packSays is all that a section of a pack made now tells.
func (d *drill) packSays(section string) string {
	d.t.Helper()
	var said strings.Builder
	for _, panel := range d.contents(d.db.Today().String()).Panels[section] {
		for _, row := range panel.Rows {
			for _, cell := range row {
				said.WriteString(cell.Text + " " + cell.Below + " | ")
			}
		}
	}
	return said.String()
}
