package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/trail"
)

// sample fills a pack of a platform with a life: n services, of which about half are broken.
func sample(t testing.TB, lang string, n int) *Contents {
	t.Helper()
	c := &Contents{
		Language: lang, Number: "PACK-2026-001",
		Platform:    Platform{Code: "MIC", Name: "Plateforme de microscopie et d’imagerie à l’échelle nanométrique"},
		AsOf:        qms.MustDate("2026-06-30"),
		GeneratedAt: time.Date(2026, 6, 30, 10, 0, 0, 0, time.UTC), GeneratedBy: "Agent 01",
	}
	for i := range 9 {
		m := Member{Code: fmt.Sprintf("P%02d", i+1), Name: fmt.Sprintf("Agent %02d", i+1), Roles: []qms.Role{qms.Member}, Trainer: i%3 == 0, From: qms.MustDate("2022-01-03")}
		if i == 0 {
			m.Roles = []qms.Role{qms.Manager, qms.QualityLead}
		}
		c.Platform.Members = append(c.Platform.Members, m)
	}
	sampleDocuments(c)
	sampleServices(c, n)
	sampleSkills(c)
	sampleExercises(c)
	sampleTrail(t, c)
	return c
}

func sampleDocuments(c *Contents) {
	states := []string{"effective", "effective", "effective", "in-review", "draft", "approved", "withdrawn", "superseded"}
	titles := []string{"Réception et enregistrement d’une demande", "Étalonnage des microscopes confocaux et vérification périodique de leur résolution",
		"Politique qualité", "Fiche de non-conformité", "Préparation des échantillons biologiques avant observation en cryomicroscopie électronique à transmission"}
	for i := range 60 {
		d := Document{Code: fmt.Sprintf("PR-ACH-%03d", i+1), Title: titles[i%5], Kind: "Procédure", Process: "ACH", Version: fmt.Sprintf("%d.0", 1+i%4),
			State: states[i%8], Effective: qms.MustDate("2025-03-01").AddDays(i), NextReview: qms.MustDate("2027-03-01").AddDays(i), Owner: "Agent 02", NoContent: i%7 == 3}
		if i%20 == 11 {
			d.Version, d.State, d.Effective = "", "", 0
		}
		c.Documents = append(c.Documents, d)
	}
	for i := range 3 {
		c.Later = append(c.Later, Document{Code: fmt.Sprintf("FO-LAT-%03d", i+1), Title: "Formulaire", Kind: "Formulaire", Version: "1.0", State: "effective", Effective: c.AsOf.AddDays(10)})
	}
	c.Links.Total, c.Links.Suggested = 214, 12
	for i, problem := range []string{"unknown", "superseded", "withdrawn", "unknown", "unknown"} {
		c.Links.Wrong = append(c.Links.Wrong, Link{From: fmt.Sprintf("PR-ACH-%03d", i+1), Version: "2.0", To: fmt.Sprintf("FO-ACH-%03d", 90+i), Basis: "code", Problem: problem,
			Context: "…le formulaire est rempli par le demandeur, puis transmis au référent qualité qui l’archive…"})
	}
}

