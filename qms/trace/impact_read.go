package trace

import (
	"context"
	"strconv"

	"maillon/qms"
	"maillon/qms/store"
)

// ImpactFilter narrows the list of impacts. Its zero fields do not narrow.
type ImpactFilter struct {
	AsOf      qms.Date // opened by that day
	Open      bool     // neither concluded nor void
	Kind      CauseKind
	Equipment qms.ID
}

// Impacts lists dossiers, the newest first, and who and what they name.
func (s *Service) Impacts(ctx context.Context, platform qms.ID, f ImpactFilter, c qms.Cursor) (page qms.Page[Impact], pieces map[qms.ID]Equipment, err error) {
	after, err := qms.DecodeAfter(c.After, 2)
	if err != nil {
		return page, nil, err
	}
	if after != nil {
		if _, err := qms.ParseDate(after[0]); err != nil {
			return page, nil, qms.Invalid("cursor.malformed")
		}
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		limit := c.Limit()
		all, err := impactPage(ctx, r, platform, f, after, int64(limit+1))
		if err != nil {
			return err
		}
		page = qms.PageOf(all, limit, func(i Impact) string { return qms.EncodeAfter(i.OpenedOn.String(), i.Number) })
		pieces, err = s.EquipmentByID(ctx, r, platform)
		return err
	})
	return page, pieces, err
}

// OpenImpacts lists the dossiers of several platforms that wait for a decision or a conclusion, the
// oldest first, in one statement. It leaves out the platforms that the actor may not decide on.
func (s *Service) OpenImpacts(ctx context.Context, platforms []qms.ID, needs qms.Right) (all []Impact, err error) {
	actor := qms.ActorFrom(ctx)
	var mine []qms.ID
	for _, p := range platforms {
		if actor.Can(needs.On(p)) {
			mine = append(mine, p)
		}
	}
	if len(mine) == 0 {
		return nil, nil
	}
	err = s.db.View(ctx, needs.On(mine[0]), func(r store.Reader) error {
		all, err = openImpacts(ctx, r, mine, r.Today())
		return err
	})
	return all, err
}

// ItemFilter narrows the lines of a dossier. Its zero fields do not narrow.
type ItemFilter struct {
	Undecided bool
	Kind      TouchedKind
	Decision  ItemDecision
}

// ImpactSheet is a dossier with a page of its lines.
type ImpactSheet struct {
	Impact     Impact
	Equipment  Equipment    // none of a work instruction
	Cause      *Calibration // of a cause of that kind
	Training   *Training    // likewise
	Decisions  map[TouchedKind]map[ItemDecision]int64
	Page       qms.Page[ImpactItem]
	Appeared   []ImpactItem // what is in the window now and not in the list, the first of it
	Appearing  int          // how many there are
	Closed     bool         // the cause counts no longer: nothing can be asked of it
	FollowedBy []string     // dossiers that take this one up again
	People     map[qms.ID]Person
	Pieces     map[qms.ID]Equipment
}

// appearedShown is how many lines that appeared since a sheet shows.
const appearedShown = 20

// Impact reads a dossier by its number.
func (s *Service) Impact(ctx context.Context, platform qms.ID, number string, f ItemFilter, c qms.Cursor) (v *ImpactSheet, err error) {
	after, err := readPosition(c.After)
	if err != nil {
		return nil, err
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		i, err := byNumber[Impact](ctx, r, platform, Normal(number))
		if err != nil {
			return err
		}
		v = &ImpactSheet{Impact: *i}
		if v.Page, err = itemPage(ctx, r, i.ID, f, after, c.Limit()); err != nil {
			return err
		}
		return s.fillImpact(ctx, r, platform, v)
	})
	return v, err
}

// OneImpact reads a dossier by its number, without its lines.
func (s *Service) OneImpact(ctx context.Context, platform qms.ID, number string) (*Impact, error) {
	return numberedRecord[Impact](ctx, s, platform, number)
}

// ImpactItems lists the lines of a dossier, in two statements.
func (s *Service) ImpactItems(ctx context.Context, platform qms.ID, number string, f ItemFilter, c qms.Cursor) (page qms.Page[ImpactItem], err error) {
	after, err := readPosition(c.After)
	if err != nil {
		return page, err
	}
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		i, err := byNumber[Impact](ctx, r, platform, Normal(number))
		if err != nil {
			return err
		}
		page, err = itemPage(ctx, r, i.ID, f, after, c.Limit())
		return err
	})
	return page, err
}

func itemPage(ctx context.Context, r store.Reader, impact qms.ID, f ItemFilter, after int64, limit int) (qms.Page[ImpactItem], error) {
	items, err := itemsOf(ctx, r, impact, f, after, int64(limit+1))
	return qms.PageOf(items, limit, func(t ImpactItem) string { return strconv.FormatInt(t.Position, 10) }), err
}

func (s *Service) fillImpact(ctx context.Context, r store.Reader, platform qms.ID, v *ImpactSheet) (err error) {
	i := &v.Impact
	if v.Decisions, err = decisionCounts(ctx, r, i.ID); err != nil {
		return err
	}
	if v.People, v.Pieces, err = s.named(ctx, r, platform); err != nil {
		return err
	}
	v.Equipment = v.Pieces[i.Equipment]
	switch i.Kind {
	case ByCalibration:
		v.Cause, err = byID[Calibration](ctx, r, platform, i.Subject)
	case ByTraining:
		v.Training, err = byID[Training](ctx, r, platform, i.Subject)
	}
	if err != nil {
		return err
	}
	if v.FollowedBy, err = impactsFollowing(ctx, r, platform, i.Number); err != nil || i.Void != "" {
		return err
	}
	g, err := s.appeared(ctx, r, platform, i)
	switch {
	case qms.CodeOf(err) == qms.CodeConflict || qms.CodeOf(err) == qms.CodeNotFound || qms.CodeOf(err) == qms.CodeInvalid:
		v.Closed = true
		return nil
	case err != nil:
		return err
	}
	rows := g.rows(i.Items)
	v.Appearing = len(rows)
	for _, row := range rows[:min(len(rows), appearedShown)] {
		v.Appeared = append(v.Appeared, *row.(*ImpactItem))
	}
	return nil
}

