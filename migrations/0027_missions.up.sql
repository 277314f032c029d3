-- Evaluation missions, the decisions they lead to, the label with what happens to it, and the labels
-- that a platform holds from other bodies.

CREATE TABLE missions (
    id              TEXT PRIMARY KEY,
    platform        TEXT NOT NULL,
    revision        BIGINT NOT NULL,
    number          TEXT NOT NULL,
    kind            TEXT NOT NULL,
    -- The label that the mission follows or renews; none for a first evaluation.
    label           TEXT,
    subject         TEXT NOT NULL,
    referential     TEXT NOT NULL,
    opened_on       DATE NOT NULL,
    opened_by       TEXT,
    -- The evaluators read the platform on the days access_from <= day < access_until.
    access_from     DATE NOT NULL,
    access_until    DATE NOT NULL,
    visit_from      DATE,
    visit_through   DATE,
    plan            TEXT NOT NULL,
    exercises       TEXT NOT NULL,
    report          TEXT NOT NULL,
    report_on       DATE,
    report_by       TEXT,
    reported_at     TIMESTAMPTZ,
    observations    TEXT NOT NULL,
    observations_on DATE,
    observations_by TEXT,
    void            TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX missions_number ON missions (platform, number);
--bun:split
CREATE INDEX missions_opened ON missions (platform, opened_on, number);
--bun:split
CREATE TABLE mission_evaluators (
    id           TEXT PRIMARY KEY,
    platform     TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    mission      TEXT NOT NULL REFERENCES missions (id),
    person       TEXT NOT NULL,
    name         TEXT NOT NULL,
    lead         BOOLEAN NOT NULL,
    -- The role given with the naming; none where the person could read the platform already.
    role_grant   TEXT,
    named_on     DATE NOT NULL,
    declaration  TEXT NOT NULL,
    declared_on  DATE,
    declared_by  TEXT,
    dismissed_on DATE,
    dismissed    TEXT NOT NULL
);
--bun:split
CREATE INDEX mission_evaluators_mission ON mission_evaluators (mission, named_on);
--bun:split
CREATE INDEX mission_evaluators_person ON mission_evaluators (person, platform);
--bun:split
CREATE TABLE mission_findings (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    mission   TEXT NOT NULL REFERENCES missions (id),
    position  BIGINT NOT NULL,
    chapter   TEXT NOT NULL,
    code      TEXT NOT NULL,
    -- The text as it was, and the evidence expected, in French and in English.
    criterion    TEXT NOT NULL,
    criterion_en TEXT NOT NULL,
    expected     TEXT NOT NULL,
    expected_en  TEXT NOT NULL,
    finding   TEXT NOT NULL,
    note      TEXT NOT NULL,
    found_by  TEXT,
    found_on  DATE
);
--bun:split
CREATE UNIQUE INDEX mission_findings_code ON mission_findings (mission, code);
--bun:split
CREATE TABLE mission_decisions (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    mission    TEXT NOT NULL REFERENCES missions (id),
    body       TEXT NOT NULL,
    date       DATE NOT NULL,
    outcome    TEXT NOT NULL,
    note       TEXT NOT NULL,
    entered_by TEXT,
    entered_at TIMESTAMPTZ NOT NULL,
    void       TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX mission_decisions_mission ON mission_decisions (mission) WHERE void = '';
--bun:split
CREATE INDEX mission_decisions_date ON mission_decisions (platform, date);
--bun:split
CREATE TABLE award_conditions (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    mission   TEXT NOT NULL REFERENCES missions (id),
    decision  TEXT NOT NULL REFERENCES mission_decisions (id),
    position  BIGINT NOT NULL,
    words     TEXT NOT NULL,
    due_on    DATE NOT NULL,
    lifted_on DATE,
    lifted_by TEXT,
    evidence  TEXT NOT NULL,
    void      TEXT NOT NULL
);
--bun:split
CREATE INDEX award_conditions_due ON award_conditions (platform, due_on);
--bun:split
CREATE TABLE labels (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    number     TEXT NOT NULL,
    mission    TEXT NOT NULL REFERENCES missions (id),
    decision   TEXT NOT NULL REFERENCES mission_decisions (id),
    body       TEXT NOT NULL,
    perimeter  TEXT NOT NULL,
    awarded_on DATE NOT NULL,
    -- The label that this one renews.
    renews     TEXT,
    void       TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX labels_number ON labels (number);
--bun:split
CREATE INDEX labels_platform ON labels (platform, awarded_on);
--bun:split
CREATE TABLE award_events (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    label      TEXT NOT NULL REFERENCES labels (id),
    mission    TEXT,
    kind       TEXT NOT NULL,
    date       DATE NOT NULL,
    body       TEXT NOT NULL,
    why        TEXT NOT NULL,
    entered_by TEXT,
    entered_at TIMESTAMPTZ NOT NULL,
    void       TEXT NOT NULL
);
--bun:split
CREATE INDEX award_events_label ON award_events (platform, label, date);
--bun:split
CREATE TABLE other_labels (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    body       TEXT NOT NULL,
    number     TEXT NOT NULL,
    perimeter  TEXT NOT NULL,
    from_date  DATE NOT NULL,
    -- The first day on which it no longer holds; none where it has no end.
    until_date DATE,
    -- Nothing is due at its end: it was given up or another one follows it.
    closed     TEXT NOT NULL,
    void       TEXT NOT NULL
);
--bun:split
CREATE INDEX other_labels_platform ON other_labels (platform, from_date);
