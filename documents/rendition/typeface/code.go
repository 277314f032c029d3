package typeface

import (
	"image/color"

	"github.com/boombuler/barcode/qr"
)

// Code draws the address as a QR code (ISO/IEC 18004) with that side, sharp at any size; false, and
// nothing drawn, without an address or when it is longer than such a code can hold.
func (p *Pen) Code(address string, x, y, side float64) bool {
	if address == "" {
		return false
	}
	drawn, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return false
	}
	modules := drawn.Bounds().Dx()
	const quiet = 2 // modules of white around it, beside the white of the page
	unit := side / float64(modules+2*quiet)
	p.Fill(x, y, side, side, White)
	for row := range modules {
		for from := 0; from < modules; {
			if !dark(drawn.At(from, row)) {
				from++
				continue
			}
			to := from
			for to < modules && dark(drawn.At(to, row)) {
				to++
			}
			p.Fill(x+float64(from+quiet)*unit, y+float64(row+quiet)*unit, float64(to-from)*unit, unit*1.02, Black)
			from = to
		}
	}
	return true
}

func dark(c color.Color) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}
