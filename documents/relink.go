package documents

import (
	"context"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// keepContents makes the rows of contents, once for each platform and content.
func keepContents(ctx context.Context, tx *store.Tx, files []*File) error {
	digests := make([]vault.Digest, len(files))
	for i, f := range files {
		digests[i] = f.Digest
	}
	known, err := knownContents(ctx, tx, tx.Act().Platform, digests)
	if err != nil {
		return err
	}
	var rows []qms.Record
	for _, f := range files {
		if !known[f.Digest] {
			known[f.Digest] = true
			rows = append(rows, f.content())
		}
	}
	return tx.Insert(ctx, rows...)
}

// finderOf knows every document of the platform.
func finderOf(ctx context.Context, r store.Reader, platform qms.ID) (*Finder, error) {
	codes, err := codesOf(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	all, err := documentsOf(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	targets := make([]Target, len(all))
	for i, d := range all {
		targets[i] = Target{d.ID, d.Code, d.Title}
	}
	return NewFinder(codes.pattern, codes.vocabulary(), targets), nil
}

// relinkVersion finds the links of one version's text.
func relinkVersion(ctx context.Context, tx *store.Tx, v *Version, body string) error {
	f, err := finderOf(ctx, tx, tx.Act().Platform)
	if err != nil {
		return err
	}
	found := map[qms.ID]read{v.ID: {v.Document, f.Find(printable(body), v.Document)}}
	return settleLinks(ctx, tx, found)
}

// relinkAround finds the links of the texts that name one of the targets, by code or by title, and
// of the version: what a new document or a corrected title changes. Other texts are only looked
// through for the few targets.
func relinkAround(ctx context.Context, tx *store.Tx, version qms.ID, targets ...Target) error {
	few := NewFinder(MustPattern(DefaultPattern), Vocabulary{}, targets)
	return relink(ctx, tx, func(s said) bool { return s.version == version || few.names(s.body) })
}

// relinkAll finds the links of all texts.
func relinkAll(ctx context.Context, tx *store.Tx) error {
	return relink(ctx, tx, func(said) bool { return true })
}

// names reports whether the text names any of the targets.
func (f *Finder) names(text string) bool {
	words := wordsOf(text)
	for i := range words {
		if code, title, short := f.at(text, words, i); code.until > 0 || title.until > 0 || short.until > 0 {
			return true
		}
	}
	return false
}

// read is what was found in the text of a version.
type read struct {
	document qms.ID
	mentions []Mention
}

func relink(ctx context.Context, tx *store.Tx, concerned func(said) bool) error {
	f, err := finderOf(ctx, tx, tx.Act().Platform)
	if err != nil {
		return err
	}
	found := map[qms.ID]read{}
	err = eachText(ctx, tx, tx.Act().Platform, func(s said) error {
		if concerned(s) {
			found[s.version] = read{s.document, f.Find(s.body, s.document)}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return settleLinks(ctx, tx, found)
}

// settleLinks brings the rows in line with what was found: new ones are added, those that say
// something else now are corrected, and those that hold no more are marked gone.
func settleLinks(ctx context.Context, tx *store.Tx, found map[qms.ID]read) error {
	versions := sortedKeys(found)
	rows, err := linksOfVersions(ctx, tx, versions)
	if err != nil {
		return err
	}
	of := map[qms.ID][]*Link{}
	for _, l := range rows {
		of[l.Version] = append(of[l.Version], l)
	}
	var added []qms.Record
	for _, version := range versions {
		more, changed := compare(version, found[version], of[version])
		for _, l := range changed {
			if err := tx.Update(ctx, l); err != nil {
				return err
			}
		}
		added = append(added, more...)
	}
	return tx.Insert(ctx, added...)
}

// compare tells which rows to add and which to change for the text of one version.
func compare(version qms.ID, now read, rows []*Link) (added []qms.Record, changed []*Link) {
	byTarget, byCode := map[qms.ID]*Link{}, map[string]*Link{}
	for _, l := range rows {
		if l.Target != "" {
			byTarget[l.Target] = l
		} else {
			byCode[l.Code] = l
		}
	}
	kept := map[qms.ID]bool{}
	for _, m := range now.mentions {
		l := byTarget[m.Target]
		if l == nil {
			l = byCode[m.Code] // an unknown code, which may be known by now
		}
		if l == nil || kept[l.ID] {
			added = append(added, &Link{
				Version: version, Document: now.document, Target: m.Target, Code: m.Code, Basis: m.Basis,
				Suggested: m.Suggested, Context: m.Context, Mentions: m.Count,
			})
			continue
		}
		kept[l.ID] = true
		was := *l
		l.Target, l.Code, l.Basis, l.Suggested = m.Target, m.Code, m.Basis, m.Suggested
		l.Context, l.Mentions, l.Gone = m.Context, m.Count, false
		if *l != was {
			changed = append(changed, l)
		}
	}
	for _, l := range rows {
		if !kept[l.ID] && !l.Gone {
			l.Gone = true
			changed = append(changed, l)
		}
	}
	return added, changed
}
