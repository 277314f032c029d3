-- What was chosen for a pack: the day from which on it tells what happened, its sections (JSON), and
-- whether files are in it. A pack of before had every section there was then, and its files.
ALTER TABLE packs ADD COLUMN from_day DATE;
--bun:split
ALTER TABLE packs ADD COLUMN sections TEXT NOT NULL DEFAULT '[]';
--bun:split
ALTER TABLE packs ADD COLUMN with_files BOOLEAN NOT NULL DEFAULT TRUE;
--bun:split
-- What a program that asks names its request by: asked again under the same name, it is the same pack.
ALTER TABLE packs ADD COLUMN once TEXT NOT NULL DEFAULT '';
--bun:split
CREATE UNIQUE INDEX packs_once ON packs (platform, maker, once) WHERE once <> '';
--bun:split
-- Since when it is to be stopped.
ALTER TABLE packs ADD COLUMN cancelled_at TIMESTAMPTZ;
--bun:split
-- The making of a pack: which server is at it until when, and how far it is. A server that takes it over
-- does so under the next term, and whoever held the one before is refused.
CREATE TABLE pack_jobs (
    id       TEXT PRIMARY KEY,
    platform TEXT,
    revision BIGINT NOT NULL,
    pack     TEXT NOT NULL REFERENCES packs (id),
    holder   TEXT NOT NULL,
    term     BIGINT NOT NULL,
    until    TIMESTAMPTZ NOT NULL,
    step     TEXT NOT NULL,
    done     BIGINT NOT NULL,
    total    BIGINT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX pack_jobs_pack ON pack_jobs (pack);
--bun:split
CREATE INDEX packs_running ON packs (platform, id) WHERE state = 'running';
