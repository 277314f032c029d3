package audits

import (
	"context"
	"strings"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
	"maillon/qms/trace"
)

// Decision is an evaluator's answer on one link.
type Decision struct {
	Link   qms.ID
	Answer Answer
	Note   string
}

// Decide records an evaluator's answers on links of one item.
type Decide struct {
	Platform  qms.ID
	Exercise  string // its number
	Item      qms.ID
	Decisions []Decision
	Seconds   int64  // the evaluator took, for who keeps time elsewhere; zero leaves the clock to itself
	Stop      bool   // the clock of the item
	Next      qms.ID // the item whose clock starts then; none to start none
	Revision  int64  // of the item as the evaluator knows it; zero for whatever it is
}

// Decide keeps the answers, with who gave them and when; they may be given again until the exercise is
// concluded. Of two evaluators who answer one item at a time the second is told that it changed.
func (s *Service) Decide(ctx context.Context, cmd Decide) (*Sheet, error) {
	act := qms.Act{Name: "exercise.answer", Needs: qms.RunExercises.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Item}
	return s.changeSheet(ctx, act, cmd.Exercise, func(tx *store.Tx, sheet *Sheet) error {
		if err := sheet.judged(tx); err != nil {
			return err
		}
		if sheet.Exercise.State == Paused {
			return qms.Conflict("exercise.paused", sheet.Exercise.Number)
		}
		item := sheet.item(cmd.Item)
		if item == nil {
			return qms.NotFound("exercise.item_not_found")
		}
		if err := decide(ctx, tx, item, cmd); err != nil || cmd.Next == "" {
			return err
		}
		next := sheet.item(cmd.Next)
		if next == nil {
			return qms.NotFound("exercise.item_not_found")
		}
		if next.Ticks() { // somebody else is at it
			return nil
		}
		return sheet.start(ctx, tx, next)
	})
}

// decide changes the item with its links, so that its revision tells whether its answers moved.
func decide(ctx context.Context, tx *store.Tx, item *SheetItem, cmd Decide) error {
	if cmd.Revision != 0 && cmd.Revision != item.Revision {
		return qms.Conflict("exercise.item_changed", item.Number)
	}
	before := item.ExerciseItem
	if err := item.state(cmd.Seconds); err != nil {
		return err
	}
	changed, err := item.answer(ctx, tx, cmd.Decisions)
	if err != nil {
		return err
	}
	if cmd.Stop {
		item.stop(tx.Now())
	}
	if !changed && item.ExerciseItem == before {
		return nil
	}
	item.Answers++
	return tx.Update(ctx, &item.ExerciseItem)
}

// state takes the seconds that a program states of an item whose clock never ran here.
func (i *SheetItem) state(seconds int64) error {
	switch {
	case seconds == 0 || seconds == i.Seconds:
		return nil
	case seconds < 0 || seconds > maxSeconds:
		return qms.InvalidFields(qms.Wrong("seconds", "exercise.seconds_out_of_range"))
	case i.Seconds != 0 || i.Ticks():
		return qms.InvalidFields(qms.Wrong("seconds", "exercise.clock_ran"))
	}
	i.Seconds = seconds
	return nil
}

func (i *SheetItem) answer(ctx context.Context, tx *store.Tx, decisions []Decision) (changed bool, err error) {
	links := map[qms.ID]*ExerciseLink{}
	for n := range i.Links {
		links[i.Links[n].ID] = &i.Links[n]
	}
	for _, d := range decisions {
		link := links[d.Link]
		if link == nil {
			return false, qms.NotFound("exercise.link_not_found")
		}
		before := *link
		if err := link.decide(d.Answer, d.Note); err != nil {
			return false, err
		}
		if *link == before {
			continue
		}
		changed = true
		link.AnsweredBy, link.AnsweredName, link.AnsweredAt = tx.Actor().ID, tx.Actor().Name, tx.Now()
		if err := tx.Update(ctx, link); err != nil {
			return false, err
		}
	}
	return changed, nil
}

// decide notes the evaluator's decision on a link.
func (l *ExerciseLink) decide(answer Answer, note string) error {
	switch answer {
	case Found, Missing, Incoherent, NotApplicable:
	default:
		return qms.InvalidFields(qms.Wrong("answer-"+l.ID.String(), "exercise.unknown_answer", string(answer)))
	}
	if len(note) > maxNote {
		return qms.InvalidFields(qms.Wrong("note-"+l.ID.String(), "input.too_long", maxNote))
	}
	l.Answer, l.Note = answer, strings.TrimSpace(note)
	return nil
}

// maxNote is the longest note or remark, in bytes.
const maxNote = 4000

// AttachFile adds a file to an item, or to one of its links.
type AttachFile struct {
	Platform qms.ID
	Exercise string
	Subject  qms.ID // of the item or of the link
	File     *trace.EvidenceFile
	Remark   string
}

// AttachFile keeps a file beside an answer. The content is in the vault already (trace.Receive).
func (s *Service) AttachFile(ctx context.Context, cmd AttachFile) (file *trace.Evidence, err error) {
	act := qms.Act{Name: "exercise.attach", Needs: qms.RunExercises.On(cmd.Platform), Platform: cmd.Platform, Subject: cmd.Subject}
	_, err = s.changeSheet(ctx, act, cmd.Exercise, func(tx *store.Tx, sheet *Sheet) error {
		if err := sheet.judged(tx); err != nil {
			return err
		}
		if !sheet.holds(cmd.Subject) {
			return qms.NotFound("exercise.item_not_found")
		}
		file, err = trace.Attach(ctx, tx, trace.AddEvidence{Platform: cmd.Platform, Kind: trace.OfExercise, Subject: cmd.Subject,
			File: cmd.File, Remark: cmd.Remark})
		return err
	})
	return file, err
}

// holds reports whether it is one of the items or links.
func (s *Sheet) holds(id qms.ID) bool {
	for _, i := range s.Items {
		if i.ID == id {
			return true
		}
		for _, l := range i.Links {
			if l.ID == id {
				return true
			}
		}
	}
	return false
}

// subjects are the items and links, by which files are kept.
func (s *Sheet) subjects() []qms.ID {
	ids := make([]qms.ID, 0, len(s.Items)*6)
	for _, i := range s.Items {
		ids = append(ids, i.ID)
		for _, l := range i.Links {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

// FilesOf are the files of an item and of its links that count, the item's own first.
func (s *Sheet) FilesOf(i SheetItem) []trace.Evidence {
	var files []trace.Evidence
	for _, subject := range append([]qms.ID{i.ID}, linkIDs(i.Links)...) {
		for _, f := range s.Files[subject] {
			if f.Void == "" {
				files = append(files, f)
			}
		}
	}
	return files
}

func linkIDs(links []ExerciseLink) []qms.ID {
	ids := make([]qms.ID, len(links))
	for i, l := range links {
		ids[i] = l.ID
	}
	return ids
}

// signedFile is a file as a signature covers it.
type signedFile struct {
	Name   string       `json:"name"`
	SHA256 vault.Digest `json:"sha256"`
	At     time.Time    `json:"at"`
}
