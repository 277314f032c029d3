package app

import (
	"context"
	"fmt"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/scheduler"
	"maillon/scheduler/smtp/smtptest"
)

const manyReminders = 15_000

// each is one thing that falls due on a platform for each of the persons.
type each struct {
	platform qms.ID
	persons  []qms.ID
}

func (e each) Dues(_ context.Context, _ store.Reader, _ []qms.ID, day, _ qms.Date) ([]qms.Due, error) {
	all := make([]qms.Due, len(e.persons))
	for n, person := range e.persons {
		all[n] = qms.Due{Platform: e.platform, Key: fmt.Sprintf("training:%d", n), Kind: "training", Subject: person, Title: fmt.Sprintf("EQ-%03d Microscope à balayage", n%100), On: day.AddDays(30), Person: person, Parts: []string{"people", "A"}}
	}
	return all, nil
}

// BenchmarkReminders goes the whole way for 15,000 persons: what falls due is asked about, queued on
// record, put into words, handed to a mail server and noted. Beside it, in the same run and to the same
// server, the standard library's client hands over as many bytes. It logs the ratio.
func BenchmarkReminders(b *testing.B) {
	for b.Loop() {
		mails := smtptest.Start(b, smtptest.Options{})
		settings := Settings{Data: b.TempDir(), Origin: "maillon", Zone: "Europe/Paris", Office: noOffice, URL: "https://qualite.site.example",
			SMTP: fmt.Sprintf("smtp://127.0.0.1:%d?tls=none&from=qualite@site.example", mails.Port)}
		h, err := Open(b.Context(), settings, Options{Clock: qms.FixedClock(time.Date(2026, 6, 30, 9, 0, 0, 0, time.UTC)), People: people.Options{Hash: &cheap}})
		if err != nil {
			b.Fatal(err)
		}
		source := h.crowd(b)
		post := scheduler.New(h.DB, scheduler.Options{People: told{}, Sources: []scheduler.Source{source}, Mailer: outgoing{h.mails}, Compose: h.compose, Domain: h.mails.Domain()})
		began, runs := time.Now(), 0
		for runs = 1; len(mails.Mails()) < manyReminders && runs <= 20; runs++ {
			if _, err := post.Run(qms.WithActor(b.Context(), qms.System("scheduler"))); err != nil {
				b.Fatal(err)
			}
		}
		took := time.Since(began)
		all := mails.Mails()
		if len(all) != manyReminders {
			b.Fatalf("%d mails arrived after %d runs", len(all), runs)
		}
		bare := smtptest.Bare(b, mails.Port, manyReminders, all[0].Raw)
		b.ReportMetric(manyReminders/took.Seconds(), "mails/s")
		b.ReportMetric(manyReminders/bare.Seconds(), "bare-mails/s")
		b.ReportMetric(took.Seconds()/bare.Seconds(), "times-bare")
		h.Close()
	}
}

// crowd makes as many members of one platform, each with an address.
func (h *House) crowd(b *testing.B) each {
	b.Helper()
	ctx := asSystem(b)
	p, err := h.People.AddPlatform(ctx, people.AddPlatform{Code: "PLT", Name: "Plateforme PLT"})
	if err != nil {
		b.Fatal(err)
	}
	rows := make([]people.MemberRow, manyReminders)
	for n := range rows {
		rows[n] = people.MemberRow{Code: fmt.Sprintf("A%05d", n), Name: fmt.Sprintf("Agent %05d", n), Email: fmt.Sprintf("agent%05d@plateforme.example", n)}
	}
	err = h.DB.Change(ctx, qms.Act{Name: "registers.import", Needs: qms.ImportRegisters.On(p.ID), Platform: p.ID}, func(tx *store.Tx) error {
		_, err := people.TakeMembers(ctx, tx, rows)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	all := each{platform: p.ID}
	err = h.DB.View(ctx, qms.ReadPlatform.On(p.ID), func(r store.Reader) error {
		members, err := people.MembersOf(ctx, r, p.ID)
		for _, m := range members {
			all.persons = append(all.persons, m.Person)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return all
}
