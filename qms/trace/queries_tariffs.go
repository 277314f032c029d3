package trace

import (
	"context"

	"maillon/qms"
	"maillon/qms/store"
)

// priceListOn is the published list in force on the day; nil when there is none.
func priceListOn(ctx context.Context, r store.Reader, platform qms.ID, on qms.Date) (*PriceList, error) {
	l := new(PriceList)
	q := r.Select(l).Where("platform = ? AND state = ? AND void = '' AND effective_from <= ?", platform, PricePublished, on).
		Order("effective_from DESC")
	l, err := one(ctx, q, l, "price_list.not_found")
	if qms.CodeOf(err) == qms.CodeNotFound {
		return nil, nil
	}
	return l, err
}

// priceLists are all lists of the platform without their lines, newest first.
func priceLists(ctx context.Context, r store.Reader, platform qms.ID) ([]PriceList, error) {
	var all []PriceList
	err := r.Select(&all).ExcludeColumn("lines").Where("platform = ?", platform).Order("effective_from DESC", "number DESC").Scan(ctx)
	return all, err
}

// publishedOn is the published list that begins on the day; nil when there is none.
func publishedOn(ctx context.Context, r store.Reader, platform qms.ID, from qms.Date) (*PriceList, error) {
	l := new(PriceList)
	q := r.Select(l).ExcludeColumn("lines").Where("platform = ? AND state = ? AND void = '' AND effective_from = ?", platform, PricePublished, from)
	l, err := one(ctx, q, l, "price_list.not_found")
	if qms.CodeOf(err) == qms.CodeNotFound {
		return nil, nil
	}
	return l, err
}

// priceSettingsOf are those of the platform, the defaults without an ID when it has stated none.
func priceSettingsOf(ctx context.Context, r store.Reader, platform qms.ID) (*PriceSettings, error) {
	row := new(PriceSettings)
	row, err := one(ctx, r.Select(row).Where("platform = ?", platform), row, "record.not_found")
	if qms.CodeOf(err) == qms.CodeNotFound {
		settings := DefaultPriceSettings()
		return &settings, nil
	}
	return row, err
}

// publicPlatforms are the platforms that show their prices to anybody and have a list in force on the day.
func publicPlatforms(ctx context.Context, r store.Reader, on qms.Date) ([]qms.ID, error) {
	var all []PriceSettings
	err := r.Select(&all).Column("platform").Where("public = ?", true).
		Where("EXISTS (SELECT 1 FROM price_lists AS l WHERE l.platform = price_settings.platform AND l.state = ? AND l.void = '' AND l.effective_from <= ?)", PricePublished, on).
		Scan(ctx)
	ids := make([]qms.ID, 0, len(all))
	for _, s := range all {
		ids = append(ids, s.Platform)
	}
	return ids, err
}

// lastQuote is the newest quote on a request that counts; nil when there is none.
func lastQuote(ctx context.Context, r store.Reader, platform qms.ID, request string) (*Quote, error) {
	q := new(Quote)
	q, err := one(ctx, r.Select(q).Where("platform = ? AND request = ? AND void = ''", platform, request).Order("date DESC", "number DESC"), q, "record.not_found")
	if qms.CodeOf(err) == qms.CodeNotFound {
		return nil, nil
	}
	return q, err
}
