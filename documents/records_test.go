package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// shelf stands for the rooms that know what records are about: one piece of equipment, EQ-001.
type shelf struct{}

func (shelf) Subject(_ context.Context, _ store.Reader, _ qms.ID, kind About, code string, _ qms.Date) (Subject, error) {
	if kind == AboutEquipment && strings.EqualFold(code, "eq-001") {
		return Subject{kind, "EQ-001", storetest.AgentID(900), "Microscope"}, nil
	}
	return Subject{}, qms.NotFound("record.not_found")
}

// filled is a room with a form in force since today, FO-PRE-001 version 1.0.
func filled(r room) (*Document, *Version) {
	r.LookUp(shelf{})
	d, v := r.create("FO", "PRE", "Fiche de réception", "Nom, date, signature")
	return d, r.approve(v, 0)
}

func (r room) today() qms.Date { return r.db.Today() }

func (r room) enter(cmd Enter) *Record {
	r.t.Helper()
	row, err := r.enterAs(writer, cmd)
	r.must(err)
	return row
}

func (r room) enterAs(ctx context.Context, cmd Enter) (*Record, error) {
	r.t.Helper()
	if cmd.Platform == "" {
		cmd.Platform = mic
	}
	if cmd.Form == "" {
		cmd.Form = "FO-PRE-001"
	}
	if cmd.Date == 0 {
		cmd.Date = r.today()
	}
	if cmd.Title == "" {
		cmd.Title = "Réception du lot 7"
	}
	if cmd.File == nil {
		cmd.File = r.file("fiche remplie.md", "Nom : Agent 02, reçu le lot 7")
	}
	return r.EnterRecord(ctx, cmd)
}

func TestRecord_IsBoundToTheExactVersionOfItsForm(t *testing.T) {
	each(t, func(r room) {
		d, first := filled(r)
		day := r.today()
		r.days(30)
		second := r.approve(r.next(d, "Nom, date, heure, signature"), 0)
		then, now := r.enter(Enter{Date: day.AddDays(3)}), r.enter(Enter{})
		if then.Version != first.ID || now.Version != second.ID {
			t.Errorf("bound to %s and %s, want %s and %s", then.Version, now.Version, first.ID, second.ID)
		}
		sheet, err := r.RecordSheet(lead, mic, then.Number)
		r.must(err)
		if sheet.State != RecordSound || sheet.On.Number() != (Number{1, 0}) || sheet.InForce.ID != first.ID || sheet.Now.ID != second.ID {
			t.Errorf("the sheet says %s on %s", sheet.State, sheet.On.Number())
		}
		if sheet.Entered != "Agent 02" || sheet.EnteredOn != r.today() || len(sheet.Journal) != 1 {
			t.Errorf("entered by %q on %s, %d acts", sheet.Entered, sheet.EnteredOn, len(sheet.Journal))
		}
	})
}

func TestRecord_SaysThatItWasFilledOnAnOutdatedVersion(t *testing.T) {
	each(t, func(r room) {
		d, _ := filled(r)
		r.days(30)
		r.approve(r.next(d, "another"), 0)
		old := r.enter(Enter{Version: "1.0"})
		sheet, err := r.RecordSheet(lead, mic, old.Number)
		r.must(err)
		if sheet.State != RecordOutdated || sheet.InForce.Number() != (Number{2, 0}) {
			t.Errorf("filled on 1.0 while 2.0 was in force: %s", sheet.State)
		}
		page, err := r.Records(lead, mic, RecordFilter{State: RecordOutdated}, qms.Cursor{})
		r.must(err)
		if len(page.Items) != 1 || page.Items[0].Number != old.Number {
			t.Errorf("the list of outdated ones holds %v", page.Items)
		}
	})
}

func TestRecord_RefusesWhatCannotBe(t *testing.T) {
	each(t, func(r room) {
		d, v := filled(r)
		draft := r.next(d, "draft")
		for name, c := range map[string]struct {
			cmd Enter
			key string
		}{
			"an unknown form":         {Enter{Form: "FO-PRE-999"}, "record.form_unknown"},
			"no code at all":          {Enter{Form: "\x00/../"}, "record.form_unknown"},
			"a draft":                 {Enter{Version: draft.Number().String()}, "record.version_unknown"},
			"no version":              {Enter{Version: "x"}, "version.number_malformed"},
			"before the first":        {Enter{Date: v.EffectiveFrom.AddDays(-1)}, "record.none_in_force"},
			"a day to come":           {Enter{Date: r.today().AddDays(1)}, "record.date_to_come"},
			"an unknown equipment":    {Enter{AboutKind: AboutEquipment, AboutCode: "EQ-999"}, "record.no_equipment"},
			"an unknown document":     {Enter{AboutKind: AboutDocument, AboutCode: "PR-ZZZ-001"}, "record.no_document"},
			"an unknown kind":         {Enter{AboutKind: "wall", AboutCode: "x"}, "record.about_kind_unknown"},
			"a code without its kind": {Enter{AboutCode: "EQ-001"}, "record.about_kind_missing"},
			"a kind without a code":   {Enter{AboutKind: AboutUse}, "record.about_missing"},
			"a long title":            {Enter{Title: strings.Repeat("é", 301)}, "document.title_long"},
			"no title":                {Enter{Title: "\x00 "}, "record.title_missing"},
			"kept until before":       {Enter{KeepUntil: v.EffectiveFrom.AddDays(-10)}, "record.kept_before"},
		} {
			_, err := r.enterAs(writer, c.cmd)
			r.refused(name, err, qms.CodeInvalid, c.key)
		}
		_, err := r.EnterRecord(writer, Enter{Platform: mic, Form: d.Code, Date: r.today(), Title: "x"})
		r.refused("no file", err, qms.CodeInvalid, "record.file_missing")
		_, err = r.enterAs(writer, Enter{Platform: cyt})
		r.refused("another platform", err, qms.CodeNotFound, "platform.not_found")
		_, err = r.enterAs(trainee, Enter{})
		r.refused("a user", err, qms.CodeRefused, "right.missing")
		if row := r.enter(Enter{}); !strings.HasSuffix(row.Number, "-00001") {
			t.Errorf("refusals took numbers: the first is %s", row.Number)
		}
	})
}

