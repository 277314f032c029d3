package demo

import (
	"context"

	"maillon/qms"
	"maillon/qms/label"
	"maillon/qms/people"
)

// takenOver plans a platform whose label was awarded before the site kept its evaluations here: its first
// follow-up was held, the second one comes before the end of the coming year.
func (y *year) takenOver() {
	const officer = 10
	y.on(20, officer, func(ctx context.Context) error {
		platform, err := y.h.People.AddPlatform(ctx, people.AddPlatform{Code: "BIOPHY", Name: "Plateforme de biophysique (exemple)"})
		if err != nil {
			return err
		}
		awarded := y.date(Days).AddMonths(-40)
		_, err = y.h.Label.TakeOverLabel(ctx, label.TakeOverLabel{Platform: platform.ID, Number: "SL-014", Body: "Comité de labellisation",
			Perimeter: "Interactions moléculaires et calorimétrie : prestations et formation", AwardedOn: awarded, FollowedFirst: awarded.AddMonths(label.FollowUpFirst).AddDays(12),
			Source: "Procès-verbal du comité de labellisation, dossier papier de la plateforme"})
		if err == nil {
			_, err = y.h.Label.NameOfficer(ctx, label.NameOfficer{Platform: platform.ID, Person: qms.ActorFrom(ctx).ID})
		}
		return err
	})
}