func sampleServices(c *Contents, n int) {
	for i := range n {
		s := Service{Number: fmt.Sprintf("DEM-%d-%04d", 2022+i*5/max(n, 1), i+1), Date: qms.MustDate("2022-01-10").AddDays(i * 1600 / max(n, 1)), Client: fmt.Sprintf("Client %02d", i%40),
			Subject: "Caractérisation de couches minces par microscopie à force atomique", State: "complete",
			Quotes:   []Stage{{Number: fmt.Sprintf("DEV-2022-%04d", i+1), Date: qms.MustDate("2022-01-20"), State: "accepted", Amount: 125050}},
			Reports:  []Stage{{Number: fmt.Sprintf("RAP-2022-%04d", i+1), Date: qms.MustDate("2022-02-20")}},
			Invoices: []Stage{{Number: fmt.Sprintf("FAC-2022-%04d", i+1), Date: qms.MustDate("2022-03-20"), Amount: 125050}}}
		switch i % 4 {
		case 1:
			s.State, s.Findings = "broken", []Finding{{Check: "S05", Detail: "1 250,50 € facturés, 1 300,00 € acceptés"}, {Check: "S08", Record: s.Reports[0].Number, Detail: "Agent 07 sur EQ-005"}}
		case 2:
			s.State, s.Invoices, s.Missing, s.Findings = "broken", nil, []string{"invoice"}, []Finding{{Check: "S03"}}
		case 3:
			s.State, s.Reports, s.Invoices, s.Missing = "open", nil, nil, []string{"report", "invoice"}
			s.Quotes = append(s.Quotes, Stage{Number: "DEV-2022-9999", Date: qms.MustDate("2022-01-22"), State: "refused", Amount: 99900})
		}
		c.Services = append(c.Services, s)
		c.Exercise.Chains++
		switch s.State {
		case "complete":
			c.Exercise.Complete++
		case "open":
			c.Exercise.Open++
		case "broken":
			c.Exercise.Broken++
		}
	}
	c.Dangling = []Dangling{{Number: "DEV-2022-0016", Parent: "DEM-2022-0999"}, {Number: "DEV-2022-0017", Parent: "DEM-2022-0998"}}
}

func sampleSkills(c *Contents) {
	for i := range 20 {
		c.Matrix.Equipment = append(c.Matrix.Equipment, Equipment{Code: fmt.Sprintf("EQ-%03d", i+1), Name: "Microscope confocal à balayage laser"})
	}
	states := []string{"", "valid", "expiring", "expired", "trainer", "", "valid"}
	for i := range 30 {
		person := Trainee{Code: fmt.Sprintf("P%02d", i+1), Name: fmt.Sprintf("Agent %02d", i+1)}
		for j := range 20 {
			cell := Cell{State: states[(i*7+j*3)%len(states)], Until: qms.MustDate("2026-09-30").AddDays(i)}
			if cell.State == "" || cell.State == "trainer" {
				cell.Until = 0
			}
			person.Cells = append(person.Cells, cell)
		}
		c.Matrix.People = append(c.Matrix.People, person)
	}
	c.Uses.Total = 600
	for i := range 30 {
		c.Uses.Uncovered = append(c.Uses.Uncovered, Use{Number: fmt.Sprintf("UTI-%05d", i+1), Date: qms.MustDate("2024-03-05"), Person: "Agent 07 (P07)",
			Equipment: "EQ-005 Microscope confocal", Check: fmt.Sprintf("U0%d", 1+i%3), Detail: "habilitation expirée le 31/01/2024"})
	}
	c.Exercise.Uses = c.Uses.Total
}

func sampleExercises(c *Contents) {
	for i := range 10 {
		c.Exercise.Checks = append(c.Exercise.Checks, Count{fmt.Sprintf("S%02d", i+1), i * 3 % 11})
	}
	for i := range 3 {
		c.Exercise.Checks = append(c.Exercise.Checks, Count{fmt.Sprintf("U0%d", i+1), i * 7})
	}
	digest := sha256.Sum256([]byte("population"))
	s := Sample{Number: "EXE-2026-001", Kind: "prestation", Direction: "upstream", Seed: "visite de juin", Population: 119, Digest: hex.EncodeToString(digest[:]),
		Found: 22, Expected: 24, Verdict: "remarks", Remark: "Une attestation est à demander.", Evaluator: "Agent 40", Concluded: time.Date(2026, 6, 12, 14, 0, 0, 0, time.UTC)}
	for i := range 4 {
		s.Items = append(s.Items, SampleItem{Number: fmt.Sprintf("FAC-2025-%03d", i+11), Found: 5, Expected: 6, Notes: []string{"S08 : l’habilitation avait expiré"}})
	}
	c.Samples = append(c.Samples, s)
}

// content is the file of a version: enough bytes to be cut anywhere.
func content(name string, size int) []byte {
	seed := sha256.Sum256([]byte(name))
	data := make([]byte, size)
	rand.NewChaCha8(seed).Read(data)
	return data
}

