package documents

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

var officer = storetest.AsPerson(storetest.AgentID(9), "Agent 09", qms.Grant{Role: qms.QualityOfficer})

func (r room) templateFile(name, body string) *File {
	r.t.Helper()
	f, err := r.ReceiveTemplate(officer, name, strings.NewReader(body))
	r.must(err)
	return &f
}

func (r room) template(code, kind, process, body string) *KitTemplate {
	r.t.Helper()
	t, err := r.AddTemplate(officer, AddTemplate{Code: code, French: "Modèle " + code, English: "Template " + code, Kind: kind, Process: process,
		Theme: "Qualité", File: r.templateFile(code+".md", body)})
	r.must(err)
	return t
}

func (r room) publish(code, body string) *KitVersion {
	r.t.Helper()
	v, err := r.PublishTemplate(officer, PublishTemplate{Code: code, Changes: "better", File: r.templateFile(code+".md", body)})
	r.must(err)
	return v
}

func (r room) copy(codes ...string) []*Document {
	r.t.Helper()
	cmd := CopyKit{Platform: mic, Reason: "first"}
	for _, c := range codes {
		cmd.Lines = append(cmd.Lines, CopyLine{Template: c})
	}
	made, err := r.CopyKit(writer, cmd)
	r.must(err)
	return made
}

func TestKit_CopiesSeveralTemplatesUnderThePlatformsOwnCodes(t *testing.T) {
	each(t, func(r room) {
		r.create("PR", "QUA", "Already here", "# Already here\n")
		r.template("KIT-01", "PR", "QUA", "# Documents\n\nHow documents are managed.\n")
		r.template("KIT-02", "PR", "QUA", "# Data\n\nHow data are kept.\n")
		r.template("KIT-03", "FO", "EQP", "# Log\n\nWhat happened.\n")
		cmd := CopyKit{Platform: mic, Lines: []CopyLine{{Template: "kit-01"}, {Template: "KIT-02"}, {Template: "KIT-03", Code: "FE-7", Process: "MET"}}}
		shown, err := r.PreviewKit(writer, cmd)
		r.must(err)
		made, err := r.CopyKit(writer, cmd)
		r.must(err)
		for i, want := range []string{"PR-QUA-002", "PR-QUA-003", "FE-7"} {
			if shown[i].Code != want || made[i].Code != want {
				t.Errorf("line %d: shown %q, made %q, want %q", i+1, shown[i].Code, made[i].Code, want)
			}
		}
		s := r.sheet(writer, "PR-QUA-002")
		if s.Title != "Modèle KIT-01" || s.Versions[0].State != Draft || s.Versions[0].FileName != "KIT-01.md" {
			t.Errorf("made %q %+v", s.Title, s.Versions[0].Version)
		}
		opened, err := r.Open(writer, mic, s.Versions[0].ID)
		r.must(err)
		defer opened.Close()
		if body, _ := io.ReadAll(opened); string(body) != "# Documents\n\nHow documents are managed.\n" {
			t.Errorf("the file was touched: %q", body)
		}
		o, err := r.KitOriginOf(writer, mic, made[2].ID)
		r.must(err)
		if o.Copy == nil || o.Template.Code != "KIT-03" || o.From.Number().String() != "1.0" || o.Behind {
			t.Errorf("origin %+v", o)
		}
		found, err := r.Search(writer, Search{Platform: mic, Query: "managed"}, qms.Cursor{})
		r.must(err)
		if len(found.Items) != 1 || found.Items[0].Code != "PR-QUA-002" {
			t.Errorf("the copy is not found by its text: %+v", found.Items)
		}
	})
}

