package scheduler

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// lastSlot reads the run begun last; nil when there was none.
func lastSlot(ctx context.Context, r store.Reader) (*Slot, error) {
	var s Slot
	err := r.Select(&s).Order("number DESC").Limit(1).Scan(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &s, nil
}

// stateOf reads what a tick looks at first: two statements, whatever the site has behind it.
func stateOf(ctx context.Context, r store.Reader) (s state, err error) {
	if s.last, err = lastSlot(ctx, r); err != nil {
		return s, err
	}
	rows, err := r.Query(ctx, `SELECT (SELECT MAX(day) FROM slots), (SELECT COUNT(*) FROM mails WHERE next_at <= ?),
(SELECT COUNT(*) FROM reminder_preferences WHERE mode = ?)`, r.Now(), Immediate)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	var atOnce int
	for rows.Next() {
		if err := rows.Scan(&s.asked, &s.waiting, &atOnce); err != nil {
			return s, err
		}
	}
	s.atOnce = atOnce > 0
	return s, rows.Err()
}

// obligationsAtOnce is how many obligations one question names.
const obligationsAtOnce = 500

// toldSince reads until which step obligations were told to whom, as far as that was since the day.
func toldSince(ctx context.Context, r store.Reader, obligations []string, day qms.Date) (map[Teller]qms.Date, error) {
	told := map[Teller]qms.Date{}
	for some := range slices.Chunk(obligations, obligationsAtOnce) {
		if err := toldOf(ctx, r, some, day, told); err != nil {
			return nil, err
		}
	}
	return told, nil
}

func toldOf(ctx context.Context, r store.Reader, obligations []string, day qms.Date, told map[Teller]qms.Date) error {
	rows, err := r.Query(ctx, `SELECT obligation, person, MAX(through) FROM reminders WHERE obligation IN (?) AND through >= ?
GROUP BY obligation, person`, bun.List(obligations), day)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var t Teller
		var through qms.Date
		if err := rows.Scan(&t.Obligation, &t.Person, &through); err != nil {
			return err
		}
		told[t] = through
	}
	return rows.Err()
}

// waitingMails reads mails that may be tried at that instant.
func waitingMails(ctx context.Context, r store.Reader, at time.Time, limit int64) ([]Mail, error) {
	var all []Mail
	err := r.Select(&all).Where("next_at <= ?", at).Order("next_at", "id").Limit(limit).Scan(ctx)
	return all, err
}

func mailsByID(ctx context.Context, r store.Reader, ids []qms.ID) (map[qms.ID]*Mail, error) {
	found := make(map[qms.ID]*Mail, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var all []Mail
	err := r.Select(&all).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	for i := range all {
		found[all[i].ID] = &all[i]
	}
	return found, err
}

// remindersIn reads what mails say, by due date.
func remindersIn(ctx context.Context, r store.Reader, mails []qms.ID) (map[qms.ID][]Reminder, error) {
	var all []Reminder
	err := r.Select(&all).Where("mail IN (?)", bun.List(mails)).Order("due_on", "id").Scan(ctx)
	found := make(map[qms.ID][]Reminder, len(mails))
	for _, reminder := range all {
		found[reminder.Mail] = append(found[reminder.Mail], reminder)
	}
	return found, err
}

// rulesFor reads what the site settled and what the platforms did, all of them when none is named.
func rulesFor(ctx context.Context, r store.Reader, platforms []qms.ID) ([]ReminderRule, error) {
	var all []ReminderRule
	q := r.Select(&all)
	if platforms != nil {
		q = q.Where("platform IS NULL OR platform IN (?)", bun.List(platforms))
	}
	err := q.Order("kind", "id").Scan(ctx)
	return all, err
}

func wishesOf(ctx context.Context, r store.Reader) ([]ReminderPreference, error) {
	var all []ReminderPreference
	err := r.Select(&all).Scan(ctx)
	return all, err
}

func languagesOf(ctx context.Context, r store.Reader, persons []qms.ID) (map[qms.ID]string, error) {
	languages, err := welcomedIn(ctx, r, persons)
	if err != nil {
		return nil, err
	}
	var all []ReminderPreference
	err = r.Select(&all).Where("person IN (?)", bun.List(persons)).Scan(ctx)
	for _, p := range persons {
		if languages[p] == "" {
			languages[p] = locale.French
		}
	}
	for _, p := range all {
		languages[p.Person] = p.Language
	}
	return languages, err
}

// preferenceOf reads how a person wants to be told; what holds when nothing was said, with revision 0.
func preferenceOf(ctx context.Context, r store.Reader, person qms.ID) (*ReminderPreference, error) {
	p := ReminderPreference{Person: person, Mode: Daily, Language: locale.French}
	err := r.Select(&p).Where("person = ?", person).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		languages, err := languagesOf(ctx, r, []qms.ID{person})
		p.Language = languages[person]
		return &p, err
	}
	return &p, err
}

// addresseesOf reads who is told besides, on a platform or on all when none is named.
func addresseesOf(ctx context.Context, r store.Reader, platform qms.ID) ([]ReminderAddressee, error) {
	var all []ReminderAddressee
	q := r.Select(&all).Where("ended = ''")
	if platform != "" {
		q = q.Where("platform = ?", platform)
	}
	err := q.Order("platform", "id").Scan(ctx)
	return all, err
}