func TestRecord_NumbersHaveNoGapUnderConcurrency(t *testing.T) {
	each(t, func(r room) {
		filled(r)
		const people = 8
		file := r.file("x.md", "filled")
		numbers := make([]string, people)
		var all sync.WaitGroup
		for i := range people {
			all.Go(func() {
				if row, err := r.enterAs(writer, Enter{Title: fmt.Sprint("Fiche ", i), File: file}); err == nil {
					numbers[i] = row.Number
				}
			})
		}
		all.Wait()
		seen := map[string]bool{}
		for _, n := range numbers {
			seen[n] = true
		}
		for i := 1; i <= people; i++ {
			if want := fmt.Sprintf("ENR-%d-%05d", r.today().Year(), i); !seen[want] {
				t.Fatalf("%s is missing among %v", want, numbers)
			}
		}
	})
}

func TestRecord_IsAboutAThingThatItsRoomKnows(t *testing.T) {
	each(t, func(r room) {
		d, _ := filled(r)
		about := r.enter(Enter{AboutKind: AboutEquipment, AboutCode: " eq-001 "})
		other := r.enter(Enter{AboutKind: AboutDocument, AboutCode: "fo-pre-001"})
		if about.AboutCode != "EQ-001" || about.AboutID != storetest.AgentID(900) || other.AboutCode != d.Code || other.AboutID != d.ID {
			t.Errorf("about %+v and %+v", about, other)
		}
		lines, err := r.RecordsAbout(lead, mic, AboutEquipment, "EQ-001")
		r.must(err)
		if len(lines) != 1 || lines[0].Number != about.Number {
			t.Errorf("records about EQ-001: %v", lines)
		}
		if lines, err = r.RecordsAbout(trainee, mic, AboutEquipment, "EQ-001"); err != nil || len(lines) > 0 {
			t.Errorf("a user sees %v, %v", lines, err)
		}
		n, err := r.RecordCount(lead, mic, d.ID)
		r.must(err)
		if n != 2 {
			t.Errorf("%d records on the form, want 2", n)
		}
	})
}

func TestRecord_IsCorrectedWithAReasonAndVoidedWithoutBeingLost(t *testing.T) {
	each(t, func(r room) {
		filled(r)
		row := r.enter(Enter{})
		title, kind, code := "Réception du lot 8", AboutEquipment, "EQ-001"
		_, err := r.CorrectRecord(writer, CorrectRecord{Platform: mic, Record: row.ID, Title: &title})
		r.refused("no reason", err, qms.CodeInvalid, "act.reason_missing")
		fixed, err := r.CorrectRecord(writer, CorrectRecord{Platform: mic, Record: row.ID, Revision: row.Revision, Title: &title, AboutKind: &kind, AboutCode: &code, Reason: "wrong lot"})
		r.must(err)
		if fixed.Title != title || fixed.AboutCode != code || fixed.Content != row.Content || fixed.Number != row.Number {
			t.Errorf("corrected to %+v", fixed)
		}
		_, err = r.CorrectRecord(writer, CorrectRecord{Platform: mic, Record: row.ID, Revision: row.Revision, Title: &title, Reason: "late"})
		r.refused("another revision", err, qms.CodeConflict, "record.changed")
		_, err = r.VoidRecord(writer, VoidRecord{Platform: mic, Record: row.ID})
		r.refused("void without a reason", err, qms.CodeInvalid, "act.reason_missing")
		_, err = r.VoidRecord(stranger, VoidRecord{Platform: mic, Record: row.ID, Reason: "x"})
		r.refused("a stranger", err, qms.CodeNotFound, "platform.not_found")
		_, err = r.VoidRecord(writer, VoidRecord{Platform: mic, Record: row.ID, Reason: "entered twice"})
		r.must(err)
		sheet, err := r.RecordSheet(lead, mic, row.Number)
		r.must(err)
		if sheet.State != RecordVoid || sheet.Void != "entered twice" || len(sheet.Journal) != 3 {
			t.Errorf("void: %s, %q, %d acts", sheet.State, sheet.Void, len(sheet.Journal))
		}
		o, err := r.OpenRecord(lead, mic, row.Number)
		r.must(err)
		text, err := io.ReadAll(o)
		r.must(errors.Join(err, o.Close()))
		if !strings.Contains(string(text), "lot 7") || o.SaveAs() != row.Number+".md" {
			t.Errorf("%s holds %q", o.SaveAs(), text)
		}
		_, err = r.CorrectRecord(writer, CorrectRecord{Platform: mic, Record: row.ID, Title: &title, Reason: "x"})
		r.refused("a void one", err, qms.CodeConflict, "record.voided")
	})
}

