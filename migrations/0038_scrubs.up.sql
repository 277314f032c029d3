-- Scrubs: the weekly comparison of trail, records and vault, what each one found, and which contents the
-- vault was asked to hold. They are records of the site.

CREATE TABLE scrubs (
    id            TEXT PRIMARY KEY,
    platform      TEXT,
    revision      BIGINT NOT NULL,
    number        BIGINT NOT NULL,
    asked_by      TEXT,
    asked_name    TEXT NOT NULL,
    holder        TEXT NOT NULL,
    term          BIGINT NOT NULL,
    beats         BIGINT NOT NULL,
    begun_at      TIMESTAMPTZ NOT NULL,
    trail_done_at TIMESTAMPTZ,
    reached       BIGINT NOT NULL,
    ended_at      TIMESTAMPTZ,
    logs          BIGINT NOT NULL,
    entries       BIGINT NOT NULL,
    changes       BIGINT NOT NULL,
    records       BIGINT NOT NULL,
    contents      BIGINT NOT NULL,
    bytes         BIGINT NOT NULL,
    orphans       BIGINT NOT NULL,
    orphan_bytes  BIGINT NOT NULL,
    found         BIGINT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX scrubs_number ON scrubs (number);
--bun:split
-- What was wrong and where, in the words of that day: the place may be gone since.
CREATE TABLE scrub_defects (
    id        TEXT PRIMARY KEY,
    platform  TEXT,
    revision  BIGINT NOT NULL,
    scrub     TEXT NOT NULL REFERENCES scrubs (id),
    kind      TEXT NOT NULL,
    place     TEXT,
    code      TEXT NOT NULL,
    entry     BIGINT NOT NULL,
    row_table TEXT NOT NULL,
    row_id    TEXT,
    fields    TEXT,
    content   TEXT NOT NULL,
    words     TEXT NOT NULL,
    parts     TEXT
);
--bun:split
CREATE INDEX scrub_defects_scrub ON scrub_defects (scrub, id);
--bun:split
-- Until when the vault said that it holds a content, when it was asked last.
CREATE TABLE content_holds (
    id       TEXT PRIMARY KEY,
    platform TEXT,
    revision BIGINT NOT NULL,
    content  BYTEA NOT NULL,
    until    DATE NOT NULL,
    held_at  TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE UNIQUE INDEX content_holds_content ON content_holds (content);
--bun:split
-- Every column that names a content is asked for one, by the sweep and by what is wrong.
CREATE INDEX signatures_content ON signatures (content);
--bun:split
CREATE INDEX renditions_source ON renditions (source);
--bun:split
CREATE INDEX disposals_content ON disposals (content);
