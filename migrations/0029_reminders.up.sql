-- Reminders: what was asked of whom and when, the mails it went out with, the runs that did it, and
-- what the site, platforms and persons settled about it.

-- One run over all replicas: who holds it, under which term, and that it is alive (beats).
CREATE TABLE slots (
    id         TEXT PRIMARY KEY,
    platform   TEXT,
    revision   BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    day        DATE,
    holder     TEXT NOT NULL,
    term       BIGINT NOT NULL,
    beats      BIGINT NOT NULL,
    asked      BIGINT NOT NULL,
    mails      BIGINT NOT NULL,
    sent       BIGINT NOT NULL,
    refused    BIGINT NOT NULL,
    delayed    BIGINT NOT NULL,
    claimed_at TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ
);
--bun:split
CREATE UNIQUE INDEX slots_number ON slots (number);
--bun:split
-- The questions of one day are asked once.
CREATE UNIQUE INDEX slots_day ON slots (day);
--bun:split
-- The outbox: one mail to one person.
CREATE TABLE mails (
    id         TEXT PRIMARY KEY,
    platform   TEXT,
    revision   BIGINT NOT NULL,
    person     TEXT NOT NULL,
    slot       BIGINT NOT NULL,
    day        DATE NOT NULL,
    message    TEXT NOT NULL,
    state      TEXT NOT NULL,
    address    TEXT NOT NULL,
    attempts   BIGINT NOT NULL,
    fault      TEXT NOT NULL,
    asked      BIGINT NOT NULL,
    queued_at  TIMESTAMPTZ NOT NULL,
    next_at    TIMESTAMPTZ,
    settled_at TIMESTAMPTZ
);
--bun:split
CREATE UNIQUE INDEX mails_person ON mails (person, slot);
--bun:split
-- What waits has an instant to be tried at, what is settled has none.
CREATE INDEX mails_next ON mails (next_at, id);
--bun:split
CREATE INDEX mails_state ON mails (state, slot, id);
--bun:split
CREATE INDEX mails_slot ON mails (slot, id);
--bun:split
CREATE TABLE reminders (
    id         TEXT PRIMARY KEY,
    platform   TEXT,
    revision   BIGINT NOT NULL,
    mail       TEXT NOT NULL REFERENCES mails (id),
    person     TEXT NOT NULL,
    place      TEXT NOT NULL,
    obligation TEXT NOT NULL,
    kind       TEXT NOT NULL,
    title      TEXT NOT NULL,
    subject    TEXT,
    parts      TEXT NOT NULL,
    due_on     DATE NOT NULL,
    step       BIGINT NOT NULL,
    escalated  BOOLEAN NOT NULL,
    made_on    DATE NOT NULL,
    through    DATE NOT NULL
);
--bun:split
-- Each obligation is told once at each step to each person; moved to another day it is another one.
CREATE UNIQUE INDEX reminders_once ON reminders (person, obligation, due_on, step);
--bun:split
CREATE INDEX reminders_obligation ON reminders (obligation, person, through);
--bun:split
CREATE INDEX reminders_person ON reminders (person, id);
--bun:split
CREATE INDEX reminders_place ON reminders (place, id);
--bun:split
CREATE INDEX reminders_mail ON reminders (mail);
--bun:split
-- How one kind is reminded: on the site (platform NULL), or on one platform. Offsets is JSON.
CREATE TABLE reminder_rules (
    id       TEXT PRIMARY KEY,
    platform TEXT,
    revision BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    offsets  TEXT NOT NULL,
    off      BOOLEAN NOT NULL,
    optional BOOLEAN NOT NULL
);
--bun:split
CREATE UNIQUE INDEX reminder_rules_kind ON reminder_rules (platform, kind);
--bun:split
-- Who is told besides managers and quality leads.
CREATE TABLE reminder_addressees (
    id         TEXT PRIMARY KEY,
    platform   TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    person     TEXT NOT NULL,
    ended      TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX reminder_addressees_person ON reminder_addressees (platform, person) WHERE ended = '';
--bun:split
-- How a person wants to be told.
CREATE TABLE reminder_preferences (
    id       TEXT PRIMARY KEY,
    platform TEXT,
    revision BIGINT NOT NULL,
    person   TEXT NOT NULL,
    mode     TEXT NOT NULL,
    weekday  BIGINT NOT NULL,
    language TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX reminder_preferences_person ON reminder_preferences (person);
