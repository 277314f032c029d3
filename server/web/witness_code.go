package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
)

const (
	othersShown = 100             // kept checkpoints to compare with
	keptJustNow = 5 * time.Second // a checkpoint older than that was there before it was asked for
)

// codeQuiet is the white that a QR code needs round it, in modules (ISO/IEC 18004, section 6.3.8).
const codeQuiet = 4

// qrPath is the text as the path of a QR code in an SVG whose unit is one module, and the side of the
// drawing; nothing when it does not fit.
func qrPath(text string) (path string, side int) {
	drawn, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", 0
	}
	var b strings.Builder
	n := drawn.Bounds().Dx()
	for y := range n {
		for x := 0; x < n; {
			from := x
			for x < n && isDark(drawn.At(x, y)) {
				x++
			}
			if x == from {
				x++
				continue
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+codeQuiet, y+codeQuiet, x-from, x-from)
		}
	}
	return b.String(), n + 2*codeQuiet
}

func isDark(c interface{ RGBA() (r, g, b, a uint32) }) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}