func TestKit_SaysThatTheTemplateMovedOnUntilItIsAnswered(t *testing.T) {
	each(t, func(r room) {
		r.template("KIT-01", "PR", "QUA", "# Documents\n\nA line.\n")
		d := r.copy("KIT-01")[0]
		r.days(10)
		two := r.publish("KIT-01", "# Documents\n\nA line.\n\nAnother line.\n")
		behind, err := r.KitBehind(writer, mic)
		r.must(err)
		if len(behind) != 1 || behind[0].Since != two.PublishedOn || behind[0].Newest.Number().String() != "2.0" {
			t.Fatalf("behind %+v", behind)
		}
		c, err := r.CompareKit(writer, mic, d.ID, false)
		r.must(err)
		if c.Added == 0 || c.Removed != 0 || c.FromLabel.String() != "1.0" || c.ToLabel.String() != "2.0" {
			t.Errorf("compared %+v", c)
		}
		if c, err = r.CompareKit(writer, mic, d.ID, true); err != nil || c.Added == 0 || !c.Ours {
			t.Errorf("compared ours %+v, %v", c, err)
		}
		_, err = r.AnswerKit(writer, AnswerKit{Platform: mic, Document: d.ID, Answer: NotApplicable})
		r.refused("without a reason", err, qms.CodeInvalid, "act.reason_missing")
		_, err = r.AnswerKit(writer, AnswerKit{Platform: mic, Document: d.ID, Answer: TakenUp, Own: "7.0"})
		r.refused("a version that is not there", err, qms.CodeInvalid, "kit.own_version")
		_, err = r.AnswerKit(writer, AnswerKit{Platform: mic, Document: d.ID, Number: "1.0", Answer: NotApplicable, Reason: "no"})
		r.refused("the version it began with", err, qms.CodeInvalid, "kit.not_newer")
		_, err = r.AnswerKit(writer, AnswerKit{Platform: mic, Document: d.ID, Answer: NotApplicable, Reason: "We have no such thing"})
		r.must(err)
		if behind, err = r.KitBehind(writer, mic); err != nil || len(behind) != 0 {
			t.Errorf("answered, and behind: %+v %v", behind, err)
		}
		r.days(1)
		r.publish("KIT-01", "# Documents\n\nAll new.\n")
		if behind, err = r.KitBehind(writer, mic); err != nil || len(behind) != 1 {
			t.Errorf("the next version is asked about again: %+v %v", behind, err)
		}
		_, err = r.AnswerKit(writer, AnswerKit{Platform: mic, Document: d.ID, Answer: TakenUp, Own: "1.0"})
		r.must(err)
		o, err := r.KitOriginOf(writer, mic, d.ID)
		r.must(err)
		if o.Behind || len(o.Answers) != 2 || o.Answers[0].Own.String() != "1.0" || o.Answers[0].To.String() != "3.0" {
			t.Errorf("origin %+v", o)
		}
	})
}

func TestKit_GoesBackWhenTheNewestVersionIsWithdrawn(t *testing.T) {
	each(t, func(r room) {
		r.template("KIT-01", "PR", "QUA", "one\n")
		r.copy("KIT-01")
		r.publish("KIT-01", "two\n")
		err := r.WithdrawTemplate(officer, WithdrawTemplate{Code: "KIT-01", Number: "2.0"})
		r.refused("without a reason", err, qms.CodeInvalid, "act.reason_missing")
		r.must(r.WithdrawTemplate(officer, WithdrawTemplate{Code: "KIT-01", Number: "2.0", Reason: "wrong file"}))
		sheet, err := r.TemplateByCode(writer, mic, "KIT-01")
		r.must(err)
		if sheet.Newest.Number().String() != "1.0" || sheet.State != AdoptedDraft {
			t.Errorf("newest %v, state %s", sheet.Newest.Number(), sheet.State)
		}
		_, err = r.OpenTemplate(writer, mic, "KIT-01", "2.0")
		r.refused("the withdrawn file", err, qms.CodeNotFound, "version.not_found")
		if three := r.publish("KIT-01", "three\n"); three.Number().String() != "3.0" {
			t.Errorf("a number is given twice: %v", three.Number())
		}
	})
}

