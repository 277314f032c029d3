package web

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"regexp"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// TestQRPath_IsReadBackByAMachine draws the path as a screen does, three dots a module, and reads it with
// another library than the one that made it.
func TestQRPath_IsReadBackByAMachine(t *testing.T) {
	t.Parallel()
	note := "qualite.example/" + strings.Repeat("0197c1b2-", 6) + "\n583\nKYkbvjp5Zs3J0JffmsCySJa5LZJh5giSEO6HgMlkEn8=\n\n— qualite.example " + strings.Repeat("2fgZmhQxR/", 9) + "\n"
	path, side := qrPath(note)
	const dots = 3
	picture := image.NewGray(image.Rect(0, 0, side*dots, side*dots))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	runs := regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllString(path, -1)
	if strings.Join(runs, "") != path {
		t.Fatalf("the path is more than runs: %.200s", path)
	}
	for _, run := range runs {
		var x, y, wide, back int
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h-%dz", &x, &y, &wide, &back); err != nil || wide != back {
			t.Fatalf("%s: %v", run, err)
		}
		draw.Draw(picture, image.Rect(x*dots, y*dots, (x+wide)*dots, (y+1)*dots), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil || found.GetText() != note {
		t.Errorf("the code says %v: %v", found, err)
	}
}
