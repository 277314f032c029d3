package documents

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maillon/documents/vault/dir"
	"maillon/documents/words"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/store/storetest"
)

// real is a folder of documents of a quality management system, beside the repository; tests that
// want it are left out where it is not.
func real(t *testing.T) string {
	t.Helper()
	for folder := ".."; len(folder) < 40; folder = filepath.Join("..", folder) {
		if found := filepath.Join(folder, "shared", "real"); isFolder(found) {
			return found
		}
	}
	t.Skip("no folder of real documents here")
	return ""
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// bookcase is the real documents on every engine, in one order.
type bookcase struct {
	rooms []room
	texts map[string]string // by code
	codes []string
}

func openBookcase(t *testing.T) *bookcase {
	t.Helper()
	folder := real(t)
	l := &bookcase{texts: map[string]string{}}
	var files []ImportedFile
	for _, engine := range storetest.Engines() {
		v, err := dir.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		db := storetest.Open(t, engine)
		r := room{New(db, v, crew{}), t, db, v}
		if files == nil {
			for _, under := range []string{"documents", "conventions"} {
				files = append(files, r.receiveAll(filepath.Join(folder, under))...)
			}
		}
		act := qms.Act{Name: "documents.import", Needs: qms.ImportRegisters.On(mic), Platform: mic}
		r.must(db.Change(lead, act, func(tx *store.Tx) error {
			taken, _, err := TakeFiles(lead, tx, files)
			if err == nil && len(l.codes) == 0 {
				for i, f := range taken {
					l.codes = append(l.codes, f.Code)
					l.texts[f.Code] = files[i].File.Text.Body
				}
			}
			return err
		}))
		l.rooms = append(l.rooms, r)
	}
	return l
}

func (r room) receiveAll(folder string) (files []ImportedFile) {
	r.t.Helper()
	r.must(filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "LICENSE.md" {
			return err
		}
		content, err := os.Open(path)
		if err != nil {
			return err
		}
		defer content.Close()
		file, err := r.Receive(lead, mic, d.Name(), content)
		name, _ := filepath.Rel(folder, path)
		files = append(files, ImportedFile{Path: filepath.ToSlash(name), File: file, GuessedKind: "PR", GuessedProcess: "QUA"})
		return err
	}))
	return files
}

// plainWords are the words of a text as somebody would pick them to find it again.
func plainWords(text string) (all []string) {
	words.New().Each(text, func(w words.Word) bool {
		if !w.Little() && len(w.Form) > 4 && !strings.ContainsAny(w.Form, "0123456789") {
			all = append(all, text[w.Start:w.End])
		}
		return true
	})
	return all
}

// telling are the words that stand most often in a text and in few others.
func (l *bookcase) telling() map[string][]string {
	in := map[string]int{}
	times := map[string]map[string]int{}
	for code, text := range l.texts {
		times[code] = map[string]int{}
		for _, w := range plainWords(text) {
			form := words.Fold(w)
			if times[code][form]++; times[code][form] == 1 {
				in[form]++
			}
		}
	}
	told := map[string][]string{}
	for code, of := range times {
		forms := sortedKeys(of)
		slices.SortStableFunc(forms, func(a, b string) int { return of[b]*in[a] - of[a]*in[b] })
		told[code] = forms[:min(3, len(forms))]
	}
	return told
}

// everyPage are the codes of all pages.
func (r room) everyPage(ctx context.Context, typed string) (codes []string, shown []string) {
	r.t.Helper()
	cursor := qms.Cursor{Size: 20}
	for range 20 {
		found, err := r.Search(ctx, Search{Platform: mic, Query: typed}, cursor)
		r.must(err)
		for _, h := range found.Items {
			codes = append(codes, h.Code)
			shown = append(shown, fmt.Sprint(h.Code, " ", h.Number, " ", h.State, " ", h.Heading, h.Snippets))
		}
		if cursor.After = found.Next; cursor.After == "" {
			return codes, shown
		}
	}
	r.t.Errorf("%q has no end", typed)
	return codes, shown
}

