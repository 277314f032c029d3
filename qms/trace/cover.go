package trace

import "maillon/qms"

// ReportCover is what the cover page of a report states: the report, what was asked, and what stood behind
// it on the day of analysis.
type ReportCover struct {
	Report   Report
	Request  Request
	Facts    ReportFacts
	Operator string
	Releaser string   // empty while it is not released
	Quotes   []string // numbers of the accepted quotes
	Files    []CoverFile
}

// CoverFile is an evidence file that counts, with the number of the record that it proves.
type CoverFile struct {
	Evidence
	Of string
}

// CoverOf is the cover of the report that the dossier was asked for by; qms.NotFound when it was asked
// for by another record. A report that does not count has none.
func CoverOf(d *Dossier) (*ReportCover, error) {
	for i, r := range d.Chain.Reports {
		if d.Entered != StageReport || r.Number != d.Number {
			continue
		}
		c := &ReportCover{Report: r, Request: d.Chain.Request, Facts: d.Reports[i], Operator: d.People[r.Operator].Name, Releaser: d.People[r.ReleasedBy].Name}
		for _, q := range d.Chain.Quotes {
			if q.AcceptedOn != 0 {
				c.Quotes = append(c.Quotes, q.Number)
			}
		}
		c.take(d.Evidence[r.ID], r.Number)
		c.take(d.Evidence[d.Chain.Request.ID], d.Chain.Request.Number)
		for _, q := range d.Chain.Quotes {
			c.take(d.Evidence[q.ID], q.Number)
		}
		return c, nil
	}
	return nil, qms.NotFound("record.not_found")
}

func (c *ReportCover) take(files []Evidence, of string) {
	for _, e := range files {
		if e.Void == "" {
			c.Files = append(c.Files, CoverFile{e, of})
		}
	}
}