func TestKit_RefusesWhatCannotBeATemplate(t *testing.T) {
	each(t, func(r room) {
		good := AddTemplate{Code: "KIT-01", French: "Modèle", Kind: "PR", File: r.templateFile("a.md", "text\n")}
		for key, spoil := range map[string]func(*AddTemplate){
			"template.file_missing":    func(a *AddTemplate) { a.File = nil },
			"document.title_missing":   func(a *AddTemplate) { a.French = " \x00 " },
			"code.malformed":           func(a *AddTemplate) { a.Code = "KIT\n01/.." },
			"input.required":           func(a *AddTemplate) { a.Code = "" },
			"code.part_missing":        func(a *AddTemplate) { a.Kind = "" },
			"code.part_malformed":      func(a *AddTemplate) { a.Process = "A-B" },
			"template.language":        func(a *AddTemplate) { a.Language = "de" },
			"template.place":           func(a *AddTemplate) { a.Place = -1 },
			"document.title_long":      func(a *AddTemplate) { a.English = strings.Repeat("x", 301) },
			"version.number_malformed": func(a *AddTemplate) { a.Number = "one" },
			"act.reason_long":          func(a *AddTemplate) { a.Description = strings.Repeat("x", 2001) },
		} {
			bad := good
			spoil(&bad)
			_, err := r.AddTemplate(officer, bad)
			r.refused(key, err, qms.CodeInvalid, key)
		}
		for what, who := range map[string]context.Context{"manager": chief, "quality lead": lead} {
			_, err := r.AddTemplate(who, good)
			r.refused(what, err, qms.CodeRefused, "right.missing")
			_, err = r.ReceiveTemplate(who, "a.md", strings.NewReader("x"))
			r.refused(what, err, qms.CodeRefused, "right.missing")
			_, err = r.Kit(who, "")
			r.refused(what, err, qms.CodeRefused, "right.missing")
		}
		_, err := r.ReceiveTemplate(officer, "a.docx", strings.NewReader("not a docx"))
		r.refused("a file that is not what its name says", err, qms.CodeInvalid, "file.mislabelled")
		_, err = r.ReceiveTemplate(officer, "empty.md", strings.NewReader(""))
		r.refused("an empty file", err, qms.CodeInvalid, "file.empty")
		_, err = r.AddTemplate(officer, good)
		r.must(err)
		good.Code = " kit-01 "
		_, err = r.AddTemplate(officer, good)
		r.refused("the same code twice", err, qms.CodeInvalid, "template.code_taken")
		_, err = r.PublishTemplate(officer, PublishTemplate{Code: "KIT-01", File: good.File})
		r.refused("without saying what changed", err, qms.CodeInvalid, "template.changes_missing")
		_, err = r.PublishTemplate(officer, PublishTemplate{Code: "KIT-01", Number: "0.9", Changes: "x", File: good.File})
		r.refused("a number before", err, qms.CodeInvalid, "version.number_before")
		_, err = r.PublishTemplate(officer, PublishTemplate{Code: "KIT-99", Changes: "x", File: good.File})
		r.refused("no such template", err, qms.CodeNotFound, "template.not_found")
	})
}

func TestKit_GivesACodeOnceWhoeverIsFirst(t *testing.T) {
	each(t, func(r room) {
		file := r.templateFile("a.md", "text\n")
		errs := make([]error, 8)
		var wait sync.WaitGroup
		for i := range errs {
			wait.Go(func() {
				_, errs[i] = r.AddTemplate(officer, AddTemplate{Code: "KIT-01", French: fmt.Sprint("Modèle ", i), Kind: "PR", File: file})
			})
		}
		wait.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
				continue
			}
			r.refused("the same code at the same time", err, qms.CodeInvalid, "template.code_taken")
		}
		kit, err := r.Kit(officer, "")
		r.must(err)
		if made != 1 || len(kit) != 1 {
			t.Errorf("%d were made, %d are there", made, len(kit))
		}
	})
}

