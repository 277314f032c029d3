package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
)

// logo draws the mark of the platform of microscopy: a lens over a slide, in two inks.
func logo() ([]byte, error) {
	const side, centre, outer, inner = 240, 100, 88, 66
	picture := image.NewNRGBA(image.Rect(0, 0, side, side))
	ink, tint := color.NRGBA{0x0b, 0x5a, 0x82, 0xff}, color.NRGBA{0x8f, 0xc7, 0xe0, 0xff}
	for y := range side {
		for x := range side {
			dx, dy := x-centre, y-centre
			far, along, across := dx*dx+dy*dy, dx+dy, dx-dy
			switch {
			case far <= outer*outer && far >= inner*inner, far > outer*outer && along > 0 && across*across < 20*20 && x < side-12 && y < side-12:
				picture.SetNRGBA(x, y, ink)
			case far < inner*inner && dx*dx < 22*22:
				picture.SetNRGBA(x, y, tint)
			}
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, picture)
	return b.Bytes(), err
}
