package trace

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

func (l *PriceList) numbered() (string, *string, qms.Date) { return "TAR", &l.Number, l.EffectiveFrom }
func (l *PriceList) void() string                          { return l.Void }
func (l *PriceList) setVoid(reason string)                 { l.Void = reason }

// RecordPriceList is what is stated of a price list as a whole. An empty Number is given out:
// TAR-2026-0001.
type RecordPriceList struct {
	Platform      qms.ID
	Number        string
	Title         string
	EffectiveFrom qms.Date
	Remark        string
	Mention       string      // needed when a line is not subject to VAT
	Lines         []PriceLine // of a new list; a nil one leaves those there are
	CopyOf        string      // number of the list that a new one takes its lines from
}

func (c RecordPriceList) state(in *checking, l *PriceList) {
	l.Title = in.requiredLine("title", c.Title, maxLabel)
	l.EffectiveFrom = in.requiredDate("effective_from", c.EffectiveFrom)
	l.Remark, l.Mention = in.long("remark", c.Remark), in.text("mention", c.Mention)
	if c.Lines != nil {
		in.setLines(l, c.Lines)
	}
}

// setLines reads the lines for the statuses that the platform has now.
func (in *checking) setLines(l *PriceList, lines []PriceLine) {
	settings, err := priceSettingsOf(in.ctx, in.tx, in.platform)
	if err != nil {
		in.err = err
		return
	}
	statuses := settings.ClientStatuses()
	lines = in.priceLines(lines, statuses)
	l.Statuses, l.Lines, l.Size = writeJSON(statuses), writeJSON(lines), int64(len(lines))
}

// AddPriceList begins a draft, empty or with the lines of another list.
func (s *Service) AddPriceList(ctx context.Context, cmd RecordPriceList) (*PriceList, error) {
	act := qms.Act{Name: "price_list.add", Needs: qms.ManagePrices.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, l *PriceList) {
		l.Number, l.State = cmd.Number, PriceDraft
		if cmd.Lines == nil {
			cmd.Lines = []PriceLine{}
		}
		if from := in.code("copy_of", cmd.CopyOf); from != "" {
			copied, err := byNumber[PriceList](in.ctx, in.tx, in.platform, from)
			switch {
			case qms.CodeOf(err) == qms.CodeNotFound:
				in.fail("copy_of", "price_list.unknown", from)
			case err != nil:
				in.err = err
				return
			default:
				l.CopiedFrom, cmd.Lines = copied.Number, in.sold(copied.Items())
			}
		}
		cmd.state(in, l)
	})
}

// sold leaves out the prices for statuses that the platform no longer has.
func (in *checking) sold(lines []PriceLine) []PriceLine {
	settings, err := priceSettingsOf(in.ctx, in.tx, in.platform)
	if err != nil {
		in.err = err
		return nil
	}
	statuses := settings.ClientStatuses()
	for _, l := range lines {
		for code := range l.Prices {
			if _, known := StatusOf(statuses, code); !known {
				delete(l.Prices, code)
			}
		}
	}
	return lines
}

// draft is revise for a list that is still a draft: published ones never change.
func (s *Service) draft(ctx context.Context, name string, target Target, state func(in *checking, l *PriceList)) (*PriceList, error) {
	return revise(ctx, s, qms.Act{Name: name, Needs: qms.ManagePrices.On(target.Platform)}, target, func(in *checking, l *PriceList) {
		if l.State != PriceDraft {
			in.err = qms.Conflict("price_list.published", l.Number)
			return
		}
		state(in, l)
	})
}

// ChangePriceList states a draft anew, its lines too when there are any in the command.
func (s *Service) ChangePriceList(ctx context.Context, target Target, cmd RecordPriceList) (*PriceList, error) {
	return s.draft(ctx, "price_list.change", target, cmd.state)
}

// SetPriceLine is one line of a draft: a new one when Code is empty, else what the line of that code
// becomes, its own code included.
type SetPriceLine struct {
	Target
	Code string
	Line PriceLine
}

// SetPriceLine adds a line to a draft or changes one. Its fields are named without a number.
func (s *Service) SetPriceLine(ctx context.Context, cmd SetPriceLine) (*PriceList, error) {
	return s.draft(ctx, "price_list.change", cmd.Target, func(in *checking, l *PriceList) {
		settings, err := priceSettingsOf(in.ctx, in.tx, in.platform)
		if err != nil {
			in.err = err
			return
		}
		line, lines := in.priceLine("", cmd.Line, settings.ClientStatuses()), l.Items()
		at := slices.IndexFunc(lines, func(o PriceLine) bool { return o.Code == Normal(cmd.Code) })
		if other := slices.IndexFunc(lines, func(o PriceLine) bool { return o.Code == line.Code }); other >= 0 && other != at {
			in.fail("code", "price_line.doubled", line.Code, other+1)
		}
		switch {
		case cmd.Code != "" && at < 0:
			in.err = qms.NotFound("price_line.not_found")
		case cmd.Code != "":
			lines[at] = line
		case len(lines) >= MaxPriceLines:
			in.fail("code", "price_list.too_long", MaxPriceLines)
		default:
			lines = append(lines, line)
		}
		if in.err == nil && len(in.wrong) == 0 {
			l.Lines, l.Size = writeJSON(lines), int64(len(lines))
		}
	})
}

