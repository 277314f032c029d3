package web

import (
	"encoding/json"
	"strings"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/server/journal"
)

// RowView is a page of what the trail holds of one record, oldest first.
type RowView struct {
	Row     qms.ID
	Table   string
	Called  string // by people: its code, number or name
	Changed []journal.Line
	Next    string
}

func (s *Site) journalOfRow(p *Page) error {
	id, err := p.ID("row")
	if err != nil {
		return err
	}
	if p.Exported() || p.Printed() {
		return s.exportRow(p, id)
	}
	view, err := s.rowView(p, id, p.Cursor())
	if err != nil {
		return err
	}
	p.inJournal(strings.TrimSpace(p.Table(view.Table) + " " + view.Called))
	return p.Render("journal_row", view)
}

func (s *Site) rowView(p *Page, id qms.ID, c qms.Cursor) (view RowView, err error) {
	page, err := s.Trail.HistoryPage(p.Context(), p.platformID(), id, c)
	if err != nil {
		return view, err
	}
	reader, err := s.journalReader(p, page.Items)
	return RowView{id, page.Items[0].Table, reader.Names.Latest(id), reader.Lines(page.Items), page.Next}, err
}

// proofFile is the proof of one record as it is downloaded: what is needed to check it elsewhere.
type proofFile struct {
	Checkpoint  string            `json:"checkpoint"`  // the signed note
	Verifier    string            `json:"verifier"`    // the public key
	Fingerprint string            `json:"fingerprint"` // of the checkpoint, to be compared by eye
	Facts       []json.RawMessage `json:"facts"`       // as packs carry them
}

// downloadProof hands out what proves the latest change of a record, with the checkpoint it leads to.
func (s *Site) downloadProof(p *Page) error {
	id, err := p.ID("row")
	if err != nil {
		return err
	}
	proof, err := s.Trail.RowProof(p.Context(), p.platformID(), id)
	if err != nil {
		return err
	}
	out := proofFile{Checkpoint: string(proof.Note), Verifier: proof.Verifier, Fingerprint: proof.Fingerprint()}
	for _, fact := range proof.Facts {
		text, err := json.Marshal(fact)
		if err != nil {
			return err
		}
		out.Facts = append(out.Facts, text)
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	p.site.secureHeaders(p.c)
	p.Ctx().Attachment("proof-" + string(id) + ".json")
	p.Ctx().Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return p.Ctx().Send(text)
}
