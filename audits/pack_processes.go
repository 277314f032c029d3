package audits

import (
	"context"
	"strings"

	"maillon/audits/pack"
	"maillon/documents"
)

// processes draws the process map of the day, and tells of each process who steers it, what is in force
// for it and what is wanting (ISO 9001, 4.4).
func (g *gathering) processes(ctx context.Context) error {
	if g.s.documents == nil {
		return nil
	}
	chart, err := g.s.documents.ChartIn(ctx, g.r, g.platform, g.asOf)
	if err != nil {
		return err
	}
	drawn := chart.Map()
	bands := drawn.Bands
	if len(drawn.Others) > 0 {
		bands = append(bands, documents.Band{Processes: drawn.Others})
	}
	for _, b := range bands {
		kind := string(b.Type)
		if b.Type == documents.Unplaced {
			kind = "unplaced"
		}
		title := g.say.T("page.map.band_" + kind)
		band := pack.ProcessBand{Title: title}
		panel := pack.Panel{Title: title, Empty: g.say.T("page.map.band_empty"),
			Columns: g.columns(head{"pack.col.process_name", 56}, head{"page.map.owner", 30}, head{"page.map.in_force", 46}, head{"pack.processes_wanting", 38})}
		for i := range b.Processes {
			card := &b.Processes[i]
			g.shown(card.ID)
			band.Boxes = append(band.Boxes, g.processBox(card))
			panel.Rows = append(panel.Rows, g.processRow(card))
		}
		g.c.Map, g.c.Panels["processes"] = append(g.c.Map, band), append(g.c.Panels["processes"], panel)
	}
	return nil
}

func (g *gathering) processBox(card *documents.ProcessCard) pack.ProcessBox {
	box := pack.ProcessBox{Code: card.Code, Name: card.Name, Owner: card.OwnerName, InForce: card.InForce, State: "valid"}
	if box.Owner == "" {
		box.Owner = g.say.T("page.map.unsteered")
	}
	if len(card.Findings) > 0 {
		box.State = "incoherent"
	}
	return box
}

func (g *gathering) processRow(card *documents.ProcessCard) []pack.Told {
	var kinds []string
	for _, level := range documents.Levels() {
		n := 0
		for _, d := range card.At(level) {
			if d.InForce {
				n++
			}
		}
		if n > 0 {
			kinds = append(kinds, g.say.T("pack.level_count", g.say.T("page.map.levels_"+string(level)), n))
		}
	}
	inForce := plain(g.say.Number(int64(card.InForce)))
	inForce.Below = strings.Join(kinds, ", ")
	wanting := g.state("valid", g.say.T("page.map.fine"))
	if len(card.Findings) > 0 {
		wanting = pack.Told{}
		for _, f := range card.Findings {
			wanting.Lines = append(wanting.Lines, g.say.T("page.map.find_"+string(f.Trouble), f.Count))
		}
	}
	owner := plain(card.OwnerName)
	if card.OwnerName == "" {
		owner = g.state("missing", g.say.T("page.map.unsteered"))
	}
	return []pack.Told{{Text: and(card.Code, card.Name), Strong: true, Below: card.Purpose}, owner, inForce, wanting}
}