func TestKit_RefusesACopyThatCannotBe(t *testing.T) {
	each(t, func(r room) {
		r.template("KIT-01", "PR", "QUA", "one\n")
		r.template("KIT-02", "PR", "QUA", "two\n")
		r.template("KIT-03", "ZZ", "QUA", "of a kind that the platform does not have\n")
		d, _ := r.create("PR", "QUA", "Here", "here\n")
		r.must(r.WithdrawTemplate(officer, WithdrawTemplate{Code: "KIT-02", Reason: "no use"}))
		ask := func(lines ...CopyLine) error {
			_, err := r.CopyKit(writer, CopyKit{Platform: mic, Lines: lines})
			return err
		}
		r.refused("nothing", ask(), qms.CodeInvalid, "kit.nothing_chosen")
		r.refused("withdrawn", ask(CopyLine{Template: "KIT-01"}, CopyLine{Template: "KIT-02"}), qms.CodeInvalid, "template.withdrawn")
		r.refused("unknown", ask(CopyLine{Template: "\x00"}), qms.CodeInvalid, "template.not_found")
		r.refused("taken", ask(CopyLine{Template: "KIT-01", Code: d.Code}), qms.CodeInvalid, "code.taken")
		r.refused("unknown kind", ask(CopyLine{Template: "KIT-03"}), qms.CodeInvalid, "kind.unknown")
		r.refused("too many", ask(make([]CopyLine, maxCopies+1)...), qms.CodeInvalid, "kit.too_many")
		_, err := r.CopyKit(stranger, CopyKit{Platform: mic, Lines: []CopyLine{{Template: "KIT-01"}}})
		r.refused("of another platform", err, qms.CodeNotFound, "platform.not_found")
		_, err = r.CopyKit(reader, CopyKit{Platform: mic, Lines: []CopyLine{{Template: "KIT-01"}}})
		r.refused("who may only read", err, qms.CodeRefused, "right.missing")
		var e *qms.Error
		if err := ask(CopyLine{Template: "KIT-01"}, CopyLine{Template: "KIT-01", Code: "A/B", Again: true}); !errors.As(err, &e) || e.Fields[0].Name != "lines.2.code" {
			t.Errorf("the line at fault is not named: %v", err)
		}
		if list, err := r.MasterList(writer, mic, Filter{}, qms.Cursor{}); err != nil || len(list.Items) != 1 {
			t.Errorf("a refused act left documents: %v", err)
		}
		r.copy("KIT-01")
		r.refused("twice", ask(CopyLine{Template: "KIT-01"}), qms.CodeInvalid, "kit.copied_already")
		r.must(ask(CopyLine{Template: "KIT-01", Again: true}))
	})
}

func TestKit_LinksADocumentThatWasThereBefore(t *testing.T) {
	each(t, func(r room) {
		r.template("KIT-01", "PR", "QUA", "one\n")
		d, _ := r.create("PR", "QUA", "Here", "here\n")
		r.publish("KIT-01", "two\n")
		_, err := r.LinkKit(writer, LinkKit{Platform: mic, Document: d.ID, Template: "KIT-09"})
		r.refused("unknown", err, qms.CodeInvalid, "template.not_found")
		_, err = r.LinkKit(writer, LinkKit{Platform: mic, Document: d.ID, Template: "KIT-01", Number: "9.0"})
		r.refused("unknown version", err, qms.CodeInvalid, "version.not_found")
		_, err = r.LinkKit(writer, LinkKit{Platform: mic, Document: d.ID, Template: "KIT-01", Number: "1.0", Reason: "written after it"})
		r.must(err)
		_, err = r.LinkKit(writer, LinkKit{Platform: mic, Document: d.ID, Template: "KIT-01"})
		r.refused("twice", err, qms.CodeConflict, "kit.linked_already")
		if behind, err := r.KitBehind(writer, mic); err != nil || len(behind) != 1 || !behind[0].Linked {
			t.Errorf("behind %+v %v", behind, err)
		}
		r.refused("a member", r.UnlinkKit(writer, mic, d.ID, "mistake"), qms.CodeRefused, "right.missing")
		r.must(r.UnlinkKit(lead, mic, d.ID, "mistake"))
		o, err := r.KitOriginOf(writer, mic, d.ID)
		r.must(err)
		if o.Copy != nil {
			t.Error("it is a copy still")
		}
		r.refused("twice", r.UnlinkKit(lead, mic, d.ID, "mistake"), qms.CodeNotFound, "kit.no_copy")
	})
}

