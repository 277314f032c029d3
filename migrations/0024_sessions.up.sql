-- Accompaniment (DESIGN, section 5): the plan with its steps, the sessions (meetings here: a session is
-- what one is signed in by) and the deliverables that each asks for the next. Attendees and documents
-- worked on are kept as JSON. A deliverable that waits for a session to be planned has no due_meeting.

CREATE TABLE accompaniments (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    start       DATE NOT NULL,
    months      BIGINT NOT NULL,
    officer     TEXT NOT NULL,
    aim         TEXT NOT NULL,
    ended_on    DATE,
    outcome     TEXT NOT NULL,
    end_reason  TEXT NOT NULL,
    void        TEXT NOT NULL
);

--bun:split

CREATE INDEX accompaniments_by_platform ON accompaniments (platform, start, id);

--bun:split

CREATE TABLE plan_steps (
    id             TEXT PRIMARY KEY,
    platform       TEXT NOT NULL,
    revision       BIGINT NOT NULL,
    accompaniment  TEXT NOT NULL REFERENCES accompaniments (id),
    position       BIGINT NOT NULL,
    month          BIGINT NOT NULL,
    title          TEXT NOT NULL,
    done_on        DATE,
    void           TEXT NOT NULL,
    UNIQUE (accompaniment, position)
);

--bun:split

CREATE TABLE meetings (
    id             TEXT PRIMARY KEY,
    platform       TEXT NOT NULL,
    revision       BIGINT NOT NULL,
    accompaniment  TEXT NOT NULL REFERENCES accompaniments (id),
    number         TEXT NOT NULL,
    day            DATE NOT NULL,
    start          BIGINT NOT NULL,
    minutes        BIGINT NOT NULL,
    officer        TEXT NOT NULL,
    place          TEXT NOT NULL,
    link           TEXT NOT NULL,
    state          TEXT NOT NULL,
    agenda         TEXT NOT NULL,
    account        TEXT NOT NULL,
    decisions      TEXT NOT NULL,
    attendees      TEXT NOT NULL,
    worked         TEXT NOT NULL,
    sequence       BIGINT NOT NULL,
    changed_at     TIMESTAMPTZ NOT NULL,
    reason         TEXT NOT NULL,
    void           TEXT NOT NULL,
    UNIQUE (platform, number)
);

--bun:split

CREATE INDEX meetings_by_day ON meetings (platform, day, number);

--bun:split

CREATE INDEX meetings_by_officer ON meetings (officer, day);

--bun:split

CREATE TABLE deliverables (
    id             TEXT PRIMARY KEY,
    platform       TEXT NOT NULL,
    revision       BIGINT NOT NULL,
    accompaniment  TEXT NOT NULL REFERENCES accompaniments (id),
    number         TEXT NOT NULL,
    title          TEXT NOT NULL,
    expected       TEXT NOT NULL,
    owner          TEXT NOT NULL,
    asked_at       TEXT,
    asked_on       DATE NOT NULL,
    due_meeting    TEXT,
    due_on         DATE NOT NULL,
    first_due      DATE NOT NULL,
    carried        BIGINT NOT NULL,
    redone         BIGINT NOT NULL,
    state          TEXT NOT NULL,
    delivered_on   DATE,
    delivered_by   TEXT,
    document       TEXT NOT NULL,
    version        TEXT NOT NULL,
    words          TEXT NOT NULL,
    note           TEXT NOT NULL,
    judged_by      TEXT,
    judged_on      DATE,
    void           TEXT NOT NULL,
    UNIQUE (platform, number)
);

--bun:split

CREATE INDEX deliverables_by_day ON deliverables (platform, due_on, number);

--bun:split

CREATE INDEX deliverables_by_state ON deliverables (state, platform, due_on);

--bun:split

CREATE INDEX deliverables_by_meeting ON deliverables (platform, due_meeting);
