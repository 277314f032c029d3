-- One rule a kind and place: reminder_rules_kind does not hold the site's rules apart, whose platform is
-- NULL and so equals no other.
CREATE UNIQUE INDEX reminder_rules_place ON reminder_rules (COALESCE(platform, ''), kind);