func TestSearch_AReaderFindsAnyRealDocumentByThreeWordsOfItsText(t *testing.T) {
	t.Parallel()
	l := openBookcase(t)
	telling := l.telling()
	for _, r := range l.rooms {
		first, ten, any, anyTen := 0, 0, 0, 0
		for _, code := range l.codes {
			codes, _ := r.everyPage(reader, strings.Join(telling[code], " "))
			switch at := slices.Index(codes, code); {
			case at == 0:
				first++
				ten++
			case at > 0 && at < 10:
				ten++
			default:
				t.Errorf("%s by %v: at %d of %d", code, telling[code], at, len(codes))
			}
			all := plainWords(l.texts[code])
			for i := range 3 { // and by any three words, wherever they stand
				typed := strings.Join([]string{all[len(all)*(i+1)/10], all[len(all)*(i+4)/10], all[len(all)*(i+7)/10]}, " ")
				codes, _ := r.everyPage(reader, typed)
				any++
				switch at := slices.Index(codes, code); {
				case at < 0:
					t.Errorf("%s is not found by %s", code, typed)
				case at < 10:
					anyTen++
				}
			}
		}
		t.Logf("%s: of %d documents %d are first and %d among the first ten by three telling words; %d of %d among the first ten by any three words",
			r.db.Engine(), len(l.codes), first, ten, anyTen, any)
	}
}

// typedOf are many questions that one could type about the texts.
func (l *bookcase) typedOf() (typed []string) {
	for i, code := range l.codes {
		if i%3 != 0 {
			continue
		}
		all := plainWords(l.texts[code])
		at := func(k int) string { return all[(len(all)*k/10+i)%len(all)] }
		raw := strings.Fields(l.texts[code])
		phrase := strings.Join(raw[len(raw)/2:min(len(raw), len(raw)/2+4)], " ")
		typed = append(typed, code, strings.ReplaceAll(code, "-", " "), at(1), at(2)+" "+at(5), at(3)+"s ", strings.ToUpper(at(4)),
			at(6)[:4], at(7)+" -"+at(8), `"`+phrase+`"`, phrase, at(5)+" "+at(9)[:3], `"`+at(1)+" "+at(2)+`"`)
	}
	return append(typed, "label", "labellisation", "labellisées", "évaluation", "evaluations", "plateforme", "l’accompagnement", "d'évaluation", "qualité",
		"the", "le", "de la", "of the", "-", `"`, `""`, "- -", `"a`, "ISO 13485", "ISO13485", "iso-13485", "software risk", "risk -software", "procédure", "proc",
		"risk management file", `"risk management file"`, `-"risk management"`, "verified", "verification", "verify", "a*", "(x OR y)", "'; --", "\x00", "é\xff", "NEAR(a b)", "{a b}:c", "^a", "ﷺ")
}

func TestSearch_BothEnginesFindTheSame(t *testing.T) {
	t.Parallel()
	l := openBookcase(t)
	if len(l.rooms) < 2 {
		t.Skip("one engine only")
	}
	hits, none := 0, 0
	typed := l.typedOf()
	for _, typed := range typed {
		one, shown := l.rooms[0].everyPage(reader, typed)
		other, alike := l.rooms[1].everyPage(reader, typed)
		if diff := cmp.Diff(one, other); diff != "" {
			t.Errorf("%q: %s", typed, diff)
		} else if diff := cmp.Diff(shown, alike); diff != "" {
			t.Errorf("%q: %s", typed, diff)
		}
		hits += len(one)
		if len(one) == 0 {
			none++
		}
	}
	t.Logf("%d questions, %d hits, %d questions without any", len(typed), hits, none)
}

func TestSearch_APhraseOfATextFindsIt(t *testing.T) {
	t.Parallel()
	l := openBookcase(t)
	for _, code := range l.codes {
		raw := strings.Fields(l.texts[code])
		phrase := strings.ReplaceAll(strings.Join(raw[len(raw)/3:min(len(raw), len(raw)/3+5)], " "), `"`, "")
		if len(plainWords(phrase)) == 0 {
			continue
		}
		for _, r := range l.rooms {
			if codes, _ := r.everyPage(reader, `"`+phrase+`" `); !slices.Contains(codes, code) {
				t.Errorf("%s on %s: not found by %q", code, r.db.Engine(), phrase)
			}
		}
	}
}
