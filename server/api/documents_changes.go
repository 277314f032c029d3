package api

import (
	"context"
	"net/url"

	"maillon/documents"
	"maillon/qms"
)

// comparisons set two days, and two versions of a document, side by side.
func (a *API) comparisons() {
	const all = "/platforms/{platform}"
	register(a, get(all+"/document-changes", "list-document-changes", "What changed in the documents between two days", "documents"), a.documentChanges)
	register(a, get(all+"/documents/{document}/comparison", "compare-versions", "The texts of two versions, line against line and word against word", "documents"), a.compareVersions)
}

// DocumentChanges is what changed between two days. Only what was in force counts.
type DocumentChanges struct {
	From      qms.Date          `json:"from" format:"date"`
	To        qms.Date          `json:"to" format:"date"`
	Before    int               `json:"in_force_before" doc:"Documents in force on the first day"`
	After     int               `json:"in_force_after" doc:"Documents in force on the second day"`
	Changed   int               `json:"changed" doc:"Documents that changed, whatever the filters"`
	Unchanged int               `json:"unchanged" doc:"Documents in force on both days of which nothing changed"`
	Overdue   int               `json:"overdue" doc:"Documents in force on the second day whose review was due before it"`
	Items     []ChangedDocument `json:"items" doc:"By code, as the filters let them through"`
}

// ChangedDocument is one document that changed.
type ChangedDocument struct {
	ID      qms.ID                 `json:"id"`
	Code    string                 `json:"code" example:"PR-ACH-003"`
	Changes []documents.ChangeKind `json:"changes" doc:"new, version, ended, retitled, reclassified, late"`
	Before  *DocumentThen          `json:"before,omitempty" doc:"Absent when nothing was in force on the first day"`
	After   *DocumentThen          `json:"after,omitempty" doc:"Absent when nothing was in force on the second day"`
	Steps   []VersionStep          `json:"steps" doc:"Versions that took effect after the first day and by the second, oldest first"`
	EndedOn qms.Date               `json:"ended_on,omitzero" format:"date"`
	Remark  string                 `json:"remark,omitempty" doc:"Why it was withdrawn"`
	Late    []LateDocumentReview   `json:"late_reviews,omitempty"`
}

// DocumentThen is how a document stood on a day.
type DocumentThen struct {
	Version string `json:"version" example:"2.0"`
	Title   string `json:"title"`
	Kind    string `json:"kind"`
	Process string `json:"process"`
}

// VersionStep is a version that took effect.
type VersionStep struct {
	Version       string   `json:"version" example:"2.0"`
	EffectiveFrom qms.Date `json:"effective_from" format:"date"`
	Reason        string   `json:"reason,omitempty"`
	ApproverName  string   `json:"approver_name,omitempty"`
}

// LateDocumentReview is a periodic review that came after its date.
type LateDocumentReview struct {
	DueOn  qms.Date `json:"due_on" format:"date"`
	DoneOn qms.Date `json:"done_on" format:"date"`
	Days   int      `json:"days" doc:"How many days late"`
}

type documentChanges struct {
	InPlatform
	From    string               `query:"from" format:"date" doc:"24 months before the second day when absent"`
	To      string               `query:"to" format:"date" doc:"Today when absent"`
	Process string               `query:"process" maxLength:"12" doc:"Only documents that belonged to it on either day"`
	Change  documents.ChangeKind `query:"change" enum:"new,version,ended,retitled,reclassified,late"`
}

type documentChangesAnswer struct{ Body DocumentChanges }

func (a *API) documentChanges(ctx context.Context, in *documentChanges) (*documentChangesAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	cmd := documents.CompareDays{Platform: p.ID, Process: in.Process, Kind: in.Change}
	for _, day := range []struct {
		name, text string
		into       *qms.Date
	}{{"from", in.From, &cmd.From}, {"to", in.To, &cmd.To}} {
		if day.text == "" {
			continue
		}
		if *day.into, err = qms.ParseDate(day.text); err != nil {
			return nil, qms.InvalidFields(qms.Wrong(day.name, "value.not_a_date"))
		}
	}
	e, err := a.s.Documents.Evolution(ctx, cmd)
	if err != nil {
		return nil, err
	}
	body := DocumentChanges{From: e.From, To: e.To, Before: e.Before, After: e.After, Changed: e.Changed, Unchanged: e.Unchanged, Overdue: e.Overdue, Items: []ChangedDocument{}}
	for _, row := range e.Rows {
		body.Items = append(body.Items, renderEvolved(row))
	}
	return &documentChangesAnswer{body}, nil
}

func renderEvolved(e documents.Evolved) ChangedDocument {
	c := ChangedDocument{ID: e.Of.ID, Code: e.Of.Code, Changes: e.Changed, Before: renderThen(e.Before), After: renderThen(e.After), Steps: []VersionStep{}, EndedOn: e.EndedOn, Remark: e.Remark}
	for _, v := range e.Steps {
		c.Steps = append(c.Steps, VersionStep{v.Number().String(), v.EffectiveFrom, v.Reason, e.Approver[v.Approver]})
	}
	for _, l := range e.Late {
		c.Late = append(c.Late, LateDocumentReview{l.DueOn, l.DoneOn, l.Days()})
	}
	return c
}

