package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"maillon/qms"
	"maillon/scheduler"
	"maillon/server/app"
)

type due struct {
	AsOf     day    `required:"" placeholder:"DATE" help:"The day as of which it is asked (2026-06-30)."`
	Until    day    `placeholder:"DATE" help:"The last day on which something falls due; 90 days later when none."`
	Platform string `placeholder:"CODE" help:"Only of this platform."`
	JSON     bool   `name:"json" help:"Print the list as one JSON object."`
}

// dueLine is one thing that falls due, as JSON.
type dueLine struct {
	Key      string   `json:"key"`
	Kind     string   `json:"kind"`
	Platform string   `json:"platform"`
	Title    string   `json:"title"`
	On       qms.Date `json:"on"`
	Late     bool     `json:"late"`
	Who      []string `json:"who"`
	Path     string   `json:"path"`
}

// Run prints what falls due, what is late first.
func (c due) Run(ctx context.Context, t terminal) error {
	return t.with(ctx, func(h *app.House) error {
		f := scheduler.DueFilter{AsOf: c.AsOf.Date, Until: c.Until.Date}
		if c.Platform != "" {
			p, err := h.People.PlatformByCode(ctx, c.Platform)
			if err != nil {
				return err
			}
			f.Platform = p.ID
		}
		list, err := h.Agenda.All(ctx, f)
		if err != nil {
			return err
		}
		if c.JSON {
			lines := []dueLine{}
			for _, i := range list.Page.Items {
				path := "/p/" + i.Code
				if i.OfSite() {
					path = ""
				}
				line := dueLine{Key: i.Key, Kind: i.Kind, Platform: i.Code, Title: scheduler.Heading(t.printer, i.Due), On: i.On, Late: i.Group == scheduler.Late,
					Who: append([]string{}, i.Who...), Path: path + "/" + strings.Join(i.Parts, "/")}
				lines = append(lines, line)
			}
			return printJSON(t.out, map[string]any{"as_of": list.AsOf, "items": lines})
		}
		return t.due(list)
	})
}

func (t terminal) due(list *scheduler.DueList) error {
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, i := range list.Page.Items {
		late := ""
		if i.Group == scheduler.Late {
			late = "late"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", i.On, late, i.Code, t.printer.T("due."+i.Kind), scheduler.Heading(t.printer, i.Due), strings.Join(i.Who, ", "))
	}
	fmt.Fprintf(w, "\n%d due as of %s, %d of them late\n", list.Total, list.AsOf, list.Counts[scheduler.Late])
	return w.Flush()
}
