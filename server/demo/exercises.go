package demo

import (
	"context"
	"strings"

	"maillon/audits"
	"maillon/qms"
)

// exercise plans the exercises of a platform: two full ones months apart, one by which the platform
// practises, the evaluation of the quality officer, and one that is under way.
func (y *year) exercise(platform qms.ID) {
	const lead, officer = 2, 10
	for _, day := range []int{185, 338} {
		y.on(day, officer, func(ctx context.Context) error {
			_, err := y.h.Audits.RunFull(ctx, platform, y.date(day))
			return err
		})
	}
	y.sampled(215, lead, 4, 4, audits.Draw{Platform: platform, Practice: true, Kind: audits.Services, Direction: audits.Downstream, Seed: "entraînement", Size: 4})
	y.sampled(340, officer, 8, 8, audits.Draw{Platform: platform, Kind: audits.Services, Direction: audits.Upstream, Strata: audits.ByStatus, Seed: "démonstration", Size: 8})
	y.sampled(358, officer, 6, 2, audits.Draw{Platform: platform, Kind: audits.Access, Direction: audits.Upstream, Seed: "mises à disposition", Size: 6})
}

// sampled plans a drawn exercise of which some items are answered; one that is answered whole is
// concluded.
func (y *year) sampled(day, agent, size, answered int, draw audits.Draw) {
	y.on(day, agent, func(ctx context.Context) error {
		draw.AsOf = y.date(day)
		sheet, err := y.h.Audits.Draw(ctx, draw)
		if err != nil {
			return err
		}
		for n, item := range sheet.Items[:min(answered, len(sheet.Items))] {
			var decisions []audits.Decision
			for _, link := range item.Links {
				decisions = append(decisions, audits.Decision{Link: link.ID, Answer: link.Proposal, Note: note(link)})
			}
			sheet, err = y.h.Audits.Decide(ctx, audits.Decide{Platform: draw.Platform, Exercise: sheet.Exercise.Number, Item: item.ID,
				Decisions: decisions, Seconds: int64(95 + 40*(n%4))})
			if err != nil {
				return err
			}
		}
		if answered < size {
			return nil
		}
		return y.conclude(ctx, sheet)
	})
}

// conclude signs with the verdict that the score proposes.
func (y *year) conclude(ctx context.Context, sheet *audits.Sheet) error {
	cmd := audits.Conclude{Platform: sheet.Exercise.Platform, Exercise: sheet.Exercise.Number, Verdict: sheet.Score().Verdict()}
	if cmd.Verdict != audits.Passed {
		cmd.Remark = "Les écarts relevés sont à traiter avant la prochaine séance."
	}
	_, err := y.h.Audits.Conclude(ctx, cmd)
	return err
}

func note(l audits.ExerciseLink) string {
	if l.Proposal == audits.Found || l.Checks == "" {
		return ""
	}
	return "Constaté sur pièces : " + strings.ReplaceAll(l.Checks, " ", ", ")
}
