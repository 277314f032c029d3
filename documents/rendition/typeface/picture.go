package typeface

import (
	"bytes"
	"image"
	"image/color"
	_ "image/jpeg" // logos are PNG or JPEG
	"image/png"

	"github.com/jung-kurt/gofpdf"
)

// MaxLogoBytes and maxLogoPixels are the bounds of a logo; what is beyond them is left out rather than
// keep a document from being made.
const (
	MaxLogoBytes  = 8 << 20
	maxLogoPixels = 16 << 20
)

// PlainPicture is a PNG or JPEG drawn again as a plain PNG: the library reads few kinds of PNG and
// trusts them all.
func PlainPicture(data []byte) (*bytes.Buffer, bool) {
	picture, ok := DecodeLogo(data)
	if !ok {
		return nil, false
	}
	var plain bytes.Buffer
	if err := png.Encode(&plain, picture); err != nil {
		return nil, false
	}
	return &plain, true
}

// DecodeLogo draws a PNG or JPEG within the bounds.
func DecodeLogo(data []byte) (*image.NRGBA, bool) {
	if len(data) == 0 || len(data) > MaxLogoBytes {
		return nil, false
	}
	head, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || head.Width < 1 || head.Height < 1 || head.Width*head.Height > maxLogoPixels || head.Width > maxLogoPixels || head.Height > maxLogoPixels {
		return nil, false
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, false
	}
	plain := image.NewNRGBA(decoded.Bounds())
	for y := plain.Rect.Min.Y; y < plain.Rect.Max.Y; y++ {
		for x := plain.Rect.Min.X; x < plain.Rect.Max.X; x++ {
			plain.Set(x, y, color.NRGBAModel.Convert(decoded.At(x, y)))
		}
	}
	return plain, true
}

// Logo prints a logo as large as the room allows and tells how large it is; nothing without one, or
// when it is no picture.
func (p *Pen) Logo(data []byte, x, y, maxWidth, maxHeight float64) (w, h float64) {
	plain, ok := PlainPicture(data)
	if !ok {
		return 0, 0
	}
	info := p.PDF.RegisterImageOptionsReader("logo", gofpdf.ImageOptions{ImageType: "png"}, plain)
	if info == nil || info.Width() <= 0 || info.Height() <= 0 {
		return 0, 0
	}
	ratio := min(maxWidth/info.Width(), maxHeight/info.Height())
	w, h = info.Width()*ratio, info.Height()*ratio
	p.PDF.ImageOptions("logo", x, y, w, h, false, gofpdf.ImageOptions{ImageType: "png"}, 0, "")
	return w, h
}
