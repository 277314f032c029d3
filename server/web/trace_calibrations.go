package web

import (
	"strings"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/trace"
)

func calibrationCommand(p *Page, f *Form, equipment qms.ID) trace.RecordCalibration {
	return trace.RecordCalibration{Platform: p.Platform.ID, Equipment: equipment, Date: f.Date("date"), Months: qms.Months(f.Int("months")),
		Outcome: trace.Outcome(f.Text("outcome")), Certificate: f.Text("certificate"), Kind: trace.CalibrationKind(f.Text("kind")), Provider: f.Text("provider"),
		Measure:     trace.Measure{Nominal: f.Text("nominal"), Tolerance: f.Text("tolerance"), Deviation: f.Text("deviation"), Unit: f.Text("unit")},
		Explanation: f.Text("explanation")}
}

// newCalibration proposes what the last calibration that counts stated.
func (s *Site) newCalibration(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	f := p.Form().Set("date", p.Today).Set("outcome", trace.Conforming)
	kind := trace.Calibrated
	for _, c := range piece.Calibrations {
		if c.Void != "" {
			continue
		}
		if c.Months > 0 {
			f.Set("months", int(c.Months))
		}
		if c.Kind != "" {
			kind = c.Kind
		}
		f.Set("provider", c.Provider).Set("nominal", p.plainFigure(c.Nominal)).Set("tolerance", p.plainFigure(c.Tolerance)).Set("unit", c.Unit)
		break
	}
	return p.Render("equipment_calibration", p.equipmentForm(f.Set("kind", kind), "page.equipment.new_calibration", &piece.Equipment))
}

// plainFigure is a decimal number as the reader types it.
func (p *Page) plainFigure(decimal string) string {
	if p.Lang() != locale.French {
		return decimal
	}
	return strings.Replace(decimal, ".", ",", 1)
}

func (s *Site) addCalibration(p *Page) error {
	piece, err := s.pieceOf(p)
	if err != nil {
		return err
	}
	f, e := p.Form(), &piece.Equipment
	cmd := calibrationCommand(p, f, e.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.RecordCalibration(p.Context(), cmd)
	}
	if err != nil {
		return p.Again("equipment_calibration", f, err, p.equipmentForm(f, "page.equipment.new_calibration", e))
	}
	return p.Done(p.To("equipment", e.Code), "page.equipment.calibration_added", e.Code)
}

// calibrationOf is the calibration in the path, of the equipment in the path; one that is void is not
// found.
func (s *Site) calibrationOf(p *Page) (*trace.Piece, *trace.Calibration, error) {
	id, err := p.ID("id")
	if err != nil {
		return nil, nil, err
	}
	piece, err := s.pieceOf(p)
	if err != nil {
		return nil, nil, err
	}
	c, err := s.Trace.Calibration(p.Context(), p.Platform.ID, id)
	if err == nil && (c.Equipment != piece.Equipment.ID || c.Void != "") {
		err = qms.NotFound("record.not_found")
	}
	return piece, c, err
}

func (p *Page) calibrationCorrection(f *Form, piece *trace.Piece, c *trace.Calibration) EquipmentForm {
	view := p.equipmentForm(f, "page.equipment.correct_calibration", &piece.Equipment)
	view.Since, view.Corrects = c.Date, true
	return view
}

func (s *Site) newCalibrationCorrection(p *Page) error {
	piece, c, err := s.calibrationOf(p)
	if err != nil {
		return err
	}
	f := p.Form().Set("revision", c.Revision).Set("date", c.Date).Set("outcome", c.Outcome).Set("certificate", c.Certificate).Set("kind", c.Kind).
		Set("provider", c.Provider).Set("nominal", p.plainFigure(c.Nominal)).Set("tolerance", p.plainFigure(c.Tolerance)).
		Set("deviation", p.plainFigure(c.Deviation)).Set("unit", c.Unit).Set("explanation", c.Explanation)
	if c.Months > 0 {
		f.Set("months", int(c.Months))
	}
	return p.Render("equipment_calibration", p.calibrationCorrection(f, piece, c))
}

func (s *Site) correctCalibration(p *Page) error {
	piece, c, err := s.calibrationOf(p)
	if err != nil {
		return err
	}
	f := p.Form()
	cmd, target := calibrationCommand(p, f, piece.Equipment.ID), p.target(f, c.ID)
	if err = f.Err(); err == nil {
		_, err = s.Trace.CorrectCalibration(p.Context(), target, cmd)
	}
	if err != nil {
		return p.Again("equipment_calibration", f, err, p.calibrationCorrection(f, piece, c))
	}
	return p.Done(p.To("equipment", piece.Equipment.Code), "page.equipment.calibration_corrected", piece.Equipment.Code)
}
