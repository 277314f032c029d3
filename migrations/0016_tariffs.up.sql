-- Price lists, how a platform sells, and quotes with lines (DESIGN, section 4.1). The lines of a list
-- and of a quote are JSON in the row: they are stated, changed and read together, so one change of
-- them is one revision.
CREATE TABLE price_lists (
    id             TEXT PRIMARY KEY,
    platform       TEXT NOT NULL,
    revision       BIGINT NOT NULL,
    number         TEXT NOT NULL,
    title          TEXT NOT NULL,
    effective_from DATE NOT NULL,
    state          TEXT NOT NULL,
    remark         TEXT NOT NULL,
    mention        TEXT NOT NULL,
    statuses       TEXT NOT NULL,
    lines          TEXT NOT NULL,
    size           BIGINT NOT NULL,
    copied_from    TEXT NOT NULL,
    published_by   TEXT,
    published_on   DATE,
    void           TEXT NOT NULL,
    UNIQUE (platform, number)
);
--bun:split
CREATE INDEX price_lists_by_day ON price_lists (platform, effective_from);
--bun:split
CREATE TABLE price_settings (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL UNIQUE,
    revision   BIGINT NOT NULL,
    public     BOOLEAN NOT NULL,
    statuses   TEXT NOT NULL,
    seller     TEXT NOT NULL,
    conditions TEXT NOT NULL,
    mention    TEXT NOT NULL,
    valid_days BIGINT NOT NULL
);
--bun:split
-- The number of the price list that the lines come from; empty for none.
ALTER TABLE quotes ADD COLUMN price_list TEXT NOT NULL DEFAULT '';
--bun:split
-- The lines as JSON; empty for a quote of a total alone.
ALTER TABLE quotes ADD COLUMN lines TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE quotes ADD COLUMN mention TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE quotes ADD COLUMN conditions TEXT NOT NULL DEFAULT '';
