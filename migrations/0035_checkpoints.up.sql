-- Checkpoints that were kept of each trail, the keys that signed them, whom they are mailed to, and what
-- was found when a trail did not continue the last of them.

-- Every key of the site, the oldest first. Secrets are in the key file, never here.
CREATE TABLE signing_keys (
    id          TEXT PRIMARY KEY,
    platform    TEXT,
    revision    BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    name        TEXT NOT NULL,
    verifier    TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    begins_at   TIMESTAMPTZ NOT NULL,
    -- The key before itself named this one; else it began on its own word, the first one or after a loss.
    handed      BOOLEAN NOT NULL,
    statement   TEXT NOT NULL,
    reason      TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX signing_keys_number ON signing_keys (number);
--bun:split
CREATE UNIQUE INDEX signing_keys_verifier ON signing_keys (verifier);
--bun:split
CREATE TABLE checkpoints (
    id           TEXT PRIMARY KEY,
    platform     TEXT,
    revision     BIGINT NOT NULL,
    log          TEXT NOT NULL,
    origin       TEXT NOT NULL,
    size         BIGINT NOT NULL,
    root         TEXT NOT NULL,
    note         TEXT NOT NULL,
    signer       TEXT NOT NULL,
    cause        TEXT NOT NULL,
    -- Of a daily one: a log has one a day at most.
    day          DATE,
    pack         TEXT NOT NULL,
    made_at      TIMESTAMPTZ NOT NULL,
    made_by      TEXT,
    made_by_name TEXT NOT NULL,
    -- What a time-stamp authority said of the note (RFC 3161), base64; empty while there is nothing.
    token        TEXT NOT NULL,
    stamped_at   TIMESTAMPTZ,
    authority    TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX checkpoints_day ON checkpoints (log, day);
--bun:split
CREATE INDEX checkpoints_log ON checkpoints (log, id);
--bun:split
CREATE INDEX checkpoints_size ON checkpoints (log, size);
--bun:split
CREATE INDEX checkpoints_cause ON checkpoints (cause, day);
--bun:split
-- A trail that did not continue the last checkpoint kept of it. What was found and done settles it.
CREATE TABLE checkpoint_alarms (
    id           TEXT PRIMARY KEY,
    platform     TEXT,
    revision     BIGINT NOT NULL,
    log          TEXT NOT NULL,
    checkpoint   TEXT NOT NULL,
    kept_size    BIGINT NOT NULL,
    kept_at      TIMESTAMPTZ NOT NULL,
    found_size   BIGINT NOT NULL,
    found_root   TEXT NOT NULL,
    found_at     TIMESTAMPTZ NOT NULL,
    settled      TEXT NOT NULL,
    settled_at   TIMESTAMPTZ,
    settled_by   TEXT,
    settled_name TEXT NOT NULL
);
--bun:split
-- One open alarm a trail.
CREATE UNIQUE INDEX checkpoint_alarms_open ON checkpoint_alarms (log) WHERE settled = '';
--bun:split
CREATE INDEX checkpoint_alarms_log ON checkpoint_alarms (log, id);
--bun:split
-- Where the checkpoints of each day are mailed to.
CREATE TABLE checkpoint_addresses (
    id       TEXT PRIMARY KEY,
    platform TEXT,
    revision BIGINT NOT NULL,
    address  TEXT NOT NULL,
    language TEXT NOT NULL,
    since    DATE NOT NULL,
    ended    TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX checkpoint_addresses_address ON checkpoint_addresses (address) WHERE ended = '';
--bun:split
-- Mails that are not about what falls due: their words, and what they are about. One a subject and address.
CREATE TABLE dispatches (
    id       TEXT PRIMARY KEY,
    platform TEXT,
    revision BIGINT NOT NULL,
    about    TEXT NOT NULL,
    person   TEXT,
    name     TEXT NOT NULL,
    address  TEXT NOT NULL,
    language TEXT NOT NULL,
    words    TEXT NOT NULL,
    made_at  TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE UNIQUE INDEX dispatches_once ON dispatches (about, address);
--bun:split
ALTER TABLE mails ADD COLUMN dispatch TEXT;
--bun:split
CREATE INDEX mails_dispatch ON mails (dispatch);
--bun:split
DROP INDEX mails_person;
--bun:split
CREATE UNIQUE INDEX mails_person ON mails (person, slot) WHERE invite IS NULL AND dispatch IS NULL;
