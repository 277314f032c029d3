CREATE TABLE exercises (
    id                TEXT PRIMARY KEY,
    platform          TEXT NOT NULL,
    revision          BIGINT NOT NULL,
    number            TEXT NOT NULL,
    scope             TEXT NOT NULL,
    kind              TEXT NOT NULL,
    direction         TEXT NOT NULL,
    period_from       DATE,
    as_of             DATE NOT NULL,
    seed              TEXT NOT NULL,
    sample_size       BIGINT NOT NULL,
    population_size   BIGINT NOT NULL,
    population_digest TEXT NOT NULL,
    state             TEXT NOT NULL,
    verdict           TEXT NOT NULL,
    remark            TEXT NOT NULL,
    found             BIGINT NOT NULL,
    expected          BIGINT NOT NULL,
    findings          TEXT NOT NULL,
    evaluator         TEXT,
    started_at        TIMESTAMPTZ NOT NULL,
    concluded_at      TIMESTAMPTZ
);
--bun:split
CREATE UNIQUE INDEX exercises_number ON exercises (platform, number);
--bun:split
CREATE INDEX exercises_started ON exercises (platform, started_at);
--bun:split
CREATE TABLE exercise_items (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    exercise  TEXT NOT NULL,
    position  BIGINT NOT NULL,
    number    TEXT NOT NULL,
    digest    TEXT NOT NULL,
    label     TEXT NOT NULL,
    seconds   BIGINT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX exercise_items_position ON exercise_items (exercise, position);
--bun:split
CREATE TABLE exercise_links (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    exercise  TEXT NOT NULL,
    item      TEXT NOT NULL,
    position  BIGINT NOT NULL,
    link      TEXT NOT NULL,
    target    TEXT NOT NULL,
    proposal  TEXT NOT NULL,
    checks    TEXT NOT NULL,
    answer    TEXT NOT NULL,
    note      TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX exercise_links_position ON exercise_links (item, position);
--bun:split
CREATE INDEX exercise_links_exercise ON exercise_links (exercise);
