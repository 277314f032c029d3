package demo

import (
	"context"

	"maillon/qms"
	"maillon/qms/locale"
	"maillon/scheduler"
)

// feeds has who leads the platform subscribe to what falls due, on their telephone and for the screen of the
// room. The addresses are told to them alone: a visitor makes one of their own.
func (y *year) feeds(platform qms.ID, lead int) {
	for n, cmd := range []scheduler.MakeFeed{{Name: "Téléphone"}, {Name: "Écran de la salle", Platform: platform}} {
		cmd.Language = locale.French
		y.on(40+n, lead, func(ctx context.Context) error {
			_, _, err := y.h.Agenda.MakeFeed(ctx, cmd)
			return err
		})
	}
}
