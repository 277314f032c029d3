package documents

import (
	"strings"
	"time"
	"unicode/utf8"

	"maillon/qms"
)

// Present is the instant of an act and the civil day it falls on.
type Present struct {
	At  time.Time
	Day qms.Date
}

// Submit puts the draft in review: its author asks two others to sign. Three different people hold
// the three parts, unless an exemption held by the platform lets two of them be one.
func (v *Version) Submit(by, verifier, approver qms.ID, planned qms.Date, now Present, held ...*Exemption) error {
	switch {
	case v.State != Draft:
		return qms.Conflict("version.not_draft", v.Number().String())
	case v.Author != by:
		return qms.Refuse("version.not_author")
	}
	var wrong []qms.Field
	if !v.HasContent() {
		wrong = append(wrong, qms.Wrong("file", "version.content_missing"))
	}
	if v.Reason == "" {
		wrong = append(wrong, qms.Wrong("reason", "version.reason_missing"))
	}
	exemption, people := threePeople(v.Author, verifier, approver, held, now.Day)
	wrong = append(wrong, people...)
	if planned != 0 && planned < now.Day {
		wrong = append(wrong, qms.Wrong("effective_from", "version.effect_past"))
	}
	if len(wrong) > 0 {
		return qms.InvalidFields(wrong...)
	}
	v.State, v.Verifier, v.Approver, v.PlannedFrom, v.Exemption = InReview, verifier, approver, planned, exemption
	v.SubmittedAt, v.SubmittedOn, v.Remark = now.At, now.Day, ""
	return nil
}

// threePeople says what is wrong with the people of a round, or which exemption lets two of the
// three parts be held by one person. Nobody approves alone what they wrote, whatever is held.
func threePeople(author, verifier, approver qms.ID, held []*Exemption, day qms.Date) (used qms.ID, wrong []qms.Field) {
	switch verifier {
	case "":
		wrong = append(wrong, qms.Wrong("verifier", "version.verifier_missing"))
	case author:
		if used = holding(held, AuthorVerifies, day); used == "" {
			wrong = append(wrong, qms.Wrong("verifier", "version.verifier_is_author"))
		}
	}
	switch approver {
	case "":
		wrong = append(wrong, qms.Wrong("approver", "version.approver_missing"))
	case author:
		wrong = append(wrong, qms.Wrong("approver", "version.approver_is_author"))
	case verifier:
		if used = holding(held, VerifierApproves, day); used == "" {
			wrong = append(wrong, qms.Wrong("approver", "version.approver_is_verifier"))
		}
	}
	return used, wrong
}

// Verify is the verifier's signature, the first of the two. Authors verify only under an exemption.
func (v *Version) Verify(by qms.ID, now Present) error {
	switch {
	case v.State != InReview:
		return qms.Conflict("version.not_in_review", v.Number().String())
	case v.Author == by && (v.Verifier != by || v.Exemption == ""):
		return qms.Refuse("version.own_approval")
	case v.Verifier != by:
		return qms.Refuse("version.not_verifier")
	case !v.VerifiedAt.IsZero():
		return qms.Conflict("version.already_verified", v.Number().String())
	}
	v.VerifiedAt = now.At
	return nil
}

// Approve is the approver's signature, after the verifier's: the version takes effect on a day,
// today or later and not before a version approved earlier. It returns the one of the document's
// other versions that ends on that day, if any. With review, the next periodic review is set.
func (v *Version) Approve(by qms.ID, from qms.Date, review qms.Months, now Present, others []*Version) (*Version, error) {
	switch {
	case v.State != InReview:
		return nil, qms.Conflict("version.not_in_review", v.Number().String())
	case v.Author == by:
		return nil, qms.Refuse("version.own_approval")
	case v.Approver != by:
		return nil, qms.Refuse("version.not_approver")
	case v.VerifiedAt.IsZero():
		return nil, qms.Conflict("version.not_verified", v.Number().String())
	case from < now.Day:
		return nil, qms.InvalidFields(qms.Wrong("effective_from", "version.effect_past"))
	}
	for _, o := range others {
		if o.stands() && o.EffectiveFrom > from {
			return nil, qms.InvalidFields(qms.Wrong("effective_from", "version.effect_before", o.Number().String(), o.EffectiveFrom))
		}
	}
	v.State, v.ApprovedAt, v.ApprovedOn, v.EffectiveFrom = Approved, now.At, now.Day, from
	v.setReview(review)
	return v.supersede(others), nil
}

