-- Calendar feeds: a secret address under which a person, or a platform, finds what falls due.
CREATE TABLE feeds (
    id          TEXT PRIMARY KEY,
    platform    TEXT,
    revision    BIGINT NOT NULL,
    person      TEXT,
    name        TEXT NOT NULL,
    language    TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    made_by     TEXT NOT NULL,
    made_at     TIMESTAMPTZ NOT NULL,
    revoked_at  TIMESTAMPTZ,
    fetched_on  DATE
);
--bun:split
CREATE UNIQUE INDEX feeds_secret ON feeds (secret_hash);
--bun:split
CREATE INDEX feeds_of_person ON feeds (person, made_at);
--bun:split
CREATE INDEX feeds_of_platform ON feeds (platform, made_at);
