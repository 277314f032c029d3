package documents

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// NextOf is the next code of a kind within a process.
type NextOf struct {
	Kind    string
	Process string
	Now     string // by the pattern in force; empty when it can give none
	Then    string // by the pattern asked about; empty when it can give none
	Wrong   []qms.Field
}

// PatternPreview is what a pattern would do, before it is set: the codes to come for every kind and
// process in use, and which of the codes that exist it reads. Those that exist stay, whatever fits.
type PatternPreview struct {
	Pattern string
	Prefix  string
	Changed bool // from what is in force
	Next    []NextOf
	Fitting []string
	Others  []string // codes that exist and do not fit: they stay, and are found in texts as they are
}

// readPattern reads a pattern and what {platform} stands for, or says which of the two is wrong.
func readPattern(pattern string, prefix *string) (Pattern, error) {
	var wrong []qms.Field
	p, err := ParsePattern(pattern)
	var e *qms.Error
	switch {
	case errors.As(err, &e):
		wrong = append(wrong, qms.Wrong("pattern", e.Key, e.Args...))
	case err != nil:
		return p, err
	}
	if *prefix = tidyWord(*prefix); strings.Contains(pattern, "{platform}") && !word.MatchString(*prefix) {
		wrong = append(wrong, qms.Wrong("prefix", "code.part_malformed", *prefix))
	}
	return p, qms.InvalidFields(wrong...)
}

// CodePatternOf is the platform's pattern with what {platform} stands for; the default one when it has
// not set its own.
func (s *Service) CodePatternOf(ctx context.Context, platform qms.ID) (row CodePattern, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		own, err := patternRow(ctx, r, platform)
		if row = (CodePattern{Pattern: DefaultPattern}); own != nil {
			row = *own
		}
		return err
	})
	return row, err
}

// PreviewPattern shows what the pattern would do, without setting it.
func (s *Service) PreviewPattern(ctx context.Context, platform qms.ID, pattern, prefix string) (*PatternPreview, error) {
	pattern = strings.TrimSpace(pattern)
	p, err := readPattern(pattern, &prefix)
	if err != nil {
		return nil, err
	}
	preview := &PatternPreview{Pattern: pattern, Prefix: prefix}
	err = s.db.View(ctx, qms.ControlDocuments.On(platform), func(r store.Reader) error {
		now, err := codesOf(ctx, r, platform)
		if err != nil {
			return err
		}
		preview.Changed = now.pattern.String() != pattern || now.prefix != prefix
		all, err := codesGiven(ctx, r, platform)
		if err != nil {
			return err
		}
		then := &codes{platform: platform, pattern: p, prefix: prefix, kinds: now.kinds, processes: now.processes, last: map[string]int64{}, taken: map[string]bool{}}
		for _, c := range []*codes{now, then} {
			for _, i := range all {
				c.know(i.code, i.series, i.seq)
			}
			c.read = true
		}
		preview.sort(p, all)
		return preview.continues(ctx, r, now, then, all)
	})
	return preview, err
}

// sort tells the codes that the pattern reads from those it does not.
func (v *PatternPreview) sort(p Pattern, all []issued) {
	for _, i := range all {
		if _, fits := p.Match(i.code); fits {
			v.Fitting = append(v.Fitting, i.code)
		} else {
			v.Others = append(v.Others, i.code)
		}
	}
}

// continues fills the codes to come for every kind and process that documents have; where there are
// none yet, for each kind with the first process of the map.
func (v *PatternPreview) continues(ctx context.Context, r store.Reader, now, then *codes, all []issued) error {
	pairs := map[[2]string]bool{}
	for _, i := range all {
		pairs[[2]string{i.kind, i.process}] = i.kind != "" && len(now.open(&Document{Kind: i.kind, Process: i.process}, r.Today())) == 0
	}
	if len(all) == 0 {
		for _, k := range now.kinds {
			pairs[[2]string{k.Code, firstProcess(now.processes)}] = !k.RetiredBy(r.Today())
		}
	}
	for pair, open := range pairs {
		if !open {
			continue
		}
		next := NextOf{Kind: pair[0], Process: pair[1]}
		d := Document{Kind: next.Kind, Process: next.Process}
		wrong, err := now.peek().assign(ctx, r, &d, "")
		if err != nil {
			return err
		}
		if len(wrong) == 0 {
			next.Now = d.Code
		}
		if next.Wrong, err = then.peek().assign(ctx, r, &d, ""); err != nil {
			return err
		}
		if len(next.Wrong) == 0 {
			next.Then = d.Code
		}
		v.Next = append(v.Next, next)
	}
	slices.SortFunc(v.Next, func(a, b NextOf) int { return cmp.Or(cmp.Compare(a.Process, b.Process), cmp.Compare(a.Kind, b.Kind)) })
	return nil
}

// peek is a copy to ask without giving anything out.
func (c *codes) peek() *codes {
	other := *c
	other.last, other.taken = maps.Clone(c.last), maps.Clone(c.taken)
	return &other
}

func firstProcess(all map[string]Process) string {
	first := ""
	for _, code := range sortedKeys(all) {
		if first == "" || inOrder(all[code], all[first]) < 0 {
			first = code
		}
	}
	return first
}

// CodeShown is the code that a new document would get, without giving it out.
type CodeShown struct {
	Code    string // empty when something is wrong
	Adopted bool
	Fits    bool // the pattern reads it
	Wrong   []qms.Field
}

// CodeFor shows the code that a new document of the kind and process would get, or whether the code
// can be adopted.
func (s *Service) CodeFor(ctx context.Context, platform qms.ID, kind, process, adopt string) (*CodeShown, error) {
	shown := &CodeShown{Adopted: strings.TrimSpace(adopt) != ""}
	d := &Document{Kind: tidyWord(kind), Process: tidyWord(process)}
	err := s.db.View(ctx, qms.WriteDocuments.On(platform), func(r store.Reader) error {
		codes, err := codesOf(ctx, r, platform)
		if err != nil {
			return err
		}
		if shown.Wrong, err = codes.assign(ctx, r, d, adopt); err != nil {
			return err
		}
		shown.Wrong = append(shown.Wrong, codes.open(d, r.Today())...)
		if len(shown.Wrong) == 0 {
			shown.Code = d.Code
			_, shown.Fits = codes.pattern.Match(d.Code)
		}
		return nil
	})
	return shown, err
}
