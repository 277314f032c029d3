package audits

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"maillon/audits/pack"
	"maillon/documents"
	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/locale"
	"maillon/qms/people"
	"maillon/qms/store"
	"maillon/qms/trace"
	"maillon/qms/trail"
)

// gathering fills the contents of one pack from the rooms within one view.
type gathering struct {
	s         *Service
	r         store.Reader
	platform  qms.ID
	asOf      qms.Date
	from      qms.Date        // what happened is told from that day on; none: from the beginning
	done      map[string]bool // what several sections need and was read
	say       *locale.Printer
	c         *pack.Contents
	members   map[qms.ID]people.Member
	rows      []qms.ID // of every record shown: the facts of the pack
	section   string   // key of the one that is being read
	withFiles bool     // they go with the PDF

	// What several sections tell of is read once; these are the answers.
	read      *records
	history   *label.History
	pieces    []trace.PieceLife
	concluded []*Sheet
	used      useTally
	refs      map[qms.ID][]pack.Ref // to the files of records, by the record
	trained   []trace.Training
	cited     map[qms.ID]bool // trainings that some section refers to
	impacts   []*toldImpact
	causes    map[qms.ID][]pack.Ref // to the impact dossiers, by the record that caused them
	deciders  map[qms.ID]string     // names of who decided in them
}

// journalExtract is how many acts the extract of the trail shows.
const journalExtract = 30

// packContents reads all that the pack says.
func (s *Service) packContents(ctx context.Context, r store.Reader, p *Pack) (*pack.Contents, error) {
	g := &gathering{s: s, r: r, platform: p.Platform, asOf: p.AsOf, from: p.From, say: locale.For(p.Language),
		done: map[string]bool{}, members: map[qms.ID]people.Member{}, cited: map[qms.ID]bool{}, withFiles: p.WithFiles,
		c: &pack.Contents{Language: p.Language, Number: p.Number, Sections: p.Sections, From: p.From, AsOf: p.AsOf,
			GeneratedAt: p.StartedAt, GeneratedBy: p.MakerName, Shown: map[string]int{}}}
	for _, part := range g.needed(p.WithFiles) {
		g.section = part.key
		err := part.read(g, ctx)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, errors.Join(err, g.c.Discard())
		}
	}
	g.c.Facts = g.facts(ctx)
	return g.c, nil
}

// shown notes that the record is in the pack, so that its latest change is proved.
func (g *gathering) shown(id qms.ID) {
	g.rows = append(g.rows, id)
	g.c.Shown[g.section]++
}

// sheet reads the platform and who is there on the day.
func (g *gathering) sheet(ctx context.Context) error {
	var platform people.Platform
	if err := g.r.Select(&platform).Where("id = ?", g.platform).Scan(ctx); err != nil {
		return err
	}
	g.c.Platform = pack.Platform{Code: platform.Code, Name: platform.Name}
	members, err := people.MembersOf(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	held, err := people.HeldOn(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	rolesOf, nameOf := map[qms.ID][]qms.Role{}, map[qms.ID]string{}
	for _, h := range held {
		if h.Active(g.asOf) {
			rolesOf[h.Person], nameOf[h.Person] = append(rolesOf[h.Person], h.Role), h.Name
		}
	}
	for _, m := range members {
		g.members[m.Person] = m
		if m.Active(g.asOf) {
			g.c.Platform.Members = append(g.c.Platform.Members, pack.Member{Code: m.Code, Name: m.Name, Roles: rolesOf[m.Person],
				Trainer: m.Trainer, From: m.From, Until: m.Until})
			delete(rolesOf, m.Person)
		}
	}
	for person, roles := range rolesOf { // who has a role without being a member
		g.c.Platform.Members = append(g.c.Platform.Members, pack.Member{Name: nameOf[person], Roles: roles})
	}
	slices.SortFunc(g.c.Platform.Members, func(a, b pack.Member) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Name, b.Name))
	})
	ids, err := grantsOf(ctx, g.r, g.platform)
	for _, id := range ids {
		g.shown(id)
	}
	return err
}

// documents reads the master list of the day, and the documents that came later.
func (g *gathering) documents(ctx context.Context) error {
	list, err := documents.ListIn(ctx, g.r, g.platform, documents.Filter{AsOf: g.asOf})
	if err != nil {
		return err
	}
	today, err := documents.ListIn(ctx, g.r, g.platform, documents.Filter{AsOf: g.r.Today()})
	if err != nil {
		return err
	}
	owners, there := []qms.ID{}, map[qms.ID]bool{}
	for _, l := range list {
		owners, there[l.Document] = append(owners, l.Owner), true
	}
	today = slices.DeleteFunc(today, func(l documents.Listed) bool { return there[l.Document] })
	for _, l := range today {
		owners = append(owners, l.Owner)
	}
	slices.Sort(owners)
	names, err := people.NamesOf(ctx, g.r, slices.Compact(owners))
	if err != nil {
		return err
	}
	kinds, err := g.kinds(ctx)
	if err != nil {
		return err
	}
	for _, l := range list {
		g.c.Documents = append(g.c.Documents, g.document(l, kinds, names))
	}
	for _, l := range today {
		g.c.Later = append(g.c.Later, g.document(l, kinds, names))
	}
	return nil
}

