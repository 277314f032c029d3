package integrity

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store"
)

// all is how many first bytes a digest may have: contents are gone through by them, some at a time.
const all = 256

// namingsAtOnce is about how many rows that name contents are in memory at a time; tests take fewer.
var namingsAtOnce int64 = 20000

// named is a content as the rows name it.
type named struct {
	rows  int64
	sizes []int64 // that rows state, each once
}

// contents goes through the contents whose first byte is from or more, in the order of their digests, and
// says after some of them how far it is. Rows and vault are read side by side; neither is held in memory.
func (l *look) contents(ctx context.Context, from int, beat func(reached int) error) error {
	listing := newListing(l.s.o.Vault.List(ctx), l.q.Platform == "")
	defer listing.stop()
	var total, done int64
	err := l.s.view(ctx, func(r store.Reader) (err error) {
		if l.codes == nil {
			err = l.know(ctx, r)
		}
		if err == nil {
			total, err = store.CountNamings(ctx, r, l.s.o.Columns, l.q.Platform)
		}
		return err
	})
	if err != nil {
		return err
	}
	listing.skip(from)
	step := stepFor(total)
	for at := from - from%step; at < all; at += step {
		names, err := l.names(ctx, at, at+step)
		if err != nil {
			return err
		}
		if err := l.compare(ctx, names, listing, at+step, func(rows int64) { done += rows; l.tell(StageContents, min(done, total), total) }); err != nil {
			return err
		}
		if beat != nil {
			if err := beat(at + step); err != nil {
				return err
			}
		}
	}
	return nil
}

// stepFor is how many first bytes are looked at together: a power of two.
func stepFor(namings int64) int {
	step := all
	for step > 1 && namings*int64(step) > namingsAtOnce*all {
		step /= 2
	}
	return step
}

// names reads which contents the rows name.
func (l *look) names(ctx context.Context, from, until int) (map[vault.Digest]*named, error) {
	names := map[vault.Digest]*named{}
	err := l.s.view(ctx, func(r store.Reader) error {
		return store.EachNamed(ctx, r, l.s.o.Columns, l.q.Platform, from, until, func(digest [32]byte, size int64) {
			n := names[digest]
			if n == nil {
				n = new(named)
				names[digest] = n
			}
			n.rows++
			if size >= 0 && !slices.Contains(n.sizes, size) {
				n.sizes = append(n.sizes, size)
			}
		})
	})
	return names, err
}

// compare holds what is named against what the vault lists below the bound.
func (l *look) compare(ctx context.Context, names map[vault.Digest]*named, listing *listing, until int, done func(rows int64)) error {
	there := map[vault.Digest]vault.Info{}
	for {
		info, err, more := listing.below(until)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if names[info.Digest] != nil {
			there[info.Digest] = info
			continue
		}
		if err := l.unnamed(ctx, info); err != nil {
			return err
		}
	}
	sorted := slices.SortedFunc(maps.Keys(names), func(a, b vault.Digest) int { return bytes.Compare(a[:], b[:]) })
	for _, d := range sorted {
		info, listed := there[d]
		if err := l.content(ctx, d, names[d], info, listed); err != nil {
			return err
		}
		done(names[d].rows)
	}
	return nil
}

// unnamed judges a content that no row names.
func (l *look) unnamed(ctx context.Context, info vault.Info) error {
	if l.s.db.Now().Sub(info.StoredAt) <= l.s.o.Orphan {
		l.Orphans++
		l.OrphanBytes += info.Size
		return nil
	}
	var kept bool
	err := l.s.view(ctx, func(r store.Reader) (err error) { // it may have got its row meanwhile
		kept, err = store.NamesContent(ctx, r, l.s.o.Columns, info.Digest)
		return err
	})
	if err == nil && !kept {
		l.note(Defect{Kind: ContentUnnamed, Seq: -1, Content: info.Digest})
	}
	return err
}

// content judges a content that rows name.
func (l *look) content(ctx context.Context, d vault.Digest, n *named, info vault.Info, listed bool) error {
	l.Contents++
	if !listed { // put after it was listed, or the listing was not asked for
		var err error
		info, err = l.s.o.Vault.Stat(ctx, d)
		if kind, err := judged(ctx, err); err != nil || kind != "" {
			return errors.Join(err, l.wrongIf(ctx, kind, d))
		}
	}
	agrees := len(n.sizes) == 0 || len(n.sizes) == 1 && n.sizes[0] == info.Size
	if l.q.Quick {
		if !agrees {
			return l.wrong(ctx, ContentSize, d)
		}
		return nil
	}
	switch kind, err := l.read(ctx, d); {
	case err != nil:
		return err
	case kind != "":
		return l.wrong(ctx, kind, d)
	case !agrees:
		return l.wrong(ctx, ContentSize, d)
	}
	return nil
}

