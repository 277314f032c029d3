-- The exemption that a version was put in review under, and the day of its last periodic review
-- without change: none of either for versions written before.
ALTER TABLE versions ADD COLUMN exemption TEXT;
--bun:split
ALTER TABLE versions ADD COLUMN reviewed_on DATE;
--bun:split
CREATE TABLE exemptions (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    allows      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    signed_by   TEXT,
    signed_name TEXT NOT NULL,
    signed_at   TIMESTAMPTZ NOT NULL,
    from_date   DATE NOT NULL,
    until_date  DATE,
    ended_on    DATE,
    ended_by    TEXT,
    ended_name  TEXT NOT NULL,
    ended_at    TIMESTAMPTZ,
    end_reason  TEXT NOT NULL
);
--bun:split
CREATE INDEX exemptions_platform ON exemptions (platform, from_date);
--bun:split
CREATE TABLE comments (
    id            TEXT PRIMARY KEY,
    platform      TEXT NOT NULL,
    revision      BIGINT NOT NULL,
    document      TEXT NOT NULL REFERENCES documents (id),
    version       TEXT NOT NULL REFERENCES versions (id),
    author        TEXT,
    name          TEXT NOT NULL,
    body          TEXT NOT NULL,
    said_at       TIMESTAMPTZ NOT NULL,
    said_on       DATE NOT NULL,
    resolved_by   TEXT,
    resolved_name TEXT NOT NULL,
    resolved_at   TIMESTAMPTZ,
    resolved_on   DATE
);
--bun:split
CREATE INDEX comments_version ON comments (version, said_at, id);
--bun:split
CREATE INDEX comments_open ON comments (platform, resolved_on);
--bun:split
CREATE TABLE periodic_reviews (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    document    TEXT NOT NULL REFERENCES documents (id),
    version     TEXT NOT NULL REFERENCES versions (id),
    person      TEXT,
    name        TEXT NOT NULL,
    note        TEXT NOT NULL,
    due_on      DATE,
    reviewed_on DATE NOT NULL,
    next_on     DATE,
    reviewed_at TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX periodic_reviews_version ON periodic_reviews (version, reviewed_on);
--bun:split
-- What waits for one person is asked over all of the person's platforms.
CREATE INDEX documents_owner ON documents (owner);
