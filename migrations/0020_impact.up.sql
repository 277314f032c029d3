-- Impact (DESIGN, section 4.4): what a check out of tolerance, a training that was not valid, a work
-- instruction that was wrong or a fault touches, frozen line by line, and what was decided for each.
-- Periods are kept as JSON; the digest is that of the list as it was frozen.

CREATE TABLE impacts (
    id                  TEXT PRIMARY KEY,
    platform            TEXT NOT NULL,
    revision            BIGINT NOT NULL,
    number              TEXT NOT NULL,
    kind                TEXT NOT NULL,
    subject             TEXT,
    equipment           TEXT,
    person              TEXT,
    instruction         TEXT NOT NULL,
    instruction_version TEXT NOT NULL,
    found_on            DATE,
    words               TEXT NOT NULL,
    taught              BOOLEAN NOT NULL,
    stated_from         DATE,
    stated_through      DATE,
    periods             TEXT NOT NULL,
    basis               TEXT NOT NULL,
    basis_on            DATE,
    basis_words         TEXT NOT NULL,
    opened_by           TEXT,
    opened_on           DATE NOT NULL,
    follows             TEXT NOT NULL,
    digest              TEXT NOT NULL,
    chains              BIGINT NOT NULL,
    reports             BIGINT NOT NULL,
    uses                BIGINT NOT NULL,
    trainings           BIGINT NOT NULL,
    items               BIGINT NOT NULL,
    decided             BIGINT NOT NULL,
    conclusion          TEXT NOT NULL,
    concluded_by        TEXT,
    concluded_on        DATE,
    void                TEXT NOT NULL,
    UNIQUE (platform, number)
);

--bun:split

CREATE INDEX impacts_by_day ON impacts (platform, opened_on, number);

--bun:split

CREATE INDEX impacts_by_subject ON impacts (platform, subject);

--bun:split

CREATE TABLE impact_items (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    impact      TEXT NOT NULL REFERENCES impacts (id),
    position    BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    record      TEXT,
    number      TEXT NOT NULL,
    request     TEXT NOT NULL,
    who         TEXT NOT NULL,
    person      TEXT,
    equipment   TEXT,
    date        DATE NOT NULL,
    last        DATE,
    count       BIGINT NOT NULL,
    project     TEXT NOT NULL,
    added_on    DATE,
    decision    TEXT NOT NULL,
    note        TEXT NOT NULL,
    informed_on DATE,
    amended     TEXT NOT NULL,
    decided_by  TEXT,
    decided_on  DATE,
    UNIQUE (impact, position)
);

--bun:split

CREATE INDEX impact_items_by_decision ON impact_items (impact, decision, position);

--bun:split

CREATE INDEX impact_items_by_record ON impact_items (platform, record);

--bun:split

CREATE INDEX impact_items_by_request ON impact_items (platform, request);

--bun:split

-- What was done on a piece of equipment, or by a version of a work instruction, within a window.
CREATE INDEX reports_by_equipment ON reports (platform, equipment, analysed_on);

--bun:split

CREATE INDEX reports_by_instruction ON reports (platform, instruction, instruction_version, analysed_on);
