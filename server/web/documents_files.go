package web

import (
	"mime"

	"github.com/gofiber/fiber/v2"
)

// downloadVersion sends the original as it was given. Its name says code and version, and the state of
// what is not in force.
func (s *Site) downloadVersion(p *Page) error {
	_, entry, err := s.entry(p)
	if err != nil {
		return err
	}
	o, err := s.Documents.Open(p.Context(), p.Platform.ID, entry.ID)
	if err != nil {
		return err
	}
	body, err := settled(o, o.Version.Size)
	if err != nil {
		return err
	}
	c := p.Ctx()
	c.Set(fiber.HeaderContentType, orOctets(o.Version.MediaType))
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": o.SaveAs(p.T("state." + string(o.State)))}))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderETag, `"`+o.Version.Content.String()+`"`)
	c.Context().SetBodyStream(body, int(o.Version.Size))
	return nil
}

func orOctets(mediaType string) string {
	if mediaType == "" {
		return fiber.MIMEOctetStream
	}
	return mediaType
}
