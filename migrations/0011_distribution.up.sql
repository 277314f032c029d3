-- To whom documents are distributed, and who has read what. An entry names a document or a kind of
-- documents, and a person or a role. A reading is a signature that means "read".

CREATE TABLE addressees (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    document   TEXT REFERENCES documents (id),
    kind       TEXT,
    person     TEXT,
    role       TEXT,
    from_date  DATE NOT NULL,
    until_date DATE,
    ending     TEXT NOT NULL
);
--bun:split
CREATE INDEX addressees_document ON addressees (platform, document);
--bun:split
CREATE INDEX addressees_kind ON addressees (platform, kind);
--bun:split
CREATE TABLE reading_rules (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    late_days BIGINT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX reading_rules_platform ON reading_rules (platform);
--bun:split
-- A minor version asks nobody to read again unless its approval says so.
ALTER TABLE versions ADD COLUMN rereads BOOLEAN NOT NULL DEFAULT FALSE;
--bun:split
-- The civil day of the instant, so that who had read on a past day needs no time zone.
ALTER TABLE signatures ADD COLUMN signed_on DATE;
