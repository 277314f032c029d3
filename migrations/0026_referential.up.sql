-- The referential (DESIGN, section 5): versions of the list of criteria, which are of the site, and what
-- platforms answer to it. A published version never changes. An answer is never overwritten: a new one
-- takes its place from its day on, so that any past day can be asked for. wording is the digest of a
-- criterion's text and expected evidence: an answer goes on holding while it is the same.

CREATE TABLE referentials (
    id             TEXT PRIMARY KEY,
    platform       TEXT,
    revision       BIGINT NOT NULL,
    number         BIGINT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    note           TEXT NOT NULL,
    sample         BOOLEAN NOT NULL,
    edits          BIGINT NOT NULL,
    follows        BIGINT NOT NULL,
    state          TEXT NOT NULL,
    effective_from DATE,
    opened_by      TEXT,
    opened_on      DATE NOT NULL,
    published_by   TEXT,
    published_on   DATE,
    void           TEXT NOT NULL
);

--bun:split

CREATE TABLE criterions (
    id               TEXT PRIMARY KEY,
    platform         TEXT,
    revision         BIGINT NOT NULL,
    referential      TEXT NOT NULL REFERENCES referentials (id),
    code             TEXT NOT NULL,
    theme            TEXT NOT NULL,
    position         BIGINT NOT NULL,
    required         BOOLEAN NOT NULL,
    french           TEXT NOT NULL,
    english          TEXT NOT NULL,
    evidence_french  TEXT NOT NULL,
    evidence_english TEXT NOT NULL,
    clauses          TEXT NOT NULL,
    wording          TEXT NOT NULL,
    dropped          BOOLEAN NOT NULL,
    UNIQUE (referential, code)
);

--bun:split

CREATE TABLE answers (
    id          TEXT PRIMARY KEY,
    platform    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    code        TEXT NOT NULL,
    serial      BIGINT NOT NULL,
    thread      TEXT NOT NULL,
    criterion   TEXT NOT NULL REFERENCES criterions (id),
    wording     TEXT NOT NULL,
    level       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    remark      TEXT NOT NULL,
    links       TEXT NOT NULL,
    gap         TEXT NOT NULL,
    close_by    DATE,
    person      TEXT,
    correction  TEXT NOT NULL,
    answered_by TEXT,
    answered_at TIMESTAMPTZ NOT NULL,
    answered_on DATE NOT NULL,
    replaced_on DATE,
    void        TEXT NOT NULL,
    UNIQUE (platform, code, serial)
);

--bun:split

CREATE INDEX answers_by_day ON answers (platform, replaced_on, answered_on);

--bun:split

CREATE INDEX answers_by_gap ON answers (close_by, replaced_on);
