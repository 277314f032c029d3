package pack

import (
	"time"

	"maillon/qms/locale"
	"maillon/qms/trace"
)

// CoverOf is the cover of a report in the reader's words.
func CoverOf(c *trace.ReportCover, say *locale.Printer, platform string, madeAt time.Time) *ReportCover {
	f := c.Facts
	out := &ReportCover{Language: say.Lang(), Platform: platform, Number: c.Report.Number, Date: c.Report.Date, Request: c.Request.Number,
		RequestedOn: c.Request.Date, Subject: c.Request.Subject, Client: c.Request.Client, ClientStatus: c.Request.ClientStatus,
		Quotes: c.Quotes, AnalysedOn: c.Report.AnalysedOn, Operator: c.Operator, Trained: f.Trained, Calibrates: f.Calibrates, Calibrated: f.Calibrated,
		Instruction: c.Report.Instruction, Version: c.Report.InstructionVersion, InForce: f.InForce, DataPlace: c.Report.DataPlace,
		ReleasedBy: c.Releaser, ReleasedOn: c.Report.ReleasedOn, Void: c.Report.Void, MadeAt: madeAt}
	if key := "client_status." + out.ClientStatus; say.Has(key) {
		out.ClientStatus = say.T(key)
	}
	out.Equipment = joined(f.Equipment.Code, f.Equipment.Name)
	if f.Equipment.Serial != "" {
		out.Equipment = joined(out.Equipment, say.T("pack.cover.serial", f.Equipment.Serial))
	}
	if held := f.Calibration; held != nil {
		out.Calibration = joined(say.T("page.dossier.calibrated_on", held.Date), held.Certificate)
	}
	for _, file := range c.Files {
		out.Files = append(out.Files, CoverFile{Of: file.Of, Name: file.Name, Size: file.Size, SHA256: file.Content.String()})
	}
	return out
}