func TestRecords_ListIsFilteredSortedAndPaged(t *testing.T) {
	each(t, func(r room) {
		filled(r)
		start := r.today()
		for i := range 7 {
			r.days(1)
			r.enter(Enter{Title: fmt.Sprintf("Fiche %c", 'g'-i), AboutKind: AboutEquipment, AboutCode: "EQ-001"})
		}
		r.days(1)
		void := r.enter(Enter{Title: "Mistake"})
		_, err := r.VoidRecord(writer, VoidRecord{Platform: mic, Record: void.ID, Reason: "mistake"})
		r.must(err)
		for _, sort := range []string{"", "date", "-number", "title", "-form"} {
			var seen []string
			for c := (qms.Cursor{Size: 3}); ; {
				page, err := r.Records(lead, mic, RecordFilter{Sort: sort}, c)
				r.must(err)
				for _, l := range page.Items {
					seen = append(seen, l.key(strings.TrimPrefix(sort, "-")))
				}
				if c.After = page.Next; c.After == "" {
					break
				}
			}
			if len(seen) != 7 {
				t.Errorf("sorted by %q: %d lines, want 7: %v", sort, len(seen), seen)
			}
		}
		for name, c := range map[string]struct {
			f    RecordFilter
			want int
		}{
			"its form":          {RecordFilter{Form: " fo-pre-001"}, 7},
			"another form":      {RecordFilter{Form: "FO-PRE-002"}, 0},
			"a period":          {RecordFilter{From: start.AddDays(2), To: start.AddDays(4)}, 3},
			"what it is about":  {RecordFilter{AboutKind: AboutEquipment, AboutCode: "eq-001"}, 7},
			"another equipment": {RecordFilter{AboutKind: AboutEquipment, AboutCode: "EQ-002"}, 0},
			"void ones":         {RecordFilter{State: RecordVoid}, 1},
			"a title":           {RecordFilter{Query: "FICHE É"}, 1},
			"a number":          {RecordFilter{Query: "00003"}, 1},
			"wildcards":         {RecordFilter{Query: "%_!\x00"}, 0},
		} {
			page, err := r.Records(lead, mic, c.f, qms.Cursor{})
			r.must(err)
			if len(page.Items) != c.want {
				t.Errorf("%s: %d lines, want %d", name, len(page.Items), c.want)
			}
		}
		_, err = r.Records(lead, mic, RecordFilter{Sort: "size"}, qms.Cursor{})
		r.refused("an unknown sort", err, qms.CodeInvalid, "sort.unknown")
		for _, cursor := range []string{"x", position{Key: "not a day"}.cursor()} {
			_, err = r.Records(lead, mic, RecordFilter{}, qms.Cursor{After: cursor})
			r.refused("a hostile cursor", err, qms.CodeInvalid, "cursor.malformed")
		}
		_, err = r.Records(trainee, mic, RecordFilter{}, qms.Cursor{})
		r.refused("a user", err, qms.CodeRefused, "right.missing")
		_, err = r.RecordSheet(lead, mic, "ENR-\x00")
		r.refused("an unknown number", err, qms.CodeNotFound, "record.unknown")
	})
}

func TestRecordState_IsTheSameInGoAndInSQL(t *testing.T) {
	each(t, func(r room) {
		d, _ := filled(r)
		r.days(10)
		r.approve(r.next(d, "two"), r.today().AddDays(10))
		for i := range 4 {
			r.days(6)
			r.enter(Enter{Version: fmt.Sprintf("%d.0", 1+i%2)})
		}
		page, err := r.Records(lead, mic, RecordFilter{}, qms.Cursor{})
		r.must(err)
		states := map[RecordState]int{}
		for _, l := range page.Items {
			sheet, err := r.RecordSheet(lead, mic, l.Number)
			r.must(err)
			if states[l.State]++; l.State != sheet.State {
				t.Errorf("%s: the list says %s, the sheet %s", l.Number, l.State, sheet.State)
			}
		}
		if states[RecordSound] == 0 || states[RecordOutdated] == 0 {
			t.Errorf("only %v", states)
		}
	})
}

func TestKeeps_TheContentOfARecord(t *testing.T) {
	each(t, func(r room) {
		filled(r)
		row := r.enter(Enter{})
		kept, err := r.Keeps(storetest.AsSystem(), row.Content)
		r.must(err)
		if !kept {
			t.Error("the sweep would take the content of a record")
		}
	})
}
