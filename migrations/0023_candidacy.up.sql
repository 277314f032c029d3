-- Candidacies: which institutions stand behind a platform, the letter of commitment that its heads of
-- unit sign, what is in it, who takes part, and which quality officer looks after it.

-- The institutions that may stand behind a platform (tutelles); the site keeps the list. One is a
-- partner of the programme over a period, or never was.
CREATE TABLE institutions (
    id            TEXT PRIMARY KEY,
    platform      TEXT,
    revision      BIGINT NOT NULL,
    short_name    TEXT NOT NULL,
    name          TEXT NOT NULL,
    partner_from  DATE,
    partner_until DATE,
    void          TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX institutions_short_name ON institutions (short_name) WHERE void = '';
--bun:split
-- What a platform states when it asks to join. Institutions, signatories and team are JSON.
CREATE TABLE candidacies (
    id            TEXT PRIMARY KEY,
    platform      TEXT NOT NULL,
    revision      BIGINT NOT NULL,
    received_on   DATE NOT NULL,
    institutions  TEXT NOT NULL,
    signatories   TEXT NOT NULL,
    team          TEXT NOT NULL,
    staff         BIGINT NOT NULL,
    included      TEXT NOT NULL,
    excluded      TEXT NOT NULL,
    equipment     TEXT NOT NULL,
    sites         TEXT NOT NULL,
    activities    TEXT NOT NULL,
    direct        BOOLEAN NOT NULL,
    direct_reason TEXT NOT NULL,
    decision      TEXT NOT NULL,
    decided_on    DATE,
    decided_by    TEXT,
    decided_why   TEXT NOT NULL,
    ended_on      DATE,
    ended_why     TEXT NOT NULL,
    void          TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX candidacies_current ON candidacies (platform) WHERE void = '' AND ended_on IS NULL;
--bun:split
CREATE INDEX candidacies_by_day ON candidacies (platform, received_on, id);
--bun:split
-- Which quality officer looks after a platform from a day on; nobody when no person is named.
CREATE TABLE officers (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    person    TEXT,
    from_day  DATE NOT NULL,
    void      TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX officers_by_day ON officers (platform, from_day) WHERE void = '';
