-- Auditors: who was asked to look into a platform and how they came to sign in, what they note for
-- themselves, what they opened, and the letters that ask them. How long they may read stands in the role
-- that the admission names. A letter's secret is in no table: it is made of the letter when it is sent.

CREATE TABLE admissions (
    id           TEXT PRIMARY KEY,
    platform     TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    person       TEXT NOT NULL REFERENCES people (id),
    name         TEXT NOT NULL,
    email        TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    language     TEXT NOT NULL,
    role_grant   TEXT NOT NULL REFERENCES role_grants (id),
    invited_by   TEXT NOT NULL,
    inviter_name TEXT NOT NULL,
    invited_at   TIMESTAMPTZ NOT NULL,
    letter       TEXT,
    account      BIGINT NOT NULL,
    letter_until TIMESTAMPTZ,
    accepted_at  TIMESTAMPTZ,
    ended_at     TIMESTAMPTZ,
    remark       TEXT NOT NULL
);
--bun:split
CREATE INDEX admissions_platform ON admissions (platform, id);
--bun:split
CREATE INDEX admissions_person ON admissions (person);
--bun:split
CREATE UNIQUE INDEX admissions_letter ON admissions (letter) WHERE letter IS NOT NULL;
--bun:split
CREATE TABLE audit_notes (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    author      TEXT NOT NULL REFERENCES people (id),
    author_name TEXT NOT NULL,
    about       TEXT NOT NULL,
    subject     TEXT NOT NULL,
    label       TEXT NOT NULL,
    words       TEXT NOT NULL,
    noted_at    TIMESTAMPTZ NOT NULL,
    handed_at   TIMESTAMPTZ,
    void        TEXT NOT NULL
);
--bun:split
CREATE INDEX audit_notes_author ON audit_notes (platform, author, id);
--bun:split
CREATE TABLE openings (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    person      TEXT NOT NULL REFERENCES people (id),
    person_name TEXT NOT NULL,
    day         DATE NOT NULL,
    kind        TEXT NOT NULL,
    path        TEXT NOT NULL,
    title       TEXT NOT NULL,
    opened_at   TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE UNIQUE INDEX openings_once ON openings (platform, person, day, path);
--bun:split
CREATE INDEX openings_latest ON openings (platform, opened_at, id);
--bun:split
-- What an auditor who was let in is written. The mail that carries it waits in the outbox and names it
-- where another names the invitation to a session.
CREATE TABLE welcomes (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    revision BIGINT NOT NULL,
    person   TEXT NOT NULL REFERENCES people (id),
    name     TEXT NOT NULL,
    address  TEXT NOT NULL,
    language TEXT NOT NULL,
    told     TEXT NOT NULL,
    chooses  BOOLEAN NOT NULL,
    over_at  TIMESTAMPTZ NOT NULL,
    made_at  TIMESTAMPTZ NOT NULL
);
--bun:split
-- Signatures on records: who signed what with which meaning, under the SHA-256 of its canonical content.
CREATE TABLE endorsements (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    label     TEXT NOT NULL,
    person    TEXT NOT NULL,
    name      TEXT NOT NULL,
    meaning   TEXT NOT NULL,
    digest    TEXT NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL,
    signed_on DATE NOT NULL,
    zone      TEXT NOT NULL
);
--bun:split
CREATE INDEX endorsements_platform ON endorsements (platform, signed_at);
--bun:split
CREATE INDEX endorsements_subject ON endorsements (subject);
