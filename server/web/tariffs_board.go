package web

import (
	"context"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// PriceBoard says on the home of a platform that uses price lists when none is in force.
type PriceBoard struct{ Trace *trace.Service }

// Board takes one statement.
func (b PriceBoard) Board(ctx context.Context, platform people.Platform, today qms.Date) (BoardPart, error) {
	var part BoardPart
	if !qms.ActorFrom(ctx).Can(qms.ManagePrices.On(platform.ID)) {
		return part, nil
	}
	wanting, next, err := b.Trace.PricesWanting(ctx, platform.ID, today)
	if err != nil || !wanting {
		return part, err
	}
	item := BoardItem{State: "missing", Title: Say("page.prices.board_none"), Parts: []string{"prices"}}
	if next != 0 {
		item.Small = Say("page.prices.board_none_next", next)
	}
	part.Todo = []BoardItem{item}
	return part, nil
}
