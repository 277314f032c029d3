package api

import (
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"maillon/qms"
)

// Paged is embedded in the input of every list.
type Paged struct {
	After string `query:"after" doc:"The cursor that the page before gave as next" maxLength:"500"`
	Limit int    `query:"limit" doc:"How many items" minimum:"1" maximum:"200" default:"50"`
	here  url.URL
}

// Resolve keeps the address, which the Link header of the answer is made from.
func (p *Paged) Resolve(ctx huma.Context) []error {
	p.here = ctx.URL()
	return nil
}

// Cursor is what the rooms take.
func (p *Paged) Cursor() qms.Cursor { return qms.Cursor{After: p.After, Size: p.Limit} }

// List is the answer of every list.
type List[T any] struct {
	Link string `header:"Link" doc:"The next page, as rel=\"next\" (RFC 8288)"`
	Body Items[T]
}

// Items are some items of a list and where the next ones begin.
type Items[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one"`
}

// list renders a page of a room's rows.
func list[R, T any](in *Paged, page qms.Page[R], render func(R) T) *List[T] {
	out := &List[T]{Body: Items[T]{Items: make([]T, 0, len(page.Items)), Next: page.Next}}
	for _, row := range page.Items {
		out.Body.Items = append(out.Body.Items, render(row))
	}
	if page.Next == "" {
		return out
	}
	query := in.here.Query()
	query.Set("after", page.Next)
	query.Set("limit", strconv.Itoa(in.Cursor().Limit()))
	next := url.URL{Path: in.here.Path, RawQuery: query.Encode()}
	out.Link = "<" + next.String() + `>; rel="next"`
	return out
}

// AsOf is embedded in the input of what can be asked for as of a past day.
type AsOf struct {
	AsOf string `query:"as_of" format:"date" doc:"As things stood on that day; today when absent" example:"2026-06-30"`
}

// Day is the day asked for, or today.
func (a *AsOf) Day(today qms.Date) (qms.Date, error) {
	if a.AsOf == "" {
		return today, nil
	}
	d, err := qms.ParseDate(a.AsOf)
	if err != nil {
		return 0, qms.InvalidFields(qms.Wrong("as_of", "value.not_a_date"))
	}
	return d, nil
}
