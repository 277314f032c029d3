package api

import (
	"context"

	"maillon/qms"
	"maillon/qms/people"
)

// InPlatform is embedded in the input of what belongs to a platform.
type InPlatform struct {
	Platform string `path:"platform" maxLength:"40" doc:"The code of the platform, in any case" example:"PLT"`
}

// platform finds the platform by the code of the path; it does not exist for who may not see it.
func (a *API) platform(ctx context.Context, code string) (*people.Platform, error) {
	return a.s.People.PlatformByCode(ctx, code)
}

// platformOn is platform with the day that is asked for, today when none is.
func (a *API) platformOn(ctx context.Context, code string, asked AsOf) (*people.Platform, qms.Date, error) {
	p, err := a.platform(ctx, code)
	if err != nil {
		return nil, 0, err
	}
	day, err := asked.Day(a.today())
	return p, day, err
}

// today is the present civil date where the platforms are.
func (a *API) today() qms.Date { return a.s.Today() }
