package locale

import "strings"

// SystemActor is what the part of Maillon that acted by itself is called, as the trail names it. One that
// has no name here is told as it stands there.
func (p *Printer) SystemActor(name string) string {
	if key := "actor." + strings.ReplaceAll(name, " ", "-"); p.Has(key) {
		return p.T(key)
	}
	return name
}
