package web

import (
	"github.com/gofiber/fiber/v2"

	"maillon/qms"
	"maillon/qms/people"
	"maillon/qms/trace"
)

// publicAge is how long a browser or a proxy may show a price list without asking again, in seconds.
const publicAge = "300"

// cached lets the page of nobody in particular be kept for a while. Who is signed in sees a page of
// their own, which is not.
func (p *Page) cached(err error) error {
	if err == nil && p.Actor.ID == "" && p.status == fiber.StatusOK {
		p.c.Set(fiber.HeaderCacheControl, "public, max-age="+publicAge)
	}
	return err
}

// PublicPricesView is what anybody sees of a platform's prices.
type PublicPricesView struct {
	Platform *people.Platform
	List     *trace.PriceList
	Table    PriceTable
}

// publicPrices shows the list in force of a platform that wants it shown.
func (s *Site) publicPrices(p *Page) error {
	platform, err := s.People.InDirectory(p.Context(), p.Param("code"))
	if qms.CodeOf(err) == qms.CodeNotFound {
		return qms.NotFound("price_list.not_public")
	}
	if err != nil {
		return err
	}
	l, err := s.Trace.PublicPriceList(p.Context(), platform.ID, 0)
	if err != nil {
		return err
	}
	p.Title = p.T("page.prices.public_title", platform.Name)
	return p.cached(p.Render("prices_public", PublicPricesView{platform, l, priceTable(l.ClientStatuses(), l.Items())}))
}

// publicDirectory lists the platforms that show their prices.
func (s *Site) publicDirectory(p *Page) error {
	ids, err := s.Trace.PublicPlatforms(p.Context())
	if err != nil {
		return err
	}
	platforms, err := s.People.Directory(p.Context(), ids)
	if err != nil {
		return err
	}
	p.Title = p.T("page.prices.directory")
	return p.cached(p.Render("prices_directory", platforms))
}
