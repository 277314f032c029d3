package documents

import (
	"context"
	"fmt"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// maxDisposed is how many contents one decision is about.
const maxDisposed = 200

// PassedFilter narrows the list of what has passed its retention.
type PassedFilter struct {
	On    qms.Date // today when none; a day to come shows what will have passed by then
	Kind  Item
	Query string // in label or title
}

// DisposalFilter narrows the history of decisions.
type DisposalFilter struct {
	Decision Decision
	Query    string // in the label, or the number of a decision
}

// Passed is one page of the contents whose retention has passed on the day and about which nothing was
// decided: superseded and withdrawn versions and records, the longest passed first. What is in force is
// never among them.
func (s *Service) Passed(ctx context.Context, platform qms.ID, f PassedFilter, c qms.Cursor) (page qms.Page[Passed], err error) {
	after, err := parsePosition(c.After)
	if err != nil {
		return page, err
	}
	if after != nil {
		if _, err := qms.ParseDate(after.Key); err != nil {
			return page, qms.Invalid("cursor.malformed")
		}
	}
	f.Kind, f.Query = Item(tidy(string(f.Kind))), tidy(f.Query)
	err = s.db.View(ctx, readRecords.On(platform), func(r store.Reader) error {
		if f.On == 0 {
			f.On = r.Today()
		}
		lines, err := passedPage(ctx, r, platform, f, after, c.Limit())
		page = qms.PageOf(lines, c.Limit(), func(l Passed) string {
			return position{Key: l.From.String(), Code: l.Label, ID: l.ID}.cursor()
		})
		return err
	})
	return page, err
}

// Disposals is one page of the decisions, the latest first.
func (s *Service) Disposals(ctx context.Context, platform qms.ID, f DisposalFilter, c qms.Cursor) (page qms.Page[Disposal], err error) {
	after, err := parsePosition(c.After)
	if err != nil {
		return page, err
	}
	f.Decision, f.Query = Decision(tidy(string(f.Decision))), tidy(f.Query)
	err = s.db.View(ctx, readRecords.On(platform), func(r store.Reader) error {
		lines, err := disposalPage(ctx, r, platform, f, after, c.Limit())
		page = qms.PageOf(lines, c.Limit(), func(d Disposal) string { return position{ID: d.ID}.cursor() })
		return err
	})
	return page, err
}

// Dispose decides what becomes of contents whose retention has passed: all of them, or nothing. The
// door has asked for the password again: the decision is signed, under the SHA-256 of each content.
//
// Nothing is deleted. Rows, digests and the trail stay for ever. Elimination closes the content for
// reading; its bytes stay in the vault, which has no delete, and the same bytes that another version or
// record holds stay readable there.
func (s *Service) Dispose(ctx context.Context, cmd Dispose) (made []Disposal, err error) {
	cmd.Reason = tidy(cmd.Reason)
	act := qms.Act{Name: "content.dispose", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform, Reason: cmd.Reason}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		made, err = s.dispose(ctx, tx, cmd)
		return err
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (s *Service) dispose(ctx context.Context, tx *store.Tx, cmd Dispose) ([]Disposal, error) {
	wrong := cmd.check(tx.Today())
	ids := slices.Compact(slices.Sorted(slices.Values(cmd.Items)))
	switch {
	case len(ids) == 0:
		wrong = append(wrong, qms.Wrong("items", "disposal.nothing_chosen"))
	case len(ids) > maxDisposed:
		wrong = append(wrong, qms.Wrong("items", "disposal.too_many", maxDisposed))
	}
	if len(wrong) > 0 {
		return nil, qms.InvalidFields(wrong...)
	}
	made, changed, err := decideVersions(ctx, tx, cmd, ids)
	if err != nil {
		return nil, err
	}
	more, others, err := decideRecords(ctx, tx, cmd, ids)
	if err != nil {
		return nil, err
	}
	if made, changed = append(made, more...), append(changed, others...); len(made) != len(ids) {
		return nil, qms.NotFound("disposal.unknown")
	}
	n, err := tx.Next(ctx, fmt.Sprintf("disposal-%d", tx.Today().Year()))
	if err != nil {
		return nil, err
	}
	rows := make([]qms.Record, len(made))
	for i := range made {
		d := &made[i]
		d.Number = fmt.Sprintf("SORT-%d-%03d", tx.Today().Year(), n)
		d.Decision, d.KeepUntil, d.Place, d.Reason = cmd.Decision, cmd.KeepUntil, cmd.Place, cmd.Reason
		d.Person, d.Name, d.DecidedOn, d.DecidedAt = tx.Actor().ID, tx.Actor().Name, tx.Today(), tx.Now()
		d.Zone, d.SignedDigest = tx.Zone(), d.signed(d.Content)
		rows[i] = d
	}
	if err := tx.Insert(ctx, rows...); err != nil {
		return nil, err
	}
	return made, tx.Update(ctx, changed...)
}

// decideVersions decides about the versions among the contents.
func decideVersions(ctx context.Context, tx *store.Tx, cmd Dispose, ids []qms.ID) (made []Disposal, changed []qms.Record, err error) {
	versions, err := someVersions(ctx, tx, cmd.Platform, ids)
	if err != nil {
		return nil, nil, err
	}
	documents, err := documentsByID(ctx, tx, cmd.Platform, documentIDs(versions))
	if err != nil {
		return nil, nil, err
	}
	for _, v := range versions {
		d := documents[v.Document]
		label := d.Code + " v" + v.Number().String()
		end, err := cmd.passed(v.KeptOn(tx.Today(), d.RetentionMonths), label, tx.Today())
		if err != nil {
			return nil, nil, err
		}
		v.decide(cmd, tx.Today())
		made = append(made, Disposal{Kind: ItemVersion, Item: v.ID, Label: label, Title: d.Title, DueOn: end, Content: v.Content})
		changed = append(changed, v)
	}
	return made, changed, nil
}

// decideRecords decides about the records among the contents.
func decideRecords(ctx context.Context, tx *store.Tx, cmd Dispose, ids []qms.ID) (made []Disposal, changed []qms.Record, err error) {
	records, err := someRecords(ctx, tx, cmd.Platform, ids)
	if err != nil {
		return nil, nil, err
	}
	forms := map[qms.ID]bool{}
	for _, row := range records {
		forms[row.Form] = true
	}
	documents, err := documentsByID(ctx, tx, cmd.Platform, sortedKeys(forms))
	if err != nil {
		return nil, nil, err
	}
	for _, row := range records {
		end, err := cmd.passed(row.Kept(documents[row.Form].RetentionMonths), row.Number, tx.Today())
		if err != nil {
			return nil, nil, err
		}
		row.decide(cmd, tx.Today())
		made = append(made, Disposal{Kind: ItemRecord, Item: row.ID, Label: row.Number, Title: row.Title, DueOn: end, Content: row.Content})
		changed = append(changed, row)
	}
	return made, changed, nil
}

// passed refuses what is not to be decided about: its retention has not passed, or it was decided.
func (d Dispose) passed(k Kept, label string, today qms.Date) (qms.Date, error) {
	if !k.PassedOn(today) {
		return 0, qms.Conflict("disposal.not_passed", label)
	}
	end, _ := k.End()
	return end, nil
}
