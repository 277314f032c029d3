-- Exercises, complete: practice, strata, chosen items, several evaluators, clocks, signature, report.

-- Made by the platform itself, to practise: it counts nowhere.
ALTER TABLE exercises ADD COLUMN practice BOOLEAN NOT NULL DEFAULT FALSE;
--bun:split
-- The evaluator named the items; they were not drawn.
ALTER TABLE exercises ADD COLUMN chosen BOOLEAN NOT NULL DEFAULT FALSE;
--bun:split
ALTER TABLE exercises ADD COLUMN period_to DATE;
--bun:split
ALTER TABLE exercises ADD COLUMN strata TEXT NOT NULL DEFAULT '';
--bun:split
-- What a full exercise counted, by month and by check, as JSON.
ALTER TABLE exercises ADD COLUMN tally TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE exercises ADD COLUMN signed_by TEXT;
--bun:split
ALTER TABLE exercises ADD COLUMN signed_name TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE exercises ADD COLUMN signed_digest TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE exercise_items ADD COLUMN stratum TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE exercise_items ADD COLUMN assigned TEXT;
--bun:split
-- The clock of the item runs since then; NULL while it stands.
ALTER TABLE exercise_items ADD COLUMN running_since TIMESTAMPTZ;
--bun:split
ALTER TABLE exercise_items ADD COLUMN running_by TEXT;
--bun:split
ALTER TABLE exercise_items ADD COLUMN cut BOOLEAN NOT NULL DEFAULT FALSE;
--bun:split
-- How often its answers were given: with it the revision moves.
ALTER TABLE exercise_items ADD COLUMN answers BIGINT NOT NULL DEFAULT 0;
--bun:split
ALTER TABLE exercise_items ADD COLUMN clock_note TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE exercise_links ADD COLUMN answered_by TEXT;
--bun:split
ALTER TABLE exercise_links ADD COLUMN answered_name TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE exercise_links ADD COLUMN answered_at TIMESTAMPTZ;
--bun:split
CREATE TABLE exercise_strata (
    id                TEXT PRIMARY KEY,
    platform          TEXT NOT NULL,
    revision          BIGINT NOT NULL,
    exercise          TEXT NOT NULL,
    position          BIGINT NOT NULL,
    name              TEXT NOT NULL,
    population_size   BIGINT NOT NULL,
    population_digest TEXT NOT NULL,
    drawn             BIGINT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX exercise_strata_position ON exercise_strata (exercise, position);
--bun:split
CREATE TABLE exercise_evaluators (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    revision BIGINT NOT NULL,
    exercise TEXT NOT NULL,
    person   TEXT NOT NULL,
    name     TEXT NOT NULL,
    added_by TEXT,
    added_at TIMESTAMPTZ NOT NULL,
    void     TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX exercise_evaluators_person ON exercise_evaluators (exercise, person);
--bun:split
CREATE INDEX exercise_evaluators_mine ON exercise_evaluators (person);
--bun:split
CREATE TABLE exercise_reports (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    revision BIGINT NOT NULL,
    exercise TEXT NOT NULL,
    language TEXT NOT NULL,
    content  BYTEA NOT NULL,
    size     BIGINT NOT NULL,
    made_at  TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE UNIQUE INDEX exercise_reports_language ON exercise_reports (exercise, language);