func TestKit_LetsAPlatformDeclineATemplate(t *testing.T) {
	each(t, func(r room) {
		r.template("KIT-01", "PR", "QUA", "one\n")
		r.refused("without a reason", r.DeclineKit(writer, mic, "KIT-01", " "), qms.CodeInvalid, "act.reason_missing")
		r.must(r.DeclineKit(writer, mic, "KIT-01", "We have no equipment"))
		r.refused("twice", r.DeclineKit(writer, mic, "KIT-01", "again"), qms.CodeConflict, "kit.declined_already")
		state := func() Adopted {
			sheet, err := r.TemplateByCode(writer, mic, "KIT-01")
			r.must(err)
			return sheet.State
		}
		if state() != AdoptedNot {
			t.Errorf("declined, and %s", state())
		}
		r.must(r.ResumeKit(writer, mic, "KIT-01", "We bought some"))
		if state() != NotAdopted {
			t.Errorf("resumed, and %s", state())
		}
		r.refused("twice", r.ResumeKit(writer, mic, "KIT-01", "again"), qms.CodeConflict, "kit.not_declined")
		r.copy("KIT-01")
		r.refused("a template that was copied", r.DeclineKit(writer, mic, "KIT-01", "no"), qms.CodeConflict, "kit.copied_already")
	})
}

func TestKit_ShowsAdoptionAtAGlance(t *testing.T) {
	each(t, func(r room) {
		for _, code := range []string{"KIT-01", "KIT-02", "KIT-03", "KIT-04", "KIT-05"} {
			r.template(code, "PR", "QUA", code+" one\n")
		}
		made := r.copy("KIT-01", "KIT-02", "KIT-03")
		for _, d := range made[:2] {
			r.approve(&r.sheet(writer, d.Code).Versions[0].Version, 0)
		}
		r.publish("KIT-02", "two\n")
		r.must(r.DeclineKit(writer, mic, "KIT-04", "no"))
		all, err := r.Adoption(officer, []qms.ID{mic, cyt})
		r.must(err)
		want := []Adopted{AdoptedInForce, AdoptedBehind, AdoptedDraft, AdoptedNot, NotAdopted}
		for i, cell := range all.Cells[mic] {
			if cell.State != want[i] || all.Cells[cyt][i].State != NotAdopted {
				t.Errorf("%s: %s here, %s there; want %s", all.Templates[i].Code, cell.State, all.Cells[cyt][i].State, want[i])
			}
		}
		if n := all.Tally(mic); n[AdoptedInForce] != 1 || n[NotAdopted] != 1 {
			t.Errorf("tally %v", n)
		}
		_, err = r.Adoption(chief, []qms.ID{mic})
		r.refused("a manager", err, qms.CodeRefused, "right.missing")
	})
}