func (g *gathering) document(l documents.Listed, kinds map[string]string, names map[qms.ID]string) pack.Document {
	g.shown(l.Document)
	g.shown(l.Version)
	return pack.Document{Code: l.Code, Title: l.Title, Kind: cmp.Or(kinds[l.Kind], l.Kind), Process: l.Process,
		Version: l.Number.String(), State: string(l.State), Effective: l.EffectiveFrom, NextReview: l.ReviewOn,
		Owner: names[l.Owner], NoContent: !l.HasContent}
}

// kinds names the kinds of documents in the language of the pack.
func (g *gathering) kinds(ctx context.Context) (map[string]string, error) {
	var own []documents.Kind
	if err := g.r.Select(&own).Where("platform = ?", g.platform).Scan(ctx); err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, k := range append(documents.DefaultKinds(), own...) {
		names[k.Code] = k.Name(g.say.Lang())
	}
	return names, nil
}

// links reads the links between documents, and keeps those with something wrong.
func (g *gathering) links(ctx context.Context) error {
	all, err := documents.LinksIn(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return err
	}
	for _, l := range all {
		if l.Suggested {
			g.c.Links.Suggested++
			continue
		}
		g.c.Links.Total++
		if l.Problem == documents.Sound {
			continue
		}
		g.shown(l.ID)
		problem := string(l.Problem)
		if l.Problem == documents.Obsolete {
			problem = string(l.State)
		}
		to := l.Code
		if l.Other != nil {
			to = l.Other.Code
			if l.Basis == documents.ByTitle {
				to += " " + l.Other.Title
			}
		}
		g.c.Links.Wrong = append(g.c.Links.Wrong, pack.Link{From: l.From.Code, Version: l.Number.String(), To: to,
			Basis: string(l.Basis), Problem: problem, Context: l.Context})
	}
	return nil
}

// head reads the head of the trail, and proves that it continues those of the packs made before.
func (g *gathering) head(ctx context.Context) error {
	log := trail.LogOf(g.platform)
	size, root, err := store.Head(ctx, g.r, log)
	if err != nil {
		return err
	}
	g.c.Checkpoint = trail.Checkpoint{Origin: trail.Origin(g.s.key.Name(), log), Size: size, Root: root}
	g.c.Journal.Total = size
	if err := g.attested(ctx); err != nil {
		return err
	}
	return g.earlier(ctx, log)
}

// journal counts the acts of the period, and reads the latest acts of the trail up to the day.
func (g *gathering) journal(ctx context.Context) error {
	if err := g.digest(ctx); err != nil {
		return err
	}
	page, err := store.Journal(ctx, g.r, trail.LogOf(g.platform), store.JournalFilter{Until: g.ends()}, qms.Cursor{Size: journalExtract})
	for _, e := range page.Items {
		g.c.Journal.Entries = append(g.c.Journal.Entries, e.Entry)
	}
	return err
}

// earlier proves that the trail continues those of the packs made before, so that an auditor who holds any
// of them can hold this one to it. Those of another key, before this one, have a trail of another name.
func (g *gathering) earlier(ctx context.Context, log string) error {
	made, err := madePacks(ctx, g.r, g.platform)
	if err != nil {
		return err
	}
	for _, before := range made {
		p := pack.Earlier{Number: before.Number, Checkpoint: before.Checkpoint()}
		if p.Checkpoint.Origin != g.c.Checkpoint.Origin {
			continue
		}
		if p.Checkpoint.Size > g.c.Checkpoint.Size {
			return qms.Conflict("pack.past_lost")
		}
		if p.Proof, err = trail.Consistency(g.c.Checkpoint.Size, p.Checkpoint.Size, store.Hashes(ctx, g.r, log)); err != nil {
			return err
		}
		if trail.CheckConsistency(g.c.Checkpoint, p.Checkpoint, p.Proof) != nil {
			return qms.Conflict("pack.past_lost")
		}
		g.c.Earlier = append(g.c.Earlier, p)
	}
	return nil
}

// factsAtOnce bounds how many proofs are held at a time.
const factsAtOnce = 500

// facts proves the latest change of every record shown, in the order of their IDs.
func (g *gathering) facts(ctx context.Context) func(yield func(trail.FactProof, error) bool) {
	slices.Sort(g.rows)
	rows := slices.Compact(g.rows)
	return func(yield func(trail.FactProof, error) bool) {
		for some := range slices.Chunk(rows, factsAtOnce) {
			proofs, err := store.Proofs(ctx, g.r, g.c.Checkpoint.Log(), g.c.Checkpoint.Size, some)
			if err != nil {
				yield(trail.FactProof{}, err)
				return
			}
			for _, p := range proofs {
				if !yield(p, nil) {
					return
				}
			}
		}
	}
}
