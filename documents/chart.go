package documents

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// LongDays is how long a draft or a review may stay open before the process map speaks of it.
const LongDays = 90

// Chart is every document of a platform as it stood on a day, with the links between them: what the
// process map, the page of a process and the graph are drawn from, each a pure function of it.
type Chart struct {
	AsOf      qms.Date
	Kinds     []Kind
	Processes []Process
	Documents []Charted // by code
	Links     []LinkOf  // dismissed suggestions among them
	Names     map[qms.ID]string
}

// Charted is one document as it stood on the day.
type Charted struct {
	Document
	Level   Level
	State   State  // of the version a reader meets; "" for a document without any
	Number  Number // of that version
	InForce bool
	Late    bool   // its periodic review has passed
	NoFile  bool   // what is in force has no content yet
	Open    Number // the draft or the version in review; zero when there is none
	Long    bool   // that one has been open for more than LongDays
	UsedBy  int    // documents whose text names it
	Unknown int    // codes its text names that no document has
	Expired int    // documents its text names that are superseded or withdrawn
	Guessed int    // suggestions nobody has decided
}

// Troubled reports whether something is wrong with the document or with its links.
func (c *Charted) Troubled() bool {
	return c.Late || c.NoFile || c.Long || c.Unknown > 0 || c.Expired > 0
}

// Chart reads it; as of today when the day is zero.
func (s *Service) Chart(ctx context.Context, platform qms.ID, day qms.Date) (c *Chart, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		if day == 0 {
			day = r.Today()
		}
		if c, err = chartIn(ctx, r, platform, day); err != nil {
			return err
		}
		c.Names, err = s.people.Names(ctx, r, c.owners())
		return err
	})
	return c, err
}

func chartIn(ctx context.Context, r store.Reader, platform qms.ID, day qms.Date) (*Chart, error) {
	st, err := standingOfAll(ctx, r, platform, day)
	if err != nil {
		return nil, err
	}
	rows, err := linksOf(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	c := &Chart{AsOf: day, Links: st.links(r, rows)}
	if c.Kinds, err = kindsOf(ctx, r, platform); err != nil {
		return nil, err
	}
	if c.Processes, err = processesOf(ctx, r, platform); err != nil {
		return nil, err
	}
	c.place(r, st)
	return c, nil
}

// place puts every document that the reader may see on the chart, with what is wrong with it.
func (c *Chart) place(r store.Reader, st *standing) {
	levels := map[string]Level{}
	for _, k := range c.Kinds {
		levels[k.Code] = k.At()
	}
	drafts := false
	for _, d := range st.documents {
		drafts = r.Actor().Can(qms.ReadDrafts.On(d.Platform))
		break
	}
	byID := map[string]*Charted{}
	for _, d := range st.documents {
		one := Charted{Document: *d, Level: levels[d.Kind]}
		if one.Level == "" {
			one.Level = NoLevel
		}
		if one.stand(r, st.versions[d.ID], c.AsOf) || drafts && len(st.versions[d.ID]) == 0 {
			byID[d.Code] = &one
		}
	}
	c.count(byID)
	for _, code := range sortedKeys(byID) {
		c.Documents = append(c.Documents, *byID[code])
	}
}

// stand fills how the document stood on the day from its versions, newest first; false when there was
// none that the reader may see.
func (c *Charted) stand(r store.Reader, versions []*Version, day qms.Date) (seen bool) {
	if v := Current(versions, day); v != nil {
		state, _ := v.StateOn(day)
		if seen = mayRead(r, v, state); seen {
			c.State, c.Number = state, v.Number()
			c.InForce = state == Effective
			c.Late = c.InForce && v.ReviewOn != 0 && v.ReviewOn < day
			c.NoFile = c.InForce && !v.HasContent()
		}
	}
	for _, v := range versions {
		state, exists := v.StateOn(day)
		if exists && (state == Draft || state == InReview) && mayRead(r, v, state) {
			c.Open, c.Long = v.Number(), v.CreatedOn.DaysUntil(day) > LongDays
			break
		}
	}
	return seen
}

// count adds up what the links say about the documents.
func (c *Chart) count(byCode map[string]*Charted) {
	for _, l := range c.Links {
		from := byCode[l.From.Code]
		if from == nil {
			continue
		}
		switch l.Problem {
		case Unknown:
			from.Unknown++
		case Obsolete:
			from.Expired++
		case Suggested:
			from.Guessed++
		case Sound, NotMeant:
		}
		if l.Other != nil && l.Problem != NotMeant && l.Problem != Suggested {
			if to := byCode[l.Other.Code]; to != nil {
				to.UsedBy++
			}
		}
	}
}

// owners are the persons whose names the chart needs.
func (c *Chart) owners() []qms.ID {
	set := map[qms.ID]bool{}
	for _, p := range c.Processes {
		set[p.Owner] = true
	}
	for i := range c.Documents {
		set[c.Documents[i].Owner] = true
	}
	delete(set, "")
	return sortedKeys(set)
}