func TestKit_FallsDueSixtyDaysAfterTheTemplateMovedOn(t *testing.T) {
	day := qms.MustDate("2026-03-01")
	v1 := &KitVersion{Row: qms.Row{ID: "v1"}, Template: "t", Major: 1, PublishedOn: day.AddDays(-100)}
	v2 := &KitVersion{Row: qms.Row{ID: "v2"}, Template: "t", Major: 2, PublishedOn: day}
	kit := map[qms.ID]*KitHeld{"t": {KitTemplate{Row: qms.Row{ID: "t"}, Code: "KIT-01"}, []*KitVersion{v2, v1}}}
	docs := map[qms.ID]*Document{"d": {Row: qms.Row{ID: "d"}, Code: "PR-QUA-001", Title: "Documents", Owner: "p"}}
	copied := &KitCopy{Row: qms.Row{ID: "c", Platform: mic}, Document: "d", Template: "t", Version: "v1", CopiedOn: day.AddDays(-50)}
	answer := &KitAnswer{Template: "t", Version: "v2", Copy: "c", Answer: NotApplicable, AnsweredOn: day.AddDays(5)}
	ask := func(asOf, until int, answers ...*KitAnswer) []qms.Due {
		return kitDue(kit, []*KitCopy{copied}, answers, docs, day.AddDays(asOf), day.AddDays(until))
	}
	due := ask(0, 60)
	if len(due) != 1 || due[0].On != day.AddDays(60) || due[0].Person != "p" || due[0].Key != "kit:c:v2" || strings.Join(due[0].Parts, "/") != "documents/PR-QUA-001/kit" {
		t.Fatalf("due %+v", due)
	}
	for what, n := range map[string]int{
		"before it was published":         len(ask(-1, 100)),
		"not yet":                         len(ask(0, 59)),
		"answered":                        len(ask(5, 100, answer)),
		"of a document out of reach":      len(kitDue(kit, []*KitCopy{copied}, nil, nil, day, day.AddDays(100))),
		"of a copy made after the newest": len(kitDue(kit, []*KitCopy{{Row: qms.Row{ID: "e"}, Document: "d", Template: "t", Version: "v2"}}, nil, docs, day, day.AddDays(100))),
	} {
		if n != 0 {
			t.Errorf("%s: %d due", what, n)
		}
	}
	if len(ask(4, 100, answer)) != 1 {
		t.Error("on a day before the answer it was due")
	}
	copied.CopiedOn = day.AddDays(30)
	if late := ask(30, 100); len(late) != 1 || late[0].On != day.AddDays(90) {
		t.Errorf("linked afterwards: %+v", late)
	}
	v2.EndedOn = day.AddDays(10)
	if len(ask(30, 100)) != 0 {
		t.Error("a version that was withdrawn is asked about")
	}
}

func TestKit_ListsWhatFallsDueOfAllPlatformsAtOnce(t *testing.T) {
	each(t, func(r room) {
		r.template("KIT-01", "PR", "QUA", "one\n")
		d := r.copy("KIT-01")[0]
		storetest.ClockOf(r.db).Advance(time.Hour)
		v := r.publish("KIT-01", "two\n")
		due, err := r.kitDuesOf(officer, v.PublishedOn.AddDays(KitAnswerDays))
		r.must(err)
		if len(due) != 1 || due[0].Title != d.Code+" "+d.Title || due[0].Platform != mic {
			t.Errorf("due %+v", due)
		}
	})
}

// kitDuesOf is what is due of the kit among all that is due of documents.
func (r room) kitDuesOf(ctx context.Context, until qms.Date) (due []qms.Due, err error) {
	err = r.db.View(ctx, keepKit, func(rd store.Reader) error {
		due, err = r.Dues(ctx, rd, nil, rd.Today(), until)
		return err
	})
	return slices.DeleteFunc(due, func(d qms.Due) bool { return d.Kind != "kit" }), err
}

func TestKit_TakesAFolderOfTemplatesAllOrNothing(t *testing.T) {
	each(t, func(r room) {
		line := func(code, body string) AddTemplate {
			return AddTemplate{Code: code, French: "Modèle " + code, Kind: "PR", Changes: "imported", File: r.templateFile(code+".md", body)}
		}
		ask := func(dry bool, lines ...AddTemplate) []TemplateTaken {
			t.Helper()
			taken, err := r.ImportTemplates(officer, lines, dry)
			r.must(err)
			return taken
		}
		count := func() int {
			kit, err := r.Kit(officer, "")
			r.must(err)
			return len(kit)
		}
		one, two := line("KIT-01", "one\n"), line("KIT-02", "two\n")
		if taken := ask(true, one, two); taken[1].Fate != TemplateAdded || count() != 0 {
			t.Errorf("a dry run: %+v, %d in the kit", taken, count())
		}
		bad := two
		bad.Kind = ""
		if taken := ask(false, one, bad); len(taken[1].Wrong) != 1 || count() != 0 {
			t.Errorf("one is wrong: %+v, %d in the kit", taken, count())
		}
		if taken := ask(false, one, one); len(taken[1].Wrong) != 1 || taken[1].Wrong[0].Key != "template.code_twice" || count() != 0 {
			t.Errorf("twice: %+v", taken)
		}
		ask(false, one, two)
		if taken := ask(false, line("kit-01", "one\n"), line("KIT-02", "better\n")); taken[0].Fate != TemplateSame || taken[1].Fate != TemplatePublished || taken[1].Number.String() != "2.0" {
			t.Errorf("again: %+v", taken)
		}
		_, err := r.ImportTemplates(chief, []AddTemplate{one}, true)
		r.refused("a manager", err, qms.CodeRefused, "right.missing")
	})
}

