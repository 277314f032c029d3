package web

func (s *Site) reportCover(p *Page) error { return p.Redirect(p.To("services")) }