func renderThen(t *documents.Then) *DocumentThen {
	if t == nil {
		return nil
	}
	return &DocumentThen{t.Version.Number().String(), t.Title, t.Kind, t.Process}
}

// VersionComparison is the texts of two versions side by side. Unchanged lines far from any change are
// left out and counted.
type VersionComparison struct {
	Code     string    `json:"code" example:"PR-ACH-003"`
	From     string    `json:"from,omitempty" doc:"Absent when nothing comes before" example:"1.0"`
	To       string    `json:"to" example:"2.0"`
	SameFile bool      `json:"same_file" doc:"Both have the very same file"`
	Missing  string    `json:"missing,omitempty" doc:"The version whose text is not known: nothing was compared"`
	Changed  int       `json:"changed" doc:"Lines on both sides with other words"`
	Added    int       `json:"added" doc:"Lines"`
	Removed  int       `json:"removed" doc:"Lines"`
	Same     int       `json:"same" doc:"Lines"`
	Cut      bool      `json:"cut" doc:"A text is longer than what is compared: only its beginning was"`
	Coarse   bool      `json:"coarse" doc:"Some passages were too different to be compared line by line or word by word"`
	More     int       `json:"more" doc:"Lines near a change that are not in this answer"`
	Hunks    []DocHunk `json:"hunks"`
}

// DocHunk is lines that stand together, and how many unchanged ones are left out after them.
type DocHunk struct {
	Lines   []DocHunkLine `json:"lines"`
	Skipped int           `json:"skipped"`
}

// DocHunkLine is one line of both sides.
type DocHunkLine struct {
	Kind    documents.RowKind `json:"kind" enum:"same,changed,added,removed"`
	OldLine int               `json:"old_line,omitempty" doc:"From 1"`
	NewLine int               `json:"new_line,omitempty" doc:"From 1"`
	Old     []DocHunkPiece    `json:"old,omitempty"`
	New     []DocHunkPiece    `json:"new,omitempty"`
}

// DocHunkPiece is a run of words.
type DocHunkPiece struct {
	Text string `json:"text"`
	Own  bool   `json:"own,omitempty" doc:"Only this side has it: deleted on the old one, inserted on the new one"`
}

type compareVersions struct {
	InDocument
	From string `query:"from" maxLength:"24" doc:"Number of a version; the one before the other when absent" example:"1.0"`
	To   string `query:"to" maxLength:"24" doc:"Number of a version; the newest when absent" example:"2.0"`
}

type versionComparisonAnswer struct{ Body VersionComparison }

// comparedLines is how many lines one answer holds.
const comparedLines = 5000

func (a *API) compareVersions(ctx context.Context, in *compareVersions) (*versionComparisonAnswer, error) {
	p, err := a.platform(ctx, in.Platform)
	if err != nil {
		return nil, err
	}
	code, err := url.PathUnescape(in.Document)
	if err != nil {
		return nil, qms.NotFound("document.not_found")
	}
	c, err := a.s.Documents.Compare(ctx, documents.Compare{Platform: p.ID, Code: code, From: in.From, To: in.To})
	if err != nil {
		return nil, err
	}
	return &versionComparisonAnswer{renderComparison(c)}, nil
}

func renderComparison(c *documents.Comparison) VersionComparison {
	out := VersionComparison{
		Code: c.Document.Code, SameFile: c.SameFile, Changed: c.Changed, Added: c.Added, Removed: c.Removed, Same: c.Same, Cut: c.Cut, Coarse: c.Coarse,
	}
	for number, e := range map[*string]*documents.Entry{&out.From: c.From, &out.To: c.To, &out.Missing: c.Missing} {
		if e != nil {
			*number = e.Number().String()
		}
	}
	out.Hunks, out.More = renderHunks(c.Difference)
	return out
}

// renderHunks is what changed, and how many lines near a change are left out.
func renderHunks(d *documents.Difference) ([]DocHunk, int) {
	folds, more := d.Folded(comparedLines)
	hunks := make([]DocHunk, 0, len(folds))
	for _, f := range folds {
		h := DocHunk{Lines: []DocHunkLine{}, Skipped: f.Skipped}
		for _, r := range f.Shown {
			h.Lines = append(h.Lines, DocHunkLine{r.Kind, r.OldN, r.NewN, renderPieces(r.Old), renderPieces(r.New)})
		}
		hunks = append(hunks, h)
	}
	return hunks, more
}

func renderPieces(pieces []documents.Piece) []DocHunkPiece {
	out := make([]DocHunkPiece, len(pieces))
	for i, p := range pieces {
		out[i] = DocHunkPiece{p.Text, p.Own}
	}
	return out
}