// stands reports whether the version was approved and not withdrawn since.
func (v *Version) stands() bool { return v.State == Approved }

// supersede ends the version that would still be in force when v takes effect.
func (v *Version) supersede(others []*Version) *Version {
	for _, o := range others {
		if o.stands() && o.ID != v.ID && (o.EffectiveUntil == 0 || o.EffectiveUntil > v.EffectiveFrom) {
			o.EffectiveUntil, v.Supersedes = v.EffectiveFrom, o.ID
			return o
		}
	}
	return nil
}

// setReview counts the next periodic review from the day of effect, or from the last review.
func (v *Version) setReview(every qms.Months) {
	v.ReviewOn = 0
	if every > 0 && v.EffectiveFrom != 0 {
		v.ReviewOn = max(v.EffectiveFrom, v.ReviewedOn).AddMonths(every)
	}
}

// Reject sends the version back to draft, by its verifier or its approver, who say why.
func (v *Version) Reject(by qms.ID, reason string) error {
	switch {
	case v.State != InReview:
		return qms.Conflict("version.not_in_review", v.Number().String())
	case v.Verifier != by && v.Approver != by:
		return qms.Refuse("version.not_signatory")
	}
	return v.backToDraft(reason)
}

// Recall takes the version back to draft, by its author or by somebody who controls documents.
func (v *Version) Recall(by qms.ID, controls bool, reason string) error {
	switch {
	case v.State != InReview:
		return qms.Conflict("version.not_in_review", v.Number().String())
	case v.Author != by && !controls:
		return qms.Refuse("version.not_author")
	}
	return v.backToDraft(reason)
}

func (v *Version) backToDraft(reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	v.State, v.Remark = Draft, reason
	v.SubmittedAt, v.VerifiedAt, v.SubmittedOn = time.Time{}, time.Time{}, 0
	return nil
}

// Withdraw ends the version for good. In force, it ends today and nothing takes its place. Still to
// come, it never takes effect, and the version it would have superseded goes on. It returns the
// other versions of the document that change with it.
func (v *Version) Withdraw(reason string, now Present, others []*Version) ([]*Version, error) {
	switch {
	case v.State == Draft:
		return nil, qms.Conflict("version.draft_not_withdrawn", v.Number().String())
	case v.State == Withdrawn:
		return nil, qms.Conflict("version.already_withdrawn", v.Number().String())
	}
	if err := checkReason(reason); err != nil {
		return nil, err
	}
	var changed []*Version
	if v.State == Approved {
		if v.EffectiveFrom > now.Day {
			changed = v.giveBack(others)
			v.EffectiveUntil = v.EffectiveFrom
		} else if v.EffectiveUntil == 0 || v.EffectiveUntil > now.Day {
			v.EffectiveUntil = now.Day
		}
	}
	v.State, v.Remark, v.WithdrawnAt, v.WithdrawnOn = Withdrawn, reason, now.At, now.Day
	return changed, nil
}

// giveBack hands the days of a version that never took effect to the one it would have ended, and
// what comes after it supersedes that one instead.
func (v *Version) giveBack(others []*Version) (changed []*Version) {
	for _, o := range others {
		switch {
		case o.ID == v.Supersedes && v.Supersedes != "" && o.stands():
			o.EffectiveUntil = v.EffectiveUntil
			changed = append(changed, o)
		case o.Supersedes == v.ID && o.stands():
			o.Supersedes = v.Supersedes
			changed = append(changed, o)
		}
	}
	return changed
}

func checkReason(reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return qms.InvalidFields(qms.Wrong("reason", "act.reason_missing"))
	case utf8.RuneCountInString(reason) > maxReason:
		return qms.InvalidFields(qms.Wrong("reason", "act.reason_long", maxReason))
	}
	return nil
}

// InForce is the version in force on the day, nil when none is.
func InForce(versions []*Version, day qms.Date) *Version {
	for _, v := range versions {
		if v.InForceOn(day) {
			return v
		}
	}
	return nil
}

// Current is what a reader of the document meets on the day: the version in force, else the newest
// that is not withdrawn, else the newest. Versions come newest first.
func Current(versions []*Version, day qms.Date) *Version {
	if v := InForce(versions, day); v != nil {
		return v
	}
	var newest *Version
	for _, v := range versions {
		state, exists := v.StateOn(day)
		if !exists {
			continue
		}
		if state != Withdrawn {
			return v
		}
		if newest == nil {
			newest = v
		}
	}
	return newest
}
