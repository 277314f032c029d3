package documents

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"slices"

	"maillon/documents/vault"
	"maillon/qms"
	"maillon/qms/locale"
	"maillon/qms/store"
)

// DocumentSettings say how the renditions of a platform look.
type DocumentSettings struct {
	qms.Row
	Language string       // of cover pages, headers and footers
	Logo     vault.Digest // PNG or JPEG; zero without one
	LogoType string       // media type
	LogoSize int64        // bytes
}

// defaultSettings hold until somebody sets others: revision 0.
func defaultSettings() *DocumentSettings { return &DocumentSettings{Language: locale.French} }

// The bounds of a logo.
const (
	maxLogo     = 2 << 20 // bytes, as sent
	maxLogoKept = 8 << 20 // bytes, as kept
	minLogoSide = 32      // pixels
	maxLogoSide = 1600    // pixels
	logoQuality = 92      // of a JPEG as kept
)

// Settings are the document settings of the platform.
func (s *Service) Settings(ctx context.Context, platform qms.ID) (settings *DocumentSettings, err error) {
	err = s.db.View(ctx, qms.ReadDocuments.On(platform), func(r store.Reader) error {
		settings, err = settingsOf(ctx, r, platform)
		return err
	})
	return settings, err
}

// SetSettings changes the document settings of the platform. Renditions that are made already stay as
// they are.
type SetSettings struct {
	Platform qms.ID
	Revision int64  // as it was shown; -1 does not check
	Language string // as it is when empty
	Logo     *Logo  // another one; nil keeps what there is
	NoLogo   bool
}

// Logo is a received logo: it is in the vault.
type Logo struct {
	Digest vault.Digest
	Type   string
	Size   int64
}

// ReceiveLogo takes a logo in: a PNG or a JPEG, which is read whole and written anew, so that nothing
// but the picture is kept.
func (s *Service) ReceiveLogo(ctx context.Context, platform qms.ID, r io.Reader) (*Logo, error) {
	if err := qms.Authorise(qms.ActorFrom(ctx), qms.ControlDocuments.On(platform)); err != nil {
		return nil, err
	}
	sent, err := io.ReadAll(io.LimitReader(r, maxLogo+1))
	if err != nil {
		return nil, err
	}
	if len(sent) > maxLogo {
		return nil, wrongLogo("logo.large", maxLogo)
	}
	picture, kind, err := redraw(sent)
	if err != nil {
		return nil, err
	}
	info, err := s.vault.Put(ctx, bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	return &Logo{info.Digest, kind, info.Size}, nil
}

func wrongLogo(key string, args ...any) error {
	return qms.InvalidFields(qms.Wrong("logo", key, args...))
}

// redraw decodes a picture within bounds and encodes it anew.
func redraw(sent []byte) (picture []byte, kind string, err error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(sent))
	switch {
	case err != nil || format != "png" && format != "jpeg":
		return nil, "", wrongLogo("logo.format")
	case min(config.Width, config.Height) < minLogoSide || max(config.Width, config.Height) > maxLogoSide:
		return nil, "", wrongLogo("logo.sides", config.Width, config.Height, minLogoSide, maxLogoSide)
	}
	decoded, _, err := image.Decode(bytes.NewReader(sent))
	if err != nil {
		return nil, "", wrongLogo("logo.format")
	}
	var b bytes.Buffer
	if format == "jpeg" {
		err = jpeg.Encode(&b, decoded, &jpeg.Options{Quality: logoQuality})
	} else {
		err = png.Encode(&b, eightBits(decoded))
	}
	if err == nil && b.Len() > maxLogoKept {
		err = wrongLogo("logo.large", maxLogo)
	}
	return b.Bytes(), "image/" + format, err
}

// eightBits is the picture with eight bits a channel, which every PDF library reads.
func eightBits(from image.Image) image.Image {
	to := image.NewNRGBA(from.Bounds())
	for y := from.Bounds().Min.Y; y < from.Bounds().Max.Y; y++ {
		for x := from.Bounds().Min.X; x < from.Bounds().Max.X; x++ {
			to.Set(x, y, from.At(x, y))
		}
	}
	return to
}

// SetSettings changes the document settings of the platform.
func (s *Service) SetSettings(ctx context.Context, cmd SetSettings) (settings *DocumentSettings, err error) {
	act := qms.Act{Name: "cover.change", Needs: qms.ControlDocuments.On(cmd.Platform), Platform: cmd.Platform}
	err = s.db.Change(ctx, act, func(tx *store.Tx) error {
		if cmd.Language != "" && !slices.Contains(locale.Languages(), cmd.Language) {
			return qms.InvalidFields(qms.Wrong("language", "cover.language", cmd.Language))
		}
		if settings, err = settingsOf(ctx, tx, cmd.Platform); err != nil {
			return err
		}
		if cmd.Revision >= 0 && cmd.Revision != settings.Revision {
			return qms.Conflict("record.changed")
		}
		settings.Language = cmp.Or(cmd.Language, settings.Language)
		switch {
		case cmd.NoLogo:
			settings.Logo, settings.LogoType, settings.LogoSize = vault.Digest{}, "", 0
		case cmd.Logo != nil:
			settings.Logo, settings.LogoType, settings.LogoSize = cmd.Logo.Digest, cmd.Logo.Type, cmd.Logo.Size
		}
		if settings.Revision == 0 {
			return tx.Insert(ctx, settings)
		}
		return tx.Update(ctx, settings)
	})
	if err != nil {
		return nil, err
	}
	return settings, nil
}

// OpenLogo reads the platform's logo. Close it.
func (s *Service) OpenLogo(ctx context.Context, platform qms.ID) (io.ReadCloser, *DocumentSettings, error) {
	settings, err := s.Settings(ctx, platform)
	if err != nil {
		return nil, nil, err
	}
	if settings.Logo.IsZero() {
		return nil, nil, qms.NotFound("logo.none")
	}
	r, err := s.vault.Open(ctx, settings.Logo)
	return r, settings, err
}
