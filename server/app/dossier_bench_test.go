package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// BenchmarkDossier is the page of a dossier and its answer as JSON, each beside a bare handler that
// returns the same bytes and beside one that makes one indexed read before.
func BenchmarkDossier(b *testing.B) {
	house, err := Open(b.Context(), Settings{Data: b.TempDir(), Origin: "maillon", Zone: "Europe/Paris"}, Options{People: people.Options{Hash: &cheap}})
	if err != nil {
		b.Fatal(err)
	}
	defer house.Close()
	ctx := qms.WithActor(b.Context(), qms.System("bench"))
	platform, err := house.People.AddPlatform(ctx, people.AddPlatform{Code: "PLT", Name: "Plateforme"})
	if err != nil {
		b.Fatal(err)
	}
	token, err := benchReader(ctx, house, platform.ID)
	if err == nil {
		err = benchChains(ctx, house, platform.ID, 1000)
	}
	if err != nil {
		b.Fatal(err)
	}
	app, err := house.Application(false)
	if err != nil {
		b.Fatal(err)
	}
	for name, path := range map[string]string{"page": "/p/PLT/services/DEM-2024-0500", "api": "/api/v1/platforms/PLT/services/DEM-2024-0500"} {
		body := askBytes(b, app, path, token)
		bare := fiber.New()
		bare.Get("/bare", func(c *fiber.Ctx) error { return c.Send(body) })
		bare.Get("/read", func(c *fiber.Ctx) error {
			err := house.DB.View(ctx, qms.ReadTrace.On(platform.ID), func(r store.Reader) error {
				rows, err := r.Query(ctx, "SELECT subject FROM requests WHERE platform = ? AND number = ?", platform.ID, "DEM-2024-0500")
				if err != nil {
					return err
				}
				defer rows.Close()
				rows.Next()
				return rows.Err()
			})
			if err != nil {
				return err
			}
			return c.Send(body)
		})
		b.Run(name, func(b *testing.B) { repeat(b, app, path, token) })
		b.Run(name+"/one read", func(b *testing.B) { repeat(b, bare, "/read", token) })
		b.Run(name+"/bare", func(b *testing.B) { repeat(b, bare, "/bare", token) })
	}
}

func repeat(b *testing.B, app *fiber.App, path, token string) {
	b.ReportAllocs()
	for b.Loop() {
		askBytes(b, app, path, token)
	}
}

func askBytes(b *testing.B, app *fiber.App, path, token string) []byte {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := app.Test(r, -1)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		b.Fatalf("%s: %d %v", path, response.StatusCode, err)
	}
	return body
}

// benchReader makes a member of the platform and returns a token of theirs.
func benchReader(ctx context.Context, h *House, platform qms.ID) (string, error) {
	const email, password = "agent01@plateforme.example", "une phrase de passe"
	if _, err := h.People.AddUser(ctx, people.AddUser{Email: email, Name: "Agent 01", Role: qms.Member, Platform: platform, Password: password}); err != nil {
		return "", err
	}
	opened, err := h.People.SignIn(ctx, people.SignIn{Email: email, Password: password, Address: email})
	if err != nil {
		return "", err
	}
	return opened.Token, nil
}

// benchChains makes so many complete services.
func benchChains(ctx context.Context, h *House, platform qms.ID, n int) error {
	day := qms.MustDate("2024-03-01")
	batch := trace.Registers{Equipment: []trace.EquipmentRow{{Code: "EQ-1", Name: "Microscope"}}}
	for i := range n {
		no := func(prefix string) string { return fmt.Sprintf("%s-2024-%04d", prefix, i+1) }
		batch.Requests = append(batch.Requests, trace.RequestRow{Number: no("DEM"), Date: day, Client: "Client 01", ClientStatus: "academic", Subject: "Analyse"})
		batch.Quotes = append(batch.Quotes, trace.QuoteRow{Number: no("DEV"), Request: no("DEM"), Date: day, AcceptedOn: day, Total: 100})
		batch.Reports = append(batch.Reports, trace.ReportRow{Number: no("RAP"), Request: no("DEM"), Date: day, AnalysedOn: day, Operator: "P1", Equipment: "EQ-1", Instruction: "MO-1", InstructionVersion: "1.0"})
		batch.Invoices = append(batch.Invoices, trace.InvoiceRow{Number: no("FAC"), Request: no("DEM"), Quote: no("DEV"), Date: day, Total: 100})
	}
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(platform), Platform: platform}
	err := h.DB.Change(ctx, act, func(tx *store.Tx) error {
		if _, err := people.TakeMembers(ctx, tx, []people.MemberRow{{Code: "P1", Name: "Agent 02"}}); err != nil {
			return err
		}
		_, err := h.Trace.TakeRegisters(ctx, tx, batch)
		return err
	})
	if err != nil {
		return err
	}
	r, err := h.Trace.Request(ctx, platform, "DEM-2024-0500")
	if err != nil {
		return err
	}
	f, err := h.Trace.Receive(ctx, platform, "demande.txt", strings.NewReader("demande"))
	if err == nil {
		_, err = h.Trace.AddEvidence(ctx, trace.AddEvidence{Platform: platform, Kind: trace.OfRequest, Subject: r.ID, File: f})
	}
	return err
}
