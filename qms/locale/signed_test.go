package locale

import (
	"testing"
	"time"
)

func TestSignedAt_IsReadOnTheClockOfTheZoneThatWasNoted(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 30, 22, 5, 9, 0, time.UTC)
	for zone, want := range map[string]string{
		"Europe/Paris":    "1 Jul 2026 00:05:09 CEST (Europe/Paris)",
		"America/Cayenne": "30 Jun 2026 19:05:09 -03 (America/Cayenne)",
		"":                "1 Jul 2026 00:05:09 CEST",
		"No/Where":        "1 Jul 2026 00:05:09 CEST",
	} {
		if got := For(English).SignedAt(at, zone); got != want {
			t.Errorf("in %q: %s, want %s", zone, got, want)
		}
	}
	if got := For(French).SignedAt(time.Time{}, "Europe/Paris"); got != "" {
		t.Errorf("never: %s", got)
	}
}
