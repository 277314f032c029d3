package app

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
)

// BenchmarkTrainingStatus asks for the status of a training as a door does, beside a bare Fiber handler
// that returns the same JSON and beside one that makes one indexed read and returns it, in turns within
// one run and past the network. The metrics are the median times, in microseconds, and their ratios.
func BenchmarkTrainingStatus(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			s := openSiteOn(b, storetest.URL(storetest.Open(b, engine)))
			token, path, id := benchTrained(b, s)
			status := asker(b, s.app, path, token)
			answer := status()
			plain := fiber.New()
			plain.Get("/bare", func(c *fiber.Ctx) error { return c.Type("json").Send(answer) })
			plain.Get("/read", func(c *fiber.Ctx) error {
				if err := oneRead(c, s.DB, id); err != nil {
					return err
				}
				return c.Type("json").Send(answer)
			})
			bare, read := asker(b, plain, "/bare", ""), asker(b, plain, "/read", "")
			var took [3][]time.Duration
			for b.Loop() {
				for i, ask := range []func() []byte{bare, read, status} {
					begin := time.Now()
					ask()
					took[i] = append(took[i], time.Since(begin))
				}
			}
			var middle [3]float64
			for i := range took {
				slices.Sort(took[i])
				middle[i] = float64(took[i][len(took[i])/2].Nanoseconds()) / 1000
			}
			b.ReportMetric(middle[0], "bare-µs")
			b.ReportMetric(middle[1], "read-µs")
			b.ReportMetric(middle[2], "status-µs")
			b.ReportMetric(middle[2]/middle[1], "x-read")
			b.ReportMetric(1e6/middle[2], "status/s")
		})
	}
}

// oneRead is one indexed read of one row, in a transaction of its own.
func oneRead(c *fiber.Ctx, db *store.DB, id qms.ID) error {
	return db.View(qms.WithActor(c.UserContext(), qms.System("bench")), qms.Public.OnSite(), func(r store.Reader) error {
		rows, err := r.Query(c.UserContext(), "SELECT id, date FROM trainings WHERE id = ?", id)
		if err != nil {
			return err
		}
		defer rows.Close()
		var found qms.ID
		var day qms.Date
		for rows.Next() {
			if err := rows.Scan(&found, &day); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// asker calls the application past the network.
func asker(b *testing.B, app *fiber.App, path, token string) func() []byte {
	b.Helper()
	handler := app.Handler()
	return func() []byte {
		var request fasthttp.Request
		request.Header.SetMethod(fiber.MethodGet)
		request.SetRequestURI(path)
		request.Header.SetHost("bench")
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		var ctx fasthttp.RequestCtx
		ctx.Init(&request, nil, nil)
		handler(&ctx)
		if ctx.Response.StatusCode() != fiber.StatusOK {
			b.Fatalf("%s: %d %s", path, ctx.Response.StatusCode(), ctx.Response.Body())
		}
		return ctx.Response.Body()
	}
}

// benchTrained is a platform of 250 people on 30 pieces of equipment with 1,000 trainings.
func benchTrained(b *testing.B, s *site) (token, path string, id qms.ID) {
	b.Helper()
	p, err := s.People.AddPlatform(asSystem(b), people.AddPlatform{Code: "PLT", Name: "Plateforme"})
	if err != nil {
		b.Fatal(err)
	}
	var members []people.MemberRow
	var batch trace.Registers
	day := qms.MustDate("2024-01-02")
	for i := range 250 {
		members = append(members, people.MemberRow{Code: fmt.Sprintf("P%03d", i), Name: fmt.Sprintf("Agent %03d", i), Email: fmt.Sprintf("agent%03d@plateforme.example", i)})
	}
	for i := range 30 {
		batch.Equipment = append(batch.Equipment, trace.EquipmentRow{Code: fmt.Sprintf("EQ-%02d", i), Name: "Microscope"})
	}
	for i := range 1000 {
		batch.Trainings = append(batch.Trainings, trace.TrainingRow{Person: fmt.Sprintf("P%03d", i%250), Equipment: fmt.Sprintf("EQ-%02d", i*7%30),
			Trainer: "P001", Date: day.AddDays(i / 250), Months: 1200})
	}
	act := qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(p.ID), Platform: p.ID}
	err = s.DB.Change(asSystem(b), act, func(tx *store.Tx) error {
		if _, err := people.TakeMembers(asSystem(b), tx, members); err != nil {
			return err
		}
		_, err := s.Trace.TakeRegisters(asSystem(b), tx, batch)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	list, err := s.Trace.Trainings(asSystem(b), p.ID, trace.TrainingFilter{}, qms.Cursor{Size: 1})
	if err != nil || len(list.Items) == 0 {
		b.Fatal(err)
	}
	l := list.Items[0]
	return s.token(b, qms.Manager, p.ID), "/api/v1/platforms/PLT/training-status?person=" + l.Person.Code + "&equipment=" + l.Equipment.Code, l.Training.ID
}
