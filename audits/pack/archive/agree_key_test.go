package archive

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"maillon/qms"
	"maillon/qms/trail"
)

// TestVerifiers_AgreeOnTheKeyThatWasGiven holds the two verifiers to each other on packs of a site whose keys,
// 7, 8 and 1, took over from each other: the older pack is signed by 7, the newer one by 1.
func TestVerifiers_AgreeOnTheKeyThatWasGiven(t *testing.T) {
	t.Parallel()
	first := lived(t, "PACK-2025-001", 20, 99, nil)
	older := saved(t, madeBy(t, first, testKey(t, 7)))
	newer := func(history trail.Succession) string {
		d := lived(t, "PACK-2026-001", 30, 99, first)
		if history != nil {
			said := history.Encode()
			d.Files = append(d.Files, File{Folder: Keys, Name: "history.txt", Size: int64(len(said)), Open: opener(said)})
		}
		return saved(t, made(t, d))
	}
	led, lost, mute := newer(succession(t, 0, 7, 8, 1)), newer(succession(t, 2, 7, 8, 1)), newer(nil)
	line := func(seed byte) string { return testKey(t, seed).Verifier() + "\n" }
	secret := func(seed byte) string {
		_, text, err := trail.GenerateKey(rand.NewChaCha8([32]byte{seed}), "maillon.example")
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	swap := func(text, a, b string) string { return strings.Replace(text, a, b, 1) }
	const unreadable, another = "pack.given_key_unreadable", "pack.another_key"
	for what, trial := range map[string]struct {
		pack, since, given string
		key, shell         string // what is wrong in the one and said in the other; no key: nothing is
	}{
		"the one that signed":                    {led, "", line(1), "", "PACK-2026-001: signed by the key that was given"},
		"without its end":                        {led, "", strings.TrimSpace(line(1)), "", "PACK-2026-001: signed by the key that was given"},
		"the signing key itself":                 {led, "", secret(1), "", "PACK-2026-001: signed by the key that was given"},
		"the first one":                          {led, "", line(7), "", "signed by a key that the one that was given led to"},
		"one of between":                         {led, "", line(8), "", "signed by a key that the one that was given led to"},
		"the signing key of before":              {led, "", secret(7), "", "signed by a key that the one that was given led to"},
		"one that nobody named":                  {led, "", line(9), another, "another key signed"},
		"another signing key":                    {led, "", secret(9), another, "another key signed"},
		"the first one, of a pack without words": {mute, "", line(7), another, "another key signed"},
		"one before a loss":                      {lost, "", line(7), "pack.key_new_beginning", "a key was lost"},
		"one after a loss":                       {lost, "", line(1), "", "signed by the key that was given"},
		"that of the newer of two packs":         {led, older, line(1), "", "PACK-2025-001: signed by a key that led to the one that was given"},
		"that of the older of two packs":         {led, older, line(7), "", "PACK-2025-001: signed by the key that was given"},
		"that of neither":                        {led, older, line(9), another, "another key signed"},
		"nothing":                                {led, "", "", unreadable, "the key that was given cannot be read"},
		"two lines":                              {led, "", line(1) + line(7), unreadable, "cannot be read"},
		"an empty line behind":                   {led, "", line(1) + "\n", unreadable, "cannot be read"},
		"a line that ends otherwise":             {led, "", swap(line(1), "\n", "\r\n"), unreadable, "cannot be read"},
		"a zero behind":                          {led, "", line(1) + "\x00", unreadable, "cannot be read"},
		"a space before":                         {led, "", " " + line(1), unreadable, "cannot be read"},
		"another name":                           {led, "", swap(line(1), "maillon.example", "maillon.exampl"), unreadable, "cannot be read"},
		"capitals in what sums it up":            {led, "", strings.ToUpper(line(1)), unreadable, "cannot be read"},
		"a letter of the key":                    {led, "", line(1)[:len(line(1))-2] + "%\n", unreadable, "cannot be read"},
		"a key cut short":                        {led, "", line(1)[:len(line(1))-5], unreadable, "cannot be read"},
		"the signing key with a letter left out": {led, "", secret(1)[:len(secret(1))-5], unreadable, "cannot be read"},
		"its fingerprint instead":                {led, "", printOf(t, 1), unreadable, "cannot be read"},
		"more than any key is":                   {led, "", strings.Repeat("x", 1<<20), unreadable, "cannot be read"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			asked := Asked{Pack: trial.pack, Since: trial.since, Key: saved(t, []byte(trial.given))}
			report, err := asked.Examine()
			if err != nil {
				t.Fatal(err)
			}
			if err := report.Err(); trial.key == "" && err != nil || trial.key != "" && !errors.Is(err, qms.Invalid(trial.key)) {
				t.Errorf("said %v, want %q", err, trial.key)
			}
			heardOf(t, asked, trial.shell, trial.key == "")
		})
	}
}
