// Package qmstest is what tests do where the machine lacks a program that they run: PostgreSQL, MinIO, a
// browser. On a laptop they are skipped and say so; where everything must hold, MAILLON_TEST_REQUIRE
// names what may not be missing, with commas between, and they fail. The rule stands here alone.
//
// Tests import it, and packages that are written for tests.
package qmstest

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// What MAILLON_TEST_REQUIRE may name.
const (
	PostgreSQL  = "postgres"
	MinIO       = "minio"
	VersityGW   = "versitygw" // another S3 service
	Chromium    = "chromium"
	PDFTools    = "pdftools" // pdftotext, qpdf and the like
	LibreOffice = "libreoffice"
	Khal        = "khal"      // a calendar program
	CoreUtils   = "coreutils" // sha256sum and the like, as the README's lines of shell use them
	OpenSSL     = "openssl"   // a time-stamp authority for tests
)

// Required reports whether tests that need the program must run.
func Required(program string) bool {
	return slices.Contains(strings.Split(os.Getenv("MAILLON_TEST_REQUIRE"), ","), program)
}

// Without ends the test, since the machine does not have the program: it is skipped, or fails where the
// program is required. The rest says what was looked for, as for Printf.
func Without(tb testing.TB, program, format string, args ...any) {
	tb.Helper()
	if Required(program) {
		tb.Fatalf(program+" is required: "+format, args...)
	}
	tb.Skipf("no "+program+": "+format, args...)
}