// openStill refuses files for a dossier that is concluded: it never changes. Other records take files as
// long as they count.
func openStill(ctx context.Context, r store.Reader, kind EvidenceKind, platform, subject qms.ID) error {
	if kind != OfImpact {
		return nil
	}
	i, err := byID[Impact](ctx, r, platform, subject)
	if err == nil && i.ConcludedOn != 0 {
		err = qms.Conflict("impact.concluded", i.Number)
	}
	return err
}

func readPosition(after string) (int64, error) {
	if after == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(after, 10, 64)
	if err != nil || n < 0 {
		return 0, qms.Invalid("cursor.malformed")
	}
	return n, nil
}

// appeared gathers what the cause touches today and the dossier does not list: it was recorded or
// corrected since. Where the dossier keeps lots, it is told by how many a lot has grown.
func (s *Service) appeared(ctx context.Context, r store.Reader, platform qms.ID, i *Impact) (*gathering, error) {
	code := ""
	if i.Kind == ByFault {
		e, err := byID[Equipment](ctx, r, platform, i.Equipment)
		if err != nil {
			return nil, err
		}
		code = e.Code
	}
	t, err := s.trace(ctx, r, platform, i.Cause(code), r.Today())
	if err != nil {
		return nil, err
	}
	known, lots, err := frozenOf(ctx, r, i.ID)
	if err != nil {
		return nil, err
	}
	people, err := s.peopleByID(ctx, r, platform)
	if err != nil {
		return nil, err
	}
	g := newGathering(i.ID, people)
	grown := newGathering(i.ID, people)
	err = touched(ctx, r, platform, &t.reach, r.Today(), nil, 0, func(l *Touched) error {
		switch {
		case lots[l.Kind] != nil:
			grown.add(l)
		case !known[l.Record]:
			g.add(l)
		}
		return nil
	})
	g.grow(grown, lots)
	return g, err
}

// frozenOf is what a dossier lists: records, and for kinds that it keeps as lots how many each has.
func frozenOf(ctx context.Context, r store.Reader, impact qms.ID) (map[qms.ID]bool, map[TouchedKind]map[string]int64, error) {
	rows, err := frozenRows(ctx, r, impact)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	known, sums, lots := map[qms.ID]bool{}, map[TouchedKind]map[string]int64{}, map[TouchedKind]map[string]int64{}
	scan := newScanner(rows, 5)
	for scan.next() {
		kind, record := TouchedKind(scan.text(0)), qms.ID(scan.text(1))
		if sums[kind] == nil {
			sums[kind] = map[string]int64{}
		}
		sums[kind][lotOf(kind, scan.text(2), qms.ID(scan.text(3)))] += scan.integer(4)
		if known[record] = record != ""; record == "" {
			lots[kind] = sums[kind]
		}
	}
	return known, lots, scan.done()
}

// ImpactMention is one place in a dossier where a record is named: as a line, or as the cause.
type ImpactMention struct {
	Number    string // of the dossier
	Cause     CauseKind
	Opened    qms.Date
	Concluded qms.Date
	Void      string
	Kind      TouchedKind // of the line; none where the record is the cause
	Item      string      // number of the report or use
	Decision  ItemDecision
	Note      string
	Undecided int64 // lines of the dossier that wait
}

// mentioned is a record as mentionRows looks for it.
type mentioned struct {
	kind      string
	number    string
	id        qms.ID
	person    qms.ID
	equipment qms.ID
	on        qms.Date
}

// ImpactsOf lists where dossiers name a record: a "chain" by the number of its request, a "use" by its
// number, "equipment" by its code, a "calibration" or "training" by its identifier, an "instruction" by
// its code. It takes at most two statements.
func (s *Service) ImpactsOf(ctx context.Context, platform qms.ID, kind, code string) (found []ImpactMention, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		m, err := mentionOf(ctx, r, platform, kind, code)
		if err != nil {
			return err
		}
		rows, err := mentionRows(ctx, r, platform, m)
		if err != nil {
			return err
		}
		defer rows.Close()
		scan := newScanner(rows, 10)
		for scan.next() {
			found = append(found, ImpactMention{Number: scan.text(0), Cause: CauseKind(scan.text(1)), Opened: scan.date(2), Concluded: scan.date(3),
				Void: scan.text(4), Kind: TouchedKind(scan.text(5)), Item: scan.text(6), Decision: ItemDecision(scan.text(7)), Note: scan.text(8),
				Undecided: scan.integer(9)})
		}
		return scan.done()
	})
	return found, err
}

func mentionOf(ctx context.Context, r store.Reader, platform qms.ID, kind, code string) (mentioned, error) {
	m := mentioned{kind: kind, number: Normal(code), id: qms.ID(askable(code))}
	switch kind {
	case "use":
		u, err := byNumber[Use](ctx, r, platform, m.number)
		if err != nil {
			return m, err
		}
		m.id, m.person, m.equipment, m.on = u.ID, u.Person, u.Equipment, u.Date
	case "equipment":
		e, err := equipmentByCode(ctx, r, platform, m.number)
		if err != nil {
			return m, err
		}
		m.id = e.ID
	case "chain", "calibration", "training", "instruction":
	default:
		return m, qms.NotFound("record.not_found")
	}
	return m, nil
}
