package trace

import (
	"context"
	"slices"

	"maillon/qms"
	"maillon/qms/store"
)

// ReceiveSample notes that material came for a request. An empty Number is given out: ECH-2026-0001.
type ReceiveSample struct {
	Platform    qms.ID
	Number      string
	Request     string
	Description string
	Quantity    string
	ReceivedOn  qms.Date
	ReceivedBy  qms.ID // may be empty
	Condition   string
	Place       string
}

func (c ReceiveSample) state(in *checking, s *Sample) {
	s.Request = in.request("request", c.Request)
	s.Description = in.required("description", c.Description)
	s.Quantity = in.text("quantity", c.Quantity)
	s.ReceivedOn = in.past("received_on", c.ReceivedOn)
	s.ReceivedBy = in.person("received_by", c.ReceivedBy)
	s.Condition = in.text("condition", c.Condition)
	s.Place = in.text("place", c.Place)
	if s.FateOn != 0 && s.FateOn < s.ReceivedOn {
		in.fail("received_on", "sample.received_after", s.FateOn)
	}
}

// ReceiveSample notes a sample and gives it its number.
func (s *Service) ReceiveSample(ctx context.Context, cmd ReceiveSample) (*Sample, error) {
	act := qms.Act{Name: "sample.receive", Needs: qms.WriteTrace.On(cmd.Platform), Platform: cmd.Platform}
	return enter(ctx, s, act, func(in *checking, sample *Sample) {
		sample.Number, sample.Fate = cmd.Number, Kept
		cmd.state(in, sample)
	})
}

// CorrectSample puts right what was stated of a sample; its number and its fate stay.
func (s *Service) CorrectSample(ctx context.Context, target Target, cmd ReceiveSample) (*Sample, error) {
	return correct(ctx, s, qms.Act{Name: "sample.correct", Needs: qms.WriteTrace.On(target.Platform)}, target, cmd.state)
}

// SettleSample states what became of a sample. A later statement replaces an earlier one, which the
// trail keeps; Kept takes it back.
type SettleSample struct {
	Target
	Fate Fate
	On   qms.Date // none when it is kept
	By   qms.ID   // a member of the platform; may be empty when it is kept
	Note string
}

// SettleSample notes the fate of a sample.
func (s *Service) SettleSample(ctx context.Context, cmd SettleSample) (*Sample, error) {
	act := qms.Act{Name: "sample.settle", Needs: qms.WriteTrace.On(cmd.Platform)}
	return revise(ctx, s, act, cmd.Target, func(in *checking, sample *Sample) {
		if !slices.Contains(Fates(), cmd.Fate) {
			in.fail("fate", "input.unknown_choice")
		}
		sample.Fate, sample.FateNote = cmd.Fate, in.long("note", cmd.Note)
		if cmd.Fate == Kept {
			sample.FateOn, sample.FateBy = 0, ""
			return
		}
		if sample.FateOn = in.past("on", cmd.On); sample.FateOn != 0 && sample.FateOn < sample.ReceivedOn {
			in.fail("on", "sample.settled_before", sample.ReceivedOn)
		}
		sample.FateBy = in.requiredPerson("by", cmd.By)
	})
}

// VoidSample declares a sample a mistake.
func (s *Service) VoidSample(ctx context.Context, target Target) (*Sample, error) {
	return annul[Sample](ctx, s, qms.Act{Name: "sample.void", Needs: qms.WriteTrace.On(target.Platform)}, target)
}

// Sample reads a sample by its number; a voided one is read too.
func (s *Service) Sample(ctx context.Context, platform qms.ID, number string) (*Sample, error) {
	return numberedRecord[Sample](ctx, s, platform, number)
}

// Samples lists the samples of a request by number, voided ones too.
func (s *Service) Samples(ctx context.Context, platform qms.ID, request string) (all []Sample, err error) {
	err = s.db.View(ctx, qms.ReadTrace.On(platform), func(r store.Reader) error {
		if _, err := byNumber[Request](ctx, r, platform, Normal(request)); err != nil {
			return err
		}
		return r.Select(&all).Where("platform = ? AND request = ?", platform, Normal(request)).Order("number").Scan(ctx)
	})
	return all, err
}
