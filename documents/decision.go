package documents

import (
	"context"
	"time"

	"maillon/qms"
	"maillon/qms/store"
)

// Verdict is what a person decided about a suggested link.
type Verdict string

// The verdicts. Undecided takes a decision back.
const (
	Undecided Verdict = ""
	Confirmed Verdict = "confirmed" // the text means that document: a link like any other
	Dismissed Verdict = "dismissed" // the words are only the same
)

// LinkDecision is what was decided about the suggested links from one document's texts to another. It
// holds for the versions to come as well, and whenever texts are read again.
type LinkDecision struct {
	qms.Row
	Document  qms.ID // whose text quotes
	Target    qms.ID // what is quoted
	Verdict   Verdict
	Person    qms.ID
	Name      string // of the person, as it was
	DecidedAt time.Time
	DecidedOn qms.Date
}

// DecideLink asks for a decision about the suggested links between two documents, by their codes.
type DecideLink struct {
	Platform qms.ID
	From     string
	To       string
	Verdict  Verdict
	Reason   string
}

// DecideLink confirms or dismisses a suggestion, or takes that back. A link by code is not a matter of
// opinion and is refused.
func (s *Service) DecideLink(ctx context.Context, cmd DecideLink) (*LinkDecision, error) {
	switch cmd.Verdict {
	case Undecided, Confirmed, Dismissed:
	default:
		return nil, qms.InvalidFields(qms.Wrong("verdict", "link.verdict", string(cmd.Verdict)))
	}
	var d *LinkDecision
	act := qms.Act{Name: "link.decide", Needs: qms.WriteDocuments.On(cmd.Platform), Platform: cmd.Platform, Reason: tidy(cmd.Reason)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		from, to, err := suggestedBetween(ctx, tx, cmd)
		if err != nil {
			return err
		}
		if d, err = decisionBetween(ctx, tx, cmd.Platform, from, to); err != nil {
			return err
		}
		if d.Verdict == cmd.Verdict {
			return nil
		}
		d.Verdict, d.Person, d.Name, d.DecidedAt, d.DecidedOn = cmd.Verdict, tx.Actor().ID, tx.Actor().Name, tx.Now(), tx.Today()
		if d.Revision == 0 {
			return tx.Insert(ctx, d)
		}
		return tx.Update(ctx, d)
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// suggestedBetween finds the two documents and makes sure that a text of the one suggests the other.
func suggestedBetween(ctx context.Context, r store.Reader, cmd DecideLink) (from, to qms.ID, err error) {
	var ends [2]*Document
	for i, code := range []string{cmd.From, cmd.To} {
		tidy, err := TidyCode(code)
		if err != nil {
			return "", "", qms.NotFound("document.not_found")
		}
		if ends[i], err = documentByCode(ctx, r, cmd.Platform, tidy); err != nil {
			return "", "", err
		}
	}
	links, err := linksBetween(ctx, r, cmd.Platform, ends[0].ID, ends[1].ID)
	if err != nil {
		return "", "", err
	}
	if len(links) == 0 {
		return "", "", qms.NotFound("link.not_found")
	}
	for _, l := range links {
		if l.Suggested {
			return ends[0].ID, ends[1].ID, nil
		}
	}
	return "", "", qms.Conflict("link.not_suggested", ends[0].Code, ends[1].Code)
}

// decisions are those of a platform, by both ends.
type decisions map[[2]qms.ID]*LinkDecision

func decisionsOf(ctx context.Context, r store.Reader, platform, document qms.ID) (decisions, error) {
	rows, err := decisionsOn(ctx, r, platform, document)
	all := decisions{}
	for _, d := range rows {
		all[[2]qms.ID{d.Document, d.Target}] = d
	}
	return all, err
}

// about is the decision that held on the day about what the link suggests; nil when there was none.
func (all decisions) about(l Link, day qms.Date) *LinkDecision {
	d := all[[2]qms.ID{l.Document, l.Target}]
	if d == nil || !l.Suggested || d.Verdict == Undecided || d.DecidedOn > day {
		return nil
	}
	return d
}
