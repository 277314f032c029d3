package pack

import (
	"slices"
	"strings"
	"testing"

	"maillon/qms/locale"
)

func TestSections_EachHasATitleInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, s := range everyPart() {
		for _, lang := range locale.Languages() {
			if !locale.For(lang).Has("pack.section." + s.key) {
				t.Errorf("%s: section %s has no title", lang, s.key)
			}
		}
	}
}

func TestPrint_HoldsTheChosenSectionsAloneAndNumbersThemThrough(t *testing.T) {
	t.Parallel()
	c := sample(t, "en", 6)
	all := compose(c, nil, 0)
	for chosen := range slices.Values([][]string{{"links"}, {"services", "journal"}, {"documents", "uses", "exercise"}, {"matrix"}}) {
		c.Sections = chosen
		p := compose(c, nil, 0)
		if err := p.PDF.Error(); err != nil {
			t.Fatal(err)
		}
		var keys, titles []string
		for _, s := range p.done {
			if s.key != "" {
				keys, titles = append(keys, s.key), append(titles, s.title[:2])
			}
		}
		if !slices.Equal(keys, append(slices.Clone(chosen), attached, always)) || titles[len(titles)-1] != string(rune('0'+len(titles)))+"." {
			t.Errorf("chosen %v, printed %v under %v", chosen, keys, titles)
		}
		if p.PDF.PageNo() >= all.PDF.PageNo() {
			t.Errorf("%v: %d pages, all sections have %d", chosen, p.PDF.PageNo(), all.PDF.PageNo())
		}
	}
}

func TestPrint_AnySectionMayFollowAnyOther(t *testing.T) {
	t.Parallel()
	for _, first := range Sections() {
		for _, second := range Sections() {
			c := sample(t, "fr", 3)
			c.Sections = []string{first, second}
			if _, err := Print(c); err != nil {
				t.Errorf("%s and %s: %v", first, second, err)
			}
		}
	}
	c := sample(t, "fr", 3)
	c.Sections = []string{"platform"}
	if says := textOf(t, printed(t, c)); strings.Contains(says, "prestationscomplètes") {
		t.Errorf("the sheet counts what no chosen section explains:\n%s", says)
	}
}
