-- A label that was awarded before the site kept its evaluations here is taken over: no mission and no
-- decision of ours led to it. Both columns may be missing from now on, which SQLite only does by making the
-- table anew; what happened to labels refers to it and is made anew with it.

CREATE TABLE labels_before AS SELECT * FROM labels;
--bun:split
CREATE TABLE award_events_before AS SELECT * FROM award_events;
--bun:split
DROP TABLE award_events;
--bun:split
DROP TABLE labels;
--bun:split
CREATE TABLE labels (
    id              TEXT PRIMARY KEY,
    platform        TEXT NOT NULL,
    revision        BIGINT NOT NULL,
    number          TEXT NOT NULL,
    -- What led to it; none where it is taken over.
    mission         TEXT REFERENCES missions (id),
    decision        TEXT REFERENCES mission_decisions (id),
    body            TEXT NOT NULL,
    perimeter       TEXT NOT NULL,
    awarded_on      DATE NOT NULL,
    -- The label that this one renews.
    renews          TEXT,
    void            TEXT NOT NULL,
    -- Where a label that is taken over is known from; empty where it was awarded here.
    source          TEXT NOT NULL DEFAULT '',
    taken_on        DATE,
    taken_by        TEXT,
    -- The follow-ups that were held before it was taken over.
    followed_first  DATE,
    followed_second DATE
);
--bun:split
INSERT INTO labels (id, platform, revision, number, mission, decision, body, perimeter, awarded_on, renews, void)
SELECT id, platform, revision, number, mission, decision, body, perimeter, awarded_on, renews, void FROM labels_before;
--bun:split
-- The number of a certificate that was taken over by mistake may be stated again.
CREATE UNIQUE INDEX labels_number ON labels (number) WHERE void = '';
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
INSERT INTO award_events (id, platform, revision, label, mission, kind, date, body, why, entered_by, entered_at, void)
SELECT id, platform, revision, label, mission, kind, date, body, why, entered_by, entered_at, void FROM award_events_before;
--bun:split
CREATE INDEX award_events_label ON award_events (platform, label, date);
--bun:split
DROP TABLE award_events_before;
--bun:split
DROP TABLE labels_before;
