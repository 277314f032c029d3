package rendition

import (
	"strings"
	"testing"
)

func TestCover_SaysInWhichZoneEachSigned(t *testing.T) {
	t.Parallel()
	c := sample(t, "fr")
	c.Parts[1].Zone = "America/Cayenne" // 13:02 in UTC
	c.Parts[2].Zone = ""                // of before zones were noted
	path, _ := stamped(t, pagesOf(a4), c, Mark{})
	says := strings.Join(strings.Fields(pageText(t, path, 1)), " ")
	for _, want := range []string{"12/03/2026 09:15 CET Europe/Paris", "20/03/2026 10:02 -03", "America/Cayenne", "01/04/2026 17:40 CEST"} {
		if !strings.Contains(says, want) {
			t.Errorf("%q is not on the cover: %s", want, says)
		}
	}
	if strings.Count(says, "Europe/Paris") != 1 {
		t.Errorf("a zone that was not noted: %s", says)
	}
}
