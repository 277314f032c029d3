-- Records, the watch over documents of external origin, retention and what is decided at its end.

-- How long what has ended is kept, in months; 0: not stated, kept without limit.
ALTER TABLE documents ADD COLUMN retention_months BIGINT NOT NULL DEFAULT 0;
--bun:split
-- How often the publisher of a document of external origin is looked at, in months; 0: not watched.
ALTER TABLE documents ADD COLUMN watch_months BIGINT NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE documents ADD COLUMN watched_on DATE;
--bun:split
ALTER TABLE documents ADD COLUMN watch_on DATE;
--bun:split
-- The edition that a watch found and that no version of ours holds yet.
ALTER TABLE documents ADD COLUMN new_edition TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE versions ADD COLUMN keep_until DATE;
--bun:split
ALTER TABLE versions ADD COLUMN disposal TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE versions ADD COLUMN disposed_on DATE;
--bun:split
CREATE TABLE records (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    number      TEXT NOT NULL,
    form        TEXT NOT NULL REFERENCES documents (id),
    version     TEXT NOT NULL REFERENCES versions (id),
    date        DATE NOT NULL,
    title       TEXT NOT NULL,
    title_key   TEXT NOT NULL,
    remark      TEXT NOT NULL,
    about_kind  TEXT NOT NULL,
    about_code  TEXT NOT NULL,
    about_id    TEXT,
    file_name   TEXT NOT NULL,
    media_type  TEXT NOT NULL,
    size        BIGINT NOT NULL,
    content     BYTEA NOT NULL,
    entered_by  TEXT,
    entered_at  TIMESTAMPTZ NOT NULL,
    entered_on  DATE NOT NULL,
    void        TEXT NOT NULL,
    voided_on   DATE,
    keep_until  DATE,
    disposal    TEXT NOT NULL,
    disposed_on DATE
);
--bun:split
CREATE UNIQUE INDEX records_number ON records (platform, number);
--bun:split
CREATE INDEX records_date ON records (platform, date, number);
--bun:split
CREATE INDEX records_title ON records (platform, title_key, number);
--bun:split
CREATE INDEX records_form ON records (platform, form, date);
--bun:split
CREATE INDEX records_about ON records (platform, about_kind, about_code, date);
--bun:split
-- The sweep of the vault asks of each content who names it, whatever the platform.
CREATE INDEX records_content ON records (content);
--bun:split
CREATE TABLE watches (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    revision BIGINT NOT NULL,
    document TEXT NOT NULL REFERENCES documents (id),
    date     DATE NOT NULL,
    outcome  TEXT NOT NULL,
    edition  TEXT NOT NULL,
    remark   TEXT NOT NULL,
    person   TEXT,
    name     TEXT NOT NULL,
    noted_at TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX watches_document ON watches (document, date);
--bun:split
CREATE TABLE disposals (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    number     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    item       TEXT NOT NULL,
    label      TEXT NOT NULL,
    title      TEXT NOT NULL,
    decision   TEXT NOT NULL,
    due_on     DATE NOT NULL,
    keep_until DATE,
    place      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    content    BYTEA,
    person     TEXT,
    name       TEXT NOT NULL,
    decided_on DATE NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX disposals_item ON disposals (item, decided_at);
--bun:split
CREATE INDEX disposals_decided ON disposals (platform, decided_at, id);
