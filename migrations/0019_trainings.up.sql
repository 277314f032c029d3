-- Group sessions of training, and what is decided when the procedure taught gets a new major version.

-- One session trains several people on one or several pieces of equipment; who and on what stands in
-- its trainings.
CREATE TABLE group_sessions (
    id                TEXT PRIMARY KEY,
    platform          TEXT NOT NULL,
    revision          BIGINT NOT NULL,
    number            TEXT NOT NULL,
    date              DATE NOT NULL,
    trainer           TEXT NOT NULL,
    kind              TEXT NOT NULL,
    months            BIGINT NOT NULL,
    through           DATE,
    procedure         TEXT NOT NULL,
    procedure_version TEXT NOT NULL,
    place             TEXT NOT NULL,
    minutes           BIGINT NOT NULL,
    note              TEXT NOT NULL,
    void              TEXT NOT NULL,
    UNIQUE (platform, number)
);
--bun:split
CREATE INDEX group_sessions_by_date ON group_sessions (platform, date, number);
--bun:split
-- The group session that the training was given in; none when it was given alone.
ALTER TABLE trainings ADD COLUMN session TEXT;
--bun:split
CREATE INDEX trainings_by_session ON trainings (platform, session);
--bun:split
-- One decision for each new major version of a procedure that is taught.
CREATE TABLE requalifications (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    procedure  TEXT NOT NULL,
    version    TEXT NOT NULL,
    since      DATE NOT NULL,
    required   BOOLEAN NOT NULL,
    due_on     DATE,
    reason     TEXT NOT NULL,
    decided_by TEXT,
    decided_on DATE NOT NULL,
    UNIQUE (platform, procedure, version)
);
--bun:split
CREATE INDEX reports_by_operator ON reports (platform, operator, date);