func (c *Contents) attach(code, version, name string, data []byte) {
	c.Files = append(c.Files, File{Code: code, Version: version, Name: name, Size: int64(len(data)), SHA256: sha256.Sum256(data),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }})
}

const sampleLog = "0197c1b2-7d00-7000-8000-000000000001"

// sampleTrail gives the pack three files and a trail.
func sampleTrail(t testing.TB, c *Contents) {
	t.Helper()
	c.attach("PR-ACH-001", "1.0", "Réception d’une demande.docx", content("a", 3000))
	c.attach("PR-ACH-002", "2.0", "étalonnage.pdf", content("b", 5000))
	c.attach("FO-ACH-001", "1.1", "../../etc/passwd", content("c", 10))
	proveFiles(t, c)
}

// proveFiles seals a fact for each document into a trail, the first of which name the files.
func proveFiles(t testing.TB, c *Contents) {
	t.Helper()
	c.Journal.Entries = nil
	var entries [][]byte
	var proofs []trail.FactProof
	for i, d := range c.Documents {
		after := map[string]any{"code": d.Code, "title": d.Title}
		if i < len(c.Files) {
			after["content"] = hex.EncodeToString(c.Files[i].SHA256[:])
		}
		seal(t, c, &entries, &proofs, d.Code, after)
	}
	var log trail.Frontier
	var hashes []trail.Hash
	for _, e := range entries {
		hashes = append(hashes, log.Append(trail.LeafHash(e))...)
	}
	for i := range proofs {
		proof, err := trail.Inclusion(log.Size, int64(i), storedHashes(hashes))
		if err != nil {
			t.Fatal(err)
		}
		proofs[i].EntryProof = proof
	}
	c.Checkpoint = trail.Checkpoint{Origin: trail.Origin("maillon.example", sampleLog), Size: log.Size, Root: log.Root()}
	c.Journal.Total = log.Size
	continueFrom(t, c, entries, hashes)
	c.Facts = func(yield func(trail.FactProof, error) bool) {
		for _, p := range proofs {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// continueFrom says that a pack was made when a third of the trail was written.
func continueFrom(t testing.TB, c *Contents, entries [][]byte, hashes []trail.Hash) {
	t.Helper()
	var before trail.Frontier
	for _, e := range entries[:len(entries)/3] {
		before.Append(trail.LeafHash(e))
	}
	proof, err := trail.Consistency(c.Checkpoint.Size, before.Size, storedHashes(hashes))
	if err != nil {
		t.Fatal(err)
	}
	c.Earlier = []Earlier{{Number: "PACK-2025-007", Proof: proof,
		Checkpoint: trail.Checkpoint{Origin: c.Checkpoint.Origin, Size: before.Size, Root: before.Root()}}}
}

func seal(t testing.TB, c *Contents, entries *[][]byte, proofs *[]trail.FactProof, id string, after map[string]any) {
	t.Helper()
	raw, err := json.Marshal(after)
	if err != nil {
		t.Fatal(err)
	}
	change, err := trail.Change{Table: "documents", ID: qms.ID(id), After: raw}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	entry := trail.Entry{Log: sampleLog, Seq: int64(len(*entries)), At: time.Date(2026, 6, 1, 9, len(*entries), 0, 0, time.UTC), ActorName: "Agent 02",
		Act: "document.add", Reason: "reprise de l’existant", Changes: 1, Root: trail.ChangesRoot([][]byte{change})}
	encoded, err := entry.Encode()
	if err != nil {
		t.Fatal(err)
	}
	c.Journal.Entries = append([]trail.Entry{entry}, c.Journal.Entries...)
	*entries = append(*entries, encoded)
	*proofs = append(*proofs, trail.FactProof{Change: change, Entry: encoded})
}

type storedHashes []trail.Hash

func (s storedHashes) ReadHashes(indexes []int64) ([]trail.Hash, error) {
	found := make([]trail.Hash, len(indexes))
	for i, at := range indexes {
		found[i] = s[at]
	}
	return found, nil
}
