-- Evidence files of the records of traceability, who may train on what, and what becomes of a use that
-- no training covers.

CREATE TABLE evidences (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    name       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size       BIGINT NOT NULL,
    content    BYTEA NOT NULL,
    remark     TEXT NOT NULL,
    added_by   TEXT,
    added_at   TIMESTAMPTZ NOT NULL,
    added_on   DATE NOT NULL,
    void       TEXT NOT NULL
);
--bun:split
-- Holds what check S11 asks: whether a record has a file that counts by a day.
CREATE INDEX evidences_subject ON evidences (platform, subject, void, added_on);
--bun:split
-- The sweep of the vault asks of each content who names it, whatever the platform.
CREATE INDEX evidences_content ON evidences (content);
--bun:split
CREATE TABLE trainers (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    person      TEXT NOT NULL,
    equipment   TEXT NOT NULL,
    valid_from  DATE NOT NULL,
    valid_until DATE,
    void        TEXT NOT NULL
);
--bun:split
CREATE INDEX trainers_equipment ON trainers (platform, equipment, person);
--bun:split
ALTER TABLE check_settings ADD COLUMN uncovered TEXT NOT NULL DEFAULT 'warn';
