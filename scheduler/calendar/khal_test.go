package calendar

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/qmstest"
)

// A calendar program of Debian opens what is written: khal, which reads by a parser of its own.
func TestWrite_OpensInACalendarProgram(t *testing.T) {
	t.Parallel()
	khal, err := exec.LookPath("khal")
	if err != nil {
		qmstest.Without(t, qmstest.Khal, "%v", err)
	}
	zone := paris(t)
	var b bytes.Buffer
	if err := Write(&b, Calendar{Method: Publish, Name: "Échéances", Events: []Event{
		{UID: UID("a"), Stamp: stamp, Day: qms.MustDate("2026-10-24"), Summary: "PR-ACH-003, revue; « à faire »"},
		{UID: UID("b"), Stamp: stamp, Begin: time.Date(2026, 10, 24, 14, 0, 0, 0, zone), End: time.Date(2026, 10, 24, 16, 30, 0, 0, zone), Summary: "Séance d'été"},
		{UID: UID("c"), Stamp: stamp, Begin: time.Date(2026, 10, 26, 14, 0, 0, 0, zone), End: time.Date(2026, 10, 26, 16, 30, 0, 0, zone), Summary: "Séance d'hiver"},
	}}); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	file, config := filepath.Join(home, "feed.ics"), filepath.Join(home, "config")
	const settings = "[calendars]\n[[feed]]\npath = HOME/calendar\n[locale]\nlocal_timezone = Europe/Paris\ndefault_timezone = Europe/Paris\n" +
		"timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n" +
		"[sqlite]\npath = HOME/khal.db\n"
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(settings, "HOME", home)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(home, "calendar"), 0o700); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), khal, append([]string{"-c", config}, args...)...)
		cmd.Env = append(os.Environ(), "HOME="+home, "LC_ALL=C.UTF-8", "TZ=America/New_York") // what the machine is set to does not matter
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("khal %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run("import", "--batch", "-a", "feed", file)
	got := run("list", "--format", "{start-date} {start-time} {end-time} {title}", "--day-format", "", "2026-10-24", "3d")
	for _, line := range []string{"2026-10-24   PR-ACH-003, revue; « à faire »", "2026-10-24 14:00 16:30 Séance d'été", "2026-10-26 14:00 16:30 Séance d'hiver"} {
		if !strings.Contains(got, line) {
			t.Errorf("khal does not show %q:\n%s", line, got)
		}
	}
}