// read reads a content to its end. What the service does not answer is an error, what it answers wrong is a kind.
func (l *look) read(ctx context.Context, d vault.Digest) (store.Kind, error) {
	r, err := l.s.o.Vault.Open(ctx, d)
	if err == nil {
		var n int64
		n, err = io.Copy(io.Discard, &paced{ctx: ctx, r: r, rate: l.rate})
		l.Bytes += n
		r.Close()
	}
	return judged(ctx, err)
}

// judged tells a content that is wrong from a service that cannot be asked.
func judged(ctx context.Context, err error) (store.Kind, error) {
	switch {
	case err == nil:
		return "", nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, vault.ErrAltered):
		return ContentAltered, nil
	case qms.CodeOf(err) == qms.CodeNotFound:
		return ContentMissing, nil
	case qms.CodeOf(err) == qms.CodeBusy:
		return "", err
	}
	return ContentUnreadable, nil
}

func (l *look) wrongIf(ctx context.Context, kind store.Kind, d vault.Digest) error {
	if kind == "" {
		return nil
	}
	return l.wrong(ctx, kind, d)
}

// wrong notes what is wrong with a content, and of which records it is the content.
func (l *look) wrong(ctx context.Context, kind store.Kind, d vault.Digest) error {
	return l.s.view(ctx, func(r store.Reader) error {
		namings, err := store.NamingsOf(ctx, r, l.s.o.Columns, l.q.Platform, d, 3)
		if err != nil {
			return err
		}
		defect := Defect{Kind: kind, Seq: -1, Content: d}
		var words []string
		for i, n := range namings {
			if i == 0 {
				defect.Platform, defect.Code, defect.Table, defect.Row = n.Platform, l.codes[n.Platform], n.Table, n.Row
				defect.Parts = []string{"trail", "rows", string(n.Row)}
				if n.Page != "" && n.Under != "" {
					defect.Parts = []string{n.Under, n.Page}
				}
			}
			if n.Words == "" {
				continue
			}
			said := func(w string) bool { return strings.HasPrefix(w, n.Words) } // one row says more of it than another
			if !slices.ContainsFunc(words, said) {
				words = append(words, n.Words)
			}
		}
		defect.Words = strings.Join(words, " / ")
		l.note(defect)
		return nil
	})
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// listing is what the vault lists, read as far as it is wanted.
type listing struct {
	next  func() (vault.Info, error, bool)
	stop  func()
	ahead *vault.Info
	err   error // that ended it
}

// newListing reads nothing where it is not wanted.
func newListing(seq iter.Seq2[vault.Info, error], wanted bool) *listing {
	if !wanted {
		return &listing{next: func() (vault.Info, error, bool) { return vault.Info{}, nil, false }, stop: func() {}}
	}
	next, stop := iter.Pull2(seq)
	return &listing{next: next, stop: stop}
}

// skip leaves out what comes before the first byte.
func (l *listing) skip(first int) {
	for first > 0 {
		if _, err, more := l.below(first); err != nil || !more {
			return // below says it again
		}
	}
}

// below is the next content whose first byte is less than the bound.
func (l *listing) below(until int) (vault.Info, error, bool) { //nolint:revive // as iter.Pull2 has it
	if l.ahead == nil {
		if l.err != nil {
			return vault.Info{}, l.err, false
		}
		info, err, more := l.next()
		if err != nil || !more {
			l.err = err
			return vault.Info{}, err, false
		}
		l.ahead = &info
	}
	if int(l.ahead.Digest[0]) >= until {
		return vault.Info{}, nil, false
	}
	info := *l.ahead
	l.ahead = nil
	return info, nil, true
}

// paced reads no faster than its rate.
type paced struct {
	ctx  context.Context //nolint:containedctx // a reader has no other way to hear of it
	r    io.Reader
	rate int64 // bytes a second; 0: unbounded
	owed int64
}

// pieceOf is after how many bytes a paced reader rests.
const pieceOf = 1 << 20

// Read implements io.Reader.
func (p *paced) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if p.owed += int64(n); p.rate <= 0 || p.owed < pieceOf && err == nil {
		return n, err
	}
	rest := time.NewTimer(time.Duration(float64(p.owed) / float64(p.rate) * float64(time.Second)))
	defer rest.Stop()
	p.owed = 0
	select {
	case <-rest.C:
		return n, err
	case <-p.ctx.Done():
		return n, p.ctx.Err()
	}
}
