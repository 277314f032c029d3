package documents

import (
	"context"
	"slices"
	"strings"

	"maillon/qms"
	"maillon/qms/store"
)

// KindUse is a kind and how many documents are of it.
type KindUse struct {
	Kind
	Documents int64
}

// ReviseKind says what is to be said about a kind; nil fields stay as they are. Its code stays.
type ReviseKind struct {
	Platform     qms.ID
	Code         string
	Revision     int64 // 0 does not check
	French       *string
	English      *string
	External     *bool
	Level        *Level
	ReviewMonths *qms.Months
	Retired      *bool // no new documents from today on, or again
	Reason       string
}

// Kinds lists the platform's kinds, retired ones among them, by level and code.
func (s *Service) Kinds(ctx context.Context, platform qms.ID) (uses []KindUse, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		kinds, err := kindsOf(ctx, r, platform)
		if err != nil {
			return err
		}
		counts, err := documentsOfKinds(ctx, r, platform)
		for _, k := range kinds {
			uses = append(uses, KindUse{k, counts[k.Code]})
		}
		return err
	})
	slices.SortStableFunc(uses, func(a, b KindUse) int {
		return slices.Index(Levels(), a.At()) - slices.Index(Levels(), b.At())
	})
	return uses, err
}

// AddKind makes a kind. The texts are read again, since codes of the new kind are codes now.
func (s *Service) AddKind(ctx context.Context, platform qms.ID, k Kind, reason string) (*Kind, error) {
	k = Kind{Code: tidyWord(k.Code), French: k.French, English: k.English, External: k.External, Level: k.Level, ReviewMonths: k.ReviewMonths}
	wrong := k.check()
	act := qms.Act{Name: "kind.add", Needs: qms.ControlDocuments.On(platform), Platform: platform, Reason: tidy(reason)}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		own, err := ownKinds(ctx, tx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(own, func(o *Kind) bool { return o.Code == k.Code }) {
			wrong = append(wrong, qms.Wrong("code", "kind.taken", k.Code))
		}
		if len(wrong) > 0 {
			return qms.InvalidFields(wrong...)
		}
		if err := tx.Insert(ctx, &k); err != nil {
			return err
		}
		return relinkAll(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	return &k, nil
}

// ReviseKind corrects a kind, or retires it: documents of a retired kind stay, and no new one is made.
func (s *Service) ReviseKind(ctx context.Context, cmd ReviseKind) (*Kind, error) {
	var k *Kind
	act := qms.Act{Name: "kind.revise", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform, Reason: tidy(cmd.Reason)}
	if cmd.Retired != nil {
		act.Name = map[bool]string{true: "kind.retire", false: "kind.reinstate"}[*cmd.Retired]
	}
	err := s.db.Change(ctx, act, func(tx *store.Tx) error {
		own, err := ownKinds(ctx, tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(own, func(k *Kind) bool { return k.Code == tidyWord(cmd.Code) })
		if i < 0 {
			return qms.NotFound("kind.not_found")
		}
		k = own[i]
		if err := unchanged(k, cmd.Revision); err != nil {
			return err
		}
		cmd.onto(k, tx.Today())
		if wrong := k.check(); len(wrong) > 0 {
			return qms.InvalidFields(wrong...)
		}
		return tx.Update(ctx, k)
	})
	if err != nil {
		return nil, err
	}
	return k, nil
}

func (cmd ReviseKind) onto(k *Kind, today qms.Date) {
	set(&k.French, cmd.French)
	set(&k.English, cmd.English)
	set(&k.External, cmd.External)
	set(&k.Level, cmd.Level)
	set(&k.ReviewMonths, cmd.ReviewMonths)
	if cmd.Retired != nil {
		retire(&k.RetiredOn, *cmd.Retired, today)
	}
}

// retire sets the day from which something is retired, or takes it back. What is retired already
// keeps its day.
func retire(on *qms.Date, retired bool, today qms.Date) {
	switch {
	case !retired:
		*on = 0
	case *on == 0:
		*on = today
	}
}

// ownKinds are the platform's kinds to be changed: the default set becomes its own first.
func ownKinds(ctx context.Context, tx *store.Tx) ([]*Kind, error) {
	kinds, err := kindsOf(ctx, tx, tx.Act().Platform)
	if err != nil {
		return nil, err
	}
	own, fresh := make([]*Kind, len(kinds)), []qms.Record(nil)
	for i := range kinds {
		own[i] = &kinds[i]
		if kinds[i].Revision == 0 {
			fresh = append(fresh, own[i])
		}
	}
	if len(fresh) > 0 {
		err = tx.Insert(ctx, fresh...)
	}
	return own, err
}

// check collects what is wrong with what a person said about the kind.
func (k *Kind) check() (wrong []qms.Field) {
	k.French, k.English = oneLine(k.French), oneLine(k.English)
	if !word.MatchString(k.Code) {
		wrong = append(wrong, qms.Wrong("code", "code.part_malformed", k.Code))
	}
	if k.French == "" {
		wrong = append(wrong, qms.Wrong("french", "kind.name_missing"))
	}
	for name, text := range map[string]string{"french": k.French, "english": k.English} {
		if len([]rune(text)) > maxTitle {
			wrong = append(wrong, qms.Wrong(name, "document.title_long", maxTitle))
		}
	}
	if k.Level != "" && !slices.Contains(Levels(), k.Level) {
		wrong = append(wrong, qms.Wrong("level", "kind.level", string(k.Level)))
	}
	if k.ReviewMonths < 0 || k.ReviewMonths > 240 {
		wrong = append(wrong, qms.Wrong("review_months", "document.review_months"))
	}
	return wrong
}

// oneLine is what a person typed, in one line.
func oneLine(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }
