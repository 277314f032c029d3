-- The process map, kinds as data, and what people decided about suggested links.

ALTER TABLE kinds ADD COLUMN level TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE kinds ADD COLUMN review_months BIGINT NOT NULL DEFAULT 24;
--bun:split
ALTER TABLE kinds ADD COLUMN retired_on DATE;
--bun:split
ALTER TABLE processes ADD COLUMN type TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE processes ADD COLUMN owner TEXT;
--bun:split
ALTER TABLE processes ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE processes ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE processes ADD COLUMN retired_on DATE;
--bun:split
CREATE TABLE link_decisions (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    document   TEXT NOT NULL REFERENCES documents (id),
    target     TEXT NOT NULL REFERENCES documents (id),
    verdict    TEXT NOT NULL,
    person     TEXT NOT NULL,
    name       TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    decided_on DATE NOT NULL
);
--bun:split
CREATE UNIQUE INDEX link_decisions_pair ON link_decisions (platform, document, target);
--bun:split
CREATE INDEX link_decisions_target ON link_decisions (platform, target);
