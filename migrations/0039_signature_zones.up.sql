-- Where the site was when a signature was given, beside its instant (21 CFR 11.50 a 2). What was signed
-- before has none: nobody noted it.

ALTER TABLE signatures ADD COLUMN zone TEXT;
--bun:split
ALTER TABLE exercises ADD COLUMN signed_zone TEXT;
--bun:split
ALTER TABLE disposals ADD COLUMN zone TEXT;
--bun:split
-- SHA-256 of the whole decision, with the content that it is about. Decisions of before name that content alone.
ALTER TABLE disposals ADD COLUMN signed_digest TEXT;
--bun:split
-- The checks of the site look at signatures too: how many there were and how many of them hold.
ALTER TABLE scrubs ADD COLUMN signatures BIGINT NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE scrubs ADD COLUMN signatures_hold BIGINT NOT NULL DEFAULT 0;
--bun:split
-- Of a defect that is a signature: who gave it, when, and with which meaning under what.
ALTER TABLE scrub_defects ADD COLUMN signatory TEXT;
--bun:split
ALTER TABLE scrub_defects ADD COLUMN signed_at TIMESTAMPTZ;
--bun:split
ALTER TABLE scrub_defects ADD COLUMN meaning TEXT;
--bun:split
ALTER TABLE scrub_defects ADD COLUMN signed TEXT;
