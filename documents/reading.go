package documents

import (
	"cmp"
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// MasterList is one page of the list of documents as of a day, in at most six statements whatever
// the size of the platform.
func (s *Service) MasterList(ctx context.Context, platform qms.ID, f Filter, c qms.Cursor) (*MasterList, error) {
	list := &MasterList{}
	err := s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) (err error) {
		written, err := writtenOn(ctx, r, platform)
		if err != nil {
			return err
		}
		if f, err = s.asked(ctx, r, platform, f, written); err != nil {
			return err
		}
		list.AsOf = f.AsOf
		drafts := r.Actor().Can(qms.ReadDrafts.On(platform))
		if list.Page, err = pageOf(ctx, r, platform, f, drafts, c.After, c.Limit()); err != nil {
			return err
		}
		around, err := s.survey(ctx, r, platform, f, drafts, written)
		if err != nil {
			return err
		}
		list.Counts, list.Kinds, list.Processes = around.counts, around.kinds, around.processes
		names, err := s.name(ctx, r, list.Items, around.owners)
		for _, id := range around.owners {
			list.Owners = append(list.Owners, Person{id, names[id]})
		}
		slices.SortFunc(list.Owners, func(a, b Person) int { return cmp.Compare(a.Name, b.Name) })
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// Lines are up to a thousand lines of MasterList without what stands round them, after the cursor of
// the call before: for who reads the whole list.
func (s *Service) Lines(ctx context.Context, platform qms.ID, f Filter, after string) (found qms.Page[Listed], err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) (err error) {
		written, err := writtenOn(ctx, r, platform)
		if err != nil {
			return err
		}
		if f, err = s.asked(ctx, r, platform, f, written); err != nil {
			return err
		}
		if found, err = pageOf(ctx, r, platform, f, r.Actor().Can(qms.ReadDrafts.On(platform)), after, listStep); err != nil {
			return err
		}
		owners := map[qms.ID]bool{}
		for _, l := range found.Items {
			owners[l.Owner] = true
		}
		delete(owners, "")
		_, err = s.name(ctx, r, found.Items, sortedKeys(owners))
		return err
	})
	return found, err
}

// asked is the filter as it is taken, with what was corrected after its day.
func (s *Service) asked(ctx context.Context, r store.Reader, platform qms.ID, f Filter, written int64) (_ Filter, err error) {
	f = f.tidied(r.Today())
	f.corrected, err = s.corrections.of(string(platform)+f.AsOf.String(), written, func() (corrected, error) {
		return correctedAfter(ctx, r, platform, f.AsOf)
	})
	return f, err
}

// pageOf reads one page of the list.
func pageOf(ctx context.Context, r store.Reader, platform qms.ID, f Filter, drafts bool, cursor string, limit int) (qms.Page[Listed], error) {
	after, err := parsePosition(cursor)
	if err != nil {
		return qms.Page[Listed]{}, err
	}
	rows, err := listed(ctx, r, platform, f, drafts, after, limit)
	return qms.PageOf(rows, limit, func(l Listed) string { return f.at(l).cursor() }), err
}

// name gives the lines the names of those who answer for them.
func (s *Service) name(ctx context.Context, r store.Reader, lines []Listed, owners []qms.ID) (map[qms.ID]string, error) {
	names, err := s.people.Names(ctx, r, owners)
	for i := range lines {
		lines[i].OwnerName = names[lines[i].Owner]
	}
	return names, err
}

// ListIn is the whole master list as of a day, by code, without names of people: for the audit pack.
func ListIn(ctx context.Context, r store.Reader, platform qms.ID, f Filter) ([]Listed, error) {
	f = f.tidied(r.Today())
	var err error
	if f.corrected, err = correctedAfter(ctx, r, platform, f.AsOf); err != nil {
		return nil, err
	}
	drafts := r.Actor().Can(qms.ReadDrafts.On(platform))
	var all []Listed
	var after *position
	for {
		page, err := listed(ctx, r, platform, f, drafts, after, listStep)
		if err != nil {
			return nil, err
		}
		if len(page) <= listStep {
			return append(all, page...), nil
		}
		page = page[:listStep]
		last := f.at(page[listStep-1])
		after = &last
		all = append(all, page...)
	}
}

const listStep = 1000

// InForceIn are the versions in force on the day, with their documents, by code: what a pack holds.
func InForceIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) ([]Entry, map[qms.ID]*Document, error) {
	all, err := documentsOf(ctx, r, platform)
	if err != nil {
		return nil, nil, err
	}
	versions, err := versionsOfPlatform(ctx, r, platform)
	if err != nil {
		return nil, nil, err
	}
	of := map[qms.ID][]*Version{}
	for _, v := range versions {
		of[v.Document] = append(of[v.Document], v)
	}
	documents := make(map[qms.ID]*Document, len(all))
	var entries []Entry
	for _, d := range all {
		documents[d.ID] = d
		if v := InForce(of[d.ID], day); v != nil {
			if state, exists := v.StateOn(day); exists && state == Effective {
				entries = append(entries, Entry{Version: *v, StateThen: state})
			}
		}
	}
	return entries, documents, nil
}

// openable finds the version whose content is asked for, if the reader may have it.
func (s *Service) openable(ctx context.Context, platform, version qms.ID) (*Opened, error) {
	var o Opened
	err := s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		v, err := versionByID(ctx, r, platform, version)
		if err != nil {
			return err
		}
		o.State, _ = v.StateOn(r.Today())
		if !mayRead(r, v, o.State) {
			return qms.NotFound("version.not_found")
		}
		if v.EliminatedOn(r.Today()) {
			return qms.NotFound("disposal.eliminated", v.DisposedOn)
		}
		if !v.HasContent() {
			return qms.NotFound("version.content_missing")
		}
		d, err := documentByID(ctx, r, platform, v.Document)
		if err != nil {
			return err
		}
		o.Document, o.Version = *d, *v
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &o, nil
}

// FormOf is what a form about documents offers: kinds, processes, people and the pattern.
type FormOf struct {
	Kinds     []Kind
	Processes []Process
	Staff     []Person
	Pattern   Pattern
}

// Form tells what a form about the platform's documents offers.
func (s *Service) Form(ctx context.Context, platform qms.ID) (*FormOf, error) {
	var f FormOf
	err := s.db.View(ctx, qms.WriteDocuments.On(platform), func(r store.Reader) error {
		codes, err := codesOf(ctx, r, platform)
		if err != nil {
			return err
		}
		f.Kinds, f.Pattern = codes.kinds, codes.pattern
		for _, p := range sortedKeys(codes.processes) {
			f.Processes = append(f.Processes, codes.processes[p])
		}
		f.Staff, err = s.people.Staff(ctx, r, platform, r.Today())
		return err
	})
	return &f, err
}

// Staff lists who may write, verify or approve documents of the platform today, by name.
func (s *Service) Staff(ctx context.Context, platform qms.ID) (staff []Person, err error) {
	err = s.db.View(ctx, qms.ReadDrafts.On(platform), func(r store.Reader) error {
		staff, err = s.people.Staff(ctx, r, platform, r.Today())
		return err
	})
	return staff, err
}
