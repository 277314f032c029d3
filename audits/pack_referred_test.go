package audits

import (
	"slices"
	"strings"
	"testing"

	"maillon/audits/pack"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
	"maillon/qms/trace"
)

// marksOf are all places of a pack that a reference may lead to.
func marksOf(c *pack.Contents) (marks []string) {
	for _, panels := range c.Panels {
		for _, p := range panels {
			marks = append(marks, p.Mark)
			for _, row := range p.Rows {
				for _, cell := range row {
					marks = append(marks, cell.Mark)
				}
			}
		}
	}
	if c.Holds("services") {
		for _, s := range c.Services {
			marks = append(marks, pack.ServiceMark(s.Number))
		}
	}
	if c.Holds("uses") {
		for _, u := range c.Uses.Uncovered {
			marks = append(marks, pack.UseMark(u.Number))
		}
	}
	return marks
}

// contentsOf is contents of some sections and a period.
func (w *workshop) contentsOf(from string, sections ...string) (c *pack.Contents) {
	w.t.Helper()
	p := &Pack{Row: qms.Row{Platform: w.platform.ID}, Number: "PACK-2026-001", AsOf: w.db.Today(), Sections: sections, WithFiles: true, Language: "fr"}
	if from != "" {
		p.From = day(from)
	}
	w.must(w.db.View(w.lead, qms.MakePacks.On(w.platform.ID), func(r store.Reader) (err error) {
		c, err = w.packContents(w.lead, r, p)
		return err
	}))
	return c
}

// A use that was not drawn, and a service that is not of the period, are told where an answer refers to them, so
// that each reference leads to a page, whichever sections were chosen; none is told twice.
func TestPackAssessment_LeadsToEveryServiceAndUseThatItNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := openWorkshop(t, db)
		w.furnish()
		w.trained()
		w.enclose(trace.OfUse, got(w.trace.Uses(w.lead, w.platform.ID, trace.UseFilter{Sort: "number"}, qms.Cursor{}))(w).Items[1].Use.ID, "image.txt")
		links := []label.Link{{Kind: label.LinkService, Code: "DEV-2026-0001"}, {Kind: label.LinkService, Code: "DEM-2026-0002"}, {Kind: label.LinkService, Code: "RAP-2026-0001"},
			{Kind: label.LinkUse, Code: "UTI-00002"}}
		got(w.label.StateAnswer(w.lead, label.StateAnswer{Platform: w.platform.ID, Code: "Q-02", Level: label.FullyMet, Remark: "Voir", Links: links}))(w)
		for _, one := range []struct {
			from     string
			sections []string
			told     string // by the part of its own
		}{
			{"", nil, "UTI-00002"},
			{"2026-06-01", nil, "UTI-00002"},
			{"2026-06-01", []string{"services", "assessment"}, "DEM-2026-0001 DEM-2026-0002 UTI-00002"},
			{"", []string{"services", "assessment"}, "UTI-00002"},
			{"", []string{"assessment"}, "DEM-2026-0001 DEM-2026-0002 UTI-00002"},
		} {
			c := w.contentsOf(one.from, one.sections...)
			marks := marksOf(c)
			asked := 0
			for _, ref := range refsOf(c.Panels["assessment"]) {
				if strings.HasPrefix(ref.Mark, "service:") || strings.HasPrefix(ref.Mark, "use:") {
					if asked++; !slices.Contains(marks, ref.Mark) {
						t.Errorf("%+v: %s leads nowhere", one, ref.Text)
					}
				}
			}
			at := slices.IndexFunc(c.Panels["assessment"], func(p pack.Panel) bool { return p.Title == "Enregistrements auxquels les réponses renvoient" })
			if asked != 5 || at < 0 {
				t.Fatalf("%+v: %d references, the part stands at %d", one, asked, at)
			}
			var own []string
			for _, mark := range marksOf(&pack.Contents{Sections: []string{"none"}, Panels: map[string][]pack.Panel{"": c.Panels["assessment"][at:]}}) {
				if _, number, marked := strings.Cut(mark, ":"); marked {
					own = append(own, number)
				}
			}
			slices.Sort(own)
			want := strings.Fields(one.told)
			if one.from != "" && one.sections == nil { // what was drawn has its dossier
				want = slices.DeleteFunc(append(want, "DEM-2026-0001", "DEM-2026-0002"), func(n string) bool {
					return slices.ContainsFunc(c.Panels["dossiers"], func(p pack.Panel) bool { return p.Mark == pack.ServiceMark(n) })
				})
				slices.Sort(want)
			}
			if !slices.Equal(own, want) {
				t.Errorf("%s %v: told are %v, want %v", one.from, one.sections, own, want)
			}
			if _, err := pack.Print(c); err != nil {
				t.Error(err)
			}
			i := slices.IndexFunc(c.Files, func(f pack.File) bool { return f.Entry == "evidence/UTI-00002_image.txt" })
			if i < 0 || !refersTo(c.Panels["assessment"][at:], c.Files[i].SHA256) {
				t.Errorf("%+v: the file of the use is not beside it", one)
			}
		}
		officer := storetest.As(qms.QualityOfficer)
		sheet := got(w.Draw(officer, Draw{Platform: w.platform.ID, Kind: Access, Direction: Upstream, AsOf: db.Today(), Seed: "graine", Size: 2}))(w)
		got(w.Conclude(officer, Conclude{Platform: w.platform.ID, Exercise: sheet.Exercise.Number, Verdict: Failed, Remark: "à reprendre"}))(w)
		if c := w.contentsOf(""); strings.Contains(spoken(c, "assessment"), "Enregistrements auxquels") || !slices.Contains(marksOf(c), pack.UseMark("UTI-00002")) {
			t.Error("a use that was drawn is told twice, or not at all")
		}
	})
}
