-- Equipment: what a platform keeps of it, the life sheet, the data it produces and where they lie, and
-- the plan of its renewal (DESIGN, section 4.1).

ALTER TABLE equipment ADD COLUMN supplier TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE equipment ADD COLUMN acquired DATE;
--bun:split
-- Purchase cost in cents; 0: not stated.
ALTER TABLE equipment ADD COLUMN cost BIGINT NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE equipment ADD COLUMN inventory TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE equipment ADD COLUMN funding TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE equipment ADD COLUMN responsible TEXT;
--bun:split
-- Expected life in years and, where it is decided, the year of renewal; 0: not stated.
ALTER TABLE equipment ADD COLUMN life_years BIGINT NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE equipment ADD COLUMN renewal_year BIGINT NOT NULL DEFAULT 0;
--bun:split
-- What the renewal is expected to cost, in cents; 0: not stated.
ALTER TABLE equipment ADD COLUMN renewal_cost BIGINT NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE equipment ADD COLUMN notes TEXT NOT NULL DEFAULT '';
--bun:split
-- Received and not put into service yet.
ALTER TABLE equipment ADD COLUMN waiting BOOLEAN NOT NULL DEFAULT FALSE;
--bun:split
ALTER TABLE equipment ADD COLUMN retired_why TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE calibrations ADD COLUMN kind TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE calibrations ADD COLUMN provider TEXT NOT NULL DEFAULT '';
--bun:split
-- Decimal numbers as text, with a point, so that nothing is rounded.
ALTER TABLE calibrations ADD COLUMN nominal TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE calibrations ADD COLUMN tolerance TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE calibrations ADD COLUMN deviation TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE calibrations ADD COLUMN unit TEXT NOT NULL DEFAULT '';
--bun:split
-- Why the outcome is another than the numbers say.
ALTER TABLE calibrations ADD COLUMN explanation TEXT NOT NULL DEFAULT '';
--bun:split
CREATE TABLE equipment_events (
    id           TEXT PRIMARY KEY,
    platform     TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    equipment    TEXT NOT NULL,
    kind         TEXT NOT NULL,
    date         DATE NOT NULL,
    ended        DATE,
    usable       BOOLEAN NOT NULL,
    description  TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    person       TEXT,
    company      TEXT NOT NULL,
    cost         BIGINT NOT NULL,
    program      TEXT NOT NULL,
    months       BIGINT NOT NULL,
    next_on      DATE,
    ends         TEXT,
    place        TEXT NOT NULL,
    place_before TEXT NOT NULL,
    void         TEXT NOT NULL
);
--bun:split
CREATE INDEX equipment_events_by_date ON equipment_events (platform, equipment, date, id);
--bun:split
-- Of the whole platform: what keeps equipment out of service on a day, and the last maintenance of each program.
CREATE INDEX equipment_events_by_kind ON equipment_events (platform, kind, equipment, date, id);
--bun:split
CREATE TABLE data_sets (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    equipment  TEXT NOT NULL,
    name       TEXT NOT NULL,
    format     TEXT NOT NULL,
    yearly_mb  BIGINT NOT NULL,
    typical    TEXT NOT NULL,
    stored     TEXT NOT NULL,
    backup     TEXT NOT NULL,
    frequency  TEXT NOT NULL,
    retention  TEXT NOT NULL,
    owner      TEXT NOT NULL,
    opened     TEXT NOT NULL,
    remark     TEXT NOT NULL,
    date       DATE NOT NULL,
    through    DATE,
    void       TEXT NOT NULL
);
--bun:split
CREATE INDEX data_sets_by_equipment ON data_sets (platform, equipment, id);
--bun:split
CREATE TABLE restore_tests (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    equipment TEXT NOT NULL,
    data_set  TEXT NOT NULL REFERENCES data_sets (id),
    date      DATE NOT NULL,
    restored  BOOLEAN NOT NULL,
    person    TEXT,
    remark    TEXT NOT NULL,
    void      TEXT NOT NULL
);
--bun:split
CREATE INDEX restore_tests_by_equipment ON restore_tests (platform, equipment, date, id);