// TestKit_TakesRealDocumentsAsTemplates copies ten documents of a real quality management system and holds
// every copy to its template: the same file, and the same words.
func TestKit_TakesRealDocumentsAsTemplates(t *testing.T) {
	folder := filepath.Join(real(t), "documents", "qms")
	var paths []string
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && len(paths) < 10 {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d documents: %v", len(paths), err)
	}
	each(t, func(r room) {
		cmd := CopyKit{Platform: mic}
		for i, path := range paths {
			body, err := os.ReadFile(path)
			r.must(err)
			file, err := r.ReceiveTemplate(officer, filepath.Base(path), bytes.NewReader(body))
			r.must(err)
			code := fmt.Sprintf("KIT-%02d", i+1)
			_, err = r.AddTemplate(officer, AddTemplate{Code: code, English: filepath.Base(path), Kind: "PR", Process: "QMS", Language: "en", File: &file})
			r.must(err)
			cmd.Lines = append(cmd.Lines, CopyLine{Template: code})
		}
		made, err := r.CopyKit(writer, cmd)
		r.must(err)
		for i, d := range made {
			v := r.sheet(writer, d.Code).Versions[0]
			opened, err := r.Open(writer, mic, v.ID)
			r.must(err)
			got, err := io.ReadAll(opened)
			r.must(errors.Join(err, opened.Close()))
			want, err := os.ReadFile(paths[i])
			r.must(err)
			if !bytes.Equal(got, want) {
				t.Errorf("%s: the file was touched", paths[i])
			}
			c, err := r.CompareKit(writer, mic, d.ID, true)
			r.must(err)
			if !c.SameFile || c.Missing || c.Changed+c.Added+c.Removed != 0 || c.Same == 0 {
				t.Errorf("%s: beside its template %d lines are the same, missing %t", paths[i], c.Same, c.Missing)
			}
		}
	})
}

// TestKit_AsksLittleHoweverManyPlatforms counts the statements of the adoption of 128 platforms and 60
// templates, one in ten copied.
func TestKit_AsksLittleHoweverManyPlatforms(t *testing.T) {
	each(t, func(r room) {
		file := r.templateFile("a.md", "text\n")
		var lines []AddTemplate
		for i := range 60 {
			lines = append(lines, AddTemplate{Code: fmt.Sprintf("KIT-%02d", i+1), French: "Modèle", Kind: "PR", Process: "QUA", File: file})
		}
		_, err := r.ImportTemplates(officer, lines, false)
		r.must(err)
		var platforms []qms.ID
		for i := range 128 {
			platform := qms.ID(fmt.Sprintf("00000000-0000-7000-9400-%012d", i))
			platforms = append(platforms, platform)
			cmd := CopyKit{Platform: platform}
			for j := i % 10; j < 60; j += 20 {
				cmd.Lines = append(cmd.Lines, CopyLine{Template: fmt.Sprintf("KIT-%02d", j+1)})
			}
			_, err := r.CopyKit(officer, cmd)
			r.must(err)
		}
		ctx, counter := store.CountStatements(officer)
		all, err := r.Adoption(ctx, platforms)
		r.must(err)
		if n := counter.Count(); n > 4 {
			t.Errorf("%d statements", n)
		}
		if len(all.Cells) != 128 || len(all.Cells[platforms[7]]) != 60 || all.Tally(platforms[7])[AdoptedDraft] != 3 {
			t.Errorf("%d platforms, %v", len(all.Cells), all.Tally(platforms[7]))
		}
	})
}