// TakeOutPriceLine takes a line out of a draft.
func (s *Service) TakeOutPriceLine(ctx context.Context, target Target, code string) (*PriceList, error) {
	return s.draft(ctx, "price_list.change", target, func(in *checking, l *PriceList) {
		lines := l.Items()
		kept := slices.DeleteFunc(slices.Clone(lines), func(o PriceLine) bool { return o.Code == Normal(code) })
		if len(kept) == len(lines) {
			in.err = qms.NotFound("price_line.not_found")
			return
		}
		l.Lines, l.Size = writeJSON(kept), int64(len(kept))
	})
}

// SetPriceLines puts lines in the place of all that a draft has: an import, for example.
func (s *Service) SetPriceLines(ctx context.Context, target Target, lines []PriceLine) (*PriceList, error) {
	return s.draft(ctx, "price_list.change", target, func(in *checking, l *PriceList) {
		if len(lines) == 0 {
			in.fail("lines", "price_list.empty")
			return
		}
		in.setLines(l, lines)
	})
}

// PublishPriceList lets a draft come into force on its day, where it ends the list before it. From
// then on it never changes.
func (s *Service) PublishPriceList(ctx context.Context, target Target) (*PriceList, error) {
	return s.draft(ctx, "price_list.publish", target, func(in *checking, l *PriceList) {
		other, err := publishedOn(in.ctx, in.tx, in.platform, l.EffectiveFrom)
		if err != nil {
			in.err = err
			return
		}
		lines := l.Items()
		switch {
		case other != nil:
			in.fail("effective_from", "price_list.same_day", other.Number, l.EffectiveFrom)
		case len(lines) == 0:
			in.fail("lines", "price_list.empty")
		case l.Mention == "" && slices.ContainsFunc(lines, func(o PriceLine) bool { return o.VAT == NotSubject }):
			in.fail("mention", "price_list.mention")
		}
		in.setLines(l, lines)
		l.State, l.PublishedBy, l.PublishedOn = PricePublished, in.tx.Actor().ID, in.tx.Today()
	})
}

// VoidPriceList declares a list a mistake, published or not: it counts no longer, and the one before
// it stays in force. Quotes made from it stay as they are.
func (s *Service) VoidPriceList(ctx context.Context, target Target) (*PriceList, error) {
	return annul[PriceList](ctx, s, qms.Act{Name: "price_list.void", Needs: qms.ManagePrices.On(target.Platform)}, target)
}

// StatePriceSettings is how a platform sells from now on.
type StatePriceSettings struct {
	Platform   qms.ID
	Revision   int64 // the one that the actor saw; 0 when there was none
	Public     bool
	Statuses   []ClientStatus // empty for the usual three
	Seller     string
	Conditions string
	Mention    string
	ValidDays  int64
}

// StatePriceSettings sets how a platform sells. Lists that are published keep the statuses they have.
func (s *Service) StatePriceSettings(ctx context.Context, cmd StatePriceSettings) (row *PriceSettings, err error) {
	act := qms.Act{Name: "price_settings.state", Needs: qms.ManagePrices.On(cmd.Platform), Platform: cmd.Platform}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		if row, err = priceSettingsOf(ctx, tx, cmd.Platform); err != nil {
			return err
		}
		known := row.ID != ""
		if !known && cmd.Revision != 0 || known && cmd.Revision == 0 {
			return qms.Conflict("record.changed")
		}
		in := &checking{ctx: ctx, tx: tx, s: s, platform: cmd.Platform}
		row.Public, row.Statuses = cmd.Public, writeJSON(in.statuses(cmd.Statuses))
		row.Seller, row.Conditions = in.long("seller", cmd.Seller), in.long("conditions", cmd.Conditions)
		row.Mention = in.text("mention", cmd.Mention)
		if row.ValidDays = cmd.ValidDays; cmd.ValidDays < 1 || cmd.ValidDays > 3660 {
			in.fail("valid_days", "days.implausible", cmd.ValidDays)
		}
		if err := in.outcome(); err != nil {
			return err
		}
		if !known {
			row.Platform = cmd.Platform
			return tx.Insert(ctx, row)
		}
		row.Revision = cmd.Revision
		return tx.Update(ctx, row)
	})
	return row, err
}

