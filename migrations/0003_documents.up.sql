-- Controlled documents. Effective and superseded are not columns: they follow from the dates.

CREATE TABLE kinds (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    revision BIGINT NOT NULL,
    code     TEXT NOT NULL,
    french   TEXT NOT NULL,
    english  TEXT NOT NULL,
    external BOOLEAN NOT NULL
);
--bun:split
CREATE UNIQUE INDEX kinds_code ON kinds (platform, code);
--bun:split
CREATE TABLE processes (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    revision BIGINT NOT NULL,
    code     TEXT NOT NULL,
    name     TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX processes_code ON processes (platform, code);
--bun:split
CREATE TABLE code_patterns (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    revision BIGINT NOT NULL,
    pattern  TEXT NOT NULL,
    prefix   TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX code_patterns_platform ON code_patterns (platform);
--bun:split
CREATE TABLE documents (
    id              TEXT PRIMARY KEY,
    platform        TEXT NOT NULL,
    revision        BIGINT NOT NULL,
    code            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    process         TEXT NOT NULL,
    title           TEXT NOT NULL,
    owner           TEXT,
    confidentiality TEXT NOT NULL,
    review_months   BIGINT NOT NULL,
    retention       TEXT NOT NULL,
    publisher       TEXT NOT NULL,
    edition         TEXT NOT NULL,
    watch           TEXT NOT NULL,
    source          TEXT NOT NULL,
    series          TEXT NOT NULL,
    seq             BIGINT NOT NULL,
    title_key       TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX documents_code ON documents (platform, code);
--bun:split
CREATE INDEX documents_title ON documents (platform, title_key);
--bun:split
CREATE INDEX documents_series ON documents (platform, series, seq);
--bun:split
CREATE TABLE versions (
    id              TEXT PRIMARY KEY,
    platform        TEXT NOT NULL,
    revision        BIGINT NOT NULL,
    document        TEXT NOT NULL REFERENCES documents (id),
    major           BIGINT NOT NULL,
    minor           BIGINT NOT NULL,
    state           TEXT NOT NULL,
    taken_over      BOOLEAN NOT NULL,
    file_name       TEXT NOT NULL,
    media_type      TEXT NOT NULL,
    size            BIGINT NOT NULL,
    content         BYTEA,
    reason          TEXT NOT NULL,
    author          TEXT,
    verifier        TEXT,
    approver        TEXT,
    submitted_at    TIMESTAMPTZ,
    verified_at     TIMESTAMPTZ,
    approved_at     TIMESTAMPTZ,
    withdrawn_at    TIMESTAMPTZ,
    remark          TEXT NOT NULL,
    created_on      DATE NOT NULL,
    submitted_on    DATE,
    approved_on     DATE,
    withdrawn_on    DATE,
    planned_from    DATE,
    effective_from  DATE,
    effective_until DATE,
    review_on       DATE,
    supersedes      TEXT
);
--bun:split
CREATE UNIQUE INDEX versions_number ON versions (document, major, minor);
--bun:split
CREATE INDEX versions_platform ON versions (platform, effective_from, effective_until);
--bun:split
CREATE INDEX versions_state ON versions (platform, state);
--bun:split
CREATE INDEX versions_review ON versions (platform, review_on);
--bun:split
-- The sweep of the vault asks of each content who names it, whatever the platform.
CREATE INDEX versions_content ON versions (content);
--bun:split
CREATE TABLE signatures (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    version   TEXT NOT NULL REFERENCES versions (id),
    person    TEXT NOT NULL,
    name      TEXT NOT NULL,
    meaning   TEXT NOT NULL,
    content   BYTEA NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL
);
--bun:split
CREATE INDEX signatures_version ON signatures (version, signed_at);
--bun:split
CREATE TABLE contents (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    revision BIGINT NOT NULL,
    digest   BYTEA NOT NULL,
    format   TEXT NOT NULL,
    title    TEXT NOT NULL,
    body     TEXT NOT NULL
);
--bun:split
CREATE UNIQUE INDEX contents_digest ON contents (platform, digest);
--bun:split
CREATE INDEX contents_kept ON contents (digest);
--bun:split
CREATE TABLE links (
    id        TEXT PRIMARY KEY,
    platform  TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    version   TEXT NOT NULL REFERENCES versions (id),
    document  TEXT NOT NULL REFERENCES documents (id),
    target    TEXT REFERENCES documents (id),
    code      TEXT NOT NULL,
    basis     TEXT NOT NULL,
    suggested BOOLEAN NOT NULL,
    context   TEXT NOT NULL,
    mentions  BIGINT NOT NULL,
    gone      BOOLEAN NOT NULL
);
--bun:split
CREATE INDEX links_version ON links (version);
--bun:split
CREATE INDEX links_target ON links (platform, target);
--bun:split
CREATE INDEX links_document ON links (platform, document);
