-- Audit packs: what was made, as of which day, and the archive's digest in the vault.
CREATE TABLE packs (
    id           TEXT PRIMARY KEY,
    platform     TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    number       TEXT NOT NULL,
    as_of        DATE NOT NULL,
    language     TEXT NOT NULL,
    state        TEXT NOT NULL,
    maker        TEXT,
    maker_name   TEXT NOT NULL,
    started_at   TIMESTAMPTZ NOT NULL,
    ended_at     TIMESTAMPTZ,
    content      BYTEA,
    size         BIGINT NOT NULL,
    facts        BIGINT NOT NULL,
    files        BIGINT NOT NULL,
    origin       TEXT NOT NULL,
    leaves       BIGINT NOT NULL,
    root         TEXT NOT NULL,
    previous     TEXT NOT NULL,
    failure      TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX packs_number ON packs (platform, number);
--bun:split
CREATE INDEX packs_content ON packs (content);