// PriceSettings is how a platform sells.
func (s *Service) PriceSettings(ctx context.Context, platform qms.ID) (row *PriceSettings, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		row, err = priceSettingsOf(ctx, r, platform)
		return err
	})
	return row, err
}

// PriceListLine is one list of a platform with its period.
type PriceListLine struct {
	PriceList // without its lines
	Period    qms.Period
	Standing  string
}

// PriceLists are all lists of a platform as they stand on the day, newest first, 1 statement. on 0 is
// today.
func (s *Service) PriceLists(ctx context.Context, platform qms.ID, on qms.Date) (lines []PriceListLine, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if on == 0 {
			on = r.Today()
		}
		all, err := priceLists(ctx, r, platform)
		periods := Periods(all)
		for _, l := range all {
			lines = append(lines, PriceListLine{l, periods[l.Number], l.Standing(periods[l.Number], on)})
		}
		return err
	})
	return lines, err
}

// PriceSheet is a price list with its lines and how it stands.
type PriceSheet struct {
	PriceListLine
	Items    []PriceLine
	Others   []PriceListLine // every other list, newest first
	Before   *PriceList      // the list in force on the day before it begins, with its lines; nil for none
	Settings PriceSettings
}

// PriceSheet reads one list of the platform, 4 statements.
func (s *Service) PriceSheet(ctx context.Context, platform qms.ID, number string) (sheet *PriceSheet, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		l, err := priceListByNumber(ctx, r, platform, number)
		if err != nil {
			return err
		}
		all, err := priceLists(ctx, r, platform)
		if err != nil {
			return err
		}
		settings, err := priceSettingsOf(ctx, r, platform)
		if err != nil {
			return err
		}
		periods := Periods(all)
		sheet = &PriceSheet{PriceListLine: PriceListLine{*l, periods[l.Number], l.Standing(periods[l.Number], r.Today())}, Items: l.Items(), Settings: *settings}
		for _, o := range all {
			if o.ID != l.ID {
				sheet.Others = append(sheet.Others, PriceListLine{o, periods[o.Number], o.Standing(periods[o.Number], r.Today())})
			}
		}
		sheet.Before, err = priceListOn(ctx, r, platform, l.EffectiveFrom.AddDays(-1))
		return err
	})
	return sheet, err
}

func priceListByNumber(ctx context.Context, r store.Reader, platform qms.ID, number string) (*PriceList, error) {
	l, err := byNumber[PriceList](ctx, r, platform, Normal(number))
	if qms.CodeOf(err) == qms.CodeNotFound {
		return nil, qms.NotFound("price_list.not_found")
	}
	return l, err
}

// PriceList reads one list of the platform.
func (s *Service) PriceList(ctx context.Context, platform qms.ID, number string) (l *PriceList, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		l, err = priceListByNumber(ctx, r, platform, number)
		return err
	})
	return l, err
}

// PriceListOn is the list in force on the day, today when on is 0; qms.NotFound when there is none.
func (s *Service) PriceListOn(ctx context.Context, platform qms.ID, on qms.Date) (l *PriceList, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if on == 0 {
			on = r.Today()
		}
		if l, err = priceListOn(ctx, r, platform, on); err == nil && l == nil {
			err = qms.NotFound("price_list.none_on", on)
		}
		return err
	})
	return l, err
}

// PublicPriceList is the list in force on the day of a platform that shows its prices to anybody;
// qms.NotFound when it does not, or has none.
func (s *Service) PublicPriceList(ctx context.Context, platform qms.ID, on qms.Date) (l *PriceList, err error) {
	err = s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) error {
		settings, err := priceSettingsOf(ctx, r, platform)
		if err != nil {
			return err
		}
		if on == 0 {
			on = r.Today()
		}
		if settings.Public {
			l, err = priceListOn(ctx, r, platform, on)
		}
		if err == nil && l == nil {
			err = qms.NotFound("price_list.not_public")
		}
		return err
	})
	return l, err
}

// PublicPlatforms are the platforms that show a list in force today to anybody.
func (s *Service) PublicPlatforms(ctx context.Context) (ids []qms.ID, err error) {
	err = s.db.View(ctx, qms.Public.OnSite(), func(r store.Reader) error {
		ids, err = publicPlatforms(ctx, r, r.Today())
		return err
	})
	return ids, err
}

// PricesWanting reports whether a platform that has price lists has none in force on the day, and the
// first day on which one of them will be, none when no list is published for later.
func (s *Service) PricesWanting(ctx context.Context, platform qms.ID, on qms.Date) (wanting bool, next qms.Date, err error) {
	lists, err := s.PriceLists(ctx, platform, on)
	voided := 0
	for _, l := range lists {
		switch {
		case l.Standing == "effective":
			return false, 0, err
		case l.Standing == "approved":
			next = l.EffectiveFrom
		case l.Standing == "withdrawn":
			voided++
		}
	}
	return len(lists) > voided, next, err
}
