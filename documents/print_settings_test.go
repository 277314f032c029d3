package documents

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/store/storetest"
)

// drawing is a picture in the format of encode.
func drawing(t *testing.T, width, height int, encode func(io.Writer, image.Image) error) []byte {
	t.Helper()
	m := image.NewNRGBA64(image.Rect(0, 0, width, height)) // sixteen bits a channel
	m.Set(width/2, height/2, color.White)
	var b bytes.Buffer
	if err := encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLogo_IsAPictureWithinBoundsAndNothingElse(t *testing.T) {
	each(t, func(r room) {
		asJPEG := func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) }
		asGIF := func(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) }
		whole := drawing(t, 100, 40, png.Encode)
		for what, bad := range map[string]struct {
			sent []byte
			key  string
		}{
			"nothing":         {nil, "logo.format"},
			"a drawing":       {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "logo.format"},
			"a GIF":           {drawing(t, 100, 40, asGIF), "logo.format"},
			"half a picture":  {whole[:len(whole)/2], "logo.format"},
			"a small picture": {drawing(t, 100, 8, png.Encode), "logo.sides"},
			"a huge picture":  {drawing(t, 5000, 40, png.Encode), "logo.sides"},
			"too many bytes":  {append(bytes.Clone(whole), make([]byte, maxLogo)...), "logo.large"},
		} {
			_, err := r.ReceiveLogo(lead, mic, bytes.NewReader(bad.sent))
			r.refused(what, err, qms.CodeInvalid, bad.key)
		}
		logo, err := r.ReceiveLogo(lead, mic, bytes.NewReader(append(bytes.Clone(whole), "hidden behind the picture"...)))
		r.must(err)
		in, err := r.dir.Open(context.Background(), logo.Digest)
		r.must(err)
		defer in.Close()
		kept, err := io.ReadAll(in)
		r.must(err)
		config, format, err := image.DecodeConfig(bytes.NewReader(kept))
		if err != nil || format != "png" || config.Width != 100 || config.ColorModel != color.NRGBAModel || bytes.Contains(kept, []byte("hidden")) {
			t.Errorf("kept a %s of %d pixels, %T, %v", format, config.Width, config.ColorModel, err)
		}
		if logo, err = r.ReceiveLogo(lead, mic, bytes.NewReader(drawing(t, 100, 40, asJPEG))); err != nil || logo.Type != "image/jpeg" {
			t.Errorf("a JPEG: %+v, %v", logo, err)
		}
		_, err = r.ReceiveLogo(writer, mic, strings.NewReader("x"))
		r.refused("from a member", err, qms.CodeRefused, "right.missing")
		_, err = r.ReceiveLogo(stranger, mic, strings.NewReader("x"))
		r.refused("from elsewhere", err, qms.CodeNotFound, "platform.not_found")
	})
}

func TestSettings_SayHowThePDFsToComeLook(t *testing.T) {
	prints(t, func(r room, p *paper) {
		settings, err := r.Settings(reader, mic)
		r.must(err)
		if settings.Language != "fr" || settings.Revision != 0 {
			t.Errorf("at first: %+v", settings)
		}
		_, err = r.SetSettings(lead, SetSettings{Platform: mic, Language: "de"})
		r.refused("another language", err, qms.CodeInvalid, "cover.language")
		_, err = r.SetSettings(writer, SetSettings{Platform: mic, Language: "en"})
		r.refused("by a member", err, qms.CodeRefused, "right.missing")
		logo, err := r.ReceiveLogo(lead, mic, bytes.NewReader(drawing(t, 100, 40, png.Encode)))
		r.must(err)
		settings, err = r.SetSettings(lead, SetSettings{Platform: mic, Language: "en", Logo: logo})
		r.must(err)
		_, err = r.SetSettings(lead, SetSettings{Platform: mic, Language: "fr"})
		r.refused("over what somebody else set", err, qms.CodeConflict, "record.changed")
		if kept, err := r.Keeps(storetest.AsSystem(), logo.Digest); !kept || err != nil {
			t.Errorf("the sweep would take the logo: %v", err)
		}
		_, v := r.create("PR", "ACH", "Purchasing", "the text")
		r.approve(v, 0)
		r.makeAll()
		if c := p.cover(); c.Language != "en" || c.Parts[0].Part != "Author" || vault.DigestOf(c.Logo) != logo.Digest {
			t.Errorf("printed in %s with %d bytes of logo, for the %s", c.Language, len(c.Logo), c.Parts[0].Part)
		}
		settings, err = r.SetSettings(lead, SetSettings{Platform: mic, Revision: settings.Revision, NoLogo: true})
		r.must(err)
		if !settings.Logo.IsZero() || settings.Language != "en" {
			t.Errorf("without its logo: %+v", settings)
		}
		_, _, err = r.OpenLogo(reader, mic)
		r.refused("the logo that is gone", err, qms.CodeNotFound, "logo.none")
		if other, err := r.Settings(stranger, cyt); err != nil || other.Language != "fr" {
			t.Errorf("of another platform: %+v, %v", other, err)
		}
	})
}
