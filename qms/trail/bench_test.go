package trail_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/cyberphone/json-canonicalization/go/src/webpki.org/jsoncanonicalizer"

	"maillon/qms/trail"
)

var benchEntry = trail.Entry{
	Log: "0197c1b2-7d00-7000-8000-000000000001", Seq: 4812, At: time.Date(2026, 6, 30, 10, 0, 0, 123456000, time.UTC),
	Actor: "0197c1b2-7d00-7000-8000-000000000002", ActorName: "Agent 01", Act: "version.approve",
	Subject: "0197c1b2-7d00-7000-8000-000000000003", Reason: "relecture de la procédure", Request: "01J0", Changes: 2,
}

// BenchmarkEntryEncode compares the direct encoding with the generic canonicaliser.
func BenchmarkEntryEncode(b *testing.B) {
	b.Run("direct", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := benchEntry.Encode(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("generic", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			plain, err := json.Marshal(benchEntry)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := jsoncanonicalizer.Transform(plain); err != nil {
				b.Fatal(err)
			}
		}
	})
}

var benchRow = json.RawMessage(`{"id":"0197c1b2-7d00-7000-8000-000000000003","platform":"0197c1b2-7d00-7000-8000-000000000001","revision":1,"number":"M-2024-0123","person":"0197c1b2-7d00-7000-8000-000000000004","equipment":"0197c1b2-7d00-7000-8000-000000000005","on":"2024-03-05","minutes":120,"project":"Étude des interfaces"}`)

// BenchmarkChangeEncode compares ours with the generic canonicaliser on a row of a register.
func BenchmarkChangeEncode(b *testing.B) {
	change := trail.Change{Table: "uses", ID: "0197c1b2-7d00-7000-8000-000000000003", After: benchRow}
	b.Run("direct", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := change.Encode(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("generic", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			plain, err := json.Marshal(change)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := jsoncanonicalizer.Transform(plain); err != nil {
				b.Fatal(err)
			}
		}
	})
}
